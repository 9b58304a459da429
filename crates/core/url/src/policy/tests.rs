use super::Policy;
use crate::{Strictness, UrlChecker};

const HEAD: &str = "[policy]\nid = \"t\"\n";

fn verdict(rules: &str, url: &str, answers: &[&str]) -> String {
    let policy = Policy::parse(&format!("{HEAD}{rules}")).expect("a policy");
    let checker = UrlChecker::new(Strictness::Strict).with_policy(policy);
    let answers: Vec<_> = answers.iter().map(|text| text.parse().expect("an address")).collect();
    let verdict = match answers.as_slice() {
        [] => checker.check(url.as_bytes()),
        answers => checker.check_answers(url.as_bytes(), answers),
    };
    match verdict {
        Ok(permit) => {
            assert_eq!(permit.judged().policy, "t");
            permit
                .judged()
                .reported
                .as_ref()
                .map_or("allow".to_owned(), |denied| format!("report {}", denied.code()))
        }
        Err(refusal) => {
            assert_eq!(refusal.policy, "t");
            refusal.code().to_string()
        }
    }
}

/// Rules, URL, answers of a resolver, verdict.
type Case = (&'static str, &'static str, &'static [&'static str], &'static str);

const TRUTH: &[Case] = &[
    // The floor.
    ("[[allow]]\ncidrs = [\"169.254.0.0/16\"]", "http://169.254.169.254/", &[], "ADDR-METADATA"),
    ("[[allow]]\ncidrs = [\"169.254.0.0/16\"]", "http://169.254.1.1/", &[], "allow"),
    ("[[allow]]\nhosts = [\"*.internal\"]", "http://metadata.google.internal/", &[], "NAME-METADATA"),
    ("[[allow]]\ncidrs = [\"127.0.0.0/8\"]", "http://127.0.0.1:9001/", &[], "ADDR-METADATA"),
    ("[[allow]]\ncidrs = [\"127.0.0.0/8\"]", "http://127.0.0.1:9002/", &[], "allow"),
    (
        "[[allow]]\nhosts = [\"a.example\"]\ncidrs = [\"0.0.0.0/0\"]",
        "http://a.example/",
        &["169.254.169.254"],
        "ADDR-METADATA",
    ),
    // Default.
    ("", "http://a.example/", &[], "allow"),
    ("default = \"deny\"", "http://a.example/", &[], "URL-UNLISTED"),
    ("default = \"deny\"\n[[allow]]\nhosts = [\"a.example\"]", "http://a.example/", &[], "allow"),
    ("default = \"deny\"\n[[allow]]\nhosts = [\"a.example\"]", "http://b.example/", &[], "URL-UNLISTED"),
    ("default = \"deny\"\n[[allow]]\ncidrs = [\"8.0.0.0/8\"]", "http://8.8.8.8/", &[], "allow"),
    ("default = \"deny\"\n[[allow]]\ncidrs = [\"8.0.0.0/8\"]", "http://a.example/", &["8.8.8.8"], "allow"),
    (
        "default = \"deny\"\n[[allow]]\ncidrs = [\"8.0.0.0/8\"]",
        "http://a.example/",
        &["9.9.9.9"],
        "URL-UNLISTED",
    ),
    ("default = \"deny\"\n[[allow]]\ncidrs = [\"8.0.0.0/8\"]", "http://a.example/", &[], "URL-UNLISTED"),
    // Lists.
    ("schemes = [\"https\"]", "http://a.example/", &[], "URL-SCHEME"),
    ("schemes = [\"https\"]", "https://a.example/", &[], "allow"),
    ("ports = [443, \"8000-8009\"]", "http://a.example/", &[], "URL-PORT"),
    ("ports = [443, \"8000-8009\"]", "http://a.example:8009/", &[], "allow"),
    // Deny.
    ("[[deny]]\nhosts = [\"*.a.example\"]", "http://x.y.a.example/", &[], "URL-RULE"),
    ("[[deny]]\nhosts = [\"*.a.example\"]", "http://a.example/", &[], "allow"),
    ("[[deny]]\nhosts = [\"*.a.example\"]", "http://xa.example/", &[], "allow"),
    ("[[deny]]\ncidrs = [\"8.0.0.0/8\"]", "http://8.8.8.8/", &[], "URL-RULE"),
    ("[[deny]]\ncidrs = [\"8.0.0.0/8\"]", "http://[64:ff9b::808:808]/", &[], "URL-RULE"),
    ("[[deny]]\ncidrs = [\"8.0.0.0/8\"]", "http://[::ffff:8.8.8.8]/", &[], "URL-RULE"),
    ("[[deny]]\nports = [25]", "http://a.example:25/", &[], "URL-RULE"),
    // Longest prefix, longest host, ports.
    (
        "[[deny]]\ncidrs = [\"8.0.0.0/8\"]\n[[allow]]\ncidrs = [\"8.8.0.0/16\"]",
        "http://8.8.8.8/",
        &[],
        "allow",
    ),
    (
        "[[allow]]\ncidrs = [\"8.0.0.0/8\"]\n[[deny]]\ncidrs = [\"8.8.0.0/16\"]",
        "http://8.8.8.8/",
        &[],
        "URL-RULE",
    ),
    (
        "[[deny]]\nhosts = [\"*.example\"]\n[[allow]]\nhosts = [\"a.example\"]",
        "http://a.example/",
        &[],
        "allow",
    ),
    (
        "[[allow]]\nhosts = [\"*.example\"]\n[[deny]]\nhosts = [\"a.example\"]",
        "http://a.example/",
        &[],
        "URL-RULE",
    ),
    (
        "[[deny]]\nhosts = [\"a.example\"]\n[[allow]]\nhosts = [\"a.example\"]\nports = [443]",
        "https://a.example/",
        &[],
        "allow",
    ),
    // What an allow opens: a name by name, an address by network.
    ("[[allow]]\nhosts = [\"db.corp\"]", "http://db.corp/", &[], "allow"),
    ("[[allow]]\nhosts = [\"db.corp\"]", "http://db.corp/", &["10.0.0.1"], "ADDR-PRIVATE"),
    ("[[allow]]\nhosts = [\"db.corp\"]\ncidrs = [\"10.0.0.0/8\"]", "http://db.corp/", &["10.0.0.1"], "allow"),
    (
        "[[allow]]\nhosts = [\"db.corp\"]\ncidrs = [\"10.0.0.0/8\"]",
        "http://db.corp/",
        &["8.8.8.8"],
        "NAME-INTERNAL",
    ),
    (
        "[[allow]]\nhosts = [\"db.corp\"]\ncidrs = [\"10.0.0.0/8\"]\nports = [443]",
        "http://db.corp/",
        &["10.0.0.1"],
        "NAME-INTERNAL",
    ),
    ("[[allow]]\ncidrs = [\"10.0.0.0/8\"]", "http://db.corp/", &["10.0.0.1"], "NAME-INTERNAL"),
    ("[[allow]]\ncidrs = [\"10.0.0.0/8\"]", "http://a.example/", &["10.0.0.1"], "allow"),
    ("[[allow]]\ncidrs = [\"10.0.0.0/8\"]", "http://10.0.0.1/", &[], "allow"),
    // A denial by name outlives an allow of a network.
    (
        "[[deny]]\nhosts = [\"a.example\"]\n[[allow]]\ncidrs = [\"8.0.0.0/8\"]",
        "http://a.example/",
        &["8.8.8.8"],
        "URL-RULE",
    ),
    (
        "[[deny]]\nhosts = [\"*.example\"]\n[[allow]]\nhosts = [\"a.example\"]\ncidrs = [\"8.0.0.0/8\"]",
        "http://a.example/",
        &["8.8.8.8"],
        "allow",
    ),
    // Answers.
    ("", "http://a.example/", &["8.8.8.8", "1.1.1.1"], "allow"),
    ("", "http://a.example/", &["8.8.8.8", "10.0.0.1"], "DNS-MIXED"),
    ("", "http://a.example/", &["10.0.0.1", "10.0.0.2"], "ADDR-PRIVATE"),
    // Report only.
    ("mode = \"report\"\n[[deny]]\nhosts = [\"a.example\"]", "http://a.example/", &[], "report URL-RULE"),
    ("mode = \"report\"", "http://127.0.0.1/", &[], "report ADDR-LOOPBACK"),
    ("mode = \"report\"", "http://u@a.example/", &[], "report URL-USERINFO"),
    ("mode = \"report\"", "http://169.254.169.254/", &[], "ADDR-METADATA"),
    ("mode = \"report\"", "http://2852039166/", &[], "ADDR-METADATA"),
    ("mode = \"report\"", "http://8.8.8.8\\@169.254.169.254/", &[], "URL-AMBIGUOUS"),
    ("mode = \"report\"", "http:///", &[], "URL-SLASHES"),
    // The floor holds for the answers of a name, whatever else is only reported about it.
    ("mode = \"report\"", "http://localhost/", &["127.0.0.1"], "report NAME-LOCALHOST"),
    ("mode = \"report\"", "http://localhost/", &["169.254.169.254"], "ADDR-METADATA"),
    ("mode = \"report\"\nports = [443]", "http://a.example/", &["8.8.8.8"], "report URL-PORT"),
    (
        "mode = \"report\"\nports = [443]",
        "http://a.example/",
        &["8.8.8.8", "::ffff:a9fe:a9fe"],
        "ADDR-METADATA",
    ),
    (
        "mode = \"report\"\n[[deny]]\nhosts = [\"a.example\"]",
        "http://a.example:9001/",
        &["127.0.0.1"],
        "ADDR-METADATA",
    ),
    (
        "mode = \"report\"\n[[deny]]\nhosts = [\"a.example\"]",
        "http://a.example/",
        &["10.0.0.1"],
        "report URL-RULE",
    ),
];

