use super::*;
use crate::anchor;
use proptest::prelude::*;

fn hits(text: &str) -> Vec<Hit> {
    let mut hits = Vec::new();
    Detector::new().detect(text.as_bytes(), &mut hits);
    hits
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn every_disguise_leads_to_its_service() {
    let disguises = [
        "http://169.254.169.254/latest/meta-data/",
        "http://169.254.169.254./",
        "http://2852039166/",
        "http://0xa9fea9fe/",
        "http://0XA9.0xFE.0xA9.0xFE/",
        "http://0251.0376.0251.0376/",
        "http://00000251.0376.43518/",
        "http://025177524776/",
        "http://169.16689662/",
        "http://0xa9.254.43518/",
        "http://425.510.425.510/",
        "http://7147006462/",
        "http://0169.0254.0169.0254/",
        "http://[::ffff:169.254.169.254]/",
        "http://[::ffff:a9fe:a9fe]/",
        "http://[64:ff9b::a9fe:a9fe]:80/",
        "http://[2002:a9fe:a9fe::]/",
        "http://[fd00:ec2::254]/",
        "http://[FD00:0EC2:0:0:0:0:0:254]/",
        "http://[fd00%3Aec2%3A%3A254]/",
        "http%3A%2F%2F169.254.169.254%2F",
        "http%253A%252F%252F169%252E254%252E169%252E254",
        "%68%74%74%70%3a%2f%2f%31%36%39%2e%32%35%34%2e%31%36%39%2e%32%35%34",
        "http://16%39.254.169.254/",
        "http://169%2e254%2e169%2e254/",
        "http:\\/\\/169.254.169.254\\/",
        "\\u0068ttp://\\u0031\\u0036\\u0039.254.169.254",
        "\\x31\\x36\\x39.254.169.254",
        "&#49;&#54;&#57;.254.169.254",
        "http://1&NewLine;69&Tab;.2&Tab;5&Tab;4.1&Tab;69.2&Tab;54/",
        "http&#x3a;//&#x31;69.254.169.254",
        "http://169.254.169.254.nip.io/",
        "http://169-254-169-254.sslip.io/",
        "http://a9fea9fe.nip.io/",
        "http://①⑥⑨.②⑤④.①⑥⑨.②⑤④/",
        "http://１６９.２５４.１６９.２５４/",
        "http://169。254。169。254/",
        "http://169.254\u{ad}.169.254/",
        "http://16%C2%AD9.254.169.254/",
        "http://%EF%BC%91%EF%BC%96%EF%BC%99.254.169.254/",
        "http://16%099.254.169.254/",
        "http://1%096%0d%0a9.254.169.254/",
        "http://169%c0%ae254%c0%ae169%c0%ae254/",
        "http-3A-2F-2F169.254.169.254-2Flatest",
        "http_3A_2F_2F169_2E254_2E169_2E254_2Flatest",
        "http.3A.2F.2F169.254.169.254.2Flatest",
        "http-3A-2F-2F169-2E254-2E169-2E254-2Flatest",
        "http://u:p@169.254.169.254@example.com/",
        "http://example.com@169.254.169.254/",
        "url=169.254.169.254",
        "//169.254.169.254/",
        "http:169.254.169.254/",
        "http=3A=2F=2F169=2E254=2E169=2E254=2F",
        "http=3A=2F=2F=E2=91=A069.254.169.254/",
        "http=3A=2F=2F%EF=BC=91%F0%9D=9F=9E9.254.169.254/",
        "http:\\\\0xa9.0xfe%0D.0xa9.0xfe\\2021-03-23\\meta-data",
        "http_3A_2F_2F_5Bfd00_3Aec2_3A_3A254_5D_2Flatest",
        "http.3A.2F.2F.5B.3A.3Affff.3A169.254.169.254.251.5D.2Flatest",
        "http://169[.]254[.]169[.]254/",
        "http://169%5B.%5D254%5Bdot%5D169(.)254/",
        "http&#58%3B&#47%3B&#47%3B&#49%3B69.254.169.254",
        "http&#2358;//&#2349;69.254.169.254",
        "http://%5Cu%7B31%7D69.254.169.254/",
        "http://\\ud835\\udfcf69.254.169.254/",
        "http://[fd0%090:ec2::254]/",
        "hosts=10.0.0.1%0A169.254.169.254%0A10.0.0.2",
        "{\"hosts\":\"a\\nfd00:ec2::254\\nb\"}",
        "http\\072\\057\\0571\\066\\071\\562\\0654\\056\\061\\06%369\\562\\065\\064\\057",
        "http=3A=2F=20169=2E254=2E169=2E254=2Flatest",
        "=26instance-data=2Eec2=2Einternal=2F",
        "http_3A_2F_2F169_2E254_2E169_2E254_252Flatest",
        "http-3A-2F-2F169-2E254-2E169-2E254.2Flatest",
        "http%5F3A%5F2F%5F2F169%5F2E254%5F2E169%5F2E254%5F2F",
        "http://169%5C\\x2E254.169.254/",
        "http://169\\\\\\x2E254.169.254/",
        "http://&#4%39;69&#46%%33B254.169.254/",
        "http://%3%09169.254.169.254/",
        "http://\u{2460}\u{2465}\u{2468}.254.169.254%25EF/",
        "http://169.2=%0d%0a54.169.254/",
        "#169.25\u{ad}4.169.254",
        "http://fd00-ec2--254.sslip.io/",
        "http%3A%5C%5Cinstance-%C2%AD%C2%ADdata%5Clatest%5C",
        "http\\072\\134\\134instance\\055data.ec2.internal\\1342009\\05504\\05504\\134user\\055data",
        r"http\\u{3a}\\u{5c}\\u{5c}instance\\u{2d}data.ec2.internal\\u{5c}2009\\u{2d}04\\u{2d}04\\u{5c}user-data",
        "http.3A.2F.2Fa9fea9fe.5db8d822.rbndr.us.2F",
        "{http&#23x3a;&#23x2f;&#23x2f;instance&#23xad;&#23x2d;data|",
        "http://fd00%2dec2--254.sslip.io/",
        "http://[2a01:254c:4229:55a9:fe:a9fe::]/",
        "http://[2a01:321f:44a9:fea9:fe::]/",
        "http://in\u{2060}stance-d%09ata/latest/",
        "http://\u{ff49}nstance\u{ff0d}data/",
        "http:/169.254.169.254",
        "http:\\\\169.254.169.254\\latest",
        "gopher://169.254.169.254:80/_PUT%20/latest/api/token%20HTTP/1.1%0d%0a",
        "http://instance-data/latest/",
        "http://INSTANCE-DATA.ec2.internal/",
    ];
    for text in disguises {
        for line in [text.to_owned(), format!("1.2.3.4 - - \"GET /?url={text} HTTP/1.1\" 200 5\n")] {
            let found = hits(&line);
            assert!(
                found.iter().any(|hit| hit.provider.name == "ec2" && hit.way != Way::Path),
                "{line}: {found:?}"
            );
        }
    }
}

/// A character of which one byte is written as it is and the other one as an escape.
#[test]
fn half_a_character_may_be_escaped() {
    for line in [
        &b"http://rancher-metada%C2\xADta.rancher.internal/"[..],
        b"http://rancher-metada\xC2%ADta.rancher.internal/",
        b"http://rancher-metada\xC2\\xADta.rancher.internal/",
        b"http://16\xE2%80\x8B9.254.169.254/",
        b"http://\xE2%91\xA069.254.169.254/",
        b"http://\xEF\xBC%9169.254.169.254/",
    ] {
        let mut hits = Vec::new();
        let mut detector = Detector::new();
        detector.detect(line, &mut hits);
        let is_seen = (0..line.len()).any(|at| anchor::matters(line, at));
        assert_eq!(hits.len(), 1, "{}", line.escape_ascii());
        assert!(is_seen && detector.holds(line), "{}", line.escape_ascii());
    }
}

/// What stands in a layer for a tab that was an escape must not be a byte that may stand there by itself.
#[test]
fn control_bytes_do_not_vanish() {
    for line in
        ["http://0xa9.0\\x12376.43518/", "http://0xa9.0\x12376.43518/", "http://169.254\\xf9.169.254/"]
    {
        assert_eq!(hits(line), [], "{line}");
    }
}

#[test]
fn look_alikes_are_nothing() {
    let lines = [
        "version 1.69.254.169 and 169.254.1.1, 169.254.169.253 as resolver, 169.254.169.123",
        "sha a9fea9fea9fea9fe0123 id 28520391660 phone +12852039166",
        "https://example.com/metadata.json?user-data=1 meta-data-driven instance-database",
        "GET /latest/news HTTP/1.1",
        "http://metadata.example.com/",
        "GET /en/latest/meta-data.html HTTP/1.1",
        "{\"url\":\"\\/wiki\\/metadata\",\"type\":\"metadata\",\"metadata\":{}}",
        "name=%D0%9F%D1%80%D0%B8%D0%B2%D0%B5%D1%82 \u{4f60}\u{597d}\u{3002}",
        "x1.169.254.169.254 169.254.169.254.5 a169.254.169.254",
    ];
    for line in lines {
        assert_eq!(hits(line), [], "{line}");
    }
}

/// A name that is the same in several layers is one hit, and a browser's backslashes are no escapes.
#[test]
fn a_name_with_characters_that_vanish_is_canonical() {
    let found = hits("url=http%3A%5C%5Crancher-%C2%AD%C2%ADmetadata%5Clatest%5Cself HTTP");
    let told: Vec<_> = found.iter().map(|hit| (hit.host.as_str(), hit.provider.name)).collect();
    assert_eq!(told, [("rancher-metadata", "rancher")]);
}

#[test]
fn a_place_is_where_it_was_written() {
    let line = "GET /?u=http%253A%252F%252F169%252E254.169.254%252Flatest%252Fuser-data&x=1";
    let found = hits(line);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(&line[found[0].place.clone()], "169%252E254.169.254%252Flatest%252Fuser-data");
    assert_eq!(found[0].decoded, b"http://169.254.169.254/latest/user-data");
    assert_eq!(found[0].path, PathClass::UserData);
    assert_eq!(found[0].layers.len(), 2);
}

/// What a stranger can write into one line must not cost more than its length.
#[test]
fn long_lines_are_read_in_linear_time() {
    let second = std::time::Duration::from_secs(1);
    for part in [
        "285",
        "169.254.169.254.",
        "ata",
        "a9fe",
        "fd00:",
        "/latest/meta-data/ ",
        "0",
        "169.254.1\t9 ",
        "=E2=",
        "[.",
        "&#4",
        "-2F",
    ] {
        let line = part.repeat(200_000 / part.len());
        let began = std::time::Instant::now();
        hits(&line);
        assert!(began.elapsed() < 20 * second, "{part}: {:?}", began.elapsed());
    }
}

/// An address that begins or ends in what stands for a sign elsewhere is that address.
#[test]
fn neighbours_that_look_like_more_are_nobodys() {
    for line in [
        "/p?x=27.169.254.23",
        "169.254.23.40",
        "http://169.254.23.40/x",
        "?ip=169.254.23.40 HTTP/1.1",
        "0251.254.23.40",
        "169.254.23.40, next",
    ] {
        assert_eq!(hits(line).len(), 0, "{line}");
    }
    for line in ["http://a.40169.254.169.254/", "http://a=40169.254.169.254/", "http://a-40[fd00:ec2::254]/"]
    {
        assert!(!hits(line).is_empty(), "{line}");
    }
}

/// Pieces of attempts, of what disguises them, and of what stands between words.
const PIECES: &[&str] = &[
    "http://",
    "http:",
    "169",
    ".254",
    ".169.254",
    "2852039166",
    "%2531%36%39",
    "%5C",
    "\\",
    "\\/",
    "\\134",
    "fd00",
    "%3Aec2",
    "::254",
    "metadata",
    "instance-data",
    "/latest/",
    "meta%2Ddata",
    "@",
    "%40",
    "user",
    "/",
    " ",
    " ",
    "%20",
    "\"",
    "%09",
    "-2E",
    "_3A",
    "&#49;",
    "&#x20;",
    "①",
    "\u{ad}",
    "=",
    ":80",
    "PUT",
    "\t",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn what_is_found_is_held(pieces in prop::collection::vec(prop::sample::select(PIECES), 0..24)) {
        let text = pieces.concat();
        let mut detector = Detector::new();
        let mut hits = Vec::new();
        detector.detect(text.as_bytes(), &mut hits);
        let has_word = detector.has_word();
        let holds = detector.holds(text.as_bytes());
        prop_assert!(holds || hits.is_empty(), "{text}: {hits:?}");
        prop_assert!(holds || detector.has_word() == has_word, "{text}: {has_word}");
    }
}

/// The third part of an address leads to it before what hides the first one is taken off.
#[test]
fn a_hit_is_told_as_it_is_seen_first() {
    for (text, decoded, layers) in [
        ("http://1%0D69.254.169.254/", "http://1\r69.254.169.254/", 1),
        ("http://\u{ff11}69.254.169.254/", "http://\u{ff11}69.254.169.254/", 0),
    ] {
        let hits = hits(text);
        assert_eq!(hits.len(), 1, "{text}");
        assert_eq!(String::from_utf8_lossy(&hits[0].decoded), decoded);
        assert_eq!(hits[0].layers.len(), layers, "{text}");
    }
}

/// A port may be empty where the text ends, and so where its last word does.
#[test]
fn the_last_word_ends_where_its_text_does() {
    let mut detector = Detector::new();
    for text in ["metadata:", "%09metadata_3A", "GET %09metadata_3A"] {
        assert!(!detector.holds(text.as_bytes()), "{text}");
        assert!(detector.has_word(), "{text}");
    }
    assert!(!detector.holds(b"%09metadata_3A GET") && !detector.has_word());
}

/// A word that stands behind the name of a user may belong to a URL that begins in another word.
#[test]
fn a_name_behind_a_user_may_be_held() {
    let mut detector = Detector::new();
    for (text, holds) in [
        ("GET /?u=http://a b%40metadata/ HTTP", true),
        ("GET /?u=http%3A%2F%2F169%2E254%2E169%2E254 HTTP", true),
        ("GET /?u=http%3A%2F%2F169%2E254%2E9%2E9 HTTP", false),
        ("GET /metadata HTTP %40", false),
    ] {
        assert_eq!(detector.holds(text.as_bytes()), holds, "{text}");
    }
}

/// A word that is a host where a host stands, also with a port that is empty.
#[test]
fn a_word_alone_is_told() {
    let mut detector = Detector::new();
    for (text, is_told) in [
        ("metadata", true),
        ("metadata:80", true),
        ("metadata:", true),
        (r#"{"host":"metadata:"}"#, true),
        (r#"{"metadata":"x"}"#, false),
        ("the metadata: of a file", false),
    ] {
        detector.detect(text.as_bytes(), &mut Vec::new());
        assert_eq!(detector.has_word(), is_told, "{text}");
    }
}

#[test]
fn a_path_alone_may_have_backslashes() {
    for line in ["GET \\latest\\meta-data\\ HTTP", "u=%5Clatest%5Cuser-data", "a \\\\latest\\\\user-data"] {
        let found: Vec<_> = hits(line).into_iter().map(|hit| hit.way).collect();
        assert_eq!(found, [Way::Path], "{line}");
    }
}

/// `HAProxy` would have written a byte so, and whoever wrote this did not.
#[test]
fn digits_behind_a_hash_may_be_those_of_a_host() {
    for (line, host) in [
        ("#169.254.169%2e254.nip.io", "169.254.169.254"),
        ("GET /#fd00%3Aec2%3A%3A254 HTTP", "[fd00:ec2::254]"),
        ("http%09:#169.254%09.169.254", "169.254.169.254"),
        (r#"{"url":"\/%23169\u002e254.169.254"}"#, "169.254.169.254"),
    ] {
        let found: Vec<_> = hits(line).into_iter().map(|hit| hit.host).collect();
        assert!(found.iter().any(|found| found.contains(host)), "{line}: {found:?}");
    }
}

/// A backslash for a slash, of which nothing is left to tell it from one that begins an escape.
#[test]
fn a_backslash_for_a_slash_may_come_out_of_escapes() {
    let line = r"/http\x5Cx3A\x5Cx2F\x5Cx5C\x5Cx364\x5Cx36\x5Cx34\x5Cx36\x5Cx34c\x5Cx38\x5Cx2E0808\x5Cx308\x5Cx308\x5Cx2Er\x5Cx62\x5Cx6Ed\x5Cx72\x5Cx2E\x5Cx75\x5Cx73 HTTP";
    assert_eq!(hits(line)[0].host, "100.100.100.200");
    let line = r"GET /cors/http:/\169#E3#80#82254#E3#80#82169#E3#80#82254 HTTP";
    assert_eq!(hits(line)[0].host, "169.254.169.254");
}
