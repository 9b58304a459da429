use super::*;
use crate::token::{self, Hosts};
use crate::unfold::{self, LAYERS_MAX};
use crate::views::{self, Reading, View};
use proptest::prelude::*;

fn any_matters(text: &str) -> bool {
    (0..text.len()).any(|at| matters(text.as_bytes(), at))
}

#[test]
fn ordinary_lines_do_not_matter() {
    for line in [
        r#"192.168.100.10 - - [10/Oct/2026:13:55:36 +0000] "GET /a?b=100&c=%20x HTTP/1.1" 200 1692 "-" "Mozilla/5.0 (Win64; x64)""#,
        "see %D0%BF%D1%80%D0%B8 and %E4%BD%A0, caf\u{e9}, \u{4f60}\u{597d}\u{3002}\u{20ac}",
        r#"{"a":"b\"c","n":"x\ny","p":"c:\\temp"}"#,
        "#include <a.h> #123 &amp; &copy; 100% &x=1",
        "metadata.json user-data meta-data 169 251 2851234567",
        "https%3A%2F%2Fexample.com%2Fa%3Fb%3Dc",
        "a=169.254.9.9&b=0xa9.254.9.9&c=169.254.25 http://169.254.9.9:80/ (169.254.9.9)",
    ] {
        assert!(!any_matters(line), "{line}");
    }
}

#[test]
fn every_anchor_matters_as_it_is_and_behind_escapes() {
    for text in [
        "169.254.169.254",
        "169%2e254",
        "169%252e254",
        "169\u{3002}254",
        "169%09.254",
        "1%09%0A69.254.",
        "%31",
        "%2531",
        "\\x31",
        "&#49;",
        "&amp;#49;",
        "%26%2349;",
        "&#x31;",
        "①",
        "%e2%91%a0",
        "%c0%b1",
        "169-2E254",
        "169.254.169&#46;254",
        "169.254.169&period;254",
        "169.254.169[.]254",
        "169.254.169=2e254",
        "169.254.23",
        "169.254.9.9.nip.io",
        "681.766.169.254",
        "2852039166",
        "0xa9fea9fe",
        "a9fe:a9fe",
        "a9fe%3aa9fe",
        "a9:fea9",
        "fd00:ec2",
        "metadata.google",
        "latest/meta-data/",
        "latest%2Fuser-data",
        "fd00\\u{3a}ec2",
        "http:/\\16%0D9.254",
        "http:/\\x5c16\\xe2\\x80\\x8b9.254",
        "http%3A%5C%5Crancher-%C2%AD%C2%ADmetadata%5C",
        "[fd00%c0%baec2",
        "169%26%23x2e;254",
        "169%26%230000046;254",
    ] {
        assert!(any_matters(&format!("x={text} ")), "{text}");
    }
}

/// Whether the table of escapes has what stands at the beginning.
fn is_listed(text: &[u8]) -> bool {
    let fits = |(set, byte): (&&[u8], &u8)| set.is_empty() || set.contains(byte);
    ESCAPES.iter().any(|escape| escape.iter().zip(text).all(fits))
}

#[test]
fn every_escape_that_matters_is_listed() {
    let mut count = 0;
    let mut check = |text: &[u8]| {
        let matters = matters(text, 0);
        count += usize::from(matters);
        assert!(!matters || is_listed(text), "{}", String::from_utf8_lossy(text));
    };
    for point in (0..0x11_0000).filter_map(char::from_u32) {
        let bytes = point.encode_utf8(&mut [0; 4]).to_owned();
        for end in ["69.254", "", "23;", "#49;"] {
            let escaped = bytes.bytes().fold(String::new(), |text, byte| format!("{text}%{byte:02X}"));
            check(format!("{escaped}{end}").as_bytes());
            check(format!("%u{:04x}{end}", u32::from(point)).as_bytes());
        }
    }
    for sign in SIGNS {
        for two in 0..=u16::MAX {
            let [high, low] = two.to_be_bytes();
            for end in [&b""[..], b"1", b"31;", b"9.254", b"\\x31", b"%A9", b"%90%B1", b"%BF%BF", b"{31}"] {
                check(&[&[sign, high, low][..], end].concat());
            }
        }
    }
    assert!(count > 10_000, "{count}");
}

