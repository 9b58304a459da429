//! ECS clusters and their instances.

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
