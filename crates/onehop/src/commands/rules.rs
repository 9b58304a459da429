//! `onehop scan rules`, `onehop audit rules`: what is found, and why.

use crate::arguments::{RulesArguments, RulesFormat};
use crate::failure::Failure;
use crate::output;
use onehop_report::Rule;
use serde_json::json;
use std::fmt::Write as _;
use std::process::ExitCode;

/// Lists the rules, or explains one.
pub(crate) fn run(arguments: &RulesArguments, rules: &[&'static Rule]) -> Result<ExitCode, Failure> {
    let chosen: Vec<&Rule> = match &arguments.id {
        None => rules.to_vec(),
        Some(id) => vec![find(id, rules)?],
    };
    for rule in &chosen {
        output::line(&match arguments.format {
            RulesFormat::Json => json_of(rule),
            RulesFormat::Text if arguments.id.is_some() => page(rule),
            RulesFormat::Text => format!("{:22} {:8} {}", rule.id, rule.severity, rule.title),
        })?;
    }
    Ok(ExitCode::SUCCESS)
}

fn find(id: &str, rules: &[&'static Rule]) -> Result<&'static Rule, Failure> {
    rules.iter().copied().find(|rule| rule.id.eq_ignore_ascii_case(id)).ok_or_else(|| {
        let known: Vec<&str> = rules.iter().map(|rule| rule.id).collect();
        Failure::new(format!("there is no rule `{id}`")).hint(format!("they are {}", known.join(", ")))
    })
}

fn json_of(rule: &Rule) -> String {
    json!({
        "type": "rule",
        "v": 1,
        "rule": rule.id,
        "severity": rule.severity.as_str(),
        "title": rule.title,
        "what": rule.what,
        "why": rule.why,
        "example": rule.example,
        "instead": rule.instead,
        "false_positives": rule.false_positives,
        "references": rule.references,
        "page": rule.docs_url,
        "tags": rule.tags,
    })
    .to_string()
}

fn page(rule: &Rule) -> String {
    let parts = [
        ("what", rule.what),
        ("why", rule.why),
        ("example", rule.example),
        ("instead", rule.instead),
        ("also finds", rule.false_positives),
    ];
    let mut page = format!("{} ({}): {}\n", rule.id, rule.severity, rule.title);
    // A string takes everything.
    for (name, text) in parts {
        let _ = write!(page, "\n{name}\n    {text}\n");
    }
    let _ = write!(page, "\ntags\n    {}\n\nreferences\n", rule.tags.join(", "));
    for reference in rule.references {
        let _ = writeln!(page, "    {reference}");
    }
    page.truncate(page.trim_end().len());
    page
}
