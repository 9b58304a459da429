//! JSON syntax. JSON is read as an expression of the native syntax, which it nearly is: so it has the same tree, the same
//! templates in its texts, and places.
//!
//! What JSON cannot say is whether an object is a value or a block. [`BLOCKS`] has the names that are blocks.

use crate::convert::Place;
use crate::file::{self, Fault};
use crate::syntax::{Attr, Block, Body, Expr, Node};
use onehop_code::{FileId, Span, TroubleKind};
use std::sync::Arc;

/// Names of nested blocks, of the language and of the resources that start instances.
#[rustfmt::skip]
const BLOCKS: [&str; 60] = [
    "assume_role", "assume_role_with_web_identity", "backend", "block_device_mappings", "capacity_reservation_specification",
    "capacity_reservation_target", "cloud", "compute_resources", "connection", "content", "cpu_options", "credit_specification",
    "default_tags", "dynamic", "ebs", "ebs_block_device", "ebs_options", "ec2_configuration", "enclave_options",
    "ephemeral_block_device", "filter", "hibernation_options", "iam_instance_profile", "instance_configuration",
    "instance_market_options", "instance_metadata_options", "instance_metadata_service_configuration", "instance_refresh",
    "instance_requirements", "instances_distribution", "launch_specification", "launch_template", "launch_template_config",
    "launch_template_configs", "launch_template_specification", "license_specification", "lifecycle",
    "maintenance_options", "metadata_options", "mixed_instances_policy", "monitoring", "network_interface",
    "network_interfaces", "override", "overrides", "placement", "private_dns_name_options", "provisioner",
    "remote_access", "required_providers", "root_block_device", "scaling_config", "setting", "spot_options", "statement",
    "tag", "tag_specifications", "taint", "update_config", "validation",
];

/// Whether a name is that of a block.
pub(crate) fn is_block(name: &str) -> bool {
    BLOCKS.binary_search(&name).is_ok()
}

/// Parses a text as one value.
pub(crate) fn parse(text: &str, id: FileId) -> Result<Expr, Fault> {
    let place = Place { file: id, from: 0 };
    let trimmed = text.trim_start();
    let place = Place { from: text.len() - trimmed.len(), ..place };
    match file::expression(trimmed.trim_end(), place, true) {
        Ok(expr) => Ok(expr),
        Err(fault) => fall_back(text, id, fault),
    }
}

/// What only JSON has (`\/`, pairs of surrogates, a name twice) is read without places.
fn fall_back(text: &str, id: FileId, fault: Fault) -> Result<Expr, Fault> {
    let value: serde_json::Value = serde_json::from_str(text).map_err(|error| {
        if fault.kind == TroubleKind::Bound || error.line() == 0 {
            return fault;
        }
        let line: usize = text.split_inclusive('\n').take(error.line() - 1).map(str::len).sum();
        let at = (line + error.column().saturating_sub(1)).min(text.len());
        Fault { at, message: error.to_string(), kind: TroubleKind::Syntax }
    })?;
    Ok(of_value(&value, Place { file: id, from: 0 }.span(0..text.len())))
}

fn of_value(value: &serde_json::Value, span: Span) -> Expr {
    let node = match value {
        serde_json::Value::Null => Node::Null,
        serde_json::Value::Bool(value) => Node::Bool(*value),
        serde_json::Value::Number(value) => Node::Number(value.as_f64().unwrap_or(f64::NAN)),
        serde_json::Value::String(text) => of_text(text, span),
        serde_json::Value::Array(items) => {
            Node::List(items.iter().map(|item| of_value(item, span)).collect())
        }
        serde_json::Value::Object(items) => Node::Object(
            items
                .iter()
                .map(|(key, value)| {
                    (Expr { node: Node::Text(key.as_str().into()), span }, of_value(value, span))
                })
                .collect(),
        ),
    };
    Expr { node, span }
}

fn of_text(text: &str, span: Span) -> Node {
    if !text.contains("${") && !text.contains("%{") {
        return Node::Text(text.into());
    }
    let place = Place { file: span.file, from: span.start as usize };
    file::template(text, place).map_or_else(|_| Node::Text(text.into()), Node::Template)
}

/// The top-level blocks of a document.
pub(crate) fn blocks(document: Expr) -> Vec<Block> {
    let mut made = Vec::new();
    for (key, value) in items(document) {
        let Some(kind) = key.text().map(Arc::<str>::from) else { continue };
        let depth = match &*kind {
            "resource" | "data" | "ephemeral" | "source" => 2,
            "variable" | "output" | "module" | "provider" => 1,
            _ => 0,
        };
        labelled(&kind, key.span, value, Vec::new(), depth, &mut made);
    }
    made
}

/// Blocks below as many names as they have labels.
fn labelled(
    kind: &Arc<str>,
    head: Span,
    value: Expr,
    labels: Vec<Arc<str>>,
    depth: usize,
    made: &mut Vec<Block>,
) {
    if let Node::List(list) = value.node {
        for item in list {
            labelled(kind, head, item, labels.clone(), depth, made);
        }
        return;
    }
    if depth == 0 {
        let span = head.to(value.span);
        made.push(Block { kind: kind.clone(), labels, body: body(value), head, span });
        return;
    }
    for (key, value) in items(value) {
        let Some(label) = key.text().map(Arc::<str>::from) else { continue };
        let labels = labels.iter().cloned().chain([label]).collect();
        labelled(kind, key.span, value, labels, depth - 1, made);
    }
}

/// An object as a body.
pub(crate) fn body(value: Expr) -> Body {
    let mut made = Body::default();
    for (key, value) in items(value) {
        let Some(name) = key.text().map(Arc::<str>::from) else { continue };
        match value.node {
            Node::Object(_) | Node::List(_) if is_block(&name) && holds_objects(&value) => {
                let depth = usize::from(matches!(&*name, "dynamic" | "provisioner" | "backend"));
                labelled(&name, key.span, value, Vec::new(), depth, &mut made.blocks);
            }
            _ => made.attrs.push(Attr { name, name_span: key.span, value }),
        }
    }
    made
}

fn holds_objects(value: &Expr) -> bool {
    match &value.node {
        Node::List(items) => items.iter().all(|item| matches!(item.node, Node::Object(_))),
        node => matches!(node, Node::Object(_)),
    }
}

/// The items of an object; those of all of them for a list of objects. Comments (`"//"`) are none.
fn items(value: Expr) -> Vec<(Expr, Expr)> {
    match value.node {
        Node::Object(items) => items.into_iter().filter(|(key, _)| key.text() != Some("//")).collect(),
        Node::List(list) => list.into_iter().flat_map(items).collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_sorted() {
        assert!(BLOCKS.is_sorted());
        assert!(is_block("metadata_options") && !is_block("tags"));
    }
}
