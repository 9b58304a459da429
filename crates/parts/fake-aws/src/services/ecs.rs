//! ECS: clusters, their instances, and tasks there.

use super::json::{LOWER_TOKEN, page};
use super::unknown;
use crate::answer::{Done, Fault};
use crate::place::Place;
use crate::scenario::EcsTask;
use crate::world::Scene;
use serde_json::{Value, json};

pub(super) fn answer(scene: &Scene<'_>, operation: &str) -> Done<Value> {
    match operation {
        "ListClusters" => clusters(scene),
        "ListContainerInstances" => instances(scene),
        "DescribeContainerInstances" => Ok(describe(scene)),
        "ListTasks" => tasks(scene),
        "DescribeTasks" => describe_tasks(scene),
        "DescribeTaskDefinition" => definition(scene),
        _ => Err(unknown(scene)),
    }
}

fn clusters(scene: &Scene<'_>) -> Done<Value> {
    let place = scene.place()?;
    let names: Vec<_> = place.about.ecs.keys().collect();
    let (region, account) = (&place.region, &place.account);
    page(scene, &names, "clusterArns", LOWER_TOKEN, |name| {
        format!("arn:aws:ecs:{region}:{account}:cluster/{name}").into()
    })
}

fn instances(scene: &Scene<'_>) -> Done<Value> {
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

fn describe(scene: &Scene<'_>) -> Value {
    let arns = scene.asked.json["containerInstances"].as_array().cloned().unwrap_or_default();
    let found = arns.iter().filter_map(Value::as_str).map(|arn| {
        json!({"containerInstanceArn": arn, "ec2InstanceId": arn.rsplit('/').next(), "status": "ACTIVE"})
    });
    json!({"containerInstances": found.collect::<Vec<_>>(), "failures": []})
}

/// Tasks have their place in the list of the scenario as their number.
fn task_arn(place: &Place, number: usize, task: &EcsTask) -> String {
    format!("arn:aws:ecs:{}:{}:task/{}/{number:032x}", place.region, place.account, task.cluster)
}

fn tasks(scene: &Scene<'_>) -> Done<Value> {
    let place = scene.place()?;
    let arn = scene.asked.text("cluster").unwrap_or_default();
    let name = arn.rsplit('/').next().unwrap_or_default();
    if !place.about.ecs.contains_key(name) {
        return Err(Fault::bad("ClusterNotFoundException", "Cluster not found."));
    }
    let kind = scene.asked.text("launchType");
    let is_wanted = |task: &EcsTask| {
        let own = if task.instance.is_some() { "EC2" } else { "FARGATE" };
        task.cluster == name && kind.is_none_or(|kind| kind == own)
    };
    let numbered = place.about.ecs_tasks.iter().enumerate().filter(|(_, task)| is_wanted(task));
    let arns: Vec<_> = numbered.map(|(number, task)| task_arn(&place, number, task)).collect();
    page(scene, &arns, "taskArns", LOWER_TOKEN, |arn| arn.as_str().into())
}

fn describe_tasks(scene: &Scene<'_>) -> Done<Value> {
    let place = scene.place()?;
    let (region, account) = (&place.region, &place.account);
    let asked = scene.asked.json["tasks"].as_array().cloned().unwrap_or_default();
    if asked.len() > 100 {
        return Err(Fault::bad("InvalidParameterException", "at most 100 tasks can be described"));
    }
    let all = place.about.ecs_tasks.iter().enumerate();
    let found = all.map(|(number, task)| (task_arn(&place, number, task), number, task));
    let tasks: Vec<_> = found
        .filter(|(arn, ..)| asked.iter().any(|asked| asked == arn.as_str()))
        .map(|(arn, number, task)| {
            let instance = task.instance.as_ref().map(|id| {
                format!("arn:aws:ecs:{region}:{account}:container-instance/{}/{id}", task.cluster)
            });
            json!({
                "taskArn": arn, "lastStatus": "RUNNING", "containerInstanceArn": instance,
                "launchType": if task.instance.is_some() { "EC2" } else { "FARGATE" },
                "taskDefinitionArn": format!("arn:aws:ecs:{region}:{account}:task-definition/task-{number}:1"),
            })
        })
        .collect();
    Ok(json!({"tasks": tasks, "failures": []}))
}

fn definition(scene: &Scene<'_>) -> Done<Value> {
    let place = scene.place()?;
    let arn = scene.asked.text("taskDefinition").unwrap_or_default();
    let number =
        arn.rsplit_once("/task-").and_then(|(_, rest)| rest.strip_suffix(":1")?.parse::<usize>().ok());
    let task = number.and_then(|number| place.about.ecs_tasks.get(number));
    let task = task.ok_or_else(|| Fault::bad("ClientException", "Unable to describe task definition."))?;
    let mut body = json!({"taskDefinitionArn": arn, "status": "ACTIVE"});
    if let Some(mode) = &task.network_mode {
        body["networkMode"] = mode.as_str().into();
    }
    Ok(json!({ "taskDefinition": body }))
}
