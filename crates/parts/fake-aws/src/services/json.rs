//! Services that speak JSON: Organizations, `SageMaker`, EMR, Lightsail, ECS, SSM.

use super::unknown;
use crate::answer::{Answer, Done, Fault};
use crate::request::Service;
use crate::scenario::Options;
use crate::world::Scene;
use serde_json::{Value, json};

pub(super) fn answer(scene: &Scene<'_>) -> Done<Answer> {
    let body = match (scene.asked.service, scene.asked.operation.as_str()) {
        (Service::Organizations, operation) => organizations(scene, operation)?,
        (Service::SageMaker, "ListNotebookInstances") => notebooks(scene)?,
        (Service::SageMaker, "DescribeNotebookInstance") => notebook(scene)?,
        (Service::Emr, "ListSecurityConfigurations") => emr(scene)?,
        (Service::Emr, "DescribeSecurityConfiguration") => emr_one(scene)?,
        (Service::Lightsail, "GetInstances") => lightsail(scene)?,
        (Service::Ecs, "ListClusters") => ecs_clusters(scene)?,
        (Service::Ecs, "ListContainerInstances") => ecs_instances(scene)?,
        (Service::Ecs, "DescribeContainerInstances") => ecs_describe(scene),
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

const TOKEN: (&str, &str) = ("NextToken", "NextToken");
pub(super) const LOWER_TOKEN: (&str, &str) = ("nextToken", "nextToken");

fn organizations(scene: &Scene<'_>, operation: &str) -> Done<Value> {
    let scenario = &scene.world.scenario;
    let is_management = scenario.accounts.first().is_some_and(|first| first.id == scene.session.account);
    let kind = scene.asked.text("Filter").or_else(|| scene.asked.text("PolicyType")).unwrap_or_default();
    if operation == "DescribeEffectivePolicy" {
        let target = scene.asked.text("TargetId").unwrap_or(&scene.session.account);
        let policy = scenario.policies.iter().find(|policy| policy.kind == kind).ok_or_else(|| {
            Fault::bad("EffectivePolicyNotFoundException", "the account has no effective policy of this type")
        })?;
        return Ok(json!({"EffectivePolicy":
            {"PolicyContent": policy.content, "TargetId": target, "PolicyType": policy.kind}}));
    }
    if !is_management {
        return Err(Fault::bad(
            "AccessDeniedException",
            "You don't have permissions to access this resource.",
        ));
    }
    match operation {
        "ListAccounts" => page(scene, &scenario.accounts, "Accounts", TOKEN, |account| {
            let status = account.status.as_deref().unwrap_or("ACTIVE");
            json!({"Id": account.id, "Name": account.name, "Status": status})
        }),
        _ => Err(unknown(scene)),
    }
}

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

fn ecs_clusters(scene: &Scene<'_>) -> Done<Value> {
    let place = scene.place()?;
    let names: Vec<_> = place.about.ecs.keys().collect();
    let (region, account) = (&place.region, &place.account);
    page(scene, &names, "clusterArns", LOWER_TOKEN, |name| {
        format!("arn:aws:ecs:{region}:{account}:cluster/{name}").into()
    })
}

fn ecs_instances(scene: &Scene<'_>) -> Done<Value> {
    let place = scene.place()?;
    let arn = scene.asked.text("cluster").unwrap_or_default();
    let name = arn.rsplit('/').next().unwrap_or_default();
    let instances = place.about.ecs.get(name);
    let instances = instances.ok_or_else(|| Fault::bad("ClusterNotFoundException", "Cluster not found."))?;
    let (region, account) = (&place.region, &place.account);
    page(scene, instances, "containerInstanceArns", LOWER_TOKEN, |id| {
        format!("arn:aws:ecs:{region}:{account}:container-instance/{name}/{id}").into()
    })
}

fn ecs_describe(scene: &Scene<'_>) -> Value {
    let arns = scene.asked.json["containerInstances"].as_array().cloned().unwrap_or_default();
    let found = arns.iter().filter_map(Value::as_str).map(|arn| {
        json!({"containerInstanceArn": arn, "ec2InstanceId": arn.rsplit('/').next(), "status": "ACTIVE"})
    });
    json!({"containerInstances": found.collect::<Vec<_>>(), "failures": []})
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
