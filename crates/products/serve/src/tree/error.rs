//! What can be wrong with a tree file. Every error names file, line and column, both counted from 1.

use super::file::{TREE_DEPTH_MAX, TREE_FILE_BYTES_MAX, USER_DATA_BYTES_MAX};

/// A tree file that cannot be used, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}:{column}: {problem}")]
pub struct TreeError {
    /// The name the file was parsed under.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// What is wrong there.
    pub problem: Problem,
}

/// What is wrong with a tree file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// Not YAML, in the words of the YAML parser.
    #[error("not YAML: {0}")]
    Syntax(String),
    /// Bytes that are no UTF-8.
    #[error("not UTF-8 text")]
    Encoding,
    /// More than [`TREE_FILE_BYTES_MAX`] bytes.
    #[error("the file has {0} bytes, more than {TREE_FILE_BYTES_MAX}")]
    Size(usize),
    /// Nested deeper than [`TREE_DEPTH_MAX`].
    #[error("nested deeper than {TREE_DEPTH_MAX} levels")]
    Depth,
    /// A second YAML document.
    #[error("a second document starts here; a tree file is one document")]
    Documents,
    /// An alias, which could multiply a small file.
    #[error("aliases (`*name`) are not supported; write the value out")]
    Alias,
    /// A merge key or a key that is no text.
    #[error("a key must be one line of text")]
    KeyForm,
    /// A YAML tag other than the few that have a meaning here.
    #[error("unknown tag `{0}`; known are `!!str` and `!!binary`")]
    Tag(String),
    /// Text after `!!binary` that is not base64.
    #[error("`!!binary` wants base64")]
    Base64,
    /// The same key twice in one mapping.
    #[error("duplicate key `{key}`, first on line {first}")]
    Duplicate {
        /// The key.
        key: String,
        /// Line of its first use.
        first: usize,
    },
    /// A key that means nothing here.
    #[error("unknown key `{key}` under `{under}`{}", suggestion(nearest.as_deref()))]
    UnknownKey {
        /// The key.
        key: String,
        /// The mapping it stands in.
        under: String,
        /// The known key that is spelled most like it.
        nearest: Option<String>,
    },
    /// A key that is no name of the wanted form.
    #[error("`{key}` under `{under}` is not {wanted}")]
    KeyName {
        /// The key.
        key: String,
        /// The mapping it stands in.
        under: String,
        /// What it should be.
        wanted: &'static str,
    },
    /// A value of another shape than the key wants.
    #[error("`{key}` wants {wanted}, found {found}")]
    Shape {
        /// The key.
        key: String,
        /// The wanted shape.
        wanted: &'static str,
        /// What stands there.
        found: &'static str,
    },
    /// A value of the right shape that is not of the wanted form.
    #[error("`{key}`: `{value}` is not {wanted}")]
    Value {
        /// The key.
        key: String,
        /// The value.
        value: String,
        /// What it should be.
        wanted: &'static str,
    },
    /// A zone outside the region.
    #[error("availability zone `{zone}` is not in region `{region}`")]
    Zone {
        /// The zone.
        zone: String,
        /// The region.
        region: String,
    },
    /// More user data than EC2 takes.
    #[error("user data has {0} bytes, more than {USER_DATA_BYTES_MAX}")]
    UserData(usize),
    /// A path under `extra` that belongs under another key.
    #[error("`{path}` is a known path; set it under `{section}`")]
    KnownPath {
        /// The path.
        path: String,
        /// The key it belongs under.
        section: String,
    },
    /// A path that runs through a value.
    #[error("`{path}` runs through the value `{through}`")]
    ThroughValue {
        /// The path.
        path: String,
        /// The value it runs through.
        through: String,
    },
}

fn suggestion(nearest: Option<&str>) -> String {
    nearest.map(|key| format!("; did you mean `{key}`?")).unwrap_or_default()
}
