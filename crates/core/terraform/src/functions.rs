//! The functions of the language, with those that `OpenTofu` adds.
//!
//! Not known for [`Why::Function`](onehop_code::Why), by what they are: the present (`timestamp`, `plantimestamp`), what
//! differs each time (`uuid`, `bcrypt`), what needs a key (`rsadecrypt`), what depends on a compressor (`base64gzip`), and
//! functions of providers (`provider::…`).

mod collections;
mod encoding;
mod files;
mod hashes;
mod networks;
mod numbers;
mod sets;
mod texts;
mod times;
mod yaml;

use crate::syntax::Call;
use crate::value::{Data, Outcome, Val};
use crate::world::{Env, World};
use onehop_code::Why;

impl World<'_> {
    /// A call of a function.
    pub(crate) fn eval_call(&mut self, env: Env<'_>, call: &Call) -> Val {
        let name = call.name.strip_prefix("core::").unwrap_or(&call.name);
        match name {
            "try" => return self.attempt(env, call),
            "can" => return self.can(env, call),
            _ => {}
        }
        let mut args: Vec<Val> = call.args.iter().map(|arg| self.eval(env, arg)).collect();
        if call.expand {
            match args.pop().map(|last| last.to_list()) {
                Some(Ok(items)) if self.spend(items.len()) => args.extend(items.iter().cloned()),
                Some(Ok(_)) => return Val::bound("a long list"),
                Some(Err(unknown)) => return unknown,
                None => {}
            }
        }
        let made = self.apply(name, &args).unwrap_or_else(|unknown| unknown);
        let len = match &made.data {
            Data::List(items) => items.len(),
            Data::Map(fields) => fields.len(),
            _ => 0,
        };
        if self.spend(len) { made } else { Val::bound("the rest of the evaluation") }
    }

    fn apply(&mut self, name: &str, args: &[Val]) -> Outcome {
        let args = Args { name, all: args };
        let found = collections::call(self, name, &args)
            .or_else(|| sets::call(self, name, &args))
            .or_else(|| texts::call(self, name, &args))
            .or_else(|| numbers::call(name, &args))
            .or_else(|| encoding::call(self, name, &args))
            .or_else(|| yaml::call(self, name, &args))
            .or_else(|| hashes::call(self, name, &args))
            .or_else(|| networks::call(name, &args))
            .or_else(|| times::call(self, name, &args))
            .or_else(|| files::call(self, name, &args));
        found.unwrap_or_else(|| Err(Val::unknown(Why::Function, name.to_owned())))
    }

    /// `try`: the first argument that can be evaluated.
    fn attempt(&mut self, env: Env<'_>, call: &Call) -> Val {
        let mut last = Val::error(Why::Function, "try");
        for arg in &call.args {
            let value = self.eval(env, arg);
            if !self.fails(&value, 0) {
                return value;
            }
            last = value;
        }
        last
    }

    fn can(&mut self, env: Env<'_>, call: &Call) -> Val {
        let Some(arg) = call.args.first() else { return Val::error(Why::Function, "can") };
        let value = self.eval(env, arg);
        match &value.data {
            _ if self.fails(&value, 0) => Val::bool(false),
            Data::Unknown(_) => value.as_unknown(),
            _ => Val::bool(true),
        }
    }

    /// Whether evaluating failed, or evaluating a part.
    fn fails(&mut self, value: &Val, depth: usize) -> bool {
        if depth > 32 || !self.spend(1) {
            return false;
        }
        match &value.data {
            Data::List(items) => items.iter().any(|item| self.fails(item, depth + 1)),
            Data::Map(fields) => fields.values().any(|item| self.fails(item, depth + 1)),
            _ => value.is_error(),
        }
    }
}

/// The arguments of a call.
pub(crate) struct Args<'a> {
    name: &'a str,
    all: &'a [Val],
}

impl<'a> Args<'a> {
    /// One argument; an error if there are not so many.
    fn at(&self, at: usize) -> Outcome<&'a Val> {
        self.all.get(at).ok_or_else(|| self.wrong())
    }

    fn text(&self, at: usize) -> Outcome<std::sync::Arc<str>> {
        self.at(at)?.to_text()
    }

    fn number(&self, at: usize) -> Outcome<f64> {
        self.at(at)?.to_number()
    }

    fn index(&self, at: usize) -> Outcome<i64> {
        self.at(at)?.to_index()
    }

    fn list(&self, at: usize) -> Outcome<std::rc::Rc<Vec<Val>>> {
        self.at(at)?.to_list()
    }

    /// What Terraform would not take.
    fn wrong(&self) -> Val {
        Val::error(Why::Function, self.name.to_owned())
    }

    /// What is not evaluated here.
    fn unknown(&self) -> Val {
        Val::unknown(Why::Function, self.name.to_owned())
    }
}
