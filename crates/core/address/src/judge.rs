//! Judges an address: its class, the service behind it, and the route by which both were found.
//!
//! ```text
//! IPv4 ─▶ row of the table, catalogue
//! IPv6 ─▶ catalogue ─▶ row of the table ─▶ every reading of the IPv4 addresses it carries ─▶ the worst one wins
//!
//! form of the IPv6 address                       carries a global address   carries anything else
//! mapped, 64:ff9b::/96, configured NAT64         global                     the class of that
//! ISATAP identifier under a global prefix        embedded                   the class of that
//! compatible, SIIT, local NAT64, 6to4, Teredo    embedded                   the class of that
//! any, with a catalogued service at a NAT64 place                           that service
//! ```
//! Total, without allocation; nothing fails.

use crate::Class;
use crate::catalogue::{self, Provider};
use crate::decode::{self, Form, Reading, Step};
use crate::lookup::{find4, row6};
use crate::nat64::Nat64Prefix;
use onehop_verdict::Code;
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Most readings that a [`Route`] keeps. An address with more keeps the worst.
pub const ROUTE_MAX_STEPS: usize = 6;

const NO_STEP: Step = Step { form: Form::Mapped, address: Ipv4Addr::UNSPECIFIED };

/// The readings of an IPv6 address, worst first. Empty for an address that carries none.
#[derive(Clone, Copy)]
pub struct Route {
    steps: [Step; ROUTE_MAX_STEPS],
    length: u8,
}

impl Route {
    const EMPTY: Route = Route { steps: [NO_STEP; ROUTE_MAX_STEPS], length: 0 };

    /// The readings.
    pub fn steps(&self) -> &[Step] {
        &self.steps[..usize::from(self.length)]
    }

    /// Whether the address carries no other.
    pub fn is_empty(&self) -> bool {
        self.length == 0
    }
}

impl PartialEq for Route {
    fn eq(&self, other: &Self) -> bool {
        self.steps() == other.steps()
    }
}

impl Eq for Route {}

impl fmt::Debug for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.steps()).finish()
    }
}

/// What an address is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use = "a judgement must decide something"]
pub struct Judged {
    class: Class,
    provider: Option<&'static Provider>,
    route: Route,
}

impl Judged {
    /// The class, by the most dangerous reading.
    pub fn class(&self) -> Class {
        self.class
    }

    /// The service that answers there: the first of the catalogue.
    pub fn provider(&self) -> Option<&'static Provider> {
        self.provider
    }

    /// How it was read.
    pub fn route(&self) -> &Route {
        &self.route
    }

    /// Whether it is an ordinary address of the public Internet.
    pub fn is_global(&self) -> bool {
        self.code().is_none()
    }

    /// The code of a denial; `None` for an ordinary address of the public Internet.
    pub fn code(&self) -> Option<Code> {
        if self.provider.is_some() { Some(Code::AddrMetadata) } else { self.class.code() }
    }

    /// Greater is more dangerous.
    pub(crate) fn danger(&self) -> (bool, Class) {
        (self.provider.is_some(), self.class)
    }
}

/// Judges an address with nothing known of the network around: no NAT64 prefix but the well-known ones, no own
/// addresses.
///
/// ```
/// use onehop_address::{Class, classify};
/// let judged = classify("64:ff9b::a9fe:a9fe".parse().unwrap());
/// assert_eq!(judged.class(), Class::LinkLocal);
/// assert_eq!(judged.provider().unwrap().name, "ec2");
/// assert_eq!(judged.route().steps()[0].to_string(), "nat64/96 169.254.169.254");
/// ```
#[inline]
pub fn classify(address: IpAddr) -> Judged {
    match address {
        IpAddr::V4(v4) => classify4(v4),
        IpAddr::V6(v6) => match ordinary6(v6.to_bits()) {
            Some(judged) => judged,
            None => read6(v6.to_bits(), &[], &[]),
        },
    }
}

#[inline]
fn classify4(v4: Ipv4Addr) -> Judged {
    let (class, provider) = find4(v4.to_bits());
    Judged { class, provider, route: Route::EMPTY }
}

/// The quick way for global unicast addresses that carry nothing.
#[inline]
fn ordinary6(bits: u128) -> Option<Judged> {
    let plain =
        row6(bits).class == Class::Global && !decode::is_isatap(bits) && !decode::may_hide_service(bits);
    plain.then_some(Judged { class: Class::Global, provider: None, route: Route::EMPTY })
}

