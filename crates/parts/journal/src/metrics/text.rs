//! The Prometheus text format, version 0.0.4.
//!
//! ```text
//! # HELP name what it counts, with \ and line feeds escaped
//! # TYPE name counter
//! name{label="value, with \, line feeds and quotes escaped"} 1
//! ```
//!
//! Names are checked when they are made. A name must be added once only: the format wants the samples of one
//! metric together. Rendering cannot fail.

use crate::metrics::{Counter, Family, Gauge, Histogram, Labels};
use std::fmt::{Display, Write};
use std::time::Duration;

/// The `Content-Type` of the text.
pub const CONTENT_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// The name of a metric: a letter, `_` or `:`, then these and digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MetricName(&'static str);

impl MetricName {
    /// Checks a name; in a `const`, when it is compiled.
    ///
    /// ```compile_fail
    /// const SPACED: onehop_journal::metrics::MetricName = onehop_journal::metrics::MetricName::new("two words");
    /// ```
    ///
    /// # Panics
    /// The format does not allow the name.
    pub const fn new(name: &'static str) -> MetricName {
        let bytes = name.as_bytes();
        assert!(!bytes.is_empty() && !bytes[0].is_ascii_digit(), "a metric's name begins with a letter");
        let mut place = 0;
        while place < bytes.len() {
            let byte = bytes[place];
            assert!(
                byte.is_ascii_alphanumeric() || byte == b'_' || byte == b':',
                "a metric's name has letters, digits, `_` and `:`"
            );
            place += 1;
        }
        MetricName(name)
    }
}

/// Something that can be shown.
pub trait Metric {
    /// The word after `# TYPE`.
    const TYPE: &'static str;

    /// Writes the sample, or the samples.
    fn samples(&self, samples: &mut Samples<'_>);
}

impl Metric for Counter {
    const TYPE: &'static str = "counter";

    fn samples(&self, samples: &mut Samples<'_>) {
        samples.add("", None, self.value());
    }
}

impl Metric for Gauge {
    const TYPE: &'static str = "gauge";

    fn samples(&self, samples: &mut Samples<'_>) {
        samples.add("", None, self.value());
    }
}

impl Metric for Histogram {
    const TYPE: &'static str = "histogram";

    fn samples(&self, samples: &mut Samples<'_>) {
        let mut count = 0;
        for (bound, total) in self.cumulative() {
            let le = bound.map_or_else(|| String::from("+Inf"), seconds);
            samples.add("_bucket", Some(("le", &le)), total);
            count = total;
        }
        samples.add("_sum", None, seconds(self.sum()));
        samples.add("_count", None, count);
    }
}

/// The samples of one metric, or of one cell of a family.
#[derive(Debug)]
pub struct Samples<'a> {
    out: &'a mut String,
    name: MetricName,
    /// Rendered labels, without braces.
    labels: &'a str,
}

impl Samples<'_> {
    /// Adds a sample; `suffix` goes behind the name, `extra` behind the labels.
    pub fn add(&mut self, suffix: &str, extra: Option<(&str, &str)>, value: impl Display) {
        self.out.push_str(self.name.0);
        self.out.push_str(suffix);
        let mut labels = self.labels.to_owned();
        if let Some((name, text)) = extra {
            push_label(&mut labels, name, text);
        }
        if !labels.is_empty() {
            push(self.out, format_args!("{{{labels}}}"));
        }
        push(self.out, format_args!(" {value}\n"));
    }
}

/// A text in the making.
#[derive(Debug, Default)]
#[must_use = "the text comes from `finish`"]
pub struct Exposition {
    out: String,
}

impl Exposition {
    /// An empty text.
    pub const fn new() -> Exposition {
        Exposition { out: String::new() }
    }

    /// Adds a metric without labels.
    pub fn metric<M: Metric>(&mut self, name: MetricName, help: &str, metric: &M) {
        self.head(name, help, M::TYPE);
        self.samples(name, "", metric);
    }

    /// Adds a metric for each combination of labels.
    pub fn family<L: Labels, M: Metric>(&mut self, name: MetricName, help: &str, family: &Family<L, M>) {
        self.head(name, help, M::TYPE);
        for (position, cell) in family.cells().iter().enumerate() {
            let mut labels = String::new();
            L::describe(position, &mut |name, text| push_label(&mut labels, name, text));
            self.samples(name, &labels, cell);
        }
    }

    /// Adds a gauge that is always 1 and says something in its labels, such as a version.
    pub fn info(&mut self, name: MetricName, help: &str, labels: &[(&str, &str)]) {
        let always = Gauge::new();
        always.set(1);
        let mut text = String::new();
        for (label, value) in labels {
            push_label(&mut text, label, value);
        }
        self.head(name, help, Gauge::TYPE);
        self.samples(name, &text, &always);
    }

    /// The text, to be sent as [`CONTENT_TYPE`].
    pub fn finish(self) -> String {
        self.out
    }

    fn head(&mut self, name: MetricName, help: &str, kind: &str) {
        let help = help.replace('\\', "\\\\").replace('\n', "\\n");
        push(&mut self.out, format_args!("# HELP {} {help}\n# TYPE {} {kind}\n", name.0, name.0));
    }

    fn samples<M: Metric>(&mut self, name: MetricName, labels: &str, metric: &M) {
        metric.samples(&mut Samples { out: &mut self.out, name, labels });
    }
}

fn push(out: &mut String, text: std::fmt::Arguments<'_>) {
    out.write_fmt(text).expect("writing to a string cannot fail");
}

fn push_label(labels: &mut String, name: &str, text: &str) {
    if !labels.is_empty() {
        labels.push(',');
    }
    let text = text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
    push(labels, format_args!("{name}=\"{text}\""));
}

/// Seconds in decimal, exact, without trailing zeros.
fn seconds(duration: Duration) -> String {
    let text = format!("{}.{:09}", duration.as_secs(), duration.subsec_nanos());
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
