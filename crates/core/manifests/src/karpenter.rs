//! How Karpenter starts instances.

use crate::format::is_of_karpenter;
use crate::template::open_names;
use crate::{resource, text};
use onehop_code::{Kind, Language, Resource, Value};

pub(crate) fn read(path: &str, document: &Value) -> Vec<Resource> {
    let items = document.get("items").map(Value::items).unwrap_or_default();
    std::iter::once(document).chain(items).filter(|it| is_of_karpenter(it)).map(|it| one(path, it)).collect()
}

fn one(path: &str, manifest: &Value) -> Resource {
    let kind = text(manifest, &["kind"]).unwrap_or("EC2NodeClass");
    let name = text(manifest, &["metadata", "name"]).unwrap_or("?");
    let mut body = manifest.clone();
    if let Kind::Map(entries) = &mut body.kind {
        for entry in entries.iter_mut().filter(|it| it.key == "spec") {
            open_names(&mut entry.value, &["metadataOptions", "amiFamily", "userData"]);
        }
    }
    let mut resource = resource(Language::Kubernetes, kind, format!("{kind}/{name}"), path, body);
    resource.span = manifest.entry("kind").and_then(|it| it.value.span).or(resource.span);
    resource
}
