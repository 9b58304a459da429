//! Calls of modules: their instances and outputs.

use super::expand::Expansion;
use super::{DEEPEST_MODULE, Env, Expanded, Key, MOST_MODULES, ModuleInstance, Parent, Thing, World, shaped};
use crate::code;
use crate::decl::Module;
use crate::value::{Data, Val};
use onehop_code::{TroubleKind, Why};
use std::sync::Arc;

impl<'t> World<'t> {
    /// `module.name` as a value: one object of outputs, or a list or map of them.
    pub(super) fn call(&mut self, module: usize, name: &Arc<str>) -> Val {
        if !self.module(module).calls.contains_key(&**name) {
            return Val::error(Why::Name, format!("module.{name}"));
        }
        let thing = Thing::Calls(module, name.clone());
        self.once(thing, || format!("module.{name}"), |world| world.all_calls(module, name))
    }

    fn all_calls(&mut self, module: usize, name: &Arc<str>) -> Val {
        let expansion = self.expansion(module, Expanded::Call(name.clone()), name);
        if let Expansion::Unsure { reason, .. } = &*expansion {
            return Val::new(Data::Unknown(reason.clone()));
        }
        let Some(first) = self.instances(module, name, &expansion) else {
            return shaped(&expansion, |_| Val::unknown(Why::Module, name.to_string()));
        };
        shaped(&expansion, |at| Val::new(Data::Module(first + at)))
    }

    /// The first of the instances of the module that is called, which stand in a row; none if it is not on disk or cannot
    /// be called.
    pub(super) fn instances(
        &mut self,
        module: usize,
        name: &Arc<str>,
        expansion: &Expansion,
    ) -> Option<usize> {
        let place = (module, name.clone());
        if let Some(known) = self.called.get(&place) {
            return *known;
        }
        let first = self.make_instances(module, name, expansion);
        self.called.insert(place, first);
        first
    }

    fn make_instances(&mut self, module: usize, name: &Arc<str>, expansion: &Expansion) -> Option<usize> {
        let decl = self.callee(module, name)?;
        if self.modules.len() + expansion.len() > MOST_MODULES {
            self.trouble(TroubleKind::Bound, format!("more than {MOST_MODULES} instances of modules"), None);
            return None;
        }
        let parent = &self.modules[module];
        let key = if parent.key.is_empty() { name.to_string() } else { format!("{}.{name}", parent.key) };
        let span = parent.decl.calls.get(&**name).and_then(|at| parent.decl.spans(at)).map(|(head, _)| head);
        let calls: Vec<_> = parent.calls.iter().copied().chain(span).collect();
        let (depth, prefix) = (parent.depth + 1, parent.prefix.clone());
        let first = self.modules.len();
        for at in 0..expansion.len() {
            self.modules.push(ModuleInstance {
                decl,
                parent: Some(Parent { module, call: name.clone(), key: expansion.key(at) }),
                prefix: format!("{prefix}module.{name}{}.", expansion.suffix(at)),
                key: key.clone(),
                depth,
                calls: calls.clone(),
            });
        }
        Some(first)
    }

    /// The module that a call names.
    fn callee(&mut self, module: usize, name: &Arc<str>) -> Option<&'t Module> {
        let caller = &self.modules[module];
        let decl = caller.decl;
        let key = if caller.key.is_empty() { name.to_string() } else { format!("{}.{name}", caller.key) };
        let at = decl.calls.get(&**name)?;
        let span = decl.spans(at).map(|(head, _)| head);
        let Some(source) = code::source_of(decl, at, self.sources) else {
            self.merged(module, at)?;
            self.trouble(
                TroubleKind::Missing,
                format!("module `{name}` has no source that can be read"),
                span,
            );
            return None;
        };
        let dir = self.code.locate(self.root, &key, &decl.dir, &source);
        let found = dir.as_ref().and_then(|dir| self.code.module(dir));
        let Some(found) = found else {
            let hint = if code::is_local(&source) {
                "there is no such directory"
            } else {
                "`terraform init` fetches it"
            };
            self.trouble(
                TroubleKind::Missing,
                format!("module `{name}` (`{source}`) is not on disk: {hint}"),
                span,
            );
            return None;
        };
        if self.leads_back(module, &found.dir) {
            self.trouble(TroubleKind::Cycle, format!("module `{name}` (`{source}`) calls itself"), span);
            return None;
        }
        if self.modules[module].depth >= DEEPEST_MODULE {
            self.trouble(
                TroubleKind::Bound,
                format!("module `{name}` is called too deeply inside of others"),
                span,
            );
            return None;
        }
        Some(found)
    }

    /// Whether a directory is that of a module or of one that leads to it.
    fn leads_back(&self, module: usize, dir: &str) -> bool {
        let mut next = Some(module);
        while let Some(at) = next {
            if self.modules[at].decl.dir == dir {
                return true;
            }
            next = self.modules[at].parent.as_ref().map(|parent| parent.module);
        }
        false
    }

    /// An output of an instance of a module.
    pub(crate) fn output(&mut self, module: usize, name: &Arc<str>) -> Val {
        let about = || format!("output.{name}");
        self.once(Thing::Output(module, name.clone()), about, |world| {
            let Some(at) = world.module(module).outputs.get(&**name) else {
                return Val::error(Why::Name, format!("output.{name}"));
            };
            let Some(merged) = world.merged(module, at) else {
                return Val::unknown(Why::Unparsed, format!("output.{name}"));
            };
            match merged.attr("value") {
                Some(value) => world.eval(Env { module, key: &Key::None, names: None }, &value.value),
                None => Val::null(),
            }
        })
    }
}
