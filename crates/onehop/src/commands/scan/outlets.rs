//! Where findings go besides the report: a command, a webhook.
//!
//! Both take findings without waiting. The first failure of each is told when it is seen, the sums at the end.

use crate::failure::{Failure, OrHint as _};
use crate::output;
use onehop_notify::{Command, Counts, Outlet};
use onehop_report::{Finding, Format, Style};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// How long the end waits for what is on its way.
const PATIENCE: Duration = Duration::from_secs(15);

/// The outlets that were asked for.
#[derive(Debug, Default)]
pub(super) struct Outlets(Arc<Vec<Named>>);

/// An outlet by the name of its flag.
#[derive(Debug)]
struct Named {
    name: &'static str,
    /// Taken when it is finished; its last counts stay.
    outlet: Mutex<Result<Outlet, Counts>>,
    has_told: AtomicBool,
}

impl Outlets {
    /// Starts what was asked for.
    pub(super) fn start(exec: Option<&str>, webhook: Option<&str>) -> Result<Self, Failure> {
        let mut all = Vec::new();
        if let Some(line) = exec {
            let command = Command::parse(line).or_hint(|| {
                "write --exec '/path/to/program argument'; quotes hold words together".to_owned()
            })?;
            all.push(Named::new("exec", command.start()?));
        }
        if let Some(url) = webhook {
            all.push(Named::new("webhook", webhook_outlet(url)?));
        }
        Ok(Outlets(Arc::new(all)))
    }

    /// Hands a finding to each.
    pub(super) fn offer(&self, finding: &Finding) {
        if self.0.is_empty() {
            return;
        }
        let mut line = Vec::new();
        // Writing to a vector cannot fail.
        let _ = Format::Json.renderer(&mut line, Style::default()).finding(finding);
        for named in self.0.iter() {
            named.offer(line.clone());
        }
    }

    /// Waits for what is on its way, within bounds; says what did not arrive.
    pub(super) fn finish(&self) -> Vec<String> {
        let told: Vec<String> = self.0.iter().filter_map(Named::finish).collect();
        for text in &told {
            output::warning(text);
        }
        told
    }

    /// What became of findings so far, by the name of the flag. Clones share the outlets.
    pub(super) fn counts(&self) -> Vec<(&'static str, Counts)> {
        self.0.iter().map(|named| (named.name, named.counts())).collect()
    }

    pub(super) fn share(&self) -> Self {
        Outlets(Arc::clone(&self.0))
    }
}

impl Named {
    fn new(name: &'static str, outlet: Outlet) -> Self {
        Named { name, outlet: Mutex::new(Ok(outlet)), has_told: AtomicBool::new(false) }
    }

    fn offer(&self, line: Vec<u8>) {
        if let Ok(outlet) = &*self.outlet.lock().unwrap_or_else(PoisonError::into_inner) {
            outlet.offer(line);
        }
        if let Some(failure) = self.counts().failure
            && !self.has_told.swap(true, Ordering::Relaxed)
        {
            output::warning(&format!("--{}: {failure}", self.name));
        }
    }

    fn counts(&self) -> Counts {
        match &*self.outlet.lock().unwrap_or_else(PoisonError::into_inner) {
            Ok(outlet) => outlet.counts(),
            Err(counts) => counts.clone(),
        }
    }

    fn finish(&self) -> Option<String> {
        let mut outlet = self.outlet.lock().unwrap_or_else(PoisonError::into_inner);
        let counts = match std::mem::replace(&mut *outlet, Err(Counts::default())) {
            Ok(outlet) => outlet.finish(PATIENCE),
            Err(counts) => counts,
        };
        *outlet = Err(counts.clone());
        let Counts { failed, dropped, failure, .. } = counts;
        let why = failure.map_or_else(String::new, |failure| format!(" ({failure})"));
        (failed + dropped > 0).then(|| {
            format!("findings that did not reach --{}: {failed} failed, {dropped} dropped{why}", self.name)
        })
    }
}

#[cfg(feature = "scan-webhook")]
fn webhook_outlet(url: &str) -> Result<Outlet, Failure> {
    Ok(onehop_notify::Webhook::parse(url)?.start()?)
}

#[cfg(not(feature = "scan-webhook"))]
fn webhook_outlet(_url: &str) -> Result<Outlet, Failure> {
    Err(Failure::new("this build has no webhook (feature `scan-webhook`)"))
}
