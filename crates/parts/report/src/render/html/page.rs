//! The page, from top to bottom.

use super::{Head, Tallies};
use super::{charts, known, posture, timeline};
use crate::clock::{rfc3339, to_the_second};
use crate::excerpt::visible;
use crate::facts;
use crate::facts::plain;
use crate::finding::Finding;
use crate::render::{escaped, junit, markup};
use crate::rule::Rule;
use crate::run::Summary;
use crate::severity::Severity;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::io::{self, Write};

const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("script.js");

/// What the page is made of.
pub(super) struct Page<'a, W> {
    pub(super) out: W,
    pub(super) head: &'a Head,
    pub(super) summary: &'a Summary,
    pub(super) findings: &'a [Finding],
    pub(super) left_out: u64,
}

impl<W: Write> Page<'_, W> {
    pub(super) fn write(&mut self, tallies: &Tallies) -> io::Result<()> {
        self.top()?;
        self.verdict()?;
        self.charts(tallies)?;
        self.toolbar()?;
        self.raw("<ol id=\"findings\">\n")?;
        for (at, finding) in self.findings.iter().enumerate() {
            self.finding(at, finding)?;
        }
        self.raw("</ol>\n")?;
        if self.left_out > 0 {
            let left_out = self.left_out;
            writeln!(
                self.out,
                "<p class=\"note\">{left_out} milder or later findings are not on this page.</p>"
            )?;
        }
        self.rules()?;
        self.raw("</main>\n<script>")?;
        self.raw(SCRIPT)?;
        self.raw("</script>\n</body>\n</html>\n")
    }

    fn raw(&mut self, markup: &str) -> io::Result<()> {
        self.out.write_all(markup.as_bytes())
    }

    /// Text of anybody: hidden characters visible, signs of markup escaped. Right in attributes with quotes too.
    fn text(&mut self, text: &str) -> io::Result<()> {
        escaped(&mut self.out, &visible(text), markup)
    }

    /// `<name class="class">text</name>`.
    fn element(&mut self, name: &str, class: &str, text: &str) -> io::Result<()> {
        if class.is_empty() {
            write!(self.out, "<{name}>")?;
        } else {
            write!(self.out, "<{name} class=\"{class}\">")?;
        }
        self.text(text)?;
        write!(self.out, "</{name}>")
    }

    fn prose(&mut self, text: &str) -> io::Result<()> {
        known::prose(&mut self.out, text)
    }

    fn top(&mut self) -> io::Result<()> {
        let digest = STANDARD.encode(Sha256::digest(SCRIPT.as_bytes()));
        let title = format!("Onehop {}: {}", self.head.command, self.summary.verdict());
        self.raw("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")?;
        writeln!(
            self.out,
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; script-src 'sha256-{digest}'; \
             style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\">"
        )?;
        self.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")?;
        self.raw("<meta name=\"referrer\" content=\"no-referrer\">\n")?;
        self.element("title", "", &title)?;
        self.raw("\n<style>\n")?;
        self.raw(STYLE)?;
        self.raw("</style>\n</head>\n<body>\n")
    }

    fn verdict(&mut self) -> io::Result<()> {
        self.raw("<header>\n<h1>Onehop ")?;
        self.text(&self.head.command)?;
        self.raw("</h1>\n<button id=\"theme\" type=\"button\" hidden>Dark or light</button>\n")?;
        let verdict = self.summary.verdict();
        self.element("p", "verdict", &verdict)?;
        self.raw("\n<dl class=\"run\">")?;
        let ended = self.summary.ended.map(to_the_second).unwrap_or_default();
        let mut about =
            vec![("started".to_owned(), to_the_second(self.head.started)), ("ended".to_owned(), ended)];
        about.extend(
            self.summary
                .facts
                .iter()
                .filter(|(_, value)| !value.is_object())
                .map(|(name, value)| (name.to_owned(), plain(&value).into_owned())),
        );
        about.push(("onehop".to_owned(), self.head.version.clone()));
        for (name, text) in about.iter().filter(|(_, text)| !text.is_empty()) {
            self.raw("<div>")?;
            self.element("dt", "", name)?;
            self.element("dd", "", text)?;
            self.raw("</div>")?;
        }
        self.raw("</dl>\n</header>\n<main>\n")?;
        for notice in &self.summary.notices {
            self.raw("<p class=\"notice\">")?;
            self.element("strong", "", notice.code.as_str())?;
            self.raw(" ")?;
            self.prose(&notice.text)?;
            self.raw("</p>\n")?;
        }
        Ok(())
    }

    fn charts(&mut self, tallies: &Tallies) -> io::Result<()> {
        self.raw("<section class=\"charts\">\n")?;
        tallies.over_time.draw(&mut self.out)?;
        posture::draw(&mut self.out, self.summary.facts.find(facts::POSTURE).as_deref())?;
        for (title, front, tally) in [
            ("By rule", "", &tallies.rules),
            ("By source", "", &tallies.sources),
            ("By encoding", "", &tallies.encodings),
            ("By target", "", &tallies.targets),
            ("By level that decides", "decided by ", &tallies.deciders),
        ] {
            charts::bars(&mut self.out, title, front, tally)?;
        }
        self.raw("</section>\n")
    }

    fn toolbar(&mut self) -> io::Result<()> {
        self.raw("<h2>Findings <output id=\"shown\" aria-live=\"polite\"></output></h2>\n<form id=\"toolbar\" hidden>\n")?;
        self.raw("<input type=\"search\" id=\"words\" placeholder=\"Filter by words\" aria-label=\"Filter by words\">\n<fieldset>")?;
        for severity in Severity::ALL.into_iter().rev() {
            let count =
                self.findings.iter().filter(|it| it.severity == severity && it.suppressed.is_none()).count();
            if count > 0 {
                write!(
                    self.out,
                    "<label class=\"{severity}\"><input type=\"checkbox\" name=\"severity\" value=\"{severity}\" checked> \
                     {severity} <b>{count}</b></label>"
                )?;
            }
        }
        let suppressed = self.findings.iter().filter(|finding| finding.suppressed.is_some()).count();
        if suppressed > 0 {
            write!(
                self.out,
                "<label><input type=\"checkbox\" id=\"suppressed\"> suppressed <b>{suppressed}</b></label>"
            )?;
        }
        self.raw(
            "</fieldset>\n<select id=\"rule\" aria-label=\"Rule\"><option value=\"\">every rule</option>",
        )?;
        let mut rules: Vec<&str> = self.findings.iter().map(|finding| finding.rule.as_ref()).collect();
        rules.sort_unstable();
        rules.dedup();
        for rule in rules {
            self.element("option", "", rule)?;
        }
        self.raw(
            "</select>\n<select id=\"sort\" aria-label=\"Order\"><option value=\"rank\">gravest first</option>\
             <option value=\"time\">earliest first</option><option value=\"place\">by place</option>\
             <option value=\"rule\">by rule</option></select>\n\
             <button id=\"open\" type=\"button\">Open all</button>\n</form>\n",
        )
    }

    fn finding(&mut self, at: usize, finding: &Finding) -> io::Result<()> {
        let severity = finding.severity;
        let time = finding.time.map(|time| time.unix_timestamp().to_string()).unwrap_or_default();
        let muted = if finding.suppressed.is_some() { " muted" } else { "" };
        write!(
            self.out,
            "<li class=\"finding {severity}{muted}\" data-rank=\"{at}\" data-severity=\"{severity}\" data-time=\"{time}\" data-rule=\""
        )?;
        self.text(&finding.rule)?;
        self.raw("\"><details><summary>")?;
        self.element("span", "badge", severity.as_str())?;
        self.raw("<span class=\"title\">")?;
        self.text(&finding.title)?;
        if let Some(subject) = &finding.subject {
            self.raw(" ")?;
            self.element("code", "subject", subject)?;
        }
        self.raw("</span>")?;
        self.element("code", "place", &finding.place.to_string())?;
        self.element("span", "rule", &finding.rule)?;
        self.raw("</summary>\n<div class=\"body\">")?;
        self.raw("<p class=\"message\">")?;
        self.prose(finding.message.as_str())?;
        self.raw("</p>")?;
        if let Some(suppression) = &finding.suppressed {
            self.element("p", "note", &format!("Does not count: {}", junit::why(suppression)))?;
        }
        self.evidence(finding)?;
        self.facts(finding)?;
        self.fix(finding)?;
        timeline::draw(&mut self.out, &finding.steps)?;
        self.raw("</div></details></li>\n")
    }

    /// What was found, and how it became what it says.
    fn evidence(&mut self, finding: &Finding) -> io::Result<()> {
        if finding.matched.is_empty() && finding.decoded.is_none() {
            return Ok(());
        }
        self.raw("<ol class=\"chain\"><li>")?;
        self.element("code", "", finding.matched.as_str())?;
        self.raw("</li>")?;
        let chain = finding.chain();
        for (encoding, text) in &chain {
            self.raw("<li>")?;
            self.element("span", "encoding", encoding)?;
            if let Some(text) = text {
                self.element("code", "", text.as_str())?;
            }
            self.raw("</li>")?;
        }
        if let Some(decoded) = finding.decoded.as_ref().filter(|_| chain.is_empty()) {
            self.raw("<li>")?;
            self.element("code", "", decoded.as_str())?;
            self.raw("</li>")?;
        }
        self.raw("</ol>")
    }

    fn facts(&mut self, finding: &Finding) -> io::Result<()> {
        let own: [(&str, Option<String>); 4] = [
            ("subject", finding.subject.clone()),
            ("target", finding.target.as_ref().map(ToString::to_string)),
            ("service", finding.provider.as_ref().map(ToString::to_string)),
            ("time", finding.time.map(rfc3339)),
        ];
        let own = own.into_iter().filter_map(|(name, text)| Some((name, Cow::Owned(Value::String(text?)))));
        known::draw(&mut self.out, own.chain(finding.facts.iter()))
    }

    fn fix(&mut self, finding: &Finding) -> io::Result<()> {
        let Some(fix) = &finding.fix else { return Ok(()) };
        self.raw("<div class=\"fix\"><b>Fix</b> ")?;
        self.prose(&fix.text)?;
        let edits =
            fix.edits.iter().map(|edit| format!("{}:{}: {}", edit.path, edit.region.line, edit.insert));
        for line in fix.command.iter().cloned().chain(edits) {
            self.raw("<pre>")?;
            // Its line ends are lines here.
            for (at, part) in line.lines().enumerate() {
                self.raw(if at > 0 { "\n" } else { "" })?;
                self.text(part)?;
            }
            self.raw("</pre>")?;
        }
        self.raw("</div>")
    }

    /// The catalogue entries behind the findings of this page.
    fn rules(&mut self) -> io::Result<()> {
        let is_used = |rule: &&Rule| self.findings.iter().any(|finding| finding.rule == rule.id);
        let used: Vec<&Rule> = self.head.rules.iter().filter(is_used).collect();
        if used.is_empty() {
            return Ok(());
        }
        self.raw("<h2>Rules</h2>\n")?;
        for rule in used {
            self.raw("<details class=\"rulebook\"><summary>")?;
            self.element("code", "", rule.id)?;
            self.raw(" ")?;
            self.text(rule.title)?;
            self.raw("</summary>\n<div class=\"body\">")?;
            for (name, words, tag) in [
                ("What it finds", rule.what, "p"),
                ("Why that is bad", rule.why, "p"),
                ("Example", rule.example, "pre"),
                ("Instead", rule.instead, "p"),
                ("What it finds wrongly", rule.false_positives, "p"),
                ("Tags", &rule.tags.join(", "), "p"),
                // Links would be the only way off the page; addresses can be copied.
                (
                    "Read on",
                    &rule
                        .docs_url
                        .into_iter()
                        .chain(rule.references.iter().copied())
                        .collect::<Vec<_>>()
                        .join("\n"),
                    "pre",
                ),
            ] {
                if !words.is_empty() {
                    self.element("h3", "", name)?;
                    write!(self.out, "<{tag}>")?;
                    if tag == "p" {
                        self.prose(words)?;
                    } else {
                        escaped(&mut self.out, words, markup)?;
                    }
                    write!(self.out, "</{tag}>")?;
                }
            }
            self.raw("</div></details>\n")?;
        }
        Ok(())
    }
}
