//! Functions over lists and maps.

use super::Args;
use crate::eval::unknown_part;
use crate::types::sorted;
use crate::value::{Data, Fields, Outcome, Val};
use crate::world::World;
use std::rc::Rc;
use std::sync::Arc;

/// Calls a function of this group, if it is one.
pub(super) fn call(world: &mut World<'_>, name: &str, args: &Args<'_>) -> Option<Outcome> {
    Some(match name {
        "coalesce" => coalesce(args),
        "coalescelist" => coalesce_list(args),
        "concat" => concat(world, args),
        "merge" => merge(world, args),
        "lookup" => lookup(args),
        "contains" => contains(world, args),
        "keys" => args
            .at(0)
            .and_then(Val::to_map)
            .map(|fields| fields.keys().cloned().map(Val::text).collect())
            .map(Val::list),
        "values" => {
            args.at(0).and_then(Val::to_map).map(|fields| Val::list(fields.values().cloned().collect()))
        }
        "length" => length(args),
        "element" => element(args),
        "index" => index_of(world, args),
        "one" => one(args),
        "flatten" => flatten(world, args),
        "distinct" => distinct(world, args),
        "compact" => compact(args),
        "zipmap" => zipmap(args),
        "slice" => slice(args),
        "reverse" => args.list(0).map(|items| Val::list(items.iter().rev().cloned().collect())),
        "sort" => sort(args),
        "chunklist" => chunklist(args),
        "transpose" => transpose(world, args),
        "alltrue" => truth(args, false),
        "anytrue" => truth(args, true),
        "tolist" | "toset" | "tomap" | "tostring" | "tonumber" | "tobool" => convert(name, args),
        "nonsensitive" | "sensitive" | "ephemeralasnull" => args.at(0).cloned(),
        "issensitive" => Ok(Val::bool(false)),
        "matchkeys" => matchkeys(world, args),
        _ => return None,
    })
}

/// The first argument that is not null and not empty. What comes behind it does not matter.
fn coalesce(args: &Args<'_>) -> Outcome {
    for arg in args.all {
        match &arg.data {
            Data::Null => {}
            Data::Text(text) if text.is_empty() => {}
            Data::Unknown(_) | Data::Unsure(..) => return Err(arg.as_unknown()),
            _ => return Ok(arg.clone()),
        }
    }
    Err(args.wrong())
}

fn coalesce_list(args: &Args<'_>) -> Outcome {
    for arg in args.all {
        match &arg.data {
            Data::Null => {}
            Data::List(items) if items.is_empty() => {}
            Data::Map(fields) if fields.is_empty() => {}
            _ => return arg.known().cloned(),
        }
    }
    Err(args.wrong())
}

fn concat(world: &mut World<'_>, args: &Args<'_>) -> Outcome {
    let mut all = Vec::new();
    for arg in args.all {
        let items = arg.to_list()?;
        if !world.spend(items.len()) {
            return Err(Val::bound("a long list"));
        }
        all.extend(items.iter().cloned());
    }
    Ok(world.bounded_list(all))
}

fn merge(world: &mut World<'_>, args: &Args<'_>) -> Outcome {
    let mut all = Fields::new();
    for arg in args.all.iter().filter(|arg| !arg.is_null()) {
        let fields = arg.to_map()?;
        if !world.spend(fields.len()) {
            return Err(Val::bound("a large map"));
        }
        all.extend(fields.iter().map(|(key, value)| (key.clone(), value.clone())));
    }
    Ok(Val::map(all))
}

/// `lookup(map, key, default)`. A name with null in it is found.
fn lookup(args: &Args<'_>) -> Outcome {
    let key = args.text(1);
    let fields = args.at(0)?.to_map()?;
    match fields.get(&key?) {
        Some(value) => Ok(value.clone()),
        None => args.at(2).cloned(),
    }
}

fn contains(world: &mut World<'_>, args: &Args<'_>) -> Outcome {
    let (items, wanted) = (args.list(0)?, args.at(1)?);
    let mut unknown = None;
    for item in items.iter() {
        match world.equal(item, wanted) {
            Some(true) => return Ok(Val::bool(true)),
            Some(false) => {}
            None => unknown = Some(if item.is_known() { wanted.as_unknown() } else { item.as_unknown() }),
        }
    }
    unknown.map_or(Ok(Val::bool(false)), Err)
}

