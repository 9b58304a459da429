//! A fake and a client of it.
#![allow(dead_code, unreachable_pub, missing_docs, reason = "each test uses a part of it")]

use onehop_aws::{Client, Keys, Settings};
use onehop_fake_aws::{FakeAws, Handle, Scenario};
use std::time::Duration;

pub const ORGANIZATION: &str = include_str!("../../../fake-aws/scenarios/organization.yaml");

pub fn start(text: &str) -> (Handle, Client) {
    start_with(text, |settings| settings)
}

pub fn start_with(text: &str, change: impl FnOnce(Settings) -> Settings) -> (Handle, Client) {
    let scenario = Scenario::parse(text).expect("a scenario");
    let keys = Keys::fixed(scenario.access_key_id(), scenario.secret_access_key(), None);
    let fake = FakeAws::start("127.0.0.1:0".parse().expect("an address"), scenario).expect("a fake");
    let settings = change(Settings {
        endpoint_url: Some(fake.endpoint_url()),
        back_off: Duration::from_millis(1),
        ..Settings::default()
    });
    let client = Client::new(keys, "us-east-1", settings);
    (fake, client)
}

/// Runs on two threads, as programs do.
pub fn run<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime")
        .block_on(future)
}
