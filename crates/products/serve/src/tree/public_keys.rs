//! Login keys: the one directory whose listing says more than its paths. `public-keys/` lists `0=my-key`, and
//! `public-keys/0/openssh-key` is the key.
//!
//! A tree file gives them by name (`my-key: ssh-ed25519 …`, as recorded trees do, there in a list) or by index
//! (`0: { openssh-key: … }`, `0=my-key: { openssh-key: … }`). Both replace all keys.

use super::PublicKey;
use super::build::Entries;
use super::error::Problem;
use super::file::{map, unknown_key, wrong_shape};
use super::nearest::brief;
use super::values;
use super::yaml::{Fault, Key, Node, Value};

/// Puts `keys` in place of all login keys.
pub(super) fn put(entries: &mut Entries, keys: &[PublicKey]) {
    entries.remove("meta-data/public-keys");
    for (index, key) in keys.iter().enumerate() {
        let path = format!("meta-data/public-keys/{index}");
        entries.text(&format!("{path}/openssh-key"), key.openssh.as_str());
        entries.label(&path, format!("{index}={}", key.name));
    }
}

/// The keys that a mapping gives, in its order.
pub(super) fn read(entries: Vec<(Key, Node)>) -> Result<Vec<PublicKey>, Fault> {
    entries.into_iter().map(|(key, node)| public_key(&key, node)).collect()
}

fn public_key(key: &Key, node: Node) -> Result<PublicKey, Fault> {
    let name = match key.text.split_once('=') {
        Some((index, name)) if values::is_index(index) => name,
        _ if values::is_index(&key.text) => "default",
        _ => &key.text,
    };
    if !values::is_key_name(name) {
        let (under, wanted) = ("meta-data/public-keys".to_owned(), "a key name of visible ASCII characters");
        return Err((key.place, Problem::KeyName { key: brief(&key.text), under, wanted }));
    }
    let openssh = match node.value {
        Value::Map(_) => by_index(&key.text, node)?,
        _ => one_text(&key.text, node)?,
    };
    Ok(PublicKey { name: name.to_owned(), openssh })
}

/// The text under `openssh-key`.
fn by_index(under: &str, node: Node) -> Result<String, Fault> {
    let place = node.place;
    let mut openssh = None;
    for (key, node) in map(under, node)? {
        if key.text != "openssh-key" {
            return Err(unknown_key(
                &key,
                &format!("meta-data/public-keys/{}", brief(under)),
                &["openssh-key"],
            ));
        }
        openssh = Some(one_text("openssh-key", node)?);
    }
    openssh.ok_or_else(|| wrong_shape(place, under, "an `openssh-key`", &Value::Null))
}

/// A text, or a list of one text.
fn one_text(key: &str, node: Node) -> Result<String, Fault> {
    let place = node.place;
    match node.value {
        Value::Text(text) => Ok(text),
        Value::List(mut items) if items.len() == 1 => match items.pop().map(|item| item.value) {
            Some(Value::Text(text)) => Ok(text),
            other => Err(wrong_shape(place, key, "a key in OpenSSH's form", &other.unwrap_or(Value::Null))),
        },
        other => Err(wrong_shape(place, key, "a key in OpenSSH's form", &other)),
    }
}
