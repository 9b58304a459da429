//! `onehop check`: a verdict for each URL.
//!
//! ```text
//! argument ──────────────┐
//! `-`: line ─▶ kept up to the limit ─▶ verdict ─▶ rendered line ─▶ buffer ─▶ standard output
//! ```
//! One line and one buffer are all that is held, however long the input and its lines are.

mod lines;
mod render;
mod resolve;

use crate::arguments::{CheckArguments, CheckFormat, CheckSettings};
use crate::config::{ConfigFile, keys_of};
use crate::failure::{Failure, OrHint as _};
use crate::output;
use onehop_url::{Policy, Strictness, UrlChecker};
use resolve::SystemResolver;
use std::io::{self, BufReader, IsTerminal as _, StdoutLock, Write as _};
use std::num::NonZero;
use std::process::ExitCode;

/// Bytes that are read and written at once: fewer system calls than URLs by three orders of magnitude.
const BLOCK_BYTES: usize = 64 * 1024;

/// Checks what was given.
pub(crate) fn run(config: &ConfigFile, arguments: &CheckArguments) -> Result<ExitCode, Failure> {
    let keys = keys_of::<CheckSettings>(&[]);
    let settings = config.overlay("check", &keys, &arguments.settings())?;
    let mut checking = Checking {
        checker: checker(&settings)?,
        resolve: settings.resolve.unwrap_or(false),
        format: settings.format.unwrap_or_default(),
        rendered: Vec::with_capacity(BLOCK_BYTES),
        out: io::stdout().lock(),
        denied: false,
    };
    let checked = arguments.urls.iter().try_for_each(|url| match url.as_encoded_bytes() {
        b"-" => checking.lines(io::stdin().lock()),
        url => checking.one(url),
    });
    match checked.and_then(|()| checking.flush()) {
        Ok(()) | Err(Stopped::ReaderLeft) => Ok(ExitCode::from(u8::from(checking.denied))),
        Err(Stopped::Failed(failure)) => Err(failure),
    }
}

/// Why a run ended before its input did.
enum Stopped {
    /// Whoever reads the answers has seen enough. No failure.
    ReaderLeft,
    Failed(Failure),
}

impl Stopped {
    fn reading(error: &io::Error) -> Self {
        Stopped::Failed(Failure::new(format!("cannot read standard input: {error}")))
    }

    fn writing(error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Stopped::ReaderLeft,
            _ => Stopped::Failed(Failure::new(format!("cannot write the answers: {error}"))),
        }
    }
}

fn checker(settings: &CheckSettings) -> Result<UrlChecker, Failure> {
    let strictness = if settings.compat == Some(true) { Strictness::Compat } else { Strictness::Strict };
    let mut checker = UrlChecker::new(strictness);
    if let Some(limit) = settings.max_bytes.map(NonZero::get) {
        checker = checker.with_max_bytes(usize::try_from(limit).unwrap_or(usize::MAX));
    }
    let Some(path) = &settings.policy else {
        return Ok(checker);
    };
    let text = std::fs::read_to_string(path)
        .map_err(|error| Failure::new(format!("cannot read policy `{}`: {error}", path.display())))
        .or_hint(|| "docs/url-policy.md shows how a policy is written".to_owned())?;
    match Policy::parse(&text) {
        Ok(policy) => Ok(checker.with_policy(policy)),
        Err(error) => {
            Err(Failure::new(format!("{}:{}: {}", path.display(), error.line, error.what))
                .hint(error.instead))
        }
    }
}

/// A run over URLs.
struct Checking {
    checker: UrlChecker,
    resolve: bool,
    format: CheckFormat,
    /// What is rendered and not yet written.
    rendered: Vec<u8>,
    out: StdoutLock<'static>,
    denied: bool,
}

impl Checking {
    /// One URL a line. What is longer than the limit is read past, not kept.
    fn lines(&mut self, input: io::StdinLock<'_>) -> Result<(), Stopped> {
        if input.is_terminal() {
            output::note("one URL a line; the end of input (Ctrl-D) ends");
        }
        let mut input = BufReader::with_capacity(BLOCK_BYTES, input);
        let mut line = Vec::new();
        // One byte more shows that a line is too long.
        let keep = u64::try_from(self.checker.max_bytes()).unwrap_or(u64::MAX).saturating_add(1);
        while lines::read_line(&mut input, &mut line, keep).map_err(|error| Stopped::reading(&error))? {
            self.one(&line)?;
            // Somebody may wait for this answer before the next question.
            if input.buffer().is_empty() {
                self.flush()?;
            }
        }
        Ok(())
    }

    fn one(&mut self, url: &[u8]) -> Result<(), Stopped> {
        let verdict = if self.resolve {
            self.checker.check_resolving(url, &SystemResolver)
        } else {
            self.checker.check(url)
        };
        self.denied |= verdict.is_err();
        let verdict = verdict.map(onehop_verdict::Permit::consume);
        match self.format {
            CheckFormat::Explain => render::explained(&mut self.rendered, &self.checker, url, &verdict),
            CheckFormat::Json => render::json(&mut self.rendered, url, &verdict),
            CheckFormat::Text => render::text(&mut self.rendered, url, &verdict),
        }
        .map_err(|error| Stopped::writing(&error))?;
        // A look-up takes long; whoever watches sees each answer when it is there.
        if self.rendered.len() >= BLOCK_BYTES || self.resolve { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> Result<(), Stopped> {
        let written = self.out.write_all(&self.rendered).and_then(|()| self.out.flush());
        self.rendered.clear();
        written.map_err(|error| Stopped::writing(&error))
    }
}
