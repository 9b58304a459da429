//! What a word without quotes is.

use crate::limits::Booleans;
use onehop_code::Kind;
use std::borrow::Cow;

/// Null, a truth value, a number, or text.
pub(super) fn resolve(text: Cow<'_, str>, booleans: Booleans) -> Kind {
    match text.as_ref() {
        "" | "~" | "null" | "Null" | "NULL" => Kind::Null,
        "true" | "True" | "TRUE" => Kind::Bool(true),
        "false" | "False" | "FALSE" => Kind::Bool(false),
        "yes" | "Yes" | "YES" | "on" | "On" | "ON" if booleans == Booleans::Wide => Kind::Bool(true),
        "no" | "No" | "NO" | "off" | "Off" | "OFF" if booleans == Booleans::Wide => Kind::Bool(false),
        word => number(word).map_or_else(|| Kind::String(text.into_owned()), Kind::Number),
    }
}

/// A number; none for what only looks like one. Digits behind a leading zero are text: what they are differs between
/// versions of YAML, and account numbers are written that way.
fn number(word: &str) -> Option<f64> {
    let unsigned = word.strip_prefix(['-', '+']).unwrap_or(word);
    let mut bytes = unsigned.bytes();
    let first = bytes.next()?;
    if !(first.is_ascii_digit() || first == b'.') {
        return None;
    }
    if let Some(digits) = unsigned.strip_prefix("0x") {
        return u32::from_str_radix(digits, 16).ok().map(f64::from);
    }
    let zero = first == b'0' && bytes.next().is_some_and(|it| it.is_ascii_digit());
    let plain =
        unsigned.bytes().all(|it| it.is_ascii_digit() || matches!(it, b'.' | b'e' | b'E' | b'-' | b'+'));
    if zero || !plain || !unsigned.bytes().any(|it| it.is_ascii_digit()) {
        return None;
    }
    word.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_what_their_version_of_yaml_says() {
        let text = |it: &str| Kind::String(it.to_owned());
        let cases = [
            ("true", Kind::Bool(true), Kind::Bool(true)),
            ("On", Kind::Bool(true), text("On")),
            ("no", Kind::Bool(false), text("no")),
            ("n", text("n"), text("n")),
            ("~", Kind::Null, Kind::Null),
            ("", Kind::Null, Kind::Null),
            ("2", Kind::Number(2.0), Kind::Number(2.0)),
            ("-1", Kind::Number(-1.0), Kind::Number(-1.0)),
            ("1.50", Kind::Number(1.5), Kind::Number(1.5)),
            ("1e3", Kind::Number(1000.0), Kind::Number(1000.0)),
            ("0x10", Kind::Number(16.0), Kind::Number(16.0)),
            ("012345678901", text("012345678901"), text("012345678901")),
            ("2010-09-09", text("2010-09-09"), text("2010-09-09")),
            ("1.2.3", text("1.2.3"), text("1.2.3")),
            (".", text("."), text(".")),
            ("-", text("-"), text("-")),
            ("e5", text("e5"), text("e5")),
            ("10.0.0.0/8", text("10.0.0.0/8"), text("10.0.0.0/8")),
        ];
        for (word, wide, narrow) in cases {
            assert_eq!(resolve(Cow::Borrowed(word), Booleans::Wide), wide, "{word}");
            assert_eq!(resolve(Cow::Borrowed(word), Booleans::Narrow), narrow, "{word}");
        }
    }
}
