//! Requests: what the service and the guard let through, against what the request plainly says.
//!
//! The input is a request as it stands on the wire, with words in braces for what no fuzzer can guess:
//!
//! ```text
//! GET /latest/meta-data/iam/info
//! Host: 127.0.0.1
//! X-aws-ec2-metadata-token: {app}        {service} {app} {other} {expired}
//!
//! anything behind an empty line is a body
//! ```
//!
//! Each property is stated over the raw header lines ([`Wire`]), not over what `Request::classify` made of them.

mod wire;
mod world;

use crate::Reached;
use http::Method;
use onehop_guard::gate as guard;
use onehop_guard::policy::Policy;
use onehop_guard::refusal::refusal;
use onehop_imds::answer::Answer;
use onehop_imds::gate::{Admitted, Endpoint, Gate, Tokens};
use onehop_imds::path::MetadataPath;
use onehop_imds::request::{ImdsVersion, Kind, Request, TargetForm};
use onehop_verdict::{Code, Denied, Permit};
use wire::Wire;
use world::{Guest, LEFT_SECONDS, NOW, World};

/// Judges one request, as the service and as the guard.
pub fn run(data: &[u8]) -> Reached {
    let world = World::shared();
    let Some(wire) = Wire::parse(data, world) else {
        return Reached::Refused;
    };
    let request = Request::classify(&wire.method, &wire.uri, &wire.headers);
    check_kind(&wire, &request);
    check_masked(&wire, &request, world);
    let served = check_service(&wire, &request, world);
    let mut admitted = served;
    for guest in &world.guests {
        admitted |= check_guard(&wire, &request, world, guest);
    }
    Reached::accepted_if(admitted)
}

/// The version of a read depends on the token header's presence and on nothing else.
fn check_kind(wire: &Wire, request: &Request<'_>) {
    match request.kind {
        Kind::TokenRequest => assert_eq!(wire.method, Method::PUT),
        Kind::TokenEndpoint => assert_ne!(wire.method, Method::PUT),
        Kind::Read(version) => {
            assert!(wire.is_read());
            let want = if wire.tokens().is_empty() { ImdsVersion::V1 } else { ImdsVersion::V2 };
            assert_eq!(version, want);
        }
        Kind::Foreign(_) => assert!(wire.tokens().is_empty()),
        Kind::Other => assert!(!wire.is_read()),
    }
    assert!(request.forwarded.is_some() || !wire.is_forwarded(), "a forwarding header is overlooked");
    assert!(request.forwarded.as_ref().is_none_or(|name| wire.has(name.as_str())));
    assert_eq!(request.forwarded_for, wire.has("x-forwarded-for"));
}

/// What is printed of a request has no token in it.
fn check_masked(wire: &Wire, request: &Request<'_>, world: &World) {
    let target = wire.uri.to_string();
    let shown = format!("{request:?}");
    for token in world.tokens().filter(|token| !target.contains(token)) {
        assert!(!shown.contains(token));
    }
}

/// The gate of the service, in each setting.
fn check_service(wire: &Wire, request: &Request<'_>, world: &World) -> bool {
    let gate = |tokens, endpoint| Gate { tokens, endpoint, key: &world.key, audience: world::SERVICE };
    let judge = |tokens, endpoint| outcome(gate(tokens, endpoint).check(request.clone(), NOW));
    let required = judge(Tokens::Required, Endpoint::Enabled);
    let optional = judge(Tokens::Optional, Endpoint::Enabled);
    for tokens in [Tokens::Required, Tokens::Optional] {
        assert_eq!(judge(tokens, Endpoint::Disabled), Err(Code::ImdsDisabled));
    }
    let good = wire.sole_token() == Some(world.service.as_bytes());
    let clean = wire.is_read() && is_readable(request) && !wire.has("x-forwarded-for");
    match &required {
        Ok(Admitted::Read { path, version, remaining }) => {
            assert!(good && clean, "read without a good token: {path:?}");
            assert_eq!((*version, *remaining), (ImdsVersion::V2, Some(LEFT_SECONDS)));
            assert_eq!(Ok(path), MetadataPath::parse(wire.uri.path()).as_ref());
        }
        Ok(Admitted::IssueToken(ttl)) => check_token_request(wire, request, ttl.seconds()),
        Ok(Admitted::Options) => {
            assert_eq!(wire.method, Method::OPTIONS);
            assert_eq!(request.path.as_ref().map(MetadataPath::as_str), Ok("/latest/api/token"));
        }
        Err(_) => assert!(!(good && clean), "a good token is refused: {required:?}"),
    }
    match &optional {
        Ok(Admitted::Read { version: ImdsVersion::V1, remaining, .. }) => {
            assert!(wire.is_read() && wire.tokens().is_empty() && remaining.is_none());
            assert_eq!(required, Err(Code::ImdsV1), "`required` closes version 1 and nothing else");
        }
        other => assert_eq!(other, &required),
    }
    optional.is_ok()
}

