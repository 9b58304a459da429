//! Image Builder infrastructure configurations.

use crate::action::Action;
use crate::client::{Operation, Paged};
use crate::error::Unreadable;
use crate::ops::json;
use crate::request::Request;
use serde::Deserialize;
use serde_json::json as object;

/// `ListInfrastructureConfigurations`.
#[derive(Clone, Debug, Default)]
pub struct ListInfrastructureConfigurations {
    /// Which page.
    pub next_token: Option<String>,
}

impl Operation for ListInfrastructureConfigurations {
    type Output = InfrastructureConfigurations;
    const ACTION: Action = Action::ListInfrastructureConfigurations;

    fn request(&self) -> Request {
        let body = object!({"maxResults": 25, "nextToken": self.next_token});
        Request::rest("POST", &["ListInfrastructureConfigurations"], &[], Some(&body))
    }

    fn parse(body: &[u8]) -> Result<InfrastructureConfigurations, Unreadable> {
        json(body)
    }
}

impl Paged for ListInfrastructureConfigurations {
    fn next(output: &InfrastructureConfigurations) -> Option<&str> {
        output.next_token.as_deref()
    }

    fn at(&mut self, token: String) {
        self.next_token = Some(token);
    }
}

/// A page of infrastructure configurations.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct InfrastructureConfigurations {
    /// The configurations.
    #[serde(rename = "infrastructureConfigurationSummaryList")]
    pub configurations: Vec<InfrastructureConfigurationSummary>,
    /// The page after this one.
    pub next_token: Option<String>,
}

/// An infrastructure configuration without its details.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct InfrastructureConfigurationSummary {
    /// Its ARN.
    pub arn: String,
    /// Its name.
    pub name: String,
}

/// `GetInfrastructureConfiguration`.
#[derive(Clone, Debug, Default)]
pub struct GetInfrastructureConfiguration {
    /// Its ARN.
    pub arn: String,
}

impl Operation for GetInfrastructureConfiguration {
    type Output = InfrastructureConfiguration;
    const ACTION: Action = Action::GetInfrastructureConfiguration;

    fn request(&self) -> Request {
        Request::rest(
            "GET",
            &["GetInfrastructureConfiguration"],
            &[("infrastructureConfigurationArn", &self.arn)],
            None,
        )
    }

    fn parse(body: &[u8]) -> Result<InfrastructureConfiguration, Unreadable> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Answer {
            infrastructure_configuration: InfrastructureConfiguration,
        }
        json::<Answer>(body).map(|answer| answer.infrastructure_configuration)
    }
}

/// An infrastructure configuration.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct InfrastructureConfiguration {
    /// Its ARN.
    pub arn: String,
    /// Its name.
    pub name: String,
    /// The instance profile of the build host.
    pub instance_profile_name: Option<String>,
    /// What it says about the metadata service.
    pub instance_metadata_options: Option<BuildMetadata>,
    /// Its tags.
    pub tags: std::collections::BTreeMap<String, String>,
}

/// Metadata options of the build host.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct BuildMetadata {
    /// `optional` or `required`.
    pub http_tokens: Option<String>,
    /// 1 to 64.
    pub http_put_response_hop_limit: Option<i64>,
}
