//! The parser's tree as ours: layout dropped, places made absolute, strip marks of templates applied.

use crate::syntax::{Attr, Binary, Block, Body, Call, Choice, Expr, For, Node, Operator, Part, Path, Step};
use hcl_edit::Span as _;
use hcl_edit::expr::{
    BinaryOperator, Expression, ForExpr, FuncCall, ObjectKey, TraversalOperator, UnaryOperator,
};
use hcl_edit::structure;
use hcl_edit::template::{Directive, Element, Strip, Template};
use onehop_code::{FileId, Span};
use std::ops::Range;
use std::sync::Arc;

/// Where a tree stands.
#[derive(Clone, Copy)]
pub(crate) struct Place {
    /// In which text.
    pub(crate) file: FileId,
    /// Behind how many bytes of it.
    pub(crate) from: usize,
}

impl Place {
    /// Bytes of the parsed text as a place of the whole one.
    pub(crate) fn span(self, range: Range<usize>) -> Span {
        let byte = |at: usize| u32::try_from(self.from + at).unwrap_or(u32::MAX);
        Span { file: self.file, start: byte(range.start), end: byte(range.end) }
    }

    fn of(self, range: Option<Range<usize>>, outer: Span) -> Span {
        range.map_or(outer, |range| self.span(range))
    }

    /// A body.
    pub(crate) fn body(self, body: &structure::Body, outer: Span) -> Body {
        let mut made = Body::default();
        for part in body {
            match part {
                structure::Structure::Attribute(attr) => {
                    let span = self.of(attr.span(), outer);
                    made.attrs.push(Attr {
                        name: attr.key.as_str().into(),
                        name_span: self.of(attr.key.span(), span),
                        value: self.expr(&attr.value, span),
                    });
                }
                structure::Structure::Block(block) => made.blocks.push(self.block(block, outer)),
            }
        }
        made
    }

    /// A block.
    pub(crate) fn block(self, block: &structure::Block, outer: Span) -> Block {
        let span = self.of(block.span(), outer);
        let first = self.of(block.ident.span(), span);
        let last = block.labels.last().and_then(hcl_edit::Span::span).map_or(first, |range| self.span(range));
        Block {
            kind: block.ident.as_str().into(),
            labels: block.labels.iter().map(|label| label.as_str().into()).collect(),
            body: self.body(&block.body, span),
            head: first.to(last),
            span,
        }
    }

    /// An expression. `outer` is what it is part of.
    pub(crate) fn expr(self, expr: &Expression, outer: Span) -> Expr {
        let span = self.of(expr.span(), outer);
        let node = match expr {
            Expression::Null(_) => Node::Null,
            Expression::Bool(value) => Node::Bool(*value.value()),
            Expression::Number(value) => Node::Number(value.value().as_f64().unwrap_or(f64::NAN)),
            Expression::String(text) => Node::Text(text.as_str().into()),
            Expression::Array(items) => Node::List(items.iter().map(|item| self.expr(item, span)).collect()),
            Expression::Object(items) => Node::Object(
                items
                    .iter()
                    .map(|(key, value)| (self.key(key, span), self.expr(value.expr(), span)))
                    .collect(),
            ),
            Expression::StringTemplate(template) => Node::Template(self.elements(template.iter(), span)),
            Expression::HeredocTemplate(heredoc) => Node::Template(self.template(&heredoc.template, span)),
            Expression::Parenthesis(inner) => return Expr { span, ..self.expr(inner.inner(), span) },
            Expression::Variable(name) => Node::Name(name.as_str().into()),
            Expression::Conditional(choice) => Node::Choice(Box::new(Choice {
                condition: self.expr(&choice.cond_expr, span),
                yes: self.expr(&choice.true_expr, span),
                no: self.expr(&choice.false_expr, span),
            })),
            Expression::FuncCall(call) => Node::Call(Box::new(self.call(call, span))),
            Expression::Traversal(path) => Node::Path(Box::new(Path {
                base: self.expr(&path.expr, span),
                steps: path.operators.iter().map(|step| self.step(step.value(), span)).collect(),
            })),
            Expression::UnaryOp(operation) => {
                let inner = Box::new(self.expr(&operation.expr, span));
                match operation.operator.value() {
                    UnaryOperator::Not => Node::Not(inner),
                    UnaryOperator::Neg => Node::Minus(inner),
                }
            }
            Expression::BinaryOp(operation) => Node::Binary(Box::new(Binary {
                left: self.expr(&operation.lhs_expr, span),
                operator: operator(*operation.operator.value()),
                right: self.expr(&operation.rhs_expr, span),
            })),
            Expression::ForExpr(each) => Node::For(Box::new(self.for_expr(each, span))),
        };
        Expr { node, span }
    }

    fn key(self, key: &ObjectKey, outer: Span) -> Expr {
        match key {
            ObjectKey::Ident(name) => {
                Expr { node: Node::Text(name.as_str().into()), span: self.of(name.span(), outer) }
            }
            ObjectKey::Expression(expr) => self.expr(expr, outer),
        }
    }

    fn call(self, call: &FuncCall, span: Span) -> Call {
        let mut name = String::new();
        for part in &call.name.namespace {
            name.push_str(part.as_str());
            name.push_str("::");
        }
        name.push_str(call.name.name.as_str());
        let args = call.args.iter().map(|arg| self.expr(arg, span)).collect();
        Call { name: name.into(), args, expand: call.args.expand_final() }
    }

