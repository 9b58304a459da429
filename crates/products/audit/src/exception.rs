//! Exceptions that stand in the code, beside what they except.
//!
//! ```hcl
//! # onehop:except TOKENS-OPTIONAL owner=platform@example.com until=2027-03-31 the vendor's agent speaks version 1 only
//! http_tokens = "optional"
//! ```
//! It holds for findings of the rule on its own line, on the next line that is no remark, or anywhere in the block that
//! opens there. Without owner, last day and reason it is none; after the last day it is over. Both are said in the finding.

use onehop_code::{Source, Sources, Span};
use onehop_report::{Finding, Suppression};
use time::Date;
use time::macros::format_description;

/// What begins an exception.
const MARK: &str = "onehop:except";
/// Lines above a finding that are looked at: remarks, and heads of blocks.
const LINES_MAX: u32 = 40;

/// Marks a finding as excepted if an exception stands at one of its places, or says why it does not hold.
pub(crate) fn apply(finding: &mut Finding, places: &[Option<Span>], sources: &Sources, today: Date) {
    for place in places.iter().copied().flatten() {
        let source = sources.of(place.file);
        if !source.text.contains(MARK) {
            continue;
        }
        let Some(words) = above(source, place) else { continue };
        match read(words, &finding.rule, today) {
            Read::Holds(suppression) => {
                finding.suppressed = Some(suppression);
                return;
            }
            Read::Other => {}
            Read::Void(why) => finding.facts.set("exception", why),
        }
    }
}

/// The words behind the mark on the line of a place, or on a remark right above it.
fn above(source: &Source, place: Span) -> Option<&str> {
    let line = source.position(place.start).line;
    let words = |line: u32| source.line(line).split_once(MARK).map(|(_, words)| words.trim());
    if let Some(found) = words(line) {
        return Some(found);
    }
    (line.saturating_sub(LINES_MAX).max(1)..line)
        .rev()
        .take_while(|at| is_remark(source.line(*at)))
        .find_map(words)
}

fn is_remark(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with('#') || line.starts_with("//")
}

/// What an exception comes to.
enum Read {
    Holds(Suppression),
    Other,
    Void(String),
}

fn read(words: &str, rule: &str, today: Date) -> Read {
    let mut parts = words.splitn(2, char::is_whitespace);
    let named = parts.next().unwrap_or_default();
    if named != "*" && !named.split(',').any(|name| name.eq_ignore_ascii_case(rule)) {
        return Read::Other;
    }
    let (mut owner, mut until, mut reason) = (None, None, Vec::new());
    for word in parts.next().unwrap_or_default().split_whitespace() {
        if let Some(name) = word.strip_prefix("owner=") {
            owner = Some(name.to_owned());
        } else if let Some(day) = word.strip_prefix("until=") {
            until = Some(Date::parse(day, format_description!("[year]-[month]-[day]")));
        } else {
            reason.push(word);
        }
    }
    let (Some(owner), Some(until)) = (owner, until) else {
        return Read::Void("it names no `owner=` or no `until=`: it does not hold".to_owned());
    };
    let Ok(until) = until else { return Read::Void("its `until=` is no date like 2027-03-31".to_owned()) };
    let reason = reason.join(" ").trim_end_matches("*/").trim().to_owned();
    if reason.is_empty() {
        return Read::Void("it gives no reason: it does not hold".to_owned());
    }
    if until < today {
        return Read::Void(format!("it ended on {until}; ask {owner}"));
    }
    Read::Holds(Suppression::Excepted { owner, until, reason })
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::date;

    #[test]
    fn exceptions_hold_with_owner_day_and_reason() {
        const LINE: &str = "http_tokens = \"optional\"";
        let table = [
            ("above", "# onehop:except A owner=me until=2027-01-01 old agent\n", true, false),
            ("another rule", "# onehop:except B owner=me until=2027-01-01 old agent\n", false, false),
            ("any rule", "// onehop:except * owner=me until=2027-01-01 old agent\n# and more\n", true, false),
            ("over", "# onehop:except A owner=me until=2025-01-01 old agent\n", false, true),
            ("nobody", "# onehop:except A until=2027-01-01 old agent\n", false, true),
            ("no reason", "# onehop:except A owner=me until=2027-01-01\n", false, true),
            ("no date", "# onehop:except A owner=me until=soon old agent\n", false, true),
            (
                "not right above",
                "# onehop:except A owner=me until=2027-01-01 old agent\na = 1\n",
                false,
                false,
            ),
        ];
        for (name, before, holds, says) in table {
            let mut sources = Sources::default();
            let file = sources.add("a.tf", format!("{before}{LINE}\n").as_bytes());
            let start = u32::try_from(before.len()).expect("it is short");
            let span = Some(Span { file, start, end: start + 5 });
            let mut finding = Finding { rule: "A".into(), ..Finding::default() };
            apply(&mut finding, &[span], &sources, date!(2026 - 01 - 01));
            assert_eq!(finding.suppressed.is_some(), holds, "{name}");
            assert_eq!(finding.facts.find("exception").is_some(), says, "{name}");
        }
    }
}
