//! Fetches role credentials with the AWS SDK for Rust, once per `fetch` line on standard input.
//!
//! One metadata client lives as long as the process, so a token that it holds is used again by the next fetch.
//! Every answer is one JSON line; see `lab/clients/README.md` for its fields. A failure is a line too: the
//! process itself fails only when standard output is gone.

use aws_config::imds::Client;
use aws_config::imds::credentials::ImdsCredentialsProvider;
use aws_config::provider_config::ProviderConfig;
use aws_credential_types::provider::ProvideCredentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_smithy_http_client::Builder;
use std::error::Error;
use std::io::{self, BufRead, Write};

/// The version that `Cargo.toml` pins; the crate does not tell its own.
const AWS_CONFIG_VERSION: &str = "1.13.0";

fn main() -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let provider = provider();
    say(&format!(r#"{{"client":"aws-config","version":"{AWS_CONFIG_VERSION}"}}"#))?;
    for line in io::stdin().lock().lines() {
        if line? == "fetch" {
            say(&runtime.block_on(fetch(&provider)))?;
        }
    }
    Ok(())
}

/// A provider over plain HTTP: the metadata service has no TLS, and leaving it out halves the build.
fn provider() -> ImdsCredentialsProvider {
    let config = ProviderConfig::without_region().with_http_client(Builder::new().build_http());
    let client = Client::builder().configure(&config).build();
    ImdsCredentialsProvider::builder().configure(&config).imds_client(client).build()
}

async fn fetch(provider: &ImdsCredentialsProvider) -> String {
    match provider.provide_credentials().await {
        Ok(found) => format!(r#"{{"ok":true,"access_key":{}}}"#, quote(found.access_key_id())),
        Err(error) => {
            let text = chain(&error);
            format!(r#"{{"ok":false,"kind":"{}","error":{}}}"#, kind(&error, &text), quote(&text))
        }
    }
}

/// The SDK reports a metadata service that does not answer as credentials that are not there; the time-out is in
/// the sources.
fn kind(error: &CredentialsError, text: &str) -> &'static str {
    if text.contains("timeout") || text.contains("timed out") {
        "times-out"
    } else if matches!(error, CredentialsError::CredentialsNotLoaded(_)) {
        "no-credentials"
    } else {
        "refused"
    }
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

fn quote(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            c if c.is_control() => quoted.push(' '),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

fn say(line: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{line}")?;
    out.flush()
}