fn outcome(checked: Result<Permit<Admitted<'_>>, Denied>) -> Result<Admitted<'_>, Code> {
    checked.map(Permit::consume).map_err(|denied| denied.code())
}

/// Whether a read of this path is a read: the token endpoint is not, nor is what has no path.
fn is_readable(request: &Request<'_>) -> bool {
    let path = request.path.as_ref().ok();
    request.target != TargetForm::Authority && path.is_some_and(|path| !path.is_token_endpoint())
}

fn check_token_request(wire: &Wire, request: &Request<'_>, seconds: u32) {
    assert!(wire.method == Method::PUT && !wire.has("x-forwarded-for"));
    let path = request.path.as_ref().map(MetadataPath::as_str);
    assert_eq!(path, Ok("/latest/api/token"));
    let asked = wire.values("x-aws-ec2-metadata-token-ttl-seconds");
    let [asked] = asked.as_slice() else { panic!("one lifetime, not {}", asked.len()) };
    let digits = asked.iter().skip_while(|byte| **byte == b'0').copied().collect::<Vec<u8>>();
    assert_eq!(digits, seconds.to_string().as_bytes());
    assert!((1..=21_600).contains(&seconds));
}

/// The gate of the guard for one caller, and the policy behind it.
fn check_guard(wire: &Wire, request: &Request<'_>, world: &World, guest: &Guest) -> bool {
    let gate = guard::Gate { hosts: &world.hosts, policy: &world.policy, key: &world.key };
    let entered = world.limits.enter(guest.caller);
    let arrived = guard::Arrived {
        request: request.clone(),
        headers: &wire.headers,
        has_body: wire.has_body,
        caller: guest.caller,
        entered: &entered,
    };
    let own = guest.token.as_deref();
    let good = own.is_some() && wire.sole_token() == own.map(str::as_bytes);
    let clean = wire.is_read()
        && is_readable(request)
        && request.forwarded.is_none()
        && !wire.has_body
        && request.target == TargetForm::Origin
        && wire.is_for_us();
    let admitted = match gate.check(arrived, NOW) {
        Ok(permit) => permit.consume(),
        Err(denied) => {
            assert!(!(good && clean), "the caller's own token is refused: {denied}");
            check_refusal(request, denied.code());
            return false;
        }
    };
    assert!(own.is_some(), "{} is nobody we know", guest.caller);
    assert!(!wire.is_forwarded() && !wire.has_body && wire.is_for_us());
    assert_eq!(request.target, TargetForm::Origin);
    match admitted {
        guard::Admitted::IssueToken(ttl) => check_token_request(wire, request, ttl.seconds()),
        guard::Admitted::Read { path, remaining } => {
            assert!(good && clean, "{} reads {path:?} without a token of its own", guest.caller);
            assert_eq!(remaining, LEFT_SECONDS);
            check_stricter(request, world, guest);
            check_policy(&world.policy, guest, &path);
        }
    }
    true
}

/// No refusal of a token request makes a client try without a token.
fn check_refusal(request: &Request<'_>, code: Code) {
    let status = Answer::Refused(refusal(code, request.kind)).status().as_u16();
    match request.kind {
        Kind::TokenRequest => assert_eq!(status, 400, "{code}"),
        Kind::Read(_) => assert!(matches!(status, 400 | 401), "{code}: {status}"),
        _ => assert!(matches!(status, 400 | 401 | 404 | 405), "{code}: {status}"),
    }
}

/// The guard admits nothing that the service itself would refuse.
fn check_stricter(request: &Request<'_>, world: &World, guest: &Guest) {
    let audience = guest.caller.audience();
    let gate = Gate {
        tokens: Tokens::Required,
        endpoint: Endpoint::Enabled,
        key: &world.key,
        audience: audience.as_bytes(),
    };
    assert!(gate.check(request.clone(), NOW).is_ok());
}

/// Without a rule no credentials are read, and what is asked of the upstream is what was judged.
fn check_policy(policy: &Policy, guest: &Guest, path: &MetadataPath<'_>) {
    match policy.check(&guest.caller, path) {
        Ok(permit) => {
            assert!(!path.class().is_credentials(), "{path:?}");
            let target = permit.consume().target;
            assert_eq!(MetadataPath::parse(&target).as_ref(), Ok(path), "`{target}`");
        }
        Err(hidden) => {
            assert!(path.class().is_credentials(), "{path:?}");
            assert_eq!(hidden.denied.code(), Code::PolicyDeny);
        }
    }
}
