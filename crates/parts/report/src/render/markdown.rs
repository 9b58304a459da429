//! Markdown for a comment on a change: a verdict, a table of the gravest, what to do about each.
//!
//! What strangers wrote stands in code spans, where it can neither make links nor call people. The comment stays below
//! [`BYTES_MAX`]; what does not fit is counted.

use super::{Renderer, kept::Kept};
use crate::excerpt::put;
use crate::excerpt::visible;
use crate::finding::Finding;
use crate::run::{Run, Summary};
use std::io::{self, Write};

/// Findings in the table.
const ROWS_MAX: usize = 50;
/// Findings that are told in full.
const BLOCKS_MAX: usize = 20;
/// A comment on GitHub has 65,536 characters.
const BYTES_MAX: usize = 60_000;

/// Keeps the gravest, and writes at the end.
#[derive(Debug)]
pub(super) struct Markdown<W> {
    out: W,
    command: String,
    kept: Kept,
}

impl<W: Write> Markdown<W> {
    pub(super) fn new(out: W) -> Markdown<W> {
        Markdown { out, command: String::new(), kept: Kept::new(ROWS_MAX) }
    }
}

impl<W: Write> Renderer for Markdown<W> {
    fn begin(&mut self, run: &Run<'_>) -> io::Result<()> {
        run.command.clone_into(&mut self.command);
        Ok(())
    }

    fn finding(&mut self, finding: &Finding) -> io::Result<()> {
        self.kept.add(finding);
        Ok(())
    }

    fn end(&mut self, summary: &Summary) -> io::Result<()> {
        let mut left_out = self.kept.left_out();
        let findings = self.kept.take();
        let mut text = format!("## Onehop {}: {}\n", words(&self.command), words(&summary.verdict()));
        for notice in &summary.notices {
            put(&mut text, format_args!("\n- {}: {}", notice.code.as_str(), words(&notice.text)));
        }
        if !findings.is_empty() {
            text.push_str("\n\n| severity | rule | where | what |\n|---|---|---|---|\n");
        }
        for row in findings.iter().map(row) {
            if text.len() + row.len() < BYTES_MAX {
                text.push_str(&row);
            } else {
                left_out += 1;
            }
        }
        for block in findings.iter().take(BLOCKS_MAX).map(block) {
            if text.len() + block.len() < BYTES_MAX {
                text.push_str(&block);
            }
        }
        if left_out > 0 {
            put(&mut text, format_args!("\n{left_out} more findings are in the full report.\n"));
        }
        self.out.write_all(text.as_bytes())?;
        self.out.flush()
    }
}

fn row(finding: &Finding) -> String {
    format!(
        "| {} | {} | {} | {} |\n",
        finding.severity,
        code(&finding.rule),
        code(&finding.place.to_string()),
        words(if finding.message.is_empty() { &finding.title } else { finding.message.as_str() }),
    )
}

fn block(finding: &Finding) -> String {
    let mut text = format!(
        "\n<details><summary>{}: {} ({})</summary>\n\n",
        finding.severity,
        plain(&finding.title),
        plain(&finding.rule)
    );
    for (name, detail) in super::text::details(finding) {
        put(&mut text, format_args!("- {name}: {}\n", code(&detail)));
    }
    for step in &finding.steps {
        let time = step.time.map(crate::clock::rfc3339).unwrap_or_default();
        put(&mut text, format_args!("- {time} {}: {}\n", words(&step.lane), code(step.text.as_str())));
    }
    text.push_str("\n</details>\n");
    text
}

/// A code span. Its fence is longer than any in the text; `|` is escaped, for tables.
fn code(text: &str) -> String {
    let text = visible(text);
    if text.is_empty() {
        return String::new();
    }
    let fence = "`".repeat(longest_run(&text) + 1);
    // A blank keeps a backtick at either end apart from the fence; Markdown takes it off again.
    let blank = if text.starts_with(['`', ' ']) || text.ends_with(['`', ' ']) { " " } else { "" };
    format!("{fence}{blank}{}{blank}{fence}", text.replace('|', "\\|"))
}

fn longest_run(text: &str) -> usize {
    text.split(|character| character != '`').map(str::len).max().unwrap_or(0)
}

/// Text that Markdown leaves as it is, with what stands in backticks as code.
fn words(text: &str) -> String {
    let parts: Vec<&str> = text.split('`').collect();
    // An odd one has no partner.
    let paired = if parts.len() % 2 == 1 { parts.len() } else { parts.len() - 1 };
    let mut out = String::new();
    for (at, part) in parts.into_iter().enumerate() {
        if at >= paired {
            out.push_str("&#96;");
        }
        out.push_str(&if at % 2 == 1 && at < paired { code(part) } else { plain(part) });
    }
    out
}

/// Text that Markdown leaves as it is: signs that mean something are entities; a joiner behind `@` and `#` keeps them
/// from naming people and threads.
fn plain(text: &str) -> String {
    let text = visible(text);
    let mut out = String::with_capacity(text.len() + 16);
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '@' | '#' => out.extend([character, '\u{2060}']),
            ':' if characters.peek() != Some(&'/') => out.push(':'),
            ' ' | ',' | '.' | ';' | '(' | ')' | '-' | '/' | '?' | '%' => out.push(character),
            _ if character.is_ascii_punctuation() => {
                put(&mut out, format_args!("&#{};", u32::from(character)));
            }
            _ => out.push(character),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{code, words};

    #[test]
    fn a_code_span_cannot_be_left() {
        for (text, want) in
            [("a", "`a`"), ("a`b", "``a`b``"), ("``` x", "```` ``` x ````"), ("a|b", "`a\\|b`"), ("", "")]
        {
            assert_eq!(code(text), want);
        }
    }

    #[test]
    fn words_mean_nothing_to_markdown() {
        for (text, want) in [
            ("[x](http://a) <b> @me", "&#91;x&#93;(http&#58;//a) &#60;b&#62; @\u{2060}me"),
            ("`a|b` is: c", "`a\\|b` is: c"),
            ("a ` b ` <c> ` d", "a `  b  ` &#60;c&#62; &#96; d"),
            ("`", "&#96;"),
            ("``", ""),
        ] {
            assert_eq!(words(text), want, "{text}");
        }
    }
}
