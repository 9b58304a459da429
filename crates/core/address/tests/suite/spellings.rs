//! Spellings of hosts: what each is, and by which folds.

use onehop_address::spelling::{Fold, Folds, HOST_MAX_BYTES, Host, Unreadable, read};

fn folds(set: Folds) -> String {
    set.iter().map(Fold::as_str).collect::<Vec<_>>().join(" ")
}

fn check(cases: &[(&str, &str, &str)]) {
    for (input, host, want) in cases {
        let reading = read(input).unwrap_or_else(|reason| panic!("{input:?}: {reason}"));
        assert_eq!(
            (reading.host.to_string().as_str(), folds(reading.folds).as_str()),
            (*host, *want),
            "{input:?}"
        );
    }
}

#[test]
fn ipv4_by_the_old_rules() {
    check(&[
        ("127.0.0.1", "127.0.0.1", ""),
        ("2130706433", "127.0.0.1", "single-number-ipv4"),
        ("2852039166", "169.254.169.254", "single-number-ipv4"),
        ("0x7f000001", "127.0.0.1", "hex-ipv4 single-number-ipv4"),
        ("0xA9FEA9FE", "169.254.169.254", "case hex-ipv4 single-number-ipv4"),
        ("0x7f.1", "127.0.0.1", "hex-ipv4 short-ipv4"),
        ("0X7F.0X0.0X0.0X1", "127.0.0.1", "case hex-ipv4"),
        ("0177.0.0.1", "127.0.0.1", "octal-ipv4"),
        ("0000177.0000.00.0001", "127.0.0.1", "octal-ipv4"),
        ("017700000001", "127.0.0.1", "octal-ipv4 single-number-ipv4"),
        ("0x7f.0.0.01", "127.0.0.1", "hex-ipv4 octal-ipv4"),
        ("127.1", "127.0.0.1", "short-ipv4"),
        ("127.0.1", "127.0.0.1", "short-ipv4"),
        ("169.254.43518", "169.254.169.254", "short-ipv4"),
        ("169.16689662", "169.254.169.254", "short-ipv4"),
        ("0", "0.0.0.0", "single-number-ipv4"),
        ("0x", "0.0.0.0", "hex-ipv4 single-number-ipv4"),
        ("0.0", "0.0.0.0", "short-ipv4"),
        ("127.0.0.1.", "127.0.0.1", "trailing-dot"),
        ("2130706433.", "127.0.0.1", "trailing-dot single-number-ipv4"),
        ("4294967295", "255.255.255.255", "single-number-ipv4"),
        ("[127.0.0.1]", "127.0.0.1", "bracketed-ipv4"),
        ("[0x7f.1]", "127.0.0.1", "hex-ipv4 short-ipv4 bracketed-ipv4"),
    ]);
}

#[test]
fn ipv6_and_zones() {
    check(&[
        ("[::1]", "[::1]", ""),
        ("::1", "[::1]", ""),
        ("[::ffff:127.0.0.1]", "[::ffff:127.0.0.1]", ""),
        ("[0:0:0:0:0:FFFF:7F00:1]", "[::ffff:127.0.0.1]", ""),
        ("[::1%lo]", "[::1]", "zone"),
        ("[fe80::a9fe:a9fe%25eth0]", "[fe80::a9fe:a9fe]", "zone"),
        ("fe80::1%eth0", "[fe80::1]", "zone"),
    ]);
}

#[test]
fn characters_and_escapes() {
    check(&[
        ("①②⑦.⓪.⓪.①", "127.0.0.1", "enclosed"),
        ("１２７.０.０.１", "127.0.0.1", "full-width"),
        ("127。0。0。1", "127.0.0.1", "foreign-dot"),
        ("127｡0．0․1", "127.0.0.1", "foreign-dot"),
        ("𝟏𝟔𝟗.𝟐𝟓𝟒.𝟏𝟔𝟗.𝟐𝟓𝟒", "169.254.169.254", "compatible"),
        ("¹²⁷.⁰.⁰.¹", "127.0.0.1", "compatible"),
        ("⒈1.1.1", "1.1.1.1", "enclosed"),
        ("1.⒈1.1", "1.1.1.1", "enclosed"),
        ("127.0.0.\u{ad}1", "127.0.0.1", "invisible"),
        ("127\u{200b}.0.0.1", "127.0.0.1", "invisible"),
        ("127%2e0%2E0%2e1", "127.0.0.1", "percent"),
        ("%31%32%37.0.0.1", "127.0.0.1", "percent"),
        ("%EF%BC%91%EF%BC%92%EF%BC%97.0.0.1", "127.0.0.1", "percent full-width"),
        ("0ｘ7f.1", "127.0.0.1", "full-width hex-ipv4 short-ipv4"),
        ("Example.COM.", "example.com", "case trailing-dot"),
        ("ⓔxample.com", "example.com", "enclosed"),
        ("Bücher.example", "bücher.example", "case non-ascii"),
        ("BÜCHER.example", "bücher.example", "case non-ascii"),
        ("a_b-c.example", "a_b-c.example", ""),
        ("cafe", "cafe", ""),
        ("0x7f.example", "0x7f.example", ""),
        ("1.example", "1.example", ""),
    ]);
}

