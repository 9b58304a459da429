//! Code as a tree that is shared by both syntaxes: small, without layout, safe to share between threads.

use onehop_code::Span;
use std::sync::Arc;

/// An expression and where it stands.
#[derive(Clone, Debug)]
pub(crate) struct Expr {
    pub(crate) node: Node,
    pub(crate) span: Span,
}

/// What an expression is. Parentheses are gone.
#[derive(Clone, Debug)]
pub(crate) enum Node {
    Null,
    Bool(bool),
    Number(f64),
    Text(Arc<str>),
    List(Vec<Expr>),
    Object(Vec<(Expr, Expr)>),
    Template(Vec<Part>),
    Name(Arc<str>),
    Path(Box<Path>),
    Choice(Box<Choice>),
    Call(Box<Call>),
    Not(Box<Expr>),
    Minus(Box<Expr>),
    Binary(Box<Binary>),
    For(Box<For>),
}

/// `base.step[step]…`
#[derive(Clone, Debug)]
pub(crate) struct Path {
    pub(crate) base: Expr,
    pub(crate) steps: Vec<Step>,
}

/// One step of a path.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    /// `.name`
    Name(Arc<str>),
    /// `[expression]` or `.0`
    Index(Expr),
    /// `.*`: what follows applies to each, up to the next index.
    AttrSplat,
    /// `[*]`: all that follows applies to each.
    FullSplat,
}

/// `condition ? yes : no`
#[derive(Clone, Debug)]
pub(crate) struct Choice {
    pub(crate) condition: Expr,
    pub(crate) yes: Expr,
    pub(crate) no: Expr,
}

/// `name(arguments…)`
#[derive(Clone, Debug)]
pub(crate) struct Call {
    /// With its namespace: `provider::aws::arn_parse`.
    pub(crate) name: Arc<str>,
    pub(crate) args: Vec<Expr>,
    /// Whether the last argument is a list of arguments (`...`).
    pub(crate) expand: bool,
}

/// `left operator right`
#[derive(Clone, Debug)]
pub(crate) struct Binary {
    pub(crate) left: Expr,
    pub(crate) operator: Operator,
    pub(crate) right: Expr,
}

/// The operators between two values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operator {
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    Plus,
    Minus,
    Times,
    Divided,
    Modulo,
    And,
    Or,
}

/// `[for …]` and `{for …}`
#[derive(Clone, Debug)]
pub(crate) struct For {
    pub(crate) key: Option<Arc<str>>,
    pub(crate) value: Arc<str>,
    pub(crate) over: Expr,
    /// The key of what is made, if it is an object.
    pub(crate) to_key: Option<Expr>,
    pub(crate) to_value: Expr,
    pub(crate) condition: Option<Expr>,
    /// Whether values of one key are gathered (`...`).
    pub(crate) group: bool,
}

/// A part of a template. Strip marks are applied already.
#[derive(Clone, Debug)]
pub(crate) enum Part {
    Text(Arc<str>),
    Value(Expr),
    If { condition: Expr, yes: Vec<Part>, no: Vec<Part> },
    For { key: Option<Arc<str>>, value: Arc<str>, over: Expr, parts: Vec<Part> },
}

/// What stands between braces.
#[derive(Clone, Debug, Default)]
pub(crate) struct Body {
    pub(crate) attrs: Vec<Attr>,
    pub(crate) blocks: Vec<Block>,
}

/// `name = value`
#[derive(Clone, Debug)]
pub(crate) struct Attr {
    pub(crate) name: Arc<str>,
    pub(crate) name_span: Span,
    pub(crate) value: Expr,
}

/// `kind "label" { … }`
#[derive(Clone, Debug)]
pub(crate) struct Block {
    pub(crate) kind: Arc<str>,
    pub(crate) labels: Vec<Arc<str>>,
    pub(crate) body: Body,
    /// The kind and the labels.
    pub(crate) head: Span,
    /// All of it.
    pub(crate) span: Span,
}

impl Body {
    pub(crate) fn attr(&self, name: &str) -> Option<&Attr> {
        self.attrs.iter().find(|attr| &*attr.name == name)
    }
}

impl Expr {
    /// The text, if it is one without anything in it.
    pub(crate) fn text(&self) -> Option<&str> {
        match &self.node {
            Node::Text(text) => Some(text),
            _ => None,
        }
    }

    /// A name or a path of names as it is written, also as a text: `aws.west`.
    pub(crate) fn dotted(&self) -> Option<String> {
        match &self.node {
            Node::Text(text) => Some(text.to_string()),
            Node::Name(name) => Some(name.to_string()),
            Node::Path(path) => {
                let mut all = path.base.dotted()?;
                for step in &path.steps {
                    let Step::Name(name) = step else { return None };
                    all.push('.');
                    all.push_str(name);
                }
                Some(all)
            }
            _ => None,
        }
    }
}
