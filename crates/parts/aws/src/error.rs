//! What goes wrong with a call.

use crate::action::Action;
use std::fmt;

/// The kind of failure, sorted by who must act.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Problem {
    /// The caller may not do it.
    Denied,
    /// Too many requests, still after waiting.
    Throttled,
    /// The service, or the emulator of it, does not know the operation.
    NotImplemented,
    /// The request would have succeeded, had it not been a dry run. Not a failure.
    DryRun,
    /// The service refuses the request for what it says.
    Refused,
    /// The service failed.
    Server,
    /// No answer came: no connection, or none in time.
    Unreachable,
    /// An answer came that cannot be used: too large, or not what the operation answers with.
    Unreadable,
    /// There are no credentials to sign with.
    Credentials,
}

impl Problem {
    /// A stable name for programs.
    pub const fn name(self) -> &'static str {
        match self {
            Problem::Denied => "denied",
            Problem::Throttled => "throttled",
            Problem::NotImplemented => "not-implemented",
            Problem::DryRun => "dry-run",
            Problem::Refused => "refused",
            Problem::Server => "server",
            Problem::Unreachable => "unreachable",
            Problem::Unreadable => "unreadable",
            Problem::Credentials => "credentials",
        }
    }

    /// Whether the same call may succeed a little later.
    pub const fn is_retryable(self) -> bool {
        matches!(self, Problem::Throttled | Problem::Server | Problem::Unreachable)
    }

    /// The kind of an error that a service answered with.
    pub fn of_answer(status: u16, code: &str) -> Problem {
        const DENIED: [&str; 14] = [
            "AccessDenied",
            "AccessDeniedException",
            "AuthFailure",
            "Blocked",
            "ExpiredToken",
            "ExpiredTokenException",
            "IncompleteSignature",
            "InvalidClientTokenId",
            "MissingAuthenticationToken",
            "NotAuthorized",
            "OptInRequired",
            "SignatureDoesNotMatch",
            "UnauthorizedOperation",
            "UnrecognizedClientException",
        ];
        const THROTTLED: [&str; 8] = [
            "BandwidthLimitExceeded",
            "EC2ThrottledException",
            "LimitExceededException",
            "RequestLimitExceeded",
            "RequestThrottled",
            "SlowDown",
            "TooManyRequestsException",
            "TransactionInProgressException",
        ];
        match code {
            "DryRunOperation" => Problem::DryRun,
            "InvalidAction" | "UnknownOperationException" | "NotImplemented" => Problem::NotImplemented,
            _ if DENIED.contains(&code) => Problem::Denied,
            _ if THROTTLED.contains(&code) || code.contains("Throttl") || status == 429 => Problem::Throttled,
            "Unavailable" | "ServiceUnavailable" | "InternalError" | "InternalFailure" => Problem::Server,
            _ if status == 501 => Problem::NotImplemented,
            _ if status >= 500 => Problem::Server,
            _ if status == 401 || status == 403 => Problem::Denied,
            _ => Problem::Refused,
        }
    }
}

/// A call that failed, with where and why. Holds nothing secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallError {
    /// What was called.
    pub action: Action,
    /// Where.
    pub region: String,
    /// The kind of failure.
    pub problem: Problem,
    /// The code of the service, e.g. `UnauthorizedOperation`; empty if there was no answer.
    pub code: String,
    /// Words, of the service or ours. One line, at most 500 characters.
    pub message: String,
    /// The HTTP status, if there was an answer.
    pub status: Option<u16>,
    /// The id by which the service finds the request in its logs.
    pub request_id: Option<String>,
    /// How often it was tried.
    pub attempts: u32,
}

impl CallError {
    /// Whether the same call may succeed later.
    pub const fn is_retryable(&self) -> bool {
        self.problem.is_retryable()
    }

    pub(crate) fn new(action: Action, region: &str, failure: Failure, attempts: u32) -> CallError {
        let Failure { problem, code, message, status, request_id } = failure;
        let region = action.service().signing_region(region).to_owned();
        CallError { action, region, problem, code, message: one_line(&message), status, request_id, attempts }
    }
}

impl fmt::Display for CallError {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        let CallError { action, region, code, message, attempts, .. } = self;
        write!(to, "`{action}` in `{region}`: ")?;
        if !code.is_empty() {
            write!(to, "{code}: ")?;
        }
        write!(to, "{message}")?;
        if *attempts > 1 { write!(to, " (tried {attempts} times)") } else { Ok(()) }
    }
}

impl std::error::Error for CallError {}

/// One attempt that failed.
#[derive(Clone, Debug)]
pub(crate) struct Failure {
    pub(crate) problem: Problem,
    pub(crate) code: String,
    pub(crate) message: String,
    pub(crate) status: Option<u16>,
    pub(crate) request_id: Option<String>,
}

impl Failure {
    pub(crate) fn own(problem: Problem, message: impl Into<String>) -> Failure {
        Failure { problem, code: String::new(), message: message.into(), status: None, request_id: None }
    }
}

/// Text that is not what an operation answers with.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the answer cannot be read: {0}")]
pub struct Unreadable(pub(crate) String);

/// Words without line breaks and other control characters, cut to what a person reads.
fn one_line(text: &str) -> String {
    const CHARACTERS_MAX: usize = 500;
    let plain = text.chars().map(|character| if character.is_control() { ' ' } else { character });
    plain.take(CHARACTERS_MAX).collect::<String>().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::Problem;

    #[test]
    fn errors_are_sorted_by_who_must_act() {
        let cases = [
            (403, "UnauthorizedOperation", Problem::Denied),
            (400, "AuthFailure", Problem::Denied),
            (403, "SomethingOfTomorrow", Problem::Denied),
            (503, "RequestLimitExceeded", Problem::Throttled),
            (400, "Throttling", Problem::Throttled),
            (400, "ThrottlingException", Problem::Throttled),
            (429, "", Problem::Throttled),
            (412, "DryRunOperation", Problem::DryRun),
            (500, "InternalError", Problem::Server),
            (503, "Unavailable", Problem::Server),
            (400, "InvalidInstanceID.NotFound", Problem::Refused),
            (400, "InvalidAction", Problem::NotImplemented),
            (501, "", Problem::NotImplemented),
        ];
        for (status, code, want) in cases {
            assert_eq!(Problem::of_answer(status, code), want, "{status} {code}");
        }
    }
}
