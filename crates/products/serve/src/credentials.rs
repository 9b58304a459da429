//! Where the credentials come from that the service hands out.
//!
//! | source | documents |
//! |---|---|
//! | [`Generated`] | made up, marked, one set for IMDSv1 and another for IMDSv2, rotating |
//! | `Profile` (feature `profile`) | those of a shared AWS configuration profile, refreshed |
//!
//! A source that has nothing valid says so with a document whose `Code` is not `Success`. It never hands out an
//! expired set as a success.

mod generated;
#[cfg(feature = "profile")]
mod profile;

pub use generated::{Generated, LIFE_DEFAULT_SECONDS, LIFE_MIN_SECONDS};
#[cfg(feature = "profile")]
pub use profile::{Profile, ProfileError};

use bytes::Bytes;
use onehop_imds::credentials::{Credentials, Failure};
use onehop_imds::request::ImdsVersion;
use onehop_imds::time::UnixSeconds;

/// Whose credentials are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Identity {
    /// The role of the instance profile. The versions of the protocol have distinct sets (`ec2:RoleDelivery`).
    Role(ImdsVersion),
    /// The instance itself (`identity-credentials/ec2`).
    Instance,
}

/// A rendered credential document and the time it was issued.
#[derive(Clone, Debug)]
pub struct Issued {
    /// The document. It holds secrets: never logged.
    pub document: Bytes,
    /// For `Last-Modified`.
    pub last_updated: UnixSeconds,
}

impl From<&Credentials> for Issued {
    fn from(credentials: &Credentials) -> Self {
        Issued { document: Bytes::from(credentials.document()), last_updated: credentials.last_updated }
    }
}

impl From<&Failure> for Issued {
    fn from(failure: &Failure) -> Self {
        Issued { document: Bytes::from(failure.document()), last_updated: failure.last_updated }
    }
}

/// A source of credential documents.
pub trait CredentialSource: Send + Sync + 'static {
    /// The document in force at a time. Cheap: called for each request.
    fn current(&self, identity: Identity, now: UnixSeconds) -> Issued;
}
