//! A template as resources, with what is shared by it and its nested templates.

use crate::settings::{Settings, Templates};
use crate::stack::Stack;
use onehop_code::{Presence, Resource, Span, Trouble, TroubleKind, Value};

/// What a template would make.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outcome {
    /// Its resources, and those of nested templates, as `Stack/Logical`.
    pub resources: Vec<Resource>,
    /// Better names: address and path of the construct in the CDK application (`aws:cdk:path`).
    pub names: Vec<(String, String)>,
    /// What could not be read.
    pub troubles: Vec<Trouble>,
}

/// Reads a template. `path` becomes the scope of its resources, and paths of nested templates are relative to it.
pub fn read(path: &str, template: &Value, settings: &Settings, files: &mut dyn Templates) -> Outcome {
    let mut run = Run {
        settings,
        files,
        scope: path.to_owned(),
        out: Outcome::default(),
        paths: vec![path.to_owned()],
        stacks: 0,
        depth: 0,
        steps: STEPS_MAX,
        presence: Presence::Sure,
    };
    let given = settings.parameters.iter().cloned().collect();
    Stack::new(template, String::new(), &given, &mut run).read();
    run.out
}

/// Values that are evaluated in a run, those of nested templates included; 64 bytes of text count as one.
const STEPS_MAX: usize = 8_000_000;

/// Evaluations in one another. Documents are not deeper than about 100, and conditions name other conditions.
const DEPTH_MAX: usize = 250;

/// Templates in one another.
const NESTED_MAX: usize = 8;

/// Nested templates in a run.
const STACKS_MAX: usize = 200;

/// Troubles that are kept.
const TROUBLES_MAX: usize = 1_000;

/// What is shared by a template and its nested ones.
pub(crate) struct Run<'r> {
    pub(crate) settings: &'r Settings,
    pub(crate) files: &'r mut dyn Templates,
    pub(crate) scope: String,
    pub(crate) out: Outcome,
    /// The templates that are being read, the root first.
    pub(crate) paths: Vec<String>,
    stacks: usize,
    depth: usize,
    steps: usize,
    /// Whether the stack that is being read is made.
    pub(crate) presence: Presence,
}

impl Run<'_> {
    /// The file that is being read.
    pub(crate) fn path(&self) -> &str {
        self.paths.last().map_or("", String::as_str)
    }

    /// Begins an evaluation; false if it would be too deep or too much.
    pub(crate) fn enter(&mut self) -> bool {
        if self.depth >= DEPTH_MAX || !self.pay(1) {
            return false;
        }
        self.depth += 1;
        true
    }

    /// Ends it.
    pub(crate) const fn leave(&mut self) {
        self.depth -= 1;
    }

    /// Takes from what may be evaluated; false if nothing is left.
    pub(crate) fn pay(&mut self, steps: usize) -> bool {
        self.steps = self.steps.saturating_sub(steps);
        if self.steps == 0 && !self.out.troubles.iter().any(|it| it.kind == TroubleKind::Bound) {
            self.trouble(TroubleKind::Bound, "more to evaluate than is looked at".to_owned(), None);
        }
        self.steps > 0
    }

    /// Begins a nested template; false with a trouble if it cannot be read.
    pub(crate) fn nest(&mut self, path: &str, at: Option<Span>) -> bool {
        if self.paths.iter().any(|it| it == path) {
            self.trouble(TroubleKind::Cycle, format!("nested template `{path}` leads back to itself"), at);
            return false;
        }
        if self.paths.len() > NESTED_MAX || self.stacks >= STACKS_MAX {
            self.trouble(TroubleKind::Bound, format!("nested template `{path}` is one too many"), at);
            return false;
        }
        self.stacks += 1;
        self.paths.push(path.to_owned());
        true
    }

    pub(crate) fn trouble(&mut self, kind: TroubleKind, message: String, span: Option<Span>) {
        if self.out.troubles.len() < TROUBLES_MAX {
            let path = self.path().to_owned();
            self.out.troubles.push(Trouble { kind, message, span, path });
        }
    }
}
