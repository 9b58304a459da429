//! Functions over text.

use super::Args;
use crate::value::{Data, Fields, Outcome, Val, number_text};
use crate::world::{LONGEST_TEXT, World};
use regex_lite::{Captures, Regex, RegexBuilder};
use std::sync::Arc;

/// Bytes of a compiled pattern, and of the text that one is looked for in.
const LARGEST_PATTERN: usize = 64 * 1024;
const LONGEST_SEARCHED: usize = 64 * 1024;

/// Calls a function of this group, if it is one.
pub(super) fn call(world: &mut World<'_>, name: &str, args: &Args<'_>) -> Option<Outcome> {
    let mapped = |with: fn(&str) -> String| args.text(0).map(|text| Val::text(with(&text)));
    let value = match name {
        "lower" => mapped(str::to_lowercase),
        "upper" => mapped(str::to_uppercase),
        "title" => mapped(title),
        "trimspace" => mapped(|text| text.trim().to_owned()),
        "chomp" => mapped(|text| text.trim_end_matches(['\n', '\r']).to_owned()),
        "strrev" => mapped(|text| text.chars().rev().collect()),
        "trim" => with_cut(args, |text, cut| text.trim_matches(|c| cut.contains(c)).to_owned()),
        "trimprefix" => with_cut(args, |text, cut| text.strip_prefix(cut).unwrap_or(text).to_owned()),
        "trimsuffix" => with_cut(args, |text, cut| text.strip_suffix(cut).unwrap_or(text).to_owned()),
        "startswith" => both(args, |text, other| text.starts_with(other)),
        "endswith" => both(args, |text, other| text.ends_with(other)),
        "strcontains" => both(args, |text, other| text.contains(other)),
        "join" => join(world, args),
        "split" => split(args),
        "replace" => replace(args),
        "substr" => substr(args),
        "indent" => indent(args),
        "format" => format_text(args).map(Val::text),
        "formatlist" => format_list(world, args),
        "regex" => regex(args, true),
        "regexall" => regex(args, false),
        _ => return None,
    };
    Some(value.map(|value| match value.data {
        Data::Text(text) if text.len() > LONGEST_TEXT || !world.spend(text.len() / 32) => {
            Val::bound("a long text")
        }
        data => Val { data, from: None },
    }))
}

fn title(text: &str) -> String {
    let mut before = ' ';
    let upper = |c: char| {
        let first = !before.is_alphanumeric();
        before = c;
        if first { c.to_uppercase().to_string() } else { c.to_string() }
    };
    text.chars().map(upper).collect()
}

fn with_cut(args: &Args<'_>, with: fn(&str, &str) -> String) -> Outcome {
    Ok(Val::text(with(&args.text(0)?, &args.text(1)?)))
}

fn both(args: &Args<'_>, with: fn(&str, &str) -> bool) -> Outcome {
    Ok(Val::bool(with(&args.text(0)?, &args.text(1)?)))
}

fn join(world: &mut World<'_>, args: &Args<'_>) -> Outcome {
    let separator = args.text(0)?;
    let mut parts = Vec::new();
    let mut len = 0;
    for at in 1..args.all.len() {
        for item in args.list(at)?.iter() {
            let text = item.to_text()?;
            len += text.len() + separator.len();
            if len > LONGEST_TEXT || !world.spend(1) {
                return Err(Val::bound("a long text"));
            }
            parts.push(text);
        }
    }
    Ok(Val::text(parts.join(&*separator)))
}

fn split(args: &Args<'_>) -> Outcome {
    let (separator, text) = (args.text(0)?, args.text(1)?);
    if text.is_empty() {
        return Ok(Val::list(Vec::new()));
    }
    let parts: Vec<Val> = if separator.is_empty() {
        text.chars().map(|c| Val::text(c.to_string())).collect()
    } else {
        text.split(&*separator).map(Val::text).collect()
    };
    Ok(Val::list(parts))
}

/// `replace(text, what, with)`, where `/…/` is a pattern.
fn replace(args: &Args<'_>) -> Outcome {
    let (text, what, with) = (args.text(0)?, args.text(1)?, args.text(2)?);
    let inner = what.strip_prefix('/').and_then(|what| what.strip_suffix('/'));
    let most = LONGEST_TEXT / with.len().max(1);
    if let Some(inner) = inner {
        let pattern = pattern(args, inner)?;
        if text.len() > LONGEST_SEARCHED || text.len() > most {
            return Err(Val::bound("a long text"));
        }
        return Ok(Val::text(pattern.replace_all(&text, &*with).into_owned()));
    }
    if text.matches(&*what).take(most + 1).count() > most {
        return Err(Val::bound("a long text"));
    }
    Ok(Val::text(text.replace(&*what, &with)))
}

fn substr(args: &Args<'_>) -> Outcome {
    let (text, offset, len) = (args.text(0)?, args.index(1)?, args.index(2)?);
    let count = i64::try_from(text.chars().count()).unwrap_or(i64::MAX);
    let start = if offset < 0 { count.saturating_add(offset).max(0) } else { offset };
    let len = if len < 0 { count } else { len };
    let (start, len) = (usize::try_from(start).unwrap_or(0), usize::try_from(len).unwrap_or(0));
    Ok(Val::text(text.chars().skip(start).take(len).collect::<String>()))
}

fn indent(args: &Args<'_>) -> Outcome {
    let (spaces, text) = (args.index(0)?.clamp(0, 1_000), args.text(1)?);
    let lines = text.matches('\n').count() + 1;
    let spaces = usize::try_from(spaces).unwrap_or(0);
    if lines.saturating_mul(spaces) > LONGEST_TEXT {
        return Err(Val::bound("a long text"));
    }
    Ok(Val::text(text.replace('\n', &format!("\n{}", " ".repeat(spaces)))))
}

