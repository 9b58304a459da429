//! The part of a plan that says how its values were written: expressions by address, and providers.

use onehop_code::{Provider, Reference};
use serde_json::Value as Json;
use std::collections::HashMap;

/// Modules inside of modules.
const DEEPEST: usize = 24;

/// How resources are written, and by whom they are made.
#[derive(Default)]
pub(super) struct Config {
    /// By address without places and keys: expressions, and which provider.
    resources: HashMap<String, (Json, String)>,
    providers: HashMap<String, Provider>,
    /// Whether the plan has this part at all.
    pub(super) given: bool,
}

impl Config {
    /// Reads the part of a plan. Only kinds that are wanted are kept.
    pub(super) fn of(json: &Json, wanted: &dyn Fn(&str) -> bool) -> Config {
        let mut config = Config { given: json.is_object(), ..Config::default() };
        for (key, provider) in json["provider_config"].as_object().into_iter().flatten() {
            config.providers.insert(key.clone(), provider_of(provider));
        }
        config.module(&json["root_module"], "", wanted, 0);
        config
    }

    fn module(&mut self, module: &Json, prefix: &str, wanted: &dyn Fn(&str) -> bool, depth: usize) {
        if depth > DEEPEST {
            return;
        }
        for resource in module["resources"].as_array().into_iter().flatten() {
            let (Some(address), Some(kind)) = (resource["address"].as_str(), resource["type"].as_str())
            else {
                continue;
            };
            if wanted(kind) {
                let provider = resource["provider_config_key"].as_str().unwrap_or("").to_owned();
                self.resources
                    .insert(format!("{prefix}{address}"), (resource["expressions"].clone(), provider));
            }
        }
        for (name, call) in module["module_calls"].as_object().into_iter().flatten() {
            self.module(&call["module"], &format!("{prefix}module.{name}."), wanted, depth + 1);
        }
    }

    /// The expressions of a resource.
    pub(super) fn expressions(&self, address: &str) -> Option<&Json> {
        self.resources.get(&plain(address)).map(|(expressions, _)| expressions)
    }

    /// Who makes a resource.
    pub(super) fn provider(&self, address: &str) -> Provider {
        let key = self.resources.get(&plain(address)).map(|(_, key)| key);
        key.and_then(|key| self.providers.get(key)).cloned().unwrap_or_default()
    }
}

fn provider_of(json: &Json) -> Provider {
    let module = json["module_address"].as_str().map_or_else(String::new, |module| format!("{module}."));
    Provider {
        alias: format!("{module}{}", json["alias"].as_str().unwrap_or("")),
        region: json["expressions"]["region"]["constant_value"].as_str().map(str::to_owned),
        locked: None,
        constraint: json["version_constraint"].as_str().map(str::to_owned),
    }
}

/// An address without places and keys: `module.a["x"].t.n[0]` as `module.a.t.n`.
fn plain(address: &str) -> String {
    let (mut plain, mut depth, mut quoted, mut escaped) = (String::new(), 0_usize, false, false);
    for c in address.chars() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            '[' if !quoted => depth += 1,
            ']' if !quoted => depth = depth.saturating_sub(1),
            c if depth == 0 => plain.push(c),
            _ => {}
        }
    }
    plain
}

/// The attribute of another resource that an expression leads to, if it is one of the same module and the only one.
pub(super) fn reference(expression: &Json, address: &str) -> Option<Reference> {
    let first = expression["references"].as_array()?.first()?.as_str()?;
    if ["var.", "local.", "module.", "each.", "count.", "path.", "self.", "terraform."]
        .iter()
        .any(|root| first.starts_with(root))
    {
        return None;
    }
    let names = if first.starts_with("data.") { 3 } else { 2 };
    let end = nth_dot(first, names)?;
    let (resource, attribute) = (&first[..end], &first[end + 1..]);
    Some(Reference { address: format!("{}{resource}", module_of(address)), attribute: attribute.to_owned() })
}

/// The modules in front of an address: `module.a["x"].`.
fn module_of(address: &str) -> &str {
    let mut at = 0;
    while address[at..].starts_with("module.") {
        match nth_dot(&address[at..], 2) {
            Some(dot) => at += dot + 1,
            None => break,
        }
    }
    &address[..at]
}

/// Where the nth dot outside of brackets stands.
fn nth_dot(text: &str, nth: usize) -> Option<usize> {
    let (mut depth, mut seen, mut quoted) = (0_usize, 0, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'"' => quoted = !quoted,
            b'[' if !quoted => depth += 1,
            b']' if !quoted => depth = depth.saturating_sub(1),
            b'.' if depth == 0 && !quoted => {
                seen += 1;
                if seen == nth {
                    return Some(at);
                }
            }
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_lose_their_keys() {
        for (address, want) in
            [("a.b", "a.b"), ("module.m[\"x.y]\"].a.b[0]", "module.m.a.b"), ("a.b[\"\\\"]\"]", "a.b")]
        {
            assert_eq!(plain(address), want);
        }
        assert_eq!(module_of("module.m[\"x.y\"].module.n.a.b[0]"), "module.m[\"x.y\"].module.n.");
        assert_eq!(module_of("a.b"), "");
    }

    #[test]
    fn references_stay_in_their_module() {
        let expression = serde_json::json!({ "references": ["t.n[0].id", "t.n[0]", "t.n"] });
        let found = reference(&expression, "module.m.a.b");
        assert_eq!(found, Some(Reference { address: "module.m.t.n[0]".into(), attribute: "id".into() }));
        let expression = serde_json::json!({ "references": ["var.x"] });
        assert_eq!(reference(&expression, "a.b"), None);
    }
}