fn length(args: &Args<'_>) -> Outcome {
    let arg = args.at(0)?;
    match &arg.data {
        Data::List(items) => Ok(Val::count(items.len())),
        Data::Map(fields) => Ok(Val::count(fields.len())),
        Data::Text(text) => Ok(Val::count(text.chars().count())),
        _ if arg.is_known() => Err(args.wrong()),
        _ => Err(arg.as_unknown()),
    }
}

/// `element(list, at)` starts again behind the end.
fn element(args: &Args<'_>) -> Outcome {
    if let Data::Unsure(id, _) = args.at(0)?.data {
        return Ok(Val::new(Data::Instance(id)));
    }
    let (items, at) = (args.list(0)?, args.index(1)?);
    let len = i64::try_from(items.len()).unwrap_or(i64::MAX);
    if len == 0 {
        return Err(args.wrong());
    }
    let at = usize::try_from(at.rem_euclid(len)).unwrap_or(0);
    items.get(at).cloned().ok_or_else(|| args.wrong())
}

fn index_of(world: &mut World<'_>, args: &Args<'_>) -> Outcome {
    let (items, wanted) = (args.list(0)?, args.at(1)?);
    for (at, item) in items.iter().enumerate() {
        match world.equal(item, wanted) {
            Some(true) => return Ok(Val::count(at)),
            Some(false) => {}
            None => return Err(item.known().err().unwrap_or_else(|| wanted.as_unknown())),
        }
    }
    Err(args.wrong())
}

fn one(args: &Args<'_>) -> Outcome {
    match args.list(0)?.as_slice() {
        [] => Ok(Val::null()),
        [item] => Ok(item.clone()),
        _ => Err(args.wrong()),
    }
}

fn flatten(world: &mut World<'_>, args: &Args<'_>) -> Outcome {
    fn into(world: &mut World<'_>, items: &[Val], all: &mut Vec<Val>, depth: usize) -> Outcome<()> {
        if depth > 32 || !world.spend(items.len()) {
            return Err(Val::bound("a long list"));
        }
        for item in items {
            match &item.data {
                Data::List(inner) => into(world, inner, all, depth + 1)?,
                Data::Unknown(_) | Data::Unsure(..) => return Err(item.as_unknown()),
                _ => all.push(item.clone()),
            }
        }
        Ok(())
    }
    let mut all = Vec::new();
    into(world, &args.list(0)?, &mut all, 0)?;
    Ok(world.bounded_list(all))
}

fn distinct(world: &mut World<'_>, args: &Args<'_>) -> Outcome {
    let items = args.list(0)?;
    let mut kept: Vec<Val> = Vec::new();
    let mut texts = std::collections::HashSet::new();
    for item in items.iter() {
        if let Data::Text(text) = &item.data {
            if texts.insert(text.clone()) {
                kept.push(item.clone());
            }
            continue;
        }
        let mut twice = false;
        for known in &kept {
            twice |= world
                .equal(known, item)
                .ok_or_else(|| item.known().err().unwrap_or_else(|| known.as_unknown()))?;
        }
        if !twice {
            kept.push(item.clone());
        }
    }
    Ok(Val::list(kept))
}

fn compact(args: &Args<'_>) -> Outcome {
    let items = args.list(0)?;
    let mut kept = Vec::new();
    for item in items.iter() {
        match &item.data {
            Data::Null => {}
            Data::Text(text) if text.is_empty() => {}
            Data::Unknown(_) | Data::Unsure(..) => return Err(item.as_unknown()),
            _ => kept.push(item.clone()),
        }
    }
    Ok(Val::list(kept))
}

fn zipmap(args: &Args<'_>) -> Outcome {
    let (keys, values) = (args.list(0)?, args.list(1)?);
    let pairs = keys.iter().zip(values.iter()).map(|(key, value)| Ok((key.to_text()?, value.clone())));
    Ok(Val::map(pairs.collect::<Outcome<Fields>>()?))
}

