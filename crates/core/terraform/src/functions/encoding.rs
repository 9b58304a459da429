//! JSON and base64.

use super::Args;
use crate::value::{Data, Fields, Outcome, Val};
use crate::world::World;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value as Json;

/// Calls a function of this group, if it is one.
pub(super) fn call(world: &mut World<'_>, name: &str, args: &Args<'_>) -> Option<Outcome> {
    Some(match name {
        "jsonencode" => encode(world, args),
        "jsondecode" => decode(world, args),
        "base64encode" => args.text(0).map(|text| world.bounded_text(STANDARD.encode(text.as_bytes()))),
        "base64decode" => base64_decode(args),
        "urlencode" | "base64gzip" | "textencodebase64" | "textdecodebase64" | "csvdecode" | "yamlencode"
        | "yamldecode" => Err(args.unknown()),
        _ => return None,
    })
}

fn base64_decode(args: &Args<'_>) -> Outcome {
    let bytes = STANDARD.decode(args.text(0)?.as_bytes()).map_err(|_| args.wrong())?;
    String::from_utf8(bytes).map(Val::text).map_err(|_| args.wrong())
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
fn number_json(number: f64) -> Json {
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
