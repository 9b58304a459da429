//! Which reader a text gets.

use crate::limits::Options;
use crate::{json, yaml};
use onehop_code::{FileId, Source, Span, Trouble, TroubleKind, Value};

/// What a text says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Documents {
    /// Its documents in order; one for most texts. Of a broken one, what was read before the break.
    pub documents: Vec<Value>,
    /// What could not be read.
    pub troubles: Vec<Trouble>,
}

/// No YAML in brackets is longer; people write it, programs write JSON.
const FLOW_MAX: usize = 8 << 20;

/// Reads a text as JSON if it begins with a bracket and is JSON, else as YAML.
pub fn read(file: FileId, source: &Source, options: &Options) -> Documents {
    if source.text.len() > options.limits.bytes {
        let trouble = too_long(file, &source.path, options.limits.bytes);
        return Documents { documents: Vec::new(), troubles: vec![trouble] };
    }
    let start = source.text.trim_ascii_start();
    if !start.starts_with(['{', '[']) || start.starts_with("{{") {
        return yaml::parse_yaml(file, source, options);
    }
    let as_json = json::parse_json(file, source, options);
    if !as_json.is_broken() || source.text.len() > FLOW_MAX {
        return as_json;
    }
    let as_yaml = yaml::parse_yaml(file, source, options);
    if as_yaml.is_broken() { as_json } else { as_yaml }
}

impl Documents {
    /// Whether the text is no text of its language.
    fn is_broken(&self) -> bool {
        self.troubles.iter().any(|it| matches!(it.kind, TroubleKind::Syntax | TroubleKind::Template))
    }
}

/// The trouble of a text that is longer than what is looked at.
pub(crate) fn too_long(file: FileId, path: &str, limit: usize) -> Trouble {
    let message = format!("longer than {limit} bytes, not read");
    let span = Some(Span { file, start: 0, end: 0 });
    Trouble { kind: TroubleKind::Bound, message, span, path: path.to_owned() }
}
