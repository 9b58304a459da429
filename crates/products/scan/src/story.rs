//! Findings joined into incidents.
//!
//! ```text
//! attempt in a request ──≤ 30 s──▶ call seen on its way out ──≤ 1 day──▶ credentials used elsewhere
//!   lane web                        lane egress                            lane cloudtrail
//!        ╰──≤ 10 min── name that led there: lane dns
//! ```
//! An attempt begins a story; attempts of one source at one target within ten minutes are one story. Evidence of another
//! lane joins the story that it fits ([`join`]): by target and time, and a use of credentials also by who used them and by the
//! host that they belong to, where both sides tell. A story of one lane is told only if an answer had the size of
//! credentials.
//!
//! | evidence | severity |
//! |---|---|
//! | credentials used elsewhere: by who tried, those of the host that called, or after an answer of their size | critical |
//! | attempt and outbound call, one of them answered | critical |
//! | credentials used elsewhere within a day, and nothing else speaks for or against it | high |
//! | attempt and outbound call | high |
//! | attempt answered with the size of credentials | high |
//! | attempt and a name that led there | medium |
//!
//! Over files, stories are told at the end, since lanes come one after the other. Over logs that grow, a story is told as soon
//! as it is one, again when it has become graver, and forgotten a day after its last attempt.
//!
//! Findings without a time join nothing. Memory is bounded by [`STORIES_MAX`] and [`STEPS_MAX`]; what is beyond is not
//! joined, and counted.

mod join;

use crate::attempt::Outcome;
use crate::rules;
use join::Link;
use onehop_report::{Excerpt, Facts, Finding, Severity, Step, facts};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use time::{Duration, OffsetDateTime};

/// Most stories that are kept.
pub const STORIES_MAX: usize = 10_000;
/// Most steps of a story.
pub const STEPS_MAX: usize = 32;
/// Most pieces of evidence of lanes other than `web` that are kept.
const EVIDENCE_MAX: usize = 50_000;

/// Stories that an attempt may be one of: the last ones.
const RECENT: usize = 256;

/// Findings of growing logs between two looks for what can be forgotten.
const FORGET_EVERY: u64 = 256;

const SAME_ATTEMPT: Duration = Duration::minutes(10);

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
    /// Addresses of the host that it is about, where it tells them.
    hosts: Vec<String>,
    step: Step,
}

impl Evidence {
    fn is(&self, outcome: Outcome) -> bool {
        self.outcome.as_deref() == Some(outcome.as_str())
    }
}

/// Attempts of one source at one target.
#[derive(Clone, Debug)]
struct Attempts {
    /// See [`key`].
    key: u64,
    first: OffsetDateTime,
    last: OffsetDateTime,
    finding: Finding,
    evidence: Vec<Evidence>,
    count: u64,
    /// How grave it was when it was told last.
    told: Option<Severity>,
}

/// Collects findings and tells stories.
#[derive(Debug, Default)]
pub struct Stories {
    attempts: Vec<Attempts>,
    /// Of each of these the key, so that few of them are looked at.
    keys: Vec<u64>,
    /// Of lanes other than `web`; in the order of time while stories are told as they come.
    other: Vec<Evidence>,
    dropped: u64,
    added: u64,
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
        let fits = |story: &Attempts| {
            let known = &story.evidence[0];
            known.client.as_deref() == client
                && known.target == target
                && time >= story.first - SAME_ATTEMPT
                && time <= story.last + SAME_ATTEMPT
        };
        let key = key(client, target);
        let recent = self.keys.len().saturating_sub(RECENT);
        let is_it = |at: &usize| self.keys[*at] == key && fits(&self.attempts[*at]);
        if let Some(at) = (recent..self.keys.len()).rev().find(is_it) {
            let story = &mut self.attempts[at];
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
            self.keys.push(key);
            self.attempts.push(Attempts {
                key,
                first: time,
                last: time,
                finding: finding.clone(),
                evidence,
                count: 1,
                told: None,
            });
        } else {
            self.dropped += 1;
        }
    }

    /// Takes a finding of a growing log into account, and tells the incidents that it makes, or makes graver.
    pub fn add_and_tell(&mut self, finding: &Finding) -> Vec<Finding> {
        let (Some(lane), Some(time)) = (Lane::of(&finding.rule), finding.time) else { return Vec::new() };
        self.added += 1;
        if self.added.is_multiple_of(FORGET_EVERY) {
            self.forget(time);
        }
        self.add(finding);
        if let [.., before, last] = &self.other[..]
            && before.time > last.time
        {
            self.other.sort_by_key(|evidence| evidence.time);
        }
        let Stories { attempts, other, .. } = self;
        let may_grow = |story: &&mut Attempts| match lane {
            Lane::Web => time >= story.first && time <= story.last,
            _ => join::is_near(story, lane, time),
        };
        attempts.iter_mut().filter(may_grow).filter_map(|story| tell_anew(story, other)).collect()
    }

    /// Leaves behind what nothing that comes now can join.
    fn forget(&mut self, now: OffsetDateTime) {
        self.attempts.retain(|story| now <= story.last + join::REACH);
        self.keys.clear();
        self.keys.extend(self.attempts.iter().map(|story| story.key));
        self.other.retain(|evidence| now <= evidence.time + join::REACH);
    }

    /// The incidents that were not told, in the order of their first attempts.
    pub fn incidents(mut self) -> Vec<Finding> {
        self.attempts.sort_by_key(|story| story.first);
        self.other.sort_by_key(|evidence| evidence.time);
        let other = self.other;
        self.attempts.iter_mut().filter_map(|story| tell_anew(story, &other)).collect()
    }
}

