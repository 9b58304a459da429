//! OCSF Detection Findings (class 2004), a JSON line each, of the schema version [`SCHEMA_VERSION`].
//!
//! A place in an account brings the profile `cloud`. What the schema has no field for is in the data of an evidence.

use super::{Renderer, json_line};
use crate::clock::{milliseconds, rfc3339};
use crate::excerpt::Excerpt;
use crate::facts::{self, Facts};
use crate::finding::{Finding, Step};
use crate::fingerprint::Fingerprint;
use crate::place::Resource;
use crate::rule::Rule;
use crate::run::{Run, Summary};
use crate::severity::Severity;
use serde::Serialize;
use std::collections::HashMap;
use std::io::{self, Write};
use std::net::IpAddr;

/// The version of the schema.
pub const SCHEMA_VERSION: &str = "1.5.0";

/// Methods that the schema knows; a log may have any word.
const METHODS: [&str; 8] = ["OPTIONS", "GET", "HEAD", "POST", "PUT", "DELETE", "TRACE", "CONNECT"];

/// Writes OCSF.
#[derive(Debug)]
pub(super) struct Ocsf<W> {
    out: W,
    version: String,
    command: String,
    started: i64,
    rules: HashMap<&'static str, Rule>,
}

impl<W: Write> Ocsf<W> {
    pub(super) fn new(out: W) -> Ocsf<W> {
        Ocsf { out, version: String::new(), command: String::new(), started: 0, rules: HashMap::new() }
    }
}

impl<W: Write> Renderer for Ocsf<W> {
    fn begin(&mut self, run: &Run<'_>) -> io::Result<()> {
        run.version.clone_into(&mut self.version);
        run.command.clone_into(&mut self.command);
        self.started = milliseconds(run.started);
        self.rules = run.rules.iter().map(|rule| (rule.id, rule.clone())).collect();
        Ok(())
    }

    fn finding(&mut self, finding: &Finding) -> io::Result<()> {
        let rule = self.rules.get(finding.rule.as_ref());
        let time = finding.time.map_or(self.started, milliseconds);
        let resource = finding.place.resource();
        let line = DetectionFinding {
            activity_id: 1,
            activity_name: "Create",
            category_uid: 2,
            category_name: "Findings",
            class_uid: 2004,
            class_name: "Detection Finding",
            type_uid: 200_401,
            type_name: "Detection Finding: Create",
            time,
            severity_id: severity_id(finding.severity),
            severity: severity_caption(finding.severity),
            status_id: if finding.suppressed.is_some() { 3 } else { 1 },
            status: if finding.suppressed.is_some() { "Suppressed" } else { "New" },
            is_alert: finding.severity >= Severity::Medium && finding.suppressed.is_none(),
            confidence_id: finding.facts.text(facts::CONFIDENCE).and_then(confidence_id),
            message: if finding.message.is_empty() { &finding.title } else { finding.message.as_str() },
            metadata: Metadata {
                version: SCHEMA_VERSION,
                product: Product {
                    name: "onehop",
                    vendor_name: "Onehop",
                    version: &self.version,
                    feature: Feature { name: &self.command },
                },
                profiles: if resource.is_some() { &["cloud"] } else { &[] },
            },
            finding_info: FindingInfo::of(finding, rule, time),
            evidences: evidences(finding),
            resources: resource
                .map(|resource| ResourceDetails::of(resource, &finding.facts))
                .into_iter()
                .collect(),
            cloud: resource.map(Cloud::of),
            remediation: Remediation::of(finding, rule),
        };
        json_line(&mut self.out, &line)
    }

    fn end(&mut self, _: &Summary) -> io::Result<()> {
        self.out.flush()
    }

    fn marks_suppressed(&self) -> bool {
        true
    }
}

