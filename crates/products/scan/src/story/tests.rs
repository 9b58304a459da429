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
