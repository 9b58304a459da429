//! `JUnit`'s XML: a test for each finding, which fails, and one for each rule that found nothing, which passes.
//!
//! A finding that is suppressed is a skipped test. What is beyond the bound is one more test that fails.

use super::{Renderer, escaped, kept::Kept, markup};
use crate::excerpt::visible;
use crate::finding::{Finding, Suppression};
use crate::rule::Rule;
use crate::run::{Run, Summary};
use std::collections::BTreeSet;
use std::io::{self, Write};

/// Keeps the gravest, and writes at the end: the numbers stand before the tests.
#[derive(Debug)]
pub(super) struct Junit<W> {
    out: W,
    name: String,
    rules: Vec<Rule>,
    found: BTreeSet<String>,
    kept: Kept,
}

impl<W: Write> Junit<W> {
    pub(super) fn new(out: W, kept: usize) -> Junit<W> {
        Junit { out, name: String::new(), rules: Vec::new(), found: BTreeSet::new(), kept: Kept::new(kept) }
    }

    fn attribute(&mut self, name: &str, value: &str) -> io::Result<()> {
        write!(self.out, " {name}=\"")?;
        escaped(&mut self.out, &visible(value), markup)?;
        self.out.write_all(b"\"")
    }

    fn case(&mut self, class: &str, name: &str) -> io::Result<()> {
        self.out.write_all(b"    <testcase")?;
        self.attribute("classname", class)?;
        self.attribute("name", name)
    }

    fn failure(&mut self, finding: &Finding) -> io::Result<()> {
        let name = match finding.place.to_string() {
            place if place.is_empty() => finding.title.to_string(),
            place => format!("{} ({place})", finding.title),
        };
        self.case(&finding.rule, &name)?;
        if let Some(path) = finding.place.path() {
            self.attribute("file", path)?;
        }
        if let Some(region) = finding.place.region() {
            self.attribute("line", &region.line.to_string())?;
        }
        self.out.write_all(b">\n      ")?;
        if let Some(suppression) = &finding.suppressed {
            self.out.write_all(b"<skipped")?;
            self.attribute("message", &why(suppression))?;
            self.out.write_all(b"/>")?;
        } else {
            self.out.write_all(b"<failure")?;
            self.attribute("type", finding.severity.as_str())?;
            self.attribute("message", finding.message.as_str())?;
            self.out.write_all(b">")?;
            for (name, text) in super::text::details(finding) {
                escaped(&mut self.out, &format!("{name}: {}\n", visible(&text)), markup)?;
            }
            self.out.write_all(b"</failure>")?;
        }
        self.out.write_all(b"\n    </testcase>\n")
    }
}

/// Why a finding does not count, in words.
pub(super) fn why(suppression: &Suppression) -> String {
    match suppression {
        Suppression::Excepted { owner, until, reason } => format!("{reason} ({owner}, until {until})"),
        Suppression::Known => "in the baseline".into(),
    }
}

impl<W: Write> Renderer for Junit<W> {
    fn begin(&mut self, run: &Run<'_>) -> io::Result<()> {
        self.name = format!("onehop {}", run.command);
        self.rules = run.rules.to_vec();
        Ok(())
    }

    fn finding(&mut self, finding: &Finding) -> io::Result<()> {
        if self.rules.iter().any(|rule| rule.id == finding.rule) {
            self.found.insert(finding.rule.to_string());
        }
        self.kept.add(finding);
        Ok(())
    }

    fn end(&mut self, summary: &Summary) -> io::Result<()> {
        let left_out = self.kept.left_out();
        let findings = self.kept.take();
        let silent: Vec<Rule> = std::mem::take(&mut self.rules)
            .into_iter()
            .filter(|rule| !self.found.contains(rule.id))
            .collect();
        let skipped = findings.iter().filter(|finding| finding.suppressed.is_some()).count();
        let more = usize::from(left_out > 0);
        let (failures, tests) = (findings.len() - skipped + more, findings.len() + silent.len() + more);
        let numbers = format!("tests=\"{tests}\" failures=\"{failures}\" errors=\"0\" skipped=\"{skipped}\"");
        writeln!(self.out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites {numbers}>")?;
        self.out.write_all(b"  <testsuite")?;
        let name = self.name.clone();
        self.attribute("name", &name)?;
        writeln!(self.out, " {numbers}>")?;
        for finding in &findings {
            self.failure(finding)?;
        }
        if more > 0 {
            self.case(&name, "more findings")?;
            write!(self.out, ">\n      <failure")?;
            self.attribute("message", &format!("{left_out} more findings; {}", summary.verdict()))?;
            self.out.write_all(b"/>\n    </testcase>\n")?;
        }
        for rule in &silent {
            self.case(rule.id, rule.title)?;
            self.out.write_all(b"/>\n")?;
        }
        self.out.write_all(b"  </testsuite>\n</testsuites>\n")?;
        self.out.flush()
    }
}
