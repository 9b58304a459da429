//! Elastic Common Schema 8.17, an alert a line.
//!
//! What the schema has no field for is under `onehop`. Addresses that are none are in `source.address` only.

use super::{Renderer, json_line};
use crate::clock::rfc3339;
use crate::excerpt::Excerpt;
use crate::facts::{self, Facts};
use crate::finding::Finding;
use crate::fingerprint::Fingerprint;
use crate::rule::Rule;
use crate::run::{Run, Summary};
use crate::severity::Severity;
use serde_json::{Map, Value, json};
use std::collections::HashMap;
use std::io::{self, Write};
use std::net::IpAddr;

/// The version of the schema.
const ECS_VERSION: &str = "8.17.0";

/// Writes ECS.
#[derive(Debug)]
pub(super) struct Ecs<W> {
    out: W,
    command: String,
    version: String,
    started: String,
    rules: HashMap<&'static str, Rule>,
}

impl<W: Write> Ecs<W> {
    pub(super) fn new(out: W) -> Ecs<W> {
        Ecs {
            out,
            command: String::new(),
            version: String::new(),
            started: String::new(),
            rules: HashMap::new(),
        }
    }

    fn line(&self, finding: &Finding) -> Value {
        let rule = self.rules.get(finding.rule.as_ref());
        let region = finding.place.region();
        json!({
            "@timestamp": finding.time.map_or_else(|| self.started.clone(), rfc3339),
            "ecs": {"version": ECS_VERSION},
            "message": finding.message.as_str(),
            "event": {
                "kind": "alert",
                "category": [if finding.place.path().is_some() { "intrusion_detection" } else { "configuration" }],
                "type": ["info"],
                "module": "onehop",
                "dataset": format!("onehop.{}", self.command),
                "severity": severity(finding.severity),
                "id": Fingerprint::of_occurrence(finding),
                "reason": finding.message.as_str(),
                "reference": rule.and_then(|rule| rule.docs_url),
            },
            "observer": {"vendor": "Onehop", "product": "onehop", "version": self.version},
            "rule": {
                "id": finding.rule,
                "name": finding.title,
                "description": rule.map(|rule| rule.what).filter(|what| !what.is_empty()),
                "reference": rule.and_then(|rule| rule.docs_url),
            },
            "threat": rule.map(threat),
            "log": finding.place.path().map(|path| json!({"file": {"path": path}, "offset": region.map(|it| it.offset)})),
            "cloud": finding.place.resource().map(|resource| json!({
                "provider": "aws",
                "region": resource.region,
                "account": {"id": resource.account},
                "instance": {"id": (resource.kind == "instance").then_some(&resource.id)},
            })),
            "onehop": {
                "matched": finding.matched.as_str(),
                "decoded": finding.decoded.as_ref().map(Excerpt::as_str),
                "encodings": finding.encoding_names().collect::<Vec<_>>(),
                "target": finding.target.as_ref().map(Excerpt::as_str),
                "provider": finding.provider,
                "subject": finding.subject,
                "line": region.map(|region| region.line),
                "resource": finding.place.resource().map(ToString::to_string),
                "fingerprint": Fingerprint::of(finding),
                "facts": finding.facts,
                "fix": finding.fix.as_ref().map(|fix| &fix.text),
                "suppressed": finding.suppressed.as_ref().map(super::junit::why),
                "steps": finding.steps.iter().map(|step| format!(
                    "{} {}: {}", step.time.map(rfc3339).unwrap_or_default(), step.lane, step.text,
                ).trim().to_owned()).collect::<Vec<_>>(),
            },
        })
    }
}

impl<W: Write> Renderer for Ecs<W> {
    fn begin(&mut self, run: &Run<'_>) -> io::Result<()> {
        run.command.clone_into(&mut self.command);
        run.version.clone_into(&mut self.version);
        self.started = rfc3339(run.started);
        self.rules = run.rules.iter().map(|rule| (rule.id, rule.clone())).collect();
        Ok(())
    }

    fn finding(&mut self, finding: &Finding) -> io::Result<()> {
        let mut line = self.line(finding);
        if let Value::Object(fields) = &mut line {
            fields.extend(request(&finding.facts));
        }
        prune(&mut line);
        json_line(&mut self.out, &line)
    }

    fn end(&mut self, _: &Summary) -> io::Result<()> {
        self.out.flush()
    }
}

/// The scale of Elastic's own rules.
fn severity(severity: Severity) -> u8 {
    match severity {
        Severity::Info => 1,
        Severity::Low => 21,
        Severity::Medium => 47,
        Severity::High => 73,
        Severity::Critical => 99,
    }
}

fn threat(rule: &Rule) -> Value {
    let (sub, whole): (Vec<_>, Vec<_>) = rule.techniques().partition(|tag| tag.contains('.'));
    let parents = sub.iter().filter_map(|tag| tag.split_once('.')).map(|(parent, _)| parent);
    let mut ids: Vec<&str> = whole.into_iter().chain(parents).collect();
    ids.sort_unstable();
    ids.dedup();
    let framework = (!ids.is_empty()).then_some("MITRE ATT&CK");
    json!({"framework": framework, "technique": {"id": ids, "subtechnique": {"id": sub}}})
}

/// Fields about the request, from the facts that have one.
fn request(facts: &Facts) -> Map<String, Value> {
    let client = facts.text(facts::CLIENT);
    let ip = client.and_then(|text| text.parse::<IpAddr>().ok());
    let fields = json!({
        "source": {"address": client, "ip": ip},
        "user_agent": {"original": facts.text(facts::USER_AGENT)},
        "http": {
            "request": {"method": facts.text(facts::METHOD)},
            "response": {
                "status_code": facts.find(facts::STATUS).filter(|value| value.is_u64()),
                "bytes": facts.find(facts::SIZE).filter(|value| value.is_u64()),
            },
        },
    });
    match fields {
        Value::Object(fields) => fields,
        _ => Map::new(),
    }
}

/// Takes away what is null or empty. Values are four deep at most.
fn prune(value: &mut Value) {
    if let Value::Object(fields) = value {
        for field in fields.values_mut() {
            prune(field);
        }
        fields.retain(|_, field| match field {
            Value::Null => false,
            Value::Object(inner) => !inner.is_empty(),
            Value::Array(items) => !items.is_empty(),
            _ => true,
        });
    }
}
