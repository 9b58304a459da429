//! Plays, blocks and tasks.

use super::Variables;
use super::jinja::Scope;
use super::modules::canonical;
use super::roles;
use crate::{resource, text};
use onehop_code::{Entry, Kind, Language, Presence, Resource, Unknown, Value, Why};
use std::collections::{HashMap, HashSet};

/// Where a play has tasks.
pub(super) const LISTS: [&str; 5] = ["pre_tasks", "tasks", "post_tasks", "handlers", "roles"];

/// Where a block has tasks.
pub(super) const BLOCKS: [&str; 3] = ["block", "rescue", "always"];

/// The module of a task: its name today, and the entry that calls it.
pub(super) fn module(task: &Value) -> Option<(&'static str, &Entry)> {
    task.entries().iter().find_map(|it| {
        let name = match it.key.as_str() {
            "action" | "local_action" => called(&it.value)?,
            name => name,
        };
        canonical(name).map(|name| (name, it))
    })
}

/// The module that `action: name a=b` or `action: {module: name}` calls.
fn called(value: &Value) -> Option<&str> {
    value.as_str().and_then(|it| it.split_ascii_whitespace().next()).or_else(|| text(value, &["module"]))
}

/// What is around a task.
#[derive(Clone, Default)]
struct Around<'v> {
    scope: Scope<'v>,
    defaults: Vec<&'v Value>,
    when: Vec<&'v Value>,
}

/// A walk over a file.
pub(super) struct Walk<'p> {
    path: &'p str,
    variables: &'p Variables,
    names: HashSet<String>,
    out: Vec<Resource>,
}

impl<'p> Walk<'p> {
    pub(super) fn new(path: &'p str, variables: &'p Variables) -> Walk<'p> {
        Walk { path, variables, names: HashSet::new(), out: Vec::new() }
    }

    pub(super) fn document<'v>(mut self, document: &'v Value) -> Vec<Resource>
    where
        'p: 'v,
    {
        let mut around = Around::default();
        for vars in &self.variables.outer {
            around.scope.enter(Some(vars));
        }
        around.scope.enter(None);
        for (at, item) in document.items().iter().enumerate() {
            if item.get("hosts").is_some() {
                let mut inner = around.clone();
                for vars in item
                    .get("hosts")
                    .and_then(Value::as_str)
                    .and_then(|it| self.variables.hosts.get(it))
                    .into_iter()
                    .flatten()
                {
                    inner.scope.enter(Some(vars));
                }
                inner.enter(item);
                for file in roles::files(item) {
                    inner.scope.enter(self.variables.files.get(&file));
                }
                for list in LISTS {
                    self.tasks(item.get(list), &format!("play[{at}].{list}"), &mut inner);
                }
            } else {
                self.task(item, &format!("task[{at}]"), &mut around);
            }
        }
        self.out
    }

    fn tasks<'v>(&mut self, tasks: Option<&'v Value>, place: &str, around: &mut Around<'v>) {
        for (at, task) in tasks.map(Value::items).unwrap_or_default().iter().enumerate() {
            self.task(task, &format!("{place}[{at}]"), around);
        }
    }

    fn task<'v>(&mut self, task: &'v Value, place: &str, around: &mut Around<'v>) {
        if let Some(facts) = task.get("set_fact").or_else(|| task.get("ansible.builtin.set_fact")) {
            around.scope.set(Some(facts));
        }
        if BLOCKS.iter().any(|it| task.get(it).is_some()) {
            let mut inner = around.clone();
            inner.enter(task);
            for list in BLOCKS {
                self.tasks(task.get(list), &format!("{place}.{list}"), &mut inner);
            }
            return;
        }
        let Some((kind, call)) = module(task) else { return };
        let address = self.address(task, place);
        let mut inner = around.clone();
        inner.enter(task);
        let body = inner.body(kind, task, call);
        let presence = inner.presence();
        drop(inner);
        if let Some(name) = task.get("register").and_then(Value::as_str) {
            around.scope.register(name, &address);
        }
        if matches!(text(&body, &["state"]), Some("absent" | "terminated")) {
            return;
        }
        let mut resource = resource(Language::Ansible, kind, address, self.path, body);
        resource.span = call.key_span;
        resource.block = call.value.span;
        resource.provider.region = ["region", "aws_region", "ec2_region"]
            .iter()
            .find_map(|it| text(&resource.body, &[it]))
            .map(str::to_owned);
        if let Some(presence) = presence {
            resource.presence = presence;
            self.out.push(resource);
        }
    }

    /// The name of a task if it is the only one of that name, else its place.
    fn address(&mut self, task: &Value, place: &str) -> String {
        match text(task, &["name"]) {
            Some(name) if self.names.insert(name.to_owned()) => name.to_owned(),
            _ => place.to_owned(),
        }
    }
}

