//! Tasks of Ansible with the variables that other files give them.
//!
//! ```text
//! playbook           group_vars/all ─▶ group_vars/HOSTS, host_vars/HOSTS ─▶ vars and vars_files of the play
//! roles/R/tasks/…    defaults of R ─▶ group_vars/all ─▶ of the play that uses R ─▶ vars of R ─▶ what the play gives R
//! ```
//! A role is read once for each use by a playbook beside `roles` or in `playbooks` there, and uses that come to the same count once. Without a
//! use its defaults hold. `HOSTS` counts where it is one name: what a pattern matches depends on an inventory.
//!
//! # Failure
//! What is not there, is encrypted or is broken sets no variables; what needs them is then unknown.

use super::disk::{self, Disk};
use onehop_code::{Kind, Resource, Sources, Value};
use onehop_document::Options;
use onehop_manifests::ansible::{self, Use, Variables};
use onehop_terraform::Files as _;
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// Bytes of one file of variables, and of one playbook that may use a role.
const FILE_MAX_BYTES: u64 = 1 << 20;
/// Playbooks that are looked through for uses of a role, and files of one directory of variables.
const FILES_MAX: usize = 200;
/// Uses of a role that are told apart.
const USES_MAX: usize = 32;
/// Where group and host variables may stand, below the directory of a playbook; the strongest last.
const PLACES: [&str; 2] = ["inventory", ""];

/// The resources of a playbook or a list of tasks, by all that is known of its variables.
pub(super) fn read(path: &Path, name: &str, document: &Value, sources: &mut Sources) -> Vec<Resource> {
    let mut reader = Reader { sources, known: HashMap::new() };
    match Role::of(path) {
        Some(role) => reader.role(&role, name, document),
        None => reader.playbook(path.parent().unwrap_or(Path::new("")), name, document),
    }
}

/// A role, by the path of one of its lists of tasks.
struct Role {
    dir: PathBuf,
    name: String,
    /// Where `roles` stands, if the role stands there.
    base: Option<PathBuf>,
}

impl Role {
    fn of(path: &Path) -> Option<Role> {
        let tasks = path.parent()?;
        let dir = tasks.parent()?;
        let is_list = ["tasks", "handlers"].iter().any(|name| tasks.ends_with(name));
        let name = dir.file_name()?.to_str()?.to_owned();
        let base = dir.parent().filter(|roles| roles.ends_with("roles")).and_then(Path::parent);
        let is_role =
            base.is_some() || ["defaults", "vars", "meta"].iter().any(|name| dir.join(name).is_dir());
        (is_list && is_role).then(|| Role { dir: dir.to_path_buf(), name, base: base.map(Path::to_path_buf) })
    }
}

struct Reader<'s> {
    sources: &'s mut Sources,
    /// What each file says, once it was looked at.
    known: HashMap<PathBuf, Option<Value>>,
}

