//! Every credential here is made up.

use super::{EXCERPT_MAX_BYTES, Excerpt, MASK, glyphs};
use proptest::prelude::*;

const KEY_ID: &str = "AKIAMADEUPMADEUP0000";
const SECRET_KEY: &str = "MadeUp/Made0Up+MadeUp/Made0Up+MadeUpMad0";
const TOKEN: &str = "AQAEAMadeUpMadeUp_MadeUp-MadeUpMadeUpMadeUpMadeUpMadeU==";

fn shown(text: &str) -> String {
    Excerpt::new(text.as_bytes()).to_string()
}

#[test]
fn secrets_are_masked() {
    let session = "IQoJ".to_owned() + &"Made0Up/".repeat(60);
    for (name, text, want) in [
        ("key id", format!("key {KEY_ID}."), "key AKIA****.".to_owned()),
        ("temporary key id", "ASIAMADEUPMADEUP0000,x".into(), "ASIA****,x".into()),
        (
            "a name within a value",
            "secret=[c]{\\\"session\\\" : \\\"MadeUp0123\\\"} x".into(),
            "secret=[**** : \\\"****\\\"} x".into(),
        ),
        ("key id, escaped", "%41KIAMADEUPMADEUP0000&x".into(), "%41KIA****&x".into()),
        ("secret key", format!("a {SECRET_KEY} b"), "a **** b".into()),
        (
            "secret key in JSON, escaped",
            format!("{{\"k\":\"{}\"}}", SECRET_KEY.replace('/', "\\/")),
            "{\"k\":\"****\"}".into(),
        ),
        (
            "secret key, percent-encoded",
            format!("x {} y", SECRET_KEY.replace('/', "%2F").replace('+', "%2B")),
            "x **** y".into(),
        ),
        ("session token", format!("({session})"), "(****)".into()),
        ("token by its form", format!("got {TOKEN}"), "got ****==".into()),
        ("JSON web token", "x eyJhbGciOiJub25lIn0.eyJzdWIiOiJtYWRlIHVwIn0.c2ln y".into(), "x **** y".into()),
        (
            "header",
            "GET / HTTP/1.1\r\nX-aws-ec2-metadata-token: madeup\r\nHost: a".into(),
            "GET / HTTP/1.1\\u{d}\\u{a}X-aws-ec2-metadata-token: ****\\u{d}\\u{a}Host: a".into(),
        ),
        (
            "header, quoted",
            "\"Authorization\": \"Bearer made up\", \"x\"".into(),
            "\"Authorization\": \"****\", \"x\"".into(),
        ),
        (
            "header in a list",
            r#"{"name":"authorization","value":"Basic bWFkZTp1cA=="},{"name":"a","value":"b"}"#.into(),
            r#"{"name":"authorization","value":"****"},{"name":"a","value":"b"}"#.into(),
        ),
        (
            "header in gopher",
            "gopher://a/_GET%20/%0d%0aX-aws-ec2-metadata-token:%20madeup%0d%0aHost:a".into(),
            "gopher://a/_GET%20/%0d%0aX-aws-ec2-metadata-token:%20****%0d%0aHost:a".into(),
        ),
        ("password in a URL", "see ftp://me:madeup@h/x".into(), "see ftp://me:****@h/x".into()),
        (
            "password in a URL, percent-encoded",
            "?u=http%3A%2F%2Fme%3Amadeup%40h%2F".into(),
            "?u=http%3A%2F%2Fme%3A****%40h%2F".into(),
        ),
        ("query", "/?a=1&access_token=madeup&b=2".into(), "/?a=1&access_token=****&b=2".into()),
        (
            "query, a value with an escaped sign",
            "/?password=made%26up&b=2".into(),
            "/?password=****&b=2".into(),
        ),
        (
            "query inside a query",
            "/?u=x%3Ftoken%3Dmadeup%26b%3D2".into(),
            "/?u=x%3Ftoken%3D****%26b%3D2".into(),
        ),
        (
            "signed URL",
            "?X-Amz-Credential=made%2Fup&X-Amz-Signature=0a0b".into(),
            "?X-Amz-Credential=****&X-Amz-Signature=****".into(),
        ),
        (
            "JSON in JSON",
            r#"{\"Token\" : \"made\\\"up\", \"x\":1}"#.into(),
            r#"{\"Token\" : \"****\", \"x\":1}"#.into(),
        ),
        ("bracketed", "user[password]=madeup&x".into(), "user[password]=****&x".into()),
        (
            "private key",
            "-----BEGIN RSA PRIVATE KEY-----\nMade\nUp\n-----END RSA PRIVATE KEY-----".into(),
            "-----BEGIN RSA PRIVATE KEY-----****-----END RSA PRIVATE KEY-----".into(),
        ),
        (
            "credentials in base64",
            // {"SecretAccessKey":"madeupmadeupmadeup"}
            "q=eyJTZWNyZXRBY2Nlc3NLZXkiOiJtYWRldXBtYWRldXBtYWRldXAifQ".into(),
            "q=****".into(),
        ),
    ] {
        assert_eq!(shown(&text), want, "{name}");
    }
}

