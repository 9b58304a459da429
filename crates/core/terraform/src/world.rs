//! One evaluation: a root, its modules as often as they are called, and what was already found out.
//!
//! Everything is looked up when it is first needed and kept. What is needed for itself is a cycle and is unknown.
//!
//! # Failure
//! Total. Depth, work and instances are bounded; beyond them values are unknown for [`Why::Bound`], and a trouble says so once.

mod calls;
mod env;
mod expand;
mod names;
mod output;
mod policy;
mod provider;
mod resource;
mod variables;

use crate::code::Code;
use crate::decl::{Merged, Module};
use crate::files::Files;
use crate::value::{Data, Fields, Val};
use crate::{Given, Loaded};
pub(crate) use env::{Bound, Env, Key};
use expand::Expansion;
use onehop_code::{Sources, Span, Trouble, TroubleKind, Why};
use std::collections::{HashMap, HashSet};
use std::rc::Rc;
use std::sync::Arc;

/// Modules inside of modules.
pub(crate) const DEEPEST_MODULE: usize = 24;
/// Expressions inside of expressions, through locals, variables and outputs.
const DEEPEST: usize = 250;
/// Steps of one evaluation: about a second.
const MOST_WORK: u64 = 5_000_000;
/// Instances of modules.
const MOST_MODULES: usize = 10_000;
/// Instances of one resource or one call.
pub(crate) const MOST_INSTANCES: usize = 10_000;
/// Items of one list or map.
pub(crate) const MOST_ITEMS: usize = 100_000;
/// Bytes of one text.
pub(crate) const LONGEST_TEXT: usize = 1024 * 1024;

/// An evaluation.
pub(crate) struct World<'t> {
    pub(crate) code: &'t Code,
    pub(crate) files: &'t dyn Files,
    pub(crate) sources: &'t Sources,
    given: &'t Given,
    wanted: &'t dyn Fn(&str) -> bool,
    pub(crate) root: &'t str,
    packer: bool,
    modules: Vec<ModuleInstance<'t>>,
    memo: HashMap<Thing, Option<Val>>,
    called: HashMap<(usize, Arc<str>), Option<usize>>,
    expansions: HashMap<(usize, Expanded), Option<Rc<Expansion>>>,
    regions: HashMap<(usize, usize), Option<String>>,
    values: HashMap<Arc<str>, variables::Given>,
    locked: HashMap<String, String>,
    troubles: Vec<Trouble>,
    reported: HashSet<(TroubleKind, Option<Span>, String)>,
    depth: usize,
    work: u64,
}

/// A module as it is called.
struct ModuleInstance<'t> {
    decl: &'t Module,
    parent: Option<Parent>,
    /// `module.web["a"].`; nothing for the root.
    prefix: String,
    /// `web.sub`, as the manifest of modules has it.
    key: String,
    depth: usize,
    calls: Vec<Span>,
}

/// Who calls a module.
#[derive(Clone)]
struct Parent {
    module: usize,
    call: Arc<str>,
    key: Key,
}

/// What is found out once.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Thing {
    Variable(usize, Arc<str>),
    Local(usize, Arc<str>),
    Output(usize, Arc<str>),
    Attribute(crate::value::InstanceId, Arc<str>),
    /// All instances of a resource as one value, and of a call.
    Instances(usize, usize),
    Calls(usize, Arc<str>),
}

/// What there may be several of.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Expanded {
    Resource(usize),
    Call(Arc<str>),
}