impl Reader<'_> {
    fn playbook(&mut self, dir: &Path, name: &str, document: &Value) -> Vec<Resource> {
        let needs = ansible::needs(document);
        let mut variables = Variables { outer: self.of_group(dir, "all"), ..Variables::default() };
        for hosts in needs.hosts.iter().take(FILES_MAX) {
            variables.hosts.insert(hosts.clone(), self.of_hosts(dir, hosts));
        }
        for file in needs.files.iter().take(FILES_MAX) {
            variables.files.extend(self.file(&dir.join(file)).map(|value| (file.clone(), value)));
        }
        ansible::read(name, document, &variables)
    }

    fn role(&mut self, role: &Role, name: &str, document: &Value) -> Vec<Resource> {
        let uses = role.base.as_deref().map(|base| self.uses(base, &role.name)).unwrap_or_default();
        if uses.is_empty() {
            return ansible::read(name, document, &self.around(role, None));
        }
        let mut all: Vec<Resource> = Vec::new();
        let mut seen: Vec<Vec<Resource>> = Vec::new();
        for (dir, found) in uses.iter().take(USES_MAX) {
            let made = ansible::read(name, document, &self.around(role, Some((dir, found))));
            if seen.iter().any(|known| is_same(known, &made)) {
                continue;
            }
            let mut shown = made.clone();
            if !seen.is_empty() {
                for it in &mut shown {
                    it.address = format!("{} ({})", it.address, found.play);
                }
            }
            all.extend(shown);
            seen.push(made);
        }
        all
    }

    /// What holds around the tasks of a role, the strongest last.
    fn around(&mut self, role: &Role, used: Option<(&PathBuf, &Use)>) -> Variables {
        let mut outer = self.main(&role.dir.join("defaults"));
        if let Some(dir) = used.map(|(dir, _)| dir).or(role.base.as_ref()) {
            outer.extend(self.of_group(dir, "all"));
        }
        if let Some((dir, used)) = used {
            outer.extend(used.hosts.iter().flat_map(|hosts| self.of_hosts(dir, hosts)));
            outer.extend(used.vars.clone());
            outer.extend(used.files.iter().filter_map(|file| self.file(&dir.join(file))));
        }
        outer.extend(self.main(&role.dir.join("vars")));
        outer.extend(used.map(|(_, used)| used.given.clone()).unwrap_or_default());
        Variables { outer, ..Variables::default() }
    }

    /// Uses of a role by the playbooks beside `roles`, or in `playbooks` there, each with the directory of its playbook.
    fn uses(&mut self, base: &Path, role: &str) -> Vec<(PathBuf, Use)> {
        let mut found = Vec::new();
        for dir in [base.to_path_buf(), base.join("playbooks")] {
            let mut names: Vec<PathBuf> = list(&dir);
            names.retain(|path| is_yaml(path));
            for document in names.iter().take(FILES_MAX).filter_map(|path| self.file(path)) {
                found.extend(ansible::uses(&document, role).into_iter().map(|used| (dir.clone(), used)));
            }
        }
        found
    }

    /// `main.yml` of a directory, or what stands in `main`.
    fn main(&mut self, dir: &Path) -> Vec<Value> {
        self.named(&dir.join("main"))
    }

    fn of_group(&mut self, dir: &Path, group: &str) -> Vec<Value> {
        PLACES.iter().flat_map(|place| self.named(&dir.join(place).join("group_vars").join(group))).collect()
    }

    /// What holds for a group, or a host, of this name.
    fn of_hosts(&mut self, dir: &Path, hosts: &str) -> Vec<Value> {
        let is_name = hosts.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.'));
        if !is_name || matches!(hosts, "all" | "." | "..") {
            return Vec::new();
        }
        let mut found = self.of_group(dir, hosts);
        for place in PLACES {
            found.extend(self.named(&dir.join(place).join("host_vars").join(hosts)));
        }
        found
    }

    /// The file of a name with any ending, or all files of the directory of that name.
    fn named(&mut self, path: &Path) -> Vec<Value> {
        if path.is_dir() {
            let mut names = list(path);
            names.retain(|path| is_yaml(path));
            return names.iter().take(FILES_MAX).filter_map(|path| self.file(path)).collect();
        }
        let endings =
            ["yml", "yaml", "json"].map(|ending| PathBuf::from(format!("{}.{ending}", path.display())));
        endings.iter().chain([&path.to_path_buf()]).find_map(|path| self.file(path)).into_iter().collect()
    }

    fn file(&mut self, path: &Path) -> Option<Value> {
        if let Some(known) = self.known.get(path) {
            return known.clone();
        }
        let read = self.read(path);
        self.known.insert(path.to_path_buf(), read.clone());
        read
    }

    fn read(&mut self, path: &Path) -> Option<Value> {
        let bytes = disk::read(path, FILE_MAX_BYTES).ok()?;
        let file = self.sources.add(super::run::name_of(path), &bytes);
        let read = onehop_document::read(file, self.sources.of(file), &Options::default());
        read.documents.into_iter().next()
    }
}

/// Whether two readings of one list of tasks come to the same, wherever it is written.
fn is_same(one: &[Resource], other: &[Resource]) -> bool {
    one.len() == other.len()
        && one.iter().zip(other).all(|(one, other)| {
            one.address == other.address
                && one.presence == other.presence
                && says_same(&one.body, &other.body)
        })
}

/// Whether two values are the same without their places. Documents are as deep as their reader lets them be.
fn says_same(one: &Value, other: &Value) -> bool {
    match (&one.kind, &other.kind) {
        (Kind::List(one), Kind::List(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| says_same(one, other))
        }
        (Kind::Map(one), Kind::Map(other)) => {
            one.len() == other.len()
                && one
                    .iter()
                    .zip(other)
                    .all(|(one, other)| one.key == other.key && says_same(&one.value, &other.value))
        }
        (one, other) => one == other,
    }
}

fn list(dir: &Path) -> Vec<PathBuf> {
    let entries = Disk.list(&dir.display().to_string());
    entries.into_iter().filter(|entry| !entry.is_dir).map(|entry| dir.join(entry.name)).collect()
}

fn is_yaml(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending == "yml" || ending == "yaml")
}
