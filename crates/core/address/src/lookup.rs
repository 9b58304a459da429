//! Finds the row of the tables that an address falls into.
//!
//! ```text
//! IPv4   first octet ─▶ the whole octet is one row and has no service │ binary search in a slice of V4
//! IPv6   first 12 bits ─▶ one row │ binary search in a slice of V6
//! ```
//! The tables cover both address spaces without gap or overlap (tested), so a row is always found.

use crate::Class;
use crate::catalogue::{CATALOGUE, Provider};
use crate::tables::{V4, V6};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// A row of the generated tables; `T` is `u32` or `u128`.
pub(crate) struct Row<T> {
    pub(crate) first: T,
    pub(crate) last: T,
    pub(crate) class: Class,
    pub(crate) name: &'static str,
    pub(crate) document: &'static str,
}

/// A range of addresses that the registries treat alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Range {
    /// First address.
    pub first: IpAddr,
    /// Last address.
    pub last: IpAddr,
    /// Class of the whole range, before any embedding is read.
    pub class: Class,
    /// What the range is, in words.
    pub name: &'static str,
    /// The document that defines it, e.g. `RFC 6598`.
    pub document: &'static str,
}

/// The range that an address falls into, without looking at what it may embed.
pub fn range_of(address: IpAddr) -> Range {
    match address {
        IpAddr::V4(v4) => {
            let row = row4(v4.to_bits());
            let (first, last) = (Ipv4Addr::from_bits(row.first).into(), Ipv4Addr::from_bits(row.last).into());
            Range { first, last, class: row.class, name: row.name, document: row.document }
        }
        IpAddr::V6(v6) => {
            let row = row6(v6.to_bits());
            let (first, last) = (Ipv6Addr::from_bits(row.first).into(), Ipv6Addr::from_bits(row.last).into());
            Range { first, last, class: row.class, name: row.name, document: row.document }
        }
    }
}

/// Every range, IPv4 first, in order.
pub fn ranges() -> impl Iterator<Item = Range> {
    let v4 = V4.iter().map(|row| range_of(Ipv4Addr::from_bits(row.first).into()));
    v4.chain(V6.iter().map(|row| range_of(Ipv6Addr::from_bits(row.first).into())))
}

/// Rows that reach into the same part of the space: from, to (past the end).
type Slice = (u8, u8);

/// The IPv6 space is indexed by this many bits: the large blocks of the regional registries then need no search.
const INDEX6_BITS: u32 = 12;

/// For each first octet, the rows of `V4` that reach into it.
static INDEX4: [Slice; 256] = index4();
/// For each value of the first bits, the rows of `V6` that reach into it.
static INDEX6: [Slice; 1 << INDEX6_BITS] = index6();
/// For each first octet without a service, the class of the whole octet if it has one.
static WHOLE4: [Option<Class>; 256] = whole4();
/// First octets of IPv4 addresses at which a service answers.
pub(crate) static SERVICE_OCTET: [bool; 256] = service_octets();
/// IPv4 address of a service and its place in the catalogue; the first row wins. Then, how many there are.
static SERVICE4: ([(u32, usize); 64], usize) = services();

pub(crate) fn row4(bits: u32) -> &'static Row<u32> {
    let (from, to) = INDEX4[(bits >> 24) as usize];
    let rows = &V4[usize::from(from)..usize::from(to)];
    let at = rows.partition_point(|row| row.first <= bits);
    &rows[at.saturating_sub(1)]
}

#[inline]
pub(crate) fn row6(bits: u128) -> &'static Row<u128> {
    let (from, to) = INDEX6[(bits >> (128 - INDEX6_BITS)) as usize];
    if to - from == 1 {
        return &V6[usize::from(from)];
    }
    let rows = &V6[usize::from(from)..usize::from(to)];
    let at = rows.partition_point(|row| row.first <= bits);
    &rows[at.saturating_sub(1)]
}

/// Class and service of an IPv4 address.
#[inline]
pub(crate) fn find4(bits: u32) -> (Class, Option<&'static Provider>) {
    match WHOLE4[(bits >> 24) as usize] {
        Some(class) => (class, None),
        None => (row4(bits).class, service4(bits)),
    }
}

/// The service at an IPv4 address.
pub(crate) fn service4(bits: u32) -> Option<&'static Provider> {
    if !SERVICE_OCTET[(bits >> 24) as usize] {
        return None;
    }
    let (all, count) = &SERVICE4;
    all[..*count].iter().find(|(address, _)| *address == bits).map(|(_, place)| &CATALOGUE[*place])
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "a test holds both tables below 256 rows; octets are octets"
)]
const fn index4() -> [Slice; 256] {
    let mut index = [(0, 0); 256];
    let (mut octet, mut from) = (0, 0);
    while octet < 256 {
        let low = (octet as u32) << 24;
        while V4[from].last < low {
            from += 1;
        }
        let mut to = from + 1;
        while to < V4.len() && V4[to].first <= low | 0x00ff_ffff {
            to += 1;
        }
        index[octet] = (from as u8, to as u8);
        octet += 1;
    }
    index
}

#[expect(clippy::cast_possible_truncation, reason = "a test holds both tables below 256 rows")]
const fn index6() -> [Slice; 1 << INDEX6_BITS] {
    let mut index = [(0, 0); 1 << INDEX6_BITS];
    let (mut part, mut from) = (0, 0);
    while part < 1 << INDEX6_BITS {
        let low = (part as u128) << (128 - INDEX6_BITS);
        while V6[from].last < low {
            from += 1;
        }
        let mut to = from + 1;
        while to < V6.len() && V6[to].first <= low | (u128::MAX >> INDEX6_BITS) {
            to += 1;
        }
        index[part] = (from as u8, to as u8);
        part += 1;
    }
    index
}

const fn whole4() -> [Option<Class>; 256] {
    let (index, services) = (index4(), service_octets());
    let mut whole = [None; 256];
    let mut octet = 0;
    while octet < 256 {
        let (from, to) = index[octet];
        if to - from == 1 && !services[octet] {
            whole[octet] = Some(V4[from as usize].class);
        }
        octet += 1;
    }
    whole
}

/// The IPv4 addresses of all services, each once, and how many there are.
const fn services() -> ([(u32, usize); 64], usize) {
    let (mut all, mut count, mut row) = ([(0, 0); 64], 0, 0);
    while row < CATALOGUE.len() {
        let mut at = 0;
        while at < CATALOGUE[row].addresses.len() {
            if let IpAddr::V4(v4) = CATALOGUE[row].addresses[at]
                && !is_listed(&all, v4.to_bits())
            {
                all[count] = (v4.to_bits(), row);
                count += 1;
            }
            at += 1;
        }
        row += 1;
    }
    (all, count)
}

const fn is_listed(all: &[(u32, usize); 64], bits: u32) -> bool {
    let mut at = 0;
    while at < all.len() {
        if all[at].0 == bits {
            return true;
        }
        at += 1;
    }
    false
}

const fn service_octets() -> [bool; 256] {
    let mut octets = [false; 256];
    let (all, count) = services();
    let mut at = 0;
    while at < count {
        octets[(all[at].0 >> 24) as usize] = true;
        at += 1;
    }
    octets
}
