//! What is counted, as it shows on the control port.

use onehop_imds::gate::Tokens;
use onehop_verdict::Code;

use crate::support::{Running, Setup, TOKEN, TOKEN_PATH, TTL};

const ID: &str = "/latest/meta-data/instance-id";
const COUNTED: [&str; 6] = [
    "MetadataNoToken",
    "MetadataNoTokenRejected",
    "onehop_serve_reads_with_token_total",
    "onehop_serve_tokens_total",
    "onehop_serve_not_found_total",
    "onehop_serve_connections_total",
];

fn counted(running: &Running) -> [u64; 6] {
    COUNTED.map(|name| running.metric(name))
}

/// The metrics that IMDSv1 is watched by count reads without a token: answered ones by the first, refused ones by
/// the second.
#[test]
fn reads_without_a_token_are_counted_as_answered_or_as_rejected() {
    for (tokens, want) in [(Tokens::Required, [0, 3, 0, 0, 0, 3]), (Tokens::Optional, [3, 0, 0, 0, 1, 3])] {
        let running = Setup::tokens(tokens).start();
        assert_eq!(counted(&running), [0; 6]);
        for (method, target) in [("GET", ID), ("HEAD", ID), ("GET", "/latest/nothing-here")] {
            running.ask(method, target, &[]);
        }
        assert_eq!(counted(&running), want, "{tokens:?}: {COUNTED:?}");
        let counters = running.service.counters();
        assert_eq!([counters.no_token(), counters.no_token_rejected()], want[..2]);
        assert_eq!(counters.denials(Code::ImdsV1), want[1]);
    }
}

#[test]
fn what_is_no_read_without_a_token_is_not_counted_as_one() {
    let running = Setup::tokens(Tokens::Optional).start();
    let token = running.token(60);
    for (method, target, headers) in [
        ("GET", ID, &[(TOKEN, token.as_str())][..]),
        ("GET", "/latest/nothing-here", &[(TOKEN, &token)]),
        ("GET", ID, &[(TOKEN, "garbage")]),
        ("GET", ID, &[(TOKEN, "")]),
        ("POST", ID, &[]),
        ("PUT", TOKEN_PATH, &[]),
        ("PUT", TOKEN_PATH, &[(TTL, "60")]),
        ("GET", TOKEN_PATH, &[]),
    ] {
        running.ask(method, target, headers);
    }
    assert_eq!(counted(&running), [0, 0, 2, 2, 1, 9], "{COUNTED:?}");
}

/// Each denial has one sample with its code, and nothing of the request.
#[test]
fn denials_are_shown_by_their_code_alone() {
    let running = Setup::default().start();
    for _ in 0..2 {
        running.ask("GET", "/latest/meta-data/a-path-to-look-for", &[(TOKEN, "a-token-to-look-for")]);
    }
    let page = running.service.counters().page();
    let denials = page.lines().filter(|line| line.starts_with("onehop_serve_denials_total"));
    let counted: Vec<_> = denials.filter(|line| !line.ends_with(" 0")).collect();
    assert_eq!(counted, [r#"onehop_serve_denials_total{code="IMDS-TOKEN-INVALID"} 2"#]);
    assert!(!page.contains("look-for"), "{page}");
}
