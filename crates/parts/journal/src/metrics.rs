//! Counters, gauges and histograms, and their text for Prometheus.
//!
//! ```text
//! hot path:  family.at(labels).increment()      an index and a relaxed add; no hashing, no lock, no allocation
//! scrape:    Exposition::new() … .finish()      text format 0.0.4
//! ```
//!
//! Every value is owned by whoever made it: nothing here is global to the process. Labels are enums with a known
//! number of values ([`Label`]), so what strangers send cannot make series. Values are read one after the other:
//! a scrape is not a snapshot of one instant.
//!
//! ```
//! use onehop_journal::Outcome;
//! use onehop_journal::metrics::{Counter, Exposition, Family, MetricName};
//! use onehop_verdict::Code;
//!
//! const NO_TOKEN: MetricName = MetricName::new("MetadataNoToken");
//! const DECISIONS: MetricName = MetricName::new("onehop_guard_decisions_total");
//!
//! let no_token = Counter::new();
//! let decisions: Family<(Outcome, Option<Code>), Counter> = Family::new(Counter::new);
//! no_token.increment();
//! decisions.at((Outcome::Deny, Some(Code::ImdsV1))).increment();
//!
//! let mut text = Exposition::new();
//! text.metric(NO_TOKEN, "Requests without a token.", &no_token);
//! text.family(DECISIONS, "Decisions by outcome and reason.", &decisions);
//! let text = text.finish();
//! assert!(text.contains("\nMetadataNoToken 1\n"));
//! assert!(text.contains("\nonehop_guard_decisions_total{decision=\"deny\",code=\"IMDS-V1\"} 1\n"));
//! ```

mod family;
mod histogram;
mod text;
mod value;

pub use family::{Family, Label, Labels};
pub use histogram::{Histogram, LATENCY_BOUNDS};
pub use text::{CONTENT_TYPE, Exposition, Metric, MetricName, Samples};
pub use value::{Counter, Gauge};

#[cfg(test)]
mod tests;
