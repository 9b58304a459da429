//! The corpora in `fixtures/url`, through both modes.

use crate::verdict;
use onehop_url::{Strictness, UrlChecker};
use serde_json::Value;
use std::path::PathBuf;

fn rows(name: &str) -> Vec<Value> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../fixtures/url").join(name);
    let text = std::fs::read_to_string(&path).expect("the corpus is there");
    let rows: Vec<Value> = serde_json::from_str(&text).expect("the corpus is JSON");
    assert!(!rows.is_empty(), "{name} is empty");
    rows
}

#[test]
fn every_evasion_gets_its_code() {
    let mut wrong = Vec::new();
    for row in rows("evasions.json") {
        let text = |key: &str| row[key].as_str().expect("text").to_owned();
        let url = text("url");
        for (strictness, want) in [(Strictness::Strict, text("strict")), (Strictness::Compat, text("compat"))]
        {
            let got = verdict(strictness, url.as_bytes());
            if got != want {
                wrong.push(format!("{strictness:?} {url:?}: {got}, not {want} ({})", text("why")));
            }
        }
    }
    assert!(wrong.is_empty(), "{} rows:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_benign_url_is_allowed() {
    for row in rows("benign.json") {
        let url = row.as_str().expect("text");
        for strictness in [Strictness::Strict, Strictness::Compat] {
            assert_eq!(verdict(strictness, url.as_bytes()), "allow", "{strictness:?} {url}");
        }
    }
}

/// The validator and a client that uses the crate `url` see the same host and port.
#[test]
fn permits_name_what_the_connector_reads() {
    let checker = UrlChecker::new(Strictness::Compat);
    let evasions = rows("evasions.json").into_iter().map(|row| row["url"].clone());
    for row in evasions.chain(rows("benign.json")) {
        let given = row.as_str().expect("text");
        let Ok(permit) = checker.check(given.as_bytes()) else {
            continue;
        };
        let target = permit.consume();
        let read = url::Url::parse(&target.href).expect("what is allowed can be fetched");
        let host = read.host_str().expect("a host").trim_end_matches('.').to_owned();
        assert_eq!(target.site.host.to_string(), host, "{given}");
        assert_eq!(Some(target.site.port), read.port_or_known_default(), "{given}");
        assert_eq!(target.site.scheme.as_str(), read.scheme(), "{given}");
    }
}

#[test]
fn a_url_longer_than_the_limit_has_its_own_code() {
    let at_limit = format!("https://example.com/{}", "a".repeat(onehop_url::URL_MAX_BYTES - 20));
    assert_eq!(at_limit.len(), onehop_url::URL_MAX_BYTES);
    assert_eq!(verdict(Strictness::Strict, at_limit.as_bytes()), "allow");
    assert_eq!(verdict(Strictness::Strict, format!("{at_limit}a").as_bytes()), "URL-TOO-LONG");
    assert_eq!(verdict(Strictness::Compat, format!("{at_limit}a").as_bytes()), "URL-TOO-LONG");
    assert_eq!(verdict(Strictness::Strict, b"https://example.com/\xff"), "URL-MALFORMED");
}
