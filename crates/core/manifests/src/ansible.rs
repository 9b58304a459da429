//! Tasks of Ansible that start instances or say how.
//!
//! Modules are found under their names in today's collections, in older ones and without a collection. Arguments are
//! those of the task over the `module_defaults` around it, with `{{ … }}` filled in as far as the file says what it is.

mod jinja;
mod modules;
mod tasks;

pub use modules::MODULES;

use onehop_code::{Resource, Value};

/// Whether a list is a playbook or has tasks with modules of interest.
pub(crate) fn has_modules(document: &Value) -> bool {
    document.items().iter().any(|it| {
        let is_play = it.get("hosts").is_some() && tasks::LISTS.iter().any(|list| it.get(list).is_some());
        is_play
            || tasks::module(it).is_some()
            || tasks::BLOCKS.iter().any(|list| it.get(list).is_some_and(has_modules))
    })
}

pub(crate) fn read(path: &str, document: &Value) -> Vec<Resource> {
    tasks::Walk::new(path).document(document)
}
