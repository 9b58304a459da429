//! The credentials of a shared AWS configuration profile, kept fresh.
//!
//! ```text
//! files ──▶ load (aws-config: keys, roles, credential_process, SSO) ──▶ Held ──▶ current()
//!             ▲                                                          │
//!             └──── worker thread: refresh when due, back off on failure ┘
//! ```
//!
//! | the profile gives | the document lives | refreshed |
//! |---|---|---|
//! | a set that expires | until then | 20 minutes before, in the middle of what is left when that is less than 40 minutes |
//! | keys without expiry | 6 hours from the last reading | every hour, by reading the files again |
//!
//! IMDSv1 and IMDSv2 give the same set: a profile has one identity. It is not the instance's, so
//! [`Identity::Instance`] is answered with a failure document.
//!
//! Keys of a user have no session token; the document then says `"Token" : ""`. botocore 1.43 and the JavaScript
//! SDK v3 take it and sign without a token header. The Rust SDK takes it too but signs an empty
//! `x-amz-security-token` header, which a service may refuse: for such clients use a profile with temporary
//! credentials, for instance one with `role_arn`.
//!
//! How it fails: a profile that cannot be used is a [`ProfileError`] at start. A refresh that fails later is tried
//! again after 1 s, doubling to 60 s; the last set is served while it is valid, and afterwards a failure document.
//! An expired set is never served. The metadata service is never asked, see [`ProfileError::MetadataSource`].

mod error;
mod load;
mod reach;
mod refresh;

pub use error::ProfileError;

use super::{CredentialSource, Identity, Issued};
use load::{Files, Loader};
use onehop_imds::credentials::Failure;
use onehop_imds::time::UnixSeconds;
use onehop_server::Clock;
use refresh::{Shared, Worker};
use std::fmt;
use std::sync::Arc;

/// The source of credentials of one profile. A thread keeps them fresh until this is dropped.
pub struct Profile {
    name: String,
    opened: UnixSeconds,
    shared: Arc<Shared>,
    _worker: Worker,
}

impl Profile {
    /// Reads a profile from the shared configuration files (`AWS_CONFIG_FILE`, `AWS_SHARED_CREDENTIALS_FILE`, or
    /// the two files in `~/.aws`) and gets its first set. Blocks for that, at most a minute.
    ///
    /// The region for assuming roles is `AWS_REGION`, else the profile's.
    ///
    /// # Errors
    /// The profile is unknown, has no credentials, asks a metadata service for them, or its provider failed.
    pub fn open(name: &str, clock: Arc<dyn Clock>) -> Result<Profile, ProfileError> {
        Profile::open_with(Loader::new(name, Files::Shared), clock)
    }

    fn open_with(loader: Loader, clock: Arc<dyn Clock>) -> Result<Profile, ProfileError> {
        let name = loader.name().to_owned();
        let opened = refresh::unix_seconds(clock.now());
        let shared = Arc::new(Shared::new(opened));
        let worker = Worker::start(Arc::clone(&shared), loader, clock)
            .map_err(|cause| ProfileError::Start { name: name.clone(), cause })?;
        shared.first(&name)?;
        Ok(Profile { name, opened, shared, _worker: worker })
    }

    fn failure(&self, error: Option<&ProfileError>, at: UnixSeconds) -> Failure {
        match error {
            Some(error) => error.document(at),
            None => Failure {
                code: error::CODE_FAILED.to_owned(),
                message: format!(
                    "the credentials of profile `{}` expired; others are being fetched",
                    self.name
                ),
                last_updated: at,
            },
        }
    }
}

impl CredentialSource for Profile {
    fn current(&self, identity: Identity, now: UnixSeconds) -> Issued {
        match identity {
            Identity::Role(_) => self.shared.current(now, |error, at| self.failure(error, at)),
            Identity::Instance => Issued::from(&Failure {
                code: error::CODE_FAILED.to_owned(),
                message: format!("profile `{}` has no credentials of the instance itself", self.name),
                last_updated: self.opened,
            }),
        }
    }
}

impl fmt::Debug for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Profile")
            .field("name", &self.name)
            .field("opened", &self.opened)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