#[derive(Serialize)]
struct DetectionFinding<'a> {
    activity_id: u8,
    activity_name: &'static str,
    category_uid: u8,
    category_name: &'static str,
    class_uid: u16,
    class_name: &'static str,
    type_uid: u32,
    type_name: &'static str,
    time: i64,
    severity_id: u8,
    severity: &'static str,
    status_id: u8,
    status: &'static str,
    is_alert: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    confidence_id: Option<u8>,
    message: &'a str,
    metadata: Metadata<'a>,
    finding_info: FindingInfo<'a>,
    evidences: Vec<Evidence<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    resources: Vec<ResourceDetails<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cloud: Option<Cloud<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    remediation: Option<Remediation<'a>>,
}

fn severity_id(severity: Severity) -> u8 {
    match severity {
        Severity::Info => 1,
        Severity::Low => 2,
        Severity::Medium => 3,
        Severity::High => 4,
        Severity::Critical => 5,
    }
}

fn severity_caption(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "Informational",
        Severity::Low => "Low",
        Severity::Medium => "Medium",
        Severity::High => "High",
        Severity::Critical => "Critical",
    }
}

fn confidence_id(text: &str) -> Option<u8> {
    ["low", "medium", "high"].into_iter().zip(1..).find(|(name, _)| *name == text).map(|(_, id)| id)
}

#[derive(Serialize)]
struct Metadata<'a> {
    version: &'static str,
    product: Product<'a>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    profiles: &'static [&'static str],
}

#[derive(Serialize)]
struct Product<'a> {
    name: &'static str,
    vendor_name: &'static str,
    version: &'a str,
    feature: Feature<'a>,
}

#[derive(Serialize)]
struct Feature<'a> {
    name: &'a str,
}

#[derive(Serialize)]
struct FindingInfo<'a> {
    uid: String,
    title: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    desc: Option<&'a str>,
    created_time: i64,
    first_seen_time: i64,
    last_seen_time: i64,
    analytic: Analytic<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    attacks: Vec<Attack>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    data_sources: Vec<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    src_url: Option<&'static str>,
}

impl<'a> FindingInfo<'a> {
    fn of(finding: &'a Finding, rule: Option<&'a Rule>, time: i64) -> FindingInfo<'a> {
        let times = || finding.steps.iter().filter_map(|step| step.time).map(milliseconds);
        FindingInfo {
            uid: Fingerprint::of_occurrence(finding).to_string(),
            title: &finding.title,
            desc: rule.map(|rule| rule.what).filter(|what| !what.is_empty()),
            created_time: time,
            first_seen_time: times().min().unwrap_or(time),
            last_seen_time: times().max().unwrap_or(time),
            analytic: Analytic { type_id: 1, kind: "Rule", uid: &finding.rule, name: &finding.title },
            attacks: rule.into_iter().flat_map(Rule::techniques).map(Attack::of).collect(),
            data_sources: finding.facts.text(facts::SOURCE).into_iter().collect(),
            src_url: rule.and_then(Rule::page_url),
        }
    }
}

#[derive(Serialize)]
struct Analytic<'a> {
    type_id: u8,
    #[serde(rename = "type")]
    kind: &'static str,
    uid: &'a str,
    name: &'a str,
}

#[derive(Serialize)]
struct Attack {
    technique: Technique,
    #[serde(skip_serializing_if = "Option::is_none")]
    sub_technique: Option<Technique>,
}

#[derive(Serialize)]
struct Technique {
    uid: &'static str,
}

impl Attack {
    fn of(tag: &'static str) -> Attack {
        let technique = tag.split_once('.').map_or(tag, |(technique, _)| technique);
        let sub_technique = (technique != tag).then_some(Technique { uid: tag });
        Attack { technique: Technique { uid: technique }, sub_technique }
    }
}

#[derive(Default, Serialize)]
struct Evidence<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    data: Data<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<File<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    src_endpoint: Option<Endpoint>,
    #[serde(skip_serializing_if = "Option::is_none")]
    http_request: Option<HttpRequest<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    http_response: Option<HttpResponse>,
}

/// What the schema has no field for.
#[derive(Default, Serialize)]
struct Data<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    place: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    time: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<&'a Excerpt>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    offset: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    matched: Option<&'a Excerpt>,
    #[serde(skip_serializing_if = "Option::is_none")]
    decoded: Option<&'a Excerpt>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    encodings: Vec<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    target: Option<&'a Excerpt>,
    #[serde(skip_serializing_if = "Option::is_none")]
    provider: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    subject: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    facts: Option<&'a Facts>,
}

