use super::{Encoding, LAYERS_MAX, layers};
use proptest::prelude::*;

const PLAIN: &str = "http://169.254.169.254/latest";

/// A text that says [`PLAIN`], and the encodings that hide it, the outermost first.
const HIDDEN: &[(&str, &[&str])] = &[
    ("http%3A%2F%2F169.254.169.254%2Flatest", &["percent"]),
    ("http%3a//169%2e254.169.254/latest", &["percent"]),
    ("http%253A%252F%252F169.254.169.254%252Flatest", &["percent", "percent"]),
    ("http%25253A%25252F%25252F169.254.169.254/latest", &["percent", "percent", "percent"]),
    ("http%u003A%u002F%U002f169.254.169.254/latest", &["percent-u"]),
    ("http\\u003a\\u002F\\u002F169.254.169.254/latest", &["backslash-u"]),
    ("http\\u{3a}//169.254.169.254\\u{2F}latest", &["backslash-u"]),
    ("http\\x3a\\x2F\\x2f169.254.169.254/latest", &["backslash-x"]),
    ("http&#58;&#47;&#x2F;169.254.169.254&sol;latest", &["html"]),
    ("http&colon;&sol;&sol;169&period;254.169.254/latest", &["html"]),
    ("http=3A=2F=2F169.254.=\r\n169.254/latest", &["quoted-printable"]),
    ("http-3A-2F-2F169.254.169.254-2Flatest", &["dash"]),
    ("http_3A_2F_2F169.254.169.254_2Flatest", &["underscore"]),
    ("http.3A.2F.2F169.254.169.254.2Flatest", &["dot"]),
    ("aHR0cDovLzE2OS4yNTQuMTY5LjI1NC9sYXRlc3Q=", &["base64"]),
    ("aHR0cDovLzE2OS4yNTQuMTY5LjI1NC9sYXRlc3Q", &["base64"]),
    ("aHR0cDovLzE2OS4yNTQuMTY5LjI1NC9sYXRlc3Q%3D", &["percent", "base64"]),
    ("687474703a2f2f3136392e3235342e3136392e3235342f6c6174657374", &["hex"]),
    ("hxxp://169[.]254[.]169(dot)254/latest", &["defanged"]),
    ("hXXp[:]//169.254.169[.]254/latest", &["defanged"]),
    ("hxxp-3A-2F-2F169[.]254.169.254-2Flatest", &["dash", "defanged"]),
];

#[test]
fn what_is_hidden_is_seen() {
    for (text, wanted) in HIDDEN {
        for (before, after) in [("", ""), ("GET /?u=", " HTTP/1.1")] {
            let line = format!("{before}{text}{after}");
            let want = format!("{before}{PLAIN}{after}");
            let found = layers(line.as_bytes());
            let layer = found.iter().find(|layer| layer.text == want.as_bytes());
            let Some(layer) = layer else {
                let seen: Vec<_> = found.iter().map(|layer| String::from_utf8_lossy(&layer.text)).collect();
                panic!("{line}: {seen:#?}");
            };
            let names: Vec<&str> = layer.encodings.iter().map(|encoding| encoding.as_str()).collect();
            assert_eq!(&names, wanted, "{line}");
        }
    }
}

#[test]
fn ordinary_text_has_no_layers() {
    for text in [
        "",
        "https://example.com/2024-12-01/report-3.pdf",
        "GET /index.html HTTP/1.1 200",
        "the year 2024-25 was good - 100%",
        "c2hvcnQgYW5kIGhhcm1sZXNzIHRleHQ=",
        "deadbeefdeadbeefdeadbeef",
    ] {
        assert_eq!(layers(text.as_bytes()), [], "{text}");
    }
}

/// Text beside the escapes that is not UTF-8 stays as it is.
#[test]
fn other_bytes_stay() {
    let found = layers(b"\xff%3A\xfe");
    assert_eq!(found[0].text, b"\xff:\xfe");
}

/// Anything that looks like escapes more often than chance has it.
fn text() -> impl Strategy<Value = Vec<u8>> {
    let part = prop_oneof![
        prop::sample::select(vec![
            "%",
            "%25",
            "%u",
            "\\u",
            "\\u{",
            "}",
            "\\x",
            "&#",
            "&#x",
            ";",
            "=",
            "=\n",
            "-2F",
            "_3A",
            ".2E",
            "hxxp",
            "[.]",
            "(dot)",
            "0041",
            "3a",
            "aHR0cDov",
            "687474703a",
        ])
        .prop_map(|text| text.as_bytes().to_vec()),
        prop::collection::vec(any::<u8>(), 0..6),
    ];
    prop::collection::vec(part, 0..24).prop_map(|parts| parts.concat())
}

proptest! {
    /// Nothing panics, nothing grows, and the number of layers is bounded.
    #[test]
    fn decoding_is_bounded(text in text()) {
        let found = layers(&text);
        prop_assert!(found.len() <= LAYERS_MAX);
        for layer in &found {
            prop_assert!(layer.text.len() <= text.len());
            prop_assert!(!layer.encodings.is_empty() && layer.encodings.len() <= 3);
        }
        for encoding in Encoding::ALL {
            prop_assert!(encoding.decode(&text).len() <= text.len());
        }
    }
}