proptest! {
    #[test]
    fn the_next_anchor_is_the_first_place_that_is_one(text in "[169a9fexd0.:%4 25Ct\u{ff11}]{0,24}", from in 0..28_usize) {
        let text = text.as_bytes();
        let is_one = |at: &usize| match text[*at..] {
            [first, second, third, fourth, ..] => is_anchor([first, second, third, fourth]),
            [first, second, third] => is_anchor([first, second, third, END]),
            _ => false,
        };
        prop_assert_eq!(next(text, from), (from..text.len()).find(is_one));
    }
}

/// Whether an address stands anywhere in a text, its layers or their views: without asking what matters.
fn has_address(text: &str) -> bool {
    let mut layers = vec![text.as_bytes().to_vec()];
    while layers.len() <= LAYERS_MAX {
        let mut next = Vec::new();
        if unfold::unfold(&layers[layers.len() - 1], &mut next).is_empty() {
            break;
        }
        layers.push(next);
    }
    let holds = |text: &[u8]| {
        let mut at = 0..text.len();
        at.any(|at| token::around(text, at, &mut Hosts::default(), &mut (0..0)).is_some())
    };
    let mut view = View::default();
    layers.iter().any(|layer| {
        view.close_up(layer);
        let has_view = holds(&view.text);
        let mut signs = views::signs(layer);
        let in_delimiters = signs.any(|(sign, _)| {
            view.delimited(layer, &[sign], Reading::Every);
            holds(&view.text)
        });
        has_view || in_delimiters || holds(layer)
    })
}

/// What may stand between parts, for a dot or not.
const DOTS: &[&str] = &[
    "%2e",
    "%252e",
    "&#46;",
    "&period;",
    "&#x2e",
    "[.]",
    "(dot)",
    "-2E",
    "=2e",
    "_2e",
    "\u{3002}",
    "\\x2e",
    "\\u{2e}",
    ".\u{ad}",
    "%09.",
    "&%2346;",
    "%26period;",
    "&%70eriod;",
    "&",
    "=",
    "\\",
    "%",
    "@",
    ":",
    "[",
    "-",
    "_",
    "/",
    " ",
];
const BEFORE: &[&str] = &["", "x=", "http://", "1.", "a-", "[::ffff:", "//u@", "[64:ff9b::"];
const AFTER: &[&str] = &[
    "", "/", ":80", "&a=1", ".", ".nip.io", "_", "-a", "\u{ff11}", "%31", "\"", "]", "]:80", "x", "=40b",
    ".40b",
];

/// How a number is written: in a radix, in decimal with a zero in front, or one turn beyond its bits.
#[derive(Clone, Copy, Debug)]
enum Form {
    Decimal,
    Octal,
    Hexadecimal,
    Zero,
    Beyond,
}

const FORMS: &[Form] =
    &[Form::Decimal, Form::Decimal, Form::Octal, Form::Hexadecimal, Form::Zero, Form::Beyond];

/// An address of a service in parts, one for each form.
fn written(target: u32, forms: &[Form]) -> Vec<String> {
    let last = forms.len() - 1;
    let value = |place: usize| target << (8 * place) >> if place == last { 8 * place } else { 24 };
    let written = |(place, form): (usize, &Form)| match form {
        Form::Octal => format!("0{:o}", value(place)),
        Form::Hexadecimal => format!("0x{:x}", value(place)),
        Form::Zero if place > 0 => format!("0{}", value(place)),
        Form::Beyond if place < last || last == 3 => (value(place) + 256).to_string(),
        _ => value(place).to_string(),
    };
    forms.iter().enumerate().map(written).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    #[test]
    fn where_an_address_stands_something_matters(
        (before, after) in (prop::sample::select(BEFORE), prop::sample::select(AFTER)),
        target in prop::sample::select(&TARGETS[..]),
        forms in prop::collection::vec(prop::sample::select(FORMS), 2..5),
        other in prop::option::weighted(0.2, (1..4_usize, 0..600_u32)),
        dots in prop::collection::vec(prop::option::weighted(0.4, prop::sample::select(DOTS)), 3),
    ) {
        let mut parts = written(target, &forms);
        if let Some((at, other)) = other && let Some(part) = parts.get_mut(at) {
            *part = other.to_string();
        }
        let rest = parts[1..].iter().zip(dots).map(|(part, dot)| [dot.unwrap_or("."), part].concat());
        let text = format!("{before}{}{}{after}", parts[0], rest.collect::<String>());
        prop_assert!(!has_address(&text) || any_matters(&text), "{text}");
    }
}
