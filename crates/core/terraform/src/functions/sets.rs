//! Functions over sets: union, intersection and so on, and products.

use super::Args;
use crate::eval::unknown_part;
use crate::types::sorted;
use crate::value::{Outcome, Val};
use crate::world::{MOST_ITEMS, World};
use std::rc::Rc;

/// Calls a function of this group, if it is one.
pub(super) fn call(world: &mut World<'_>, name: &str, args: &Args<'_>) -> Option<Outcome> {
    Some(match name {
        "setunion" => union(world, args),
        "setintersection" => filtered(world, args, |found| found.iter().all(|found| *found)),
        "setsubtract" => filtered(world, args, |found| !found.iter().any(|found| *found)),
        "setsymmetricdifference" => symmetric(world, args),
        "setproduct" => product(world, args),
        _ => return None,
    })
}

fn known(args: &Args<'_>) -> Outcome<Vec<Rc<Vec<Val>>>> {
    let lists: Vec<Rc<Vec<Val>>> = args.all.iter().map(Val::to_list).collect::<Outcome<_>>()?;
    let unknown = lists.iter().flat_map(|list| list.iter()).find_map(unknown_part);
    unknown.map_or(Ok(lists), Err)
}

fn union(world: &mut World<'_>, args: &Args<'_>) -> Outcome {
    let all: Vec<Val> = known(args)?.iter().flat_map(|list| list.iter().cloned()).collect();
    Ok(sorted(&world.bounded_list(all)))
}

/// Items of the first set that `keep` wants, told in which of the others they are.
fn filtered(world: &mut World<'_>, args: &Args<'_>, keep: fn(&[bool]) -> bool) -> Outcome {
    let lists = known(args)?;
    let Some((first, others)) = lists.split_first() else { return Err(args.wrong()) };
    let mut kept = Vec::new();
    for item in first.iter() {
        let found: Vec<bool> = others.iter().map(|other| holds(world, other, item)).collect();
        if keep(&found) {
            kept.push(item.clone());
        }
    }
    Ok(sorted(&Val::list(kept)))
}

fn holds(world: &mut World<'_>, list: &[Val], wanted: &Val) -> bool {
    list.iter().any(|item| world.equal(item, wanted) == Some(true))
}

fn symmetric(world: &mut World<'_>, args: &Args<'_>) -> Outcome {
    let lists = known(args)?;
    let mut kept = Vec::new();
    for (at, list) in lists.iter().enumerate() {
        for item in list.iter() {
            let others = lists.iter().enumerate().filter(|(other, _)| *other != at);
            if !others.into_iter().any(|(_, other)| holds(world, other, item)) {
                kept.push(item.clone());
            }
        }
    }
    Ok(sorted(&Val::list(kept)))
}

fn product(world: &mut World<'_>, args: &Args<'_>) -> Outcome {
    let lists: Vec<Rc<Vec<Val>>> = args.all.iter().map(Val::to_list).collect::<Outcome<_>>()?;
    let mut rows: Vec<Vec<Val>> = vec![Vec::new()];
    for list in &lists {
        let count = rows.len().saturating_mul(list.len());
        if count > MOST_ITEMS || !world.spend(count.saturating_mul(lists.len())) {
            return Err(Val::bound("a long list"));
        }
        let longer = |row: &Vec<Val>| {
            list.iter().map(|item| [row.as_slice(), std::slice::from_ref(item)].concat()).collect::<Vec<_>>()
        };
        rows = rows.iter().flat_map(longer).collect();
    }
    Ok(Val::list(rows.into_iter().map(Val::list).collect()))
}
