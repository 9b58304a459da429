//! One template: its resources, its outputs, its nested stacks.

use crate::conditions::Truth;
use crate::paths::beside;
use crate::read::Run;
use crate::{loops, parameters};
use onehop_code::{Entry, Kind, Language, Presence, Provider, Resource, TroubleKind, Unknown, Value, Why};
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

/// The outputs of a nested stack; none if it could not be read.
type Outputs = Option<Rc<HashMap<String, Value>>>;

/// A template that is being read.
pub(crate) struct Stack<'t, 'r, 'f> {
    pub(crate) template: &'t Value,
    /// What stands before the address of each resource: `Stack/`.
    pub(crate) prefix: String,
    pub(crate) parameters: HashMap<String, Value>,
    /// Conditions that were evaluated; none while one is being evaluated.
    pub(crate) conditions: HashMap<String, Option<Truth>>,
    /// Each condition as it is declared.
    pub(crate) declared: HashMap<&'t str, &'t Value>,
    /// Each resource by its logical id.
    pub(crate) resources: HashMap<&'t str, &'t Entry>,
    nested: HashMap<String, Outputs>,
    /// Whether what cannot be known stays in texts as `${…}`.
    pub(crate) lenient: bool,
    pub(crate) run: &'r mut Run<'f>,
}

