//! JSON lines: the format that programs rely on. An object a line, `"type"` and `"v"` first.
//!
//! # Finding
//! ```json
//! {"type":"finding","v":1,"rule":"SSRF-ATTEMPT","severity":"high","path":"access.log","line":7,"offset":4211,
//!  "matched":"%31%36%39…","decoded":"http://169.254.169.254/","encodings":["percent"],"target":"169.254.169.254"}
//! ```
//! | key | value |
//! |---|---|
//! | `rule`, `severity` | always; `info`, `low`, `medium`, `high`, `critical` |
//! | `path`, `line`, `offset` | always; null where there is none. Lines from 1, bytes from 0 |
//! | `matched`, `decoded`, `encodings`, `target` | always; null or empty where there is none. Texts are excerpts: bounded, escaped, masked |
//! | `title`, `message`, `fingerprint` | always |
//! | `column`, `end_line`, `end_column`, `length` | of a place in a text, where they are known |
//! | `resource` | of a place in an account: `account`, `region`, `kind`, `id` |
//! | `subject`, `provider`, `time` (RFC 3339, UTC) | where they are known |
//! | `layers` | what was seen after each encoding, where that was kept; null for one that was not |
//! | `facts` | an object; its keys are those of [`facts`](crate::facts) and of the rule |
//! | `fix` | `text`, `command`, `edits` of `path`, `offset`, `length`, `insert` |
//! | `suppressed` | `by`: `exception` with `owner`, `until`, `reason`, or `baseline` |
//! | `steps` | of an incident: `time`, `lane`, `place`, `text` |
//!
//! # Summary
//! The last line: `{"type":"summary","v":1,"findings":2,"severities":{"info":0,…},"failing":1,"excepted":0,"known":0,
//! "milder":0,"complete":true,"started":…,"ended":…,"facts":{…},"notices":[{"code":"suppression-unused","text":…}]}`.
//! A file without it was cut off.

mod object;

use super::{Renderer, json_line};
use crate::clock::rfc3339;
use crate::excerpt::Excerpt;
use crate::facts::Facts;
use crate::finding::{Edit, Finding, Fix, Step, Suppression};
use crate::fingerprint::Fingerprint;
use crate::place::{Region, Resource};
use crate::run::{Notice, Run, Summary};
use crate::severity::Severity;
use object::Object;
use serde::Serialize;
use std::collections::BTreeMap;
use std::io::{self, Write};

/// Writes JSON lines.
#[derive(Debug)]
pub(super) struct Json<W> {
    out: W,
    started: String,
    /// A line, before it is written.
    line: Vec<u8>,
}

impl<W: Write> Json<W> {
    pub(super) fn new(out: W) -> Json<W> {
        Json { out, started: String::new(), line: Vec::new() }
    }
}

impl<W: Write> Renderer for Json<W> {
    fn begin(&mut self, run: &Run<'_>) -> io::Result<()> {
        self.started = rfc3339(run.started);
        Ok(())
    }

    fn finding(&mut self, finding: &Finding) -> io::Result<()> {
        self.line.clear();
        write(&mut self.line, finding)?;
        self.line.push(b'\n');
        self.out.write_all(&self.line)
    }

    fn end(&mut self, summary: &Summary) -> io::Result<()> {
        let line = SummaryLine {
            kind: "summary",
            v: 1,
            findings: summary.counts.total(),
            severities: Severity::ALL.map(|severity| (severity.as_str(), summary.counts.of(severity))).into(),
            failing: summary.failing,
            excepted: summary.excepted,
            known: summary.known,
            milder: summary.milder,
            complete: summary.is_complete(),
            started: &self.started,
            ended: summary.ended.map(rfc3339),
            facts: &summary.facts,
            notices: &summary.notices,
        };
        json_line(&mut self.out, &line)?;
        self.out.flush()
    }
}

/// The object of a finding.
fn write(out: &mut Vec<u8>, finding: &Finding) -> io::Result<()> {
    let mut line = Object::new(out);
    line.text("type", "finding");
    line.number_or_null("v", Some(1));
    line.text("rule", &finding.rule);
    line.text("severity", finding.severity.as_str());
    let region = finding.place.region();
    line.text_or_null("path", finding.place.path());
    line.number_or_null("line", region.map(|region| region.line));
    line.number_or_null("offset", region.map(|region| region.offset));
    line.text("matched", finding.matched.as_str());
    line.text_or_null("decoded", finding.decoded.as_ref().map(Excerpt::as_str));
    line.texts("encodings", finding.encoding_names().map(Some));
    line.text_or_null("target", finding.target.as_ref().map(Excerpt::as_str));
    line.text("title", &finding.title);
    line.text("message", finding.message.as_str());
    line.text("fingerprint", &Fingerprint::of(finding).text());
    line.number_if("column", region.and_then(|region| region.column));
    line.number_if("end_line", region.and_then(|region| region.end_line));
    line.number_if("end_column", region.and_then(|region| region.end_column));
    line.number_if("length", region.map(|region| region.length));
    write_what_is_known(line, finding)
}

