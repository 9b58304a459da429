//! EKS clusters and node groups.

use crate::action::Action;
use crate::client::{Operation, Paged};
use crate::error::Unreadable;
use crate::ops::json;
use crate::request::Request;
use serde::Deserialize;

/// `ListClusters`.
#[derive(Clone, Debug, Default)]
pub struct ListClusters {
    /// Which page.
    pub next_token: Option<String>,
}

impl Operation for ListClusters {
    type Output = Clusters;
    const ACTION: Action = Action::ListClusters;

    fn request(&self) -> Request {
        let mut query = vec![("maxResults", "100")];
        query.extend(self.next_token.as_deref().map(|token| ("nextToken", token)));
        Request::rest("GET", &["clusters"], &query, None)
    }

    fn parse(body: &[u8]) -> Result<Clusters, Unreadable> {
        json(body)
    }
}

impl Paged for ListClusters {
    fn next(output: &Clusters) -> Option<&str> {
        output.next_token.as_deref()
    }

    fn at(&mut self, token: String) {
        self.next_token = Some(token);
    }
}

/// A page of clusters.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Clusters {
    /// Their names.
    pub clusters: Vec<String>,
    /// The page after this one.
    pub next_token: Option<String>,
}

/// `ListNodegroups` of a cluster.
#[derive(Clone, Debug, Default)]
pub struct ListNodegroups {
    /// Its name.
    pub cluster: String,
    /// Which page.
    pub next_token: Option<String>,
}

impl Operation for ListNodegroups {
    type Output = Nodegroups;
    const ACTION: Action = Action::ListNodegroups;

    fn request(&self) -> Request {
        let mut query = vec![("maxResults", "100")];
        query.extend(self.next_token.as_deref().map(|token| ("nextToken", token)));
        Request::rest("GET", &["clusters", &self.cluster, "node-groups"], &query, None)
    }

    fn parse(body: &[u8]) -> Result<Nodegroups, Unreadable> {
        json(body)
    }
}

impl Paged for ListNodegroups {
    fn next(output: &Nodegroups) -> Option<&str> {
        output.next_token.as_deref()
    }

    fn at(&mut self, token: String) {
        self.next_token = Some(token);
    }
}

/// A page of node groups.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Nodegroups {
    /// Their names.
    pub nodegroups: Vec<String>,
    /// The page after this one.
    pub next_token: Option<String>,
}

/// `DescribeNodegroup`.
#[derive(Clone, Debug, Default)]
pub struct DescribeNodegroup {
    /// The name of its cluster.
    pub cluster: String,
    /// Its name.
    pub name: String,
}

impl Operation for DescribeNodegroup {
    type Output = Nodegroup;
    const ACTION: Action = Action::DescribeNodegroup;

    fn request(&self) -> Request {
        Request::rest("GET", &["clusters", &self.cluster, "node-groups", &self.name], &[], None)
    }

    fn parse(body: &[u8]) -> Result<Nodegroup, Unreadable> {
        #[derive(Deserialize)]
        struct Answer {
            nodegroup: Nodegroup,
        }
        json::<Answer>(body).map(|answer| answer.nodegroup)
    }
}

/// A node group.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
#[expect(clippy::struct_field_names, reason = "names of the API")]
pub struct Nodegroup {
    /// Its name.
    pub nodegroup_name: String,
    /// Its ARN.
    pub nodegroup_arn: String,
    /// Its cluster.
    pub cluster_name: String,
    /// `ACTIVE`, …
    pub status: Option<String>,
    /// E.g. `AL2023_x86_64_STANDARD`.
    pub ami_type: Option<String>,
    /// Its own template; without it, EKS makes one.
    pub launch_template: Option<NodegroupTemplate>,
    /// What EKS made for it.
    pub resources: NodegroupResources,
    /// Its tags.
    pub tags: std::collections::BTreeMap<String, String>,
}

/// The template of a node group.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct NodegroupTemplate {
    /// `lt-…`.
    pub id: Option<String>,
    /// Its name.
    pub name: Option<String>,
    /// A number; `$Default` if nothing.
    pub version: Option<String>,
}

/// What EKS made.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct NodegroupResources {
    /// Groups.
    pub auto_scaling_groups: Vec<NodegroupGroup>,
}

/// A group of a node group.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct NodegroupGroup {
    /// Its name.
    pub name: String,
}
