//! Which calls were made, and what came of them.

use serde::{Deserialize, Serialize};

/// One operation in one region, with all its pages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Call {
    /// Service and operation as a policy names them, e.g. `ec2:DescribeInstances`.
    pub operation: String,
    /// What came of it.
    pub outcome: Outcome,
}

/// What came of an operation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// All pages were answered. There may be nothing in them.
    Done {
        /// How many things were in them.
        items: u64,
    },
    /// It failed, perhaps after some pages: what was read before stays.
    Failed {
        /// The error code of the service, e.g. `UnauthorizedOperation`, or of the transport, e.g. `Timeout`.
        code: String,
        /// The message of the service, cut to 300 characters.
        message: String,
        /// How many things had been read.
        items: u64,
    },
    /// It was not made. The reason in words, e.g. `--no-metrics was given`.
    Skipped(String),
}

impl Call {
    /// A call that was answered.
    pub fn done(operation: impl Into<String>, items: u64) -> Call {
        Call { operation: operation.into(), outcome: Outcome::Done { items } }
    }

    /// A call that failed.
    pub fn failed(operation: impl Into<String>, code: impl Into<String>, message: &str, items: u64) -> Call {
        let message = message.chars().take(300).collect();
        Call { operation: operation.into(), outcome: Outcome::Failed { code: code.into(), message, items } }
    }

    /// A call that was not made.
    pub fn skipped(operation: impl Into<String>, why: impl Into<String>) -> Call {
        Call { operation: operation.into(), outcome: Outcome::Skipped(why.into()) }
    }

    /// Whether it failed.
    pub const fn is_failure(&self) -> bool {
        matches!(self.outcome, Outcome::Failed { .. })
    }

    /// Why its answer is not known in full, as the rest of a sentence that begins with "because"; none if it is.
    pub fn gap(&self) -> Option<String> {
        let operation = &self.operation;
        match &self.outcome {
            Outcome::Done { .. } => None,
            Outcome::Failed { code, .. } => Some(format!("{operation} failed with {code}")),
            Outcome::Skipped(why) => Some(format!("{operation} was not called: {why}")),
        }
    }
}

/// Why the answer of an operation is not known in full; none if it is. Of several calls of one operation, the first that
/// has a gap counts.
pub(crate) fn gap(calls: &[Call], operation: &str) -> Option<String> {
    let mut made = calls.iter().filter(|call| call.operation == operation).peekable();
    if made.peek().is_none() {
        return Some(format!("{operation} was not called"));
    }
    made.find_map(Call::gap)
}
