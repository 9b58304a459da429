//! Corners in which a guard could give way: places, records and listings that callers share.

use crate::callers::as_other;
use crate::support::{Fake, Reply, Setup, TTL, eventually, request};
use onehop_guard::policy::{Effect, Who};
use onehop_journal::{Journal, Options};

/// Connections over a caller's own bound are closed when they are accepted, so that no caller can take the places of
/// all.
#[test]
fn connections_over_a_callers_bound_take_no_places() {
    let mut setup = Setup::new();
    setup.limit.connections = 2;
    setup.server.max_connections = 8;
    let running = setup.start();
    let _held: Vec<_> = (0..8).map(|_| running.connect()).collect();
    eventually("eight connections", || running.guard.metrics().contains("_connections_total 8\n"));
    let status = as_other(|| running.ask("PUT", "/latest/api/token", TTL).status);
    let status = status.expect("status of the other user: 503 (not asked: needs root)");
    assert_eq!(status, 200, "status of the other user: {status}");
}

/// A canonical path may hold a `?` that was written as `%3F`; on record it is written so again.
#[test]
fn an_encoded_question_mark_stays_in_the_journal() {
    let folder = tempfile::tempdir().expect("a folder");
    let options = Options::new(folder.path().join("guard.jsonl"));
    let journal = Journal::open(&options).expect("a journal");
    let mut setup = Setup::new();
    setup.journal = Some(journal.clone());
    let running = setup.start();
    running.get("/latest/meta-data/instance-id%3Fwhat-was-asked");
    journal.flush().expect("written");
    let text = std::fs::read_to_string(&options.path).expect("a file");
    assert!(text.contains("what-was-asked"), "the path that was asked for is not in {text}");
}

/// Listings at every depth leave out what is hidden.
#[test]
fn deeper_listings_leave_out_what_is_hidden() {
    let fake = Fake::reads(|line, _| {
        if line.contains("/instance-identity/ ") {
            Reply::ok("document\npkcs7\nsignature")
        } else {
            Reply::ok("x")
        }
    });
    let rule = "dynamic/instance-identity/pkcs7";
    let running = Setup::before(fake).rule(Effect::Deny, rule, Who::AnyLocal).start();
    assert_eq!(running.get("/latest/dynamic/instance-identity/pkcs7").status, 404);
    let listing = running.get("/latest/dynamic/instance-identity/").body;
    assert!(!listing.contains("pkcs7"), "{listing:?} shows what is hidden");
}

/// Refused requests count towards the rate, or a caller could fill the journal, and push older files out of it, as
/// fast as it can send.
#[test]
fn refused_requests_count_towards_the_rate() {
    let mut setup = Setup::new();
    setup.limit.rate = std::num::NonZeroU32::MIN;
    let running = setup.start();
    let forwarded = request("PUT", "/latest/api/token", &format!("{TTL}Via: a\r\n"));
    let refused = (0..50).any(|_| running.send(forwarded.as_bytes()).status == 429);
    assert!(refused, "no request was over the rate");
}
