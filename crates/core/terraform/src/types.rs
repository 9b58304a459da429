//! Types of variables, and values as those types have them: `"1"` is a number where one is asked for, attributes that are left
//! out get their defaults.

use crate::syntax::{Expr, Node};
use crate::value::{Data, Fields, Val};
use crate::world::{Env, World};
use onehop_code::Why;
use std::sync::Arc;

/// The type of a variable.
#[derive(Clone, Debug)]
pub(crate) enum Type {
    Any,
    Text,
    Number,
    Bool,
    List(Box<Type>),
    Set(Box<Type>),
    Map(Box<Type>),
    Tuple(Vec<Type>),
    Object(Vec<Attribute>),
}

/// An attribute of an object.
#[derive(Clone, Debug)]
pub(crate) struct Attribute {
    name: Arc<str>,
    kind: Type,
    optional: bool,
    default: Option<Expr>,
}

impl Type {
    /// A type as it is written; anything for what is not understood.
    pub(crate) fn of(expr: &Expr) -> Type {
        match &expr.node {
            Node::Name(name) | Node::Text(name) => match &**name {
                "string" => Type::Text,
                "number" => Type::Number,
                "bool" => Type::Bool,
                "list" => Type::List(Box::new(Type::Any)),
                "set" => Type::Set(Box::new(Type::Any)),
                "map" => Type::Map(Box::new(Type::Any)),
                written if written.contains('(') => Type::written(written, expr),
                _ => Type::Any,
            },
            Node::Call(call) => match (&*call.name, call.args.first()) {
                ("list", Some(inner)) => Type::List(Box::new(Type::of(inner))),
                ("set", Some(inner)) => Type::Set(Box::new(Type::of(inner))),
                ("map", Some(inner)) => Type::Map(Box::new(Type::of(inner))),
                ("tuple", Some(Expr { node: Node::List(items), .. })) => {
                    Type::Tuple(items.iter().map(Type::of).collect())
                }
                ("object", Some(Expr { node: Node::Object(items), .. })) => {
                    Type::Object(items.iter().filter_map(|(key, kind)| Attribute::of(key, kind)).collect())
                }
                _ => Type::Any,
            },
            _ => Type::Any,
        }
    }

    /// A type in a text, as JSON has it.
    fn written(text: &str, expr: &Expr) -> Type {
        let place = crate::convert::Place { file: expr.span.file, from: expr.span.start as usize };
        match crate::file::expression(text, place, false) {
            Ok(parsed) if !matches!(parsed.node, Node::Text(_)) => Type::of(&parsed),
            _ => Type::Any,
        }
    }

    /// A value as this type has it. What cannot be converted is an error.
    pub(crate) fn convert(&self, world: &mut World<'_>, env: Env<'_>, value: &Val) -> Val {
        if value.is_null() || !value.is_known() {
            return value.clone();
        }
        let from = value.from;
        let converted = match self {
            Type::Any => return value.clone(),
            Type::Text => value.to_text().map(Val::text),
            Type::Number => value.to_number().map(Val::number),
            Type::Bool => value.to_bool().map(Val::bool),
            Type::List(inner) => self.items(world, env, value, inner),
            Type::Set(inner) => self.items(world, env, value, inner).map(|items| sorted(&items)),
            Type::Map(inner) => match &value.data {
                Data::Map(fields) if world.spend(fields.len()) => Ok(Val::map(
                    fields
                        .iter()
                        .map(|(key, value)| (key.clone(), inner.convert(world, env, value)))
                        .collect(),
                )),
                _ => value.to_map().map(|fields| Val::new(Data::Map(fields))),
            },
            Type::Tuple(kinds) => value.to_list().map(|items| {
                let converted = items.iter().zip(kinds).map(|(item, kind)| kind.convert(world, env, item));
                Val::list(converted.collect())
            }),
            Type::Object(attributes) => value.to_map().map(|fields| object(world, env, attributes, &fields)),
        };
        Val { from, ..converted.unwrap_or_else(|unknown| unknown) }
    }

    fn items(&self, world: &mut World<'_>, env: Env<'_>, value: &Val, inner: &Type) -> Result<Val, Val> {
        let items = value.to_list()?;
        if !world.spend(items.len()) {
            return Err(Val::bound("a long list"));
        }
        let same = matches!((self, inner), (Type::List(_), Type::Any));
        if same {
            return Ok(Val::new(Data::List(items)));
        }
        Ok(Val::list(items.iter().map(|item| inner.convert(world, env, item)).collect()))
    }
}

impl Attribute {
    fn of(key: &Expr, kind: &Expr) -> Option<Attribute> {
        let name = Arc::from(key.text()?);
        match &kind.node {
            Node::Call(call) if &*call.name == "optional" => Some(Attribute {
                name,
                kind: call.args.first().map_or(Type::Any, Type::of),
                optional: true,
                default: call.args.get(1).cloned(),
            }),
            _ => Some(Attribute { name, kind: Type::of(kind), optional: false, default: None }),
        }
    }
}

/// An object with the attributes of its type and no others.
fn object(world: &mut World<'_>, env: Env<'_>, attributes: &[Attribute], given: &Fields) -> Val {
    let mut fields = Fields::new();
    for attribute in attributes {
        let value = match given.get(&attribute.name) {
            Some(value) if !(value.is_null() && attribute.default.is_some()) => {
                attribute.kind.convert(world, env, value)
            }
            found => match &attribute.default {
                Some(default) => {
                    let default = world.eval(env, default);
                    attribute.kind.convert(world, env, &default)
                }
                None if attribute.optional || found.is_some() => Val::null(),
                None => Val::error(Why::Name, format!("the attribute {}", attribute.name)),
            },
        };
        fields.insert(attribute.name.clone(), value);
    }
    Val::map(fields)
}

/// A list as a set: sorted, nothing twice. A list with what is not known stays in its order.
pub(crate) fn sorted(list: &Val) -> Val {
    let Data::List(items) = &list.data else { return list.clone() };
    let texts: Result<Vec<Arc<str>>, Val> = items.iter().map(Val::to_text).collect();
    let Ok(texts) = texts else { return list.clone() };
    let mut pairs: Vec<(Arc<str>, Val)> = texts.into_iter().zip(items.iter().cloned()).collect();
    let numbers = items.iter().all(|item| matches!(item.data, Data::Number(_)));
    if numbers {
        pairs.sort_by(|one, other| number(&one.1).total_cmp(&number(&other.1)));
    } else {
        pairs.sort_by(|one, other| one.0.cmp(&other.0));
    }
    pairs.dedup_by(|one, other| one.0 == other.0);
    Val { from: list.from, ..Val::list(pairs.into_iter().map(|(_, value)| value).collect()) }
}

fn number(value: &Val) -> f64 {
    value.to_number().unwrap_or(0.0)
}
