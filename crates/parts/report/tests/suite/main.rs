//! Reports as others see them: snapshots of every format, and what must hold for any findings.

#[path = "../../examples/report-samples/made_up.rs"]
mod made_up;

mod formats;
mod hostile;
mod snapshots;

use onehop_report::{Finding, Format, Gate, Reporter, Style};
use std::cell::RefCell;
use std::io::{self, Write};
use std::rc::Rc;

/// A writer that can be looked at afterwards.
#[derive(Clone, Default)]
struct Page(Rc<RefCell<Vec<u8>>>);

impl Write for Page {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A report of these findings.
fn report_with(
    format: Format,
    style: Style,
    gate: Gate,
    findings: impl IntoIterator<Item = Finding>,
) -> String {
    let page = Page::default();
    let renderer = format.renderer(page.clone(), style);
    let mut reporter = Reporter::new(renderer, gate, &made_up::RUN).expect("memory can be written to");
    for finding in findings {
        reporter.finding(finding).expect("memory can be written to");
    }
    reporter.finish(made_up::end()).expect("memory can be written to");
    String::from_utf8(page.0.take()).expect("reports are UTF-8")
}

fn report(format: Format, findings: impl IntoIterator<Item = Finding>) -> String {
    report_with(format, Style::default(), Gate::default(), findings)
}
