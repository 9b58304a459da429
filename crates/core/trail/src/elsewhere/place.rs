//! Whether the source of a call may be the instance itself.
//!
//! | address | known | judged |
//! |---|---|---|
//! | any | is a home of the session, through an endpoint of the same account | home |
//! | any | belongs to the instance, by its launch or an association | home |
//! | any | the session has no home yet | allowed |
//! | inside | all addresses of the instance are known | foreign |
//! | inside | no VPC endpoint in the record | foreign |
//! | inside | no private home yet | allowed |
//! | inside | the endpoint is known to the account, or the address was assigned to it | allowed |
//! | inside | else | foreign |
//! | public | the account was given it, or three sessions of the account are at home there | allowed |
//! | public | no public home yet, or none of its family | allowed |
//! | public | else | foreign |
//!
//! An address is inside if it is private or a VPC endpoint carried the call.

use super::Part;
use crate::facts::{Call, Facts, Reach};
use crate::moment::Moment;
use crate::state::{Session, State};
use crate::trail::Settings;
use std::fmt::Display;
use std::net::IpAddr;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Judged {
    /// It is the instance.
    Home,
    /// It may be.
    Allowed(Against),
    /// It is not likely to be.
    Foreign(Against),
}

/// At most: the place itself, a foreign endpoint, an operator.
pub(super) type Against = [Option<Part>; 3];

impl Judged {
    pub(super) fn parts(self) -> impl Iterator<Item = Part> {
        let parts = match self {
            Judged::Home => [None; 3],
            Judged::Allowed(parts) | Judged::Foreign(parts) => parts,
        };
        parts.into_iter().flatten()
    }

    pub(super) fn allowed(self) -> bool {
        !matches!(self, Judged::Foreign(_))
    }
}

/// The key of an address or endpoint in the table of the account.
pub(super) fn key(account: &str, what: impl Display) -> String {
    format!("{account} {what}")
}

pub(super) fn judge(state: &State, settings: &Settings, facts: &Facts, address: IpAddr) -> Judged {
    let Some(session) = state.sessions.get(&facts.principal.arn) else { return Judged::Allowed([None; 3]) };
    let same_way = |account: &Option<String>| *account == facts.endpoint_account;
    if session.homes().any(|home| home.address == address && same_way(&home.endpoint_account)) {
        return Judged::Home;
    }
    let foreign_endpoint = facts.endpoint_account.as_ref().is_some_and(|account| {
        *account != facts.principal.account && !session.homes().any(|home| same_way(&home.endpoint_account))
    });
    let foreign_endpoint = foreign_endpoint.then_some(Part::ForeignEndpoint);
    let instance = facts.principal.instance().and_then(|id| state.instances.get(id));
    let its_own = instance.is_some_and(|known| known.addresses.contains(&address));
    let settled = session.homes().next().is_some();
    if its_own {
        return match foreign_endpoint {
            Some(part) if settled => Judged::Foreign([Some(part), None, None]),
            _ => Judged::Home,
        };
    }
    let book = state.addresses.get(&key(&facts.principal.account, address));
    let own = book.is_some_and(|known| known.own);
    let inside = facts.endpoint.is_some() || Reach::of(address) == Reach::Inside;
    let told = instance.is_some_and(|known| known.complete);
    let place = if inside {
        place_inside(state, session, facts, told && !own)
    } else {
        place_public(session, address)
    };
    let shared = book.is_some_and(|known| known.homes() >= settings.shared_egress);
    let (part, allowed) = match place {
        (Some(Part::AnotherPublic | Part::FirstPublic | Part::OtherFamily), _) if own => {
            (Some(Part::OwnAddress), true)
        }
        (Some(Part::AnotherPublic), _) if shared => (Some(Part::SharedAddress), true),
        (Some(Part::AnotherPrivate | Part::NoEndpoint), _) if own => (Some(Part::OwnAddress), true),
        place => place,
    };
    let operator = book.is_some_and(|known| known.operator && !own && known.homes() == 0);
    let against = [part, foreign_endpoint, operator.then_some(Part::Operator)];
    if allowed && !(settled && foreign_endpoint.is_some()) {
        Judged::Allowed(against)
    } else {
        Judged::Foreign(against)
    }
}

