//! Resources: what their blocks say, as values for others and as a body to look at.
//!
//! | an attribute that is asked for | is |
//! |---|---|
//! | written, and not null | what is written |
//! | the name of nested blocks | a list of objects |
//! | anything else of a resource | a reference to what it has once it exists |
//! | anything else of a data source | the same if its kind is looked at, else unknown |

use super::{Bound, Env, Expanded, Key, Thing, World};
use crate::decl::{Merged, made};
use crate::syntax::{Block, Body};
use crate::value::{Data, Fields, InstanceId, Val};
use onehop_code::{Entry, Kind, Reference, Span, Unknown, Value, Why};
use std::rc::Rc;
use std::sync::Arc;

/// Values that one body may hold.
const LARGEST_BODY: usize = 100_000;
/// Blocks that a dynamic one may make.
const MOST_BLOCKS: usize = 1_000;
/// What steers making a resource and is no property of it.
const META: [&str; 5] = ["count", "for_each", "provider", "depends_on", "providers"];
/// Attributes that hold names of attributes, not values.
const NAMES: [&str; 2] = ["ignore_changes", "replace_triggered_by"];

impl<'t> World<'t> {
    /// The address of an instance, the same as that of the resource that is put out.
    pub(super) fn address(&mut self, id: InstanceId) -> String {
        let resource = &self.module(id.module).resources[id.resource];
        let expansion = self.expansion(id.module, Expanded::Resource(id.resource), &resource.address);
        format!("{}{}{}", self.modules[id.module].prefix, resource.address, expansion.suffix(id.at))
    }

    pub(super) fn instance_key(&mut self, id: InstanceId) -> Key {
        let address = self.module(id.module).resources[id.resource].address.clone();
        self.expansion(id.module, Expanded::Resource(id.resource), &address).key(id.at)
    }

    /// An attribute of an instance.
    pub(crate) fn attribute(&mut self, id: InstanceId, name: &Arc<str>) -> Val {
        let decl = self.module(id.module);
        let about = || format!("{}.{name}", decl.resources[id.resource].address);
        self.once(Thing::Attribute(id, name.clone()), about, |world| world.find_attribute(id, name))
    }

    fn find_attribute(&mut self, id: InstanceId, name: &Arc<str>) -> Val {
        let resource = &self.module(id.module).resources[id.resource];
        let Some(merged) = self.merged(id.module, &resource.at) else {
            return Val::unknown(Why::Unparsed, format!("{}.{name}", resource.address));
        };
        let key = self.instance_key(id);
        let env = Env { module: id.module, key: &key, names: None };
        if let Some(attr) = merged.attr(name) {
            let value = self.eval(env, &attr.value);
            if !value.is_null() {
                return value;
            }
        }
        let blocks: Vec<&Block> =
            merged.blocks().into_iter().filter(|block| made(block) == &**name).collect();
        if !blocks.is_empty() {
            let blocks = self.blocks(env, &blocks);
            return Val::list(blocks.iter().map(val_of).collect());
        }
        self.computed(id, name)
    }

    /// What only the provider can say.
    fn computed(&mut self, id: InstanceId, name: &Arc<str>) -> Val {
        let resource = &self.module(id.module).resources[id.resource];
        if &*resource.kind == "data.aws_iam_policy_document" && matches!(&**name, "json" | "minified_json") {
            return self.policy_document(id).unwrap_or_else(|unknown| unknown);
        }
        if !resource.is_data || (self.wanted)(&resource.kind) {
            let reference = Reference { address: self.address(id), attribute: name.to_string() };
            return Val::new(Data::Reference(Rc::new(reference)));
        }
        match &*resource.kind {
            "data.aws_region" if matches!(&**name, "name" | "id" | "region") => {
                if let Some(region) = self.provider(id).region {
                    return Val::text(region);
                }
            }
            "data.aws_ssm_parameter" | "data.aws_secretsmanager_secret_version" => {
                return Val::unknown(Why::Parameter, format!("{}.{name}", resource.address));
            }
            _ => {}
        }
        Val::unknown(Why::Lookup, format!("{}.{name}", resource.address))
    }

    /// All that an instance says.
    pub(super) fn body(&mut self, env: Env<'_>, merged: &Merged<'t>, span: Option<Span>) -> Value {
        let mut budget = LARGEST_BODY;
        let mut entries = Vec::new();
        for attr in merged.attrs() {
            if META.contains(&&*attr.name) {
                continue;
            }
            let value = self.eval(env, &attr.value);
            let entry = self.entry(&attr.name, attr.name_span, &value, attr.value.span, &mut budget);
            entries.push(entry);
        }
        let blocks: Vec<&Block> =
            merged.blocks().into_iter().filter(|block| &*block.kind != "connection").collect();
        self.nested(env, &blocks, &mut entries, &mut budget);
        Value { span, ..Value::bare(Kind::Map(entries)) }
    }

    fn entry(&mut self, name: &str, name_span: Span, value: &Val, span: Span, budget: &mut usize) -> Entry {
        let before = *budget;
        let mut exported = value.export(budget);
        self.spend(before - *budget);
        let origin = exported.span.filter(|origin| *origin != span);
        exported.span = Some(span);
        exported.origin = origin;
        Entry { key: name.to_owned(), key_span: Some(name_span), value: exported }
    }

