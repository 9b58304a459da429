//! Counters of a scan that follows, for Prometheus.
//!
//! | series | labels |
//! |---|---|
//! | `onehop_scan_findings_total` | `rule`, `severity` |
//! | `onehop_scan_findings_by_source_total` | `source`: the format of the log |
//! | `onehop_scan_lines_total`, `onehop_scan_bytes_total` | |
//! | `onehop_scan_losses_total`, `onehop_scan_lost_bytes_total` | |
//! | `onehop_scan_files_open` | |
//! | `onehop_scan_notifications_total` | `outlet`, `result` |
//!
//! Labels are the rules, severities and formats of this version, so that what strangers write cannot make series. All of
//! them are there from the start, with zero.

use super::outlets::Outlets;
use crate::commands::listen::listen;
use crate::failure::Failure;
use crate::output;
use bytes::Bytes;
use onehop_journal::metrics::{CONTENT_TYPE, Counter, Exposition, Family, Gauge, Label, Metric, MetricName};
use onehop_logs::Format;
use onehop_notify::Counts;
use onehop_report::{Finding, Severity, facts};
use onehop_scan::{Progress, rules::RULES};
use onehop_server::{Limits, Pages, Stop};
use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::thread::JoinHandle;

const FINDINGS: MetricName = MetricName::new("onehop_scan_findings_total");
const BY_SOURCE: MetricName = MetricName::new("onehop_scan_findings_by_source_total");
const LINES: MetricName = MetricName::new("onehop_scan_lines_total");
const BYTES: MetricName = MetricName::new("onehop_scan_bytes_total");
const LOSSES: MetricName = MetricName::new("onehop_scan_losses_total");
const LOST_BYTES: MetricName = MetricName::new("onehop_scan_lost_bytes_total");
const OPEN: MetricName = MetricName::new("onehop_scan_files_open");
const NOTIFICATIONS: MetricName = MetricName::new("onehop_scan_notifications_total");

/// Findings by their labels, and what was read.
#[derive(Debug)]
pub(super) struct Counted {
    findings: Family<(RuleLabel, SeverityLabel), Counter>,
    by_source: Family<(SourceLabel,), Counter>,
    progress: Arc<Progress>,
}

impl Counted {
    pub(super) fn new(progress: Arc<Progress>) -> Self {
        Counted { findings: Family::new(Counter::new), by_source: Family::new(Counter::new), progress }
    }

    /// Counts a finding.
    pub(super) fn count(&self, finding: &Finding) {
        let rule = RULES.iter().position(|rule| rule.id == finding.rule).unwrap_or(RULES.len());
        self.findings.at((RuleLabel(rule), SeverityLabel(finding.severity))).increment();
        let source = finding.facts.text(facts::SOURCE);
        let known = Format::ALL.iter().position(|format| Some(format.as_str()) == source);
        self.by_source.at((SourceLabel(known.unwrap_or(Format::ALL.len())),)).increment();
    }

    fn text(&self, outlets: &Outlets) -> String {
        let Counted { findings, by_source, progress } = self;
        let mut text = Exposition::new();
        text.family(FINDINGS, "Findings that count, by rule and severity.", findings);
        text.family(BY_SOURCE, "Findings that count, by the format of the log.", by_source);
        text.metric(LINES, "Ends of lines read.", &counter(progress.lines()));
        text.metric(BYTES, "Bytes of text read.", &counter(progress.bytes()));
        text.metric(LOSSES, "Things that could not be read.", &counter(progress.losses()));
        text.metric(
            LOST_BYTES,
            "Bytes that could not be read, as far as known.",
            &counter(progress.lost_bytes()),
        );
        let open = Gauge::new();
        open.set(i64::try_from(progress.open()).unwrap_or(i64::MAX));
        text.metric(OPEN, "Files that are followed now.", &open);
        text.family(NOTIFICATIONS, "Findings sent on, by where to and what came of it.", &sent(outlets));
        text.finish()
    }
}

fn counter(value: u64) -> impl Metric {
    let counter = Counter::new();
    counter.add(value);
    counter
}

fn sent(outlets: &Outlets) -> Family<(OutletLabel, ResultLabel), Counter> {
    let family: Family<(OutletLabel, ResultLabel), Counter> = Family::new(Counter::new);
    for (name, Counts { delivered, failed, dropped, .. }) in outlets.counts() {
        let outlet = OutletLabel(usize::from(name == OutletLabel::text(1)));
        for (result, count) in [delivered, failed, dropped].into_iter().enumerate() {
            family.at((outlet, ResultLabel(result))).add(count);
        }
    }
    family
}

