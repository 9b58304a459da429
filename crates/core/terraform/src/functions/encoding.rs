//! JSON, base64, CSV, and texts as URLs and other programs have them.

use super::Args;
use crate::value::{Data, Fields, Outcome, Val};
use crate::world::World;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use serde_json::Value as Json;

/// What is not itself in the query of a URL.
const QUERY: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// Calls a function of this group, if it is one.
pub(super) fn call(world: &mut World<'_>, name: &str, args: &Args<'_>) -> Option<Outcome> {
    Some(match name {
        "jsonencode" => encode(world, args),
        "jsondecode" => decode(world, args),
        "base64encode" => args.text(0).map(|text| world.bounded_text(STANDARD.encode(text.as_bytes()))),
        "base64decode" => base64_decode(args),
        "textencodebase64" => text_encode(args).map(|text| world.bounded_text(text)),
        "textdecodebase64" => text_decode(args),
        "urlencode" => args.text(0).map(|text| {
            world.bounded_text(utf8_percent_encode(&text, QUERY).to_string().replace("%20", "+"))
        }),
        "urldecode" => args.text(0).and_then(|text| {
            let text = text.replace('+', " ");
            percent_decode_str(&text).decode_utf8().map(|text| Val::text(&*text)).map_err(|_| args.wrong())
        }),
        "csvdecode" => csv_decode(world, args),
        // Which bytes come out depends on the compressor.
        "base64gzip" | "base64gunzip" => Err(args.unknown()),
        _ => return None,
    })
}

fn base64_decode(args: &Args<'_>) -> Outcome {
    let bytes = STANDARD.decode(args.text(0)?.as_bytes()).map_err(|_| args.wrong())?;
    String::from_utf8(bytes).map(Val::text).map_err(|_| args.wrong())
}

/// The encodings that programs are started with here: others are not known.
fn text_encode(args: &Args<'_>) -> Outcome<String> {
    let (text, name) = (args.text(0)?, args.text(1)?);
    let bytes: Vec<u8> = match name.to_ascii_uppercase().as_str() {
        "UTF-8" | "UTF8" => text.as_bytes().to_vec(),
        "UTF-16LE" => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        "UTF-16BE" => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        "US-ASCII" | "ASCII" if text.is_ascii() => text.as_bytes().to_vec(),
        _ => return Err(args.unknown()),
    };
    Ok(STANDARD.encode(bytes))
}

fn text_decode(args: &Args<'_>) -> Outcome {
    let (text, name) = (args.text(0)?, args.text(1)?);
    let bytes = STANDARD.decode(text.as_bytes()).map_err(|_| args.wrong())?;
    let wide = |of: fn([u8; 2]) -> u16| {
        let (pairs, rest) = bytes.as_chunks::<2>();
        let units: Vec<u16> = pairs.iter().copied().map(of).collect();
        String::from_utf16(&units).ok().filter(|_| rest.is_empty())
    };
    let text = match name.to_ascii_uppercase().as_str() {
        "UTF-16LE" => wide(u16::from_le_bytes),
        "UTF-16BE" => wide(u16::from_be_bytes),
        "UTF-8" | "UTF8" | "US-ASCII" | "ASCII" => String::from_utf8(bytes).ok(),
        _ => return Err(args.unknown()),
    };
    text.map(Val::text).ok_or_else(|| args.wrong())
}

/// A list of objects, by the names of the first line.
fn csv_decode(world: &mut World<'_>, args: &Args<'_>) -> Outcome {
    let text = args.text(0)?;
    if !world.spend(text.len() / 8) {
        return Err(Val::bound("a larger value"));
    }
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let names: Vec<std::sync::Arc<str>> =
        reader.headers().map_err(|_| args.wrong())?.iter().map(Into::into).collect();
    let mut rows = Vec::new();
    for row in reader.records() {
        let row = row.map_err(|_| args.wrong())?;
        if !world.spend(names.len() * 2) {
            return Err(Val::bound("a long table"));
        }
        let fields = names.iter().cloned().zip(row.iter().map(Val::text));
        rows.push(Val::map(fields.collect::<Fields>()));
    }
    Ok(world.bounded_list(rows))
}

fn encode(world: &mut World<'_>, args: &Args<'_>) -> Outcome {
    let mut nodes = 0;
    let json = of_val(args.at(0)?, &mut nodes, 0)?;
    if !world.spend(nodes) {
        return Err(Val::bound("a larger value"));
    }
    Ok(world.bounded_text(json.to_string()))
}

fn decode(world: &mut World<'_>, args: &Args<'_>) -> Outcome {
    let text = args.text(0)?;
    if !world.spend(text.len() / 8) {
        return Err(Val::bound("a larger value"));
    }
    let json: Json = serde_json::from_str(&text).map_err(|_| args.wrong())?;
    Ok(to_val(&json))
}

/// A value as JSON text.
pub(super) fn to_json(value: &Val) -> Outcome<String> {
    of_val(value, &mut 0, 0).map(|json| json.to_string())
}

fn of_val(value: &Val, nodes: &mut usize, depth: usize) -> Outcome<Json> {
    *nodes += 1;
    if depth > 64 || *nodes > 100_000 {
        return Err(Val::bound("a larger value"));
    }
    Ok(match &value.data {
        Data::Null => Json::Null,
        Data::Bool(value) => Json::Bool(*value),
        Data::Number(number) => number_json(*number),
        Data::Text(text) => Json::String(text.to_string()),
        Data::List(items) => {
            Json::Array(items.iter().map(|item| of_val(item, nodes, depth + 1)).collect::<Outcome<_>>()?)
        }
        Data::Map(fields) => {
            let pairs =
                fields.iter().map(|(key, value)| Ok((key.to_string(), of_val(value, nodes, depth + 1)?)));
            Json::Object(pairs.collect::<Outcome<_>>()?)
        }
        _ => return Err(value.as_unknown()),
    })
}

/// A number as JSON, without a fraction if it has none.
pub(super) fn number_json(number: f64) -> Json {
    if number.fract() == 0.0 && number.abs() < 9e15 {
        #[expect(clippy::cast_possible_truncation, reason = "whole and small")]
        return Json::from(number as i64);
    }
    serde_json::Number::from_f64(number).map_or(Json::Null, Json::Number)
}

/// JSON as a value. The reader of JSON bounds the depth.
fn to_val(json: &Json) -> Val {
    match json {
        Json::Null => Val::null(),
        Json::Bool(value) => Val::bool(*value),
        Json::Number(number) => number.as_f64().map_or_else(Val::null, Val::number),
        Json::String(text) => Val::text(text.as_str()),
        Json::Array(items) => Val::list(items.iter().map(to_val).collect()),
        Json::Object(items) => Val::map(
            items.iter().map(|(key, value)| (key.as_str().into(), to_val(value))).collect::<Fields>(),
        ),
    }
}
