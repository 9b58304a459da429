//! Which evidence belongs to which attempts, and by what.
//!
//! | lane | joins by | unless |
//! |---|---|---|
//! | egress | target, and time: the call follows within half a minute | |
//! | dns | time: within ten minutes | |
//! | cloudtrail | time: within a day; better by who used the credentials, best by the host that they belong to | the host that called is another one |

use super::{Attempts, Evidence, Lane, STEPS_MAX};
use time::{Duration, OffsetDateTime};

const CALL_AFTER: Duration = Duration::seconds(30);
const CLOCKS_DIFFER: Duration = Duration::seconds(5);
const NAME_AROUND: Duration = Duration::minutes(10);
const USE_AFTER: Duration = Duration::days(1);
/// How long after an attempt something may join it.
pub(super) const REACH: Duration = USE_AFTER;

/// By what evidence joins a story: the weakest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Link {
    /// It fits in time, and in its target where it has one.
    Time,
    /// The one who tried is the one who used the credentials.
    Source,
    /// The credentials belong to the host that called.
    Host,
}

impl Link {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Link::Time => "time",
            Link::Source => "source",
            Link::Host => "host",
        }
    }
}

/// Whether evidence of this lane and time may join a story.
pub(super) fn is_near(story: &Attempts, lane: Lane, time: OffsetDateTime) -> bool {
    let (before, after) = match lane {
        Lane::Web => return false,
        Lane::Egress => (CLOCKS_DIFFER, CALL_AFTER),
        Lane::Dns => (NAME_AROUND, NAME_AROUND),
        Lane::Trail => (CLOCKS_DIFFER, USE_AFTER),
    };
    time >= story.first - before && time <= story.last + after
}

/// What joins a story, of evidence in the order of time.
pub(super) fn all<'e>(story: &Attempts, other: &'e [Evidence]) -> Vec<(&'e Evidence, Link)> {
    let from = other.partition_point(|evidence| evidence.time < story.first - NAME_AROUND);
    let near = other[from..].iter().take_while(|evidence| evidence.time <= story.last + REACH);
    let near: Vec<&Evidence> = near.filter(|evidence| is_near(story, evidence.lane, evidence.time)).collect();
    let target = &story.evidence[0].target;
    let is_call = |evidence: &&&Evidence| evidence.lane == Lane::Egress && evidence.target == *target;
    let callers: Vec<&String> = near.iter().filter(is_call).flat_map(|evidence| &evidence.hosts).collect();
    let link = |evidence: &&'e Evidence| match evidence.lane {
        Lane::Web => None,
        Lane::Egress => (evidence.target == *target).then_some(Link::Time),
        Lane::Dns => Some(Link::Time),
        Lane::Trail => used(evidence, story, &callers),
    };
    let joined = near.iter().filter_map(|evidence| Some((*evidence, link(evidence)?)));
    joined.take(STEPS_MAX / 2).collect()
}

/// By what a use of credentials joins a story whose calls came from these hosts. `None` if they are another host's.
fn used(evidence: &Evidence, story: &Attempts, callers: &[&String]) -> Option<Link> {
    if evidence.hosts.iter().any(|host| callers.contains(&host)) {
        return Some(Link::Host);
    }
    let who = &story.evidence[0].client;
    if who.is_some() && *who == evidence.client {
        return Some(Link::Source);
    }
    (evidence.hosts.is_empty() || callers.is_empty()).then_some(Link::Time)
}
