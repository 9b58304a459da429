//! Whether credentials of an instance are used by somebody else: `TRAIL-ELSEWHERE`.
//!
//! Each session of a role on an instance has *homes*: the sources that are taken for the instance itself. A call from a
//! home is never reported. Any other source is weighed; what spoke against it once stays with it, so that a second call
//! is weighed with the first.
//!
//! ```text
//! caller is a service of AWS ─────────────────────────────▶ not judged
//! source is a home ───────────────────────────────────────▶ home: what it does is learnt
//! address told by a launch or an association ─────────────▶ home
//! otherwise: Σ weight of parts ─ ≥ threshold ─────────────▶ reported, and not learnt from
//!                              └ < threshold ─ place allowed? ─▶ home
//!                                              place foreign? ─▶ kept in mind
//! ```
//! The first source of a session is allowed, and so is one step between private and public addresses in each direction:
//! an instance may leave by a VPC endpoint and by a NAT gateway. A change of addresses (`AssociateAddress`, `StartInstances`,
//! `AttachNetworkInterface` …) takes the homes back that it may concern, and the next source is the first again.
//!
//! The table of [`Part`] holds every weight. The default threshold of 50 means: a second public address that nothing
//! explains is enough by itself; anything milder needs company, e.g. a first public address, from a client that is no
//! AWS client, that asks who it is.

mod part;
mod place;

pub use part::Part;
pub(crate) use place::learn;

use crate::facts::{Agent, Delivery, Facts, Kind};
use crate::finding::{Finding, listed};
use crate::rule::{Rule, Severity};
use crate::state::{Session, State};
use crate::trail::Settings;
use place::Judged;
use std::net::IpAddr;

/// Calls at home before it is of weight that a call was never made.
const HABIT_MIN_CALLS: u64 = 20;
/// Calls from a home between two notes that it is one.
const NOTED_EVERY: u64 = 64;
/// Findings of one source that are all reported; beyond, every power of two.
const REPORTED_ALL: u64 = 16;

/// Counts the call for its session, and judges where it came from.
pub(crate) fn judge(state: &mut State, settings: &Settings, facts: &Facts) -> Option<Finding> {
    if !facts.with_instance_credentials() {
        return None;
    }
    place::take_back_homes(state, facts);
    let session = state.sessions.touch(&facts.principal.arn, facts.time);
    let fresh_key = session.count(facts);
    let address = facts.origin.address().filter(|_| facts.invoked_by.is_none())?;
    let judged = place::judge(state, settings, facts, address);
    let session = state.sessions.touch(&facts.principal.arn, facts.time);
    session.source(facts, address).seen(facts);
    if judged == Judged::Home {
        settle(state, facts, address);
        return None;
    }
    let mut parts: Vec<Part> = judged.parts().collect();
    parts.extend(conduct(session, facts, fresh_key));
    let source = session.source(facts, address);
    source.parts.extend(parts);
    source.parts.sort_unstable();
    source.parts.dedup();
    let parts = source.parts.clone();
    let score = parts.iter().map(|part| part.weight()).sum();
    if score < settings.threshold {
        if judged.allowed() {
            settle(state, facts, address);
        }
        return None;
    }
    source.home = false;
    source.against = source.against.saturating_add(1);
    let uses = source.against;
    let shown = uses <= REPORTED_ALL || uses.is_power_of_two();
    shown.then(|| finding(state, facts, address, Weighed { parts, score, uses }))
}

