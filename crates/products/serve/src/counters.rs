//! What the service counts, with the names of the real metrics where there are real ones (CloudWatch
//! `MetadataNoToken`, `MetadataNoTokenRejected`).

use http::StatusCode;
use onehop_imds::request::ImdsVersion;
use onehop_journal::metrics::{Counter, Exposition, Family, MetricName};
use onehop_server::ConnectionEvent;
use onehop_verdict::Code;

/// Counters of one service.
#[derive(Debug)]
pub struct Counters {
    no_token: Counter,
    no_token_rejected: Counter,
    with_token: Counter,
    tokens: Counter,
    absent: Counter,
    denials: Family<(Code,), Counter>,
    accepted: Counter,
    refused: Counter,
    malformed: Counter,
    timed_out: Counter,
    too_large: Counter,
    failed: Counter,
    panicked: Counter,
    reload_failures: Counter,
}

impl Default for Counters {
    fn default() -> Self {
        Counters {
            no_token: Counter::new(),
            no_token_rejected: Counter::new(),
            with_token: Counter::new(),
            tokens: Counter::new(),
            absent: Counter::new(),
            denials: Family::new(Counter::new),
            accepted: Counter::new(),
            refused: Counter::new(),
            malformed: Counter::new(),
            timed_out: Counter::new(),
            too_large: Counter::new(),
            failed: Counter::new(),
            panicked: Counter::new(),
            reload_failures: Counter::new(),
        }
    }
}

impl Counters {
    pub(crate) fn read(&self, version: ImdsVersion, status: StatusCode) {
        match version {
            ImdsVersion::V1 => self.no_token.increment(),
            ImdsVersion::V2 => self.with_token.increment(),
        }
        if status == StatusCode::NOT_FOUND {
            self.absent.increment();
        }
    }

    pub(crate) fn denied(&self, code: Code) {
        if code == Code::ImdsV1 {
            self.no_token_rejected.increment();
        }
        self.denials.at((code,)).increment();
    }

    pub(crate) fn token_issued(&self) {
        self.tokens.increment();
    }

    /// A tree file that could not be loaded again; the one before stays in force.
    pub fn reload_failed(&self) {
        self.reload_failures.increment();
    }

    pub(crate) fn connection(&self, event: ConnectionEvent) {
        match event {
            ConnectionEvent::Accepted => self.accepted.increment(),
            ConnectionEvent::Closed => {}
            ConnectionEvent::TooManyConnections => self.refused.increment(),
            ConnectionEvent::Malformed => self.malformed.increment(),
            ConnectionEvent::HeaderTimeout | ConnectionEvent::LifetimeExceeded => self.timed_out.increment(),
            ConnectionEvent::TooLarge => self.too_large.increment(),
            ConnectionEvent::HandlerPanicked => self.panicked.increment(),
            _ => self.failed.increment(),
        }
    }

    /// Reads without a token that were answered.
    pub fn no_token(&self) -> u64 {
        self.no_token.value()
    }

    /// Reads without a token that were refused because one is required.
    pub fn no_token_rejected(&self) -> u64 {
        self.no_token_rejected.value()
    }

    /// Requests that were denied with a code.
    pub fn denials(&self, code: Code) -> u64 {
        self.denials.at((code,)).value()
    }

    /// The page for Prometheus.
    pub fn page(&self) -> String {
        let mut page = Exposition::new();
        for (name, help, counter) in [
            (
                MetricName::new("MetadataNoToken"),
                "Reads without a token that were answered (IMDSv1).",
                &self.no_token,
            ),
            (
                MetricName::new("MetadataNoTokenRejected"),
                "Reads without a token that were refused because one is required.",
                &self.no_token_rejected,
            ),
            (
                MetricName::new("onehop_serve_reads_with_token_total"),
                "Reads with a token (IMDSv2).",
                &self.with_token,
            ),
            (MetricName::new("onehop_serve_tokens_total"), "Tokens issued.", &self.tokens),
            (
                MetricName::new("onehop_serve_not_found_total"),
                "Reads of paths that are not there.",
                &self.absent,
            ),
            (MetricName::new("onehop_serve_connections_total"), "Connections accepted.", &self.accepted),
            (
                MetricName::new("onehop_serve_connections_refused_total"),
                "Connections over the bound.",
                &self.refused,
            ),
            (MetricName::new("onehop_serve_malformed_total"), "Requests that are no HTTP.", &self.malformed),
            (
                MetricName::new("onehop_serve_timeouts_total"),
                "Connections cut for slowness.",
                &self.timed_out,
            ),
            (
                MetricName::new("onehop_serve_too_large_total"),
                "Requests over the size bound.",
                &self.too_large,
            ),
            (
                MetricName::new("onehop_serve_connection_failures_total"),
                "Connections that failed.",
                &self.failed,
            ),
            (MetricName::new("onehop_serve_panics_total"), "Requests that met a defect.", &self.panicked),
            (
                MetricName::new("onehop_serve_reload_failures_total"),
                "Tree files that could not be loaded again.",
                &self.reload_failures,
            ),
        ] {
            page.metric(name, help, counter);
        }
        page.family(MetricName::new("onehop_serve_denials_total"), "Denials by reason.", &self.denials);
        page.finish()
    }
}