#[derive(Serialize)]
struct File<'a> {
    name: &'a str,
    path: &'a str,
    type_id: u8,
}

#[derive(Serialize)]
struct Endpoint {
    ip: IpAddr,
}

#[derive(Serialize)]
struct HttpRequest<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    http_method: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_agent: Option<&'a str>,
}

#[derive(Serialize)]
struct HttpResponse {
    code: u64,
}

/// What was found, then what happened.
fn evidences(finding: &Finding) -> Vec<Evidence<'_>> {
    let facts = &finding.facts;
    let region = finding.place.region();
    let (method, agent) =
        (facts.text(facts::METHOD).filter(|method| METHODS.contains(method)), facts.text(facts::USER_AGENT));
    let found = Evidence {
        name: None,
        data: Data {
            line: region.map(|region| region.line),
            offset: region.map(|region| region.offset),
            matched: Some(&finding.matched),
            decoded: finding.decoded.as_ref(),
            encodings: finding.encoding_names().collect(),
            target: finding.target.as_ref(),
            provider: finding.provider.as_deref(),
            subject: finding.subject.as_deref(),
            facts: Some(facts).filter(|facts| !facts.is_empty()),
            ..Data::default()
        },
        file: finding.place.path().map(|path| File { name: file_name(path), path, type_id: 1 }),
        src_endpoint: facts.text(facts::CLIENT).and_then(|text| text.parse().ok()).map(|ip| Endpoint { ip }),
        http_request: (method.is_some() || agent.is_some())
            .then_some(HttpRequest { http_method: method, user_agent: agent }),
        http_response: facts
            .find(facts::STATUS)
            .and_then(|status| status.as_u64())
            .map(|code| HttpResponse { code }),
    };
    std::iter::once(found).chain(finding.steps.iter().map(of_step)).collect()
}

fn of_step(step: &Step) -> Evidence<'_> {
    let data = Data {
        place: Some(step.place.to_string()),
        time: step.time.map(rfc3339),
        text: Some(&step.text),
        ..Data::default()
    };
    Evidence { name: Some(&step.lane), data, ..Evidence::default() }
}

fn file_name(path: &str) -> &str {
    path.rsplit('/').find(|name| !name.is_empty()).unwrap_or(path)
}

#[derive(Serialize)]
struct ResourceDetails<'a> {
    uid: &'a str,
    #[serde(rename = "type")]
    kind: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    owner: Option<User<'a>>,
}

#[derive(Serialize)]
struct User<'a> {
    name: &'a str,
}

impl<'a> ResourceDetails<'a> {
    fn of(resource: &'a Resource, facts: &'a Facts) -> ResourceDetails<'a> {
        ResourceDetails {
            uid: &resource.id,
            kind: &resource.kind,
            region: resource.region.as_deref(),
            owner: facts.text(facts::OWNER).map(|name| User { name }),
        }
    }
}

#[derive(Serialize)]
struct Cloud<'a> {
    provider: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    account: Option<Account<'a>>,
}

#[derive(Serialize)]
struct Account<'a> {
    uid: &'a str,
}

impl<'a> Cloud<'a> {
    fn of(resource: &'a Resource) -> Cloud<'a> {
        Cloud {
            provider: "AWS",
            region: resource.region.as_deref(),
            account: resource.account.as_deref().map(|uid| Account { uid }),
        }
    }
}

#[derive(Serialize)]
struct Remediation<'a> {
    desc: &'a str,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    references: &'static [&'static str],
}

impl<'a> Remediation<'a> {
    fn of(finding: &'a Finding, rule: Option<&Rule>) -> Option<Remediation<'a>> {
        let instead = rule.map(|rule| rule.instead).filter(|instead| !instead.is_empty());
        let desc = finding.fix.as_ref().map(|fix| fix.text.as_ref()).or(instead)?;
        Some(Remediation { desc, references: rule.map_or(&[], |rule| rule.references) })
    }
}
