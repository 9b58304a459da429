//! States, as they are stored: format 4, which Terraform has written since 0.12.

use super::raw::Text;
use super::{broken, region_of};
use crate::Loaded;
use onehop_code::{FileId, Kind, Language, Presence, Provider, Resource, Trouble, TroubleKind, Value};
use serde_json::value::RawValue;
use std::borrow::Cow;

/// Reads a stored state.
pub fn read_state(path: &str, text: &str, file: Option<FileId>, wanted: &dyn Fn(&str) -> bool) -> Loaded {
    let mut loaded = Loaded::default();
    let state: State<'_> = match serde_json::from_str(text) {
        Ok(state) => state,
        Err(error) => {
            loaded.troubles.push(broken(path, &error));
            return loaded;
        }
    };
    if state.version != 4 {
        let message = format!("a state of format {}; only format 4 is read", state.version);
        loaded.troubles.push(Trouble {
            kind: TroubleKind::Syntax,
            message,
            span: None,
            path: path.to_owned(),
        });
        return loaded;
    }
    let text = Text { text, file };
    for raw in state.resources {
        let Ok(resource) = serde_json::from_str::<Stored<'_>>(raw.get()) else { continue };
        let data = resource.mode == "data";
        let kind = if data { format!("data.{}", resource.kind) } else { resource.kind.to_string() };
        if !wanted(&kind) {
            continue;
        }
        let module = resource.module.as_deref().map_or_else(String::new, |module| format!("{module}."));
        for raw in resource.instances {
            let Ok(instance) = serde_json::from_str::<Instance<'_>>(raw.get()) else { continue };
            let body =
                instance.attributes.map_or_else(|| Value::bare(Kind::Map(Vec::new())), |raw| text.value(raw));
            let span = text.span(raw.get());
            loaded.resources.push(Resource {
                language: Language::TerraformState,
                kind: kind.clone(),
                address: format!("{module}{kind}.{}{}", resource.name, suffix(instance.index_key.as_ref())),
                scope: path.to_owned(),
                provider: provider(&resource.provider, &body),
                body,
                span,
                block: span,
                presence: Presence::Sure,
                calls: Vec::new(),
            });
        }
    }
    loaded
}

fn suffix(key: Option<&serde_json::Value>) -> String {
    match key {
        Some(serde_json::Value::Null) | None => String::new(),
        Some(key) => format!("[{key}]"),
    }
}

/// `module.m.provider["registry.terraform.io/hashicorp/aws"].west` and what the instance says of its region.
fn provider(written: &str, body: &Value) -> Provider {
    let alias = written.rsplit_once("\"].").map_or("", |(_, alias)| alias);
    let module = written.split_once("provider[").map_or("", |(module, _)| module);
    let text = |name: &str| body.get(name).and_then(Value::as_str);
    let region = text("region").map(str::to_owned).or_else(|| region_of(text("arn")?));
    Provider { alias: format!("{module}{alias}"), region, locked: None, constraint: None }
}

#[derive(serde::Deserialize)]
struct State<'a> {
    version: u64,
    #[serde(borrow, default)]
    resources: Vec<&'a RawValue>,
}

#[derive(serde::Deserialize)]
struct Stored<'a> {
    #[serde(borrow, default)]
    module: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    mode: Cow<'a, str>,
    #[serde(borrow, rename = "type")]
    kind: Cow<'a, str>,
    #[serde(borrow)]
    name: Cow<'a, str>,
    #[serde(borrow, default)]
    provider: Cow<'a, str>,
    #[serde(borrow, default)]
    instances: Vec<&'a RawValue>,
}

#[derive(serde::Deserialize)]
struct Instance<'a> {
    #[serde(default)]
    index_key: Option<serde_json::Value>,
    #[serde(borrow, default)]
    attributes: Option<&'a RawValue>,
}
