//! All files of a run: read once, shared by all roots.

use crate::decl::{At, Module};
use crate::file::{self, File};
use crate::files::{self, Files};
use crate::world::World;
use crate::{Given, Loaded};
use onehop_code::{Sources, Trouble, TroubleKind};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

/// Directories that one root may reach through its modules.
const MOST_MODULES: usize = 10_000;
/// The list of modules that `terraform init` writes.
const MANIFEST: &str = ".terraform/modules/modules.json";
/// The versions of providers that `terraform init` writes.
const LOCK: &str = ".terraform.lock.hcl";

/// Parsed files by path, and what their directories declare. They may be taken and read in any order.
#[derive(Debug, Default)]
pub struct Code {
    files: HashMap<String, Arc<File>>,
    /// Files of values that were given: they belong to no directory.
    given: HashMap<String, Arc<File>>,
    by_dir: BTreeMap<String, BTreeSet<String>>,
    modules: BTreeMap<String, Module>,
    packer: BTreeMap<String, Module>,
    manifests: HashMap<String, HashMap<String, String>>,
}

impl Code {
    /// Takes a file that the caller has parsed, so that [`Code::read`] does not read it again.
    pub fn insert(&mut self, path: &str, file: File) {
        self.take(files::normal(path), Arc::new(file));
    }

    fn take(&mut self, path: String, file: Arc<File>) {
        let dir = files::parent(&path).to_owned();
        self.by_dir.entry(dir.clone()).or_default().insert(files::name(&path).to_owned());
        self.files.insert(path, file);
        // What was read of the directory says no longer what there is.
        if self.modules.contains_key(&dir) {
            self.declare(&dir);
        }
    }

    /// Reads what is still missing of a directory and of the modules that it calls: configuration, values, the lock file.
    pub fn read(&mut self, dir: &str, files: &dyn Files, sources: &mut Sources) {
        let root = files::normal(dir);
        let mut waiting = vec![(root.clone(), String::new())];
        let mut seen: HashSet<(String, String)> = waiting.iter().cloned().collect();
        while let Some((dir, key)) = waiting.pop() {
            self.directory(&dir, dir == root, files, sources);
            let Some(module) = self.modules.get(&dir) else { continue };
            let below: Vec<(String, String)> = module
                .calls
                .iter()
                .filter_map(|(name, at)| {
                    let key = if key.is_empty() { name.to_string() } else { format!("{key}.{name}") };
                    let source = source_of(module, at, sources)?;
                    Some((self.locate(&root, &key, &dir, &source)?, key))
                })
                .collect();
            for (dir, key) in below {
                // Keys matter only where the manifest is asked, and its directories are its own.
                let key = if self.manifests.contains_key(&root) { key } else { String::new() };
                let shallow = key.bytes().filter(|byte| *byte == b'.').count() < crate::world::DEEPEST_MODULE;
                if shallow && seen.len() < MOST_MODULES && seen.insert((dir.clone(), key.clone())) {
                    waiting.push((dir, key));
                }
            }
        }
    }

    fn directory(&mut self, dir: &str, is_root: bool, files: &dyn Files, sources: &mut Sources) {
        let known = self.modules.contains_key(dir);
        if known && (!is_root || self.manifests.contains_key(dir)) {
            return;
        }
        let entries = files.list(dir);
        if !known {
            for entry in entries.iter().filter(|entry| !entry.is_dir && belongs(&entry.name)) {
                let path = files::join(dir, &entry.name);
                if let Some(file) = self.file(&path, files, sources) {
                    self.take(path, file);
                }
            }
            self.declare(dir);
        }
        if is_root && entries.iter().any(|entry| entry.is_dir && entry.name == ".terraform") {
            let manifest =
                files.read(&files::join(dir, MANIFEST)).map(|bytes| manifest(&bytes)).unwrap_or_default();
            self.manifests.insert(dir.to_owned(), manifest);
        }
    }

    /// One file, read unless it is there.
    fn file(&self, path: &str, files: &dyn Files, sources: &mut Sources) -> Option<Arc<File>> {
        if let Some(file) = self.at(path) {
            return Some(file.clone());
        }
        let bytes = files.read(path)?;
        let id = sources.add(path, &bytes);
        Some(Arc::new(file::parse(path, id, sources)))
    }

