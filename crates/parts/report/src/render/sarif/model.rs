//! The part of SARIF that is used, by the names of the standard.

use crate::clock::rfc3339;
use crate::excerpt::Excerpt;
use crate::excerpt::put;
use crate::facts::Facts;
use crate::finding::{Edit, Finding, Step, Suppression};
use crate::place::{Place, Region as Characters, Resource};
use crate::rule::Rule;
use crate::severity::{Level, Severity};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// What a path keeps as it is in a URI reference: a colon would end a scheme.
const PATH: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'.').remove(b'-').remove(b'_').remove(b'~');

#[derive(Serialize)]
pub(super) struct Message {
    pub(super) text: String,
}

/// Text and the same in Markdown (§3.12).
#[derive(Serialize)]
struct MultiformatMessage {
    text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    markdown: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ReportingDescriptor {
    id: &'static str,
    short_description: Message,
    #[serde(skip_serializing_if = "Option::is_none")]
    full_description: Option<Message>,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<MultiformatMessage>,
    #[serde(skip_serializing_if = "Option::is_none")]
    help_uri: Option<&'static str>,
    default_configuration: Configuration,
    properties: RuleProperties,
}

#[derive(Serialize)]
struct Configuration {
    level: Level,
}

#[derive(Serialize)]
struct RuleProperties {
    tags: Vec<&'static str>,
    /// What code scanning sorts by: a number as text.
    #[serde(rename = "security-severity", skip_serializing_if = "Option::is_none")]
    security_severity: Option<&'static str>,
}

impl ReportingDescriptor {
    pub(super) fn of(rule: &Rule) -> ReportingDescriptor {
        let full = [rule.what, rule.why].map(str::trim).join(" ").trim().to_owned();
        ReportingDescriptor {
            id: rule.id,
            short_description: Message { text: rule.title.to_owned() },
            full_description: (!full.is_empty()).then_some(Message { text: full }),
            help: help(rule),
            help_uri: rule.page_url(),
            default_configuration: Configuration { level: rule.severity.level() },
            properties: RuleProperties {
                tags: std::iter::once("security").chain(rule.tags.iter().copied()).collect(),
                security_severity: match rule.severity {
                    Severity::Info => None,
                    Severity::Low => Some("3.0"),
                    Severity::Medium => Some("5.5"),
                    Severity::High => Some("8.0"),
                    Severity::Critical => Some("9.5"),
                },
            },
        }
    }
}

fn help(rule: &Rule) -> Option<MultiformatMessage> {
    let parts = [
        ("What", rule.what, false),
        ("Why", rule.why, false),
        ("Example", rule.example, true),
        ("Instead", rule.instead, true),
        ("What it finds wrongly", rule.false_positives, false),
    ];
    let (mut text, mut markdown) = (String::new(), String::new());
    for (name, words, is_code) in parts.into_iter().filter(|(_, words, _)| !words.is_empty()) {
        let fence = if is_code && words.contains('\n') { "```\n" } else { "" };
        put(&mut text, format_args!("{name}: {words}\n"));
        let end = if fence.is_empty() { "" } else { "\n```" };
        put(&mut markdown, format_args!("**{name}**\n\n{fence}{words}{end}\n\n"));
    }
    for reference in rule.references {
        put(&mut text, format_args!("{reference}\n"));
        put(&mut markdown, format_args!("- <{reference}>\n"));
    }
    (!text.is_empty()).then_some(MultiformatMessage { text, markdown: Some(markdown) })
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SarifResult<'a> {
    rule_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    rule_index: Option<usize>,
    level: Level,
    message: Message,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    locations: Vec<Location>,
    partial_fingerprints: BTreeMap<&'static str, String>,
    suppressions: Vec<SuppressionObject>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fixes: Vec<FixObject>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    code_flows: Vec<CodeFlow>,
    properties: Properties<'a>,
}

impl<'a> SarifResult<'a> {
    pub(super) fn of(
        finding: &'a Finding,
        rule_index: Option<usize>,
        fingerprint: String,
    ) -> SarifResult<'a> {
        let message =
            if finding.message.is_empty() { finding.title.as_ref() } else { finding.message.as_str() };
        SarifResult {
            rule_id: &finding.rule,
            rule_index,
            level: finding.severity.level(),
            message: Message { text: message.to_owned() },
            locations: Location::of(&finding.place, Some(&finding.matched), finding.subject.as_deref())
                .into_iter()
                .collect(),
            partial_fingerprints: [("onehop/v1", fingerprint)].into(),
            suppressions: finding.suppressed.iter().map(SuppressionObject::of).collect(),
            fixes: FixObject::of(finding).into_iter().collect(),
            code_flows: CodeFlow::of(&finding.steps).into_iter().collect(),
            properties: Properties {
                severity: finding.severity,
                title: &finding.title,
                decoded: finding.decoded.as_ref(),
                encodings: finding.encoding_names().collect(),
                target: finding.target.as_ref(),
                provider: finding.provider.as_deref(),
                time: finding.time.map(rfc3339),
                fix: finding.fix.as_ref().map(|fix| fix.text.as_ref()),
                facts: &finding.facts,
            },
        }
    }
}

