//! Findings carry what attackers wrote; no format may let it out.

use crate::{made_up, report, report_with};
use onehop_report::{Facts, Finding, Fix, Format, Gate, Place, Severity, Step, Style};
use proptest::prelude::*;

#[test]
fn no_format_lets_control_characters_or_secrets_through() {
    for format in Format::ALL {
        let text = report(format, [made_up::hostile()]);
        for bad in ['\u{1b}', '\u{202e}', '\0', '\t'] {
            // In JSON paths stay exact; there the bytes are escapes, except the mark of direction, which is a letter.
            let is_json = matches!(format, Format::Json | Format::Sarif | Format::Ocsf | Format::Ecs);
            assert!(!text.contains(bad) || (is_json && bad == '\u{202e}'), "{format} has {bad:?}");
        }
        for secret in ["MadeUpMadeUp", "madeup@", "MADEUPMADEUP"] {
            assert!(!text.contains(secret), "{format} has {secret}");
        }
    }
}

#[test]
fn a_page_has_no_markup_but_its_own() {
    let page = report(Format::Html, [made_up::hostile()]);
    assert_eq!(page.matches("<script").count(), 1);
    assert_eq!(page.matches("</script").count(), 1);
    assert!(!page.contains("<img") && page.contains("&lt;img"));
    for address in ["src=", "href=", "url(", "@import"] {
        let markup = page.replace("&lt;img src=x", "");
        assert!(!markup.contains(address), "the page loads nothing: {address}");
    }
}

fn evil() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[<>&\"'`|\\\\=@#\\[\\](){}\r\n\t\u{0}\u{1b}\u{202e}\u{fffe} a-z]{0,40}",
        Just("]]><!--</title></style></script><script>".to_owned()),
    ]
}

fn finding() -> impl Strategy<Value = Finding> {
    (proptest::collection::vec(evil(), 12), 0..5_usize, any::<u64>(), any::<bool>()).prop_map(
        |(words, severity, number, is_text)| {
            let word = |at: usize| words[at].clone();
            Finding {
                rule: word(0).into(),
                title: word(1).into(),
                severity: Severity::ALL[severity],
                message: word(2).into(),
                place: if is_text {
                    Place::line(word(3), number % 1_000_000, number >> 12, 3)
                } else {
                    Place::File { path: word(3) }
                },
                subject: Some(word(4)),
                matched: word(5).into(),
                decoded: Some(word(6).into()),
                target: Some(word(7).into()),
                provider: Some(word(8).into()),
                facts: Facts::new().with(word(9), word(10)).with("source", word(5)),
                fix: Some(Fix { text: word(11).into(), command: Some(word(1)), edits: Vec::new() }),
                steps: vec![
                    Step { lane: word(2).into(), text: word(9).into(), ..Step::default() };
                    severity % 4
                ],
                ..Finding::default()
            }
        },
    )
}

/// Cells of a table as RFC 4180 reads them.
fn cells(text: &str) -> Vec<Vec<String>> {
    let (mut rows, mut row, mut cell, mut quoted) = (Vec::new(), Vec::new(), String::new(), false);
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '"' if quoted && characters.next_if_eq(&'"').is_some() => cell.push('"'),
            '"' => quoted = !quoted,
            ',' if !quoted => row.push(std::mem::take(&mut cell)),
            '\n' if !quoted => {
                row.push(std::mem::take(&mut cell));
                rows.push(std::mem::take(&mut row));
            }
            '\r' if !quoted => {}
            other => cell.push(other),
        }
    }
    rows
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn lines_of_json_are_json(findings in proptest::collection::vec(finding(), 0..4)) {
        for (format, more) in [(Format::Json, 1), (Format::Ocsf, 0), (Format::Ecs, 0)] {
            let text = report(format, findings.clone());
            prop_assert_eq!(text.lines().count(), findings.len() + more);
            for line in text.lines() {
                let value: serde_json::Value = serde_json::from_str(line).expect(line);
                prop_assert!(value.is_object());
            }
        }
        let sarif: serde_json::Value = serde_json::from_str(&report(Format::Sarif, findings.clone())).expect("SARIF is JSON");
        prop_assert_eq!(sarif["runs"][0]["results"].as_array().map(Vec::len), Some(findings.len()));
    }

    #[test]
    fn xml_is_well_formed(findings in proptest::collection::vec(finding(), 0..4)) {
        let text = report(Format::Junit, findings.clone());
        let tree = roxmltree::Document::parse(&text);
        prop_assert!(tree.is_ok(), "{:?}\n{}", tree, text);
    }

    #[test]
    fn tables_have_one_shape(findings in proptest::collection::vec(finding(), 0..4)) {
        let rows = cells(&report(Format::Csv, findings.clone()));
        prop_assert_eq!(rows.len(), findings.len() + 1);
        for row in rows {
            prop_assert_eq!(row.len(), 24);
            for cell in row {
                let is_formula = cell.len() > 1 && cell.starts_with(['=', '+', '-', '@', '＝', '\t', '\r']);
                prop_assert!(!is_formula, "{}", cell);
            }
        }
    }

    #[test]
    fn pages_have_no_markup_but_their_own(findings in proptest::collection::vec(finding(), 0..4)) {
        let page = report_with(Format::Html, Style { kept: 3, ..Style::default() }, Gate::default(), findings.clone());
        prop_assert_eq!(page.matches("<script").count(), 1);
        prop_assert_eq!(page.matches("<li class=\"finding").count(), findings.len().min(3));
        prop_assert_eq!(page.matches("<!--").count(), 0);
    }

    #[test]
    fn text_moves_no_cursor(findings in proptest::collection::vec(finding(), 0..4)) {
        let text = report(Format::Text, findings);
        let bad = text.chars().find(|character| character.is_control() && *character != '\n');
        prop_assert_eq!(bad, None);
    }
}
