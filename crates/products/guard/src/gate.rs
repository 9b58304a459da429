//! The guard's rules about a request, before its path is judged.
//!
//! Read from the top; the first row that fits decides. They are stricter than the service's own: a forwarded
//! request is refused whether or not a token is involved, and there is no IMDSv1.
//!
//! | what | code |
//! |---|---|
//! | caller over its rate, whatever it asks | `LIMIT-RATE` |
//! | target in absolute, authority or asterisk form | `HTTP-TARGET` |
//! | no canonical path | `HTTP-PATH` |
//! | `Host` absent, repeated, or of somebody else | `HTTP-HOST` |
//! | any forwarding header | `IMDS-FORWARDED` |
//! | caller not admitted | `CALLER-UNKNOWN`, `CALLER-REMOTE`, `CALLER-DENIED` |
//! | a body | `HTTP-BODY` |
//! | another cloud's probe | `IMDS-FOREIGN-CLOUD` |
//! | token endpoint, not PUT; elsewhere not GET or HEAD | `HTTP-METHOD` |
//! | token request under a dated version | `IMDS-TOKEN-PATH-VERSION` |
//! | lifetime absent, invalid or twice | `IMDS-TTL-INVALID`, `IMDS-TOKEN-AMBIGUOUS` |
//! | token request | **issue a token** |
//! | read without a token | `IMDS-V1` |
//! | two tokens; a token that is not this caller's | `IMDS-TOKEN-AMBIGUOUS`, `IMDS-TOKEN-INVALID` |
//! | read with the caller's token | **judge the path** |

use crate::admission::Entered;
use crate::caller::Caller;
use crate::host::Hosts;
use crate::policy::Policy;
use http::HeaderMap;
use onehop_imds::gate::{denied_path, ttl};
use onehop_imds::headers::Session;
use onehop_imds::path::MetadataPath;
use onehop_imds::request::{ImdsVersion, Kind, Request, TargetForm};
use onehop_imds::time::UnixSeconds;
use onehop_imds::token::{TokenKey, TokenTtl};
use onehop_imds::version::Version;
use onehop_verdict::{Checker, Code, Denied, Permit};

/// What got through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Admitted<'r> {
    /// Issue a token of this lifetime to the caller.
    IssueToken(TokenTtl),
    /// Judge the path of a read.
    Read {
        /// What is asked for.
        path: MetadataPath<'r>,
        /// Seconds that the caller's token has left.
        remaining: u32,
    },
}

/// The rules, with what they need.
#[derive(Debug)]
pub struct Gate<'g> {
    /// The hosts that the guard answers to.
    pub hosts: &'g Hosts,
    /// Who is admitted.
    pub policy: &'g Policy,
    /// The key that signed the tokens.
    pub key: &'g TokenKey,
}

/// A request with what surrounds it.
#[derive(Debug)]
pub struct Arrived<'r> {
    /// The request.
    pub request: Request<'r>,
    /// Its headers.
    pub headers: &'r HeaderMap,
    /// Whether it carries a body.
    pub has_body: bool,
    /// Who sent it.
    pub caller: Caller,
    /// The connection's place among those of its caller.
    pub entered: &'r Entered,
}

impl Checker for Gate<'_> {}

impl Gate<'_> {
    /// Decides about a request at a time.
    ///
    /// # Errors
    /// The denial, with the code of the table above.
    pub fn check<'r>(&self, arrived: Arrived<'r>, now: UnixSeconds) -> Result<Permit<Admitted<'r>>, Denied> {
        let Arrived { request, headers, has_body, caller, entered } = arrived;
        entered.request()?;
        if request.target != TargetForm::Origin {
            return Err(Code::HttpTarget.into());
        }
        let path = request.path.map_err(denied_path)?;
        self.hosts.check(headers)?;
        if let Some(header) = request.forwarded {
            return Err(Denied::with_detail(Code::ImdsForwarded, header.as_str()));
        }
        self.policy.admit(&caller)?;
        if has_body {
            return Err(Code::HttpBody.into());
        }
        match request.kind {
            Kind::TokenEndpoint | Kind::Other => Err(Code::HttpMethod.into()),
            Kind::TokenRequest if path.version() != Some(Version::LATEST) => {
                Err(Code::ImdsTokenPathVersion.into())
            }
            Kind::TokenRequest => ttl(request.asked_ttl).map(|ttl| self.grant(Admitted::IssueToken(ttl))),
            Kind::Foreign(_) => Err(Code::ImdsForeignCloud.into()),
            Kind::Read(ImdsVersion::V1) => Err(Code::ImdsV1.into()),
            Kind::Read(ImdsVersion::V2) => {
                let remaining = self.session(request.session, &caller, now)?;
                Ok(self.grant(Admitted::Read { path, remaining }))
            }
        }
    }

    fn session(&self, session: Session<'_>, caller: &Caller, now: UnixSeconds) -> Result<u32, Denied> {
        match session {
            Session::Absent => Err(Code::ImdsV1.into()),
            Session::Ambiguous => Err(Code::ImdsTokenAmbiguous.into()),
            Session::Unreadable => Err(Code::ImdsTokenInvalid.into()),
            Session::Token(token) => self
                .key
                .check(token, caller.audience().as_bytes(), now)
                .map_err(|error| Denied::with_detail(Code::ImdsTokenInvalid, error.to_string())),
        }
    }
}

#[cfg(test)]
mod tests;