#[test]
fn evidence_stays() {
    for text in [
        "GET /latest/meta-data/iam/security-credentials/ HTTP/1.1",
        "PUT /latest/api/token HTTP/1.1",
        "X-aws-ec2-metadata-token-ttl-seconds: 21600",
        "http_tokens = \"optional\"",
        "MetadataOptions: { HttpTokens: optional }",
        "http://evil.example@169.254.169.254/",
        "http://0251.0376.43518:80/latest",
        // http://169.254.169.254/latest/meta-data/iam/security-credentials/
        "aHR0cDovLzE2OS4yNTQuMTY5LjI1NC9sYXRlc3QvbWV0YS1kYXRhL2lhbS9zZWN1cml0eS1jcmVkZW50aWFscy8",
        "da39a3ee5e6b4b0d3255bfef95601890afd80709",
        "/Api/Version/Two/Users/Index/Pages/Three/Edit/Some/More",
        "AKIA is a prefix",
        "%2e%2e%2f..%5c \\x2e\\x2e",
        "mail me@example.com: a.b",
    ] {
        assert_eq!(shown(text), text);
    }
}

#[test]
fn what_nobody_sees_is_written_out() {
    for (bytes, want) in [
        (&b"\x1b[31mred\x07"[..], "\\u{1b}[31mred\\u{7}"),
        (b"a\tb\nc\x7f", "a\\u{9}b\\u{a}c\\u{7f}"),
        (b"\xff\xfe\xc3", "\\xFF\\xFE\\xC3"),
        ("\u{202e}moc.\u{200b}\u{feff}\u{2028}".as_bytes(), "\\u{202e}moc.\\u{200b}\\u{feff}\\u{2028}"),
        ("①⑥⑨。é日本".as_bytes(), "①⑥⑨。é日本"),
        (b"", ""),
    ] {
        assert_eq!(Excerpt::new(bytes).as_str(), want);
    }
}

#[test]
fn a_long_text_is_cut_around_what_matters() {
    let text = format!("{}MATCH{}", "a ".repeat(5_000), " b".repeat(5_000));
    let excerpt = Excerpt::around(text.as_bytes(), 10_000..10_005, 100);
    assert_eq!(excerpt.as_str().len(), 100);
    assert!(excerpt.as_str().starts_with('…') && excerpt.as_str().ends_with('…'), "{excerpt}");
    assert!(excerpt.as_str().contains("MATCH"), "{excerpt}");
    assert_eq!(shown(&text).len(), EXCERPT_MAX_BYTES);
}

#[test]
fn what_matters_is_shown_behind_bytes_that_take_more_room() {
    let bytes = [vec![0; 400], b"MATCH".to_vec(), vec![0xFF; 90]].concat();
    let excerpt = Excerpt::around(&bytes, 400..405, 512);
    assert!(excerpt.as_str().contains("MATCH") && excerpt.as_str().len() <= 512, "{excerpt}");
}

