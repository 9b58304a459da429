//! EMR security configurations and clusters.

use crate::action::Action;
use crate::client::{Operation, Paged};
use crate::error::Unreadable;
use crate::ops::json;
use crate::request::Request;
use serde::Deserialize;
use serde_json::json as object;

/// `ListSecurityConfigurations`.
#[derive(Clone, Debug, Default)]
pub struct ListSecurityConfigurations {
    /// Which page.
    pub marker: Option<String>,
}

impl Operation for ListSecurityConfigurations {
    type Output = SecurityConfigurations;
    const ACTION: Action = Action::ListSecurityConfigurations;

    fn request(&self) -> Request {
        Request::json(&object!({"Marker": self.marker}))
    }

    fn parse(body: &[u8]) -> Result<SecurityConfigurations, Unreadable> {
        json(body)
    }
}

impl Paged for ListSecurityConfigurations {
    fn next(output: &SecurityConfigurations) -> Option<&str> {
        output.marker.as_deref()
    }

    fn at(&mut self, token: String) {
        self.marker = Some(token);
    }
}

/// A page of security configurations.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct SecurityConfigurations {
    /// The configurations.
    #[serde(rename = "SecurityConfigurations")]
    pub configurations: Vec<SecurityConfigurationSummary>,
    /// The page after this one.
    pub marker: Option<String>,
}

/// A security configuration without its text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct SecurityConfigurationSummary {
    /// Its name.
    pub name: String,
}

/// `DescribeSecurityConfiguration`.
#[derive(Clone, Debug, Default)]
pub struct DescribeSecurityConfiguration {
    /// Its name.
    pub name: String,
}

impl Operation for DescribeSecurityConfiguration {
    type Output = SecurityConfiguration;
    const ACTION: Action = Action::DescribeSecurityConfiguration;

    fn request(&self) -> Request {
        Request::json(&object!({"Name": self.name}))
    }

    fn parse(body: &[u8]) -> Result<SecurityConfiguration, Unreadable> {
        json(body)
    }
}

/// A security configuration.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct SecurityConfiguration {
    /// Its name.
    pub name: String,
    /// JSON.
    #[serde(rename = "SecurityConfiguration")]
    pub text: String,
}

/// `ListClusters`: those that are not terminated.
#[derive(Clone, Debug, Default)]
pub struct ListEmrClusters {
    /// Which page.
    pub marker: Option<String>,
}

impl Operation for ListEmrClusters {
    type Output = EmrClusters;
    const ACTION: Action = Action::ListEmrClusters;

    fn request(&self) -> Request {
        let alive = ["STARTING", "BOOTSTRAPPING", "RUNNING", "WAITING"];
        Request::json(&object!({"ClusterStates": alive, "Marker": self.marker}))
    }

    fn parse(body: &[u8]) -> Result<EmrClusters, Unreadable> {
        json(body)
    }
}

impl Paged for ListEmrClusters {
    fn next(output: &EmrClusters) -> Option<&str> {
        output.marker.as_deref()
    }

    fn at(&mut self, token: String) {
        self.marker = Some(token);
    }
}

/// A page of clusters.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct EmrClusters {
    /// The clusters.
    pub clusters: Vec<EmrClusterSummary>,
    /// The page after this one.
    pub marker: Option<String>,
}

/// A cluster without its details.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct EmrClusterSummary {
    /// `j-…`.
    pub id: String,
}

/// `DescribeCluster`.
#[derive(Clone, Debug, Default)]
pub struct DescribeCluster {
    /// `j-…`.
    pub id: String,
}

impl Operation for DescribeCluster {
    type Output = EmrCluster;
    const ACTION: Action = Action::DescribeCluster;

    fn request(&self) -> Request {
        Request::json(&object!({"ClusterId": self.id}))
    }

    fn parse(body: &[u8]) -> Result<EmrCluster, Unreadable> {
        #[derive(Deserialize)]
        struct Answer {
            #[serde(rename = "Cluster")]
            cluster: EmrCluster,
        }
        json::<Answer>(body).map(|answer| answer.cluster)
    }
}

/// A cluster.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct EmrCluster {
    /// `j-…`.
    pub id: String,
    /// Its name.
    pub name: String,
    /// E.g. `emr-7.1.0`.
    pub release_label: Option<String>,
    /// The name of its security configuration.
    pub security_configuration: Option<String>,
    /// Its tags.
    pub tags: Vec<EmrTag>,
}

/// A tag.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct EmrTag {
    /// The key.
    pub key: String,
    /// The value.
    pub value: String,
}