/// The page while it is served; the port is closed when this is dropped.
#[derive(Debug)]
pub(super) struct Served {
    stop: Stop,
    thread: Option<JoinHandle<()>>,
}

impl Drop for Served {
    fn drop(&mut self) {
        self.stop.trigger();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Serves the page, and says where.
pub(super) fn serve(
    address: SocketAddr,
    counted: &Arc<Counted>,
    outlets: &Outlets,
) -> Result<Served, Failure> {
    let bound = listen(&[address], NonZeroUsize::MIN)?;
    for address in bound.local_addrs() {
        output::note(&format!("counters at http://{address}/metrics"));
    }
    let (counted, outlets, stop) = (Arc::clone(counted), outlets.share(), Stop::new());
    let pages = Pages::new(move |path| match path {
        "/metrics" => Some((CONTENT_TYPE, Bytes::from(counted.text(&outlets)))),
        "/healthz" => Some(("text/plain; charset=utf-8", Bytes::from_static(b"ok\n"))),
        _ => None,
    });
    let stopped = stop.clone();
    let thread = std::thread::Builder::new().name("onehop-metrics".to_owned()).spawn(move || {
        if let Err(error) = onehop_server::run(bound, Arc::new(pages), Limits::default(), stopped) {
            output::warning(&format!("counters are served no more: {error}"));
        }
    })?;
    Ok(Served { stop, thread: Some(thread) })
}

/// Defines a label by the texts of its values.
macro_rules! label {
    ($(#[doc = $doc:literal])+ $type:ident, $name:literal, $count:expr, $text:expr) => {
        $(#[doc = $doc])+
        #[derive(Clone, Copy, Debug)]
        struct $type(usize);

        impl Label for $type {
            const NAME: &'static str = $name;
            const COUNT: usize = $count;

            fn position(self) -> usize {
                self.0
            }

            fn text(position: usize) -> &'static str {
                let text: fn(usize) -> &'static str = $text;
                text(position)
            }
        }
    };
}

/// A rule, as many as there are room for; [`RULES`] is not known when this is compiled, so a test compares the two.
const RULE_COUNT: usize = 17;

label!(
    /// The rule; the last one is any other.
    RuleLabel, "rule", RULE_COUNT + 1, |at| RULES.get(at).map_or("other", |rule| rule.id)
);
label!(
    /// The format of the log; the last one is none.
    SourceLabel, "source", Format::ALL.len() + 1, |at| Format::ALL.get(at).map_or("none", |format| format.as_str())
);
label!(
    /// Where findings go.
    OutletLabel, "outlet", 2, |at| ["exec", "webhook"][at]
);
label!(
    /// What came of it.
    ResultLabel, "result", 3, |at| ["delivered", "failed", "dropped"][at]
);

/// How grave.
#[derive(Clone, Copy, Debug)]
struct SeverityLabel(Severity);

impl Label for SeverityLabel {
    const NAME: &'static str = "severity";
    const COUNT: usize = Severity::ALL.len();

    fn position(self) -> usize {
        Severity::ALL.iter().position(|severity| *severity == self.0).unwrap_or(0)
    }

    fn text(position: usize) -> &'static str {
        Severity::ALL[position].as_str()
    }
}

#[cfg(test)]
mod tests {
    use super::{Counted, Label as _, Outlets, RuleLabel};
    use onehop_report::{Finding, Severity};
    use onehop_scan::rules::RULES;

    #[test]
    fn there_is_a_label_for_every_rule() {
        assert_eq!(RuleLabel::COUNT, RULES.len() + 1);
    }

    #[test]
    fn findings_are_counted_by_their_labels_and_strangers_make_none() {
        let counted = Counted::new(std::sync::Arc::default());
        let mut finding = Finding { rule: "IMDS-URL".into(), severity: Severity::High, ..Finding::default() };
        finding.facts.set("source", "nginx");
        counted.count(&finding);
        finding.rule = "MADE-UP\"}".into();
        finding.facts.set("source", "made\"up");
        counted.count(&finding);
        let text = counted.text(&Outlets::default());
        for line in [
            r#"onehop_scan_findings_total{rule="IMDS-URL",severity="high"} 1"#,
            r#"onehop_scan_findings_total{rule="other",severity="high"} 1"#,
            r#"onehop_scan_findings_by_source_total{source="nginx"} 1"#,
            r#"onehop_scan_findings_by_source_total{source="none"} 1"#,
            "onehop_scan_files_open 0",
            r#"onehop_scan_notifications_total{outlet="webhook",result="dropped"} 0"#,
        ] {
            assert!(text.lines().any(|found| found == line), "{line}\n{text}");
        }
        assert!(!text.to_lowercase().contains("made"));
    }
}
