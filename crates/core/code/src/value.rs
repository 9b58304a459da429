//! A value of infrastructure code.

use crate::source::Span;
use std::borrow::Cow;
use std::fmt;

/// A value and where it is written.
#[derive(Clone, Debug, PartialEq)]
pub struct Value {
    /// What it is.
    pub kind: Kind,
    /// Where it is written: the expression that was evaluated, so that a fix can go there. None for what is nowhere
    /// written, such as a default of the language.
    pub span: Option<Span>,
    /// Where what it says comes from, if that is elsewhere: the default of the variable, the local, the argument of the
    /// module's call. A fix that shall hold for all uses goes there.
    pub origin: Option<Span>,
}

/// What a value is.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// Written as nothing: the same as leaving it out.
    Null,
    /// True or false.
    Bool(bool),
    /// Any number.
    Number(f64),
    /// Text.
    String(String),
    /// Values in order.
    List(Vec<Value>),
    /// Named values in the order in which they are written. Of two of one name, the later one holds.
    Map(Vec<Entry>),
    /// What another resource has once it exists.
    Reference(Reference),
    /// Not to be known from the code.
    Unknown(Unknown),
}

/// A named value of a map.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The name.
    pub key: String,
    /// Where the name is written.
    pub key_span: Option<Span>,
    /// The value.
    pub value: Value,
}

/// An attribute of another resource that is known only once that exists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// The full address of the resource, the same as [`Resource::address`](crate::Resource).
    pub address: String,
    /// The attribute as the language names it, e.g. `id`, `latest_version`, `Ref`, `LatestVersionNumber`.
    pub attribute: String,
}

/// Why something cannot be known, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unknown {
    /// The kind of reason.
    pub why: Why,
    /// What it is about, e.g. the name of the variable.
    pub about: Cow<'static, str>,
}

/// The kinds of reasons why something cannot be known. Reports count by them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Why {
    /// A variable or parameter without a default, and no value was given.
    NoDefault,
    /// A parameter that is read from a store when the code is applied, such as SSM or a secret.
    Parameter,
    /// What the provider says once the resource exists.
    Computed,
    /// A data source or lookup, answered when the code is applied.
    Lookup,
    /// A module that is not on disk.
    Module,
    /// A module, local or variable that leads back to itself.
    Cycle,
    /// A function that is not known here, or not with these arguments.
    Function,
    /// A construct of the language that is not evaluated here.
    Construct,
    /// A name that is nowhere defined.
    Name,
    /// Deeper or larger than what is looked at.
    Bound,
    /// Text that could not be read.
    Unparsed,
}

impl Why {
    /// All of them.
    pub const ALL: [Why; 11] = [
        Why::NoDefault,
        Why::Parameter,
        Why::Computed,
        Why::Lookup,
        Why::Module,
        Why::Cycle,
        Why::Function,
        Why::Construct,
        Why::Name,
        Why::Bound,
        Why::Unparsed,
    ];

    /// A stable name for programs.
    pub const fn name(self) -> &'static str {
        match self {
            Why::NoDefault => "no-default",
            Why::Parameter => "parameter",
            Why::Computed => "computed",
            Why::Lookup => "lookup",
            Why::Module => "module",
            Why::Cycle => "cycle",
            Why::Function => "function",
            Why::Construct => "construct",
            Why::Name => "name",
            Why::Bound => "bound",
            Why::Unparsed => "unparsed",
        }
    }
}

impl fmt::Display for Unknown {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        let about = &self.about;
        match self.why {
            Why::NoDefault => write!(to, "`{about}` has no default and no value was given"),
            Why::Parameter => write!(to, "`{about}` is read when the code is applied"),
            Why::Computed => write!(to, "`{about}` is known only after the code is applied"),
            Why::Lookup => write!(to, "`{about}` is looked up when the code is applied"),
            Why::Module => write!(to, "module `{about}` is not on disk"),
            Why::Cycle => write!(to, "`{about}` leads back to itself"),
            Why::Function => write!(to, "function `{about}` is not evaluated here"),
            Why::Construct => write!(to, "{about} is not evaluated here"),
            Why::Name => write!(to, "`{about}` is not defined"),
            Why::Bound => write!(to, "{about} is more than is looked at"),
            Why::Unparsed => write!(to, "{about} could not be read"),
        }
    }
}

impl Value {
    /// A value that is nowhere written.
    pub const fn bare(kind: Kind) -> Value {
        Value { kind, span: None, origin: None }
    }

    /// A value with its place.
    pub const fn at(kind: Kind, span: Span) -> Value {
        Value { kind, span: Some(span), origin: None }
    }

    /// Something that cannot be known.
    pub fn unknown(why: Why, about: impl Into<Cow<'static, str>>) -> Value {
        Value::bare(Kind::Unknown(Unknown { why, about: about.into() }))
    }

    /// The same value, at a place if it had none.
    #[must_use]
    pub fn or_at(mut self, span: Option<Span>) -> Value {
        self.span = self.span.or(span);
        self
    }

    /// The value of a name in a map; the last one if there are several.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// The entry of a name in a map; the last one if there are several.
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        match &self.kind {
            Kind::Map(entries) => entries.iter().rev().find(|entry| entry.key == key),
            _ => None,
        }
    }

    /// The value at a path of names and list places, e.g. `["metadata_options", "0", "http_tokens"]`.
    pub fn path(&self, path: &[&str]) -> Option<&Value> {
        let mut value = self;
        for part in path {
            value = match &value.kind {
                Kind::Map(_) => value.get(part)?,
                Kind::List(items) => items.get(part.parse::<usize>().ok()?)?,
                _ => return None,
            };
        }
        Some(value)
    }

    /// The text, if it is one.
    pub fn as_str(&self) -> Option<&str> {
        match &self.kind {
            Kind::String(text) => Some(text),
            _ => None,
        }
    }

    /// The items: those of a list; none for anything else.
    pub fn items(&self) -> &[Value] {
        match &self.kind {
            Kind::List(items) => items,
            _ => &[],
        }
    }

    /// The entries: those of a map; none for anything else.
    pub fn entries(&self) -> &[Entry] {
        match &self.kind {
            Kind::Map(entries) => entries,
            _ => &[],
        }
    }

    /// Whether it counts as left out.
    pub const fn is_null(&self) -> bool {
        matches!(self.kind, Kind::Null)
    }

    /// Why it cannot be known, if so. References are not unknown: what they lead to may be.
    pub const fn why_unknown(&self) -> Option<&Unknown> {
        match &self.kind {
            Kind::Unknown(unknown) => Some(unknown),
            _ => None,
        }
    }
}
