//! Findings joined into incidents.
//!
//! ```text
//! attempt in a request ──≤ 30 s──▶ call seen on its way out ──≤ 1 day──▶ credentials used elsewhere
//!   lane web                        lane egress                            lane cloudtrail
//!        ╰──≤ 10 min── name that led there: lane dns
//! ```
//! An attempt begins a story; attempts of one source at one target within ten minutes are one story. Evidence of another
//! lane joins the story that it fits, by target and time; a use of credentials also by instance or address, where both
//! tell them. A story of one lane is told only if an answer had the size of credentials.
//!
//! | evidence | severity |
//! |---|---|
//! | credentials used elsewhere after an attempt | critical |
//! | attempt and outbound call, one of them answered | critical |
//! | attempt and outbound call | high |
//! | attempt answered with the size of credentials | high |
//! | attempt and a name that led there | medium |
//!
//! Findings without a time join nothing. Memory is bounded by [`STORIES_MAX`] and [`STEPS_MAX`]; what is beyond is not
//! joined, and counted.

use crate::attempt::Outcome;
use crate::rules;
use onehop_report::{Excerpt, Facts, Finding, Severity, Step, facts};
use time::{Duration, OffsetDateTime};

/// Most stories that are kept.
pub const STORIES_MAX: usize = 10_000;
/// Most steps of a story.
pub const STEPS_MAX: usize = 32;
/// Most pieces of evidence of lanes other than `web` that are kept.
const EVIDENCE_MAX: usize = 50_000;

const SAME_ATTEMPT: Duration = Duration::minutes(10);
const CALL_AFTER: Duration = Duration::seconds(30);
const CLOCKS_DIFFER: Duration = Duration::seconds(5);
const NAME_AROUND: Duration = Duration::minutes(10);
const USE_AFTER: Duration = Duration::days(1);

/// What kind of evidence a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Lane {
    Web,
    Egress,
    Dns,
    Trail,
}

impl Lane {
    fn of(rule: &str) -> Option<Lane> {
        match rule {
            "IMDS-URL" | "IMDS-HOST" | "IMDS-PATH" | "IMDS-SMUGGLED-TOKEN" => Some(Lane::Web),
            "IMDS-OUTBOUND" => Some(Lane::Egress),
            "IMDS-DNS" | "DNS-REBINDING" => Some(Lane::Dns),
            "TRAIL-ELSEWHERE" => Some(Lane::Trail),
            _ => None,
        }
    }

    const fn as_str(self) -> &'static str {
        match self {
            Lane::Web => "web",
            Lane::Egress => "egress",
            Lane::Dns => "dns",
            Lane::Trail => "cloudtrail",
        }
    }
}

/// A finding as evidence.
#[derive(Clone, Debug)]
struct Evidence {
    lane: Lane,
    time: OffsetDateTime,
    client: Option<String>,
    target: String,
    outcome: Option<String>,
    step: Step,
}

/// Attempts of one source at one target.
#[derive(Clone, Debug)]
struct Attempts {
    first: OffsetDateTime,
    last: OffsetDateTime,
    finding: Finding,
    evidence: Vec<Evidence>,
    count: u64,
}

/// Collects findings and tells stories at the end.
#[derive(Debug, Default)]
pub struct Stories {
    attempts: Vec<Attempts>,
    other: Vec<Evidence>,
    dropped: u64,
}

impl Stories {
    /// None yet.
    pub fn new() -> Self {
        Stories::default()
    }

    /// Findings that could not be kept.
    pub fn dropped(&self) -> u64 {
        self.dropped
    }

    /// Takes a finding into account.
    pub fn add(&mut self, finding: &Finding) {
        let (Some(lane), Some(time)) = (Lane::of(&finding.rule), finding.time) else { return };
        if lane != Lane::Web {
            if self.other.len() < EVIDENCE_MAX {
                self.other.push(evidence(finding, lane, time));
            } else {
                self.dropped += 1;
            }
            return;
        }
        // Most attempts of many add nothing to what is kept: evidence is made of those that do.
        let (client, outcome) = (finding.facts.text(facts::CLIENT), finding.facts.text(facts::OUTCOME));
        let target = finding.target.as_ref().map_or("", Excerpt::as_str);
        let fits = |story: &&mut Attempts| {
            let known = &story.evidence[0];
            known.client.as_deref() == client
                && known.target == target
                && time >= story.first - SAME_ATTEMPT
                && time <= story.last + SAME_ATTEMPT
        };
        if let Some(story) = self.attempts.iter_mut().rev().take(256).find(fits) {
            story.first = story.first.min(time);
            story.last = story.last.max(time);
            story.count += 1;
            let tells_more = outcome > story.evidence[0].outcome.as_deref();
            if story.evidence.len() < STEPS_MAX / 2 || tells_more {
                story.evidence.truncate(STEPS_MAX / 2 - 1);
                story.evidence.push(evidence(finding, lane, time));
            }
        } else if self.attempts.len() < STORIES_MAX {
            let evidence = vec![evidence(finding, lane, time)];
            self.attempts.push(Attempts {
                first: time,
                last: time,
                finding: finding.clone(),
                evidence,
                count: 1,
            });
        } else {
            self.dropped += 1;
        }
    }

