//! Findings, rules and a run that are all made up, with hostile text wherever text can be.

use onehop_report::{
    Edit, End, Facts, Finding, Fix, Layer, Notice, NoticeCode, Place, Region, Resource, Rule, Run, Severity,
    Step,
};
use time::OffsetDateTime;
use time::macros::datetime;

/// When everything happened.
pub(crate) const NOON: OffsetDateTime = datetime!(2026-11-22 12:00:00 UTC);

/// The catalogue.
pub(crate) const RULES: [Rule; 4] = [
    Rule {
        id: "SSRF-ATTEMPT",
        title: "Metadata service asked for through a request",
        severity: Severity::High,
        what: "Requests that carry the address of a metadata service, in any spelling.",
        why: "A server that follows such an address hands out its own credentials.",
        example: "GET /fetch?url=http://0251.0376.43518/latest/meta-data/",
        instead: "Judge the URL before it is fetched:\n    onehop check --strict URL",
        false_positives: "Scanners that try the address everywhere: look at the status and the size.",
        references: &["https://cwe.mitre.org/data/definitions/918.html"],
        tags: &["T1190", "T1552.005", "CWE-918"],
        docs_url: Some("https://onehop.example/rules/SSRF-ATTEMPT"),
    },
    Rule {
        id: "IMDS-TOKENS-OPTIONAL",
        title: "IMDSv1 is allowed",
        severity: Severity::Medium,
        what: "Metadata options that answer requests without a session token.",
        why: "One GET is enough to read the role's credentials.",
        instead: "metadata_options {\n  http_tokens = \"required\"\n}",
        tags: &["T1552.005"],
        ..Rule::BLANK
    },
    Rule {
        id: "INCIDENT-KEYS-USED",
        title: "Credentials of an instance were used elsewhere",
        severity: Severity::Critical,
        what: "An attempt, an answer, and the role's keys from another network.",
        ..Rule::BLANK
    },
    Rule { id: "SILENT", title: "Finds nothing", severity: Severity::Low, what: "Nothing.", ..Rule::BLANK },
];

/// A run of `scan`.
pub(crate) const RUN: Run<'static> = Run { command: "scan", version: "0.1.0", rules: &RULES, started: NOON };

/// What a product says at the end.
pub(crate) fn end() -> End {
    End {
        time: datetime!(2026-11-22 12:00:01.5 UTC),
        facts: Facts::new().with("files", 3).with("lines", 1_024),
        notices: vec![Notice {
            code: NoticeCode::Incomplete,
            text: "`logs/<script>alert(1)</script>.gz` ends in the middle".into(),
        }],
    }
}

/// An attempt hidden under three layers.
pub(crate) fn attempt() -> Finding {
    let line = "GET /fetch?url=http%253a%252f%252f0251.0376.43518%252flatest HTTP/1.1";
    Finding {
        matched: line.into(),
        decoded: Some("http://169.254.169.254/latest".into()),
        encodings: vec![
            Layer { encoding: "percent".into(), text: Some("http%3a%2f%2f0251.0376.43518%2flatest".into()) },
            Layer { encoding: "percent".into(), text: Some("http://0251.0376.43518/latest".into()) },
            "octal".into(),
        ],
        target: Some("169.254.169.254".into()),
        provider: Some("ec2".into()),
        facts: Facts::new()
            .with("source", "nginx")
            .with("field", "query")
            .with("client", "192.0.2.7")
            .with("method", "GET")
            .with("status", 200)
            .with("size", 1_312)
            .with("user_agent", "made-up/1.0")
            .with("path_class", "other")
            .with("imds_version", "v1")
            .with("confidence", "high"),
        time: Some(datetime!(2026-11-22 11:58:07 UTC)),
        ..Finding::of(
            &RULES[0],
            "the parameter `url` names the metadata service; it answered 200",
            Place::Text {
                path: "logs/access.log".into(),
                region: Region {
                    line: 1_042,
                    column: Some(57),
                    offset: 88_213,
                    length: 70,
                    ..Region::default()
                },
            },
        )
    }
}

/// A setting in code, with a change that mends it.
pub(crate) fn setting() -> Finding {
    let region = Region {
        line: 12,
        column: Some(5),
        end_line: Some(12),
        end_column: Some(29),
        offset: 310,
        length: 24,
    };
    Finding {
        subject: Some("aws_instance.web".into()),
        matched: "http_tokens = \"optional\"".into(),
        facts: Facts::new().with("source", "terraform").with("owner", "platform@example.com"),
        fix: Some(Fix {
            text: "require a token".into(),
            command: None,
            edits: vec![Edit {
                path: "infra/main.tf".into(),
                region: region.clone(),
                insert: "http_tokens = \"required\"".into(),
            }],
        }),
        ..Finding::of(
            &RULES[1],
            "`http_tokens` is written as `optional`",
            Place::Text { path: "infra/main.tf".into(), region },
        )
    }
}

/// A setting in an account.
pub(crate) fn resource() -> Finding {
    Finding {
        severity: Severity::Low,
        facts: Facts::new().with("level", "account default").with("role", true).with("owner", "payments"),
        fix: Some(Fix {
            text: "require a token, then watch `MetadataNoTokenRejected`".into(),
            command: Some("onehop migrate plan --instance i-0123456789abcdef0".into()),
            edits: Vec::new(),
        }),
        ..Finding::of(
            &RULES[1],
            "the instance inherits `optional` from the account's default",
            Place::Resource(Resource {
                account: Some("111122223333".into()),
                region: Some("eu-west-1".into()),
                kind: "instance".into(),
                id: "i-0123456789abcdef0".into(),
            }),
        )
    }
}

