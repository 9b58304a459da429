//! Services that speak JSON. `SageMaker`, EMR, Lightsail and SSM are here, the others have files of their own.

use super::{app_stream, ecs, organizations, unknown};
use crate::answer::{Answer, Done, Fault};
use crate::request::Service;
use crate::scenario::{EmrCluster, Options};
use crate::world::Scene;
use serde_json::{Value, json};

pub(super) fn answer(scene: &Scene<'_>) -> Done<Answer> {
    let body = match (scene.asked.service, scene.asked.operation.as_str()) {
        (Service::Organizations, operation) => organizations::answer(scene, operation)?,
        (Service::Ecs, operation) => ecs::answer(scene, operation)?,
        (Service::AppStream, operation) => app_stream::answer(scene, operation)?,
        (Service::SageMaker, "ListNotebookInstances") => notebooks(scene)?,
        (Service::SageMaker, "DescribeNotebookInstance") => notebook(scene)?,
        (Service::Emr, "ListSecurityConfigurations") => emr(scene)?,
        (Service::Emr, "DescribeSecurityConfiguration") => emr_one(scene)?,
        (Service::Emr, "ListClusters") => emr_clusters(scene)?,
        (Service::Emr, "DescribeCluster") => emr_cluster(scene)?,
        (Service::Lightsail, "GetInstances") => lightsail(scene)?,
        (Service::Ssm, "GetParameters") => parameters(scene)?,
        _ => return Err(unknown(scene)),
    };
    Ok(Answer::json(body.to_string()))
}

/// A page of a list, with the token under a name.
pub(super) fn page<T>(
    scene: &Scene<'_>,
    all: &[T],
    list: &str,
    token: (&str, &str),
    write: impl Fn(&T) -> Value,
) -> Done<Value> {
    let asked = scene.asked.text(token.0).or_else(|| scene.asked.get(token.0));
    let (part, next) = scene.part(all, asked, None, 100)?;
    let mut body = json!({ list: part.iter().map(write).collect::<Vec<_>>() });
    if let Some(next) = next {
        body[token.1] = next.into();
    }
    Ok(body)
}

pub(super) const TOKEN: (&str, &str) = ("NextToken", "NextToken");
pub(super) const LOWER_TOKEN: (&str, &str) = ("nextToken", "nextToken");

fn notebooks(scene: &Scene<'_>) -> Done<Value> {
    let place = scene.place()?;
    page(
        scene,
        &place.about.notebooks,
        "NotebookInstances",
        TOKEN,
        |it| json!({"NotebookInstanceName": it.name, "NotebookInstanceStatus": "InService"}),
    )
}

fn notebook(scene: &Scene<'_>) -> Done<Value> {
    let place = scene.place()?;
    let name = scene.asked.text("NotebookInstanceName").unwrap_or_default();
    let it = place.about.notebooks.iter().find(|it| it.name == name);
    let it = it.ok_or_else(|| Fault::bad("ValidationException", "RecordNotFound"))?;
    let (region, account) = (&place.region, &place.account);
    let mut body = json!({
        "NotebookInstanceName": it.name,
        "NotebookInstanceArn": format!("arn:aws:sagemaker:{region}:{account}:notebook-instance/{}", it.name),
        "NotebookInstanceStatus": "InService",
        "RoleArn": format!("arn:aws:iam::{account}:role/{}", it.role),
        "DirectInternetAccess": "Enabled",
    });
    if let Some(version) = &it.minimum_version {
        body["InstanceMetadataServiceConfiguration"] =
            json!({"MinimumInstanceMetadataServiceVersion": version});
    }
    Ok(body)
}

fn emr(scene: &Scene<'_>) -> Done<Value> {
    let place = scene.place()?;
    let names: Vec<_> = place.about.emr.keys().collect();
    page(scene, &names, "SecurityConfigurations", ("Marker", "Marker"), |name| json!({"Name": name}))
}

fn emr_one(scene: &Scene<'_>) -> Done<Value> {
    let place = scene.place()?;
    let name = scene.asked.text("Name").unwrap_or_default();
    let text = place.about.emr.get(name);
    let text = text.ok_or_else(|| Fault::bad("InvalidRequestException", "no such security configuration"))?;
    Ok(json!({"Name": name, "SecurityConfiguration": text.to_string()}))
}

fn emr_state(it: &EmrCluster) -> &str {
    it.state.as_deref().unwrap_or("WAITING")
}

fn emr_clusters(scene: &Scene<'_>) -> Done<Value> {
    let place = scene.place()?;
    let states = scene.asked.json["ClusterStates"].as_array().cloned().unwrap_or_default();
    let is_wanted = |it: &&EmrCluster| states.is_empty() || states.iter().any(|state| state == emr_state(it));
    let wanted: Vec<_> = place.about.emr_clusters.iter().filter(is_wanted).collect();
    page(
        scene,
        &wanted,
        "Clusters",
        ("Marker", "Marker"),
        |it| json!({"Id": it.id, "Name": it.name, "Status": {"State": emr_state(it)}}),
    )
}

fn emr_cluster(scene: &Scene<'_>) -> Done<Value> {
    let place = scene.place()?;
    let id = scene.asked.text("ClusterId").unwrap_or_default();
    let it = place.about.emr_clusters.iter().find(|it| it.id == id);
    let it =
        it.ok_or_else(|| Fault::bad("InvalidRequestException", format!("Cluster id '{id}' is not valid.")))?;
    let tags: Vec<_> = it.tags.iter().map(|(key, value)| json!({"Key": key, "Value": value})).collect();
    Ok(json!({"Cluster": {
        "Id": it.id, "Name": it.name, "Status": {"State": emr_state(it)}, "ReleaseLabel": it.release,
        "SecurityConfiguration": it.security_configuration, "Tags": tags,
    }}))
}

fn lightsail(scene: &Scene<'_>) -> Done<Value> {
    let place = scene.place()?;
    page(scene, &place.about.lightsail, "instances", ("pageToken", "nextPageToken"), |it| {
        let mut options = camel(&it.metadata_options);
        options["state"] = "applied".into();
        json!({
            "name": it.name, "publicIpAddress": it.public_ip, "blueprintId": "amazon_linux_2023",
            "arn": format!("arn:aws:lightsail:{}:{}:Instance/{}", place.region, place.account, it.name),
            "state": {"name": "running"}, "metadataOptions": options,
        })
    })
}

/// Options as JSON writes them.
pub(super) fn camel(options: &Options) -> Value {
    let mut body = json!({});
    let texts = [
        ("httpTokens", &options.http_tokens),
        ("httpEndpoint", &options.http_endpoint),
        ("httpProtocolIpv6", &options.http_protocol_ipv6),
    ];
    for (name, text) in texts {
        if let Some(text) = text {
            body[name] = text.as_str().into();
        }
    }
    if let Some(limit) = options.http_put_response_hop_limit {
        body["httpPutResponseHopLimit"] = limit.into();
    }
    body
}

fn parameters(scene: &Scene<'_>) -> Done<Value> {
    let place = scene.place()?;
    let names = scene.asked.json["Names"].as_array().cloned().unwrap_or_default();
    let (mut found, mut missing) = (Vec::new(), Vec::new());
    for name in names.iter().filter_map(Value::as_str) {
        match place.about.parameters.get(name) {
            Some(value) => found.push(json!({"Name": name, "Value": value, "Type": "String"})),
            None => missing.push(name),
        }
    }
    Ok(json!({"Parameters": found, "InvalidParameters": missing}))
}
