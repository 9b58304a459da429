//! Every decision on record: the journal's lines, the page of metrics, and no secret in either.

use crate::support::{Fake, Reply, Setup, TTL, UPSTREAM_TOKEN, eventually, get_request, request, with};
use nix::unistd::geteuid;
use onehop_guard::policy::{Effect, Who};
use onehop_journal::{Journal, Options, verify_base};
use onehop_verdict::Code;
use rustix::net::sockopt::set_socket_linger;
use serde_json::{Value, json};
use std::io::Write as _;
use std::time::Duration;

const LEAF: &str = "/latest/meta-data/instance-id";
const ROLE: &str = "/latest/meta-data/iam/security-credentials/app-role";

/// The decisions in a journal, without what changes from run to run.
fn decisions(text: &str) -> Vec<Value> {
    let lines = text.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
    let decisions = lines.filter(|line| line["type"] == "decision");
    decisions
        .map(|line| {
            let fields = [
                "decision",
                "code",
                "rule",
                "http.method",
                "http.path",
                "http.status",
                "imds.version",
                "source",
            ];
            fields.iter().map(|name| line[*name].clone()).collect()
        })
        .collect()
}

#[test]
fn every_decision_is_journalled_with_its_code() {
    let folder = tempfile::tempdir().expect("a folder");
    let options = Options::new(folder.path().join("guard.jsonl"));
    let journal = Journal::open(&options).expect("a journal");
    let mut setup = Setup::new().rule(Effect::Deny, "user-data", Who::AnyLocal).rule(
        Effect::Allow,
        "meta-data/iam/security-credentials/**",
        Who::AnyLocal,
    );
    setup.journal = Some(journal.clone());
    setup.upstream.keep = std::time::Duration::from_secs(3600);
    let running = setup.start();

    let token = running.token();
    running.is_allowed(&get_request("/latest/./meta-data/%69nstance-id?made-up-query", &token), 200);
    running.is_allowed(&get_request(LEAF, &token), 200);
    running.is_allowed(&get_request(ROLE, &token), 200);
    running.is_denied(&get_request("/latest/user-data", &token), 404, Code::PolicyDeny);
    let identity = "/latest/meta-data/identity-credentials/ec2/info";
    running.is_denied(&get_request(identity, &token), 404, Code::PolicyDeny);
    running.is_denied(request("GET", LEAF, "").as_bytes(), 401, Code::ImdsV1);
    let forwarded = request("PUT", "/latest/api/token", &format!("{TTL}X-Forwarded-For: made-up-header\r\n"));
    running.is_denied(forwarded.as_bytes(), 400, Code::ImdsForwarded);
    running.is_denied(&get_request(LEAF, "made-up-client-token"), 401, Code::ImdsTokenInvalid);
    running.is_denied(request("BREW", "/x", &with(&token)).as_bytes(), 405, Code::HttpMethod);
    running.is_denied(&get_request("/latest/%00?made-up-query", &token), 400, Code::HttpPath);
    running.is_allowed(&get_request("/latest/meta-data/absent", &token), 404);

    journal.flush().expect("written");
    let text = std::fs::read_to_string(&options.path).expect("a file");
    let allow = "Allow meta-data/iam/security-credentials/**";
    let want = [
        json!(["allow", null, null, "PUT", "/latest/api/token", 200, "v2", "local"]),
        json!(["allow", null, null, "GET", LEAF, 200, "v2", "upstream"]),
        json!(["allow", null, null, "GET", LEAF, 200, "v2", "cache"]),
        json!(["allow", null, allow, "GET", ROLE, 200, "v2", "upstream"]),
        json!(["deny", "POLICY-DENY", "Deny user-data", "GET", "/latest/user-data", 404, "v2", "local"]),
        json!(["deny", "POLICY-DENY", null, "GET", identity, 404, "v2", "local"]),
        json!(["deny", "IMDS-V1", null, "GET", LEAF, 401, "v1", "local"]),
        json!(["deny", "IMDS-FORWARDED", null, "PUT", "/latest/api/token", 400, "v2", "local"]),
        json!(["deny", "IMDS-TOKEN-INVALID", null, "GET", LEAF, 401, "v2", "local"]),
        json!(["deny", "HTTP-METHOD", null, "OTHER", "/x", 405, "none", "local"]),
        json!(["deny", "HTTP-PATH", null, "GET", "/latest/%00", 400, "v2", "local"]),
        json!(["allow", null, null, "GET", "/latest/meta-data/absent", 404, "v2", "upstream"]),
    ];
    assert_eq!(decisions(&text), want);
    for secret in [token.as_str(), UPSTREAM_TOKEN, "made-up", "SecretAccessKey"] {
        assert!(!text.contains(secret), "{secret} in {text}");
    }
    let uid = format!("\"caller.uid\":{}", geteuid().as_raw());
    assert_eq!(text.matches(&uid).count(), want.len());
    let head = journal.close().expect("closed");
    assert_eq!(verify_base(&options.path, Some(head)).expect("the chain holds").lost, 0);
}

