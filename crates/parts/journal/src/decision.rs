//! One decision, as the code that made it hands it over.
//!
//! A [`Decision`] is built while a request waits, so it holds small values and shared strings: the path is the
//! only allocation it needs. Bounding, escaping and hashing happen later, on the writer's thread. There is no
//! field for a token, a header value or a query, so none of them can reach a journal.
//!
//! Nothing here fails.

use onehop_verdict::Code;
use std::net::IpAddr;
use std::sync::Arc;

/// Whether the request was let through.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// The request was answered.
    Allow,
    /// The request was refused.
    Deny,
}

impl Outcome {
    /// The text in journals and labels.
    pub const fn as_str(self) -> &'static str {
        match self {
            Outcome::Allow => "allow",
            Outcome::Deny => "deny",
        }
    }
}

/// Which version of the metadata protocol the request spoke.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ImdsVersion {
    /// A read without a session token.
    V1,
    /// A token request, or a read with a session token.
    V2,
    /// Neither could be told: the request was refused before that mattered.
    None,
}

impl ImdsVersion {
    /// The text in journals and labels.
    pub const fn as_str(self) -> &'static str {
        match self {
            ImdsVersion::V1 => "v1",
            ImdsVersion::V2 => "v2",
            ImdsVersion::None => "none",
        }
    }
}

/// Where the answer came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Source {
    /// An answer kept from before.
    Cache,
    /// The service behind the guard.
    Upstream,
    /// This process: its own tree, or a refusal.
    Local,
}

impl Source {
    /// The text in journals and labels.
    pub const fn as_str(self) -> &'static str {
        match self {
            Source::Cache => "cache",
            Source::Upstream => "upstream",
            Source::Local => "local",
        }
    }
}

/// The process or host that asked, as far as it is known.
///
/// Executables and units repeat from request to request: share the string, do not copy it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Caller {
    /// User id.
    pub uid: Option<u32>,
    /// Process id.
    pub pid: Option<u32>,
    /// The address the connection came from.
    pub remote: Option<IpAddr>,
    /// Path of the executable.
    pub exe: Option<Arc<str>>,
    /// systemd unit.
    pub unit: Option<Arc<str>>,
}

/// One allow or deny.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// Milliseconds since 1970-01-01T00:00:00Z, from the caller's clock.
    pub time_ms: u64,
    /// Let through or refused.
    pub outcome: Outcome,
    /// Why it was refused. On an allow: why it would have been, under a mode that only observes.
    pub code: Option<Code>,
    /// The rule that decided.
    pub rule: Option<Arc<str>>,
    /// HTTP method; `OTHER` for one that the service does not know.
    pub method: &'static str,
    /// Canonical path. Whatever follows a `?` is not written, nor what exceeds [`TEXT_MAX_BYTES`].
    pub path: Box<str>,
    /// Protocol version.
    pub version: ImdsVersion,
    /// Who asked.
    pub caller: Caller,
    /// HTTP status of the answer.
    pub status: u16,
    /// Where the answer came from.
    pub source: Source,
    /// Number of the request, unique within the process.
    pub request_id: u64,
    /// Microseconds from the request's first byte to its answer.
    pub latency_us: u64,
}

/// Longest text (path, rule, executable, unit) that a line carries; more is cut at a character boundary.
pub const TEXT_MAX_BYTES: usize = 512;
