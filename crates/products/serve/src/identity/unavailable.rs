//! Stands in for the signing authority in builds without the feature `identity-signatures`: there is none.

use super::{SignError, Signatures};

/// Has no values, so nothing can be signed.
#[derive(Debug)]
pub(super) enum Authority {}

impl Authority {
    pub(super) fn make() -> Result<Authority, SignError> {
        Err(SignError::Unavailable)
    }

    pub(super) fn sign(&self, _document: &[u8]) -> Result<Signatures, SignError> {
        match *self {}
    }

    pub(super) fn certificate_pem(&self) -> &str {
        match *self {}
    }
}
