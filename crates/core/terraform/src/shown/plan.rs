//! Plans. What a change leaves is its `after`; what is not known yet is marked beside it.
//!
//! | marked as not known | the configuration | is |
//! |---|---|---|
//! | yes | does not write it | left out: the provider decides |
//! | yes | names an attribute of another resource | a reference |
//! | yes | anything else, or not in the plan | unknown |

use super::config::{self, Config};
use super::raw::Text;
use super::{broken, region_of};
use crate::Loaded;
use onehop_code::{FileId, Kind, Language, Presence, Provider, Resource, Value, Why};
use serde_json::Value as Json;
use serde_json::value::RawValue;
use std::borrow::Cow;

/// Modules inside of modules.
const DEEPEST: usize = 24;

/// Reads a plan as `terraform show -json` writes it, or a state that it writes.
pub fn read_plan(path: &str, text: &str, file: Option<FileId>, wanted: &dyn Fn(&str) -> bool) -> Loaded {
    let mut loaded = Loaded::default();
    let plan: Plan<'_> = match serde_json::from_str(text) {
        Ok(plan) => plan,
        Err(error) => {
            loaded.troubles.push(broken(path, &error));
            return loaded;
        }
    };
    let parsed = |raw: Option<&RawValue>| raw.and_then(|raw| serde_json::from_str::<Json>(raw.get()).ok());
    let config = parsed(plan.configuration).map(|json| Config::of(&json, wanted)).unwrap_or_default();
    let mut reader = Reader { text: Text { text, file }, path, config, wanted, loaded };
    match (plan.resource_changes, plan.planned_values.or(plan.values)) {
        (Some(changes), _) => changes.into_iter().for_each(|raw| reader.change(raw)),
        (None, Some(values)) => reader.module(values.root_module, Language::TerraformState, 0),
        (None, None) => {
            let error =
                <serde_json::Error as serde::de::Error>::custom("neither `resource_changes` nor `values`");
            reader.loaded.troubles.push(broken(path, &error));
        }
    }
    reader.loaded
}

struct Reader<'a> {
    text: Text<'a>,
    path: &'a str,
    config: Config,
    wanted: &'a dyn Fn(&str) -> bool,
    loaded: Loaded,
}

impl Reader<'_> {
    fn change(&mut self, raw: &RawValue) {
        let Ok(change) = serde_json::from_str::<Change<'_>>(raw.get()) else { return };
        let kind = kind_of(&change.mode, &change.kind);
        let leaves = change.what.actions.iter().any(|action| !matches!(&**action, "delete" | "forget"));
        if !(self.wanted)(&kind) || !leaves {
            return;
        }
        let mut body = change
            .what
            .after
            .map_or_else(|| Value::bare(Kind::Map(Vec::new())), |after| self.text.value(after));
        let unknown = change.what.after_unknown.and_then(|raw| serde_json::from_str::<Json>(raw.get()).ok());
        let written = self.config.expressions(&change.address);
        let written =
            if self.config.given { written.map_or(Written::Dynamic, Written::As) } else { Written::Dynamic };
        if let Some(unknown) = unknown {
            overlay(&mut body, &unknown, written, &change.address, &change.address);
        }
        let provider = self.config.provider(&change.address);
        self.push(Language::TerraformPlan, kind, &change.address, body, raw, provider);
    }

    fn module(&mut self, module: &RawValue, language: Language, depth: usize) {
        let Ok(module) = serde_json::from_str::<Module<'_>>(module.get()) else { return };
        for raw in module.resources {
            let Ok(resource) = serde_json::from_str::<Planned<'_>>(raw.get()) else { continue };
            let kind = kind_of(&resource.mode, &resource.kind);
            if (self.wanted)(&kind) {
                let body = resource
                    .values
                    .map_or_else(|| Value::bare(Kind::Map(Vec::new())), |raw| self.text.value(raw));
                let provider = self.config.provider(&resource.address);
                self.push(language, kind, &resource.address, body, raw, provider);
            }
        }
        if depth < DEEPEST {
            module.child_modules.into_iter().for_each(|child| self.module(child, language, depth + 1));
        }
    }

    fn push(
        &mut self,
        language: Language,
        kind: String,
        address: &str,
        body: Value,
        raw: &RawValue,
        mut provider: Provider,
    ) {
        let text = |name: &str| body.get(name).and_then(Value::as_str).map(str::to_owned);
        if let Some(region) = text("region").or_else(|| region_of(&text("arn")?)) {
            provider.region = Some(region);
        }
        let span = self.text.span(raw.get());
        self.loaded.resources.push(Resource {
            language,
            kind,
            address: address.to_owned(),
            scope: self.path.to_owned(),
            body,
            span,
            block: span,
            provider,
            presence: Presence::Sure,
            calls: Vec::new(),
        });
    }
}

