//! Who is told apart: users of this host, remote addresses, and those that the kernel does not know.

use crate::support::{Answer, Running, Setup, TTL, eventually, get_request, request, with};
use nix::unistd::{Uid, geteuid, setfsuid};
use onehop_guard::policy::{Effect, Who};
use onehop_journal::Outcome;
use onehop_server::{Limits, Stop, serve_stream};
use onehop_verdict::Code;
use std::io::Write as _;
use std::net::{SocketAddr, TcpStream};
use std::thread;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

const LEAF: &str = "/latest/meta-data/instance-id";
const ROLE: &str = "/latest/meta-data/iam/security-credentials/app-role";
const PUT: &str = "/latest/api/token";
/// `nobody` on most hosts.
const OTHER: u32 = 65_534;

/// Runs on a thread whose sockets belong to another user. `None`, said aloud, where this process may not do that.
pub(crate) fn as_other<T: Send>(does: impl FnOnce() -> T + Send) -> Option<T> {
    if !geteuid().is_root() {
        assert!(std::env::var_os("CI").is_none(), "this test needs root, and in CI it must run");
        let _ = writeln!(std::io::stderr(), "SKIPPED: a client of another user needs root");
        return None;
    }
    thread::scope(|scope| {
        let thread = scope.spawn(|| {
            setfsuid(Uid::from_raw(OTHER));
            assert_eq!(setfsuid(Uid::from_raw(OTHER)).as_raw(), OTHER, "the user was changed");
            does()
        });
        Some(thread.join().expect("the client has no defect"))
    })
}

#[test]
fn a_token_serves_the_user_it_was_issued_to_and_nobody_else() {
    let running = Setup::new().start();
    let ours = running.token();
    let Some(theirs) = as_other(|| {
        running.is_denied(&get_request(LEAF, &ours), 401, Code::ImdsTokenInvalid);
        let theirs = running.token();
        running.is_allowed(&get_request(LEAF, &theirs), 200);
        theirs
    }) else {
        return;
    };
    running.is_denied(&get_request(LEAF, &theirs), 401, Code::ImdsTokenInvalid);
    running.is_allowed(&get_request(LEAF, &ours), 200);
}

#[test]
fn a_rule_for_one_user_opens_nothing_for_another() {
    let path = "meta-data/iam/security-credentials/**";
    let mut setup = Setup::new().rule(Effect::Allow, path, Who::Uid(OTHER));
    // An answer that is kept for one user must not leak to another.
    setup.upstream.keep = std::time::Duration::from_secs(3600);
    let running = setup.start();
    if as_other(|| running.is_allowed(&get_request(ROLE, &running.token()), 200)).is_some() {
        running.is_denied(&get_request(ROLE, &running.token()), 404, Code::PolicyDeny);
    }
}

#[test]
fn a_caller_that_is_not_admitted_is_refused_without_a_downgrade() {
    let mut setup = Setup::new();
    setup.callers = vec![Who::Uid(geteuid().as_raw() + 1)];
    let running = setup.start();
    let token = with("made-up-token");
    for (method, target, headers, status) in [
        ("PUT", PUT, TTL, 400),
        ("PUT", PUT, "", 400),
        ("GET", LEAF, "", 401),
        ("GET", LEAF, token.as_str(), 401),
        ("HEAD", LEAF, token.as_str(), 401),
        ("GET", "/computeMetadata/v1/", "", 401),
        ("GET", PUT, "", 400),
        ("POST", LEAF, "", 400),
    ] {
        running.is_denied(request(method, target, headers).as_bytes(), status, Code::CallerDenied);
    }
    drop(running);
    let mut setup = Setup::new();
    setup.callers = vec![Who::Uid(geteuid().as_raw())];
    let running = setup.start();
    running.is_allowed(&get_request(LEAF, &running.token()), 200);
    as_other(|| running.is_denied(request("PUT", PUT, TTL).as_bytes(), 400, Code::CallerDenied));
}

#[test]
fn a_client_that_left_before_it_was_accepted_is_unknown() {
    let mut setup = Setup::new();
    setup.first = Box::new(|address| {
        let mut client = TcpStream::connect(address).expect("the guard listens");
        client.write_all(request("PUT", PUT, TTL).as_bytes()).expect("sent");
    });
    let running = setup.start();
    eventually("the decision", || running.denials(Code::CallerUnknown) == 1);
    assert_eq!(running.allowed(), 0);
    // One that stays is known.
    running.is_allowed(request("PUT", PUT, TTL).as_bytes(), 200);
}

#[test]
fn a_client_over_ipv6_is_known() {
    let mut setup = Setup::new();
    setup.listen = "[::1]:0";
    let running = setup.start();
    running.is_allowed(&get_request(LEAF, &running.token()), 200);
}

/// Sends bytes as a client at an address that no socket of this host has.
fn from_afar(running: &Running, peer: &str, bytes: &[u8]) -> Answer {
    let peer: SocketAddr = peer.parse().expect("an address");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let (mut ours, theirs) = tokio::io::duplex(64 << 10);
        let client = async {
            ours.write_all(bytes).await.expect("sent");
            let mut text = String::new();
            ours.read_to_string(&mut text).await.expect("an answer");
            text
        };
        let (limits, stop) = (Limits::default(), Stop::new());
        let served = serve_stream(theirs, peer, running.address, &*running.guard, limits, &stop);
        let (text, ()) = tokio::join!(client, served);
        Answer::parse(&text)
    })
}

#[test]
fn remote_callers_are_refused_until_they_are_admitted() {
    let running = Setup::new().start();
    for (bytes, status) in [
        (request("PUT", PUT, TTL), 400),
        (request("GET", LEAF, ""), 401),
        (request("GET", LEAF, &with(&running.token())), 401),
    ] {
        let before = running.denials(Code::CallerRemote);
        assert_eq!(from_afar(&running, "192.0.2.7:4711", bytes.as_bytes()).status, status);
        assert_eq!(running.denials(Code::CallerRemote), before + 1);
    }
    drop(running);

    let mut setup = Setup::new();
    setup.callers = vec![Who::parse("remote:192.0.2.0/24").expect("a range")];
    let running = setup.start();
    let token = from_afar(&running, "192.0.2.7:4711", request("PUT", PUT, TTL).as_bytes());
    assert_eq!(token.status, 200, "{token:?}");
    let read = get_request(LEAF, &token.body);
    assert_eq!(from_afar(&running, "192.0.2.7:4712", &read).body, "i-1");
    // Another address has other tokens, and another range is not admitted.
    assert_eq!(from_afar(&running, "192.0.2.8:4711", &read).status, 401);
    assert_eq!(running.denials(Code::ImdsTokenInvalid), 1);
    assert_eq!(from_afar(&running, "198.51.100.7:4711", &read).status, 401);
    assert_eq!(running.denials(Code::CallerRemote), 1);
    // Nor is this host: a range of remote callers has no local ones.
    running.is_denied(request("PUT", PUT, TTL).as_bytes(), 400, Code::CallerDenied);
    // A mapped address is the address.
    assert_eq!(from_afar(&running, "[::ffff:192.0.2.7]:4711", &read).body, "i-1");
    // A loopback peer without a socket is nobody.
    let nobody = from_afar(&running, "127.0.0.1:1", request("PUT", PUT, TTL).as_bytes());
    assert_eq!((nobody.status, running.denials(Code::CallerUnknown)), (400, 1));
    assert_eq!(running.guard.counters().decisions(Outcome::Allow, None), 3);
}
