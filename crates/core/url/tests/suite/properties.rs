//! Totality, idempotence, and that rules only ever take away.

use onehop_url::{Policy, Strictness, UrlChecker, explain};
use onehop_verdict::Code;
use proptest::prelude::*;
use std::fmt::Write as _;
use std::net::Ipv4Addr;

/// Bytes that look like URLs more often than chance has it.
fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let part = prop_oneof![
        prop::sample::select(vec![
            "http",
            "https",
            ":",
            "//",
            "/",
            "\\",
            "@",
            "#",
            "?",
            "[",
            "]",
            "%",
            "%2e",
            "%25",
            "\t",
            "\n",
            " ",
            "\0",
            ".",
            "127",
            "0x7f",
            "169.254.169.254",
            "::1",
            "localhost",
            "example.com",
            ":80",
            ":0",
            "xn--",
            "①",
            "。",
            "\u{ad}",
            "ü",
            "-",
            "_",
            "http://",
            "https://",
            "metadata",
        ])
        .prop_map(|text| text.as_bytes().to_vec()),
        prop::collection::vec(any::<u8>(), 0..4),
    ];
    prop::collection::vec(part, 0..14).prop_map(|parts| parts.concat())
}

/// One IPv4 address in a spelling that clients read.
fn spelled(address: Ipv4Addr, form: u8) -> String {
    let [a, b, c, d] = address.octets();
    let bits = address.to_bits();
    match form % 8 {
        0 => address.to_string(),
        1 => bits.to_string(),
        2 => format!("{bits:#x}"),
        3 => format!("{a:#o}.{b:#o}.{c:#o}.{d:#o}").replace("0o", "0"),
        4 => format!("{a}.{}", bits & 0x00ff_ffff),
        5 => format!("{a}.{b}.{}", bits & 0xffff),
        6 => format!("{address}."),
        _ => address.to_string().bytes().fold(String::new(), |mut text, byte| {
            let _ = write!(text, "%{byte:02x}");
            text
        }),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_bytes_are_answered(url in bytes()) {
        for strictness in [Strictness::Strict, Strictness::Compat] {
            let checker = UrlChecker::new(strictness);
            let verdict = checker.check(&url).map(onehop_verdict::Permit::consume);
            prop_assert!(explain(&checker, &url, &verdict).contains("verdict"));
        }
    }

    /// What a permit says to fetch is permitted, and says the same again.
    #[test]
    fn a_permitted_url_is_permitted_again(url in bytes()) {
        for strictness in [Strictness::Strict, Strictness::Compat] {
            let checker = UrlChecker::new(strictness);
            let Ok(permit) = checker.check(&url) else { continue };
            let first = permit.consume();
            // What compat mode cleans is read again by itself; user information stays, and so does a dot at the end.
            let again = checker.check(first.href.as_bytes());
            let again = again.map_err(|refusal| TestCaseError::fail(format!("{}: {refusal}", first.href)))?.consume();
            prop_assert_eq!(&again.site, &first.site);
            prop_assert_eq!(&again.href, &first.href);
        }
    }

    /// Strict mode allows nothing that compat mode denies.
    #[test]
    fn strict_is_stricter(url in bytes()) {
        if UrlChecker::new(Strictness::Strict).check(&url).is_ok() {
            prop_assert!(UrlChecker::new(Strictness::Compat).check(&url).is_ok());
        }
    }

    /// All spellings of one address are judged alike in compat mode, and only the plain one passes strict mode.
    #[test]
    fn spellings_are_judged_alike(bits in any::<u32>(), form in any::<u8>(), near in any::<bool>()) {
        let address = Ipv4Addr::from_bits(if near { 0xa9fe_a900 | (bits & 0xff) } else { bits });
        let compat = UrlChecker::new(Strictness::Compat);
        let plain = format!("http://{address}/");
        let odd = format!("http://{}/", spelled(address, form));
        let code = |url: &str| compat.check(url.as_bytes()).map(|_| ()).map_err(|refusal| refusal.code());
        // Zeros in front are octal to most and decimal to a few, and some older clients see no host before an escape;
        // the other reading may be refused by itself.
        let may_differ = matches!(form % 8, 3 | 7) && code(&odd) == Err(Code::UrlAmbiguous);
        prop_assert!(may_differ || code(&plain) == code(&odd), "{}", odd);
        let strict = UrlChecker::new(Strictness::Strict);
        prop_assert!(odd == plain || strict.check(odd.as_bytes()).is_err(), "{}", odd);
    }

    /// Adding a rule that denies never allows.
    #[test]
    fn adding_a_deny_never_allows(
        rules in prop::collection::vec((any::<bool>(), 0_u8..4, 0_u8..4, 0_u8..3), 0..6),
        more in (0_u8..4, 0_u8..4, 0_u8..3),
        host in 0_u8..4,
        answer in 0_u8..4,
    ) {
        let write = |allow: bool, (host, network, port): (u8, u8, u8)| {
            let hosts = ["", "hosts = [\"a.example\"]\n", "hosts = [\"*.example\"]\n", "hosts = [\"b.corp\"]\n"];
            let networks = ["", "cidrs = [\"10.0.0.0/8\"]\n", "cidrs = [\"10.1.0.0/16\"]\n", "cidrs = [\"8.0.0.0/8\"]\n"];
            let ports = ["", "ports = [80]\n", "ports = [443]\n"];
            let kind = if allow { "allow" } else { "deny" };
            let (host, network, port) = (hosts[host as usize], networks[network as usize], ports[port as usize]);
            format!("[[{kind}]]\n{host}{network}{port}")
        };
        let mut text = "[policy]\nid = \"p\"\n".to_owned();
        for (allow, host, network, port) in rules {
            text.push_str(&write(allow, (host, network, port)));
        }
        let Ok(before) = Policy::parse(&text) else { return Ok(()) };
        let Ok(after) = Policy::parse(&(text.clone() + &write(false, more))) else { return Ok(()) };
        let url = ["http://a.example/", "http://x.example/", "http://b.corp/", "http://10.1.2.3/"][host as usize];
        let answers: &[&str] = [&["10.1.2.3"][..], &["10.2.2.3"], &["8.8.8.8"], &["8.8.8.8", "10.1.1.1"]][answer as usize];
        let answers: Vec<_> = answers.iter().map(|text| text.parse().expect("an address")).collect();
        let (before, after) = [before, after].map(|policy| {
            let checker = UrlChecker::new(Strictness::Strict).with_policy(policy);
            (checker.check(url.as_bytes()).is_ok(), checker.check_answers(url.as_bytes(), &answers).is_ok())
        }).into();
        prop_assert!(before.0 || !after.0, "offline {url} under {text}");
        prop_assert!(before.1 || !after.1, "{answers:?} for {url} under {text}");
    }
}