/// A number that is the same for attempts of one source at one target, and seldom for others.
fn key(client: Option<&str>, target: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    (client, target).hash(&mut hasher);
    hasher.finish()
}

fn evidence(finding: &Finding, lane: Lane, time: OffsetDateTime) -> Evidence {
    let text = |name: &str| finding.facts.text(name).map(str::to_owned);
    let addresses = |name: &str| finding.facts.text(name).into_iter().flat_map(|list| list.split(", "));
    let (client, hosts) = match lane {
        Lane::Web => (text(facts::CLIENT), Vec::new()),
        // The host that called, or asked for the name.
        Lane::Egress | Lane::Dns => (text(facts::CLIENT), text(facts::CLIENT).into_iter().collect()),
        Lane::Trail => {
            let own = addresses("own-addresses").chain(addresses("homes"));
            (text("source-address"), own.map(str::to_owned).collect())
        }
    };
    Evidence {
        lane,
        time,
        client,
        target: finding.target.as_ref().map_or_else(String::new, |target| target.as_str().to_owned()),
        outcome: text(facts::OUTCOME),
        hosts,
        step: Step {
            time: Some(time),
            lane: lane.as_str().into(),
            place: finding.place.clone(),
            text: finding.message.clone(),
        },
    }
}

/// The incident that a story is, if it is one and was not told as grave as it is.
fn tell_anew(story: &mut Attempts, other: &[Evidence]) -> Option<Finding> {
    let joined = join::all(story, other);
    let severity =
        severity(story, &joined).filter(|severity| story.told.is_none_or(|told| *severity > told))?;
    story.told = Some(severity);
    Some(tell(story, severity, &joined))
}

/// How grave a story is with the evidence that joined it; `None` if it is no incident.
fn severity(story: &Attempts, joined: &[(&Evidence, Link)]) -> Option<Severity> {
    let has = |lane: Lane| joined.iter().any(|(evidence, _)| evidence.lane == lane);
    let any = |outcome: Outcome| {
        story.evidence.iter().chain(joined.iter().map(|(evidence, _)| *evidence)).any(|one| one.is(outcome))
    };
    let credentials = any(Outcome::Credentials);
    let is_certain = joined.iter().any(|(evidence, link)| evidence.lane == Lane::Trail && *link > Link::Time);
    match () {
        () if has(Lane::Trail) && (is_certain || credentials) => Some(Severity::Critical),
        () if has(Lane::Egress) && (credentials || any(Outcome::Answered)) => Some(Severity::Critical),
        () if has(Lane::Trail) || has(Lane::Egress) || credentials => Some(Severity::High),
        () if has(Lane::Dns) => Some(Severity::Medium),
        () => None,
    }
}

/// A story as an incident.
fn tell(story: &Attempts, severity: Severity, joined: &[(&Evidence, Link)]) -> Finding {
    let first = &story.evidence[0];
    let mut lanes = vec![Lane::Web.as_str()];
    for lane in [Lane::Dns, Lane::Egress, Lane::Trail] {
        lanes.extend(joined.iter().any(|(evidence, _)| evidence.lane == lane).then_some(lane.as_str()));
    }
    let mut links: Vec<Link> = joined.iter().map(|(_, link)| *link).collect();
    links.sort_unstable();
    links.dedup();
    let links: Vec<&str> = links.into_iter().map(Link::as_str).collect();
    let who = first.client.as_deref().unwrap_or("somebody");
    let times = if story.count == 1 { "once".to_owned() } else { format!("{} times", story.count) };
    let message = format!("{who} tried `{}` {times}; evidence: {}", first.target, lanes.join(", "));
    let all = story.evidence.iter().chain(joined.iter().map(|(evidence, _)| *evidence));
    let mut steps: Vec<Step> = all.map(|evidence| evidence.step.clone()).collect();
    steps.sort_by_key(|step| step.time);
    let mut known = Facts::new().with("attempts", story.count).with("lanes", lanes);
    if !links.is_empty() {
        known.set("joined_by", links);
    }
    if let Some(client) = &first.client {
        known.set(facts::CLIENT, client.as_str());
    }
    let mut incident =
        Finding::of(&rules::INCIDENT, Excerpt::new(message.as_bytes()), story.finding.place.clone());
    incident.severity = severity;
    incident.target.clone_from(&story.finding.target);
    incident.provider.clone_from(&story.finding.provider);
    incident.matched.clone_from(&story.finding.matched);
    incident.time = Some(story.first);
    incident.facts = known;
    incident.steps = steps;
    incident
}

#[cfg(test)]
mod tests;
