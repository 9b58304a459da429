//! Who makes a resource: which configuration of its provider, passed through how many modules; its region and its versions.

use super::{Env, Key, World};
use crate::decl::At;
use crate::syntax::{Expr, Node};
use crate::value::InstanceId;
use onehop_code::Provider;
use std::sync::Arc;

/// A configuration of a provider: in which instance of a module, which one of its blocks.
#[derive(Clone, Copy)]
struct Configured {
    module: usize,
    block: usize,
}

impl World<'_> {
    /// Reads which versions are locked, by `namespace/name`.
    pub(super) fn read_lock(&mut self) {
        let Some(file) = self.code.lock(self.root).cloned() else { return };
        for piece in file.pieces.iter().filter(|piece| &*piece.kind == "provider") {
            let Ok(body) = file.body(piece, self.sources) else { continue };
            if let Some(version) = body.attr("version").and_then(|attr| attr.value.text()) {
                self.locked.insert(without_host(piece.label(0)), version.to_owned());
            }
        }
    }

    /// The provider of an instance of a resource.
    pub(super) fn provider(&mut self, id: InstanceId) -> Provider {
        let resource = &self.module(id.module).resources[id.resource];
        let Some(merged) = self.merged(id.module, &resource.at) else { return Provider::default() };
        let kind = resource.kind.strip_prefix("data.").unwrap_or(&resource.kind);
        let written = merged.attr("provider").and_then(|attr| attr.value.dotted());
        let written = written.unwrap_or_else(|| kind.split('_').next().unwrap_or(kind).to_owned());
        let (name, alias) = written.split_once('.').unwrap_or((&written, ""));
        let configured = self.configured(id.module, name, alias, 0);
        let mut provider = configured.map(|configured| self.describe(configured)).unwrap_or_default();
        if configured.is_none() {
            alias.clone_into(&mut provider.alias);
        }
        self.versions(id.module, name, &mut provider);
        if let Some(region) = merged.attr("region").filter(|_| !resource.is_data) {
            let key = self.instance_key(id);
            let value = self.eval(Env { module: id.module, key: &key, names: None }, &region.value);
            if let Ok(region) = value.to_text() {
                provider.region = Some(region.to_string());
            }
        }
        provider
    }

    /// Finds a configuration by the name that a module uses for it.
    fn configured(&mut self, module: usize, name: &str, alias: &str, depth: usize) -> Option<Configured> {
        if depth > super::DEEPEST_MODULE {
            return None;
        }
        let parent = self.modules[module].parent.clone();
        if let Some(parent) = &parent
            && let Some(passed) = self.passed(parent.module, &parent.call, name, alias)
        {
            let (name, alias) = passed.split_once('.').unwrap_or((&passed, ""));
            return self.configured(parent.module, name, alias, depth + 1);
        }
        let declared = &self.module(module).providers;
        for (block, (known, at)) in declared.iter().enumerate() {
            if &**known == name && self.alias(module, *at) == alias {
                return Some(Configured { module, block });
            }
        }
        match parent {
            Some(parent) if alias.is_empty() => self.configured(parent.module, name, "", depth + 1),
            _ => None,
        }
    }

    /// What the call of a module passes for a provider: `providers = { aws = aws.west }`.
    fn passed(&mut self, module: usize, call: &Arc<str>, name: &str, alias: &str) -> Option<String> {
        let at = self.module(module).calls.get(&**call)?;
        let merged = self.merged(module, at)?;
        let Node::Object(items) = &merged.attr("providers")?.value.node else { return None };
        let wanted = if alias.is_empty() { name.to_owned() } else { format!("{name}.{alias}") };
        let (_, value) = items.iter().find(|(key, _)| key.dotted().as_ref() == Some(&wanted))?;
        value.dotted()
    }

    fn alias(&self, module: usize, at: At) -> String {
        let body = self.module(module).body(at, self.sources);
        let alias = body.ok().and_then(|body| body.attr("alias")?.value.text());
        alias.unwrap_or_default().to_owned()
    }

    fn describe(&mut self, configured: Configured) -> Provider {
        let Configured { module, block } = configured;
        let at = self.module(module).providers[block].1;
        let alias = format!("{}{}", self.modules[module].prefix, self.alias(module, at));
        let known = self.regions.get(&(module, block)).cloned();
        let region = known.unwrap_or_else(|| self.region(module, at));
        self.regions.insert((module, block), region.clone());
        Provider { alias, region, ..Provider::default() }
    }

    fn region(&mut self, module: usize, at: At) -> Option<String> {
        let body = self.module(module).body(at, self.sources).ok()?;
        let region = body.attr("region")?;
        let value = self.eval(Env { module, key: &Key::None, names: None }, &region.value);
        value.to_text().ok().map(|text| text.to_string())
    }

    /// The versions that a module and the root ask for, and the one that is locked.
    fn versions(&mut self, module: usize, name: &str, provider: &mut Provider) {
        let mut source = format!("hashicorp/{name}");
        let mut constraints: Vec<String> = Vec::new();
        for place in [module, 0] {
            let (named, constraint) = self.required(place, name);
            if let (true, Some(named)) = (place == module, named) {
                source = without_host(&named);
            }
            constraints.extend(constraint.filter(|constraint| !constraints.contains(constraint)));
        }
        provider.constraint = (!constraints.is_empty()).then(|| constraints.join(", "));
        provider.locked = self.locked.get(&source).cloned();
    }

    /// What `required_providers` says: the source and the versions. In old code the versions stand in the provider's block.
    fn required(&self, module: usize, name: &str) -> (Option<String>, Option<String>) {
        let decl = self.module(module);
        for at in &decl.settings {
            let Ok(body) = decl.body(*at, self.sources) else { continue };
            let mut blocks = body.blocks.iter().filter(|block| &*block.kind == "required_providers");
            let Some(attr) = blocks.find_map(|block| block.body.attr(name)) else { continue };
            return match &attr.value.node {
                Node::Object(items) => (item(items, "source"), item(items, "version")),
                _ => (None, attr.value.text().map(str::to_owned)),
            };
        }
        let blocks = decl.providers.iter().filter(|(known, _)| &**known == name);
        let mut bodies = blocks.filter_map(|(_, at)| decl.body(*at, self.sources).ok());
        (None, bodies.find_map(|body| body.attr("version")?.value.text().map(str::to_owned)))
    }
}

fn item(items: &[(Expr, Expr)], name: &str) -> Option<String> {
    items.iter().find(|(key, _)| key.text() == Some(name))?.1.text().map(str::to_owned)
}

/// `registry.terraform.io/hashicorp/aws` without its host.
fn without_host(source: &str) -> String {
    let mut parts: Vec<&str> = source.rsplitn(3, '/').take(2).collect();
    parts.reverse();
    parts.join("/")
}
