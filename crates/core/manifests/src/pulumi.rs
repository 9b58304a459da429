//! Pulumi: programs in YAML, previews and states in JSON.

pub(crate) mod program;
pub(crate) mod state;

/// The type of a resource in its short form: `aws:ec2/instance:Instance` is `aws:ec2:Instance`.
fn short_kind(kind: &str) -> String {
    let parts: Vec<&str> = kind.split(':').collect();
    match parts.as_slice() {
        [package, module, name] => format!("{package}:{}:{name}", module.split('/').next().unwrap_or(module)),
        _ => kind.to_owned(),
    }
}