/// What happened, in order.
pub(crate) fn incident() -> Finding {
    let step = |time, lane: &'static str, path: &str, line, text: &str| Step {
        time: Some(time),
        lane: lane.into(),
        place: Place::line(path, line, 0, 0),
        text: text.into(),
    };
    Finding {
        target: Some("169.254.169.254".into()),
        provider: Some("ec2".into()),
        facts: Facts::new().with("source", "cloudtrail").with("client", "not an address"),
        time: Some(datetime!(2026-11-22 11:58:07 UTC)),
        steps: vec![
            step(
                datetime!(2026-11-22 11:57:40 UTC),
                "web",
                "logs/access.log",
                990,
                "the list of roles was asked for",
            ),
            step(
                datetime!(2026-11-22 11:58:07 UTC),
                "web",
                "logs/access.log",
                1_042,
                "credentials were asked for: 200, 1,312 bytes",
            ),
            step(
                datetime!(2026-11-22 11:58:07.2 UTC),
                "egress",
                "logs/squid.log",
                17,
                "the server dialled 169.254.169.254",
            ),
            step(
                datetime!(2026-11-22 12:01:27 UTC),
                "cloudtrail",
                "logs/trail.json",
                4,
                "GetCallerIdentity from 198.51.100.9 with ASIAMADEUPMADEUP0000",
            ),
            step(
                datetime!(2026-11-23 09:30:00 UTC),
                "cloudtrail",
                "logs/trail.json",
                31,
                "ListBuckets from 198.51.100.9",
            ),
        ],
        ..Finding::of(
            &RULES[2],
            "the keys of `role/web` came from 198.51.100.9, not from the instance",
            Place::Nowhere,
        )
    }
}

/// Hostile text in every field.
pub(crate) fn hostile() -> Finding {
    let evil = "</script><script>alert(1)</script>\u{1b}[2J\u{202e}\"'`|]]>--><img src=x onerror=alert(1)> =1+1 @all #1\n\r\t\0";
    let secret = "token=MadeUpMadeUpMadeUp http://me:madeup@h/ AKIAMADEUPMADEUP0000";
    let text = format!("{evil}{secret}");
    Finding {
        rule: evil.into(),
        title: evil.into(),
        severity: Severity::Info,
        message: text.as_str().into(),
        place: Place::Text {
            path: evil.into(),
            region: Region { line: 1, column: Some(1), ..Region::default() },
        },
        subject: Some(evil.into()),
        matched: text.as_str().into(),
        decoded: Some(text.as_str().into()),
        encodings: vec![
            Layer { encoding: evil.into(), text: Some(text.as_str().into()) },
            Layer { encoding: evil.into(), text: None },
        ],
        target: Some(text.as_str().into()),
        provider: Some(evil.into()),
        facts: Facts::new()
            .with("source", text.as_str())
            .with("client", text.as_str())
            .with("method", text.as_str())
            .with("status", text.as_str())
            .with("confidence", text.as_str())
            .with(evil, vec![text.as_str()]),
        time: Some(datetime!(2026-11-22 11:00:00 UTC)),
        fix: Some(Fix {
            text: evil.into(),
            command: Some(evil.into()),
            edits: vec![Edit {
                path: evil.into(),
                region: Region { line: 1, ..Region::default() },
                insert: evil.into(),
            }],
        }),
        suppressed: None,
        steps: vec![
            Step {
                time: None,
                lane: evil.into(),
                place: Place::File { path: evil.into() },
                text: text.as_str().into()
            };
            2
        ],
    }
}

/// All of them.
pub(crate) fn all() -> Vec<Finding> {
    let mut bytes = attempt();
    bytes.matched = onehop_report::Excerpt::new(b"\xff\xfe GET /\x00 \xf0\x9f\x92\xa9");
    bytes.decoded = None;
    bytes.encodings = Vec::new();
    bytes.severity = Severity::Medium;
    bytes.place = Place::File { path: "-".into() };
    vec![attempt(), setting(), resource(), incident(), bytes, hostile()]
}

/// Many, different ones: what a page has to bear.
pub(crate) fn many(count: u64) -> impl Iterator<Item = Finding> {
    (0..count).map(|number| {
        let mut finding = if number % 7 == 0 { setting() } else { attempt() };
        let at = usize::try_from(number).unwrap_or(0);
        finding.severity = Severity::ALL[at * at % 5];
        let sources = ["nginx", "alb", "cloudfront", "squid", "waf"];
        finding.facts.set("source", sources[at % sources.len()]);
        let targets = ["169.254.169.254", "fd00:ec2::254", "169.254.170.2"];
        finding.target = Some(targets[at % 7 % targets.len()].into());
        let path = format!("logs/{}/access.log", at % 12);
        finding.place = Place::Text {
            path,
            region: Region {
                line: number + 1,
                column: Some(5),
                offset: number * 91,
                length: 20,
                ..Region::default()
            },
        };
        finding.time =
            Some(NOON + time::Duration::seconds(i64::try_from(number * number % 90_000).unwrap_or(0)));
        finding.encodings.truncate(at % 4);
        finding
    })
}
