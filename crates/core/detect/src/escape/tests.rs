use super::*;

struct Case {
    text: &'static str,
    want: Option<(usize, Meaning, Encoding)>,
}

#[test]
fn one_layer_is_read() {
    use Encoding::{
        Backslash, BackslashU, BackslashX, Defanged, Hash, Html, Octal, Percent, PercentU, QuotedPrintable,
    };
    let byte = |length, byte, encoding| Some((length, Meaning::Byte(byte), encoding));
    for Case { text, want } in [
        Case { text: "%2e.", want: byte(3, b'.', Percent) },
        Case { text: "%2", want: None },
        Case { text: "%zz", want: None },
        Case { text: "%u002e", want: byte(6, b'.', PercentU) },
        Case { text: "%U2460", want: Some((6, Meaning::Character('①'), PercentU)) },
        Case { text: "\\u0031", want: byte(6, b'1', BackslashU) },
        Case { text: "\\u{31}", want: byte(6, b'1', BackslashU) },
        Case { text: "\\u{2460}", want: Some((8, Meaning::Character('①'), BackslashU)) },
        Case { text: "\\ud800", want: None },
        Case { text: "\\x2E", want: byte(4, b'.', BackslashX) },
        Case { text: "\\56", want: byte(3, b'.', Octal) },
        Case { text: "\\056", want: byte(4, b'.', Octal) },
        Case { text: "\\1", want: None },
        // JavaScript and Java read it so.
        Case { text: "\\562", want: byte(3, b'.', Octal) },
        // `\056` once the digit is there.
        Case { text: "\\05%36", want: None },
        Case { text: "&#4%36;", want: None },
        Case { text: "&#46%%33B", want: None },
        Case { text: "\\/", want: byte(2, b'/', Backslash) },
        Case { text: "\\t", want: byte(2, b'\t', Backslash) },
        Case { text: "\\", want: None },
        Case { text: "&#46;", want: byte(5, b'.', Html) },
        Case { text: "&#x2e;", want: byte(6, b'.', Html) },
        Case { text: "&#x2e", want: byte(5, b'.', Html) },
        Case { text: "&#9312;", want: Some((7, Meaning::Character('①'), Html)) },
        Case { text: "&#99999999999;", want: None },
        Case { text: "&period;", want: byte(8, b'.', Html) },
        Case { text: "&copy;", want: None },
        Case { text: "&#2349;", want: None },
        Case { text: "&#23x31;", want: None },
        Case { text: "&#23;", want: byte(5, 0x17, Html) },
        Case { text: "&#46%3B", want: None },
        Case { text: "&period%3B", want: None },
        Case { text: "\\ud835\\udfcf", want: Some((12, Meaning::Character('\u{1d7cf}'), BackslashU)) },
        Case { text: "%uD835%uDFCF", want: Some((12, Meaning::Character('\u{1d7cf}'), PercentU)) },
        Case { text: "\\ud835\\u0031", want: None },
        Case { text: "[.]", want: byte(3, b'.', Defanged) },
        Case { text: "(dot)", want: byte(5, b'.', Defanged) },
        Case { text: "[:]", want: byte(3, b':', Defanged) },
        Case { text: "[.)", want: None },
        Case { text: "[a]", want: None },
        Case { text: "=E2=91=A0", want: Some((9, Meaning::Character('①'), QuotedPrintable)) },
        Case { text: "=E2=91", want: None },
        Case { text: "=A9FE", want: None },
        Case { text: "=3A", want: None },
        Case { text: "#22", want: byte(3, b'"', Hash) },
        Case { text: "#31", want: None },
        Case { text: "", want: None },
    ] {
        let read = read(text.as_bytes()).map(|escape| (escape.length, escape.meaning, escape.encoding));
        assert_eq!(read, want, "{text}");
    }
}

#[test]
fn a_chain_is_followed_to_its_end() {
    for (text, want) in [
        ("%31", Some((Meaning::Byte(b'1'), 3))),
        ("%2531", Some((Meaning::Byte(b'1'), 5))),
        ("%25252531", Some((Meaning::Byte(b'1'), 9))),
        ("%5Cx31", Some((Meaning::Byte(b'1'), 6))),
        ("\\\\u0031", Some((Meaning::Byte(b'1'), 7))),
        ("%26%23x31;", Some((Meaning::Byte(b'1'), 10))),
        ("%2526%2523049%253B", Some((Meaning::Byte(b'1'), 18))),
        ("%26#x31;", Some((Meaning::Byte(b'1'), 8))),
        ("%26#49%3B", Some((Meaning::Byte(b'1'), 9))),
        ("&period%253B", Some((Meaning::Byte(b'.'), 12))),
        ("%5Cu%7B31%7D", Some((Meaning::Byte(b'1'), 12))),
        ("%5B.%5D", Some((Meaning::Byte(b'.'), 7))),
        ("%255B%252E%255D", Some((Meaning::Byte(b'.'), 15))),
        ("\\\\ud835\\\\udfcf", Some((Meaning::Character('\u{1d7cf}'), 14))),
        ("%23110", Some((Meaning::Byte(b'#'), 3))),
        ("%25zz", Some((Meaning::Byte(b'%'), 3))),
        ("plain", None),
    ] {
        assert_eq!(meaning(text.as_bytes()), want, "{text}");
    }
    let deep = format!("%{}31", "25".repeat(1000));
    assert!(meaning(deep.as_bytes()).is_some_and(|(_, used)| used < 64), "a chain is bounded");
}

/// Escapes that hold others must not be read by a function that calls itself: the stack is finite, a line is not.
#[test]
fn nested_escapes_do_not_use_up_the_stack() {
    for part in ["&#1", "%26#1", "[.", "%5B.", "(%2E", "=E2", "\\ud835", "&#1%2526"] {
        let text = part.repeat(300_000);
        assert!(meaning(text.as_bytes()).is_none_or(|(_, used)| used < 200), "{part}");
        assert!(read(text.as_bytes()).is_none_or(|escape| escape.length < 200), "{part}");
    }
}
