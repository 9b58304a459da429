//! Variables: what is given for them, by the caller of the module or from outside, and their defaults.
//!
//! From outside, a later row wins: `terraform.tfvars`, `terraform.tfvars.json`, `*.auto.tfvars` in order of names, files that
//! are given, values that are given.

use super::{Env, Key, Thing, World};
use crate::convert::Place;
use crate::decl::Merged;
use crate::file;
use crate::types::Type;
use crate::value::{Data, Val};
use onehop_code::{TroubleKind, Why};
use std::sync::Arc;

/// A value from outside.
pub(crate) enum Given {
    /// Evaluated.
    Value(Val),
    /// As it is written on a command line: what it means depends on the variable's type.
    Written(String),
}

/// Where defaults and given values are evaluated: nothing is bound there.
const NOWHERE: Env<'static> = Env { module: 0, key: &Key::None, names: None };

impl World<'_> {
    /// Evaluates what is given from outside.
    pub(super) fn read_values(&mut self) {
        let dir = self.module(0).dir.clone();
        let order = |name: &str| (!name.starts_with("terraform.tfvars"), name.to_owned());
        let mut auto: Vec<_> =
            self.code.in_dir(&dir).filter(|(name, _)| file::is_auto_values(name)).collect();
        auto.retain(|(name, _)| name.contains(".pkrvars.") == self.packer);
        auto.sort_by_key(|(name, _)| order(name));
        let mut all: Vec<_> = auto.into_iter().map(|(_, file)| file.clone()).collect();
        for path in &self.given.var_files {
            match self.code.at(path) {
                Some(file) => all.push(file.clone()),
                None => self.trouble(
                    TroubleKind::Missing,
                    format!("the file of values `{path}` is not there"),
                    None,
                ),
            }
        }
        for file in &all {
            file.troubles.iter().for_each(|trouble| self.told(trouble.clone()));
            for attr in &file.values.attrs {
                let value = self.eval(NOWHERE, &attr.value);
                self.values.insert(attr.name.clone(), Given::Value(value));
            }
        }
        for (name, written) in &self.given.vars {
            self.values.insert(name.as_str().into(), Given::Written(written.clone()));
        }
    }

    pub(super) fn variable(&mut self, module: usize, name: &Arc<str>) -> Val {
        let about = || format!("var.{name}");
        self.once(Thing::Variable(module, name.clone()), about, |world| world.find_variable(module, name))
    }

    fn find_variable(&mut self, module: usize, name: &Arc<str>) -> Val {
        let Some(at) = self.module(module).variables.get(&**name) else {
            return Val::error(Why::Name, format!("var.{name}"));
        };
        let Some(declared) = self.merged(module, at) else {
            return Val::unknown(Why::Unparsed, format!("var.{name}"));
        };
        let kind = declared.attr("type").map_or(Type::Any, |attr| Type::of(&attr.value));
        let given = self.given_for(module, name, &kind);
        let nullable = declared
            .attr("nullable")
            .is_none_or(|attr| !matches!(self.eval(NOWHERE, &attr.value).data, Data::Bool(false)));
        let value = match given {
            Some(value) if nullable || !value.is_null() => value,
            _ => match default(self, &declared) {
                Some(value) => value,
                None => return Val::unknown(Why::NoDefault, format!("var.{name}")),
            },
        };
        self.converted(&value, &kind)
    }

    /// What the call of the module, or somebody outside, gives.
    fn given_for(&mut self, module: usize, name: &Arc<str>, kind: &Type) -> Option<Val> {
        if let Some(parent) = self.modules[module].parent.clone() {
            let at = self.module(parent.module).calls.get(&*parent.call)?;
            let call = self.merged(parent.module, at)?;
            let argument = call.attr(name)?;
            return Some(
                self.eval(Env { module: parent.module, key: &parent.key, names: None }, &argument.value),
            );
        }
        match self.values.get(name)? {
            Given::Value(value) => Some(value.clone()),
            Given::Written(written) if matches!(kind, Type::Any | Type::Text) => {
                Some(Val::text(written.as_str()))
            }
            Given::Written(written) => {
                let written = written.clone();
                let place = Place { file: self.sources.iter().next()?.0, from: 0 };
                match file::expression(&written, place, false) {
                    Ok(expr) => Some(unplaced(self.eval(NOWHERE, &expr))),
                    Err(_) => Some(Val::unknown(Why::Unparsed, format!("the value given for var.{name}"))),
                }
            }
        }
    }

    /// A value as a variable of a type has it.
    pub(crate) fn converted(&mut self, value: &Val, kind: &Type) -> Val {
        kind.convert(self, NOWHERE, value)
    }
}

fn default(world: &mut World<'_>, declared: &Merged<'_>) -> Option<Val> {
    let default = declared.attr("default")?;
    Some(world.eval(NOWHERE, &default.value))
}

/// A value from a command line stands in no text.
fn unplaced(value: Val) -> Val {
    let data = match value.data {
        Data::List(items) => return Val::list(items.iter().cloned().map(unplaced).collect()),
        Data::Map(fields) => {
            return Val::map(
                fields.iter().map(|(key, value)| (key.clone(), unplaced(value.clone()))).collect(),
            );
        }
        data => data,
    };
    Val { data, from: None }
}
