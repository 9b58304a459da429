//! Names with a resolver: every answer is judged, and names that are denied by their text are never asked for.

use onehop_url::{Policy, ResolveError, Resolver, Strictness, UrlChecker};
use std::cell::RefCell;
use std::net::IpAddr;

/// Answers from a script, and keeps what it was asked.
struct Scripted {
    answer: Result<Vec<IpAddr>, ResolveError>,
    asked: RefCell<Vec<String>>,
}

impl Resolver for Scripted {
    fn resolve(&self, name: &str) -> Result<Vec<IpAddr>, ResolveError> {
        self.asked.borrow_mut().push(name.to_owned());
        self.answer.clone()
    }
}

fn scripted(answer: &[&str]) -> Scripted {
    let addresses = answer.iter().map(|text| text.parse().expect("an address")).collect();
    Scripted { answer: Ok(addresses), asked: RefCell::default() }
}

#[test]
fn every_answer_counts() {
    let checker = UrlChecker::new(Strictness::Strict);
    for (answer, want) in [
        (&["8.8.8.8"][..], "allow"),
        (&["8.8.8.8", "2606:4700:4700::1111"], "allow"),
        (&["8.8.8.8", "127.0.0.1"], "DNS-MIXED"),
        (&["169.254.169.254", "8.8.8.8"], "DNS-MIXED"),
        (&["10.0.0.1"], "ADDR-PRIVATE"),
        (&["10.0.0.1", "169.254.169.254"], "ADDR-METADATA"),
        (&["64:ff9b::a9fe:a9fe"], "ADDR-METADATA"),
        (&[], "DNS-FAILED"),
    ] {
        let resolver = scripted(answer);
        let verdict = checker.check_resolving(b"http://Name.Example/", &resolver);
        let got = match &verdict {
            Ok(permit) => {
                assert_eq!(permit.judged().addresses.as_slice().len(), answer.len());
                "allow"
            }
            Err(refusal) => {
                assert_eq!(refusal.addresses.as_slice().len(), answer.len());
                assert_eq!(
                    refusal.provider.map(|provider| provider.name),
                    answer
                        .iter()
                        .any(|text| text.contains("169.254") || text.contains("a9fe"))
                        .then_some("ec2")
                );
                refusal.code().as_str()
            }
        };
        assert_eq!(got, want, "{answer:?}");
        assert_eq!(*resolver.asked.borrow(), ["name.example"]);
    }
}

#[test]
fn a_failed_look_up_denies() {
    let checker = UrlChecker::new(Strictness::Strict);
    let reason = "made up".to_owned();
    let resolver = Scripted { answer: Err(ResolveError { reason }), asked: RefCell::default() };
    let refusal = checker.check_resolving(b"http://name.example/", &resolver).expect_err("no answer");
    assert_eq!(refusal.code().as_str(), "DNS-FAILED");
    assert!(refusal.to_string().contains("made up"));
}

#[test]
fn denied_names_and_addresses_are_not_asked_for() {
    let checker = UrlChecker::new(Strictness::Strict);
    let resolver = scripted(&["8.8.8.8"]);
    for url in
        ["http://localhost/", "http://metadata.google.internal/", "http://127.0.0.1/", "http://db.corp/"]
    {
        assert!(checker.check_resolving(url.as_bytes(), &resolver).is_err(), "{url}");
    }
    assert_eq!(resolver.asked.borrow().len(), 0);
    assert!(checker.check_resolving(b"http://8.8.8.8/", &resolver).is_ok());
    assert_eq!(resolver.asked.borrow().len(), 0);
}

/// A name whose denial is only reported is asked for all the same: its answers go into the permit, and the floor holds.
#[test]
fn what_is_only_reported_is_resolved() {
    let policy = Policy::parse("[policy]\nid = \"p\"\nmode = \"report\"\n").expect("a policy");
    let checker = UrlChecker::new(Strictness::Strict).with_policy(policy);
    for (answer, want) in [
        (&["10.0.0.1", "8.8.8.8"][..], "allow"),
        (&["10.0.0.1", "169.254.169.254"], "ADDR-METADATA"),
        (&[], "DNS-FAILED"),
    ] {
        let resolver = scripted(answer);
        let got = match checker.check_resolving(b"http://db.corp/", &resolver) {
            Ok(permit) => {
                let target = permit.consume();
                assert_eq!(target.addresses.as_slice().len(), answer.len());
                assert_eq!(target.reported.map(|denied| denied.code().as_str()), Some("NAME-INTERNAL"));
                "allow"
            }
            Err(refusal) => {
                assert_eq!(refusal.addresses.as_slice().len(), answer.len());
                refusal.code().as_str()
            }
        };
        assert_eq!(got, want, "{answer:?}");
        assert_eq!(*resolver.asked.borrow(), ["db.corp"]);
    }
}
