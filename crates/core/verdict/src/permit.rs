//! A permit that only a checker can make, and the denial beside it.

use crate::Code;
use std::fmt;

/// Proof that a check passed, with exactly what was judged.
///
/// The field is private and the only constructor asks for a [`Checker`], so the code that acts on a `T` can
/// demand that somebody judged it: skipping the check does not compile.
///
/// ```compile_fail
/// let forged = onehop_verdict::Permit { judged: "/latest/user-data" };
/// ```
#[derive(Debug, PartialEq, Eq)]
#[must_use = "a permit that nobody consumes means that a check was made for nothing"]
pub struct Permit<T> {
    judged: T,
}

/// A type that decides. Implemented by policies only: a search for `impl Checker` lists every place in the code
/// that can grant something.
pub trait Checker {
    /// Grants what was judged.
    fn grant<T>(&self, judged: T) -> Permit<T> {
        Permit { judged }
    }
}

impl<T> Permit<T> {
    /// What was judged.
    pub fn judged(&self) -> &T {
        &self.judged
    }

    /// Spends the permit and hands out what was judged.
    pub fn consume(self) -> T {
        self.judged
    }
}

/// A denial: one code, and words that say what was wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "a denial must reach the caller, the journal and a counter"]
pub struct Denied {
    code: Code,
    detail: Option<Box<str>>,
}

impl Denied {
    /// A denial that its code explains fully.
    pub const fn new(code: Code) -> Self {
        Denied { code, detail: None }
    }

    /// A denial with what was found. The detail must not contain secrets.
    pub fn with_detail(code: Code, detail: impl Into<Box<str>>) -> Self {
        Denied { code, detail: Some(detail.into()) }
    }

    /// Why.
    pub const fn code(&self) -> Code {
        self.code
    }

    /// What was found, if more than the code says.
    pub fn detail(&self) -> Option<&str> {
        self.detail.as_deref()
    }
}

impl fmt::Display for Denied {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.detail {
            Some(detail) => write!(f, "{}: {detail}", self.code),
            None => write!(f, "{}", self.code),
        }
    }
}

impl std::error::Error for Denied {}

impl From<Code> for Denied {
    fn from(code: Code) -> Self {
        Denied::new(code)
    }
}
