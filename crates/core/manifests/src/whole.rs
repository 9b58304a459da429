//! Documents that are one resource as a whole.

use crate::{Format, resource, text};
use onehop_code::{Language, Resource, Value};

pub(crate) fn parallel_cluster(path: &str, document: &Value) -> Vec<Resource> {
    let kind = "ParallelCluster";
    let mut cluster = resource(Language::ParallelCluster, kind, "cluster".to_owned(), path, document.clone());
    cluster.span = document.entry("HeadNode").and_then(|it| it.key_span).or(cluster.span);
    cluster.provider.region = text(document, &["Region"]).map(str::to_owned);
    vec![cluster]
}

pub(crate) fn policy(path: &str, format: Format, document: &Value) -> Vec<Resource> {
    let (kind, head) = match format {
        Format::DeclarativePolicy => ("DeclarativePolicy", "ec2_attributes"),
        _ => ("ServiceControlPolicy", "Statement"),
    };
    let mut policy = resource(Language::Policy, kind, "policy".to_owned(), path, document.clone());
    policy.span = document.entry(head).and_then(|it| it.key_span).or(policy.span);
    vec![policy]
}
