//! Policies for URLs: every text is read or refused with a place, and what is read decides.
//!
//! The input is a policy in TOML. Behind a line `---` may stand URLs to ask it about, one a line; some are always asked.
//! Rules are then said again, said the opposite way, and more are denied.

use crate::Reached;
use onehop_url::{Policy, PolicyError, Strictness, UrlChecker, explain};
use onehop_verdict::Permit;
use std::net::IpAddr;
use toml::{Table, Value};

/// URLs that every policy is asked about.
const ASKED: &[&str] = &[
    "https://example.com/",
    "http://a.example.com:8080/x",
    "http://10.1.2.3/",
    "http://127.0.0.1:9000/",
    "http://[fd00::1]/",
    "http://8.8.8.8/",
    "http://localhost/",
    "http://db.internal/",
    "http://a\\@b.example/",
];

/// URLs that no policy opens.
const FLOOR: &[&str] = &[
    "http://169.254.169.254/",
    "http://[::ffff:a9fe:a9fe]/",
    "http://2852039166/",
    "https://metadata.google.internal/",
    "http://[fd00:ec2::254]/",
    "http://168.63.129.16/",
];

/// Rules that deny more.
const DENIALS: &[&str] = &[
    "\n[[deny]]\nhosts = [\"example.com\", \"*.internal\"]\n",
    "\n[[deny]]\ncidrs = [\"10.1.2.0/24\", \"fd00::/8\", \"8.0.0.0/8\"]\n",
    "\n[[deny]]\nports = [80, \"8000-9000\"]\n",
];

/// Most URLs that are read from the input.
const URLS_MAX: usize = 8;

/// Reads one policy.
pub fn run(data: &[u8]) -> Reached {
    let Ok(text) = std::str::from_utf8(data) else {
        return Reached::Refused;
    };
    let (text, asked) = text.split_once("\n---\n").unwrap_or((text, ""));
    let policy = match Policy::parse(text) {
        Ok(policy) => policy,
        Err(error) => {
            check_error(text, &error);
            return Reached::Refused;
        }
    };
    assert!(!policy.id().is_empty());
    let urls: Vec<&str> = ASKED.iter().copied().chain(asked.lines().take(URLS_MAX)).collect();
    check_decisions(&policy, &urls);
    check_rules(text);
    // One of them, by what the input is: reading a policy takes long.
    let more = DENIALS[text.len() % DENIALS.len()];
    if let Ok(stricter) = Policy::parse(&format!("{text}{more}")) {
        check_stricter(&policy, &stricter, &urls);
    }
    Reached::Accepted
}

/// A message has a place in the file, and says in one line what to write.
fn check_error(text: &str, error: &PolicyError) {
    let lines = text.split('\n').count();
    assert!((1..=lines).contains(&error.line), "{error}: there are {lines} lines");
    for part in [&error.what, &error.instead] {
        assert!(!part.is_empty() && !part.chars().any(char::is_control), "{part:?}");
    }
}

fn checkers(policy: &Policy) -> [UrlChecker; 2] {
    [Strictness::Strict, Strictness::Compat].map(|mode| UrlChecker::new(mode).with_policy(policy.clone()))
}

/// Every URL is decided, with the name of the policy, and the floor stays shut.
fn check_decisions(policy: &Policy, urls: &[&str]) {
    let service = IpAddr::from([169, 254, 169, 254]);
    for checker in checkers(policy) {
        for url in urls {
            let verdict = checker.check(url.as_bytes()).map(Permit::consume);
            let id = verdict.as_ref().map_or_else(|refusal| refusal.policy, |target| target.policy);
            assert_eq!(id, policy.id());
            assert!(explain(&checker, url.as_bytes(), &verdict).contains("verdict"));
            assert!(checker.check_answers(url.as_bytes(), &[service]).is_err() || is_literal(url));
        }
        for url in FLOOR {
            assert!(checker.check(url.as_bytes()).is_err(), "`{}` opens {url}", policy.id());
        }
    }
}

/// Whether the host needs no answers.
fn is_literal(url: &str) -> bool {
    !matches!(url::Url::parse(url).ok().as_ref().and_then(url::Url::host), Some(url::Host::Domain(_)))
}

/// Adding a rule that denies never allows.
fn check_stricter(policy: &Policy, stricter: &Policy, urls: &[&str]) {
    let answers = [[8, 8, 8, 8], [10, 1, 2, 3], [127, 0, 0, 1]].map(IpAddr::from);
    for (before, after) in checkers(policy).iter().zip(checkers(stricter)) {
        for url in urls.iter().map(|url| url.as_bytes()) {
            assert!(after.check(url).is_err() || before.check(url).is_ok());
            for answer in answers {
                let allows = |checker: &UrlChecker| checker.check_answers(url, &[answer]).is_ok();
                assert!(!allows(&after) || allows(before), "{answer}");
            }
        }
    }
}

/// A rule that is said twice is refused, and so is one that another contradicts.
fn check_rules(text: &str) {
    let table: Table = text.parse().unwrap_or_else(|error| panic!("{error}"));
    for (from, to) in [("allow", "allow"), ("allow", "deny"), ("deny", "deny")] {
        let Some(rule) = table.get(from).and_then(|rules| rules.get(0)) else {
            continue;
        };
        let mut more = table.clone();
        let rules = more.entry(to).or_insert_with(|| Value::Array(Vec::new()));
        if let Value::Array(rules) = rules {
            rules.push(rule.clone());
        }
        let more = more.to_string();
        assert!(Policy::parse(&more).is_err(), "`{from}` and then `{to}`:\n{more}");
    }
}