/// A caller cannot keep a read off the record by leaving before its answer.
#[test]
fn a_read_whose_client_left_is_on_record() {
    let mut setup = Setup::before(Fake::reads(|_, _| Reply::Silence));
    setup.upstream.timeout = Duration::from_millis(300);
    let running = setup.start();
    let token = running.token();
    for (reads, resets) in [(1, true), (2, false)] {
        let mut client = running.connect();
        client.write_all(&get_request(LEAF, &token)).expect("sent");
        eventually("the read", || running.fake.count_of("GET ") == reads);
        if resets {
            set_socket_linger(&client, Some(Duration::ZERO)).expect("a reset can be asked for");
        }
        drop(client);
        let counted = u64::try_from(reads).expect("a few");
        eventually("the decision", || running.denials(Code::UpstreamUnavailable) == counted);
    }
}

#[test]
fn the_page_of_metrics_says_what_happened() {
    let running = Setup::new().start();
    let token = running.token();
    running.is_allowed(&get_request(LEAF, &token), 200);
    running.is_denied(&get_request(ROLE, &token), 404, Code::PolicyDeny);
    running.is_denied(request("GET", "/latest/user-data", "").as_bytes(), 401, Code::ImdsV1);
    running.is_denied(b"not http\r\n\r\n", 400, Code::HttpMalformed);
    let page = running.guard.metrics();
    for line in [
        "onehop_guard_decisions_total{decision=\"allow\",code=\"none\"} 2",
        "onehop_guard_decisions_total{decision=\"deny\",code=\"POLICY-DENY\"} 1",
        "onehop_guard_decisions_total{decision=\"deny\",code=\"IMDS-V1\"} 1",
        "onehop_guard_decisions_total{decision=\"deny\",code=\"HTTP-MALFORMED\"} 1",
        "onehop_guard_decisions_total{decision=\"deny\",code=\"LIMIT-RATE\"} 0",
        "onehop_guard_requests_total{version=\"v1\",class=\"user-data\"} 1",
        "onehop_guard_requests_total{version=\"v2\",class=\"role-credentials\"} 1",
        "onehop_guard_requests_total{version=\"v2\",class=\"metadata\"} 1",
        "onehop_guard_requests_total{version=\"v2\",class=\"token\"} 1",
        "onehop_guard_answers_total{source=\"upstream\"} 1",
        "onehop_guard_tokens_total 1",
        "onehop_guard_upstream_requests_total 2",
        "onehop_guard_request_seconds_count 4",
        "onehop_guard_reload_failures_total 0",
        "onehop_guard_connections_total 5",
        "onehop_guard_malformed_total 1",
        "onehop_guard_panics_total 0",
    ] {
        assert!(page.lines().any(|found| found == line), "no {line} in:\n{page}");
    }
    for line in page.lines().filter(|line| line.starts_with("# TYPE")) {
        let name = line.split(' ').nth(2).expect("a name");
        assert!(name.ends_with("_total") || name.ends_with("_seconds"), "{line}");
        assert_eq!(page.matches(&format!("# HELP {name} ")).count(), 1, "{line}");
    }
    for secret in [token.as_str(), UPSTREAM_TOKEN, "app-role", "latest/", "127.0.0.1"] {
        assert!(!page.contains(secret), "{secret} in {page}");
    }
    assert!(!page.contains("onehop_journal_"), "there is no journal");
    assert!(running.guard.healthy());
}
