//! Changes of code that require tokens: edits that leave everything else as it is written.
//!
//! | code | edit |
//! |---|---|
//! | `http_tokens = "optional"` | the value |
//! | `http_tokens = var.tokens`, whose default is `"optional"` | the default, where the literal stands |
//! | a block without tokens | a line in the block |
//! | no block | a block at the end of the resource |
//! | a value that is computed | none: words only |
//!
//! Only text that says what it seems to say is changed: the literal itself must stand at the place.

use super::options::SNAKE;
use super::report::region;
use super::site::{Role, Site};
use crate::rules;
use onehop_code::{Language, Sources, Span};
use onehop_report::{Edit, Fix, Rule};
use std::borrow::Cow;

/// The fix of a flaw: words, and edits where the text says what to change.
pub(super) fn of(rule: &Rule, site: &Site<'_>, sources: &Sources) -> Fix {
    let edits = match rule.id {
        id if id == rules::TOKENS_OPTIONAL.id || id == rules::ACCOUNT_OPTIONAL.id => {
            literal(site, sources).into_iter().collect()
        }
        id if id == rules::TOKENS_UNSET.id || id == rules::TOKENS_INHERITED.id => {
            insert(site, sources).into_iter().collect()
        }
        _ => Vec::new(),
    };
    Fix { text: words(rule, site), command: None, edits }
}

/// What to do, and what it does to what runs.
fn words(rule: &Rule, site: &Site<'_>) -> Cow<'static, str> {
    let replaced = match site.role {
        Role::LaunchConfiguration => {
            " This replaces the launch configuration; running instances keep what they have."
        }
        Role::Template => " This makes a version of the template; running instances keep what they have.",
        Role::Instance if site.resource.body.path(&["Metadata", "aws:cdk:path"]).is_some() => {
            " In CDK code, `requireImdsv2` replaces the instance; an override of the property does not."
        }
        _ => "",
    };
    if replaced.is_empty() {
        Cow::Borrowed(rule.instead)
    } else {
        Cow::Owned(format!("{}{replaced}", rule.instead))
    }
}

/// The literal `optional`, where it stands.
fn literal(site: &Site<'_>, sources: &Sources) -> Option<Edit> {
    let value = site.block.field(site.names.tokens).value()?;
    [value.span, value.origin].into_iter().flatten().find_map(|span| {
        let quote = match sources.text(span) {
            "optional" => "",
            "\"optional\"" => "\"",
            "'optional'" => "'",
            _ => return None,
        };
        Some(edit(span, format!("{quote}required{quote}"), sources))
    })
}

/// A line in the block, or a block in the resource. Terraform only: its blocks have braces to go by.
fn insert(site: &Site<'_>, sources: &Sources) -> Option<Edit> {
    let is_hcl = matches!(site.resource.language, Language::Terraform | Language::Packer);
    if !is_hcl || site.role == Role::Spot || site.names != &SNAKE {
        return None;
    }
    match site.block.value().and_then(|value| value.span) {
        Some(span) if site.role != Role::AccountDefaults => {
            if site.options.tokens.is_unset() {
                in_block(span, "http_tokens = \"required\"", sources)
            } else {
                None
            }
        }
        Some(_) => None,
        None => {
            let block = site.resource.block?;
            let lines = "metadata_options {\n  http_tokens = \"required\"\n}";
            at_end(block, lines, sources)
        }
    }
}

/// A line behind the opening brace of a block, indented as the next one.
fn in_block(span: Span, line: &str, sources: &Sources) -> Option<Edit> {
    let text = sources.text(span);
    let open = text.find('{')?;
    let rest = &text[open + 1..];
    if !rest.starts_with(['\n', '\r']) {
        return None;
    }
    let (ending, begin) = if rest.starts_with('\r') { ("\r\n", 2) } else { ("\n", 1) };
    let next = rest[begin..].lines().find(|line| !line.trim().is_empty())?;
    let indent: String = match next.trim() {
        "}" => format!("{}  ", indent_of(next)),
        _ => indent_of(next),
    };
    let at = span.start + u32::try_from(open + 1 + begin).ok()?;
    Some(edit(Span { start: at, end: at, ..span }, format!("{indent}{line}{ending}"), sources))
}

/// Lines before the closing brace of a resource, indented as it is and two more.
fn at_end(block: Span, lines: &str, sources: &Sources) -> Option<Edit> {
    let text = sources.text(block);
    let close = text.rfind('}')?;
    let start_of_line = text[..close].rfind('\n').map(|at| at + 1)?;
    let before = &text[start_of_line..close];
    if !before.trim().is_empty() {
        return None;
    }
    let ending = if text[..start_of_line].ends_with("\r\n") { "\r\n" } else { "\n" };
    let mut insert = String::from(ending);
    for line in lines.lines() {
        for part in [before, "  ", line, ending] {
            insert.push_str(part);
        }
    }
    let at = block.start + u32::try_from(start_of_line).ok()?;
    Some(edit(Span { start: at, end: at, ..block }, insert, sources))
}

fn indent_of(line: &str) -> String {
    line.chars().take_while(|c| *c == ' ' || *c == '\t').collect()
}

fn edit(span: Span, insert: String, sources: &Sources) -> Edit {
    Edit { path: sources.of(span.file).path.clone(), region: region(span, sources), insert }
}
