//! Signs identity documents with a key that is made on first use.
//!
//! One signer serves a whole process: it outlives reloads of the tree, so a client that fetched the certificate can
//! keep it. The key is never written anywhere. Fails only if the system gives no randomness or the build has no
//! signatures; the failure is kept and repeated.

use std::sync::{Mutex, OnceLock, PoisonError};

use bytes::Bytes;

use super::authority::Authority;

/// Whether this build can sign (cargo feature `identity-signatures`).
pub const SIGNATURES_AVAILABLE: bool = cfg!(feature = "identity-signatures");

/// The bodies of the signature leaves for one document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signatures {
    /// `signature`: base64 in lines of 64 columns, no line feed at the end.
    pub signature: Bytes,
    /// `rsa2048` and `pkcs7`: base64 in lines of 64 columns, no banners, no line feed at the end.
    pub rsa2048: Bytes,
}

/// Why nothing could be signed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SignError {
    /// This build has no signatures.
    #[error("this build does not sign identity documents (cargo feature `identity-signatures`)")]
    Unavailable,
    /// Key, certificate or signature could not be made, in the words of the library.
    #[error("could not {task}: {reason}")]
    Crypto {
        /// What was to be done.
        task: &'static str,
        /// Why it was not.
        reason: String,
    },
}

/// Holds the key and the certificate. Share it behind an `Arc`.
#[derive(Debug, Default)]
pub struct Signer {
    authority: OnceLock<Result<Authority, SignError>>,
    /// The last document and its signatures: documents change with the tree, which is seldom.
    last: Mutex<Option<(Bytes, Signatures)>>,
}

impl Signer {
    /// A signer without a key. Costs nothing.
    pub fn new() -> Signer {
        Signer::default()
    }

    /// Makes key and certificate unless they are there: tenths of a second in an optimised build. Call it on a thread
    /// of its own at start-up; until it is done, [`Signer::sign`] waits.
    ///
    /// # Errors
    /// [`SignError`] if they cannot be made.
    pub fn prepare(&self) -> Result<(), SignError> {
        self.authority().map(|_| ())
    }

    /// The signatures over `document`. Remembers the last document, so asking again costs a comparison. Waits for the
    /// key if it is not there yet; see [`Signer::is_ready`].
    ///
    /// # Errors
    /// [`SignError`] if there is no key or signing fails.
    pub fn sign(&self, document: &Bytes) -> Result<Signatures, SignError> {
        let authority = self.authority()?;
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((signed, signatures)) = last.as_ref()
            && signed == document
        {
            return Ok(signatures.clone());
        }
        let signatures = authority.sign(document)?;
        *last = Some((document.clone(), signatures.clone()));
        Ok(signatures)
    }

    /// Whether the key is made (or has failed), so that nothing waits.
    pub fn is_ready(&self) -> bool {
        self.authority.get().is_some()
    }

    /// The self-signed certificate, PEM, to verify the signatures with.
    ///
    /// # Errors
    /// [`SignError`] if there is none.
    pub fn certificate_pem(&self) -> Result<String, SignError> {
        self.authority().map(|authority| authority.certificate_pem().to_owned())
    }

    fn authority(&self) -> Result<&Authority, SignError> {
        self.authority.get_or_init(Authority::make).as_ref().map_err(Clone::clone)
    }
}

#[cfg(test)]
#[cfg(feature = "identity-signatures")]
mod tests;
