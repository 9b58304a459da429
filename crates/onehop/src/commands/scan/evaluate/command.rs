//! A detector that is a command: lines in, numbers of lines out.
//!
//! The command is the user's own, given on the command line, and runs in the shell. An exit status of 0 or 1 is a
//! result, as `grep` has it; anything else, and output without a number, is a failure.

use super::Outcome;
use crate::failure::{Failure, OrHint as _};
use onehop_corpus::evaluate::Speed;
use std::fs::File;
use std::io::{BufRead, BufReader, Read as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

/// Bytes of an output line in which its number must end.
const NUMBER_MAX_BYTES: u64 = 32;

/// Runs the command on the lines.
pub(super) fn run(command: &str, lines: &Path) -> Result<Outcome, Failure> {
    let cannot = |error| Failure::new(format!("cannot read `{}`: {error}", lines.display()));
    let file = File::open(lines).map_err(cannot)?;
    let bytes = file.metadata().map_err(cannot)?.len();
    let began = Instant::now();
    let mut child = Command::new("sh")
        .args(["-c", command])
        .stdin(Stdio::from(file))
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| Failure::new(format!("cannot run `{command}`: {error}")))?;
    let numbers = child.stdout.take().map_or_else(|| Ok(Vec::new()), |out| numbers(BufReader::new(out)));
    let status =
        child.wait().map_err(|error| Failure::new(format!("cannot wait for `{command}`: {error}")))?;
    let seconds = began.elapsed().as_secs_f64();
    if !matches!(status.code(), Some(0 | 1)) {
        return Err(Failure::new(format!("`{command}` failed: {status}"))
            .hint("a detector ends with 0 or 1; run it by hand to see why it did not"));
    }
    let reported = numbers
        .map_err(|error| Failure::new(format!("`{command}` {error}")))
        .or_hint(|| "it must print the number of each line it finds, as `grep -n` does".to_owned())?;
    Ok(Outcome { reported, speed: Speed { bytes, seconds } })
}

/// The number at the beginning of each line. All of it is read, so that the command can end.
fn numbers(mut out: impl BufRead) -> Result<Vec<u64>, String> {
    let (mut numbers, mut wrong) = (Vec::new(), None);
    let mut start = Vec::new();
    loop {
        start.clear();
        let read = (&mut out).take(NUMBER_MAX_BYTES).read_until(b'\n', &mut start);
        match read {
            Ok(0) => break,
            Ok(_) => {}
            Err(error) => return Err(format!("cannot be read: {error}")),
        }
        if !start.ends_with(b"\n") {
            out.skip_until(b'\n').map_err(|error| format!("cannot be read: {error}"))?;
        }
        match number(&start) {
            Some(number) => numbers.push(number),
            None => wrong = wrong.or_else(|| Some(String::from_utf8_lossy(start.trim_ascii()).into_owned())),
        }
    }
    match wrong {
        Some(line) => Err(format!("printed `{}`, which begins with no number", line.escape_debug())),
        None => Ok(numbers),
    }
}

/// `12`, `12:…`, `12 …`.
fn number(line: &[u8]) -> Option<u64> {
    let length = line.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let goes_on = line.get(length).is_none_or(|byte| !byte.is_ascii_alphanumeric());
    std::str::from_utf8(&line[..length]).ok()?.parse().ok().filter(|_| goes_on)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stand_at_the_beginning_of_lines() {
        let long = format!("7:{}\n8", "x".repeat(100));
        for (out, want) in [
            ("", Ok(vec![])),
            ("1\n22:GET / 7\n333 x", Ok(vec![1, 22, 333])),
            (&long, Ok(vec![7, 8])),
            ("1\nnone\n", Err("printed `none`, which begins with no number".to_owned())),
            ("\n", Err("printed ``, which begins with no number".to_owned())),
            ("1x\n", Err("printed `1x`, which begins with no number".to_owned())),
        ] {
            assert_eq!(numbers(out.as_bytes()), want, "{out:?}");
        }
    }
}
