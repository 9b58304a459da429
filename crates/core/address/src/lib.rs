//! What an IP address, or the spelling of a host, really is.
//!
//! Pure: no I/O, no resolution, no clock. Whoever decides about a URL asks three questions, in this order:
//!
//! ```text
//! host text ──spelling::read──▶ address ──classify──▶ Judged { class, service, route, code }
//!                    │
//!                    ├─▶ name ──names::judge──▶ NameFinding { localhost, service, carried address …, code }
//!                    │               └─ ordinary: resolve it, then classify every answer
//!                    └─▶ unreadable: deny
//! ```
//!
//! # Addresses
//! [`classify`] knows every address of both families: the tables are generated from the IANA registries as of
//! [`REGISTRY_DATE`] and cover both spaces without gap or overlap. An IPv6 address that carries IPv4 addresses is read
//! in every way there is, and the most dangerous reading wins; the readings are the [`Route`]. [`Classifier`] also
//! knows an operator's NAT64 prefixes and the machine's own addresses.
//!
//! The classes, from the harmless to the dangerous. A catalogued service ([`catalogue`]) is above all of them: its
//! address is denied with `ADDR-METADATA` whatever the class.
//!
//! | class | contains | code |
//! |---|---|---|
//! | `global` | ordinary unicast; rows the registries call globally reachable | allowed |
//! | `embedded` | compatible, SIIT, local NAT64, 6to4, Teredo, ISATAP of a global address | `ADDR-EMBEDDED` |
//! | `unallocated` | in `2000::/3`, handed to no regional registry | `ADDR-RESERVED` |
//! | `reserved` | `240.0.0.0/4`; outside `2000::/3` and in no row | `ADDR-RESERVED` |
//! | `documentation` | `192.0.2.0/24`, `198.51.100.0/24`, `203.0.113.0/24`, `2001:db8::/32`, `3fff::/20` | `ADDR-DOCUMENTATION` |
//! | `benchmarking` | `198.18.0.0/15`, `2001:2::/48` | `ADDR-RESERVED` |
//! | `discard` | `100::/64` | `ADDR-RESERVED` |
//! | `segment-routing` | `5f00::/16` | `ADDR-RESERVED` |
//! | `protocol-assignment` | `192.0.0.0/24`, `192.88.99.0/24`, `2001::/23`, `100:0:0:1::/64`, less their global rows | `ADDR-RESERVED` |
//! | `multicast` | `224.0.0.0/4`, `ff00::/8` | `ADDR-MULTICAST` |
//! | `broadcast` | `255.255.255.255` | `ADDR-MULTICAST` |
//! | `site-local` | `fec0::/10` | `ADDR-UNIQUE-LOCAL` |
//! | `unique-local` | `fc00::/7` | `ADDR-UNIQUE-LOCAL` |
//! | `shared` | `100.64.0.0/10` | `ADDR-SHARED` |
//! | `private` | `10.0.0.0/8`, `172.16.0.0/12`, `192.168.0.0/16` | `ADDR-PRIVATE` |
//! | `link-local` | `169.254.0.0/16`, `fe80::/10` | `ADDR-LINK-LOCAL` |
//! | `this-network` | `0.0.0.0/8` but its first address | `ADDR-UNSPECIFIED` |
//! | `unspecified` | `0.0.0.0`, `::` | `ADDR-UNSPECIFIED` |
//! | `own` | what the classifier was told of this machine's interfaces | `ADDR-OWN` |
//! | `loopback` | `127.0.0.0/8`, `::1` | `ADDR-LOOPBACK` |
//!
//! # Failure
//! Classifying is total. Reading a host text fails with a typed reason ([`spelling::Unreadable`]), and so does making
//! a [`Nat64Prefix`]. Nothing here panics on any input.

#![forbid(unsafe_code)]

pub mod catalogue;
mod class;
mod decode;
mod judge;
mod lookup;
pub mod names;
mod nat64;
pub mod spelling;
mod tables;

pub use class::Class;
pub use decode::{Form, Step};
pub use judge::{Classifier, Judged, ROUTE_MAX_STEPS, Route, classify};
pub use lookup::{Range, range_of, ranges};
pub use nat64::{Nat64Error, Nat64Prefix};
pub use tables::REGISTRY_DATE;
