use super::*;

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
    ] {
        assert!(any_matters(&format!("x={text} ")), "{text}");
    }
}
