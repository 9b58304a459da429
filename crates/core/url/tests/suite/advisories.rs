//! One test for each kind of bypass that was published, named for an advisory of that kind. The URL is what got through;
//! its twin is an ordinary URL of the same shape, which must still be allowed.

use crate::verdict;
use onehop_url::{ResolveError, Resolver, Strictness, UrlChecker};
use std::net::IpAddr;

/// Both modes refuse every URL; both allow the twin.
fn refused(urls: &[&str], twin: &str) {
    for strictness in [Strictness::Strict, Strictness::Compat] {
        for url in urls {
            assert_ne!(verdict(strictness, url.as_bytes()), "allow", "{strictness:?} {url}");
        }
        assert_eq!(verdict(strictness, twin.as_bytes()), "allow", "{strictness:?} {twin}");
    }
}

#[test]
fn cve_2022_24825_trailing_dot_and_case() {
    refused(
        &["http://localhost./", "http://LOCALHOST/", "http://metadata.google.internal./"],
        "http://example.com/",
    );
}

#[test]
fn cve_2022_29188_brackets_around_a_name() {
    refused(
        &["http://[localhost]/", "http://[127.0.0.1]/", "http://[::1/"],
        "http://[2606:4700:4700::1111]/",
    );
}

#[test]
fn cve_2024_22243_malformed_authority() {
    refused(&["http://example.com[@127.0.0.1/", "http://example.com\\@127.0.0.1/"], "http://example.com/a@b");
}

#[test]
fn cve_2025_24354_any_address() {
    refused(&["http://0.0.0.0/", "http://0/", "http://[::]/", "http://[::0.0.0.0]/"], "http://1.0.0.1/");
}

#[test]
fn cve_2024_29415_legacy_ipv4_text() {
    let urls = [
        "http://0x7f.1/",
        "http://017700000001/",
        "http://127.1/",
        "http://2130706433/",
        "http://0177.0.0.1/",
    ];
    refused(&urls, "http://127.1.example.com/");
}

#[test]
fn cve_2021_28918_octal_read_as_decimal() {
    refused(&["http://010.0.0.1/", "http://0012.0.0.1/", "http://192.0250.1.1/"], "http://9.9.9.9/");
}

#[test]
fn cve_2017_0909_incomplete_ranges() {
    let urls = [
        "http://100.64.0.1/",
        "http://198.18.0.1/",
        "http://224.0.0.1/",
        "http://[fec0::1]/",
        "http://240.0.0.1/",
    ];
    refused(&urls, "http://100.63.0.1/");
}

#[test]
fn cve_2024_24790_mapped_ipv4() {
    refused(&["http://[::ffff:127.0.0.1]/", "http://[::ffff:a00:1]/"], "http://[::ffff:8.8.8.8]/");
}

#[test]
fn cve_2026_45741_ipv6_transition_forms() {
    let urls = [
        "http://[2002:7f00:1::]/",
        "http://[64:ff9b::7f00:1]/",
        "http://[64:ff9b:1::a00:1]/",
        "http://[2001:0:a9fe:a9fe::1]/",
        "http://[2a00:1450:0:1:0:5efe:a9fe:a9fe]/",
        "http://[::ffff:0:127.0.0.1]/",
    ];
    refused(&urls, "http://[64:ff9b::808:808]/");
}

#[test]
fn cve_2025_22870_zone_identifiers() {
    refused(&["http://[::1%25.example.com]/", "http://[fe80::1%25eth0]/"], "http://[2a00:1450::1]/");
    for strictness in [Strictness::Strict, Strictness::Compat] {
        let checker = UrlChecker::new(strictness);
        let refusal = checker.check(b"http://[fe80::1%25eth0]/").expect_err("a zone identifier");
        let detail = refusal.denied.detail().unwrap_or_default();
        assert!(detail.contains("zone identifier") && detail.contains("[fe80::1]"), "{detail}");
    }
}

/// Resolves to another address each time it is asked.
struct Rebinding(std::cell::Cell<usize>);

impl Resolver for Rebinding {
    fn resolve(&self, _: &str) -> Result<Vec<IpAddr>, ResolveError> {
        let asked = self.0.replace(self.0.get() + 1);
        Ok(vec![IpAddr::from(if asked == 0 { [8, 8, 8, 8] } else { [127, 0, 0, 1] })])
    }
}

