//! Compute environments of Batch.

use crate::action::Action;
use crate::client::{Operation, Paged};
use crate::error::Unreadable;
use crate::ops::json;
use crate::request::Request;
use serde::Deserialize;
use serde_json::json as object;
use std::collections::BTreeMap;

/// `DescribeComputeEnvironments`.
#[derive(Clone, Debug, Default)]
pub struct DescribeComputeEnvironments {
    /// Which page.
    pub next_token: Option<String>,
}

impl Operation for DescribeComputeEnvironments {
    type Output = ComputeEnvironments;
    const ACTION: Action = Action::DescribeComputeEnvironments;

    fn request(&self) -> Request {
        let body = object!({"maxResults": 100, "nextToken": self.next_token});
        Request::rest("POST", &["v1", "describecomputeenvironments"], &[], Some(&body))
    }

    fn parse(body: &[u8]) -> Result<ComputeEnvironments, Unreadable> {
        json(body)
    }
}

impl Paged for DescribeComputeEnvironments {
    fn next(output: &ComputeEnvironments) -> Option<&str> {
        output.next_token.as_deref()
    }

    fn at(&mut self, token: String) {
        self.next_token = Some(token);
    }
}

/// A page of compute environments.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct ComputeEnvironments {
    /// The environments.
    pub compute_environments: Vec<ComputeEnvironment>,
    /// The page after this one.
    pub next_token: Option<String>,
}

/// A compute environment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct ComputeEnvironment {
    /// Its name.
    #[serde(rename = "computeEnvironmentName")]
    pub name: String,
    /// `VALID`, `DELETED`, …
    pub status: Option<String>,
    /// What it starts; left out where somebody else starts it.
    pub compute_resources: Option<ComputeResources>,
    /// Its tags.
    pub tags: BTreeMap<String, String>,
}

/// What an environment starts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct ComputeResources {
    /// `EC2`, `SPOT`, `FARGATE`, `FARGATE_SPOT`, …
    #[serde(rename = "type")]
    pub kind: String,
    /// Its template, if it has one.
    pub launch_template: Option<BatchTemplate>,
}

/// A template that an environment names.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct BatchTemplate {
    /// `lt-…`.
    pub launch_template_id: Option<String>,
    /// Its name.
    pub launch_template_name: Option<String>,
    /// A number, `$Latest`, `$Default` or nothing. What `$Latest` is was decided when the infrastructure was updated last.
    pub version: Option<String>,
    /// Templates for some types of instances.
    pub overrides: Vec<BatchTemplate>,
}
