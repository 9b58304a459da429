//! An attempt as a finding: its place, its words, its facts.

use crate::attempt::{Attempt, Outcome};
use crate::rules::DNS;
use onehop_detect::{Imds, Way};
use onehop_input::SourceName;
use onehop_logs::{Format, Kind, Record};
use onehop_report::{Excerpt, Finding, Layer, Place, Region, facts};
use time::OffsetDateTime;

/// The fact that holds the name that was asked for.
pub(crate) const DNS_NAME: &str = "name";
/// Longest part of a line that a finding shows, in bytes.
const SHOWN_MAX_BYTES: usize = 256;

/// The line that holds an attempt.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Line<'a> {
    pub(crate) name: &'a SourceName,
    /// Its number in the text, from 1.
    pub(crate) number: u64,
    /// Where it begins in the text.
    pub(crate) offset: u64,
    pub(crate) bytes: &'a [u8],
}

/// The finding for an attempt.
pub(crate) fn of(attempt: &Attempt, record: &Record<'_>, format: Format, line: &Line<'_>) -> Finding {
    let hit = &attempt.hit;
    let place = hit.place.start..hit.place.end.min(line.bytes.len());
    let columns = |range: &[u8]| {
        let characters =
            if range.is_ascii() { range.len() } else { String::from_utf8_lossy(range).chars().count() };
        characters as u64
    };
    let column = columns(&line.bytes[..place.start]) + 1;
    let mut finding = Finding::of(
        attempt.rule,
        message(attempt, record),
        Place::Text {
            path: line.name.as_str().to_owned(),
            region: Region {
                line: line.number,
                column: Some(column),
                end_column: Some(column + columns(&line.bytes[place.clone()])),
                offset: line.offset + place.start as u64,
                length: place.len() as u64,
                ..Region::default()
            },
        },
    );
    finding.severity = attempt.severity;
    finding.matched = Excerpt::around(line.bytes, place, SHOWN_MAX_BYTES);
    if !hit.layers.is_empty() {
        finding.decoded = Some(Excerpt::new(&hit.decoded));
    }
    finding.encodings = hit
        .layers
        .iter()
        .flat_map(|layer| layer.iter())
        .map(|encoding| Layer::from(encoding.as_str()))
        .collect();
    finding.target = Some(Excerpt::new(hit.host.as_bytes()));
    finding.provider = Some(hit.provider.name.into());
    finding.time = record.time.and_then(|time| {
        OffsetDateTime::from_unix_timestamp_nanos(i128::from(time.unix_ms()) * 1_000_000).ok()
    });
    finding.facts.set_own(facts::SOURCE, format.as_str());
    let text = |bytes| String::from_utf8_lossy(bytes);
    if let Some((field, kind)) = &attempt.field {
        finding.facts.set_text(facts::FIELD, field);
        finding.facts.set_own("kind", kind.as_str());
    }
    if attempt.rule.id == DNS.id
        && let Some(name) = record.fields.iter().find(|field| field.kind == Kind::Name)
    {
        finding.facts.set_text(DNS_NAME, &text(&name.value));
    }
    if format == Format::Pcap
        && let Some(packet) = record.field("packet").and_then(|field| number(&field.value))
    {
        finding.facts.set("packet", packet);
    }
    if let Some(client) = record.source {
        finding.facts.set_text(facts::CLIENT, &text(client));
    }
    if let Some(host) = record.host {
        finding.facts.set_text(facts::HOST, &text(host));
    }
    if let Some(method) = record.method {
        finding.facts.set_text(facts::METHOD, &text(method));
    }
    if let Some(status) = record.status {
        finding.facts.set(facts::STATUS, status);
    }
    if let Some(size) = record.size {
        finding.facts.set(facts::SIZE, size);
    }
    if let Some(agent) = record.fields.iter().find(|field| field.kind == Kind::UserAgent) {
        finding.facts.set_text(facts::USER_AGENT, &text(&agent.value));
    }
    finding.facts.set_own(facts::PATH_CLASS, attempt.path.as_str());
    if attempt.imds != Imds::Unknown {
        finding.facts.set_own(facts::IMDS_VERSION, attempt.imds.as_str());
    }
    finding.facts.set_own(facts::OUTCOME, attempt.outcome.as_str());
    finding
}

fn number(digits: &[u8]) -> Option<u64> {
    std::str::from_utf8(digits).ok()?.parse().ok()
}

/// What happened, in a sentence.
fn message(attempt: &Attempt, record: &Record<'_>) -> String {
    let hit = &attempt.hit;
    let mut text = String::with_capacity(160);
    if let Some(client) = record.source {
        text.push_str(&String::from_utf8_lossy(client));
        text.push_str(": ");
    }
    match hit.way {
        Way::Path => text.extend(["path of the `", hit.provider.name, "` service"]),
        _ => text.extend(["`", &hit.host, "`, the `", hit.provider.name, "` service"]),
    }
    match attempt.path.as_str() {
        "root" | "other" => {}
        class => text.extend([", asked for ", class]),
    }
    text.push_str(match attempt.outcome {
        Outcome::Credentials => "; answered, with the size of credentials",
        Outcome::Answered => "; answered",
        Outcome::Refused => "; refused",
        Outcome::Unknown => "",
    });
    text
}