impl<'t, 'r, 'f> Stack<'t, 'r, 'f> {
    pub(crate) fn new(
        template: &'t Value,
        prefix: String,
        given: &HashMap<String, Value>,
        run: &'r mut Run<'f>,
    ) -> Stack<'t, 'r, 'f> {
        let conditions = template.get("Conditions").map(Value::entries).unwrap_or_default();
        let entries = template.get("Resources").map(Value::entries).unwrap_or_default();
        Stack {
            template,
            prefix,
            parameters: parameters::resolve(template, given),
            conditions: HashMap::new(),
            declared: conditions.iter().map(|it| (it.key.as_str(), &it.value)).collect(),
            resources: entries.iter().map(|it| (it.key.as_str(), it)).collect(),
            nested: HashMap::new(),
            lenient: false,
            run,
        }
    }

    /// Reads all resources.
    pub(crate) fn read(&mut self) {
        let Some(resources) = self.template.get("Resources") else { return };
        if let Some(transform) = self.template.entry("Fn::Transform") {
            let message = "the template includes another one; what that makes is not seen".to_owned();
            self.run.trouble(TroubleKind::Missing, message, transform.key_span);
        }
        let mut seen = HashSet::new();
        let mut last: Vec<&Entry> =
            resources.entries().iter().rev().filter(|it| seen.insert(&it.key)).collect();
        last.reverse();
        for entry in last {
            self.declaration(entry, &Presence::Sure);
        }
    }

    /// A resource, or a loop or inclusion that makes some.
    fn declaration(&mut self, entry: &Entry, presence: &Presence) {
        if entry.key.starts_with(loops::PREFIX) {
            if !self.run.enter() {
                return;
            }
            match self.expand(entry) {
                Ok(entries) => {
                    for it in &entries {
                        self.declaration(it, presence);
                    }
                }
                Err((entries, unknown)) => {
                    let presence = Presence::Unknown(unknown);
                    for it in &entries {
                        self.declaration(it, &presence);
                    }
                }
            }
            self.run.leave();
        } else if entry.key == "Fn::Transform" {
            let message = "resources are included from elsewhere; they are not seen".to_owned();
            self.run.trouble(TroubleKind::Missing, message, entry.key_span);
        } else {
            self.resource(entry, presence);
        }
    }

    fn resource(&mut self, entry: &Entry, presence: &Presence) {
        let Some(kind) = entry.value.get("Type").and_then(Value::as_str) else {
            let (kind, what) = match entry.value.get("Type").map(|it| &it.kind) {
                Some(Kind::Map(_)) => (TroubleKind::Missing, "is made by a macro or module; it is not seen"),
                _ => (TroubleKind::Syntax, "has no type"),
            };
            self.run.trouble(kind, format!("resource `{}` {what}", entry.key), entry.key_span);
            return;
        };
        let Some(presence) = self.presence(&entry.value, presence) else { return };
        let empty = || Value::bare(Kind::Map(Vec::new()));
        let body = entry.value.get("Properties").map_or_else(empty, |it| self.eval(it).unwrap_or_else(empty));
        let address = format!("{}{}", self.prefix, entry.key);
        if let Some(name) = entry.value.path(&["Metadata", "aws:cdk:path"]).and_then(Value::as_str) {
            self.run.out.names.push((address.clone(), name.to_owned()));
        }
        let provider = Provider { region: self.run.settings.region.clone(), ..Provider::default() };
        self.run.out.resources.push(Resource {
            language: Language::CloudFormation,
            kind: kind.to_owned(),
            address,
            scope: self.run.scope.clone(),
            body,
            span: entry.key_span,
            block: entry.value.span,
            provider,
            presence,
            calls: Vec::new(),
        });
        if is_stack(kind) {
            self.outputs(&entry.key);
        }
    }

    /// Whether a resource is made; none if it is not.
    fn presence(&mut self, resource: &Value, around: &Presence) -> Option<Presence> {
        let own = match resource.get("Condition") {
            None => Truth::Yes,
            Some(name) => self.condition_of(name),
        };
        match own {
            Truth::No => None,
            Truth::Unknown(unknown) => Some(Presence::Unknown(unknown)),
            Truth::Yes if *around == Presence::Sure => Some(self.run.presence.clone()),
            Truth::Yes => Some(around.clone()),
        }
    }

    /// The outputs of a nested stack, which is read when it is first asked for.
    pub(crate) fn outputs(&mut self, logical: &str) -> Outputs {
        if let Some(known) = self.nested.get(logical) {
            return known.clone();
        }
        self.nested.insert(logical.to_owned(), None);
        let outputs = self.read_nested(logical);
        self.nested.insert(logical.to_owned(), outputs.clone());
        outputs
    }

    fn read_nested(&mut self, logical: &str) -> Outputs {
        let entry = *self.resources.get(logical)?;
        let presence = self.presence(&entry.value, &Presence::Sure)?;
        let location = self.location(&entry.value)?;
        let path = beside(self.run.path(), &location);
        let parameters = entry.value.path(&["Properties", "Parameters"]).and_then(|it| self.eval(it));
        let given = parameters.map(entries_of).unwrap_or_default();
        let span = entry.key_span;
        if !self.run.nest(&path, span) {
            return None;
        }
        let outputs = if let Some(template) = self.run.files.template(&path) {
            let around = std::mem::replace(&mut self.run.presence, presence);
            let mut stack = Stack::new(&template, format!("{}{logical}/", self.prefix), &given, self.run);
            stack.read();
            let outputs = stack.own_outputs();
            self.run.presence = around;
            Some(Rc::new(outputs))
        } else {
            None
        };
        self.run.paths.pop();
        if outputs.is_none() {
            let message = format!("nested template `{path}` is not on disk; what it makes is not seen");
            self.run.trouble(TroubleKind::Missing, message, span);
        }
        outputs
    }

    /// The file of a nested template, relative to this one; none with a trouble if it is elsewhere.
    fn location(&mut self, resource: &Value) -> Option<String> {
        let asset = resource.path(&["Metadata", "aws:asset:path"]).and_then(Value::as_str);
        if let Some(asset) = asset {
            return Some(asset.to_owned());
        }
        let properties = resource.get("Properties")?;
        let place = properties.get("TemplateURL").or_else(|| properties.get("Location"))?;
        let value = self.eval(place)?;
        match value.as_str() {
            Some(text) if !text.contains("://") => Some(text.to_owned()),
            _ => {
                let message = "the nested template is not in a file; what it makes is not seen".to_owned();
                self.run.trouble(TroubleKind::Missing, message, place.span);
                None
            }
        }
    }

    fn own_outputs(&mut self) -> HashMap<String, Value> {
        let mut outputs = HashMap::new();
        for entry in self.template.get("Outputs").map(Value::entries).unwrap_or_default() {
            let Some(value) = entry.value.get("Value") else { continue };
            let made = entry.value.get("Condition").map_or(Truth::Yes, |name| self.condition_of(name));
            let value = match made {
                Truth::No => continue,
                Truth::Yes => self.eval(value),
                Truth::Unknown(unknown) => {
                    Some(Value { kind: Kind::Unknown(unknown), ..Value::bare(Kind::Null) })
                }
            };
            outputs.extend(value.map(|it| (entry.key.clone(), it)));
        }
        outputs
    }
}

/// Whether resources of a kind are nested templates.
pub(crate) fn is_stack(kind: &str) -> bool {
    matches!(kind, "AWS::CloudFormation::Stack" | "AWS::Serverless::Application")
}

/// What is given to a nested template: simple values and lists of them.
fn entries_of(parameters: Value) -> HashMap<String, Value> {
    let Kind::Map(entries) = parameters.kind else { return HashMap::new() };
    let simple = |mut value: Value| {
        if let Kind::Map(_) = value.kind {
            value.kind = Kind::Unknown(Unknown { why: Why::Construct, about: "a map as a parameter".into() });
        }
        value
    };
    entries.into_iter().map(|it| (it.key, simple(it.value))).collect()
}
