//! One canonical form: the path that the policy judged is the path that the upstream is asked for.

use crate::support::{Setup, get_request};
use onehop_guard::policy::{Effect, Who};
use onehop_verdict::Code;

#[test]
fn the_upstream_is_asked_for_the_canonical_path() {
    let running = Setup::new().start();
    let token = running.token();
    for (asked, target) in [
        ("/latest/meta-data/instance-id", "/latest/meta-data/instance-id"),
        ("/latest/meta-data/instance-id/", "/latest/meta-data/instance-id/"),
        ("//latest///meta-data//instance-id", "/latest/meta-data/instance-id"),
        ("/latest/./meta-data/iam/../instance-id", "/latest/meta-data/instance-id"),
        ("/../../latest/meta-data/instance-id", "/latest/meta-data/instance-id"),
        ("/latest/%6D%65ta-data/instance%2Did", "/latest/meta-data/instance-id"),
        ("/latest%2fmeta-data%2Finstance-id", "/latest/meta-data/instance-id"),
        ("/latest/%2e/meta-data/x/%2E%2e/instance-id", "/latest/meta-data/instance-id"),
        ("/latest/meta-data/instance-id?x=/../user-data", "/latest/meta-data/instance-id"),
        ("/latest/meta-data/instance-id?", "/latest/meta-data/instance-id"),
        ("/latest/meta-data/instance-id#/../user-data", "/latest/meta-data/instance-id"),
        ("/latest/meta-data/instance-id%3Fx=y", "/latest/meta-data/instance-id%3Fx%3Dy"),
        ("/latest/meta-data/instance-id%23x", "/latest/meta-data/instance-id%23x"),
        ("/latest/meta-data/..;/user-data", "/latest/meta-data/..%3B/user-data"),
        ("/latest/meta-data;x=y/instance-id", "/latest/meta-data%3Bx=y/instance-id"),
        ("/latest/meta-data/instance-id%20HTTP/1.1", "/latest/meta-data/instance-id%20HTTP/1.1"),
        ("/latest/meta-data/%E2%80%AE", "/latest/meta-data/%E2%80%AE"),
        ("/latest/...", "/latest/..."),
        ("/2021-03-23/meta-data/", "/2021-03-23/meta-data/"),
        ("/2099-12-31/meta-data/", "/2099-12-31/meta-data/"),
        ("/", "/"),
        ("//", "/"),
        ("/..", "/"),
    ] {
        // `=` is kept by the rendering.
        let target = target.replace("%3D", "=");
        let before = running.fake.targets().len();
        let answer = running.send(&get_request(asked, &token));
        assert!(matches!(answer.status, 200 | 404), "{asked}: {answer:?}");
        assert_eq!(running.fake.targets()[before..], *std::slice::from_ref(&target), "{asked}");
        assert_eq!(running.fake.seen().last(), Some(&running.fake.read_of(&target)), "{asked}");
    }
}

/// A service that decodes twice would read another path than the one that was judged.
#[test]
fn a_path_that_is_encoded_twice_goes_nowhere() {
    let running = Setup::new().start();
    let token = running.token();
    for asked in ["/latest/meta-data/%252e%252e/user-data", "/latest/meta-data/%2569am", "/latest/%25"] {
        running.is_denied(&get_request(asked, &token), 400, Code::HttpPath);
    }
}

/// Every spelling of one path that the guard knows to be the same.
const SPELLINGS: &[&str] = &[
    "/latest/user-data",
    "/latest/user-data/",
    "//latest//user-data",
    "/latest/./user-data",
    "/latest/meta-data/../user-data",
    "/latest/%75ser-data",
    "/latest/user%2Ddata",
    "/latest%2Fuser-data",
    "/latest/%2e/user-data",
    "/latest/x/%2e%2e/user-data",
    "/latest/user-data?x",
    "/latest/user-data#x",
    "/latest/USER-data",
    "/latest/User-Data/.",
    "/1.0/user-data",
    "/2021-03-23/user-data",
    "/2099-12-31/user-data",
    "/LATEST/user-data",
];

#[test]
fn no_spelling_escapes_a_deny_rule() {
    let denied = Setup::new().rule(Effect::Deny, "user-data", Who::AnyLocal).start();
    let open = Setup::new().start();
    let (token, open_token) = (denied.token(), open.token());
    for spelling in SPELLINGS {
        denied.is_denied(&get_request(spelling, &token), 404, Code::PolicyDeny);
        let before = open.fake.targets().len();
        open.send(&get_request(spelling, &open_token));
        assert_eq!(open.fake.targets().len(), before + 1, "{spelling} reaches the upstream without the rule");
    }
    for other in ["/latest/user-database", "/latest/user-data/x", "/latest/meta-data/user-data"] {
        denied.is_allowed(&get_request(other, &token), 404);
    }
    assert_eq!(denied.fake.targets().len(), 3);
}