    /// Nested blocks by kind, each kind as a list.
    fn nested(&mut self, env: Env<'_>, blocks: &[&Block], entries: &mut Vec<Entry>, budget: &mut usize) {
        let mut kinds: Vec<&str> = Vec::new();
        for block in blocks {
            if !kinds.contains(&made(block)) {
                kinds.push(made(block));
            }
        }
        for kind in kinds {
            let of_kind: Vec<&Block> = blocks.iter().copied().filter(|block| made(block) == kind).collect();
            let items = self.blocks(env, &of_kind);
            *budget = budget.saturating_sub(items.len());
            // A dynamic block over nothing makes nothing.
            if let (Some(first), false) = (of_kind.first(), items.is_empty()) {
                let span = of_kind.last().map_or(first.span, |last| first.span.to(last.span));
                let value = Value::at(Kind::List(items), span);
                entries.push(Entry { key: kind.to_owned(), key_span: Some(first.head), value });
            }
        }
    }

    /// Blocks of one kind as objects. A dynamic one is as many as it makes.
    fn blocks(&mut self, env: Env<'_>, blocks: &[&Block]) -> Vec<Value> {
        let mut made = Vec::new();
        for block in blocks {
            if &*block.kind == "dynamic" {
                self.dynamic(env, block, &mut made);
            } else {
                made.push(self.block(env, &block.body, block.span));
            }
        }
        made
    }

    fn block(&mut self, env: Env<'_>, body: &Body, span: Span) -> Value {
        if !self.spend(1) {
            return bound_block(span);
        }
        let mut budget = LARGEST_BODY;
        let mut entries = Vec::new();
        for attr in &body.attrs {
            if NAMES.contains(&&*attr.name) {
                entries.push(names_entry(attr));
                continue;
            }
            let value = self.eval(env, &attr.value);
            let entry = self.entry(&attr.name, attr.name_span, &value, attr.value.span, &mut budget);
            entries.push(entry);
        }
        let blocks: Vec<&Block> = body.blocks.iter().collect();
        self.nested(env, &blocks, &mut entries, &mut budget);
        Value::at(Kind::Map(entries), span)
    }

    /// A dynamic block: its content, once for each item.
    fn dynamic(&mut self, env: Env<'_>, block: &Block, made: &mut Vec<Value>) {
        let Some(each) = block.body.attr("for_each") else { return };
        let over = self.eval(env, &each.value);
        let items: Vec<(Val, Val)> = match &over.data {
            Data::Null => Vec::new(),
            Data::List(items) => {
                items.iter().enumerate().map(|(at, item)| (Val::count(at), item.clone())).collect()
            }
            Data::Map(fields) => {
                fields.iter().map(|(key, value)| (Val::text(key.clone()), value.clone())).collect()
            }
            _ => {
                let mut value = over.as_unknown().export(&mut 1);
                value.span = Some(block.span);
                made.push(value);
                return;
            }
        };
        let iterator = block.body.attr("iterator").and_then(|attr| attr.value.dotted());
        let iterator = iterator.as_deref().or(block.labels.first().map(|label| &**label)).unwrap_or("");
        let content = block.body.blocks.iter().find(|inner| &*inner.kind == "content");
        for (key, value) in items.into_iter().take(MOST_BLOCKS) {
            let fields: Fields = [(Arc::from("key"), key), (Arc::from("value"), value)].into();
            let bound = Bound::One { name: iterator, value: Val::map(fields), outer: env.names };
            match content {
                Some(content) => made.push(self.block(env.with(&bound), &content.body, block.span)),
                None => made.push(Value::at(Kind::Map(Vec::new()), block.span)),
            }
        }
    }
}

fn bound_block(span: Span) -> Value {
    Value::at(Kind::Unknown(Unknown { why: Why::Bound, about: "the rest of the evaluation".into() }), span)
}

/// Names of attributes as texts: they are written without quotes and are no values.
fn names_entry(attr: &crate::syntax::Attr) -> Entry {
    let name = |expr: &crate::syntax::Expr| {
        let text = expr.dotted().unwrap_or_default();
        Value::at(Kind::String(text), expr.span)
    };
    let kind = match &attr.value.node {
        crate::syntax::Node::List(items) => Kind::List(items.iter().map(name).collect()),
        _ => name(&attr.value).kind,
    };
    let value = Value::at(kind, attr.value.span);
    Entry { key: attr.name.to_string(), key_span: Some(attr.name_span), value }
}

/// What was made for a body as a value to calculate with.
fn val_of(value: &Value) -> Val {
    let data = match &value.kind {
        Kind::Null => Data::Null,
        Kind::Bool(value) => Data::Bool(*value),
        Kind::Number(value) => Data::Number(*value),
        Kind::String(text) => Data::Text(text.as_str().into()),
        Kind::List(items) => Data::List(Rc::new(items.iter().map(val_of).collect())),
        Kind::Map(entries) => {
            let fields: Fields =
                entries.iter().map(|entry| (entry.key.as_str().into(), val_of(&entry.value))).collect();
            Data::Map(Rc::new(fields))
        }
        Kind::Reference(reference) => Data::Reference(Rc::new(reference.clone())),
        Kind::Unknown(unknown) => {
            return Val { from: value.span, ..Val::unknown(unknown.why, unknown.about.clone()) };
        }
    };
    Val { data, from: value.origin.or(value.span) }
}
