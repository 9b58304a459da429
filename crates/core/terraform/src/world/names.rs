//! What the first names of a path mean: `var.x`, `local.x`, `module.m`, `data.t.n`, `t.n`, `each.key`, ….

use super::expand::Expansion;
use super::{Env, Expanded, Key, Thing, World, shaped};
use crate::files;
use crate::syntax::{Node, Step};
use crate::value::{Data, InstanceId, Val};
use onehop_code::Why;
use std::sync::Arc;

impl World<'_> {
    /// The value of the first names of a path, and how many steps they took.
    pub(crate) fn named(&mut self, env: Env<'_>, name: &str, steps: &[Step]) -> (Val, usize) {
        if let Some(value) = env.bound(name) {
            return (value, 0);
        }
        let Some(first) = steps.first().and_then(step_name) else {
            return (Val::error(Why::Name, name.to_owned()), steps.len());
        };
        let value = match name {
            "var" => self.variable(env.module, first),
            "local" => self.local(env.module, first),
            "module" => self.call(env.module, first),
            "each" => each(env.key, first),
            "count" => count(env.key, first),
            "path" => self.path(env.module, first),
            "terraform" | "tofu" => self.workspace(first),
            "self" => Val::unknown(Why::Construct, "self"),
            "data" | "ephemeral" | "source" => return self.two_names(env, name, steps),
            _ => self.resource(env.module, &format!("{name}.{first}")),
        };
        (value, 1)
    }

    /// `data.type.name` and what else has two names behind the first one.
    fn two_names(&mut self, env: Env<'_>, name: &str, steps: &[Step]) -> (Val, usize) {
        let front = if name == "source" { "source" } else { "data" };
        match (steps.first().and_then(step_name), steps.get(1).and_then(step_name)) {
            (Some(kind), Some(label)) => (self.resource(env.module, &format!("{front}.{kind}.{label}")), 2),
            _ => (Val::error(Why::Name, name.to_owned()), steps.len()),
        }
    }

    fn local(&mut self, module: usize, name: &Arc<str>) -> Val {
        let about = || format!("local.{name}");
        self.once(Thing::Local(module, name.clone()), about, |world| {
            let Some(attr) = world.module(module).local(name, world.sources) else {
                let broken: Vec<_> = world.module(module).local_troubles(world.sources).cloned().collect();
                let why = if broken.is_empty() { Why::Name } else { Why::Unparsed };
                for trouble in broken {
                    world.told(trouble);
                }
                return Val::error(why, format!("local.{name}"));
            };
            world.eval(Env { module, key: &Key::None, names: None }, &attr.value)
        })
    }

    /// A resource, or all its instances.
    fn resource(&mut self, module: usize, address: &str) -> Val {
        let Some(resource) = self.module(module).find(address) else {
            return Val::error(Why::Name, address.to_owned());
        };
        let thing = Thing::Instances(module, resource);
        self.once(thing, || address.to_owned(), |world| world.all_instances(module, resource, address))
    }

    fn all_instances(&mut self, module: usize, resource: usize, address: &str) -> Val {
        let expansion = self.expansion(module, Expanded::Resource(resource), address);
        let id = |at| InstanceId { module, resource, at };
        match &*expansion {
            Expansion::Unsure { reason, .. } => Val::new(Data::Unsure(id(0), reason.clone())),
            expansion => {
                self.spend(expansion.len());
                shaped(expansion, |at| Val::new(Data::Instance(id(at))))
            }
        }
    }

    fn path(&self, module: usize, name: &str) -> Val {
        match name {
            "module" => Val::text(files::relative(self.root, &self.module(module).dir)),
            "root" | "cwd" => Val::text("."),
            _ => Val::error(Why::Name, format!("path.{name}")),
        }
    }

    fn workspace(&self, name: &str) -> Val {
        match (&self.given.workspace, name) {
            (Some(workspace), "workspace") => Val::text(workspace.as_str()),
            _ => Val::unknown(Why::NoDefault, format!("terraform.{name}")),
        }
    }
}

fn each(key: &Key, name: &str) -> Val {
    match (key, name) {
        (Key::Each(key, _), "key") => key.clone(),
        (Key::Each(_, value), "value") => value.clone(),
        _ => Val::error(Why::Name, format!("each.{name}")),
    }
}

fn count(key: &Key, name: &str) -> Val {
    match (key, name) {
        (Key::Count(at), "index") => at.clone(),
        _ => Val::error(Why::Name, format!("count.{name}")),
    }
}

/// `.name` or `["name"]`.
fn step_name(step: &Step) -> Option<&Arc<str>> {
    match step {
        Step::Name(name) => Some(name),
        Step::Index(expr) => match &expr.node {
            Node::Text(name) => Some(name),
            _ => None,
        },
        Step::AttrSplat | Step::FullSplat => None,
    }
}