/// What the call itself says, beside where it came from.
fn conduct(session: &Session, facts: &Facts, fresh_key: bool) -> Vec<Part> {
    let agent = Agent::read(&facts.user_agent);
    let settled = session.homes().next().is_some();
    let habit = session.home_calls >= HABIT_MIN_CALLS;
    let system = agent.system.map(crate::facts::System::as_str);
    let jumped =
        |system: &str| !session.systems.is_empty() && !session.systems.iter().any(|known| known == system);
    let v1 = facts.delivery == Some(Delivery::V1);
    let denied = |error: &str| error.contains("AccessDenied") || error.contains("Unauthorized");
    let tls = |tls: &String| settled && !session.tls.is_empty() && !session.tls.contains(tls);
    [
        (fresh_key && facts.event == "GetCallerIdentity", Part::AsksWho),
        (!agent.ordinary, Part::OddClient),
        (agent.hostile.is_some(), Part::AttackersSystem),
        (system.is_some_and(jumped), Part::OtherSystem),
        (settled && !session.tools.contains(&agent.tool), Part::OtherTool),
        (habit && !session.knows_call(facts), Part::OtherCall),
        (habit && !session.regions.contains(&facts.region), Part::OtherRegion),
        (settled && v1 && !session.homes().any(|home| home.v1), Part::WeakDelivery),
        (facts.tls.as_ref().is_some_and(tls), Part::OtherTls),
        (facts.error.as_deref().is_some_and(denied), Part::Refused),
    ]
    .into_iter()
    .filter_map(|(holds, part)| holds.then_some(part))
    .collect()
}

/// Takes the source for the instance itself, and learns from the call.
fn settle(state: &mut State, facts: &Facts, address: IpAddr) {
    let arn = &facts.principal.arn;
    let session = state.sessions.touch(arn, facts.time);
    session.learn(facts);
    let source = session.source(facts, address);
    let noted = std::mem::replace(&mut source.home, true) && !source.count.calls.is_multiple_of(NOTED_EVERY);
    if noted {
        return;
    }
    let account = &facts.principal.account;
    state.addresses.touch(&place::key(account, address), facts.time).is_home_of(arn);
    if let Some(endpoint) = &facts.endpoint {
        state.addresses.touch(&place::key(account, endpoint), facts.time).is_home_of(arn);
    }
}

struct Weighed {
    parts: Vec<Part>,
    score: u32,
    uses: u64,
}

fn finding(state: &State, facts: &Facts, address: IpAddr, weighed: Weighed) -> Finding {
    let severity = match weighed.score {
        0..70 => Severity::Medium,
        70..100 => Severity::High,
        _ => Severity::Critical,
    };
    let instance = facts.principal.instance();
    let whose = match (facts.principal.kind, instance) {
        (Kind::InstanceIdentity, Some(instance)) => format!("identity credentials of {instance}"),
        (_, Some(instance)) => format!("role credentials of {instance}"),
        (_, None) => format!(
            "role credentials of session `{}`",
            facts.principal.session.as_deref().unwrap_or_default()
        ),
    };
    let summary =
        format!("{whose} were used from {address}: {}", listed(weighed.parts.iter().map(|p| p.as_str())));
    let session = state.sessions.get(&facts.principal.arn);
    let homes = session.map(|session| listed(session.homes().map(|home| home.address))).unwrap_or_default();
    let own = instance
        .and_then(|id| state.instances.get(id))
        .map(|known| listed(&known.addresses))
        .unwrap_or_default();
    let delivery = match facts.delivery {
        Some(Delivery::V1) => "1.0",
        Some(Delivery::V2) => "2.0",
        Some(Delivery::Other) | None => "",
    };
    let mut finding = Finding::of(Rule::Elsewhere, severity, facts, summary)
        .with("instance", instance.unwrap_or_default())
        .with("role", facts.principal.role.as_deref().unwrap_or_default())
        .with("delivery", delivery)
        .with("vpc-endpoint", facts.endpoint.as_deref().unwrap_or_default())
        .with("vpc-endpoint-account", facts.endpoint_account.as_deref().unwrap_or_default())
        .with("homes", homes)
        .with("own-addresses", own)
        .with("uses", weighed.uses.to_string());
    finding.score = Some(weighed.score);
    finding.parts = weighed.parts;
    finding
}
