//! Which tool a document is for, by what it says.

use crate::{ansible, text};
use onehop_code::Value;

/// The tools whose documents are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Format {
    /// A manifest of Karpenter, or a list that holds some.
    Karpenter,
    /// A cluster file of eksctl.
    Eksctl,
    /// A cluster file of AWS `ParallelCluster` 3.
    ParallelCluster,
    /// A playbook or a file of tasks that has modules which start instances.
    Ansible,
    /// A program in Pulumi YAML.
    Pulumi,
    /// What `pulumi preview --json` or `pulumi stack export` prints.
    PulumiState,
    /// A Packer template in JSON.
    Packer,
    /// A policy with statements.
    ServiceControlPolicy,
    /// A declarative policy with EC2 attributes.
    DeclarativePolicy,
}

/// What a document is for; none if it is of no interest here. The path decides nothing: files are renamed, and
/// the content says enough.
pub fn recognise(path: &str, document: &Value) -> Option<Format> {
    let _ = path;
    if !document.items().is_empty() {
        return ansible::has_modules(document).then_some(Format::Ansible);
    }
    let has = |key: &str| document.get(key).is_some();
    let entries = |key: &str| document.get(key).map(Value::entries).unwrap_or_default();
    let items = |path: &[&str]| document.path(path).map(Value::items).unwrap_or_default();
    if is_of_karpenter(document) || items(&["items"]).iter().any(is_of_karpenter) {
        Some(Format::Karpenter)
    } else if starts(document, "apiVersion", "eksctl.io/")
        && text(document, &["kind"]) == Some("ClusterConfig")
    {
        Some(Format::Eksctl)
    } else if has("HeadNode") && (has("Scheduling") || has("Image") || has("Region")) {
        Some(Format::ParallelCluster)
    } else if entries("resources")
        .iter()
        .any(|it| PROVIDERS.iter().any(|name| starts(&it.value, "type", name)))
    {
        Some(Format::Pulumi)
    } else if items(&["steps"])
        .iter()
        .chain(items(&["deployment", "resources"]))
        .any(|it| starts(it, "urn", "urn:"))
    {
        Some(Format::PulumiState)
    } else if items(&["builders"]).iter().any(|it| text(it, &["type"]).is_some()) {
        Some(Format::Packer)
    } else if has("ec2_attributes") {
        Some(Format::DeclarativePolicy)
    } else if document.get("Statement").is_some_and(is_statement)
        || items(&["Statement"]).iter().any(is_statement)
    {
        Some(Format::ServiceControlPolicy)
    } else {
        None
    }
}

/// The providers of Pulumi that make instances.
const PROVIDERS: [&str; 4] = ["aws:", "aws-native:", "awsx:", "eks:"];

/// Whether a manifest says how Karpenter starts instances.
pub(crate) fn is_of_karpenter(manifest: &Value) -> bool {
    match text(manifest, &["kind"]) {
        Some("EC2NodeClass" | "AWSNodeTemplate") => starts(manifest, "apiVersion", "karpenter.k8s.aws/"),
        Some("Provisioner") => {
            starts(manifest, "apiVersion", "karpenter.sh/") && manifest.path(&["spec", "provider"]).is_some()
        }
        _ => false,
    }
}

fn is_statement(value: &Value) -> bool {
    matches!(text(value, &["Effect"]), Some("Allow" | "Deny"))
}

fn starts(value: &Value, key: &str, with: &str) -> bool {
    text(value, &[key]).is_some_and(|it| it.starts_with(with))
}