    fn step(self, step: &TraversalOperator, outer: Span) -> Step {
        match step {
            TraversalOperator::AttrSplat(_) => Step::AttrSplat,
            TraversalOperator::FullSplat(_) => Step::FullSplat,
            TraversalOperator::GetAttr(name) => Step::Name(name.as_str().into()),
            TraversalOperator::Index(expr) => Step::Index(self.expr(expr, outer)),
            #[expect(clippy::cast_precision_loss, reason = "places in lists are small")]
            TraversalOperator::LegacyIndex(at) => {
                Step::Index(Expr { node: Node::Number(*at.value() as f64), span: outer })
            }
        }
    }

    fn for_expr(self, each: &ForExpr, span: Span) -> For {
        For {
            key: each.intro.key_var.as_ref().map(|name| name.as_str().into()),
            value: each.intro.value_var.as_str().into(),
            over: self.expr(&each.intro.collection_expr, span),
            to_key: each.key_expr.as_ref().map(|key| self.expr(key, span)),
            to_value: self.expr(&each.value_expr, span),
            condition: each.cond.as_ref().map(|condition| self.expr(&condition.expr, span)),
            group: each.grouping,
        }
    }

    /// A template with its directives.
    pub(crate) fn template(self, template: &Template, outer: Span) -> Vec<Part> {
        self.elements(template.iter(), outer)
    }

    fn elements<'a>(self, elements: impl Iterator<Item = &'a Element>, outer: Span) -> Vec<Part> {
        let elements: Vec<&Element> = elements.collect();
        let mut parts = Vec::with_capacity(elements.len());
        for (at, element) in elements.iter().enumerate() {
            match element {
                Element::Literal(text) => {
                    let before = at.checked_sub(1).is_some_and(|at| strips(elements[at]).1);
                    let after = elements.get(at + 1).is_some_and(|next| strips(next).0);
                    parts.push(Part::Text(stripped(text, before, after).into()));
                }
                Element::Interpolation(value) => parts.push(Part::Value(self.expr(&value.expr, outer))),
                Element::Directive(directive) => parts.push(self.directive(directive, outer)),
            }
        }
        parts
    }

    fn directive(self, directive: &Directive, outer: Span) -> Part {
        match directive {
            Directive::If(choice) => {
                let last = choice.endif_expr.strip;
                let then_end = choice.else_expr.as_ref().map_or(last, |other| other.strip);
                let yes = self.template(&choice.if_expr.template, outer);
                let yes = trimmed(yes, ends(choice.if_expr.strip), starts(then_end));
                let no = choice.else_expr.as_ref().map_or_else(Vec::new, |other| {
                    trimmed(self.template(&other.template, outer), ends(other.strip), starts(last))
                });
                Part::If { condition: self.expr(&choice.if_expr.cond_expr, outer), yes, no }
            }
            Directive::For(each) => {
                let inner = &each.for_expr;
                let parts = self.template(&inner.template, outer);
                Part::For {
                    key: inner.key_var.as_ref().map(|name| name.as_str().into()),
                    value: inner.value_var.as_str().into(),
                    over: self.expr(&inner.collection_expr, outer),
                    parts: trimmed(parts, ends(inner.strip), starts(each.endfor_expr.strip)),
                }
            }
        }
    }
}

fn starts(strip: Strip) -> bool {
    matches!(strip, Strip::Start | Strip::Both)
}

fn ends(strip: Strip) -> bool {
    matches!(strip, Strip::End | Strip::Both)
}

/// Whether an element strips blanks before it and behind it.
fn strips(element: &Element) -> (bool, bool) {
    match element {
        Element::Literal(_) => (false, false),
        Element::Interpolation(value) => (starts(value.strip), ends(value.strip)),
        Element::Directive(directive) => match &**directive {
            Directive::If(choice) => (starts(choice.if_expr.strip), ends(choice.endif_expr.strip)),
            Directive::For(each) => (starts(each.for_expr.strip), ends(each.endfor_expr.strip)),
        },
    }
}

fn stripped(text: &str, before: bool, after: bool) -> &str {
    let text = if before { text.trim_start() } else { text };
    if after { text.trim_end() } else { text }
}

/// Parts without blanks at their beginning and end.
fn trimmed(mut parts: Vec<Part>, before: bool, after: bool) -> Vec<Part> {
    if let Some(Part::Text(text)) = parts.first_mut() {
        *text = Arc::from(stripped(text, before, false));
    }
    if let Some(Part::Text(text)) = parts.last_mut() {
        *text = Arc::from(stripped(text, false, after));
    }
    parts
}

fn operator(operator: BinaryOperator) -> Operator {
    match operator {
        BinaryOperator::Eq => Operator::Equal,
        BinaryOperator::NotEq => Operator::NotEqual,
        BinaryOperator::LessEq => Operator::LessEqual,
        BinaryOperator::GreaterEq => Operator::GreaterEqual,
        BinaryOperator::Less => Operator::Less,
        BinaryOperator::Greater => Operator::Greater,
        BinaryOperator::Plus => Operator::Plus,
        BinaryOperator::Minus => Operator::Minus,
        BinaryOperator::Mul => Operator::Times,
        BinaryOperator::Div => Operator::Divided,
        BinaryOperator::Mod => Operator::Modulo,
        BinaryOperator::And => Operator::And,
        BinaryOperator::Or => Operator::Or,
    }
}
