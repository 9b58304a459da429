//! JSON values written as mappings and lists: recorded trees have them so, because the recorder parsed what it could.
//!
//! Rendered as EC2 lays out its JSON: two blanks of indent, `"Key" : "value"`, `[ … ]`. Scalars become strings, null
//! stays null; EC2 has no other values there. Cannot fail; depth is that of the file.

use crate::tree::yaml::{Node, Value};

/// Paths whose value is JSON; a last segment in braces stands for any name.
const PATHS: [&str; 9] = [
    "dynamic/instance-identity/document",
    "meta-data/events/maintenance/history",
    "meta-data/events/maintenance/scheduled",
    "meta-data/events/recommendations/rebalance",
    "meta-data/iam/info",
    "meta-data/iam/security-credentials/{role}",
    "meta-data/identity-credentials/ec2/info",
    "meta-data/identity-credentials/ec2/security-credentials/ec2-instance",
    "meta-data/spot/instance-action",
];

/// Whether the value of `path` is JSON.
pub(super) fn is_json(path: &str) -> bool {
    let below = |row: &str| row.strip_suffix("{role}").is_some_and(|directory| path.starts_with(directory));
    PATHS.iter().any(|row| *row == path || below(row))
}

/// The text of a value.
pub(super) fn render(node: &Node) -> String {
    let mut out = String::new();
    write(&mut out, &node.value, 0);
    out
}

fn write(out: &mut String, value: &Value, indent: usize) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Text(text) => out.push_str(&quoted(text)),
        Value::Binary(bytes) => out.push_str(&quoted(&String::from_utf8_lossy(bytes))),
        Value::List(items) if items.is_empty() => out.push_str("[]"),
        Value::List(items) => {
            for (position, item) in items.iter().enumerate() {
                out.push_str(if position == 0 { "[ " } else { ", " });
                write(out, &item.value, indent);
            }
            out.push_str(" ]");
        }
        Value::Map(entries) if entries.is_empty() => out.push_str("{}"),
        Value::Map(entries) => {
            let inner = indent + 2;
            for (position, (key, node)) in entries.iter().enumerate() {
                out.push_str(if position == 0 { "{\n" } else { ",\n" });
                out.push_str(&" ".repeat(inner));
                out.push_str(&quoted(&key.text));
                out.push_str(" : ");
                write(out, &node.value, inner);
            }
            out.push('\n');
            out.push_str(&" ".repeat(indent));
            out.push('}');
        }
    }
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
