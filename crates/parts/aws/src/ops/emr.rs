//! EMR security configurations.

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
