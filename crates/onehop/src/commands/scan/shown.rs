//! What happens to a finding that is shown, besides being shown: it is counted, sent on, kept for a baseline.
//!
//! Suppressed findings, which some formats show with a mark, count for nothing here but the baseline, which is to hold
//! them too: they were there.

use super::metrics::Counted;
use super::outlets::Outlets;
use onehop_report::{Finding, Recorder, Renderer, Run, Summary};
use std::cell::RefCell;
use std::io;
use std::sync::Arc;

/// Who hears of findings that are shown.
pub(super) struct Shown<'a> {
    pub(super) outlets: &'a Outlets,
    pub(super) counted: Arc<Counted>,
    pub(super) baseline: Option<RefCell<Recorder>>,
}

impl<'a> Shown<'a> {
    /// A renderer that tells the others too.
    pub(super) fn besides<'r>(&'r self, renderer: Box<dyn Renderer + 'r>) -> Box<dyn Renderer + 'r>
    where
        'a: 'r,
    {
        Box::new(Besides { shown: self, renderer })
    }
}

struct Besides<'r, 'a> {
    shown: &'r Shown<'a>,
    renderer: Box<dyn Renderer + 'r>,
}

impl Renderer for Besides<'_, '_> {
    fn begin(&mut self, run: &Run<'_>) -> io::Result<()> {
        self.renderer.begin(run)
    }

    fn finding(&mut self, finding: &Finding) -> io::Result<()> {
        if let Some(baseline) = &self.shown.baseline {
            baseline.borrow_mut().add(finding);
        }
        if finding.suppressed.is_none() {
            self.shown.counted.count(finding);
            self.shown.outlets.offer(finding);
        } else if !self.renderer.marks_suppressed() {
            return Ok(());
        }
        self.renderer.finding(finding)
    }

    fn end(&mut self, summary: &Summary) -> io::Result<()> {
        self.renderer.end(summary)
    }

    /// A baseline hears of suppressed findings too.
    fn marks_suppressed(&self) -> bool {
        self.shown.baseline.is_some() || self.renderer.marks_suppressed()
    }
}
