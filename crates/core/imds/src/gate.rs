//! The rules of the metadata service itself: who gets through, and with which denial otherwise.
//!
//! Read from the top; the first row that fits decides.
//!
//! | endpoint | request | tokens | session | `X-Forwarded-For` | result |
//! |---|---|---|---|---|---|
//! | disabled | any | | | | `IMDS-DISABLED` |
//! | | path without canonical form | | | | `HTTP-PATH` |
//! | | authority form, CONNECT | | | | `HTTP-TARGET` |
//! | | token endpoint of `latest`, OPTIONS | | | | **say what is allowed** |
//! | | token endpoint, not PUT | | | | `HTTP-METHOD` |
//! | | token request, dated version | | | | `IMDS-TOKEN-PATH-VERSION` |
//! | | token request | | | present | `IMDS-FORWARDED` |
//! | | token request | | lifetime absent or invalid | | `IMDS-TTL-INVALID` |
//! | | token request | | two lifetimes | | `IMDS-TOKEN-AMBIGUOUS` |
//! | | token request | | lifetime 1–21,600 | | **issue a token** |
//! | | not GET or HEAD | | | | `HTTP-METHOD` |
//! | | read | | two tokens | | `IMDS-TOKEN-AMBIGUOUS` |
//! | | read | | token | present | `IMDS-FORWARDED` |
//! | | read | | token wrong or expired | | `IMDS-TOKEN-INVALID` |
//! | | read | | token good | | **read as v2** |
//! | | read | required | absent | | `IMDS-V1` |
//! | | read | optional | absent | any | **read as v1** |
//!
//! The last row is the real service's: it looks at `X-Forwarded-For` only where a token or a token request is
//! involved, which is why `required` matters. The guard has rules of its own, which refuse every forwarded request.

use crate::headers::{AskedTtl, Session};
use crate::path::{MetadataPath, PathError};
use crate::request::{ImdsVersion, Kind, Request, TargetForm};
use crate::time::UnixSeconds;
use crate::token::{TokenKey, TokenTtl};
use crate::version::Version;
use http::Method;
use onehop_verdict::{Checker, Code, Denied, Permit};

/// Whether a read needs a token (`HttpTokens`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tokens {
    /// IMDSv2 only.
    Required,
    /// IMDSv1 and IMDSv2.
    Optional,
}

/// Whether the service answers at all (`HttpEndpoint`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Endpoint {
    /// It answers.
    Enabled,
    /// Every request gets 403.
    Disabled,
}

/// What got through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Admitted<'r> {
    /// Issue a token of this lifetime.
    IssueToken(TokenTtl),
    /// Say what the token endpoint allows.
    Options,
    /// Answer a read.
    Read {
        /// What is asked for.
        path: MetadataPath<'r>,
        /// By which version of the protocol.
        version: ImdsVersion,
        /// Seconds that the token has left; `None` for v1.
        remaining: Option<u32>,
    },
}

/// The rules, with what they need to check a token.
#[derive(Debug)]
pub struct Gate<'g> {
    /// Whether a read needs a token.
    pub tokens: Tokens,
    /// Whether the service answers at all.
    pub endpoint: Endpoint,
    /// The key that signed the tokens.
    pub key: &'g TokenKey,
    /// Whom tokens are issued to.
    pub audience: &'g [u8],
}

impl Checker for Gate<'_> {}

impl Gate<'_> {
    /// Decides about a request at a time.
    ///
    /// # Errors
    /// The denial, with the code of the table above.
    pub fn check<'r>(&self, request: Request<'r>, now: UnixSeconds) -> Result<Permit<Admitted<'r>>, Denied> {
        if self.endpoint == Endpoint::Disabled {
            return Err(Code::ImdsDisabled.into());
        }
        if request.target == TargetForm::Authority {
            return Err(Code::HttpTarget.into());
        }
        let path = request.path.map_err(denied_path)?;
        let latest = path.version() == Some(Version::LATEST);
        match request.kind {
            Kind::TokenEndpoint if latest && request.method == Method::OPTIONS => {
                Ok(self.grant(Admitted::Options))
            }
            Kind::TokenEndpoint | Kind::Other => Err(Code::HttpMethod.into()),
            Kind::Foreign(_) if !matches!(*request.method, Method::GET | Method::HEAD) => {
                Err(Code::HttpMethod.into())
            }
            Kind::TokenRequest => {
                if !latest {
                    return Err(Code::ImdsTokenPathVersion.into());
                }
                if request.forwarded_for {
                    return Err(Code::ImdsForwarded.into());
                }
                ttl(request.asked_ttl).map(|ttl| self.grant(Admitted::IssueToken(ttl)))
            }
            // What another cloud's client asks is an ordinary read of a path that does not exist.
            Kind::Read(_) | Kind::Foreign(_) => {
                let remaining = self.session(request.session, request.forwarded_for, now)?;
                let version = if remaining.is_some() { ImdsVersion::V2 } else { ImdsVersion::V1 };
                Ok(self.grant(Admitted::Read { path, version, remaining }))
            }
        }
    }

    fn session(
        &self,
        session: Session<'_>,
        forwarded_for: bool,
        now: UnixSeconds,
    ) -> Result<Option<u32>, Denied> {
        match session {
            Session::Ambiguous => Err(Code::ImdsTokenAmbiguous.into()),
            Session::Absent if self.tokens == Tokens::Required => Err(Code::ImdsV1.into()),
            Session::Absent => Ok(None),
            Session::Token(_) | Session::Unreadable if forwarded_for => Err(Code::ImdsForwarded.into()),
            Session::Unreadable => Err(Code::ImdsTokenInvalid.into()),
            Session::Token(token) => match self.key.check(token, self.audience, now) {
                Ok(remaining) => Ok(Some(remaining)),
                Err(error) => Err(Denied::with_detail(Code::ImdsTokenInvalid, error.to_string())),
            },
        }
    }
}

/// The denial for a path without canonical form.
pub fn denied_path(error: PathError) -> Denied {
    Denied::with_detail(Code::HttpPath, error.to_string())
}

/// The lifetime of a token request, or the denial.
///
/// # Errors
/// `IMDS-TTL-INVALID` or `IMDS-TOKEN-AMBIGUOUS`.
pub fn ttl(asked: AskedTtl) -> Result<TokenTtl, Denied> {
    match asked {
        AskedTtl::Seconds(ttl) => Ok(ttl),
        AskedTtl::Absent | AskedTtl::Invalid => Err(Code::ImdsTtlInvalid.into()),
        AskedTtl::Ambiguous => Err(Code::ImdsTokenAmbiguous.into()),
    }
}

#[cfg(test)]
mod tests;