    fn declare(&mut self, dir: &str) {
        let empty = BTreeSet::new();
        let names = self.by_dir.get(dir).unwrap_or(&empty);
        let of = |wanted: &dyn Fn(&str) -> bool| -> Vec<(String, Arc<File>)> {
            let names = names.iter().filter(|name| wanted(name) && !replaced(name, names));
            names
                .filter_map(|name| Some((name.clone(), self.files.get(&files::join(dir, name))?.clone())))
                .collect()
        };
        let terraform = Module::of(dir, of(&file::is_terraform));
        let packer = of(&file::is_packer);
        if !packer.is_empty() {
            let module = Module::of(dir, packer);
            self.packer.insert(dir.to_owned(), module);
        }
        self.modules.insert(dir.to_owned(), terraform);
    }

    /// Reads the files of values that are given, so that evaluation finds them.
    pub fn read_values(&mut self, given: &Given, files: &dyn Files, sources: &mut Sources) {
        for path in &given.var_files {
            let path = files::normal(path);
            if let Some(file) = self.file(&path, files, sources) {
                self.given.insert(path, file);
            }
        }
    }

    /// The directory of a call of a module: a local path, or where `terraform init` put it.
    pub(crate) fn locate(&self, root: &str, key: &str, from: &str, source: &str) -> Option<String> {
        if is_local(source) {
            return Some(files::join(from, source));
        }
        let dir = self.manifests.get(root)?.get(key)?;
        Some(files::join(root, dir))
    }

    pub(crate) fn module(&self, dir: &str) -> Option<&Module> {
        self.modules.get(dir).filter(|module| self.by_dir.contains_key(&module.dir))
    }

    pub(crate) fn packer_module(&self, dir: &str) -> Option<&Module> {
        self.packer.get(dir)
    }

    /// Files of a directory by name, in order.
    pub(crate) fn in_dir(&self, dir: &str) -> impl Iterator<Item = (&str, &Arc<File>)> {
        let names = self.by_dir.get(dir).into_iter().flatten();
        names.filter_map(move |name| Some((name.as_str(), self.files.get(&files::join(dir, name))?)))
    }

    pub(crate) fn at(&self, path: &str) -> Option<&Arc<File>> {
        let path = files::normal(path);
        self.files.get(&path).or_else(|| self.given.get(&path))
    }

    /// The file of locked versions of a root.
    pub(crate) fn lock(&self, root: &str) -> Option<&Arc<File>> {
        self.files.get(&files::join(root, LOCK))
    }

    /// Directories with configuration that no other one calls as a module. Of directories that only call each other, the
    /// first one.
    pub fn roots(&self, sources: &Sources) -> Vec<String> {
        let dirs: Vec<&String> = self
            .by_dir
            .iter()
            .filter(|(_, names)| names.iter().any(|name| file::is_terraform(name)))
            .map(|(dir, _)| dir)
            .collect();
        let calls: HashMap<&str, BTreeSet<String>> =
            dirs.iter().map(|dir| (dir.as_str(), self.called(dir, sources))).collect();
        let called: HashSet<&str> = calls
            .iter()
            .flat_map(|(from, to)| to.iter().map(String::as_str).filter(move |to| to != from))
            .collect();
        let mut roots: Vec<String> = Vec::new();
        let mut reached: HashSet<&str> = HashSet::new();
        let free = dirs.iter().filter(|dir| !called.contains(dir.as_str()));
        for dir in free.chain(&dirs) {
            if reached.contains(dir.as_str()) {
                continue;
            }
            roots.push((*dir).clone());
            let mut waiting = vec![dir.as_str()];
            while let Some(next) = waiting.pop() {
                if reached.insert(next) {
                    waiting.extend(calls.get(next).into_iter().flatten().map(String::as_str));
                }
            }
        }
        roots.sort();
        roots
    }