fn slice(args: &Args<'_>) -> Outcome {
    let items = args.list(0)?;
    let (start, end) = (usize::try_from(args.index(1)?), usize::try_from(args.index(2)?));
    let range = start.ok().zip(end.ok()).and_then(|(start, end)| items.get(start..end));
    range.map(|range| Val::list(range.to_vec())).ok_or_else(|| args.wrong())
}

fn sort(args: &Args<'_>) -> Outcome {
    let items = args.list(0)?;
    let mut texts: Vec<Arc<str>> = items.iter().map(Val::to_text).collect::<Outcome<_>>()?;
    texts.sort();
    Ok(Val::list(texts.into_iter().map(Val::text).collect()))
}

fn chunklist(args: &Args<'_>) -> Outcome {
    let (items, size) = (args.list(0)?, usize::try_from(args.index(1)?).unwrap_or(0));
    if size == 0 {
        return Ok(Val::list(vec![Val::new(Data::List(items))]));
    }
    Ok(Val::list(items.chunks(size).map(|chunk| Val::list(chunk.to_vec())).collect()))
}

/// `{a = [x, y]}` as `{x = [a], y = [a]}`.
fn transpose(world: &mut World<'_>, args: &Args<'_>) -> Outcome {
    let fields = args.at(0)?.to_map()?;
    let mut turned: std::collections::BTreeMap<Arc<str>, Vec<Val>> = std::collections::BTreeMap::new();
    for (key, items) in fields.iter() {
        let items = items.to_list()?;
        if !world.spend(items.len()) {
            return Err(Val::bound("a large map"));
        }
        for item in items.iter() {
            turned.entry(item.to_text()?).or_default().push(Val::text(key.clone()));
        }
    }
    Ok(Val::map(turned.into_iter().map(|(key, items)| (key, Val::list(items))).collect()))
}

/// `alltrue` and `anytrue`: one item decides alone if it is what `decides` says.
fn truth(args: &Args<'_>, decides: bool) -> Outcome {
    let mut unknown = None;
    for item in args.list(0)?.iter() {
        match item.to_bool() {
            Ok(value) if value == decides => return Ok(Val::bool(decides)),
            Ok(_) => {}
            Err(_) if item.is_null() => {}
            Err(found) => unknown = Some(found),
        }
    }
    unknown.map_or(Ok(Val::bool(!decides)), Err)
}

fn convert(name: &str, args: &Args<'_>) -> Outcome {
    let arg = args.at(0)?;
    if arg.is_null() {
        return Ok(Val::null());
    }
    let from = arg.from;
    let value = match (name, &arg.data) {
        ("tostring", _) => Val::text(arg.to_text()?),
        ("tonumber", _) => Val::number(arg.to_number()?),
        ("tobool", _) => Val::bool(arg.to_bool()?),
        ("tomap", _) => Val::new(Data::Map(arg.to_map()?)),
        ("tolist", Data::List(items)) => Val::new(Data::List(items.clone())),
        ("toset", Data::List(items)) => {
            // A set of which an item is not known may have any number of items.
            if let Some(unknown) =
                items.iter().find(|item| matches!(item.data, Data::Unknown(_) | Data::Unsure(..)))
            {
                return Err(unknown.as_unknown());
            }
            sorted(arg)
        }
        ("tolist" | "toset", _) => Val::new(Data::List(arg.to_list()?)),
        _ => return Err(args.wrong()),
    };
    Ok(Val { from, ..value })
}

fn matchkeys(world: &mut World<'_>, args: &Args<'_>) -> Outcome {
    let (values, keys, wanted) = (args.list(0)?, args.list(1)?, args.list(2)?);
    if let Some(unknown) = keys.iter().chain(wanted.iter()).find_map(unknown_part) {
        return Err(unknown);
    }
    let mut kept = Vec::new();
    for (value, key) in values.iter().zip(keys.iter()) {
        let mut found = false;
        for one in wanted.iter() {
            found |= world.equal(key, one) == Some(true);
        }
        if found {
            kept.push(value.clone());
        }
    }
    Ok(Val::new(Data::List(Rc::new(kept))))
}
