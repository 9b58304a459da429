//! `[for …]` and `{for …}`.

use crate::syntax::{Expr, For};
use crate::value::{Data, Fields, Outcome, Val};
use crate::world::{Bound, Env, MOST_ITEMS, World};
use onehop_code::Why;
use std::collections::BTreeMap;
use std::sync::Arc;

impl World<'_> {
    pub(super) fn eval_for(&mut self, env: Env<'_>, each: &For) -> Val {
        let over = self.eval(env, &each.over);
        let Some(items) = pairs(&over) else { return not_iterable(&over) };
        if items.len() > MOST_ITEMS {
            return Val::bound("a long list");
        }
        let made = match &each.to_key {
            None => self.for_list(env, each, items),
            Some(key) => self.for_map(env, each, key, items),
        };
        made.unwrap_or_else(|unknown| unknown)
    }

    fn for_list(&mut self, env: Env<'_>, each: &For, items: Vec<(Val, Val)>) -> Outcome {
        let mut made = Vec::with_capacity(items.len());
        for (key, value) in items {
            let found = self.in_loop(env, each.key.as_ref(), &each.value, key, value, |world, env| {
                Ok(if world.passes(env, each)? { Some(world.eval(env, &each.to_value)) } else { None })
            })?;
            made.extend(found);
        }
        Ok(Val::list(made))
    }

    fn for_map(&mut self, env: Env<'_>, each: &For, to_key: &Expr, items: Vec<(Val, Val)>) -> Outcome {
        let mut fields = Fields::new();
        let mut groups: BTreeMap<Arc<str>, Vec<Val>> = BTreeMap::new();
        for (key, value) in items {
            let found = self.in_loop(env, each.key.as_ref(), &each.value, key, value, |world, env| {
                if !world.passes(env, each)? {
                    return Ok(None);
                }
                let key = world.eval(env, to_key).to_text()?;
                Ok(Some((key, world.eval(env, &each.to_value))))
            })?;
            match found {
                Some((key, value)) if each.group => groups.entry(key).or_default().push(value),
                Some((key, value)) => {
                    fields.insert(key, value);
                }
                None => {}
            }
        }
        fields.extend(groups.into_iter().map(|(key, values)| (key, Val::list(values))));
        Ok(Val::map(fields))
    }

    fn passes(&mut self, env: Env<'_>, each: &For) -> Outcome<bool> {
        match &each.condition {
            Some(condition) => self.eval(env, condition).to_bool(),
            None => Ok(true),
        }
    }

    /// Does something with the names of a loop bound.
    pub(super) fn in_loop<T>(
        &mut self,
        env: Env<'_>,
        key_name: Option<&Arc<str>>,
        value_name: &Arc<str>,
        key: Val,
        value: Val,
        inner: impl FnOnce(&mut Self, Env<'_>) -> Outcome<T>,
    ) -> Outcome<T> {
        if !self.spend(1) {
            return Err(Val::bound("the rest of the evaluation"));
        }
        let key = Bound::One { name: key_name.map_or("", |name| name), value: key, outer: env.names };
        let value = Bound::One { name: value_name, value, outer: Some(&key) };
        inner(self, env.with(&value))
    }
}

/// What a loop goes over: places and items, or names and values. None if it is not known.
pub(super) fn pairs(over: &Val) -> Option<Vec<(Val, Val)>> {
    match &over.data {
        Data::List(items) => {
            Some(items.iter().enumerate().map(|(at, item)| (Val::count(at), item.clone())).collect())
        }
        Data::Map(fields) => {
            Some(fields.iter().map(|(key, value)| (Val::text(key.clone()), value.clone())).collect())
        }
        Data::Null => Some(Vec::new()),
        _ => None,
    }
}

/// Why a loop over it cannot be known.
pub(super) fn not_iterable(over: &Val) -> Val {
    if over.is_known() {
        Val::error(Why::Construct, "a loop over what is no list")
    } else {
        over.as_unknown()
    }
}
