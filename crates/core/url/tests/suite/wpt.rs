//! The URL test data of the Web platform (`urltestdata.json`), if it is on the machine: `ONEHOP_WPT` names its folder,
//! else `../shared/data/wpt` beside the workspace. Absolute `http` and `https` rows go through the checker.
//!
//! Differences are listed with reasons; a listed row that behaves is an error.

use crate::verdict;
use onehop_address::spelling::{Host, read};
use onehop_address::{Classifier, classify, names};
use onehop_url::{Strictness, UrlChecker};
use serde_json::Value;
use std::path::PathBuf;

/// Rows on which we differ, and why.
const DIFFERENCES: &[(&str, &str)] = &[
    ("http://a.b.c.xn--pokxncvks", PUNYCODE),
    ("http://10.0.0.xn--pokxncvks", PUNYCODE),
    ("http://a.b.c.XN--pokxncvks", PUNYCODE),
    ("http://a.b.c.Xn--pokxncvks", PUNYCODE),
    ("http://10.0.0.XN--pokxncvks", PUNYCODE),
    ("http://10.0.0.xN--pokxncvks", PUNYCODE),
    ("http:\\\\www.google.com\\foo", SLASHES),
    ("http:/example.com/", SLASHES),
    ("https:/example.com/", SLASHES),
    ("http:example.com/", SLASHES),
    ("https:example.com/", SLASHES),
    ("http:@www.example.com", SLASHES),
    ("http:/@www.example.com", SLASHES),
    ("http:a:b@www.example.com", SLASHES),
    ("http:/a:b@www.example.com", SLASHES),
    ("http::b@www.example.com", SLASHES),
    ("http:/:b@www.example.com", SLASHES),
    ("http:a:@www.example.com", SLASHES),
    ("http:/a:@www.example.com", SLASHES),
];

/// Recorded by the lab: `HttpURLConnection`, `url.parse`, Ruby's `Net::HTTP` and Perl's `HTTP::Tiny`.
const SLASHES: &str = "older clients see no host without two slashes and dial the machine itself";

const PUNYCODE: &str =
    "the label does not decode; the crate `url`, which connects, refuses what newer data allows";

#[expect(clippy::print_stderr, reason = "a test that does not run says so")]
fn rows() -> Option<Vec<Value>> {
    let beside = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../../shared/data/wpt");
    let folder = std::env::var_os("ONEHOP_WPT").map_or(beside, PathBuf::from);
    let Ok(text) = std::fs::read_to_string(folder.join("urltestdata.json")) else {
        eprintln!("absent: urltestdata.json of the Web platform; set ONEHOP_WPT to its folder");
        return None;
    };
    let rows: Vec<Value> = serde_json::from_str(&text).expect("the data is JSON");
    Some(rows.into_iter().filter(Value::is_object).collect())
}

/// Whether the row is an absolute `http` or `https` URL, as the standard cleans it.
fn is_web(row: &Value) -> bool {
    let input = row["input"].as_str().unwrap_or_default().to_ascii_lowercase();
    let cleaned = input.trim_start_matches(|character| character <= ' ').replace(['\t', '\n', '\r'], "");
    let is_web = ["http:", "https:"].iter().any(|scheme| cleaned.starts_with(scheme));
    is_web && (row["base"].is_null() || cleaned.contains("://"))
}

/// Whether the host of a row is one that anybody may fetch from.
fn is_public(hostname: &str) -> bool {
    match read(hostname).map(|reading| reading.host) {
        Ok(Host::Address(address)) => classify(address).is_global(),
        Ok(Host::Name(name)) => names::judge(&name, &Classifier::new()).code().is_none(),
        Err(_) => false,
    }
}

/// What is wrong with our answer to a row.
fn difference(row: &Value, input: &str) -> Option<String> {
    let compat = UrlChecker::new(Strictness::Compat);
    let verdict = compat.check(input.as_bytes());
    if row["failure"] == true {
        let strict = UrlChecker::new(Strictness::Strict);
        let is_allowed = verdict.is_ok() || strict.check(input.as_bytes()).is_ok();
        return is_allowed.then(|| "the standard refuses it, and it is allowed".to_owned());
    }
    let hostname = row["hostname"].as_str()?;
    match verdict {
        Err(refusal) if is_public(hostname) => Some(format!("`{hostname}` is public: {refusal}")),
        Ok(permit) if permit.judged().site.host.to_string() != hostname.trim_end_matches('.') => {
            Some(format!("`{hostname}` is read as `{}`", permit.judged().site.host))
        }
        Ok(permit) => {
            // An ordinary URL is handed on as it came; the client that fetches it parses it with the crate `url`.
            let fetched = url::Url::parse(&permit.judged().href).map(String::from);
            let is_same = fetched.as_deref().ok() == row["href"].as_str();
            (!is_same).then(|| format!("to fetch is {fetched:?}"))
        }
        Err(_) => None,
    }
}

#[test]
fn web_platform_rows() {
    let Some(mut rows) = rows() else { return };
    rows.retain(is_web);
    assert!(rows.len() > 200, "only {} rows", rows.len());
    let mut wrong = Vec::new();
    let mut listed = vec![false; DIFFERENCES.len()];
    for row in &rows {
        let input = row["input"].as_str().unwrap_or_default();
        let at = DIFFERENCES.iter().position(|(known, _)| *known == input);
        match (difference(row, input), at) {
            (Some(_), Some(at)) => listed[at] = true,
            (Some(what), None) => wrong.push(format!("{input:?}: {what}")),
            (None, _) => {}
        }
    }
    for (is_there, (input, why)) in listed.iter().zip(DIFFERENCES) {
        if !is_there {
            wrong.push(format!("{input:?} is listed ({why}) and behaves"));
        }
    }
    assert!(wrong.is_empty(), "{} of {} rows:\n{}", wrong.len(), rows.len(), wrong.join("\n"));
}

/// Other schemes, and what means something beside a base only.
#[test]
fn every_other_row_is_refused() {
    let Some(mut rows) = rows() else { return };
    rows.retain(|row| !is_web(row));
    assert!(rows.len() > 200, "only {} rows", rows.len());
    for row in &rows {
        let input = row["input"].as_str().unwrap_or_default();
        for strictness in [Strictness::Strict, Strictness::Compat] {
            assert_ne!(verdict(strictness, input.as_bytes()), "allow", "{strictness:?} {input:?}");
        }
    }
}
