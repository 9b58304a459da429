//! `onehop check`: a verdict for each URL.

mod render;
mod resolve;

use crate::arguments::{CheckArguments, Format};
use crate::failure::{Failure, OrHint as _};
use onehop_url::{Policy, Strictness, UrlChecker};
use resolve::SystemResolver;
use std::io::{self, BufRead, BufReader, BufWriter, StdoutLock, Write};
use std::process::ExitCode;

/// Checks what was given.
pub(crate) fn run(arguments: &CheckArguments) -> Result<ExitCode, Failure> {
    let mut checking = Checking {
        checker: checker(arguments)?,
        arguments,
        out: BufWriter::with_capacity(64 * 1024, io::stdout().lock()),
        denied: 0,
    };
    let checked = arguments.urls.iter().try_for_each(|url| {
        if url == "-" { checking.lines(io::stdin().lock()) } else { checking.one(url.as_encoded_bytes()) }
    });
    match checked.and_then(|()| checking.out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(ExitCode::from(checking.status())),
        Err(error) => Err(error.into()),
        Ok(()) => Ok(ExitCode::from(checking.status())),
    }
}

fn checker(arguments: &CheckArguments) -> Result<UrlChecker, Failure> {
    let strictness = if arguments.compat { Strictness::Compat } else { Strictness::Strict };
    let checker = UrlChecker::new(strictness).with_max_bytes(arguments.max_bytes);
    let Some(path) = &arguments.policy else {
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
struct Checking<'c> {
    checker: UrlChecker,
    arguments: &'c CheckArguments,
    out: BufWriter<StdoutLock<'static>>,
    denied: u64,
}

impl Checking<'_> {
    fn status(&self) -> u8 {
        u8::from(self.denied > 0)
    }

    /// One URL a line. What is longer than the limit is read past, not kept.
    fn lines(&mut self, input: io::StdinLock<'_>) -> io::Result<()> {
        let mut input = BufReader::with_capacity(64 * 1024, input);
        let mut line = Vec::new();
        let keep = self.checker.max_bytes().saturating_add(1);
        while read_line(&mut input, &mut line, keep)? {
            self.one(&line)?;
            // Somebody may wait for this answer before the next question.
            if input.buffer().is_empty() {
                self.out.flush()?;
            }
        }
        Ok(())
    }

    fn one(&mut self, url: &[u8]) -> io::Result<()> {
        let verdict = if self.arguments.resolve {
            self.checker.check_resolving(url, &SystemResolver)
        } else {
            self.checker.check(url)
        };
        self.denied += u64::from(verdict.is_err());
        let verdict = verdict.map(onehop_verdict::Permit::consume);
        match self.arguments.format {
            _ if self.arguments.explain => render::explained(&mut self.out, &self.checker, url, &verdict),
            Format::Json => render::json(&mut self.out, url, &verdict),
            Format::Text => render::text(&mut self.out, url, &verdict),
        }
    }
}

/// Reads up to and without the next line feed, and keeps at most `keep` bytes. `false` at the end.
fn read_line(input: &mut impl BufRead, line: &mut Vec<u8>, keep: usize) -> io::Result<bool> {
    line.clear();
    let mut is_line = false;
    loop {
        let buffer = input.fill_buf()?;
        if buffer.is_empty() {
            return Ok(is_line);
        }
        is_line = true;
        let end = buffer.iter().position(|byte| *byte == b'\n');
        let part = &buffer[..end.unwrap_or(buffer.len())];
        line.extend_from_slice(&part[..part.len().min(keep - line.len())]);
        let used = end.map_or(buffer.len(), |end| end + 1);
        input.consume(used);
        if end.is_some() {
            return Ok(true);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::read_line;

    fn lines(text: &[u8], keep: usize) -> Vec<Vec<u8>> {
        let mut input = std::io::BufReader::with_capacity(3, text);
        let (mut lines, mut line) = (Vec::new(), Vec::new());
        while read_line(&mut input, &mut line, keep).expect("memory can be read") {
            lines.push(line.clone());
        }
        lines
    }

    #[test]
    fn lines_are_raw_bytes_and_bounded() {
        assert_eq!(lines(b"", 9), Vec::<Vec<u8>>::new());
        assert_eq!(lines(b"ab\xff\r\n\nc", 9), [b"ab\xff\r".to_vec(), vec![], b"c".to_vec()]);
        assert_eq!(lines(b"abcdefghij\nk\n", 4), [b"abcd".to_vec(), b"k".to_vec()]);
    }
}
