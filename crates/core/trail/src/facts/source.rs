//! Where a call came from.

use super::cut;
use onehop_address::{Class, classify};
use std::net::IpAddr;

/// What `sourceIPAddress` holds.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Origin {
    /// An address.
    Address(IpAddr),
    /// A service of AWS that made the call, e.g. `ec2.amazonaws.com`, `AWS Internal`.
    Service(String),
    /// Anything else, or nothing.
    Unknown(String),
}

/// From which side of the edge of a VPC an address is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reach {
    /// Private, shared or unique-local: the caller was inside, and a VPC endpoint carried the call.
    Inside,
    /// Any other: the call came over public addresses.
    Public,
}

impl Origin {
    pub(super) fn read(text: &str) -> Origin {
        if let Ok(address) = text.parse() {
            Origin::Address(address)
        } else if text.ends_with(".amazonaws.com")
            || text.ends_with(".aws.internal")
            || text.starts_with("AWS Internal")
        {
            Origin::Service(cut(text))
        } else {
            Origin::Unknown(cut(text))
        }
    }

    /// The address, if it is one.
    pub fn address(&self) -> Option<IpAddr> {
        match self {
            Origin::Address(address) => Some(*address),
            Origin::Service(_) | Origin::Unknown(_) => None,
        }
    }
}

impl Reach {
    /// From which side an address is seen.
    pub fn of(address: IpAddr) -> Reach {
        match classify(address).class() {
            Class::Private | Class::Shared | Class::UniqueLocal | Class::LinkLocal => Reach::Inside,
            _ => Reach::Public,
        }
    }
}
