//! Public name services that answer with an address written in the name, as data, and the reader of such names.
//!
//! ```text
//! www.10.0.0.1.nip.io        four labels that are numbers
//! app-10-0-0-1.sslip.io      four numbers between dashes, or between both
//! 0a000001.nip.io            eight hexadecimal digits, alone or after a dash
//! --1.sslip.io               an IPv6 address with dashes for colons
//! 7f000001.c0a80001.rbndr.us several: the answer changes between them
//! localtest.me               none written: the fixed address of the service
//! ```
//! Every way of writing is tried under every service, and every address found counts: the judgement is by the worst.
//! Nothing fails.

use crate::catalogue::is_or_below;
use crate::classify;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// A public name service that answers with addresses written in the name, or with a fixed local address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct WildcardService {
    /// The name under which it answers.
    pub suffix: &'static str,
    /// What it answers when no address is written.
    pub fixed: Option<IpAddr>,
    /// Whether the answer changes between queries: made for rebinding.
    pub changes: bool,
    /// Where this is from.
    pub source: &'static str,
}

const LOOPBACK: Option<IpAddr> = Some(IpAddr::V4(Ipv4Addr::LOCALHOST));

const fn written(suffix: &'static str, source: &'static str) -> WildcardService {
    WildcardService { suffix, fixed: None, changes: false, source }
}

const fn local(suffix: &'static str, source: &'static str) -> WildcardService {
    WildcardService { suffix, fixed: LOOPBACK, changes: false, source }
}

const fn changing(suffix: &'static str, source: &'static str) -> WildcardService {
    WildcardService { suffix, fixed: None, changes: true, source }
}

/// Every service known.
pub const WILDCARD_SERVICES: &[WildcardService] = &[
    written("nip.io", "nip.io documentation: dotted, dashed, hexadecimal"),
    written("sslip.io", "sslip.io documentation: dotted, dashed, IPv6 with dashes"),
    written("xip.io", "xip.io (switched off; the name may be taken up again)"),
    written("xip.name", "as xip.io"),
    written("ip.es.io", "Elastic Cloud: dashed after ip"),
    written("backname.io", "backname.io documentation: dashed, IPv6"),
    written("ip.addr.tools", "addr.tools documentation: dotted, dashed, IPv6"),
    written("local-ip.co", "local-ip.co documentation: my.local-ip.co, dashed"),
    written("local-ip.sh", "local-ip.sh documentation: dashed"),
    written("local-ip.medicmobile.org", "medic/nginx-local-ip: my.local-ip.medicmobile.org, dashed"),
    written("plex.direct", "Plex support: dashed address before a hash"),
    local("traefik.me", "traefik.me documentation: dotted, dashed, else loopback"),
    local("localtest.me", "localtest.me documentation: always loopback"),
    local("lvh.me", "lvh.me: always loopback"),
    local("vcap.me", "Cloud Foundry: always loopback"),
    local("lacolhost.com", "always loopback"),
    local("lndo.site", "Lando documentation: always loopback"),
    local("ddev.site", "DDEV documentation: always loopback"),
    local("localhost.direct", "always loopback"),
    local("local.gd", "always loopback"),
    local("localh.st", "always loopback"),
    local("fuf.me", "always loopback"),
    local("yoogle.com", "always loopback"),
    local("42foo.com", "always loopback"),
    local("smackaho.st", "always loopback"),
    local("127-0-0-1.org.uk", "always loopback"),
    local("spoofed.burpcollaborator.net", "PortSwigger: loopback"),
    changing("rbndr.us", "taviso/rbndr: two hexadecimal addresses, by turns"),
    changing("1u.ms", "neex/1u.ms: make-A-rebind-B-rr and the like"),
    changing("rebind.network", "brannondorsey/whonow: A.1.2.3.4.1time.5.6.7.8.forever.ID"),
    changing("rebind.it", "nccgroup/singularity: s-1.2.3.4-5.6.7.8-ID-rr-e.d"),
];

/// Most addresses that [`Carried`] keeps. A name with more keeps the most dangerous.
pub const CARRIED_MAX: usize = 4;

/// Addresses written in a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Carried {
    /// The service under which the name lies.
    pub service: &'static WildcardService,
    addresses: [IpAddr; CARRIED_MAX],
    length: usize,
}

impl Carried {
    /// The addresses, in the order of the name.
    pub fn addresses(&self) -> &[IpAddr] {
        &self.addresses[..self.length]
    }

    fn add(&mut self, address: IpAddr) {
        if self.addresses().contains(&address) {
            return;
        }
        if self.length < CARRIED_MAX {
            self.addresses[self.length] = address;
            self.length += 1;
            return;
        }
        let mildest = self.addresses.iter_mut().min_by_key(|kept| classify(**kept).danger());
        if let Some(mildest) = mildest
            && classify(*mildest).danger() < classify(address).danger()
        {
            *mildest = address;
        }
    }
}

/// The addresses that a canonical name carries, if it lies under one of the [`WILDCARD_SERVICES`] and carries any.
pub fn carried_address(name: &str) -> Option<Carried> {
    let service = WILDCARD_SERVICES.iter().find(|service| is_or_below(name, service.suffix))?;
    let written = name.strip_suffix(service.suffix)?.trim_end_matches('.');
    let none = IpAddr::V4(Ipv4Addr::UNSPECIFIED);
    let mut carried = Carried { service, addresses: [none; CARRIED_MAX], length: 0 };
    in_numbers(written, &mut carried);
    for label in written.split('.') {
        in_hexadecimal(label, &mut carried);
        in_dashes6(label, &mut carried);
    }
    if carried.length == 0 {
        carried.add(service.fixed?);
    }
    Some(carried)
}

/// Four numbers in a row between dots or dashes: `app-10.0.0.1` counts for some, and services made for rebinding mix
/// both. Every window of four counts: `1.10.0.0.1` is two addresses, and which one is meant is the service's guess.
fn in_numbers(written: &str, carried: &mut Carried) {
    let (mut window, mut run) = ([0_u8; 4], 0);
    for part in written.split(['.', '-']) {
        let Some(number) = octet(part) else {
            run = 0;
            continue;
        };
        window.rotate_left(1);
        window[3] = number;
        run += 1;
        if run >= 4 {
            carried.add(IpAddr::from(window));
        }
    }
}

fn octet(part: &str) -> Option<u8> {
    let digits = part.bytes().all(|byte| byte.is_ascii_digit());
    if digits { part.parse().ok() } else { None }
}

/// Eight or thirty-two hexadecimal digits, the whole label or a part between dashes.
fn in_hexadecimal(label: &str, carried: &mut Carried) {
    for part in label.split('-') {
        if !part.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            continue;
        }
        if part.len() == 8 {
            carried
                .add(u32::from_str_radix(part, 16).map_or(Ipv4Addr::UNSPECIFIED, Ipv4Addr::from_bits).into());
        } else if part.len() == 32 {
            carried.add(
                u128::from_str_radix(part, 16).map_or(Ipv6Addr::UNSPECIFIED, Ipv6Addr::from_bits).into(),
            );
        }
    }
}

/// A label that is an IPv6 address once dashes are colons.
fn in_dashes6(label: &str, carried: &mut Carried) {
    if let Ok(address) = label.replace('-', ":").parse::<Ipv6Addr>() {
        carried.add(address.into());
    }
}
