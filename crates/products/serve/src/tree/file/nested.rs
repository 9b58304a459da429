//! The sections `meta-data` and `dynamic`: mappings nested as the paths are, checked against the catalogue.
//!
//! | at | null | mapping | list | text, binary |
//! |---|---|---|---|---|
//! | a directory | remove all of it | go down | error | error |
//! | a value | remove it | error | lines | set it |
//! | a value that is JSON | remove it | JSON object | JSON array | set it |
//! | an unknown key | error, or with `unknown: keep`: | go down | lines | set it |

use onehop_imds::version::Version;

use super::{Edit, Unknown, extra, json, leaf, unknown_key, wrong_shape};
use crate::tree::catalogue::{self, Kind, Placeholder};
use crate::tree::error::Problem;
use crate::tree::nearest::brief;
use crate::tree::yaml::{Fault, Key, Node, Value};
use crate::tree::{Leaf, public_keys, values};

/// Reads a section, and on the way down each directory.
pub(super) struct Reader<'edits> {
    pub(super) unknown: Unknown,
    pub(super) edits: &'edits mut Vec<Edit>,
}

impl Reader<'_> {
    /// Reads the directory at `path`. Depth is that of the file.
    pub(super) fn read(&mut self, path: &str, node: Node) -> Result<(), Fault> {
        match node.value {
            Value::Null => self.edits.push(Edit::Remove(path.to_owned())),
            Value::Map(entries) if path == "meta-data/public-keys" => {
                self.edits.push(Edit::PublicKeys(public_keys::read(entries)?));
            }
            Value::Map(entries) => {
                for (key, node) in entries {
                    self.entry(path, &key, node)?;
                }
            }
            other => return Err(wrong_shape(node.place, path, "a mapping", &other)),
        }
        Ok(())
    }

    fn entry(&mut self, directory: &str, key: &Key, node: Node) -> Result<(), Fault> {
        let path = format!("{directory}/{}", key.text);
        // A key with a slash would name a path further down.
        let kind = if key.text.contains('/') { Kind::Unknown } else { catalogue::kind(&path) };
        match kind {
            Kind::Directory => self.read(&path, node)?,
            Kind::Leaf => {
                let edit = match node.value {
                    Value::Null => Edit::Remove(path),
                    Value::Map(_) | Value::List(_) if json::is_json(&path) => {
                        Edit::Put(path, Leaf::text(json::render(&node)))
                    }
                    _ => Edit::Put(path, leaf(&key.text, node)?),
                };
                self.edits.push(edit);
            }
            // What no request can spell cannot be kept either.
            Kind::Unknown if self.unknown == Unknown::Refuse || !values::is_segment(&key.text) => {
                return Err(unknown(directory, key));
            }
            Kind::Unknown => self.keep(path, key, node)?,
        }
        Ok(())
    }

    /// Keeps what the catalogue does not know, visible in every version.
    fn keep(&mut self, path: String, key: &Key, node: Node) -> Result<(), Fault> {
        if !extra::is_path(&path) {
            return Err((key.place, extra::wrong_path(&path)));
        }
        match node.value {
            Value::Null => {}
            Value::Map(_) => self.read(&path, node)?,
            _ => {
                let leaf = leaf(&key.text, node)?;
                self.edits.push(Edit::Extra(path, Version::FIRST, leaf));
            }
        }
        Ok(())
    }
}

fn unknown(directory: &str, key: &Key) -> Fault {
    let known = catalogue::children(directory);
    let placeholder = known.first().and_then(|name| Placeholder::parse(name));
    match placeholder {
        Some(placeholder) => {
            let (text, under) = (brief(&key.text), directory.to_owned());
            (key.place, Problem::KeyName { key: text, under, wanted: placeholder.wanted() })
        }
        None => unknown_key(key, directory, &known),
    }
}