#[test]
fn a_secret_that_the_cut_goes_through_is_masked() {
    let session = "Made0Up/".repeat(200);
    for length in 400..600 {
        let text = format!("{} {session} {SECRET_KEY}", ".".repeat(length));
        assert!(!shown(&text).contains("Made"), "{length}");
        let at = text.len() - 20;
        for bound in [16, 20, 64, 512] {
            assert!(
                !Excerpt::around(text.as_bytes(), at..at + 5, bound).as_str().contains("Made"),
                "{length}"
            );
        }
    }
}

#[test]
fn base64_inside_base64_takes_no_more_than_one_look() {
    // Text whose every reading as base64 is letters again would cost four looks for each of four looks.
    let text = "VUFBQVVBQUFV9a".repeat(600);
    assert!(Excerpt::new(text.as_bytes()).as_str().len() <= EXCERPT_MAX_BYTES);
}

fn secret() -> impl Strategy<Value = String> {
    prop_oneof![
        "[A-Za-z0-9/+]{38}[a-z][A-Z]",
        "(AKIA|ASIA)[A-Z2-7]{16}".prop_map(|id| id[4..].to_owned()),
        "AQAE[A-Za-z0-9_-]{52}",
        "IQoJb3JpZ2luX2Vj[A-Za-z0-9/+]{300}",
    ]
}

/// How a secret stands in a text, with the form it then has.
fn placed(secret: &str) -> Vec<String> {
    let id = if secret.len() == 16 { "ASIA" } else { "" };
    let percent = secret.bytes().fold(String::new(), |text, byte| format!("{text}%{byte:02x}"));
    let json: String = secret.replace('/', "\\/");
    vec![
        format!("{id}{secret}"),
        format!("x={id}{secret}&y"),
        format!("{{\"Token\":\"{id}{json}\"}}"),
        format!("{id}{percent} x"),
        format!("http://user:{}@host/", secret.replace('/', "%2F")),
    ]
}

proptest! {
    #[test]
    fn any_bytes_are_shown(bytes in proptest::collection::vec(any::<u8>(), 0..2_000), start in 0..2_000_usize, length in 0..200_usize, bound in 0..700_usize) {
        let excerpt = Excerpt::around(&bytes, start..start + length, bound);
        prop_assert!(excerpt.as_str().len() <= bound.max(16));
        prop_assert!(!excerpt.as_str().contains(glyphs::is_hidden));
    }

    #[test]
    fn no_secret_comes_out(secret in secret(), before in "[ -~]{0,600}[ \"]", after in "[ \",&][ -~]{0,40}", bound in 16..600_usize) {
        for form in placed(&secret) {
            let text = format!("{before}{form}{after}");
            for excerpt in [Excerpt::new(text.as_bytes()), Excerpt::around(text.as_bytes(), before.len()..text.len(), bound)] {
                prop_assert!(!excerpt.as_str().contains(&secret), "{form}: {excerpt}");
                // Nor half of it.
                let (half, rest) = secret.split_at(secret.len() / 2);
                prop_assert!(!excerpt.as_str().contains(half) && !excerpt.as_str().contains(rest), "{form}: {excerpt}");
            }
        }
    }

    #[test]
    fn no_value_of_a_secret_name_comes_out(name in "(token|password|client_secret|X-Amz-Signature|Authorization|X-aws-ec2-metadata-token)", value in "[A-Za-z0-9!$%^*()_+.~-]{8,60}") {
        for text in [
            format!("/?a=b&{name}={value}&c=d"),
            format!("{name}: {value}\r\nHost: x"),
            format!("{{\"{name}\": \"{value}\"}}"),
            format!("{{\"name\":\"{name}\",\"value\":\"{value}\"}}"),
        ] {
            prop_assert!(!shown(&text).contains(&value), "{}", shown(&text));
            prop_assert!(shown(&text).contains(MASK));
        }
    }
}