    fn called(&self, dir: &str, sources: &Sources) -> BTreeSet<String> {
        let mut called = BTreeSet::new();
        for (_, file) in self.in_dir(dir).filter(|(name, _)| file::is_terraform(name)) {
            for piece in file.pieces.iter().filter(|piece| &*piece.kind == "module") {
                let Ok(body) = file.body(piece, sources) else { continue };
                let source = body.attr("source").and_then(|attr| attr.value.text());
                called
                    .extend(source.filter(|source| is_local(source)).map(|source| files::join(dir, source)));
            }
        }
        called
    }

    /// Directories with Packer templates.
    pub fn packer_dirs(&self) -> Vec<String> {
        let has = |names: &BTreeSet<String>| names.iter().any(|name| file::is_packer(name));
        self.by_dir.iter().filter(|(_, names)| has(names)).map(|(dir, _)| dir.clone()).collect()
    }

    /// What a root would make, with its modules. A directory that was not [read](Code::read) is a trouble.
    pub fn evaluate(
        &self,
        root: &str,
        files: &dyn Files,
        sources: &Sources,
        given: &Given,
        wanted: &dyn Fn(&str) -> bool,
    ) -> Loaded {
        let root = files::normal(root);
        match self.module(&root) {
            Some(module) => World::new(self, module, false, files, sources, given, wanted).run(),
            None => unread(root),
        }
    }

    /// What the Packer templates of a directory would make: kinds such as `packer.amazon-ebs`.
    pub fn evaluate_packer(
        &self,
        dir: &str,
        files: &dyn Files,
        sources: &Sources,
        given: &Given,
        wanted: &dyn Fn(&str) -> bool,
    ) -> Loaded {
        let dir = files::normal(dir);
        match self.packer_module(&dir) {
            Some(module) => World::new(self, module, true, files, sources, given, wanted).run(),
            None => unread(dir),
        }
    }

    /// What cannot be parsed, of all blocks of all files: evaluation tells only of what it needs.
    pub fn check(&self, sources: &Sources) -> Vec<Trouble> {
        let all: BTreeMap<&String, &Arc<File>> = self.given.iter().chain(&self.files).collect();
        let mut troubles = Vec::new();
        for file in all.into_values() {
            troubles.extend(file.troubles.iter().cloned());
            troubles.extend(file.pieces.iter().filter_map(|piece| file.body(piece, sources).err().cloned()));
        }
        troubles
    }
}

/// What is told instead of nothing where nothing was read.
fn unread(path: String) -> Loaded {
    let message = "there is no code, or it was not read".to_owned();
    let trouble = Trouble { kind: TroubleKind::Missing, message, span: None, path };
    Loaded { resources: Vec::new(), troubles: vec![trouble] }
}

/// Where a call of a module says that its code is.
pub(crate) fn source_of(module: &Module, at: &[At], sources: &Sources) -> Option<String> {
    let merged = module.merged(at, sources).ok()?;
    merged.attr("source")?.value.text().map(str::to_owned)
}

pub(crate) fn is_local(source: &str) -> bool {
    source.starts_with("./")
        || source.starts_with("../")
        || matches!(source, "." | "..")
        || source.starts_with('/')
}

fn belongs(name: &str) -> bool {
    file::is_terraform(name) || file::is_packer(name) || file::is_auto_values(name) || name == LOCK
}

/// Whether `OpenTofu`'s file of the same name stands beside it and is read instead.
fn replaced(name: &str, names: &BTreeSet<String>) -> bool {
    let other = name
        .strip_suffix(".tf")
        .map(|stem| format!("{stem}.tofu"))
        .or_else(|| name.strip_suffix(".tf.json").map(|stem| format!("{stem}.tofu.json")));
    other.is_some_and(|other| names.contains(&other))
}

#[derive(serde::Deserialize)]
struct Manifest {
    #[serde(rename = "Modules", default)]
    modules: Vec<ManifestEntry>,
}

#[derive(serde::Deserialize)]
struct ManifestEntry {
    #[serde(rename = "Key")]
    key: String,
    #[serde(rename = "Dir")]
    dir: String,
}

fn manifest(bytes: &[u8]) -> HashMap<String, String> {
    let read: Option<Manifest> = serde_json::from_slice(bytes).ok();
    let modules = read.map(|manifest| manifest.modules).unwrap_or_default();
    modules.into_iter().take(MOST_MODULES).map(|entry| (entry.key, entry.dir)).collect()
}