impl<'v> Around<'v> {
    /// Goes into a play, block or task.
    fn enter(&mut self, item: &'v Value) {
        self.scope.enter(item.get("vars"));
        self.defaults.extend(item.get("module_defaults"));
        self.when.extend(item.get("when"));
    }

    /// The arguments of a task over the defaults around it.
    fn body(&self, kind: &str, task: &Value, call: &Entry) -> Value {
        let mut arguments = Arguments::default();
        for defaults in &self.defaults {
            let of_kind = |it: &&Entry| {
                canonical(&it.key) == Some(kind) || it.key == "group/aws" || it.key == "group/amazon.aws.aws"
            };
            for group in defaults.entries().iter().filter(of_kind) {
                arguments.put(group.value.entries().iter().cloned());
            }
        }
        arguments.put(task.get("args").map(Value::entries).unwrap_or_default().iter().cloned());
        match &call.value.kind {
            Kind::String(text) => arguments.put(words(text, &call.value)),
            _ => arguments.put(call.value.entries().iter().filter(|it| it.key != "module").cloned()),
        }
        let map = Value { kind: Kind::Map(arguments.entries), span: call.value.span, origin: None };
        self.scope.filled(&map)
    }

    /// Whether a task is carried out; none if it is not.
    fn presence(&self) -> Option<Presence> {
        let mut presence = Presence::Sure;
        for when in &self.when {
            let about = match &when.kind {
                Kind::Bool(true) => continue,
                Kind::Bool(false) => return None,
                Kind::String(text) => text.chars().take(80).collect(),
                _ => "…".to_owned(),
            };
            let about = format!("`when: {about}`");
            presence = Presence::Unknown(Unknown { why: Why::Construct, about: about.into() });
        }
        Some(presence)
    }
}

/// Arguments by name.
#[derive(Default)]
struct Arguments {
    entries: Vec<Entry>,
    places: HashMap<String, usize>,
}

impl Arguments {
    /// Adds entries; those of names that are there take their place.
    fn put(&mut self, new: impl Iterator<Item = Entry>) {
        for entry in new {
            if let Some(place) = self.places.get(&entry.key) {
                self.entries[*place] = entry;
            } else {
                self.places.insert(entry.key.clone(), self.entries.len());
                self.entries.push(entry);
            }
        }
    }
}

/// Arguments in one line: `a=b c="d e"`.
fn words<'w>(text: &'w str, at: &'w Value) -> impl Iterator<Item = Entry> + 'w {
    let mut quote = None;
    let ends = move |it: char| match quote {
        Some(open) => {
            quote = quote.filter(|_| it != open);
            false
        }
        None if it == '"' || it == '\'' => {
            quote = Some(it);
            false
        }
        None => it.is_whitespace(),
    };
    text.split(ends).filter_map(|it| it.split_once('=')).map(|(key, value)| Entry {
        key: key.to_owned(),
        key_span: at.span,
        value: Value {
            kind: Kind::String(value.trim_matches(['"', '\'']).to_owned()),
            span: at.span,
            origin: None,
        },
    })
}
