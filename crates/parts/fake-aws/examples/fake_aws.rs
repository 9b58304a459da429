//! Serves a scenario until it is ended: `fake_aws FILE [ADDRESS:PORT]`. Prints one line of JSON when it is ready.

use onehop_fake_aws::{FakeAws, Scenario};

#[expect(clippy::print_stdout, reason = "the ready line is what this program says")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let file = arguments.next().ok_or("usage: fake_aws FILE [ADDRESS:PORT]")?;
    let listen = arguments.next().unwrap_or_else(|| "127.0.0.1:0".to_owned()).parse()?;
    let scenario = Scenario::parse(&std::fs::read_to_string(file)?)?;
    let key = scenario.access_key_id().to_owned();
    let fake = FakeAws::start(listen, scenario)?;
    let ready =
        serde_json::json!({"type": "ready", "v": 1, "listen": fake.addr.to_string(), "access_key_id": key});
    println!("{ready}");
    fake.join();
    Ok(())
}