/// `format`: the verbs `%s %d %v %q %t %f %%`, widths and zeros.
fn format_text(args: &Args<'_>) -> Outcome<String> {
    let written = args.text(0)?;
    let mut made = String::new();
    let mut next = 1;
    let mut rest = &*written;
    while let Some(at) = rest.find('%') {
        made.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let end = rest.find(|c: char| !matches!(c, '0'..='9' | '-' | '+' | ' ' | '.' | '#'));
        let (flags, verb) = end
            .and_then(|end| Some((&rest[..end], rest[end..].chars().next()?)))
            .ok_or_else(|| args.wrong())?;
        rest = &rest[flags.len() + verb.len_utf8()..];
        if verb == '%' {
            made.push('%');
            continue;
        }
        made.push_str(&padded(flags, &verb_text(args, verb, flags, args.at(next)?)?, args)?);
        next += 1;
        if made.len() > LONGEST_TEXT {
            return Err(Val::bound("a long text"));
        }
    }
    made.push_str(rest);
    Ok(made)
}

fn verb_text(args: &Args<'_>, verb: char, flags: &str, value: &Val) -> Outcome<String> {
    match verb {
        's' => value.to_text().map(|text| text.to_string()),
        'd' => value.to_number().map(|number| number_text(number.trunc())),
        't' => value.to_bool().map(|value| value.to_string()),
        'q' => value.to_text().map(|text| format!("{:?}", &*text)),
        'x' => value.to_index().map(|number| format!("{number:x}")),
        'v' => match &value.data {
            Data::Null => Ok("null".to_owned()),
            Data::List(_) | Data::Map(_) => super::encoding::to_json(value),
            _ => value.to_text().map(|text| text.to_string()),
        },
        'f' => {
            let digits =
                flags.split_once('.').and_then(|(_, digits)| digits.parse::<usize>().ok()).unwrap_or(6);
            value.to_number().map(|number| format!("{number:.*}", digits.min(100)))
        }
        _ => Err(args.unknown()),
    }
}

fn padded(flags: &str, text: &str, args: &Args<'_>) -> Outcome<String> {
    let width = flags.split('.').next().unwrap_or("").trim_start_matches(['-', '+', ' ', '#']);
    let wanted: usize = if width.is_empty() { 0 } else { width.parse().map_err(|_| args.wrong())? };
    if wanted > 10_000 {
        return Err(Val::bound("a long text"));
    }
    let missing = wanted.saturating_sub(text.chars().count());
    Ok(match (flags.starts_with('-'), width.starts_with('0')) {
        (true, _) => format!("{text}{}", " ".repeat(missing)),
        (_, true) => match text.strip_prefix('-') {
            Some(digits) => format!("-{}{digits}", "0".repeat(missing)),
            None => format!("{}{text}", "0".repeat(missing)),
        },
        _ => format!("{}{text}", " ".repeat(missing)),
    })
}

fn format_list(world: &mut World<'_>, args: &Args<'_>) -> Outcome {
    let len = args.all.iter().find_map(|arg| match &arg.data {
        Data::List(items) => Some(items.len()),
        _ => None,
    });
    if let Some(unknown) = args.all.iter().find(|arg| matches!(arg.data, Data::Unknown(_) | Data::Unsure(..)))
    {
        return Err(unknown.as_unknown());
    }
    let mut made = Vec::new();
    for at in 0..len.unwrap_or(1) {
        let row: Vec<Val> = args
            .all
            .iter()
            .map(|arg| match &arg.data {
                Data::List(items) => items.get(at).cloned().ok_or_else(|| args.wrong()),
                _ => Ok(arg.clone()),
            })
            .collect::<Outcome<_>>()?;
        let text = format_text(&Args { name: args.name, all: &row })?;
        made.push(world.bounded_text(text));
    }
    Ok(Val::list(made))
}

fn pattern(args: &Args<'_>, written: &str) -> Outcome<Regex> {
    if written.len() > 4_096 {
        return Err(args.unknown());
    }
    RegexBuilder::new(written).size_limit(LARGEST_PATTERN).build().map_err(|_| args.unknown())
}

/// `regex` and `regexall`: the whole match, a list of groups, or a map of named groups.
fn regex(args: &Args<'_>, first: bool) -> Outcome {
    let (written, text) = (args.text(0)?, args.text(1)?);
    let pattern = pattern(args, &written)?;
    if text.len() > LONGEST_SEARCHED {
        return Err(Val::bound("a long text"));
    }
    if first {
        return pattern.captures(&text).map(|found| groups(&pattern, &found)).ok_or_else(|| args.wrong());
    }
    Ok(Val::list(pattern.captures_iter(&text).map(|found| groups(&pattern, &found)).collect()))
}

fn groups(pattern: &Regex, found: &Captures<'_>) -> Val {
    let group = |at: usize| found.get(at).map_or_else(Val::null, |text| Val::text(text.as_str()));
    let names: Vec<Option<&str>> = pattern.capture_names().collect();
    if names.len() <= 1 {
        return group(0);
    }
    if names.iter().skip(1).all(Option::is_some) {
        let fields = names.iter().enumerate().filter_map(|(at, name)| Some((Arc::from((*name)?), group(at))));
        return Val::map(fields.collect::<Fields>());
    }
    Val::list((1..names.len()).map(group).collect())
}