/// The permit holds the addresses that were judged; asking again is a new check.
#[test]
fn cve_2018_3759_rebinding() {
    let (checker, resolver) = (UrlChecker::new(Strictness::Strict), Rebinding(0.into()));
    let permit =
        checker.check_resolving(b"http://a.example/", &resolver).expect("the first answer is public");
    assert_eq!(permit.judged().addresses.as_slice(), [IpAddr::from([8, 8, 8, 8])]);
    assert_eq!(resolver.0.get(), 1, "asked once");
    let refusal = checker.check_resolving(b"http://a.example/", &resolver).expect_err("the second is not");
    assert_eq!(refusal.code().as_str(), "ADDR-LOOPBACK");
}

#[test]
fn cve_2026_58442_several_answers() {
    let checker = UrlChecker::new(Strictness::Strict);
    let answers =
        |texts: &[&str]| texts.iter().map(|text| text.parse().expect("an address")).collect::<Vec<IpAddr>>();
    let refusal = checker.check_answers(b"http://a.example/", &answers(&["8.8.8.8", "10.0.0.1"]));
    assert_eq!(refusal.expect_err("one is private").code().as_str(), "DNS-MIXED");
    assert!(checker.check_answers(b"http://a.example/", &answers(&["8.8.8.8", "1.1.1.1"])).is_ok());
}

#[test]
fn cve_2026_33655_no_answer_is_no_permission() {
    let checker = UrlChecker::new(Strictness::Strict);
    let refusal = checker.check_answers(b"http://a.example/", &[]).expect_err("no address");
    assert_eq!(refusal.code().as_str(), "DNS-FAILED");
}

/// A redirect is a URL like any other: what `Location` may hold is refused when it is no whole URL.
#[test]
fn cve_2023_28155_redirect_targets() {
    refused(
        &["//169.254.169.254/", "/\\169.254.169.254/", "\\\\169.254.169.254\\", "gopher://a.example/"],
        "https://a.example/",
    );
}

#[test]
fn cve_2025_27152_base_url_override() {
    refused(&["//evil.example/path", "/path", "path", "?q"], "https://evil.example/path");
}

#[test]
fn cve_2026_40280_scheme_case() {
    refused(&["HTTP://127.0.0.1/", "FILE:///etc/passwd", "hTTps://localhost/"], "HTTPS://example.com/");
}

#[test]
fn cve_2024_12224_punycode_of_ascii() {
    refused(&["http://xn--localhost-/", "http://xn--example-.org/"], "http://xn--bcher-kva.example/");
}

/// A suffix matches at a dot.
#[test]
fn tinyproxy_627_suffix_without_a_label_boundary() {
    let text = "[policy]\nid = \"p\"\ndefault = \"deny\"\n[[allow]]\nhosts = [\"*.example.com\"]\n";
    let policy = onehop_url::Policy::parse(text).expect("a policy");
    let checker = UrlChecker::new(Strictness::Strict).with_policy(policy);
    for (url, is_allowed) in [
        ("http://a.example.com/", true),
        ("http://evilexample.com/", false),
        ("http://example.com/", false),
        ("http://a.example.com.evil.test.example/", false),
    ] {
        assert_eq!(checker.check(url.as_bytes()).is_ok(), is_allowed, "{url}");
    }
}

#[test]
fn ghsa_7rx3_5wx3_5v76_a_policy_cannot_open_the_floor() {
    let text = "[policy]\nid = \"p\"\n[[allow]]\ncidrs = [\"0.0.0.0/0\", \"::/0\"]\n";
    let policy = onehop_url::Policy::parse(text).expect("a policy");
    let checker = UrlChecker::new(Strictness::Compat).with_policy(policy);
    for url in
        ["http://169.254.169.254/", "http://2852039166/", "http://[::ffff:a9fe:a9fe]/", "http://metadata/"]
    {
        assert!(checker.check(url.as_bytes()).is_err(), "{url}");
    }
    assert!(checker.check(b"http://10.0.0.1/").is_ok());
}
