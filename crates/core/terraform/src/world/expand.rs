//! How many instances there are: `count` and `for_each`.
//!
//! | written | known | instances |
//! |---|---|---|
//! | nothing | | one, `x` |
//! | `count` | yes | `x[0]`, `x[1]`, … |
//! | `count` | no | one that may not be, `x[0]` |
//! | `for_each` | yes | `x["key"]`, in order of keys |
//! | `for_each` | no | one that may not be, `x[*]` |

use super::{Env, Expanded, Key, MOST_INSTANCES, World};
use crate::decl::Merged;
use crate::value::{Data, Reason, Val};
use onehop_code::{Span, Why};
use std::rc::Rc;
use std::sync::Arc;

/// The instances of something.
#[derive(Clone, Debug)]
pub(crate) enum Expansion {
    One,
    Count(usize),
    Each(Vec<(Arc<str>, Val)>),
    Unsure { counted: bool, reason: Rc<Reason> },
}

impl Expansion {
    pub(crate) fn len(&self) -> usize {
        match self {
            Expansion::One | Expansion::Unsure { .. } => 1,
            Expansion::Count(count) => *count,
            Expansion::Each(keys) => keys.len(),
        }
    }

    /// What `count` and `each` are in an instance.
    pub(crate) fn key(&self, at: usize) -> Key {
        match self {
            Expansion::One => Key::None,
            Expansion::Count(_) => Key::Count(Val::count(at)),
            Expansion::Each(keys) => match keys.get(at) {
                Some((name, value)) => Key::of_name(name, value.clone()),
                None => Key::None,
            },
            Expansion::Unsure { counted, reason } => {
                let unknown = Val::new(Data::Unknown(reason.clone()));
                if *counted { Key::Count(unknown) } else { Key::Each(unknown.clone(), unknown) }
            }
        }
    }

    /// What stands behind the address of an instance.
    pub(crate) fn suffix(&self, at: usize) -> String {
        match self {
            Expansion::One => String::new(),
            Expansion::Count(_) => format!("[{at}]"),
            Expansion::Each(keys) => {
                let key = keys.get(at).map_or("", |(key, _)| key);
                format!("[\"{}\"]", key.replace('\\', "\\\\").replace('"', "\\\""))
            }
            Expansion::Unsure { counted: true, .. } => "[0]".to_owned(),
            Expansion::Unsure { counted: false, .. } => "[*]".to_owned(),
        }
    }
}

impl World<'_> {
    /// The instances of a resource or a call, found out once. What needs itself for that is unsure.
    pub(super) fn expansion(&mut self, module: usize, what: Expanded, name: &str) -> Rc<Expansion> {
        let place = (module, what);
        match self.expansions.get(&place) {
            Some(Some(found)) => return found.clone(),
            Some(None) => {
                let reason = Rc::new(Reason { why: Why::Cycle, about: name.to_owned().into(), error: false });
                return Rc::new(Expansion::Unsure { counted: true, reason });
            }
            None => {}
        }
        self.expansions.insert(place.clone(), None);
        let decl = self.module(module);
        let at = match &place.1 {
            Expanded::Resource(resource) => &decl.resources[*resource].at,
            Expanded::Call(call) => match decl.calls.get(&**call) {
                Some(at) => at,
                None => return Rc::new(Expansion::One),
            },
        };
        let merged = self.merged(module, at);
        let found = Rc::new(merged.map_or(Expansion::One, |merged| self.expand(module, &merged)));
        self.expansions.insert(place, Some(found.clone()));
        found
    }

    fn expand(&mut self, module: usize, merged: &Merged<'_>) -> Expansion {
        let env = Env { module, key: &Key::None, names: None };
        if let Some(count) = merged.attr("count").filter(|_| !self.packer) {
            let value = self.eval(env, &count.value);
            return self.counted(&value, count.value.span);
        }
        if let Some(each) = merged.attr("for_each").filter(|_| !self.packer) {
            let value = self.eval(env, &each.value);
            return self.each(&value, each.value.span);
        }
        Expansion::One
    }

    fn counted(&mut self, value: &Val, span: Span) -> Expansion {
        match value.to_index() {
            Ok(count) => {
                let count = usize::try_from(count).unwrap_or(0);
                if count > MOST_INSTANCES {
                    self.bound_instances(Some(span));
                }
                Expansion::Count(count.min(MOST_INSTANCES))
            }
            Err(_) if value.is_null() => Expansion::One,
            Err(unknown) => unsure(&unknown, true),
        }
    }

    fn each(&mut self, value: &Val, span: Span) -> Expansion {
        let mut keys: Vec<(Arc<str>, Val)> = match &value.data {
            Data::Map(fields) => fields.iter().map(|(key, value)| (key.clone(), value.clone())).collect(),
            Data::List(items) => {
                let mut keys = Vec::with_capacity(items.len().min(MOST_INSTANCES));
                for item in items.iter() {
                    match item.to_text() {
                        Ok(text) => keys.push((text, item.clone())),
                        Err(unknown) => return unsure(&unknown, false),
                    }
                }
                keys.sort_by(|one, other| one.0.cmp(&other.0));
                keys.dedup_by(|one, other| one.0 == other.0);
                keys
            }
            _ => return unsure(&value.as_unknown(), false),
        };
        if keys.len() > MOST_INSTANCES {
            self.bound_instances(Some(span));
            keys.truncate(MOST_INSTANCES);
        }
        Expansion::Each(keys)
    }
}

fn unsure(unknown: &Val, counted: bool) -> Expansion {
    let reason = match &unknown.data {
        Data::Unknown(reason) => reason.clone(),
        _ => Rc::new(Reason { why: Why::Construct, about: "the number of instances".into(), error: false }),
    };
    Expansion::Unsure { counted, reason }
}
