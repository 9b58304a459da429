//! Walks all module instances and puts out the resources that are asked for.

use super::expand::Expansion;
use super::{Env, Expanded, World};
use crate::value::InstanceId;
use onehop_code::{Language, Presence, Provider, Resource, Unknown, Value, Why};
use std::sync::Arc;

/// The kind of calls of modules, for those who ask for them.
const MODULE: &str = "module";

impl World<'_> {
    /// Resources of an instance of a module and of those below it.
    pub(super) fn module_output(&mut self, module: usize, out: &mut Vec<Resource>) {
        let decl = self.module(module);
        decl.file_troubles().for_each(|trouble| self.told(trouble.clone()));
        for (at, resource) in decl.resources.iter().enumerate() {
            if (self.wanted)(&resource.kind) {
                self.resource_output(module, at, out);
            }
        }
        if self.packer {
            return;
        }
        for name in decl.calls.keys() {
            let name = Arc::<str>::from(&**name);
            let expansion = self.expansion(module, Expanded::Call(name.clone()), &name);
            if (self.wanted)(MODULE) {
                self.call_output(module, &name, &expansion, out);
            }
            if let Some(first) = self.instances(module, &name, &expansion) {
                for instance in first..first + expansion.len() {
                    self.module_output(instance, out);
                }
            }
        }
    }

    fn resource_output(&mut self, module: usize, resource: usize, out: &mut Vec<Resource>) {
        let declared = &self.module(module).resources[resource];
        let expansion = self.expansion(module, Expanded::Resource(resource), &declared.address);
        let merged = self.merged(module, &declared.at);
        let spans = self.module(module).spans(&declared.at);
        for at in 0..expansion.len() {
            let id = InstanceId { module, resource, at };
            let key = expansion.key(at);
            let env = Env { module, key: &key, names: None };
            let (span, block) = (spans.map(|(head, _)| head), spans.map(|(_, block)| block));
            let body = match &merged {
                Some(merged) => self.body(env, merged, block),
                None => Value { span: block, ..Value::unknown(Why::Unparsed, declared.address.to_string()) },
            };
            let provider = if self.packer { Provider::default() } else { self.provider(id) };
            out.push(Resource {
                language: if self.packer { Language::Packer } else { Language::Terraform },
                kind: declared.kind.to_string(),
                address: self.address(id),
                scope: self.root.to_owned(),
                body,
                span,
                block,
                provider,
                presence: self.presence(module, &expansion),
                calls: self.modules[module].calls.clone(),
            });
        }
    }

    /// Calls of modules with their arguments: somebody may know the module although its code is not on disk.
    fn call_output(
        &mut self,
        module: usize,
        name: &Arc<str>,
        expansion: &Expansion,
        out: &mut Vec<Resource>,
    ) {
        let decl = self.module(module);
        let Some(at) = decl.calls.get(&**name) else { return };
        let Some(merged) = self.merged(module, at) else { return };
        let spans = decl.spans(at);
        for at in 0..expansion.len() {
            let key = expansion.key(at);
            let env = Env { module, key: &key, names: None };
            let block = spans.map(|(_, block)| block);
            out.push(Resource {
                language: Language::Terraform,
                kind: MODULE.to_owned(),
                address: format!("{}module.{name}{}", self.modules[module].prefix, expansion.suffix(at)),
                scope: self.root.to_owned(),
                body: self.body(env, &merged, block),
                span: spans.map(|(head, _)| head),
                block,
                provider: Provider::default(),
                presence: self.presence(module, expansion),
                calls: self.modules[module].calls.clone(),
            });
        }
    }

    /// Whether an instance is made: it and all modules that lead to it.
    fn presence(&mut self, module: usize, expansion: &Expansion) -> Presence {
        if let Expansion::Unsure { reason, .. } = expansion {
            return Presence::Unknown(Unknown { why: reason.why, about: reason.about.clone() });
        }
        match self.modules[module].parent.clone() {
            None => Presence::Sure,
            Some(parent) => {
                let calls = self.expansion(parent.module, Expanded::Call(parent.call.clone()), &parent.call);
                self.presence(parent.module, &calls)
            }
        }
    }
}
