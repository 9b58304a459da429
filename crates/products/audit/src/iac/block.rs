//! A block of metadata options as code writes it.

use onehop_code::{Kind, Unknown, Value};

/// A block that may stand in a resource.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Block<'a> {
    /// It is not written, or written as nothing.
    Absent,
    /// Whether it is written cannot be known.
    Unknown(&'a Unknown),
    /// It is written.
    Written(&'a Value),
}

impl<'a> Block<'a> {
    /// The block at a path of names. Where a language writes blocks as lists, it is the first one.
    pub(super) fn at(body: &'a Value, path: &[&str]) -> Block<'a> {
        let mut block = Block::of(body);
        for name in path {
            block = match block {
                Block::Written(value) => value.get(name).map_or(Block::Absent, Block::of),
                other => return other,
            };
        }
        block
    }

    fn of(value: &'a Value) -> Block<'a> {
        match &value.kind {
            Kind::Null => Block::Absent,
            Kind::Unknown(unknown) => Block::Unknown(unknown),
            Kind::List(items) => items.first().map_or(Block::Absent, Block::of),
            _ => Block::Written(value),
        }
    }

    /// A field of it: what is written, nothing, or not to be known.
    pub(super) fn field(self, name: &str) -> Field<'a> {
        match self {
            Block::Absent => Field::Absent,
            Block::Unknown(unknown) => Field::Unknown(unknown),
            Block::Written(value) => value.get(name).map_or(Field::Absent, Field::of),
        }
    }

    /// The value, if it is written.
    pub(super) fn value(self) -> Option<&'a Value> {
        match self {
            Block::Written(value) => Some(value),
            _ => None,
        }
    }
}

/// A field that may be written.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Field<'a> {
    /// It is left out, or written as nothing.
    Absent,
    /// It cannot be known.
    Unknown(&'a Unknown),
    /// It is written.
    Written(&'a Value),
}

impl<'a> Field<'a> {
    /// A value as a field.
    pub(super) fn of(value: &'a Value) -> Field<'a> {
        match &value.kind {
            Kind::Null => Field::Absent,
            Kind::Unknown(unknown) => Field::Unknown(unknown),
            _ => Field::Written(value),
        }
    }

    /// The value, if it is written.
    pub(super) fn value(self) -> Option<&'a Value> {
        match self {
            Field::Written(value) => Some(value),
            _ => None,
        }
    }
}

/// A number that is written as one or as text.
pub(super) fn number(value: &Value) -> Option<f64> {
    match &value.kind {
        Kind::Number(number) => Some(*number),
        Kind::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

/// A truth that is written as one or as text.
pub(super) fn truth(value: &Value) -> Option<bool> {
    match &value.kind {
        Kind::Bool(truth) => Some(*truth),
        Kind::String(text) if text.eq_ignore_ascii_case("true") => Some(true),
        Kind::String(text) if text.eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use onehop_code::{Entry, Why};

    fn map(entries: Vec<(&str, Value)>) -> Value {
        let entry = |(key, value): (&str, Value)| Entry { key: key.to_owned(), key_span: None, value };
        Value::bare(Kind::Map(entries.into_iter().map(entry).collect()))
    }

    #[test]
    fn blocks_are_maps_or_lists_of_them() {
        let required = || map(vec![("http_tokens", Value::bare(Kind::String("required".to_owned())))]);
        let unknown = || Value::unknown(Why::NoDefault, "x");
        let table = [
            ("a map", required(), Some("required")),
            ("a list of one", Value::bare(Kind::List(vec![required()])), Some("required")),
            ("an empty list", Value::bare(Kind::List(vec![])), None),
            ("nothing", Value::bare(Kind::Null), None),
            ("not to be known", unknown(), None),
        ];
        for (name, value, want) in table {
            let body = map(vec![("metadata_options", value)]);
            assert_eq!(
                Block::at(&body, &["metadata_options"]).field("http_tokens").value().and_then(Value::as_str),
                want,
                "{name}"
            );
        }
        let body = map(vec![("metadata_options", unknown())]);
        assert!(matches!(Block::at(&body, &["metadata_options"]).field("http_tokens"), Field::Unknown(_)));
        assert_eq!(Block::at(&body, &["other"]), Block::Absent);
    }
}
