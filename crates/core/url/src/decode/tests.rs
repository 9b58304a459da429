//! What is hidden is seen, by the layer whose encodings are named; ordinary text stays as it is.

use super::{Depth, Encoding, LAYERS_MAX, PERCENTS_MAX, ROUNDS_MAX, layers, layers_of};
use proptest::prelude::*;

const PLAIN: &str = "http://169.254.169.254/latest";

/// A text that says [`PLAIN`], the encodings that hide it, the outermost first, and why it is here.
struct Case {
    input: &'static str,
    want: &'static [&'static str],
    why: &'static str,
}

const fn case(input: &'static str, want: &'static [&'static str], why: &'static str) -> Case {
    Case { input, want, why }
}

const HIDDEN: &[Case] = &[
    case("http%3A%2F%2F169.254.169.254%2Flatest", &["percent"], "a parameter of a query"),
    case("http%3a//169%2e254.169.254/latest", &["percent"], "a dot in it"),
    case("%68%74%74%70%3a%2f%2f169.254.169.254/latest", &["percent"], "letters too"),
    case("http%253A%252F%252F169.254.169.254%252Flatest", &["percent"; 2], "twice"),
    case("http%25253A%25252F%25252F169.254.169.254/latest", &["percent"; 3], "three times"),
    case("http:%252525252F/169.254.169.254/latest", &["percent"; 5], "five times"),
    case("http:%252525252525252F/169.254.169.254/latest", &["percent"; 8], "as often as there is"),
    case("http%u003A%u002F%U002f169.254.169.254/latest", &["percent-u"], "of IIS"),
    case("http\\u003a\\u002F\\u002F169.254.169.254/latest", &["backslash-u"], "JSON, JavaScript"),
    case("http\\u{3a}//169.254.169.254\\u{2F}latest", &["backslash-u"], "JavaScript, Rust"),
    case("http\\x3a\\x2F\\x2f169.254.169.254/latest", &["backslash-x"], "nginx's log"),
    case("http\\72\\57\\057169\\56254.169.254/latest", &["octal"], "C, shells"),
    case("http:\\/\\/169.254.169.254\\/latest", &["json"], "JSON of PHP"),
    case("http:\\\\/\\\\/169.254.169.254\\\\/latest", &["json", "json"], "JSON in JSON"),
    case("http\\\\u003a//169.254.169.254/latest", &["json", "backslash-u"], "JSON in JSON"),
    case("http&#58;&#47;&#x2F;169.254.169.254&sol;latest", &["html"], "numbers and names"),
    case("http&#0000000000058;//169.254.169.254/latest", &["html"], "zeros in front"),
    case("http&colon;&sol;&sol;169&period;254.169.254/latest", &["html"], "names"),
    case("http&amp;#58;//169.254.169.254/latest", &["html", "html"], "twice"),
    case("http%26%2358%3B//169.254.169.254/latest", &["percent", "html"], "HTML in a query"),
    case("http=3A=2F=2F169.254.=\r\n169.254/latest", &["quoted-printable"], "mail"),
    case("http-3A-2F-2F169.254.169.254-2Flatest", &["dash"], "mail gateways"),
    case("http_3A_2F_2F169.254.169.254_2Flatest", &["underscore"], "mail gateways"),
    case("http.3A.2F.2F169.254.169.254.2Flatest", &["dot"], "MediaWiki"),
    case("http://169#2E254#2E169.254/latest", &["hash"], "HAProxy's log"),
    case("http#3A#2F#2F169.254.169.254/latest", &["hash"], "HAProxy's log"),
    case("http://169%c0%ae254%c0%ae169.254/latest", &["percent", "overlong"], "two bytes for one"),
    case("http://169%e0%80%ae254.169%f0%80%80%ae254/latest", &["percent", "overlong"], "three and four"),
    case("http:%f8%80%80%80%af%fc%80%80%80%80%af169.254.169.254/latest", &["percent", "overlong"], "more"),
    case("http://169%25c0%25ae254.169.254/latest", &["percent", "percent", "overlong"], "encoded twice"),
    case("ht\ttp://169.254\n.169.254/latest", &["breaks"], "browsers drop it"),
    case("ht\\tt\\np://169.254.\\r\\n169.254/latest", &["breaks"], "the same, escaped by a log"),
    case("ht%09tp://169.254.169%0d%0a.254/la%0Atest", &["percent", "breaks"], "the same in a query"),
    case("aHR0cDovLzE2OS4yNTQuMTY5LjI1NC9sYXRlc3Q=", &["base64"], "padded"),
    case("aHR0cDovLzE2OS4yNTQuMTY5LjI1NC9sYXRlc3Q", &["base64"], "not padded"),
    case("aHR0cDovLzE2OS4yNTQuMTY5LjI1NC9sYXRlc3Q%3D", &["percent", "base64"], "in a query"),
    case("SFR0cDovLzE2OS4yNTQuMTY5LjI1NC9sYXRlc3Q", &["base64"], "capital letters"),
    case(
        "aAB0AHQAcAA6AC8ALwAxADYAOQAuADIANQA0AC4AMQA2ADkALgAyADUANAAvAGwAYQB0AGUAcwB0AA==",
        &["base64"],
        "UTF-16, as PowerShell takes it",
    ),
    case("YUhSMGNEb3ZMekUyT1M0eU5UUXVNVFk1TGpJMU5DOXNZWFJsYzNR", &["base64", "base64"], "base64 in base64"),
    case("aHR0cCUzQS8vMTY5LjI1NC4xNjkuMjU0L2xhdGVzdA==", &["base64", "percent"], "percent in base64"),
    case("687474703a2f2f3136392e3235342e3136392e3235342f6c6174657374", &["hex"], "a run"),
    case("0x687474703A2F2F3136392E3235342E3136392E3235342F6C6174657374", &["hex"], "of SQL"),
    case("\\x687474703a2f2f3136392e3235342e3136392e3235342f6c6174657374", &["hex"], "of PostgreSQL"),
    case(
        "68:74:74:70:3a:2f:2f:31:36:39:2e:32:35:34:2e:31:36:39:2e:32:35:34:2f:6c:61:74:65:73:74",
        &["hex"],
        "with colons",
    ),
    case(
        "68 74 74 70 3a 2f 2f 31 36 39 2e 32 35 34 2e 31 36 39 2e 32 35 34 2f 6c 61 74 65 73 74",
        &["hex"],
        "a dump",
    ),
    case(
        "0x68, 0x74, 0x74, 0x70, 0x3a, 0x2f, 0x2f, 0x31, 0x36, 0x39, 0x2e, 0x32, 0x35, 0x34, 0x2e, 0x31, 0x36, \
         0x39, 0x2e, 0x32, 0x35, 0x34, 0x2f, 0x6c, 0x61, 0x74, 0x65, 0x73, 0x74",
        &["hex"],
        "an array of C",
    ),
    case(
        "0x680x740x740x700x3a0x2f0x2f0x310x360x390x2e0x320x350x340x2e0x310x360x390x2e0x320x350x340x2f0x6c0x610x740x650x73\
         0x74",
        &["hex"],
        "prefixes alone",
    ),
    case("NB2HI4B2F4XTCNRZFYZDKNBOGE3DSLRSGU2C63DBORSXG5A=", &["base32"], "padded"),
    case("nb2hi4b2f4xtcnrzfyzdknboge3dslrsgu2c63dborsxg5a", &["base32"], "small letters, not padded"),
    case("tsetal/452.961.452.961//:ptth", &["reversed"], "read from behind"),
    case("tsetal%2F452.961.452.961%2F%2F:ptth", &["percent", "reversed"], "and in a query"),
    case("hxxp://169[.]254[.]169(dot)254/latest", &["defanged"], "a report"),
    case("hXXp[:]//169.254.169[.]254/latest", &["defanged"], "a report"),
    case("hxxp-3A-2F-2F169[.]254.169.254-2Flatest", &["defanged", "dash"], "two at once"),
    case(
        "http%3A\\u002f&#47;169[.]254.169=2E254/latest",
        &["percent", "backslash-u", "html", "defanged", "quoted-printable"],
        "more than there are rounds, all taken off one after the other",
    ),
];

#[test]
fn what_is_hidden_is_seen() {
    for Case { input, want, why } in HIDDEN {
        for (before, after) in [("", ""), ("GET /?u=", " HTTP/1.1"), ("{\"u\": \"", "\"}")] {
            let line = format!("{before}{input}{after}");
            let found = layers(line.as_bytes());
            let says_it = |text: &[u8]| {
                let text = String::from_utf8_lossy(text);
                text.eq_ignore_ascii_case(&format!("{before}{PLAIN}{after}"))
            };
            let Some(layer) = found.iter().find(|layer| says_it(&layer.text)) else {
                let seen: Vec<_> = found.iter().map(|layer| String::from_utf8_lossy(&layer.text)).collect();
                panic!("{line} ({why}): {seen:#?}");
            };
            let names: Vec<&str> = layer.encodings.iter().map(|encoding| encoding.as_str()).collect();
            assert_eq!(&names, want, "{line} ({why})");
        }
    }
}

/// A URL that fills a column ends with it; one that is broken in its scheme is a disguise there too.
#[test]
fn a_tab_between_columns_is_no_break() {
    for (line, want) in [
        ("10.0.0.7\thttp://169.254.169.254\t80\tGET", &[][..]),
        ("10.0.0.7\t%68ttp://169.254.169.254\t80", &["10.0.0.7\thttp://169.254.169.254\t80"]),
        ("10.0.0.7\tht\ttp://169.254.169.254/a", &["10.0.0.7\thttp://169.254.169.254/a"]),
        ("a\tb\nhttp://169.254\t.169.254/a", &["a\tb\nhttp://169.254.169.254/a"]),
    ] {
        let layers = layers_of(line.as_bytes(), Depth::Plain);
        let found: Vec<_> = layers.iter().map(|layer| String::from_utf8_lossy(&layer.text)).collect();
        assert_eq!(found, want, "{line:?}");
    }
}

/// Every encoding has a case, and only the deep ones are missing at the lesser depth.
#[test]
fn each_encoding_has_its_depth() {
    for encoding in Encoding::ALL {
        let cases: Vec<_> = HIDDEN.iter().filter(|case| case.want == [encoding.as_str()]).collect();
        assert!(!cases.is_empty() || *encoding == Encoding::Overlong, "{encoding:?}");
        for Case { input, .. } in cases {
            let plain = layers_of(input.as_bytes(), Depth::Plain);
            let is_seen = plain.iter().any(|layer| layer.text == PLAIN.as_bytes());
            assert_eq!(is_seen, !encoding.is_deep(), "{input}");
        }
    }
}

/// Junk before and behind, and parts of the text that are no URL.
#[test]
fn a_packed_url_is_found_inside_other_text() {
    for (input, want) in [
        ("xaHR0cDovLzE2OS4yNTQuMTY5LjI1NC8=", "xhttp://169.254.169.254/"),
        ("x9aHR0cDovLzE2OS4yNTQuMTY5LjI1NC8=", "x9http://169.254.169.254/"),
        ("x9_aHR0cDovLzE2OS4yNTQuMTY5LjI1NC8=", "x9_http://169.254.169.254/"),
        ("/p/aHR0cDovLzE2OS4yNTQuMTY5LjI1NC8", "http://169.254.169.254/"),
        ("eyJ1cmwiOiJodHRwOi8vMTY5LjI1NC4xNjkuMjU0LyJ9", "{\"url\":\"http://169.254.169.254/\"}"),
        ("Z29waGVyOi8vMTY5LjI1NC4xNjkuMjU0Lw==", "gopher://169.254.169.254/"),
        ("MTY5LjI1NC4xNjkuMjU0L2xhdGVzdA==", "169.254.169.254/latest"),
        ("aHR0cDovLzE2OS4yNTQuMTY5LjI1NC8/YT1-w7w", "http://169.254.169.254/?a=~ü"),
        ("af687474703a2f2f612f", "http://a/"),
        ("f687474703a2f2f612f", "fhttp://a/"),
        ("6800740074007000 3a 68747470 3a2f2f61", "6800740074007000 3a 68747470 3a2f2f61"),
        ("68007400740070003a002f002f006100", "http://a"),
        ("at 12:30: 68 74 74 70 3a 2f 2f 61", "at 12:30: http://a"),
    ] {
        let found = layers(input.as_bytes());
        let is_there = found.iter().any(|layer| String::from_utf8_lossy(&layer.text).ends_with(want));
        assert!(is_there || input == want && found.is_empty(), "{input}: {found:?}");
    }
}

/// What a host is folded from stays for whoever reads hosts.
#[test]
fn characters_beyond_ascii_stay() {
    for (input, want) in [
        ("http://169%EF%BC%8E254.169.254/", "http://169\u{ff0e}254.169.254/"),
        ("http://169\\uff0e254.169.254/", "http://169\u{ff0e}254.169.254/"),
        ("http://\\ud835\\udfcf69.254.169.254/", "http://\u{1d7cf}69.254.169.254/"),
        ("http://169\\357\\274\\216254.169.254/", "http://169\u{ff0e}254.169.254/"),
        ("452\u{ff0e}961.452.961//:ptth", "http://169.254.169\u{ff0e}254"),
    ] {
        let found = layers(input.as_bytes());
        assert_eq!(String::from_utf8_lossy(&found[0].text), want, "{input}");
    }
}

#[test]
fn the_most_probable_comes_first() {
    let found = layers(b"u=http%253A%252F%252Fa&v=x-2Fy");
    let texts: Vec<_> = found.iter().map(|layer| String::from_utf8_lossy(&layer.text)).collect();
    assert_eq!(texts[..2], ["u=http%3A%2F%2Fa&v=x-2Fy", "u=http://a&v=x-2Fy"], "{texts:#?}");
    assert_eq!(texts[2], "u=http%253A%252F%252Fa&v=x/y", "{texts:#?}");
    assert_eq!(texts[3], "u=http://a&v=x/y", "{texts:#?}");
}

/// Text that has every sign, as an attacker may write it, does not crowd out what is hidden deepest.
#[test]
fn a_flood_of_escapes_hides_nothing() {
    let flood = "%2525 \\u0041 \\/ &amp; \\x41 %u0041 \\101 [.] =3D #41 x-2F x_2F x.2F \t";
    let hidden = "WVVoU01HTkViM1pNZWtVeVQxTTBlVTVVVVhWTlZGazFUR3BKTVU1RE9EMA==";
    let line = format!("{flood} {hidden} {flood}");
    let found = layers(line.as_bytes());
    let is_there = |text: &[u8]| text.windows(22).any(|part| part == b"http://169.254.169.254");
    assert!(found.len() <= LAYERS_MAX);
    assert!(found.iter().any(|layer| is_there(&layer.text)), "{found:#?}");
}

#[test]
fn ordinary_text_has_no_layers() {
    for text in [
        "",
        "https://example.com/2024-12-01/report-3.pdf",
        "GET /index.html?page=20&size=3b HTTP/1.1 200",
        "the year 2024-25 was good - 100%",
        "c2hvcnQgYW5kIGhhcm1sZXNzIHRleHQ=",
        "deadbeefdeadbeefdeadbeef",
        "de:ad:be:ef:00:11:22:33:44:55:66:77",
        "eth0 52:54:00:12:34:56 at 12:30:59 on 2024-12-01",
        "C:\\Users\\name \\1 \\n",
        "http://a.example/x\t200\thttp://b.example/y\n",
        "#fff #a1b2c3 body{color:#0f0}",
        "MFRGGZDFMZTWQ2LKNNWG23TPOBYXE43U",
        "naïve Übung àé",
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
            "\\",
            "\\/",
            "\\5",
            "&#",
            "&#x",
            "&",
            ";",
            "=",
            "=\n",
            "-2F",
            "_3A",
            ".2E",
            ".3A",
            "#",
            "#2E",
            "hxxp",
            "ht\ttp",
            "http://",
            ":ptth",
            "\t",
            "\\n",
            "[.]",
            "(dot)",
            "0041",
            "d835",
            "3a",
            "0x",
            "68",
            ":",
            " ",
            "aHR0cDov",
            "687474703a",
            "NB2HI4B2",
            "\u{ff0e}",
        ])
        .prop_map(|text| text.as_bytes().to_vec()),
        prop::sample::select(vec![&b"\xc0\xae"[..], b"\xe0\x80", b"\xaf", b"\xfc"]).prop_map(<[u8]>::to_vec),
        prop::collection::vec(any::<u8>(), 0..6),
    ];
    prop::collection::vec(part, 0..24).prop_map(|parts| parts.concat())
}

proptest! {
    /// Nothing panics, nothing grows, the number of layers is bounded, and each is what its encodings give.
    #[test]
    fn decoding_is_bounded(text in text()) {
        let found = layers(&text);
        prop_assert!(found.len() <= LAYERS_MAX);
        for (at, layer) in found.iter().enumerate() {
            let percents = layer.encodings.iter().filter(|encoding| **encoding == Encoding::Percent).count();
            prop_assert!(layer.text.len() <= text.len());
            prop_assert!(percents <= PERCENTS_MAX && !layer.encodings.is_empty());
            prop_assert!(layer.encodings.len() - percents <= ROUNDS_MAX * (Encoding::ALL.len() - 1));
            prop_assert!(layer.text != text && found[..at].iter().all(|other| other.text != layer.text));
            let again = layer.encodings.iter().fold(text.clone(), |text, encoding| encoding.decode(&text).into_owned());
            prop_assert_eq!(&again, &layer.text);
        }
        for layer in layers_of(&text, Depth::Plain) {
            prop_assert!(!layer.encodings.iter().any(|encoding| encoding.is_deep()));
        }
    }
}