#[derive(Serialize)]
struct Properties<'a> {
    severity: Severity,
    title: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    decoded: Option<&'a Excerpt>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    encodings: Vec<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    target: Option<&'a Excerpt>,
    #[serde(skip_serializing_if = "Option::is_none")]
    provider: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    time: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fix: Option<&'a str>,
    #[serde(skip_serializing_if = "Facts::is_empty")]
    facts: &'a Facts,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_field_names, reason = "the standard's names")]
struct Location {
    #[serde(skip_serializing_if = "Option::is_none")]
    physical_location: Option<PhysicalLocation>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    logical_locations: Vec<LogicalLocation>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Message>,
}

impl Location {
    fn of(place: &Place, matched: Option<&Excerpt>, subject: Option<&str>) -> Option<Location> {
        let physical_location = place.path().map(|path| PhysicalLocation {
            artifact_location: ArtifactLocation { uri: uri(path) },
            region: place.region().map(|region| Region::of(region, matched)),
        });
        let mut logical_locations: Vec<_> = place.resource().map(LogicalLocation::of).into_iter().collect();
        logical_locations.extend(subject.map(|subject| LogicalLocation {
            name: subject.to_owned(),
            fully_qualified_name: subject.to_owned(),
            kind: Cow::Borrowed("resource"),
        }));
        let is_empty = physical_location.is_none() && logical_locations.is_empty();
        (!is_empty).then_some(Location { physical_location, logical_locations, message: None })
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalLocation {
    artifact_location: ArtifactLocation,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<Region>,
}

#[derive(Serialize)]
struct ArtifactLocation {
    uri: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LogicalLocation {
    name: String,
    fully_qualified_name: String,
    kind: Cow<'static, str>,
}

impl LogicalLocation {
    fn of(resource: &Resource) -> LogicalLocation {
        LogicalLocation {
            name: resource.id.clone(),
            fully_qualified_name: resource.to_string(),
            kind: resource.kind.clone(),
        }
    }
}

/// Both in lines and columns and in bytes: readers use what they can (§3.30.4).
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    #[serde(skip_serializing_if = "Option::is_none")]
    start_line: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    start_column: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_line: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_column: Option<u64>,
    byte_offset: u64,
    byte_length: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    snippet: Option<Message>,
}

impl Region {
    fn of(region: &Characters, matched: Option<&Excerpt>) -> Region {
        let line = Some(region.line).filter(|line| *line > 0);
        Region {
            start_line: line,
            start_column: line.and(region.column),
            end_line: line.and(region.end_line),
            end_column: line.and(region.end_column),
            byte_offset: region.offset,
            byte_length: region.length,
            snippet: matched
                .filter(|matched| !matched.is_empty())
                .map(|matched| Message { text: matched.to_string() }),
        }
    }
}

#[derive(Serialize)]
struct SuppressionObject {
    kind: &'static str,
    status: &'static str,
    justification: String,
}

impl SuppressionObject {
    fn of(suppression: &Suppression) -> SuppressionObject {
        let justification = crate::render::junit::why(suppression);
        SuppressionObject { kind: "external", status: "accepted", justification }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct FixObject {
    description: Message,
    artifact_changes: Vec<ArtifactChange>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ArtifactChange {
    artifact_location: ArtifactLocation,
    replacements: Vec<Replacement>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Replacement {
    deleted_region: Region,
    inserted_content: Message,
}

impl FixObject {
    /// The standard knows changes of files only (§3.55.3).
    fn of(finding: &Finding) -> Option<FixObject> {
        let fix = finding.fix.as_ref().filter(|fix| !fix.edits.is_empty())?;
        let mut files: BTreeMap<&str, Vec<&Edit>> = BTreeMap::new();
        for edit in &fix.edits {
            files.entry(&edit.path).or_default().push(edit);
        }
        let replacement = |edit: &&Edit| Replacement {
            deleted_region: Region::of(&edit.region, None),
            inserted_content: Message { text: edit.insert.clone() },
        };
        let change = |(path, edits): (&str, Vec<&Edit>)| ArtifactChange {
            artifact_location: ArtifactLocation { uri: uri(path) },
            replacements: edits.iter().map(replacement).collect(),
        };
        Some(FixObject {
            description: Message { text: fix.text.to_string() },
            artifact_changes: files.into_iter().map(change).collect(),
        })
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CodeFlow {
    thread_flows: Vec<ThreadFlow>,
}

#[derive(Serialize)]
struct ThreadFlow {
    locations: Vec<ThreadFlowLocation>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ThreadFlowLocation {
    location: Location,
    kinds: Vec<String>,
    execution_order: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    execution_time_utc: Option<String>,
}

impl CodeFlow {
    fn of(steps: &[Step]) -> Option<CodeFlow> {
        let location = |(at, step): (usize, &Step)| {
            let mut location = Location::of(&step.place, None, None).unwrap_or(Location {
                physical_location: None,
                logical_locations: Vec::new(),
                message: None,
            });
            location.message = Some(Message { text: step.text.to_string() });
            ThreadFlowLocation {
                location,
                kinds: vec![step.lane.to_string()],
                execution_order: at + 1,
                execution_time_utc: step.time.map(rfc3339),
            }
        };
        let locations: Vec<_> = steps.iter().enumerate().map(location).collect();
        (!locations.is_empty()).then(|| CodeFlow { thread_flows: vec![ThreadFlow { locations }] })
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Invocation {
    pub(super) execution_successful: bool,
    pub(super) start_time_utc: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) end_time_utc: Option<String>,
    pub(super) tool_execution_notifications: Vec<Notification>,
}

#[derive(Serialize)]
pub(super) struct Notification {
    descriptor: Descriptor,
    level: Level,
    message: Message,
}

#[derive(Serialize)]
struct Descriptor {
    id: &'static str,
}

impl Notification {
    pub(super) fn warning(id: &'static str, text: String) -> Notification {
        Notification { descriptor: Descriptor { id }, level: Level::Warning, message: Message { text } }
    }
}

#[derive(Serialize)]
pub(super) struct RunProperties<'a> {
    pub(super) verdict: String,
    pub(super) facts: &'a Facts,
}

/// A path as a URI reference; standard input is `stdin`.
fn uri(path: &str) -> String {
    let path = if path == "-" { "stdin" } else { path };
    let encoded = utf8_percent_encode(path, PATH);
    if path.starts_with('/') { format!("file://{encoded}") } else { encoded.to_string() }
}

#[cfg(test)]
mod tests {
    use super::uri;

    #[test]
    fn a_path_is_a_uri_reference() {
        for (path, want) in [
            ("logs/access.log", "logs/access.log"),
            ("/var/log/a b.log", "file:///var/log/a%20b.log"),
            ("c:x%41?#\u{e9}\n", "c%3Ax%2541%3F%23%C3%A9%0A"),
            ("-", "stdin"),
        ] {
            assert_eq!(uri(path), want);
        }
    }
}