#[test]
fn what_cannot_be_read() {
    let long = "a".repeat(64) + ".example";
    let longer = format!("{}example", "a.".repeat(130));
    let longest = "a".repeat(HOST_MAX_BYTES + 1);
    let cases: &[(&str, Unreadable)] = &[
        ("", Unreadable::Empty),
        (".", Unreadable::Empty),
        ("\u{ad}", Unreadable::Empty),
        ("127.0.0.1..", Unreadable::EmptyLabel),
        ("a..b", Unreadable::EmptyLabel),
        (".a", Unreadable::EmptyLabel),
        ("383.256.256.257", Unreadable::Overflow),
        ("127.0.0.256", Unreadable::Overflow),
        ("256.1", Unreadable::Overflow),
        ("127.16777216", Unreadable::Overflow),
        ("6425673729", Unreadable::Overflow),
        ("4294967296", Unreadable::Overflow),
        ("0x17f000001", Unreadable::Overflow),
        ("0x1000000000000000000007f000001", Unreadable::Overflow),
        ("127.0.0.08", Unreadable::NotIpv4),
        ("127.0.0x7g.1", Unreadable::NotIpv4),
        ("example.1", Unreadable::NotIpv4),
        ("a.0x", Unreadable::NotIpv4),
        ("1.2.3.4.5", Unreadable::TooManyParts),
        ("[localhost]", Unreadable::Brackets),
        ("[::1", Unreadable::Brackets),
        ("[::ﬀﬀ:7f00:1]", Unreadable::Brackets),
        ("[v1.x]", Unreadable::IpvFuture),
        ("[::1%]", Unreadable::Zone),
        ("[::1%25]", Unreadable::Zone),
        ("[fe80::1%eth 0]", Unreadable::Zone),
        ("%2531%2532%2537.0.0.1", Unreadable::EncodedTwice),
        ("127.0.0.1%", Unreadable::BadEscape),
        ("127.0.0.1%0", Unreadable::BadEscape),
        ("a%zz", Unreadable::BadEscape),
        ("a%ff", Unreadable::NotUtf8),
        ("127.0.0.1%00.example.com", Unreadable::Character('\0')),
        ("127.0.\t0.1", Unreadable::Character('\t')),
        ("a b", Unreadable::Character(' ')),
        ("user@host", Unreadable::Character('@')),
        ("host:80", Unreadable::Character(':')),
        ("a/b", Unreadable::Character('/')),
        ("a\\b", Unreadable::Character('\\')),
        ("1st／2nd", Unreadable::Character('／')),
        ("1st＃2nd", Unreadable::Character('＃')),
        ("a\u{a0}b", Unreadable::Character('\u{a0}')),
        ("xn--localhost-", Unreadable::Punycode),
        ("a.xn--.example", Unreadable::Punycode),
        (&long, Unreadable::LabelTooLong),
        (&longer, Unreadable::TooLong),
        (&longest, Unreadable::TooLong),
    ];
    for (input, want) in cases {
        assert_eq!(read(input).map(|reading| reading.host), Err(*want), "{input:?}");
    }
}

#[test]
fn a_plain_name_is_borrowed() {
    let reading = read("api.example.com.").expect("a name");
    assert!(matches!(reading.host, Host::Name(std::borrow::Cow::Borrowed("api.example.com"))));
}

#[test]
fn every_fold_has_a_text_of_its_own() {
    let texts: std::collections::HashSet<_> = Fold::ALL.iter().map(|fold| fold.as_str()).collect();
    assert_eq!(texts.len(), Fold::ALL.len());
}
