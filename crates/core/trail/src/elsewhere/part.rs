//! What is weighed, and how much it weighs.

use serde::{Deserialize, Serialize};
use std::fmt;

macro_rules! parts {
    ($($(#[doc = $doc:literal])+ $name:ident = $text:literal, $weight:literal;)+) => {
        /// One thing that speaks against a source. Displayed by its stable text.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[non_exhaustive]
        pub enum Part { $($(#[doc = $doc])+ #[serde(rename = $text)] $name,)+ }

        impl Part {
            /// Every part, in the order of the table: places first, then conduct.
            pub const ALL: &'static [Part] = &[$(Part::$name,)+];

            /// The stable text, e.g. `another-public-address`.
            pub const fn as_str(self) -> &'static str {
                match self { $(Part::$name => $text,)+ }
            }

            /// What it adds to the score.
            pub const fn weight(self) -> u32 {
                match self { $(Part::$name => $weight,)+ }
            }

            /// What it means.
            pub const fn meaning(self) -> &'static str {
                match self { $(Part::$name => concat!($($doc,)+).trim_ascii(),)+ }
            }
        }
    };
}

parts! {
    /// The session has a public home, and this public address is another one that nothing explains.
    AnotherPublic = "another-public-address", 50;
    /// All private addresses of the instance are known from its launch, and this is none of them.
    NotItsAddress = "not-an-address-of-the-instance", 45;
    /// The session has a private home, and this private address came through a VPC endpoint new to the account.
    AnotherPrivate = "another-private-address", 35;
    /// The VPC endpoint belongs to an account that no home of the session has used.
    ForeignEndpoint = "vpc-endpoint-of-another-account", 30;
    /// Somebody managed instances from this address with credentials that are not an instance's.
    Operator = "address-of-an-operator", 30;
    /// A private address, and no VPC endpoint that would explain it.
    NoEndpoint = "private-address-without-vpc-endpoint", 25;
    /// The first public address of a session that has private homes.
    FirstPublic = "first-public-address", 20;
    /// Another private address, through a VPC endpoint that instances of the account are at home behind.
    PrivateNeighbour = "another-private-address-behind-a-known-vpc-endpoint", 20;
    /// The first IPv6 address of a session with IPv4 homes, or the other way round.
    OtherFamily = "first-address-of-its-family", 15;
    /// The first private address of a session that has public homes.
    FirstPrivate = "first-private-address", 10;
    /// An address that the account was given.
    OwnAddress = "address-of-the-account", 5;
    /// A public address that several other sessions of the account are at home behind.
    SharedAddress = "address-of-other-instances", 5;
    /// The user agent names a distribution for attackers.
    AttackersSystem = "attackers-system", 45;
    /// The user agent names an operating system that no call from home named.
    OtherSystem = "another-system", 25;
    /// The first call with this access key asks whose it is (`GetCallerIdentity`).
    AsksWho = "asks-who-it-is", 15;
    /// The user agent names no SDK, command line or agent for AWS.
    OddClient = "no-aws-client", 15;
    /// A program that made no call from home.
    OtherTool = "another-tool", 15;
    /// A kind of call that was never made from home.
    OtherCall = "call-never-made", 10;
    /// A Region that was never used from home.
    OtherRegion = "region-never-used", 10;
    /// The key was delivered by IMDSv1, those used at home by IMDSv2.
    WeakDelivery = "delivered-by-v1", 10;
    /// A TLS version or cipher suite that no call from home used.
    OtherTls = "another-tls-setup", 5;
    /// The call was refused for lack of permission.
    Refused = "refused", 5;
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
