//! Operators between two values, and equality.

use crate::syntax::{Binary, Expr, Operator};
use crate::value::{Data, Outcome, Val};
use crate::world::{Env, World};

/// Attributes that a resource has for sure once it exists.
const ALWAYS: [&str; 7] = ["id", "arn", "name", "latest_version", "default_version", "tags_all", "owner_id"];

impl World<'_> {
    pub(super) fn eval_binary(&mut self, env: Env<'_>, binary: &Binary) -> Val {
        let outcome = match binary.operator {
            Operator::And => self.logic(env, &binary.left, &binary.right, false),
            Operator::Or => self.logic(env, &binary.left, &binary.right, true),
            Operator::Equal => self.equality(env, binary),
            Operator::NotEqual => self.equality(env, binary).map(|equal| match equal.data {
                Data::Bool(equal) => Val::bool(!equal),
                _ => equal,
            }),
            _ => self.arithmetic(env, binary),
        };
        outcome.unwrap_or_else(|unknown| unknown)
    }

    /// `&&` and `||`: one side decides alone if it is what `decides` says.
    fn logic(&mut self, env: Env<'_>, left: &Expr, right: &Expr, decides: bool) -> Outcome {
        let left = self.eval(env, left).to_bool();
        if matches!(left, Ok(value) if value == decides) {
            return Ok(Val::bool(decides));
        }
        let right = self.eval(env, right).to_bool();
        match (left, right) {
            (_, Ok(value)) if value == decides => Ok(Val::bool(decides)),
            (Ok(_), Ok(value)) => Ok(Val::bool(value)),
            (Err(unknown), _) | (_, Err(unknown)) => Err(unknown),
        }
    }

    fn equality(&mut self, env: Env<'_>, binary: &Binary) -> Outcome {
        let (left, right) = (self.eval(env, &binary.left), self.eval(env, &binary.right));
        if let Some(equal) = self.equal(&left, &right) {
            return Ok(Val::bool(equal));
        }
        let unknown = unknown_part(&left).or_else(|| unknown_part(&right));
        Err(unknown.unwrap_or_else(|| Val::bound("a larger value")))
    }

    /// Whether two values are the same; none if that cannot be known.
    pub(crate) fn equal(&mut self, one: &Val, other: &Val) -> Option<bool> {
        self.equal_parts(one, other, 0)
    }

    fn equal_parts(&mut self, one: &Val, other: &Val, depth: usize) -> Option<bool> {
        if depth > 32 || !self.spend(1) {
            return None;
        }
        match (&one.data, &other.data) {
            (Data::Reference(left), Data::Reference(right)) if left == right => Some(true),
            (Data::Reference(reference), Data::Null) | (Data::Null, Data::Reference(reference)) => {
                ALWAYS.contains(&reference.attribute.as_str()).then_some(false)
            }
            (Data::Reference(reference), Data::Text(text))
            | (Data::Text(text), Data::Reference(reference))
                if text.is_empty() =>
            {
                ALWAYS.contains(&reference.attribute.as_str()).then_some(false)
            }
            (Data::Instance(left), Data::Instance(right)) => (left == right).then_some(true),
            (Data::Instance(_) | Data::Module(_), Data::Null)
            | (Data::Null, Data::Instance(_) | Data::Module(_)) => Some(false),
            _ if !one.is_known() || !other.is_known() => None,
            (Data::List(left), Data::List(right)) => {
                if left.len() != right.len() {
                    return Some(false);
                }
                let pairs: Vec<_> = left.iter().zip(right.iter()).collect();
                self.all_equal(&pairs, depth)
            }
            (Data::Map(left), Data::Map(right)) => {
                if !left.keys().eq(right.keys()) {
                    return Some(false);
                }
                let pairs: Vec<_> = left.values().zip(right.values()).collect();
                self.all_equal(&pairs, depth)
            }
            (left, right) => Some(plainly_equal(left, right)),
        }
    }

    fn all_equal(&mut self, pairs: &[(&Val, &Val)], depth: usize) -> Option<bool> {
        let mut all = Some(true);
        for (one, other) in pairs {
            match self.equal_parts(one, other, depth + 1) {
                Some(false) => return Some(false),
                Some(true) => {}
                None => all = None,
            }
        }
        all
    }

    fn arithmetic(&mut self, env: Env<'_>, binary: &Binary) -> Outcome {
        let left = self.eval(env, &binary.left).to_number()?;
        let right = self.eval(env, &binary.right).to_number()?;
        let value = match binary.operator {
            Operator::Less => return Ok(Val::bool(left < right)),
            Operator::LessEqual => return Ok(Val::bool(left <= right)),
            Operator::Greater => return Ok(Val::bool(left > right)),
            Operator::GreaterEqual => return Ok(Val::bool(left >= right)),
            Operator::Plus => left + right,
            Operator::Minus => left - right,
            Operator::Times => left * right,
            Operator::Divided => left / right,
            _ => left % right,
        };
        if value.is_finite() {
            Ok(Val::number(value))
        } else {
            Err(Val::error(onehop_code::Why::Construct, "a division by zero"))
        }
    }
}

#[expect(clippy::float_cmp, reason = "numbers of code are the same or not")]
fn plainly_equal(one: &Data, other: &Data) -> bool {
    match (one, other) {
        (Data::Null, Data::Null) => true,
        (Data::Bool(one), Data::Bool(other)) => one == other,
        (Data::Number(one), Data::Number(other)) => one == other,
        (Data::Text(one), Data::Text(other)) => one == other,
        _ => false,
    }
}

/// Parts of a value that are looked at for one that is not known.
const MOST_LOOKED_AT: usize = 100_000;

/// What takes the place of the first part of a value that is not known, if there is one. A value that is too large to be
/// looked through counts as unknown.
pub(crate) fn unknown_part(value: &Val) -> Option<Val> {
    look_for_unknown(value, &mut 0)
}

fn look_for_unknown(value: &Val, seen: &mut usize) -> Option<Val> {
    *seen += 1;
    if *seen > MOST_LOOKED_AT {
        return Some(Val::bound("a larger value"));
    }
    match &value.data {
        Data::List(items) => items.iter().find_map(|item| look_for_unknown(item, seen)),
        Data::Map(fields) => fields.values().find_map(|item| look_for_unknown(item, seen)),
        Data::Null | Data::Bool(_) | Data::Number(_) | Data::Text(_) => None,
        _ => Some(value.as_unknown()),
    }
}
