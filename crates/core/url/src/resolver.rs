//! Resolution as something that is passed in: nothing here sends a packet.

use std::net::IpAddr;

/// Why a name could not be resolved.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct ResolveError {
    /// In words, for people.
    pub reason: String,
}

/// Answers with every address of a name. An empty answer counts as a failure.
pub trait Resolver {
    /// The addresses of a canonical name: lower-case, without a dot at the end.
    ///
    /// # Errors
    /// When there is no answer. The URL is then denied with `DNS-FAILED`.
    fn resolve(&self, name: &str) -> Result<Vec<IpAddr>, ResolveError>;
}