/// The rest of the object: what only some findings have.
fn write_what_is_known(mut line: Object<'_>, finding: &Finding) -> io::Result<()> {
    if let Some(resource) = finding.place.resource() {
        line.other("resource", &ResourceLine::of(resource))?;
    }
    line.text_if("subject", finding.subject.as_deref());
    line.text_if("provider", finding.provider.as_deref());
    line.text_if("time", finding.time.map(rfc3339).as_deref());
    let mut layers = finding.encodings.iter().map(|layer| layer.text.as_ref().map(Excerpt::as_str));
    if layers.clone().any(|text| text.is_some()) {
        line.texts("layers", &mut layers);
    }
    if !finding.facts.is_empty() {
        line.facts("facts", &finding.facts)?;
    }
    if let Some(fix) = &finding.fix {
        line.other("fix", &FixLine::of(fix))?;
    }
    if let Some(suppression) = &finding.suppressed {
        line.other("suppressed", &SuppressedLine::of(suppression))?;
    }
    if !finding.steps.is_empty() {
        let steps: Vec<StepLine<'_>> = finding.steps.iter().map(StepLine::of).collect();
        line.other("steps", &steps)?;
    }
    line.end();
    Ok(())
}

#[derive(Serialize)]
struct ResourceLine<'a> {
    account: Option<&'a str>,
    region: Option<&'a str>,
    kind: &'a str,
    id: &'a str,
}

impl<'a> ResourceLine<'a> {
    fn of(resource: &'a Resource) -> ResourceLine<'a> {
        ResourceLine {
            account: resource.account.as_deref(),
            region: resource.region.as_deref(),
            kind: &resource.kind,
            id: &resource.id,
        }
    }
}

#[derive(Serialize)]
struct FixLine<'a> {
    text: &'a str,
    command: Option<&'a str>,
    edits: Vec<EditLine<'a>>,
}

#[derive(Serialize)]
struct EditLine<'a> {
    path: &'a str,
    offset: u64,
    length: u64,
    insert: &'a str,
}

impl<'a> FixLine<'a> {
    fn of(fix: &'a Fix) -> FixLine<'a> {
        let edit = |edit: &'a Edit| {
            let Region { offset, length, .. } = edit.region;
            EditLine { path: &edit.path, offset, length, insert: &edit.insert }
        };
        FixLine {
            text: &fix.text,
            command: fix.command.as_deref(),
            edits: fix.edits.iter().map(edit).collect(),
        }
    }
}

#[derive(Serialize)]
#[serde(tag = "by", rename_all = "lowercase")]
enum SuppressedLine<'a> {
    Exception { owner: &'a str, until: String, reason: &'a str },
    Baseline,
}

impl<'a> SuppressedLine<'a> {
    fn of(suppression: &'a Suppression) -> SuppressedLine<'a> {
        match suppression {
            Suppression::Excepted { owner, until, reason } => {
                SuppressedLine::Exception { owner, until: until.to_string(), reason }
            }
            Suppression::Known => SuppressedLine::Baseline,
        }
    }
}

#[derive(Serialize)]
struct StepLine<'a> {
    time: Option<String>,
    lane: &'a str,
    place: String,
    text: &'a Excerpt,
}

impl<'a> StepLine<'a> {
    fn of(step: &'a Step) -> StepLine<'a> {
        StepLine {
            time: step.time.map(rfc3339),
            lane: &step.lane,
            place: step.place.to_string(),
            text: &step.text,
        }
    }
}

#[derive(Serialize)]
struct SummaryLine<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    v: u8,
    findings: u64,
    severities: BTreeMap<&'static str, u64>,
    failing: u64,
    excepted: u64,
    known: u64,
    milder: u64,
    complete: bool,
    started: &'a str,
    ended: Option<String>,
    facts: &'a Facts,
    notices: &'a [Notice],
}
