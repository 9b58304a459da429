//! What the guard counts, and its page for Prometheus.

use onehop_imds::path::PathClass;
use onehop_journal::metrics::{Counter, Exposition, Family, Histogram, LATENCY_BOUNDS, Label, MetricName};
use onehop_journal::{ImdsVersion, Journal, Outcome, Source};
use onehop_server::ConnectionEvent;
use onehop_verdict::Code;
use std::time::Duration;

/// Values of the label `class`.
#[derive(Clone, Copy, Debug)]
struct Class(PathClass);

impl Label for Class {
    const NAME: &'static str = "class";
    const COUNT: usize = PathClass::ALL.len();

    fn position(self) -> usize {
        self.0 as usize
    }

    fn text(position: usize) -> &'static str {
        PathClass::ALL[position].as_str()
    }
}

/// Counters of one guard.
#[derive(Debug)]
pub struct Counters {
    decisions: Family<(Outcome, Option<Code>), Counter>,
    requests: Family<(ImdsVersion, Class), Counter>,
    answers: Family<(Source,), Counter>,
    latency: Histogram,
    tokens: Counter,
    reload_failures: Counter,
    connections: Connections,
}

/// Counters of connections.
#[derive(Debug, Default)]
struct Connections {
    accepted: Counter,
    closed: Counter,
    refused: Counter,
    malformed: Counter,
    timed_out: Counter,
    too_large: Counter,
    failed: Counter,
    panicked: Counter,
}

impl Default for Counters {
    fn default() -> Self {
        Counters {
            decisions: Family::new(Counter::new),
            requests: Family::new(Counter::new),
            answers: Family::new(Counter::new),
            latency: Histogram::new(LATENCY_BOUNDS),
            tokens: Counter::new(),
            reload_failures: Counter::new(),
            connections: Connections::default(),
        }
    }
}

impl Counters {
    pub(crate) fn decided(&self, outcome: Outcome, code: Option<Code>, source: Source, latency: Duration) {
        self.decisions.at((outcome, code)).increment();
        self.answers.at((source,)).increment();
        self.latency.observe(latency);
    }

    pub(crate) fn requested(&self, version: ImdsVersion, class: PathClass) {
        self.requests.at((version, Class(class))).increment();
    }

    pub(crate) fn token_issued(&self) {
        self.tokens.increment();
    }

    /// A configuration that could not be loaded again; the one before stays in force.
    pub fn reload_failed(&self) {
        self.reload_failures.increment();
    }

    pub(crate) fn connection(&self, event: ConnectionEvent) {
        let connections = &self.connections;
        match event {
            ConnectionEvent::Accepted => &connections.accepted,
            ConnectionEvent::Closed => &connections.closed,
            ConnectionEvent::TooManyConnections | ConnectionEvent::TurnedAway => &connections.refused,
            ConnectionEvent::Malformed => &connections.malformed,
            ConnectionEvent::HeaderTimeout | ConnectionEvent::LifetimeExceeded => &connections.timed_out,
            ConnectionEvent::TooLarge => &connections.too_large,
            ConnectionEvent::HandlerPanicked => &connections.panicked,
            _ => &connections.failed,
        }
        .increment();
        let code = match event {
            ConnectionEvent::Malformed => Code::HttpMalformed,
            ConnectionEvent::HeaderTimeout => Code::LimitTime,
            ConnectionEvent::TooLarge => Code::LimitSize,
            ConnectionEvent::TooManyConnections | ConnectionEvent::TurnedAway => Code::LimitConnections,
            _ => return,
        };
        self.decisions.at((Outcome::Deny, Some(code))).increment();
    }

    /// How often a decision was made. Exists for tests and pages.
    pub fn decisions(&self, outcome: Outcome, code: Option<Code>) -> u64 {
        self.decisions.at((outcome, code)).value()
    }

    pub(crate) fn page(&self, upstream_requests: u64, journal: Option<&Journal>) -> String {
        const fn name(text: &'static str) -> MetricName {
            MetricName::new(text)
        }
        let mut page = Exposition::new();
        page.family(
            name("onehop_guard_decisions_total"),
            "Decisions by outcome and reason.",
            &self.decisions,
        );
        page.family(
            name("onehop_guard_requests_total"),
            "Requests by protocol version and what the path leads to.",
            &self.requests,
        );
        page.family(name("onehop_guard_answers_total"), "Answers by where they came from.", &self.answers);
        page.metric(name("onehop_guard_tokens_total"), "Tokens issued.", &self.tokens);
        let upstream = Counter::new();
        upstream.add(upstream_requests);
        page.metric(
            name("onehop_guard_upstream_requests_total"),
            "Requests sent to the upstream, token requests included.",
            &upstream,
        );
        page.metric(name("onehop_guard_request_seconds"), "Time from request to answer.", &self.latency);
        page.metric(
            name("onehop_guard_reload_failures_total"),
            "Configurations that could not be loaded again.",
            &self.reload_failures,
        );
        self.connections.show(&mut page);
        if let Some(journal) = journal {
            let status = journal.status();
            page.metric(name("onehop_journal_records_total"), "Decisions in the journal.", status.records());
            page.metric(name("onehop_journal_lost_total"), "Decisions that were lost.", status.lost());
            page.metric(name("onehop_journal_failures_total"), "Failed writes.", status.failures());
        }
        page.finish()
    }
}

impl Connections {
    fn show(&self, page: &mut Exposition) {
        for (name, help, counter) in [
            (MetricName::new("onehop_guard_connections_total"), "Connections accepted.", &self.accepted),
            (MetricName::new("onehop_guard_connections_closed_total"), "Connections closed.", &self.closed),
            (
                MetricName::new("onehop_guard_connections_refused_total"),
                "Connections over the bound.",
                &self.refused,
            ),
            (MetricName::new("onehop_guard_malformed_total"), "Requests that are no HTTP.", &self.malformed),
            (
                MetricName::new("onehop_guard_timeouts_total"),
                "Connections cut for slowness.",
                &self.timed_out,
            ),
            (
                MetricName::new("onehop_guard_too_large_total"),
                "Requests over the size bound.",
                &self.too_large,
            ),
            (
                MetricName::new("onehop_guard_connection_failures_total"),
                "Connections that failed.",
                &self.failed,
            ),
            (MetricName::new("onehop_guard_panics_total"), "Requests that met a defect.", &self.panicked),
        ] {
            page.metric(name, help, counter);
        }
    }
}
