//! Flaws as findings of the report.

use super::fix;
use super::judgement::{Flaw, Judged, Judgement};
use super::site::Site;
use onehop_code::{Resource, Sources, Span, Trouble};
use onehop_posture::{Resolved, Verdict};
use onehop_report::{Excerpt, Facts, Finding, Place, Region};
use std::fmt::Display;

/// Every flaw of a judgement as a finding, in order.
pub(super) fn findings(
    judgement: &Judgement,
    sites: &[Site<'_>],
    sources: &Sources,
    fallback: &str,
) -> Vec<Finding> {
    judgement.flaws.iter().map(|flaw| finding(flaw, judgement, sites, sources, fallback)).collect()
}

fn finding(
    flaw: &Flaw,
    judgement: &Judgement,
    sites: &[Site<'_>],
    sources: &Sources,
    fallback: &str,
) -> Finding {
    let mut finding =
        Finding::of(flaw.rule, Excerpt::sentences(&flaw.message), place(flaw.span, sources, fallback));
    finding.subject = Some(flaw.subject.address.clone());
    let mut facts = Facts::new()
        .with("resource", flaw.subject.address.as_str())
        .with("kind", flaw.subject.kind.as_str())
        .with("language", flaw.subject.language);
    if let Some(judged) = flaw.judged.and_then(|at| judgement.judged.get(at)) {
        add_verdict(&mut facts, judged);
    }
    finding.facts = facts;
    if let Some(span) = flaw.span {
        finding.matched = line(sources, span).into();
    }
    finding.fix = flaw.site.and_then(|at| sites.get(at)).map(|site| fix::of(flaw.rule, site, sources));
    finding
}

/// The verdict with every option and the level that decides it.
fn add_verdict(facts: &mut Facts, judged: &Judged) {
    facts.set("verdict", judged.verdict.name());
    if let Some(level) = judged.verdict.level() {
        facts.set("decided_by", level.name());
    }
    if let Verdict::Unresolved(why) = &judged.verdict {
        facts.set("reason", why.reason.as_ref());
    }
    let Some(effective) = &judged.effective else { return };
    option(facts, "tokens", &effective.tokens);
    option(facts, "endpoint", &effective.endpoint);
    option(facts, "hop_limit", &effective.hop_limit);
}

fn option<T: Copy + Display>(facts: &mut Facts, name: &'static str, resolved: &Resolved<T>) {
    let text = match resolved {
        Resolved::Known { value, level } => format!("{value} ({})", level.name()),
        Resolved::Unknown(why) => format!("unknown ({})", why.level.name()),
    };
    facts.set(name, text);
}

/// The line on which a span begins.
fn line(sources: &Sources, span: Span) -> String {
    let source = sources.of(span.file);
    source.line(source.position(span.start).line).trim().to_owned()
}

/// A span as a place of the report; the file alone if there is none.
pub(super) fn place(span: Option<Span>, sources: &Sources, fallback: &str) -> Place {
    match span {
        Some(span) => Place::Text { path: sources.of(span.file).path.clone(), region: region(span, sources) },
        None => Place::File { path: fallback.to_owned() },
    }
}

/// A span in lines and characters.
pub(super) fn region(span: Span, sources: &Sources) -> Region {
    let (start, end) = sources.positions(span);
    Region {
        line: u64::from(start.line),
        column: Some(u64::from(start.column)),
        end_line: Some(u64::from(end.line)),
        end_column: Some(u64::from(end.column)),
        offset: u64::from(span.start),
        length: u64::from(span.end.saturating_sub(span.start)),
    }
}

/// Trouble of a reader as a finding.
pub(super) fn trouble(trouble: &Trouble, sources: &Sources) -> Finding {
    let place = place(trouble.span, sources, &trouble.path);
    let mut finding = Finding::of(&crate::rules::CODE_UNREAD, trouble.message.as_str(), place);
    finding.subject = Some(trouble.path.clone());
    finding.facts = Facts::new().with("reason", trouble.kind.name());
    finding
}

/// A line of a script that reads without a token.
pub(super) fn unsigned(
    resource: Option<&Resource>,
    span: Option<Span>,
    text: &str,
    path: &str,
    sources: &Sources,
) -> Finding {
    let whose = resource
        .map_or_else(|| format!("`{path}`"), |resource| format!("user data of `{}`", resource.address));
    let message = format!(
        "{whose} asks the metadata service without a token, and stops working when tokens are required"
    );
    let mut finding = Finding::of(&crate::rules::SCRIPT_V1, message.as_str(), place(span, sources, path));
    finding.subject = Some(resource.map_or_else(|| path.to_owned(), |resource| resource.address.clone()));
    finding.matched = text.lines().next().unwrap_or_default().into();
    let language = resource.map_or("script", |resource| resource.language.name());
    finding.facts = Facts::new().with("language", language);
    finding
}