    /// The incidents, in the order of their first attempts.
    pub fn incidents(mut self) -> Vec<Finding> {
        self.attempts.sort_by_key(|story| story.first);
        self.other.sort_by_key(|evidence| evidence.time);
        let other = self.other;
        self.attempts.into_iter().filter_map(|story| tell(story, &other)).collect()
    }
}

fn evidence(finding: &Finding, lane: Lane, time: OffsetDateTime) -> Evidence {
    Evidence {
        lane,
        time,
        client: finding.facts.text(facts::CLIENT).map(str::to_owned),
        target: finding.target.as_ref().map_or_else(String::new, |target| target.as_str().to_owned()),
        outcome: finding.facts.text(facts::OUTCOME).map(str::to_owned),
        step: Step {
            time: Some(time),
            lane: lane.as_str().into(),
            place: finding.place.clone(),
            text: finding.message.clone(),
        },
    }
}

/// The incident that a story is, if it is one.
fn tell(story: Attempts, other: &[Evidence]) -> Option<Finding> {
    let target = story.evidence[0].target.clone();
    let from = other.partition_point(|evidence| evidence.time < story.first - NAME_AROUND);
    let near = other[from..].iter().take_while(|evidence| evidence.time <= story.last + USE_AFTER);
    let joins: Vec<&Evidence> =
        near.filter(|evidence| belongs(evidence, &story, &target)).take(STEPS_MAX / 2).collect();
    let has = |lane: Lane| joins.iter().any(|evidence| evidence.lane == lane);
    let is = |evidence: &Evidence, outcome: Outcome| evidence.outcome.as_deref() == Some(outcome.as_str());
    let all = || story.evidence.iter().chain(joins.iter().copied());
    let credentials = all().any(|evidence| is(evidence, Outcome::Credentials));
    let answered = credentials || all().any(|evidence| is(evidence, Outcome::Answered));
    let severity = match () {
        () if has(Lane::Trail) => Severity::Critical,
        () if has(Lane::Egress) && answered => Severity::Critical,
        () if has(Lane::Egress) || credentials => Severity::High,
        () if has(Lane::Dns) => Severity::Medium,
        () => return None,
    };
    let mut lanes = vec![Lane::Web.as_str()];
    lanes.extend(
        [Lane::Dns, Lane::Egress, Lane::Trail].into_iter().filter(|lane| has(*lane)).map(Lane::as_str),
    );
    let who = story.evidence[0].client.as_deref().unwrap_or("somebody");
    let times = if story.count == 1 { "once".to_owned() } else { format!("{} times", story.count) };
    let message = format!("{who} tried `{target}` {times}; evidence: {}", lanes.join(", "));
    let mut steps: Vec<Step> = all().map(|evidence| evidence.step.clone()).collect();
    steps.sort_by_key(|step| step.time);
    let mut known = Facts::new().with("attempts", story.count).with("lanes", lanes);
    if let Some(client) = &story.evidence[0].client {
        known.set(facts::CLIENT, client.as_str());
    }
    let mut incident =
        Finding::of(&rules::INCIDENT, Excerpt::new(message.as_bytes()), story.finding.place.clone());
    incident.severity = severity;
    incident.target = story.finding.target;
    incident.provider = story.finding.provider;
    incident.matched = story.finding.matched;
    incident.time = Some(story.first);
    incident.facts = known;
    incident.steps = steps;
    Some(incident)
}

/// Whether evidence fits a story.
fn belongs(evidence: &Evidence, story: &Attempts, target: &str) -> bool {
    let within = |before: Duration, after: Duration| {
        evidence.time >= story.first - before && evidence.time <= story.last + after
    };
    match evidence.lane {
        Lane::Web => false,
        Lane::Egress => evidence.target == target && within(CLOCKS_DIFFER, CALL_AFTER),
        Lane::Dns => within(NAME_AROUND, NAME_AROUND),
        Lane::Trail => within(CLOCKS_DIFFER, USE_AFTER),
    }
}

#[cfg(test)]
mod tests;
