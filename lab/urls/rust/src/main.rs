//! Tries URLs with `reqwest` or `ureq`, whichever the argument names: one URL in hex for each line of standard
//! input, one line of outcome each. A URL that is not UTF-8 is read as Latin-1. See `lab/urls/README.md`.

use std::error::Error;
use std::io::{self, BufRead, Write};
use std::time::Duration;

const CONNECT_TIMEOUT: Duration = Duration::from_millis(300);
const TIMEOUT: Duration = Duration::from_secs(1);
const LOCK: &str = include_str!("../Cargo.lock");

fn main() -> Result<(), Box<dyn Error>> {
    let client = std::env::args().nth(1).unwrap_or_default();
    let mut attempt: Box<dyn FnMut(&str) -> Result<u16, String>> = match client.as_str() {
        "reqwest" => Box::new(with_reqwest()?),
        "ureq" => Box::new(with_ureq()),
        other => return Err(format!("no client `{other}`").into()),
    };
    say(&format!(r#"{{"client":"{client}","version":"{}"}}"#, version(&client)))?;
    for line in io::stdin().lock().lines() {
        match attempt(&text(&line?)) {
            Ok(status) => say(&format!("+ {status}"))?,
            Err(error) => say(&format!("- {}", error.replace(char::is_control, " ")))?,
        }
    }
    Ok(())
}

fn with_reqwest() -> Result<impl FnMut(&str) -> Result<u16, String>, Box<dyn Error>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let client = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .connect_timeout(CONNECT_TIMEOUT)
        .timeout(TIMEOUT)
        .pool_max_idle_per_host(0)
        .build()?;
    Ok(move |url: &str| {
        let answer = runtime.block_on(async { client.get(url).send().await });
        answer.map(|answer| answer.status().as_u16()).map_err(|error| chain(&error))
    })
}

fn with_ureq() -> impl FnMut(&str) -> Result<u16, String> {
    let config = ureq::Agent::config_builder()
        .max_redirects(0)
        .proxy(None)
        .http_status_as_error(false)
        .timeout_connect(Some(CONNECT_TIMEOUT))
        .timeout_global(Some(TIMEOUT))
        .max_idle_connections(0)
        .build();
    let agent = ureq::Agent::new_with_config(config);
    move |url| {
        let answer = agent.get(url).call();
        answer.map(|answer| answer.status().as_u16()).map_err(|error| chain(&error))
    }
}

fn text(hex: &str) -> String {
    let digits = hex.as_bytes().chunks_exact(2);
    let bytes: Vec<u8> = digits.map(|pair| 16 * digit(pair[0]) + digit(pair[1])).collect();
    String::from_utf8(bytes)
        .unwrap_or_else(|error| error.as_bytes().iter().map(|byte| char::from(*byte)).collect())
}

fn digit(hex: u8) -> u8 {
    match hex {
        b'0'..=b'9' => hex - b'0',
        _ => hex.to_ascii_lowercase().wrapping_sub(b'a').wrapping_add(10),
    }
}

/// The version in the lock file; the crates do not tell their own.
fn version(name: &str) -> &'static str {
    let named = format!("name = \"{name}\"");
    let mut lines = LOCK.lines().skip_while(|line| *line != named);
    let found = lines.nth(1).and_then(|line| line.strip_prefix("version = \""));
    found.and_then(|rest| rest.strip_suffix('"')).unwrap_or("unknown")
}

fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(source) = next {
        text.push_str(": ");
        text.push_str(&source.to_string());
        next = source.source();
    }
    text
}

fn say(line: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{line}")?;
    out.flush()
}
