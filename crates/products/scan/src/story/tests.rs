use super::*;
use onehop_report::{Place, Rule};

fn at(second: i64) -> OffsetDateTime {
    OffsetDateTime::UNIX_EPOCH + Duration::seconds(second)
}

fn finding(rule: &'static Rule, second: i64, client: &str, outcome: Outcome) -> Finding {
    let mut finding = Finding::of(rule, Excerpt::new(b"seen"), Place::line("a.log", 1, 0, 1));
    finding.time = Some(at(second));
    finding.target = Some(Excerpt::new(b"169.254.169.254"));
    finding.facts.set(facts::CLIENT, client);
    finding.facts.set(facts::OUTCOME, outcome.as_str());
    finding
}

fn told(findings: &[Finding]) -> Vec<(Severity, usize)> {
    let mut stories = Stories::new();
    for finding in findings {
        stories.add(finding);
    }
    stories.incidents().iter().map(|incident| (incident.severity, incident.steps.len())).collect()
}

#[test]
fn an_attempt_alone_is_no_incident_unless_it_was_answered_with_credentials() {
    assert_eq!(told(&[finding(&rules::URL, 0, "203.0.113.9", Outcome::Refused)]), []);
    assert_eq!(told(&[finding(&rules::URL, 0, "203.0.113.9", Outcome::Credentials)]), [(Severity::High, 1)]);
}

#[test]
fn evidence_that_fits_in_time_and_target_joins() {
    let attempt = finding(&rules::URL, 100, "203.0.113.9", Outcome::Answered);
    let call = |second| finding(&rules::OUTBOUND, second, "10.0.0.7", Outcome::Unknown);
    assert_eq!(told(&[attempt.clone(), call(102)]), [(Severity::Critical, 2)]);
    assert_eq!(told(&[call(102), attempt.clone()]), [(Severity::Critical, 2)], "in any order");
    assert_eq!(told(&[attempt.clone(), call(90)]), [], "too early");
    assert_eq!(told(&[attempt.clone(), call(200)]), [], "too late");
    let name = finding(&rules::DNS, 60, "10.0.0.7", Outcome::Unknown);
    assert_eq!(told(&[attempt, name]), [(Severity::Medium, 2)]);
}

#[test]
fn attempts_of_one_source_are_one_story_and_bounded() {
    let many: Vec<Finding> =
        (0..1000).map(|second| finding(&rules::URL, second, "203.0.113.9", Outcome::Credentials)).collect();
    let told = told(&many);
    assert_eq!(told.len(), 1);
    assert!(told[0].1 <= STEPS_MAX);
    let two = [
        finding(&rules::URL, 0, "203.0.113.9", Outcome::Credentials),
        finding(&rules::URL, 1, "198.51.100.7", Outcome::Credentials),
    ];
    assert_eq!(super::tests::told(&two).len(), 2, "two sources are two stories");
}

/// Credentials of the host with this address, used by this client.
fn used(second: i64, client: &str, host: &str) -> Finding {
    let mut used = finding(&rules::URL, second, "", Outcome::Unknown);
    used.rule = "TRAIL-ELSEWHERE".into();
    used.target = None;
    used.facts.set("source-address", client);
    used.facts.set("own-addresses", host);
    used
}

#[test]
fn a_use_of_credentials_joins_by_who_and_whose_where_both_tell() {
    let attempt = finding(&rules::URL, 100, "203.0.113.9", Outcome::Refused);
    let call = finding(&rules::OUTBOUND, 101, "10.0.0.7", Outcome::Unknown);
    let tell = |findings: &[&Finding]| {
        let mut stories = Stories::new();
        for finding in findings {
            stories.add(finding);
        }
        let incidents = stories.incidents();
        let links = |incident: &Finding| incident.facts.find("joined_by").map(|links| links.to_string());
        incidents.iter().map(|incident| (incident.severity, links(incident))).collect::<Vec<_>>()
    };
    let some = |text: &str| Some(text.to_owned());
    let by_time = used(4000, "198.51.100.7", "10.0.0.9");
    assert_eq!(tell(&[&attempt, &by_time]), [(Severity::High, some(r#"["time"]"#))]);
    let by_who = used(4000, "203.0.113.9", "10.0.0.9");
    assert_eq!(tell(&[&attempt, &by_who]), [(Severity::Critical, some(r#"["source"]"#))]);
    let whose = used(4000, "198.51.100.7", "10.0.0.8, 10.0.0.7");
    assert_eq!(tell(&[&attempt, &call, &whose]), [(Severity::Critical, some(r#"["time","host"]"#))]);
    assert_eq!(tell(&[&attempt, &call, &by_time]), [(Severity::High, some(r#"["time"]"#))], "another host's");
    assert_eq!(tell(&[&used(99_000, "203.0.113.9", "")]), [], "nobody tried");
    assert_eq!(tell(&[&attempt, &used(100_000, "203.0.113.9", "")]), [], "a day later");
}

#[test]
fn stories_of_growing_logs_are_told_once_for_each_severity() {
    let mut stories = Stories::new();
    let mut tell = |finding: &Finding| {
        stories.add_and_tell(finding).iter().map(|incident| incident.severity).collect::<Vec<_>>()
    };
    assert_eq!(tell(&finding(&rules::URL, 100, "203.0.113.9", Outcome::Refused)), []);
    assert_eq!(tell(&finding(&rules::OUTBOUND, 103, "10.0.0.7", Outcome::Unknown)), [Severity::High]);
    assert_eq!(tell(&finding(&rules::OUTBOUND, 102, "10.0.0.7", Outcome::Unknown)), [], "nothing new");
    assert_eq!(tell(&used(4000, "198.51.100.7", "10.0.0.7")), [Severity::Critical]);
    assert_eq!(
        tell(&finding(&rules::URL, 5000, "203.0.113.9", Outcome::Credentials)),
        [Severity::High],
        "a new story"
    );
    assert_eq!(stories.incidents(), [], "all are told");
}

#[test]
fn growing_logs_leave_no_more_than_a_day_behind() {
    let mut stories = Stories::new();
    for minute in 0..3_000 {
        stories.add_and_tell(&finding(&rules::URL, minute * 660, "203.0.113.9", Outcome::Refused));
    }
    assert!(stories.attempts.len() < 400 && stories.dropped() == 0, "{}", stories.attempts.len());
}
