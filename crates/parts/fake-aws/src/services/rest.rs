//! Services with paths: EKS, Image Builder and Batch.

use super::json::{LOWER_TOKEN, camel, page};
use super::unknown;
use crate::answer::{Answer, Done, Fault};
use crate::scenario::{NodeGroup, TemplateReference};
use crate::world::Scene;
use serde_json::{Value, json};

pub(super) fn answer(scene: &Scene<'_>) -> Done<Answer> {
    let body = match scene.asked.operation.as_str() {
        "ListClusters" => clusters(scene)?,
        "ListNodegroups" => node_groups(scene)?,
        "DescribeNodegroup" => node_group(scene)?,
        "ListInfrastructureConfigurations" => builds(scene)?,
        "GetInfrastructureConfiguration" => build(scene)?,
        "DescribeComputeEnvironments" => compute_environments(scene)?,
        _ => return Err(unknown(scene)),
    };
    Ok(Answer { content_type: "application/json", ..Answer::json(body.to_string()) })
}

fn clusters(scene: &Scene<'_>) -> Done<Value> {
    let place = scene.place()?;
    let names: Vec<_> = place.about.eks.keys().collect();
    page(scene, &names, "clusters", LOWER_TOKEN, |name| name.as_str().into())
}

fn missing(what: &str) -> Fault {
    Fault::new(404, "ResourceNotFoundException", format!("No {what} found for name."))
}

fn node_groups(scene: &Scene<'_>) -> Done<Value> {
    let place = scene.place()?;
    let groups = place.about.eks.get(scene.asked.need("path.1")?).ok_or_else(|| missing("cluster"))?;
    page(scene, groups, "nodegroups", LOWER_TOKEN, |group| group.name.as_str().into())
}

fn node_group(scene: &Scene<'_>) -> Done<Value> {
    let place = scene.place()?;
    let cluster = scene.asked.need("path.1")?;
    let groups = place.about.eks.get(cluster).ok_or_else(|| missing("cluster"))?;
    let name = scene.asked.need("path.3")?;
    let group = groups.iter().find(|group| group.name == name).ok_or_else(|| missing("node group"))?;
    let NodeGroup { name, ami_type, auto_scaling_groups, tags, .. } = group;
    let mut body = json!({
        "nodegroupName": name,
        "clusterName": cluster,
        "nodegroupArn":
            format!("arn:aws:eks:{}:{}:nodegroup/{cluster}/{name}/0", place.region, place.account),
        "amiType": ami_type,
        "status": "ACTIVE",
        "resources": {"autoScalingGroups": auto_scaling_groups.iter().map(|name| json!({"name": name})).collect::<Vec<_>>()},
        "tags": tags,
    });
    if let Some(TemplateReference { id, name, version }) = &group.launch_template {
        body["launchTemplate"] = json!({"id": id, "name": name, "version": version});
    }
    Ok(json!({ "nodegroup": body }))
}

fn arn(scene: &Scene<'_>, name: &str) -> String {
    let (region, account) = (&scene.asked.region, &scene.session.account);
    format!("arn:aws:imagebuilder:{region}:{account}:infrastructure-configuration/{name}")
}

fn builds(scene: &Scene<'_>) -> Done<Value> {
    let place = scene.place()?;
    page(
        scene,
        &place.about.builds,
        "infrastructureConfigurationSummaryList",
        LOWER_TOKEN,
        |it| json!({"arn": arn(scene, &it.name), "name": it.name}),
    )
}

fn build(scene: &Scene<'_>) -> Done<Value> {
    let place = scene.place()?;
    let wanted = scene.asked.need("infrastructureConfigurationArn")?;
    let found = place.about.builds.iter().find(|it| arn(scene, &it.name) == wanted);
    let it = found.ok_or_else(|| missing("infrastructure configuration"))?;
    let mut body =
        json!({"arn": wanted, "name": it.name, "instanceProfileName": it.instance_profile, "tags": {}});
    if it.metadata_options != crate::scenario::Options::default() {
        body["instanceMetadataOptions"] = camel(&it.metadata_options);
    }
    Ok(json!({ "infrastructureConfiguration": body }))
}

fn compute_environments(scene: &Scene<'_>) -> Done<Value> {
    let place = scene.place()?;
    let named = |it: &TemplateReference| json!({"launchTemplateId": it.id, "launchTemplateName": it.name, "version": it.version});
    page(scene, &place.about.batch, "computeEnvironments", LOWER_TOKEN, |it| {
        let kind = it.kind.as_deref().unwrap_or("EC2");
        let mut body = json!({
            "computeEnvironmentName": it.name, "type": "MANAGED", "state": "ENABLED", "status": "VALID",
            "computeResources": {"type": kind, "maxvCpus": 16}, "tags": it.tags,
        });
        if let Some(template) = &it.launch_template {
            let mut template = named(template);
            template["overrides"] = it.overrides.iter().map(named).collect();
            body["computeResources"]["launchTemplate"] = template;
        }
        body
    })
}
