//! ECS clusters, their instances, and what runs there.

use crate::action::Action;
use crate::client::{Operation, Paged};
use crate::error::Unreadable;
use crate::ops::json;
use crate::request::Request;
use serde::Deserialize;
use serde_json::json as object;

/// `ListClusters` of ECS.
#[derive(Clone, Debug, Default)]
pub struct ListEcsClusters {
    /// Which page.
    pub next_token: Option<String>,
}

impl Operation for ListEcsClusters {
    type Output = EcsClusters;
    const ACTION: Action = Action::ListEcsClusters;

    fn request(&self) -> Request {
        Request::json(&object!({"maxResults": 100, "nextToken": self.next_token}))
    }

    fn parse(body: &[u8]) -> Result<EcsClusters, Unreadable> {
        json(body)
    }
}

impl Paged for ListEcsClusters {
    fn next(output: &EcsClusters) -> Option<&str> {
        output.next_token.as_deref()
    }

    fn at(&mut self, token: String) {
        self.next_token = Some(token);
    }
}

/// A page of clusters.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct EcsClusters {
    /// Their ARNs.
    pub cluster_arns: Vec<String>,
    /// The page after this one.
    pub next_token: Option<String>,
}

/// `ListContainerInstances` of a cluster.
#[derive(Clone, Debug, Default)]
pub struct ListContainerInstances {
    /// Its ARN.
    pub cluster: String,
    /// Which page.
    pub next_token: Option<String>,
}

impl Operation for ListContainerInstances {
    type Output = ContainerInstanceArns;
    const ACTION: Action = Action::ListContainerInstances;

    fn request(&self) -> Request {
        Request::json(&object!({"cluster": self.cluster, "maxResults": 100, "nextToken": self.next_token}))
    }

    fn parse(body: &[u8]) -> Result<ContainerInstanceArns, Unreadable> {
        json(body)
    }
}

impl Paged for ListContainerInstances {
    fn next(output: &ContainerInstanceArns) -> Option<&str> {
        output.next_token.as_deref()
    }

    fn at(&mut self, token: String) {
        self.next_token = Some(token);
    }
}

/// A page of container instances.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct ContainerInstanceArns {
    /// Their ARNs.
    pub container_instance_arns: Vec<String>,
    /// The page after this one.
    pub next_token: Option<String>,
}

/// `DescribeContainerInstances`: at most 100.
#[derive(Clone, Debug, Default)]
pub struct DescribeContainerInstances {
    /// The ARN of the cluster.
    pub cluster: String,
    /// Which.
    pub arns: Vec<String>,
}

impl Operation for DescribeContainerInstances {
    type Output = ContainerInstances;
    const ACTION: Action = Action::DescribeContainerInstances;

    fn request(&self) -> Request {
        Request::json(&object!({"cluster": self.cluster, "containerInstances": self.arns}))
    }

    fn parse(body: &[u8]) -> Result<ContainerInstances, Unreadable> {
        json(body)
    }
}

/// Container instances.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct ContainerInstances {
    /// The instances.
    pub container_instances: Vec<ContainerInstance>,
}

/// A container instance.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct ContainerInstance {
    /// `i-…`.
    pub ec2_instance_id: Option<String>,
    /// Its ARN.
    pub container_instance_arn: String,
}

/// `ListTasks` of a cluster: those that run on instances of EC2.
#[derive(Clone, Debug, Default)]
pub struct ListTasks {
    /// The ARN of the cluster.
    pub cluster: String,
    /// Which page.
    pub next_token: Option<String>,
}

impl Operation for ListTasks {
    type Output = TaskArns;
    const ACTION: Action = Action::ListTasks;

    fn request(&self) -> Request {
        let (cluster, token) = (&self.cluster, &self.next_token);
        Request::json(
            &object!({"cluster": cluster, "launchType": "EC2", "maxResults": 100, "nextToken": token}),
        )
    }

    fn parse(body: &[u8]) -> Result<TaskArns, Unreadable> {
        json(body)
    }
}

impl Paged for ListTasks {
    fn next(output: &TaskArns) -> Option<&str> {
        output.next_token.as_deref()
    }

    fn at(&mut self, token: String) {
        self.next_token = Some(token);
    }
}

/// A page of tasks.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct TaskArns {
    /// Their ARNs.
    pub task_arns: Vec<String>,
    /// The page after this one.
    pub next_token: Option<String>,
}

/// `DescribeTasks`: at most 100.
#[derive(Clone, Debug, Default)]
pub struct DescribeTasks {
    /// The ARN of the cluster.
    pub cluster: String,
    /// Which.
    pub arns: Vec<String>,
}

impl Operation for DescribeTasks {
    type Output = Tasks;
    const ACTION: Action = Action::DescribeTasks;

    fn request(&self) -> Request {
        Request::json(&object!({"cluster": self.cluster, "tasks": self.arns}))
    }

    fn parse(body: &[u8]) -> Result<Tasks, Unreadable> {
        json(body)
    }
}

/// Tasks.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Tasks {
    /// The tasks.
    pub tasks: Vec<Task>,
}

/// A task.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Task {
    /// Where it runs.
    pub container_instance_arn: Option<String>,
    /// What it was made from.
    pub task_definition_arn: String,
}

/// `DescribeTaskDefinition`.
#[derive(Clone, Debug, Default)]
pub struct DescribeTaskDefinition {
    /// Its ARN.
    pub arn: String,
}

impl Operation for DescribeTaskDefinition {
    type Output = TaskDefinition;
    const ACTION: Action = Action::DescribeTaskDefinition;

    fn request(&self) -> Request {
        Request::json(&object!({"taskDefinition": self.arn}))
    }

    fn parse(body: &[u8]) -> Result<TaskDefinition, Unreadable> {
        #[derive(Deserialize)]
        struct Answer {
            #[serde(rename = "taskDefinition")]
            definition: TaskDefinition,
        }
        json::<Answer>(body).map(|answer| answer.definition)
    }
}

/// A task definition.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct TaskDefinition {
    /// `bridge`, `host`, `awsvpc`, `none`; left out where it is the default of the platform, `bridge` on Linux.
    pub network_mode: Option<String>,
}
