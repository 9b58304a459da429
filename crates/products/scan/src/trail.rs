//! CloudTrail: findings of the rules as findings of a report.
//!
//! ```text
//! chunk ─onehop_trail::TrailReader─▶ facts ──▶ (in one place for all texts) rules with state ─▶ finding
//! ```

use onehop_input::SourceName;
use onehop_report::{Excerpt, Finding, Layer, Place, Region, Resource, Severity, facts};
use time::OffsetDateTime;

fn severity(severity: onehop_trail::Severity) -> Severity {
    use onehop_trail::Severity as Trail;
    match severity {
        Trail::Critical => Severity::Critical,
        Trail::High => Severity::High,
        Trail::Medium => Severity::Medium,
        Trail::Low => Severity::Low,
        Trail::Info => Severity::Info,
    }
}

/// A finding of the rules as a finding of a report. `names` are the texts by their numbers.
pub(crate) fn finding(found: &onehop_trail::Finding, names: &[SourceName]) -> Finding {
    let path = names.get(found.place.text as usize).map_or("", SourceName::as_str);
    let region = Region { line: found.place.line, offset: found.place.offset, ..Region::default() };
    at(found, Place::Text { path: path.to_owned(), region })
}

/// A row of the inventory as a finding. It is about a session, from records of any text and of earlier runs, so its place
/// is the instance, or the session where that is not known.
pub(crate) fn of_row(row: &onehop_trail::Row<'_>, found: &onehop_trail::Finding) -> Finding {
    let (kind, id) = match row.instance {
        Some(instance) => ("instance", instance),
        None => ("session", row.session),
    };
    let account = (!row.account.is_empty()).then(|| row.account.to_owned());
    let resource = Resource { account, region: None, kind: kind.into(), id: id.to_owned() };
    let mut finding = at(found, Place::Resource(resource));
    finding.subject = Some(row.session.to_owned());
    finding
}

fn at(found: &onehop_trail::Finding, place: Place) -> Finding {
    let about = found.rule.about();
    let mut finding = Finding {
        rule: about.id.into(),
        title: about.title.into(),
        severity: severity(found.severity),
        message: Excerpt::new(found.summary.as_bytes()),
        place,
        matched: Excerpt::new(found.event_id.as_bytes()),
        time: OffsetDateTime::from_unix_timestamp(found.time.unix()).ok(),
        encodings: Vec::<Layer>::new(),
        ..Finding::default()
    };
    finding.facts.set(facts::SOURCE, "cloudtrail");
    for (name, value) in [("account", &found.account), ("region", &found.region), ("actor", &found.actor)] {
        if !value.is_empty() {
            finding.facts.set(name, value.as_str());
        }
    }
    if found.attempt {
        finding.facts.set(facts::OUTCOME, "refused");
    }
    if let Some(score) = found.score {
        finding.facts.set("score", score);
    }
    for part in &found.parts {
        finding.facts.set(format!("score_{}", part.as_str()), part.weight());
    }
    for evidence in &found.evidence {
        finding.facts.set(evidence.name, evidence.value.as_str());
    }
    finding
}

#[cfg(test)]
mod tests;
