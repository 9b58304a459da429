//! `src/spelling/compatible.rs` is made from Unicode's compatibility mappings: compared here, written with
//! `ONEHOP_WRITE_TABLES=1`.

use std::fmt::Write as _;
use std::path::PathBuf;
use unicode_normalization::UnicodeNormalization;

struct Run {
    first: char,
    last: char,
    text: String,
    counts: bool,
}

/// The ASCII text that a character is compatible with, in lower case.
fn ascii(character: char) -> Option<String> {
    if character.is_ascii() {
        return None;
    }
    if matches!(character, '\u{3002}' | '\u{ff61}') {
        return Some(".".into());
    }
    let text = std::iter::once(character).nfkc().collect::<String>().to_lowercase();
    (text.is_ascii() && !text.is_empty()).then_some(text)
}

fn continues(run: &Run, character: char, text: &str) -> Option<bool> {
    let next = u32::from(run.last) + 1 == u32::from(character);
    let offset = u32::from(character) - u32::from(run.first);
    let counted = match (run.text.chars().next(), text.chars().next()) {
        (Some(start), Some(here)) => text.len() == 1 && u32::from(start) + offset == u32::from(here),
        _ => false,
    };
    let single = run.first == run.last;
    match () {
        () if !next || run.text.len() != text.len() => None,
        () if (single || run.counts) && counted => Some(true),
        () if (single || !run.counts) && run.text == text => Some(false),
        () => None,
    }
}

fn runs() -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for character in '\u{80}'..=char::MAX {
        let Some(text) = ascii(character) else { continue };
        let joined = runs.last().and_then(|run| continues(run, character, &text));
        match (runs.last_mut(), joined) {
            (Some(run), Some(counts)) => (run.last, run.counts) = (character, counts),
            _ => runs.push(Run { first: character, last: character, text, counts: false }),
        }
    }
    runs
}

#[test]
fn generated_file_is_what_unicode_says() {
    let runs = runs();
    let (major, minor, update) = unicode_normalization::UNICODE_VERSION;
    let mut text = format!(
        "//! Characters that are compatible with ASCII (NFKC), and two ideographic dots. Unicode {major}.{minor}.{update}. Made by the test\n//! `folds`: `ONEHOP_WRITE_TABLES=1 cargo test -p onehop-address --test suite folds`.\n\nuse super::fold::Run;\n\n/// In order, without overlap.\n#[rustfmt::skip]\npub(super) static COMPATIBLE: [Run; {}] = [\n",
        runs.len()
    );
    for run in &runs {
        writeln!(
            text,
            "    Run {{ first: '\\u{{{:x}}}', last: '\\u{{{:x}}}', text: {:?}, counts: {} }},",
            u32::from(run.first),
            u32::from(run.last),
            run.text,
            run.counts
        )
        .expect("text");
    }
    text.push_str("];\n");

    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src/spelling/compatible.rs");
    if std::env::var_os("ONEHOP_WRITE_TABLES").is_some() {
        std::fs::write(&path, &text).expect("the table can be written");
    }
    let there = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(there == text, "src/spelling/compatible.rs differs from Unicode; run with ONEHOP_WRITE_TABLES=1");
}

/// The reader against the mapping itself, for every character there is.
#[test]
fn every_character_is_read_as_unicode_says() {
    use onehop_address::spelling::{Host, read};
    for character in '\u{80}'..=char::MAX {
        let Some(want) = ascii(character) else { continue };
        let host = format!("a{character}b");
        let plain = want.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
        match read(&host) {
            Ok(reading) => {
                let Host::Name(name) = reading.host else { panic!("{host:?} is an address") };
                assert_eq!(name, format!("a{want}b"), "{host:?}");
                assert!(plain && !reading.folds.is_empty(), "{host:?}");
            }
            Err(reason) => assert!(!plain || want.contains(".."), "{host:?}: {reason}"),
        }
    }
}