fn kind_of(mode: &str, kind: &str) -> String {
    if mode == "data" { format!("data.{kind}") } else { kind.to_owned() }
}

/// How a value is written.
#[derive(Clone, Copy)]
enum Written<'a> {
    /// Like this.
    As(&'a Json),
    /// Not at all, in something that is written.
    Not,
    /// That cannot be told: by a dynamic block, or the plan does not say.
    Dynamic,
}

impl<'a> Written<'a> {
    fn item(self, name: &str) -> Written<'a> {
        match self {
            Written::As(json) => json.get(name).map_or(Written::Not, Written::As),
            other => other,
        }
    }

    fn place(self, at: usize) -> Written<'a> {
        match self {
            Written::As(Json::Array(items)) => items.get(at).map_or(Written::Dynamic, Written::As),
            // A block that is not written but there was made by a dynamic one.
            Written::Not => Written::Dynamic,
            other => other,
        }
    }
}

/// Puts what is not known over what is.
fn overlay(value: &mut Value, unknown: &Json, written: Written<'_>, address: &str, about: &str) {
    match unknown {
        Json::Bool(true) => {
            value.kind = match written {
                Written::Not => Kind::Null,
                Written::As(json) => match config::reference(json, address) {
                    Some(reference) => Kind::Reference(reference),
                    None => Value::unknown(Why::Computed, about.to_owned()).kind,
                },
                Written::Dynamic => Value::unknown(Why::Computed, about.to_owned()).kind,
            };
        }
        Json::Object(items) => {
            if value.is_null() {
                value.kind = Kind::Map(Vec::new());
            }
            let Kind::Map(entries) = &mut value.kind else { return };
            for (name, unknown) in items {
                if !holds_true(unknown) {
                    continue;
                }
                if !entries.iter().any(|entry| entry.key == *name) {
                    let value = Value::bare(Kind::Null);
                    entries.push(onehop_code::Entry { key: name.clone(), key_span: None, value });
                }
                if let Some(entry) = entries.iter_mut().find(|entry| entry.key == *name) {
                    overlay(
                        &mut entry.value,
                        unknown,
                        written.item(name),
                        address,
                        &format!("{about}.{name}"),
                    );
                }
            }
        }
        Json::Array(items) => {
            let Kind::List(values) = &mut value.kind else { return };
            for (at, (value, unknown)) in values.iter_mut().zip(items).enumerate() {
                overlay(value, unknown, written.place(at), address, &format!("{about}.{at}"));
            }
        }
        _ => {}
    }
}

fn holds_true(json: &Json) -> bool {
    match json {
        Json::Bool(value) => *value,
        Json::Array(items) => items.iter().any(holds_true),
        Json::Object(items) => items.values().any(holds_true),
        _ => false,
    }
}

#[derive(serde::Deserialize)]
struct Plan<'a> {
    #[serde(borrow, default)]
    resource_changes: Option<Vec<&'a RawValue>>,
    #[serde(borrow, default)]
    planned_values: Option<Values<'a>>,
    #[serde(borrow, default)]
    values: Option<Values<'a>>,
    #[serde(borrow, default)]
    configuration: Option<&'a RawValue>,
}

#[derive(serde::Deserialize)]
struct Values<'a> {
    #[serde(borrow)]
    root_module: &'a RawValue,
}

#[derive(serde::Deserialize)]
struct Module<'a> {
    #[serde(borrow, default)]
    resources: Vec<&'a RawValue>,
    #[serde(borrow, default)]
    child_modules: Vec<&'a RawValue>,
}

#[derive(serde::Deserialize)]
struct Planned<'a> {
    #[serde(borrow)]
    address: Cow<'a, str>,
    #[serde(borrow, default)]
    mode: Cow<'a, str>,
    #[serde(borrow, rename = "type")]
    kind: Cow<'a, str>,
    #[serde(borrow, default)]
    values: Option<&'a RawValue>,
}

#[derive(serde::Deserialize)]
struct Change<'a> {
    #[serde(borrow)]
    address: Cow<'a, str>,
    #[serde(borrow, default)]
    mode: Cow<'a, str>,
    #[serde(borrow, rename = "type")]
    kind: Cow<'a, str>,
    #[serde(borrow, rename = "change")]
    what: What<'a>,
}

#[derive(serde::Deserialize)]
struct What<'a> {
    #[serde(default)]
    actions: Vec<String>,
    #[serde(borrow, default)]
    after: Option<&'a RawValue>,
    #[serde(borrow, default)]
    after_unknown: Option<&'a RawValue>,
}