/// The careful way.
fn read6(bits: u128, nat64: &[Nat64Prefix], own: &[IpAddr]) -> Judged {
    let row = row6(bits).class;
    if let Some(provider) = catalogue::at(Ipv6Addr::from_bits(bits).into()) {
        return Judged { class: row, provider: Some(provider), route: Route::EMPTY };
    }
    let mut kept = Kept::new();
    let translated =
        decode::read(bits, nat64, |reading| kept.add(Reading { class: owned(reading, own), ..reading }));
    let mut class = base_class(row, bits, translated);
    if own.binary_search(&Ipv6Addr::from_bits(bits).into()).is_ok() {
        class = class.max(Class::Own);
    }
    let (class, provider) = match kept.readings().first() {
        Some(worst) if worst.provider.is_some() => (worst.class, worst.provider),
        Some(worst) => (class.max(worst.class), None),
        None => (class, None),
    };
    Judged { class, provider, route: kept.route() }
}

/// What the address is before its readings: a form that is only a way to reach IPv4 is judged by that alone.
fn base_class(row: Class, bits: u128, translated: bool) -> Class {
    match row {
        _ if translated => Class::Global,
        Class::Global if decode::is_isatap(bits) => Class::Embedded,
        other => other,
    }
}

fn owned(reading: Reading, own: &[IpAddr]) -> Class {
    let is_own = own.binary_search(&reading.step.address.into()).is_ok();
    if is_own { reading.class.max(Class::Own) } else { reading.class }
}

/// The worst readings of one address, worst first.
struct Kept {
    readings: [Reading; ROUTE_MAX_STEPS],
    length: usize,
}

impl Kept {
    fn new() -> Self {
        let none = Reading { step: NO_STEP, class: Class::Global, provider: None };
        Kept { readings: [none; ROUTE_MAX_STEPS], length: 0 }
    }

    fn readings(&self) -> &[Reading] {
        &self.readings[..self.length]
    }

    /// Keeps a reading unless six worse ones are there, or it is a hidden one that says what another said already.
    fn add(&mut self, reading: Reading) {
        let address = reading.step.address;
        let hidden = matches!(reading.step.form, Form::Hidden(_));
        if hidden && self.readings().iter().any(|kept| kept.step.address == address) {
            return;
        }
        let at = self.readings().partition_point(|kept| kept.danger() >= reading.danger());
        if at == ROUTE_MAX_STEPS {
            return;
        }
        self.length = (self.length + 1).min(ROUTE_MAX_STEPS);
        self.readings[at..self.length].rotate_right(1);
        self.readings[at] = reading;
    }

    #[expect(clippy::cast_possible_truncation, reason = "at most ROUTE_MAX_STEPS")]
    fn route(&self) -> Route {
        let mut route = Route { length: self.length as u8, ..Route::EMPTY };
        for (step, reading) in route.steps.iter_mut().zip(self.readings()) {
            *step = reading.step;
        }
        route
    }
}

/// Judges addresses with what is known of the network around: NAT64 prefixes, and the machine's own addresses.
///
/// ```
/// use onehop_address::{Class, Classifier};
/// let classifier = Classifier::new()
///     .with_nat64("2001:db8:64::/96".parse().unwrap())
///     .with_own(["203.0.113.7".parse().unwrap()]);
/// assert_eq!(classifier.classify("2001:db8:64::808:808".parse().unwrap()).class(), Class::Global);
/// assert_eq!(classifier.classify("::ffff:203.0.113.7".parse().unwrap()).class(), Class::Own);
/// ```
#[derive(Clone, Debug, Default)]
pub struct Classifier {
    nat64: Vec<Nat64Prefix>,
    /// Sorted.
    own: Vec<IpAddr>,
}

impl Classifier {
    /// Knows the well-known NAT64 prefixes and nothing else.
    pub const fn new() -> Self {
        Classifier { nat64: Vec::new(), own: Vec::new() }
    }

    /// Adds a NAT64 prefix: addresses under it are judged by the IPv4 address they carry.
    #[must_use]
    pub fn with_nat64(mut self, prefix: Nat64Prefix) -> Self {
        if !self.nat64.contains(&prefix) {
            self.nat64.push(prefix);
        }
        self
    }

    /// Adds addresses of this machine's interfaces.
    #[must_use]
    pub fn with_own(mut self, addresses: impl IntoIterator<Item = IpAddr>) -> Self {
        self.own.extend(addresses.into_iter().map(|address| address.to_canonical()));
        self.own.sort_unstable();
        self.own.dedup();
        self
    }

    /// Judges an address.
    pub fn classify(&self, address: IpAddr) -> Judged {
        match address {
            IpAddr::V4(v4) => {
                let mut judged = classify4(v4);
                if self.own.binary_search(&address).is_ok() {
                    judged.class = judged.class.max(Class::Own);
                }
                judged
            }
            IpAddr::V6(v6) => {
                let quick =
                    if self.nat64.is_empty() && self.own.is_empty() { ordinary6(v6.to_bits()) } else { None };
                quick.unwrap_or_else(|| read6(v6.to_bits(), &self.nat64, &self.own))
            }
        }
    }
}
