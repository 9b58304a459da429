//! YAML, read by the reader of documents and written in blocks.

use super::Args;
use super::encoding::{number_json, to_json};
use crate::value::{Data, Fields, Outcome, Val};
use crate::world::{LONGEST_TEXT, World};
use onehop_code::{Kind, Sources, Value};
use onehop_document::{Limits, Options};

/// Values in one another that are written.
const DEEPEST: usize = 64;

/// Calls a function of this group, if it is one.
pub(super) fn call(world: &mut World<'_>, name: &str, args: &Args<'_>) -> Option<Outcome> {
    Some(match name {
        "yamldecode" => decode(world, args),
        "yamlencode" => encode(world, args),
        _ => return None,
    })
}

fn decode(world: &mut World<'_>, args: &Args<'_>) -> Outcome {
    let text = args.text(0)?;
    if !world.spend(text.len() / 8) {
        return Err(Val::bound("a larger value"));
    }
    let mut sources = Sources::default();
    let file = sources.add("", text.as_bytes());
    let limits = Limits { depth: DEEPEST, nodes: 100_000, copies: 100_000, ..Limits::default() };
    let options = Options { limits, ..Options::default() };
    let read = onehop_document::parse_yaml(file, sources.of(file), &options);
    match read.documents.as_slice() {
        _ if !read.troubles.is_empty() => Err(args.wrong()),
        [] => Ok(Val::null()),
        [document] => to_val(args, document),
        _ => Err(args.wrong()),
    }
}

/// A value of a document. Tags of applications are refused. The reader bounds the depth.
fn to_val(args: &Args<'_>, value: &Value) -> Outcome {
    Ok(match &value.kind {
        Kind::Null => Val::null(),
        Kind::Bool(value) => Val::bool(*value),
        Kind::Number(value) => Val::number(*value),
        Kind::String(text) => Val::text(text.as_str()),
        Kind::List(items) => Val::list(items.iter().map(|item| to_val(args, item)).collect::<Outcome<_>>()?),
        Kind::Map(entries) => {
            if entries.iter().any(|entry| entry.key.starts_with('!')) {
                return Err(args.wrong());
            }
            let pairs =
                entries.iter().map(|entry| Ok((entry.key.as_str().into(), to_val(args, &entry.value)?)));
            Val::map(pairs.collect::<Outcome<Fields>>()?)
        }
        _ => return Err(args.unknown()),
    })
}

fn encode(world: &mut World<'_>, args: &Args<'_>) -> Outcome {
    let mut text = String::new();
    write(&mut text, args.at(0)?, 0, Place::Top)?;
    if !world.spend(text.len() / 32) {
        return Err(Val::bound("a larger value"));
    }
    Ok(world.bounded_text(text))
}

/// What a value is written behind.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Nothing: it begins the text.
    Top,
    /// `- `, on whose line it begins.
    Item,
    /// `"name":`, under which it begins.
    Name,
}

/// Writes a value with its line end; what is in it is indented by so many steps.
fn write(out: &mut String, value: &Val, steps: usize, place: Place) -> Outcome<()> {
    if steps > DEEPEST || out.len() > LONGEST_TEXT {
        return Err(Val::bound("a larger value"));
    }
    match &value.data {
        Data::List(items) if !items.is_empty() => {
            start(out, place, "\n");
            for (at, item) in items.iter().enumerate() {
                if at > 0 || place != Place::Item {
                    indent(out, steps);
                }
                out.push('-');
                write(out, item, steps + 1, Place::Item)?;
            }
        }
        Data::Map(fields) if !fields.is_empty() => {
            start(out, place, "\n");
            for (at, (name, field)) in fields.iter().enumerate() {
                if at > 0 || place != Place::Item {
                    indent(out, steps);
                }
                out.push_str(&to_json(&Val::text(name.clone()))?);
                out.push(':');
                // Lists stand as far to the left as the name of the map.
                let inner = if matches!(field.data, Data::List(_)) { steps } else { steps + 1 };
                write(out, field, inner, Place::Name)?;
            }
        }
        _ => {
            start(out, place, " ");
            scalar(out, value, steps)?;
            out.push('\n');
        }
    }
    Ok(())
}

fn start(out: &mut String, place: Place, under: &str) {
    out.push_str(match place {
        Place::Top => "",
        Place::Item => " ",
        Place::Name => under,
    });
}

fn indent(out: &mut String, steps: usize) {
    (0..steps).for_each(|_| out.push_str("  "));
}

fn scalar(out: &mut String, value: &Val, steps: usize) -> Outcome<()> {
    match &value.data {
        Data::Text(text) if is_block(text) => {
            if text.matches('\n').count().saturating_mul(steps * 2) > LONGEST_TEXT {
                return Err(Val::bound("a larger value"));
            }
            out.push_str(match (text.ends_with("\n\n"), text.ends_with('\n')) {
                (true, _) => "|+",
                (_, true) => "|",
                _ => "|-",
            });
            for line in text.strip_suffix('\n').unwrap_or(text).split('\n') {
                out.push('\n');
                if !line.is_empty() {
                    indent(out, steps.max(1));
                    out.push_str(line);
                }
            }
        }
        Data::List(_) => out.push_str("[]"),
        Data::Map(_) => out.push_str("{}"),
        Data::Number(number) => out.push_str(&number_json(*number).to_string()),
        _ => out.push_str(&to_json(value)?),
    }
    Ok(())
}

/// Whether a text is written line by line: it has several, and nothing that cannot stand there.
fn is_block(text: &str) -> bool {
    text.contains('\n')
        && !text.starts_with([' ', '\n', '\t'])
        && !text.chars().any(|c| c.is_control() && c != '\n')
        && !text.lines().any(|line| line.ends_with(' '))
}
