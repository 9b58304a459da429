//! Who uses a role, and with which variables.

use super::tasks::{BLOCKS, LISTS};
use crate::text;
use onehop_code::{Entry, Kind, Value};

/// Levels of blocks in which uses are looked for.
const DEEPEST: usize = 32;

/// A use of a role by a play.
#[derive(Clone, Debug, PartialEq)]
pub struct Use {
    /// The hosts of the play, if they are one name.
    pub hosts: Option<String>,
    /// The name of the play, else the hosts.
    pub play: String,
    /// What the play sets (`vars`).
    pub vars: Option<Value>,
    /// Files of variables that the play names (`vars_files`), without those whose names are made of variables.
    pub files: Vec<String>,
    /// What is given to the role itself.
    pub given: Vec<Value>,
}

/// Keys of a use that are no variables.
const KEYWORDS: [&str; 12] = [
    "role",
    "name",
    "vars",
    "when",
    "tags",
    "become",
    "become_user",
    "become_method",
    "delegate_to",
    "environment",
    "tasks_from",
    "ignore_errors",
];

/// Every use of a role by the plays of a document, in order.
pub fn uses(document: &Value, role: &str) -> Vec<Use> {
    let plays = document.items().iter().filter(|play| play.get("hosts").is_some());
    plays.flat_map(|play| of_play(play, role)).collect()
}

fn of_play(play: &Value, role: &str) -> Vec<Use> {
    let mut given: Vec<Vec<Value>> = Vec::new();
    for list in LISTS {
        for item in play.get(list).map(Value::items).unwrap_or_default() {
            find(item, role, list == "roles", 0, &mut given);
        }
    }
    let hosts = text(play, &["hosts"]).map(str::to_owned);
    let name = text(play, &["name"]).map(str::to_owned).or_else(|| hosts.clone()).unwrap_or_default();
    let one = |given| Use {
        hosts: hosts.clone(),
        play: name.clone(),
        vars: play.get("vars").cloned(),
        files: files(play),
        given,
    };
    given.into_iter().map(one).collect()
}

/// Files of variables of a play.
pub(super) fn files(play: &Value) -> Vec<String> {
    let named = play.get("vars_files").map(Value::items).unwrap_or_default();
    let plain = |name: &&str| !name.contains("{{");
    named.iter().filter_map(Value::as_str).filter(plain).map(str::to_owned).collect()
}

fn find(item: &Value, role: &str, is_role: bool, depth: usize, given: &mut Vec<Vec<Value>>) {
    if depth > DEEPEST {
        return;
    }
    if is_role {
        let named = item.as_str().or_else(|| text(item, &["role"])).or_else(|| text(item, &["name"]));
        if named.is_some_and(|named| is_named(named, role)) {
            given.push(parameters(item));
        }
        return;
    }
    for list in BLOCKS {
        for inner in item.get(list).map(Value::items).unwrap_or_default() {
            find(inner, role, false, depth + 1, given);
        }
    }
    let words = ["include_role", "import_role"];
    let called = words.iter().flat_map(|word| [(*word).to_owned(), format!("ansible.builtin.{word}")]);
    for called in called.filter_map(|word| item.get(&word)) {
        if text(called, &["name"]).is_some_and(|named| is_named(named, role)) {
            given.push(item.get("vars").cloned().into_iter().collect());
        }
    }
}

/// A role by its name, or by a path or a collection that ends in it.
fn is_named(named: &str, role: &str) -> bool {
    named.rsplit(['/', '.']).next() == Some(role)
}

/// What an entry of `roles` gives: its own keys, and its `vars`.
fn parameters(item: &Value) -> Vec<Value> {
    let own: Vec<Entry> =
        item.entries().iter().filter(|entry| !KEYWORDS.contains(&entry.key.as_str())).cloned().collect();
    let own = Value { kind: Kind::Map(own), span: item.span, origin: None };
    [Some(own), item.get("vars").cloned()].into_iter().flatten().collect()
}
