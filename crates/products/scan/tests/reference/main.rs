//! The scanner against a slow and simple one: what that finds, it finds; what it finds beyond that has a reason.

mod scanner;

use onehop_corpus::{Attempt, Label, attempts};
use onehop_input::{Chunk, Sink as _, SourceName, Totals};
use onehop_logs::Layout;
use onehop_scan::{Event, Scanner};
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// What the scanner finds in a line of text: the service, and the host or path that it was seen by.
fn found(line: &[u8]) -> BTreeMap<String, String> {
    let mut services = BTreeMap::new();
    let mut scanner = Scanner::new(Some(Layout::text()), |event| {
        if let Event::Finding(finding) = event {
            let target = finding.target.as_ref().map_or("", |target| target.as_str());
            services.insert(finding.provider.unwrap_or_default().into_owned(), target.to_owned());
        }
        true
    });
    scanner.begin(&SourceName::new(b"a.log"));
    scanner.text(Chunk { bytes: line, offset: 0, is_continuation: false, ends_line: true });
    scanner.end(&Totals::default());
    drop(scanner);
    services
}

/// What the slow scanner finds beyond that.
fn missed(line: &[u8]) -> Option<String> {
    let (slow, fast) = (scanner::services(line), found(line));
    let missed: Vec<_> = slow.into_iter().filter(|service| !fast.contains_key(*service)).collect();
    (!missed.is_empty()).then(|| format!("{missed:?} in {}, where {fast:?} is found", line.escape_ascii()))
}

static LINES: LazyLock<Vec<Attempt>> = LazyLock::new(|| attempts(2027).take(1500).collect());

/// Why the slow scanner does not see this. It is simple: that is what it is for.
fn reason(target: &str, label: &Label) -> Option<&'static str> {
    let lenient = ["overflow-parts", "overflow-whole", "leading-zero-decimal", "v6-zone"];
    Some(match label {
        _ if target.contains('/') => "a path that only a service has",
        _ if !target.contains(['.', ':']) => "a word that a URL makes a host",
        _ if lenient.contains(&label.spelling) => "a spelling that only old clients read",
        Label { encoding: "percent-one", .. } if target.contains(':') => "an address that an escape begins",
        Label { encoding: "dot", .. } => "an escape that looks like a part of an address",
        Label { format: "haproxy", .. } => "escapes that this log alone writes",
        Label { encoding: "percent-4" | "percent-5", .. } => "more layers than it takes off",
        Label { shape: "backslashes" | "mixed-slashes", .. } => "backslashes that are no escapes",
        Label { encoding: "tab-inside" | "cr-inside" | "lf-inside", .. } => "what a client drops from a URL",
        Label { encoding: "html-decimal" | "html-hex" | "html-named", .. } => "an escape within an escape",
        _ => return None,
    })
}

#[test]
fn what_the_slow_scanner_finds_the_scanner_finds() {
    let (mut by_both, mut unexplained) = (0, Vec::new());
    for Attempt { label, line } in LINES.iter().filter(|attempt| !attempt.label.deep) {
        assert_eq!(missed(line.as_bytes()), None, "{label:?}");
        let slow = scanner::services(line.as_bytes());
        by_both += usize::from(!slow.is_empty());
        for (service, target) in found(line.as_bytes()) {
            if !slow.contains(&*service) && reason(&target, label).is_none() {
                unexplained.push(format!("{service} at {target}: {label:?} {line}"));
            }
        }
    }
    assert!(unexplained.is_empty(), "{} without a reason:\n{}", unexplained.len(), unexplained.join("\n"));
    assert!(by_both > 900, "only {by_both} lines are found by both");
}

/// A line of the corpus with a few bytes changed.
fn mutated() -> impl Strategy<Value = Vec<u8>> {
    const SIGNS: &[u8] = b"%\\&#;=.-_:/[](){}@ \"'uxX0123456789abcdefABCDEF\t\xC2\xAD\xE2";
    let edit = (any::<prop::sample::Index>(), 0..5_u8, prop::sample::select(SIGNS));
    (any::<prop::sample::Index>(), prop::collection::vec(edit, 1..5)).prop_map(|(line, edits)| {
        let mut line = line.get(&LINES).line.clone().into_bytes();
        for (at, how, sign) in edits {
            let at = at.index(line.len());
            match how {
                0 => line[at] = sign,
                1 => line.insert(at, sign),
                2 => drop(line.remove(at)),
                3 => drop(line.splice(at..=at, format!("%{:02X}", line[at]).into_bytes())),
                _ => {
                    let end = line.len().min(at + 12);
                    line.extend_from_within(at..end);
                }
            }
        }
        line.retain(|byte| *byte != b'\n');
        line
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn nor_does_it_miss_more_when_lines_are_changed(line in mutated()) {
        prop_assert_eq!(missed(&line), None);
    }
}
