//! What kind of address it is. The table in the crate documentation says what each class contains and which code
//! a denial carries. Nothing here fails.

use onehop_verdict::Code;
use std::fmt;

macro_rules! classes {
    ($($(#[doc = $doc:literal])+ $name:ident = $text:literal, $code:expr;)+) => {
        /// The class of an address, from the harmless to the dangerous: when an address has several readings, the
        /// greatest class wins.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Class { $($(#[doc = $doc])+ $name,)+ }

        impl Class {
            /// Every class, from the harmless to the dangerous.
            pub const ALL: &'static [Class] = &[$(Class::$name,)+];

            /// The stable text, e.g. `link-local`.
            pub const fn as_str(self) -> &'static str {
                match self { $(Class::$name => $text,)+ }
            }

            /// The code of a denial; `None` for [`Class::Global`] alone.
            pub const fn code(self) -> Option<Code> {
                match self { $(Class::$name => $code,)+ }
            }
        }
    };
}

classes! {
    /// Ordinary unicast, and special rows that the registry calls globally reachable.
    Global = "global", None;
    /// An IPv6 form that stands for a global IPv4 address and is refused as a whole.
    Embedded = "embedded", Some(Code::AddrEmbedded);
    /// Inside `2000::/3`, but handed to nobody at the date of the table.
    Unallocated = "unallocated", Some(Code::AddrReserved);
    /// Class E, and everything outside `2000::/3` that no other row names.
    Reserved = "reserved", Some(Code::AddrReserved);
    /// Set aside for documentation.
    Documentation = "documentation", Some(Code::AddrDocumentation);
    /// Set aside for measuring network devices.
    Benchmarking = "benchmarking", Some(Code::AddrReserved);
    /// Packets to it are dropped (RFC 6666).
    Discard = "discard", Some(Code::AddrReserved);
    /// Segment routing identifiers (RFC 9602).
    SegmentRouting = "segment-routing", Some(Code::AddrReserved);
    /// Set aside for a protocol and not globally reachable.
    ProtocolAssignment = "protocol-assignment", Some(Code::AddrReserved);
    /// Multicast.
    Multicast = "multicast", Some(Code::AddrMulticast);
    /// The limited broadcast address.
    Broadcast = "broadcast", Some(Code::AddrMulticast);
    /// Site-local (RFC 3879: deprecated, and still routed by some hosts).
    SiteLocal = "site-local", Some(Code::AddrUniqueLocal);
    /// Unique-local (RFC 4193).
    UniqueLocal = "unique-local", Some(Code::AddrUniqueLocal);
    /// Shared behind a carrier's translator (RFC 6598).
    Shared = "shared", Some(Code::AddrShared);
    /// Private use (RFC 1918).
    Private = "private", Some(Code::AddrPrivate);
    /// Link-local.
    LinkLocal = "link-local", Some(Code::AddrLinkLocal);
    /// `0.0.0.0/8` but for its first address.
    ThisNetwork = "this-network", Some(Code::AddrUnspecified);
    /// `0.0.0.0` and `::`, which a kernel takes for the machine itself.
    Unspecified = "unspecified", Some(Code::AddrUnspecified);
    /// An address of this machine's own interfaces, as told to the [`Classifier`](crate::Classifier).
    Own = "own", Some(Code::AddrOwn);
    /// Loopback.
    Loopback = "loopback", Some(Code::AddrLoopback);
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