/// The part of an inside address, and whether it is allowed. `told`: all addresses of the instance are known, and this
/// is none of them.
fn place_inside(state: &State, session: &Session, facts: &Facts, told: bool) -> (Option<Part>, bool) {
    if told {
        return (Some(Part::NotItsAddress), false);
    }
    if session.homes().next().is_none() {
        return (None, true);
    }
    let Some(endpoint) = &facts.endpoint else { return (Some(Part::NoEndpoint), false) };
    let is_inside = |source: &crate::state::Source| {
        source.endpoint.is_some() || Reach::of(source.address) == Reach::Inside
    };
    if !session.homes().any(is_inside) {
        return (Some(Part::FirstPrivate), true);
    }
    let known =
        state.addresses.get(&key(&facts.principal.account, endpoint)).is_some_and(|known| known.homes() > 0);
    if known { (Some(Part::PrivateNeighbour), true) } else { (Some(Part::AnotherPrivate), false) }
}

fn place_public(session: &Session, address: IpAddr) -> (Option<Part>, bool) {
    if session.homes().next().is_none() {
        return (None, true);
    }
    let mut public =
        session.homes().filter(|home| home.endpoint.is_none() && Reach::of(home.address) == Reach::Public);
    let Some(first) = public.next() else { return (Some(Part::FirstPublic), true) };
    let same_family = |other: IpAddr| other.is_ipv4() == address.is_ipv4();
    if same_family(first.address) || public.any(|home| same_family(home.address)) {
        return (Some(Part::AnotherPublic), false);
    }
    (Some(Part::OtherFamily), true)
}

/// Homes that a change of addresses concerns are homes no more.
pub(super) fn take_back_homes(state: &mut State, facts: &Facts) {
    let Some(known) = facts.principal.instance().and_then(|id| state.instances.get(id)) else { return };
    let (public, all) = (known.public_changed, known.all_changed);
    let Some(latest) = public.max(all) else { return };
    if state.sessions.get(&facts.principal.arn).is_none_or(|session| session.changes_seen >= latest) {
        return;
    }
    let session = state.sessions.touch(&facts.principal.arn, facts.time);
    let seen = std::mem::replace(&mut session.changes_seen, latest);
    let fresh = |at: Option<Moment>| at.is_some_and(|at| at > seen);
    let (public, all) = (fresh(public), fresh(all));
    session.sources.retain(|source| {
        let is_public = source.endpoint.is_none() && Reach::of(source.address) == Reach::Public;
        !(source.home && (all || public && is_public))
    });
}

/// Learns from calls that give, take and show addresses.
pub(crate) fn learn(state: &mut State, facts: &Facts) {
    let Some(call) = facts.call else { return };
    let account = if facts.principal.account.is_empty() { &facts.account } else { &facts.principal.account };
    if let Some(address) = facts.origin.address()
        && facts.invoked_by.is_none()
        && !facts.with_instance_credentials()
    {
        state.addresses.touch(&key(account, address), facts.time).operator = true;
    }
    if facts.error.is_some() || !matches!(call, Call::Launch | Call::Network) {
        return;
    }
    for address in &facts.details.addresses {
        match &address.instance {
            Some(id) => state.instances.touch(id, facts.time).owns(address.what),
            None => state.addresses.touch(&key(account, address.what), facts.time).own = true,
        }
    }
    for id in &facts.details.instances {
        let instance = state.instances.touch(id, facts.time);
        match facts.event.as_str() {
            "RunInstances" => instance.complete = !instance.addresses.is_empty(),
            "AttachNetworkInterface" => {
                instance.complete = false;
                instance.all_changed = instance.all_changed.max(Some(facts.time));
            }
            _ => instance.public_changed = instance.public_changed.max(Some(facts.time)),
        }
    }
}
