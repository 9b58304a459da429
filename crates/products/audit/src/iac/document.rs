//! Files of JSON and YAML: told apart by what they say, and read as what they are.

use super::ansible;
use super::disk::{self, FILE_MAX_BYTES};
use super::kinds;
use super::markers::{self, TerraformJson};
use super::run::{Plan, name_of};
use onehop_cloudformation::{Settings, Templates};
use onehop_code::{Kind, Resource, Sources, Trouble, Value};
use onehop_document::Options;
use onehop_manifests::Format;
use std::path::Path;
use std::rc::Rc;

/// What a file says.
#[derive(Default)]
pub(super) struct Read {
    /// What it would make.
    pub resources: Vec<Resource>,
    /// What kept it from being read.
    pub troubles: Vec<Trouble>,
}

/// Reads a file. One that nobody named and that says nothing about instances is left alone, broken or not.
pub(super) fn read(path: &Path, bytes: &[u8], plan: &Plan, is_named: bool, sources: &mut Sources) -> Read {
    if !is_named && !markers::is_worth_reading(bytes) {
        return Read::default();
    }
    let name = name_of(path);
    if let Some(kind) = markers::terraform_json(bytes) {
        let file = sources.add(name.as_str(), bytes);
        let text = &sources.of(file).text;
        let loaded = match kind {
            TerraformJson::Plan => onehop_terraform::read_plan(&name, text, Some(file), &kinds::is_wanted),
            TerraformJson::State => onehop_terraform::read_state(&name, text, Some(file), &kinds::is_wanted),
        };
        return Read { resources: loaded.resources, troubles: loaded.troubles };
    }
    let file = sources.add(name.as_str(), bytes);
    let documents = onehop_document::read(file, sources.of(file), &Options::default());
    let mut read = Read { resources: Vec::new(), troubles: documents.troubles };
    for value in &documents.documents {
        one((path, &name), value, plan, sources, &mut read);
    }
    read
}

fn one((path, name): (&Path, &str), value: &Value, plan: &Plan, sources: &mut Sources, read: &mut Read) {
    if onehop_cloudformation::recognise(value).is_some() {
        let settings = Settings {
            parameters: plan.parameters.clone(),
            region: plan.region.clone(),
            ..Settings::default()
        };
        let outcome = onehop_cloudformation::read(name, value, &settings, &mut Nested { sources });
        read.resources.extend(outcome.resources);
        read.troubles.extend(outcome.troubles);
    } else {
        read.resources.extend(match onehop_manifests::recognise(name, value) {
            Some(Format::Ansible) => ansible::read(path, name, value, sources),
            Some(format) => onehop_manifests::read(name, format, value),
            None => Vec::new(),
        });
    }
}

/// Templates that a template names.
struct Nested<'a> {
    sources: &'a mut Sources,
}

impl Templates for Nested<'_> {
    fn template(&mut self, path: &str) -> Option<Rc<Value>> {
        let bytes = disk::read(Path::new(path), FILE_MAX_BYTES).ok()?;
        let file = self.sources.add(path, &bytes);
        let documents = onehop_document::read(file, self.sources.of(file), &Options::default());
        documents.documents.into_iter().next().map(Rc::new)
    }
}

/// Values of parameters from a file of them, in any form that CloudFormation's tools read.
pub fn parameters(path: &str, text: &str) -> Option<Vec<(String, Value)>> {
    let mut sources = Sources::default();
    let file = sources.add(path, text.as_bytes());
    let documents = onehop_document::read(file, sources.of(file), &Options::default());
    let mut given = onehop_cloudformation::given_parameters(documents.documents.first()?)?;
    // The file is gone when they are used.
    for (_, value) in &mut given {
        place_at(value, None);
    }
    Some(given)
}

/// The policy document that a resource is, or holds.
pub(super) fn policy_of(resource: &Resource) -> Option<Value> {
    match resource.kind.as_str() {
        "ServiceControlPolicy" | "DeclarativePolicy" => Some(resource.body.clone()),
        "aws_organizations_policy" => inner(resource.body.get("content")?),
        "AWS::Organizations::Policy" => inner(resource.body.get("Content")?),
        _ => None,
    }
}

/// JSON inside of a text; its places are those of the text.
fn inner(value: &Value) -> Option<Value> {
    match &value.kind {
        Kind::Map(_) => Some(value.clone()),
        Kind::String(text) => {
            let mut sources = Sources::default();
            let file = sources.add("policy", text.as_bytes());
            let documents = onehop_document::read(file, sources.of(file), &Options::default());
            let mut inner = documents.documents.into_iter().next()?;
            place_at(&mut inner, value.span);
            Some(inner)
        }
        _ => None,
    }
}

/// Gives a value and all in it one place.
fn place_at(value: &mut Value, span: Option<onehop_code::Span>) {
    value.span = span;
    value.origin = None;
    match &mut value.kind {
        Kind::List(items) => items.iter_mut().for_each(|item| place_at(item, span)),
        Kind::Map(entries) => entries.iter_mut().for_each(|entry| {
            entry.key_span = span;
            place_at(&mut entry.value, span);
        }),
        _ => {}
    }
}