#[test]
fn the_truth_table() {
    let mut wrong = Vec::new();
    for (rules, url, answers, want) in TRUTH {
        let got = verdict(rules, url, answers);
        if got != *want {
            wrong.push(format!("{url} {answers:?} under {rules:?}: {got}, not {want}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A denial that is only reported does not hide the host that an older client sees.
#[test]
fn older_clients_hosts_are_refused_in_report_mode() {
    for rules in ["", "[[deny]]\nhosts = [\"*.com\"]\n"] {
        let policy = Policy::parse(&format!("{HEAD}mode = \"report\"\n{rules}")).expect("a policy");
        for strictness in [Strictness::Strict, Strictness::Compat] {
            let checker = UrlChecker::new(strictness).with_policy(policy.clone());
            let refusal = checker.check(b"http://169.254.169.254\0@a.example.com/").expect_err(rules);
            assert_eq!(refusal.code().as_str(), "URL-AMBIGUOUS", "{strictness:?} {rules}");
            assert!(checker.check(b"http://user@a.example.com/").is_ok(), "{strictness:?} {rules}");
        }
    }
}

#[test]
fn what_is_wrong_is_named_with_its_line() {
    for (text, line, what, instead) in [
        ("", 1, "no `[policy]`", "write `[policy]`"),
        ("[policy]\n", 1, "no `id`", "id = \"webhooks\""),
        ("[policy]\nid = \"a\"\nmod = \"report\"\n", 3, "unknown key `mod`", "write `mode`"),
        ("[policy]\nid = \"a\"\nmode = \"off\"\n", 3, "`off`", "\"enforce\" or \"report\""),
        ("[policy]\nid = \"a\"\nschemes = [\"ftp\"]\n", 3, "`ftp`", "\"http\" or \"https\""),
        ("[policy]\nid = \"a\"\nports = [0]\n", 3, "no port", "1 to 65535"),
        ("[policy]\nid = \"a\"\nports = [\"90-80\"]\n", 3, "no port", "1 to 65535"),
        ("[policy]\nid = \"a\"\nports = []\n", 3, "empty", "leave `ports` out"),
        ("[policy]\nid = \"a\"\n[alow]\n", 3, "unknown key `alow`", "write `allow`"),
        ("[policy]\nid = \"a\"\n[allow]\n", 3, "not a list", "write `[[allow]]`"),
        ("[policy]\nid = \"a\"\n\n[[allow]]\n", 4, "fits everything", "`default`"),
        (
            "[policy]\nid = \"a\"\n[[allow]]\nhost = [\"a.example\"]\n",
            4,
            "unknown key `host`",
            "write `hosts`",
        ),
        (
            "[policy]\nid = \"a\"\n[[deny]]\nhosts = [\"A.example\"]\n",
            4,
            "not in the form",
            "write `a.example`",
        ),
        (
            "[policy]\nid = \"a\"\n[[deny]]\nhosts = [\"*.bücher.example\"]\n",
            4,
            "not in the form",
            "write `*.xn--bcher-kva.example`",
        ),
        (
            "[policy]\nid = \"a\"\n[[deny]]\nhosts = [\"a.*.example\"]\n",
            4,
            "another place",
            "`*.example.com`",
        ),
        (
            "[policy]\nid = \"a\"\n[[deny]]\nhosts = [\"127.1\"]\n",
            4,
            "an address",
            "cidrs = [\"127.0.0.1/32\"]",
        ),
        ("[policy]\nid = \"a\"\n[[deny]]\nhosts = [\"a b\"]\n", 4, "no host name", "api.example.com"),
        ("[policy]\nid = \"a\"\n[[allow]]\nhosts = [\n\"metadata\"]\n", 5, "never reached", "remove it"),
        ("[policy]\nid = \"a\"\n[[deny]]\ncidrs = [\"10.0.0.1/8\"]\n", 4, "bits set", "write `10.0.0.0/8`"),
        (
            "[policy]\nid = \"a\"\n[[deny]]\ncidrs = [\"10.0.0.1\"]\n",
            4,
            "no prefix length",
            "write `10.0.0.1/32`",
        ),
        ("[policy]\nid = \"a\"\n[[deny]]\ncidrs = [\"10/8\"]\n", 4, "no network", "10.0.0.0/8"),
        (
            "[policy]\nid = \"a\"\n[[allow]]\ncidrs = [\"169.254.169.254/32\"]\n",
            4,
            "never reached",
            "remove it",
        ),
        (
            "[policy]\nid = \"a\"\nports = [443]\n[[allow]]\nports = [80]\n",
            4,
            "never reached",
            "`ports` in [policy]",
        ),
        (
            "[policy]\nid = \"a\"\n[[allow]]\nhosts = [\"a.example\"]\n[[deny]]\nhosts = [\"a.example\"]\n",
            5,
            "contradicts the rule at line 3",
            "remove one",
        ),
        (
            "[policy]\nid = \"a\"\n[[deny]]\nports = [80]\n[[deny]]\nports = [\"1-90\"]\n",
            5,
            "the rule at line 3 says the same",
            "said twice",
        ),
        ("[policy]\nid = \"a\"\nmode = \"a\\n\\u001b[2J\"\n", 3, "`a\\n\\u{1b}[2J`", "\"enforce\""),
        ("[policy\n", 1, "", "docs/url-policy.md"),
    ] {
        let error = Policy::parse(text).expect_err(text);
        assert_eq!(error.line, line, "{text:?}: {error}");
        assert!(!error.to_string().contains(char::is_control), "{text:?}: {error}");
        assert!(error.what.contains(what) && error.instead.contains(instead), "{text:?}: {error}");
    }
}
