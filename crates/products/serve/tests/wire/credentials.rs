//! Roles and credentials: what is there, what is absent, and what changes with time.

use onehop_imds::gate::Tokens;

use crate::answer::Answer;
use crate::support::{INSTANCE, ROLES, Running, Setup, TOKEN, TTL};

const ROLE: &str = "/latest/meta-data/iam/security-credentials/test-role";
const OWN: &str = "/latest/meta-data/identity-credentials/ec2/security-credentials/ec2-instance";

/// The keys of a document, a line each.
fn layout(document: &str) -> Vec<&str> {
    document.split('\n').map(|line| line.split(" : ").next().unwrap_or_default()).collect()
}

#[test]
fn a_document_has_the_recorded_keys_in_order() {
    let running = Setup::default().start();
    let want = [
        "{",
        "  \"Code\"",
        "  \"LastUpdated\"",
        "  \"Type\"",
        "  \"AccessKeyId\"",
        "  \"SecretAccessKey\"",
        "  \"Token\"",
        "  \"Expiration\"",
        "}",
    ];
    for target in [ROLE, OWN] {
        let answer = running.read(target);
        assert_eq!((answer.status, answer.header("content-type")), (200, Some("text/plain")), "{target}");
        assert_eq!(layout(&answer.text()), want, "{target}");
        assert_eq!(
            (answer.json("Code"), answer.json("Type")),
            ("Success".into(), "AWS-HMAC".into()),
            "{target}"
        );
    }
}

#[test]
fn without_a_role_there_is_no_iam_but_the_instance_keeps_its_own() {
    let with = Setup::default().start();
    let without = Setup { role: None, ..Setup::default() }.start();
    for target in
        ["/latest/meta-data/iam", "/latest/meta-data/iam/", "/latest/meta-data/iam/info", ROLES, ROLE]
    {
        assert_eq!(with.read(target).status, 200, "{target} with a role");
        let answer = without.read(target);
        assert_eq!((answer.status, answer.body.len()), (404, 339), "{target} without a role");
        assert_eq!(
            answer.header(TTL),
            Some("60"),
            "{target}: a good token is answered with what it has left"
        );
    }
    for (running, is_listed) in [(&with, true), (&without, false)] {
        let listing = running.read("/latest/meta-data/").text();
        assert_eq!(listing.lines().any(|line| line == "iam/"), is_listed, "{listing}");
        assert!(listing.lines().any(|line| line == "identity-credentials/"), "{listing}");
        let info = running.read("/latest/meta-data/identity-credentials/ec2/info");
        assert_eq!((info.status, info.json("AccountId")), (200, "123456789012".into()));
        assert_eq!(running.read(OWN).status, 200);
    }
}

/// SDKs ask for the extended path first and take 404, and nothing else, as the word to use the classic one.
#[test]
fn the_extended_path_and_other_roles_are_not_found() {
    let running = Setup::default().start();
    for target in [
        "/latest/meta-data/iam/security-credentials-extended/",
        "/latest/meta-data/iam/security-credentials-extended/test-role",
        "/latest/meta-data/iam/security-credentials/another-role",
        "/latest/meta-data/iam/security-credentials/TEST-ROLE",
    ] {
        let answer = running.read(target);
        assert_eq!((answer.status, answer.body.len()), (404, 339), "{target}");
    }
    assert_eq!(running.read(ROLE).status, 200);
}

#[test]
fn each_version_of_the_protocol_has_a_set_of_its_own() {
    let running = Setup::tokens(Tokens::Optional).start();
    let (v1, v2) = (running.ask("GET", ROLE, &[]), running.read(ROLE));
    assert_ne!(v1.json("AccessKeyId"), v2.json("AccessKeyId"));
    assert_eq!(v1.header(TTL), None);
    assert_eq!(v2.header(TTL), Some("60"));
}

/// A set of ten seconds has a successor after five; nothing is served that has expired.
#[test]
fn a_set_is_followed_by_another_before_it_ends() {
    let running = Setup { life: 10, ..Setup::default() }.start();
    let at = |running: &Running| {
        let answer = running.read(ROLE);
        let now = running.clock.seconds().to_string();
        assert!(answer.json("Expiration") > now && answer.json("LastUpdated") <= now, "at {now}");
        answer
    };
    let first = at(&running);
    running.clock.advance(4);
    let still = at(&running);
    running.clock.advance(1);
    let second = at(&running);
    running.clock.advance(5);
    let third = at(&running);
    let key = |answer: &Answer| answer.json("AccessKeyId");
    assert_eq!(key(&first), key(&still), "four seconds are not five");
    assert_ne!(key(&still), key(&second), "the successor is there");
    assert_ne!(key(&second), key(&third), "and so on");
    assert_eq!(second.json("LastUpdated"), "2027-01-15T08:00:05Z");
    assert_eq!(second.json("Expiration"), "2027-01-15T08:00:15Z");
    assert_eq!(first.header("last-modified"), Some("Fri, 15 Jan 2027 08:00:00 GMT"));
    assert_eq!(second.header("last-modified"), Some("Fri, 15 Jan 2027 08:00:05 GMT"));
}

#[test]
fn a_token_counts_down_and_ends() {
    let running = Setup::default().start();
    let token = running.token(60);
    let ask = || running.ask("GET", "/latest/meta-data/instance-id", &[(TOKEN, &token)]);
    for (pass, left) in [(0, Some("60")), (1, Some("59")), (58, Some("1")), (1, None), (1, None)] {
        running.clock.advance(pass);
        let answer = ask();
        assert_eq!(answer.header(TTL), left, "after {} seconds", running.clock.seconds().get());
        assert_eq!(answer.status, if left.is_some() { 200 } else { 401 });
        assert_eq!(answer.text(), if left.is_some() { INSTANCE } else { "" });
    }
}

#[test]
fn no_two_tokens_are_alike() {
    let running = Setup::default().start();
    let tokens: std::collections::BTreeSet<_> = (0..20).map(|_| running.token(60)).collect();
    assert_eq!(tokens.len(), 20);
}

#[test]
fn user_data_is_returned_untouched() {
    const BYTES: &[u8] = b"#!/bin/sh\r\n\0\xff\xfe end without a line feed";
    let running = Setup { user_data: Some(BYTES), ..Setup::default() }.start();
    for target in ["/latest/user-data", "/latest/user-data/", "/2009-04-04/user-data"] {
        let answer = running.read(target);
        assert_eq!((answer.status, answer.body.as_slice()), (200, BYTES), "{target}");
        assert_eq!(answer.header("content-type"), Some("application/octet-stream"), "{target}");
    }
}
