//! Resources in YAML and JSON documents of tools that start instances, and in policies about them.
//!
//! ```text
//! document: Value ─ recognise ─▶ Format ─ read ─▶ Resource { kind, body } …
//! ```
//! | format | kind of its resources | body |
//! |---|---|---|
//! | Karpenter | `EC2NodeClass`, `AWSNodeTemplate`, `Provisioner` | the whole manifest |
//! | eksctl | `NodeGroup`, `ManagedNodeGroup` | the group; `cluster` is the cluster's `metadata` |
//! | AWS `ParallelCluster` | `ParallelCluster` | the whole file |
//! | Ansible | the module in its collection ([`ansible::MODULES`]) | its arguments |
//! | Pulumi | `aws:ec2:Instance` | its properties; of a preview or state its inputs |
//! | Packer JSON | `amazon-ebs` and others | the builder |
//! | policies | `ServiceControlPolicy`, `DeclarativePolicy` | the whole document |
//!
//! What stands in another language inside of a value (`{{ … }}`, `${…}`) is carried out as far as the same document says
//! what it is, else it is unknown.
//!
//! # Failure
//! Total: what has not the expected form makes no resource. Walks are as deep as the document, which its reader bounds.

#![forbid(unsafe_code)]

pub mod ansible;
mod eksctl;
mod format;
mod karpenter;
mod packer;
mod pulumi;
mod template;
mod whole;

pub use format::{Format, recognise};

use onehop_code::{Language, Presence, Provider, Resource, Span, Value};

/// The resources of a document that was recognised. `path` becomes their scope. For tasks with variables from other files,
/// see [`ansible::read`].
pub fn read(path: &str, format: Format, document: &Value) -> Vec<Resource> {
    match format {
        Format::Karpenter => karpenter::read(path, document),
        Format::Eksctl => eksctl::read(path, document),
        Format::ParallelCluster => whole::parallel_cluster(path, document),
        Format::Ansible => ansible::read(path, document, &ansible::Variables::default()),
        Format::Pulumi => pulumi::program::read(path, document),
        Format::PulumiState => pulumi::state::read(path, document),
        Format::Packer => packer::read(path, document),
        Format::ServiceControlPolicy | Format::DeclarativePolicy => whole::policy(path, format, document),
    }
}

/// A resource without a provider, for sure made.
fn resource(language: Language, kind: &str, address: String, path: &str, body: Value) -> Resource {
    let block = body.span;
    Resource {
        language,
        kind: kind.to_owned(),
        address,
        scope: path.to_owned(),
        body,
        span: block.map(|it| Span { end: it.start, ..it }),
        block,
        provider: Provider::default(),
        presence: Presence::Sure,
        calls: Vec::new(),
    }
}

/// A text at a name, if there is one.
fn text<'v>(value: &'v Value, path: &[&str]) -> Option<&'v str> {
    value.path(path).and_then(Value::as_str)
}
