//! What went wrong, and what to do about it.

use std::fmt;

/// A failure as it is shown: `error: …`, then `hint: …`.
#[derive(Debug)]
pub(crate) struct Failure {
    error: anyhow::Error,
    hint: Option<String>,
}

impl Failure {
    /// A failure without an underlying error.
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Failure { error: anyhow::Error::msg(message.into()), hint: None }
    }

    /// A command line that the grammar refuses, in the form of every other failure.
    pub(crate) fn usage(error: &clap::Error) -> Self {
        let text = error.render().to_string();
        let mut message = Vec::new();
        let mut tip = None;
        for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
            let values = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
            if let Some(words) = line.strip_prefix("tip: ").or(values) {
                tip = Some(words.to_owned());
            } else if line.starts_with("Usage:") || line.starts_with("For more information") {
                break;
            } else {
                message.push(line.strip_prefix("error: ").unwrap_or(line));
            }
        }
        let help = "try `--help`".to_owned();
        Failure::new(message.join(" ")).hint(tip.map_or(help.clone(), |tip| format!("{tip}; or {help}")))
    }

    /// Says what to do.
    #[must_use]
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// What to do, if something can be done.
    pub(crate) fn to_do(&self) -> Option<&str> {
        self.hint.as_deref()
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The whole chain on one line: `cannot read …: permission denied`.
        write!(f, "{:#}", self.error)
    }
}

impl<E> From<E> for Failure
where
    E: std::error::Error + Send + Sync + 'static,
{
    fn from(error: E) -> Self {
        Failure { error: anyhow::Error::new(error), hint: None }
    }
}

/// Adds a hint to any result.
pub(crate) trait OrHint<T> {
    /// Says what to do if it failed.
    fn or_hint(self, hint: impl FnOnce() -> String) -> Result<T, Failure>;
}

impl<T, E: Into<Failure>> OrHint<T> for Result<T, E> {
    fn or_hint(self, hint: impl FnOnce() -> String) -> Result<T, Failure> {
        self.map_err(|error| error.into().hint(hint()))
    }
}
