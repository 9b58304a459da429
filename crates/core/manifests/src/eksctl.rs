//! Node groups of eksctl.

use crate::template::open_names;
use crate::{resource, text};
use onehop_code::{Entry, Kind, Language, Resource, Value};

pub(crate) fn read(path: &str, document: &Value) -> Vec<Resource> {
    let groups = |list: &str| document.get(list).map(Value::items).unwrap_or_default();
    let own = groups("nodeGroups").iter().map(|it| ("NodeGroup", it));
    let managed = groups("managedNodeGroups").iter().map(|it| ("ManagedNodeGroup", it));
    own.chain(managed).map(|(kind, group)| one(path, document, kind, group)).collect()
}

fn one(path: &str, document: &Value, kind: &str, group: &Value) -> Resource {
    let cluster = text(document, &["metadata", "name"]).unwrap_or("?");
    let name = text(group, &["name"]).unwrap_or("?");
    let mut body = group.clone();
    open_names(&mut body, &["disableIMDSv1", "disablePodIMDS", "launchTemplate"]);
    if let (Kind::Map(entries), Some(metadata)) = (&mut body.kind, document.get("metadata")) {
        entries.push(Entry { key: "cluster".to_owned(), key_span: None, value: metadata.clone() });
    }
    let mut resource = resource(Language::Eksctl, kind, format!("{cluster}/{name}"), path, body);
    resource.span = group.get("name").and_then(|it| it.span).or(resource.span);
    resource.provider.region = text(document, &["metadata", "region"]).map(str::to_owned);
    resource
}
