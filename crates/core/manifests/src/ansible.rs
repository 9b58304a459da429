//! Tasks of Ansible that start instances or say how.
//!
//! ```text
//! what holds for a name, the later the stronger:
//! Variables::outer (defaults of the role, group_vars/all) ─▶ Variables::hosts of the play ─▶ vars of the play
//!   ─▶ Variables::files of the play ─▶ vars of blocks and tasks, set_fact ─▶ what is given to a role: last in outer
//! ```
//! Modules are found under their names in today's collections, in older ones and without a collection. Arguments are
//! those of the task over the `module_defaults` around it, with `{{ … }}` filled in as far as the file says what it is.

mod jinja;
mod modules;
mod roles;
mod tasks;

pub use modules::MODULES;
pub use roles::{Use, uses};

use onehop_code::{Resource, Value};
use std::collections::HashMap;

/// Variables from other files.
#[derive(Clone, Debug, Default)]
pub struct Variables {
    /// Around everything, the strongest last.
    pub outer: Vec<Value>,
    /// For plays whose `hosts` are this name.
    pub hosts: HashMap<String, Vec<Value>>,
    /// Files that plays name in `vars_files`.
    pub files: HashMap<String, Value>,
}

/// What plays of a document need from other files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Needs {
    /// The hosts of its plays.
    pub hosts: Vec<String>,
    /// The files of variables that they name.
    pub files: Vec<String>,
}

/// What the plays of a document need from other files.
pub fn needs(document: &Value) -> Needs {
    let mut needs = Needs::default();
    for play in document.items().iter().filter(|play| play.get("hosts").is_some()) {
        needs.hosts.extend(play.get("hosts").and_then(Value::as_str).map(str::to_owned));
        needs.files.extend(roles::files(play));
    }
    needs
}

/// Whether a list is a playbook or has tasks with modules of interest.
pub(crate) fn has_modules(document: &Value) -> bool {
    document.items().iter().any(|it| {
        let is_play = it.get("hosts").is_some() && tasks::LISTS.iter().any(|list| it.get(list).is_some());
        is_play
            || tasks::module(it).is_some()
            || tasks::BLOCKS.iter().any(|list| it.get(list).is_some_and(has_modules))
    })
}

/// The resources of a playbook or a list of tasks. `path` becomes their scope.
pub fn read(path: &str, document: &Value, variables: &Variables) -> Vec<Resource> {
    tasks::Walk::new(path, variables).document(document)
}
