//! `onehop audit fake-aws`: accounts from a file, on a loopback port.

use crate::arguments::FakeAwsArguments;
use crate::failure::{Failure, OrHint as _};
use crate::output;
use onehop_fake_aws::{FakeAws, Scenario};
use serde_json::json;
use std::process::ExitCode;

/// Answers until SIGINT or SIGTERM.
pub(crate) fn run(flags: &FakeAwsArguments) -> Result<ExitCode, Failure> {
    let path = &flags.scenario;
    let text = std::fs::read_to_string(path)
        .map_err(|error| Failure::new(format!("cannot read scenario `{}`: {error}", path.display())))?;
    let scenario = Scenario::parse(&text)
        .map_err(|error| Failure::new(format!("{}: {error}", path.display())))
        .or_hint(|| "the fields are those of the rustdoc of `onehop_fake_aws::scenario`".to_owned())?;
    // Made up by the scenario, so that whoever tries it can copy them.
    let (key, secret) = (scenario.access_key_id().to_owned(), scenario.secret_access_key().to_owned());
    let fake = FakeAws::start(flags.listen, scenario)?;
    let (url, pid) = (fake.endpoint_url(), std::process::id());
    // In the order of every ready line: what it is, where it is.
    let ready = format!(
        r#"{{"type":"ready","v":1,"listen":["{}"],"endpoint_url":"{url}","access_key_id":{},"secret_access_key":{},"pid":{pid}}}"#,
        fake.addr,
        json!(key),
        json!(secret),
    );
    output::line(&ready)?;
    let stop = onehop_server::Stop::new();
    onehop_server::on_signals(stop.clone(), || {})?;
    tokio::runtime::Builder::new_current_thread().build()?.block_on(stop.triggered());
    drop(fake);
    Ok(ExitCode::SUCCESS)
}