impl<'t> World<'t> {
    pub(crate) fn new(
        code: &'t Code,
        root: &'t Module,
        packer: bool,
        files: &'t dyn Files,
        sources: &'t Sources,
        given: &'t Given,
        wanted: &'t dyn Fn(&str) -> bool,
    ) -> World<'t> {
        let first = ModuleInstance {
            decl: root,
            parent: None,
            prefix: String::new(),
            key: String::new(),
            depth: 0,
            calls: Vec::new(),
        };
        World {
            code,
            files,
            sources,
            given,
            wanted,
            root: &root.dir,
            packer,
            modules: vec![first],
            memo: HashMap::new(),
            called: HashMap::new(),
            expansions: HashMap::new(),
            regions: HashMap::new(),
            values: HashMap::new(),
            locked: HashMap::new(),
            troubles: Vec::new(),
            reported: HashSet::new(),
            depth: 0,
            work: 0,
        }
    }

    /// Everything that is wanted.
    pub(crate) fn run(mut self) -> Loaded {
        self.read_values();
        self.read_lock();
        let mut resources = Vec::new();
        self.module_output(0, &mut resources);
        Loaded { resources, troubles: self.troubles }
    }

    /// Tells of a trouble, once.
    pub(crate) fn trouble(&mut self, kind: TroubleKind, message: String, span: Option<Span>) {
        let path = span.map_or_else(|| self.root.to_owned(), |span| self.sources.of(span.file).path.clone());
        self.told(Trouble { kind, message, span, path });
    }

    fn told(&mut self, trouble: Trouble) {
        let text = if trouble.span.is_some() { String::new() } else { trouble.message.clone() };
        if self.reported.insert((trouble.kind, trouble.span, text)) {
            self.troubles.push(trouble);
        }
    }

    /// Counts work. False if it is too much.
    pub(crate) fn spend(&mut self, steps: usize) -> bool {
        let before = self.work;
        self.work = self.work.saturating_add(steps as u64);
        if before <= MOST_WORK && self.work > MOST_WORK {
            let message =
                "evaluating this directory takes more steps than are taken; what is left is unknown";
            self.trouble(TroubleKind::Bound, message.to_owned(), None);
        }
        self.work <= MOST_WORK
    }

    /// Goes one level deeper, for as long as `inner` takes.
    pub(crate) fn deeper(&mut self, inner: impl FnOnce(&mut Self) -> Val) -> Val {
        if self.depth >= DEEPEST {
            return Val::bound("a deeper expression");
        }
        if !self.spend(1) {
            return Val::bound("the rest of the evaluation");
        }
        self.depth += 1;
        let found = inner(self);
        self.depth -= 1;
        found
    }

    /// Finds something out once. What leads back to itself is unknown.
    fn once(
        &mut self,
        thing: Thing,
        name: impl FnOnce() -> String,
        find: impl FnOnce(&mut Self) -> Val,
    ) -> Val {
        match self.memo.get(&thing) {
            Some(Some(found)) => return found.clone(),
            Some(None) => return Val::unknown(Why::Cycle, name()),
            None => {}
        }
        self.memo.insert(thing.clone(), None);
        let deep = self.depth;
        let found = find(self);
        debug_assert_eq!(deep, self.depth);
        self.memo.insert(thing, Some(found.clone()));
        found
    }

    fn module(&self, module: usize) -> &'t Module {
        self.modules[module].decl
    }

    /// Blocks of one declaration; nothing, and a trouble, if they cannot be read.
    fn merged(&mut self, module: usize, at: &[crate::decl::At]) -> Option<Merged<'t>> {
        match self.module(module).merged(at, self.sources) {
            Ok(merged) => Some(merged),
            Err(trouble) => {
                self.told(trouble.clone());
                None
            }
        }
    }

    /// Tells that there are more instances than are looked at.
    fn bound_instances(&mut self, span: Option<Span>) {
        let message = format!("more than {MOST_INSTANCES} instances; the others are not looked at");
        self.trouble(TroubleKind::Bound, message, span);
    }
}

/// One value of all instances: itself, a list or a map.
fn shaped(expansion: &Expansion, of: impl Fn(usize) -> Val) -> Val {
    match expansion {
        Expansion::One => of(0),
        Expansion::Count(count) => Val::list((0..*count).map(of).collect()),
        Expansion::Each(keys) => {
            let fields: Fields =
                keys.iter().enumerate().map(|(at, (key, _))| (key.clone(), of(at))).collect();
            Val::map(fields)
        }
        Expansion::Unsure { reason, .. } => Val::new(Data::Unknown(reason.clone())),
    }
}
