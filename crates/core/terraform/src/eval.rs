//! Expressions as values, three-valued: what is not known stays unknown, except where it cannot matter.
//!
//! | expression | with something unknown |
//! |---|---|
//! | `false && ?`, `true \|\| ?` | known |
//! | `? : a : b` | what both branches agree on |
//! | `coalesce(a, ?)`, `try(a, ?)` | `a` |
//! | `contains([…, a, ?], a)` | true |
//! | anything else | unknown, for the same reason |

mod loops;
mod operators;
mod template;

pub(crate) use operators::unknown_part;

use crate::syntax::{Choice, Expr, Node, Path, Step};
use crate::value::{Data, Fields, Val};
use crate::world::{Env, MOST_ITEMS, World};
use onehop_code::{Reference, Why};
use std::rc::Rc;
use std::sync::Arc;

impl World<'_> {
    /// The value of an expression.
    pub(crate) fn eval(&mut self, env: Env<'_>, expr: &Expr) -> Val {
        // What has no parts needs no bounds.
        let value = match &expr.node {
            Node::Null => Val::null(),
            Node::Bool(value) => Val::bool(*value),
            Node::Number(value) => Val::number(*value),
            Node::Text(text) => Val::text(text.clone()),
            _ => self.deeper(|world| world.eval_parts(env, expr)),
        };
        value.or_from(expr.span)
    }

    fn eval_parts(&mut self, env: Env<'_>, expr: &Expr) -> Val {
        match &expr.node {
            Node::Null | Node::Bool(_) | Node::Number(_) | Node::Text(_) => Val::null(),
            Node::List(items) => self.eval_list(env, items),
            Node::Object(items) => self.eval_object(env, items),
            Node::Template(parts) => self.eval_template(env, parts),
            Node::Name(name) => self.named(env, name, &[]).0,
            Node::Path(path) => self.eval_path(env, path),
            Node::Choice(choice) => self.eval_choice(env, choice),
            Node::Call(call) => self.eval_call(env, call),
            Node::Not(inner) => {
                self.eval(env, inner).to_bool().map_or_else(|unknown| unknown, |value| Val::bool(!value))
            }
            Node::Minus(inner) => {
                self.eval(env, inner).to_number().map_or_else(|unknown| unknown, |value| Val::number(-value))
            }
            Node::Binary(binary) => self.eval_binary(env, binary),
            Node::For(each) => self.eval_for(env, each),
        }
    }

    fn eval_list(&mut self, env: Env<'_>, items: &[Expr]) -> Val {
        Val::list(items.iter().map(|item| self.eval(env, item)).collect())
    }

    fn eval_object(&mut self, env: Env<'_>, items: &[(Expr, Expr)]) -> Val {
        let mut fields = Fields::new();
        for (key, value) in items {
            match self.eval(env, key).to_text() {
                Ok(key) => {
                    let value = self.eval(env, value);
                    fields.insert(key, value);
                }
                // Which name it has is not known: then none of them is.
                Err(unknown) => return unknown,
            }
        }
        Val::map(fields)
    }

    fn eval_choice(&mut self, env: Env<'_>, choice: &Choice) -> Val {
        match self.eval(env, &choice.condition).to_bool() {
            Ok(true) => self.eval(env, &choice.yes),
            Ok(false) => self.eval(env, &choice.no),
            Err(unknown) => {
                let (yes, no) = (self.eval(env, &choice.yes), self.eval(env, &choice.no));
                self.agreed(&yes, &no, &unknown, 0)
            }
        }
    }

    /// What two values have in common; the rest is unknown for the given reason.
    fn agreed(&mut self, one: &Val, other: &Val, unknown: &Val, depth: usize) -> Val {
        if self.equal(one, other) == Some(true) {
            return one.clone();
        }
        match (&one.data, &other.data) {
            (Data::Map(left), Data::Map(right)) if depth < 8 && left.keys().eq(right.keys()) => {
                let pairs = left.iter().zip(right.values());
                let both = pairs
                    .map(|((key, one), other)| (key.clone(), self.agreed(one, other, unknown, depth + 1)));
                Val::map(both.collect())
            }
            (Data::List(left), Data::List(right))
                if depth < 8 && left.len() == right.len() && !left.is_empty() =>
            {
                let pairs = left.iter().zip(right.iter());
                Val::list(pairs.map(|(one, other)| self.agreed(one, other, unknown, depth + 1)).collect())
            }
            _ => Val { from: None, ..unknown.clone() },
        }
    }

    fn eval_path(&mut self, env: Env<'_>, path: &Path) -> Val {
        let (value, taken) = match &path.base.node {
            Node::Name(name) => self.named(env, name, &path.steps),
            _ => (self.eval(env, &path.base), 0),
        };
        self.follow(env, value, &path.steps[taken.min(path.steps.len())..])
    }

    /// Goes on from a value by steps.
    fn follow(&mut self, env: Env<'_>, mut value: Val, steps: &[Step]) -> Val {
        for (at, step) in steps.iter().enumerate() {
            value = match step {
                Step::Name(name) => self.member(&value, name),
                Step::Index(index) => {
                    let index = self.eval(env, index);
                    self.index(&value, &index)
                }
                Step::AttrSplat | Step::FullSplat => {
                    let rest = &steps[at + 1..];
                    let index = rest.iter().position(|step| matches!(step, Step::Index(_)));
                    let each = if matches!(step, Step::FullSplat) {
                        rest.len()
                    } else {
                        index.unwrap_or(rest.len())
                    };
                    let list = self.splat(env, &value, &rest[..each]);
                    return self.deeper(|world| world.follow(env, list, &rest[each..]));
                }
            };
        }
        value
    }

    fn splat(&mut self, env: Env<'_>, value: &Val, steps: &[Step]) -> Val {
        let items = match &value.data {
            Data::List(items) => items.clone(),
            Data::Null => return Val::list(Vec::new()),
            Data::Unknown(_) | Data::Unsure(..) => return value.as_unknown(),
            _ => Rc::new(vec![value.clone()]),
        };
        if !self.spend(items.len()) {
            return Val::bound("a long list");
        }
        Val::list(
            items.iter().map(|item| self.deeper(|world| world.follow(env, item.clone(), steps))).collect(),
        )
    }

    /// `value.name`
    pub(crate) fn member(&mut self, value: &Val, name: &Arc<str>) -> Val {
        match &value.data {
            Data::Map(fields) => fields
                .get(name)
                .cloned()
                .unwrap_or_else(|| Val::error(Why::Name, format!("the attribute {name}"))),
            Data::Instance(id) | Data::Unsure(id, _) => self.attribute(*id, name),
            Data::Module(module) => self.output(*module, name),
            Data::Reference(reference) => {
                let attribute = format!("{}.{name}", reference.attribute);
                if attribute.len() > 1_000 {
                    return Val::bound("a longer path");
                }
                Val::new(Data::Reference(Rc::new(Reference {
                    address: reference.address.clone(),
                    attribute,
                })))
            }
            Data::Unknown(_) => value.as_unknown(),
            _ => Val::error(Why::Name, format!("the attribute {name}")),
        }
    }

    /// `value[index]`
    pub(crate) fn index(&mut self, value: &Val, index: &Val) -> Val {
        match &value.data {
            // Whichever it is, it is the one that is put out.
            Data::Unsure(id, _) => return Val::new(Data::Instance(*id)),
            Data::Unknown(_) => return value.as_unknown(),
            _ => {}
        }
        if let Data::List(items) = &value.data {
            return match index.to_index() {
                Ok(at) => {
                    let found = usize::try_from(at).ok().and_then(|at| items.get(at));
                    found.cloned().unwrap_or_else(|| Val::error(Why::Name, format!("the item {at}")))
                }
                Err(unknown) => unknown,
            };
        }
        match index.to_text() {
            Ok(name) => self.member(value, &name),
            Err(unknown) => unknown,
        }
    }

    /// A list, if it is not too long.
    pub(crate) fn bounded_list(&mut self, items: Vec<Val>) -> Val {
        if items.len() > MOST_ITEMS || !self.spend(items.len()) {
            return Val::bound("a long list");
        }
        Val::list(items)
    }

    /// A text, if it is not too long.
    pub(crate) fn bounded_text(&mut self, text: String) -> Val {
        if text.len() > crate::world::LONGEST_TEXT || !self.spend(text.len() / 32) {
            return Val::bound("a long text");
        }
        Val::text(text)
    }
}
