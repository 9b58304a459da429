//! Lightsail instances.

use crate::action::Action;
use crate::client::{Operation, Paged};
use crate::error::Unreadable;
use crate::ops::json;
use crate::request::Request;
use serde::Deserialize;
use serde_json::json as object;

/// `GetInstances`.
#[derive(Clone, Debug, Default)]
pub struct GetInstances {
    /// Which page.
    pub page_token: Option<String>,
}

impl Operation for GetInstances {
    type Output = LightsailInstances;
    const ACTION: Action = Action::GetInstances;

    fn request(&self) -> Request {
        Request::json(&object!({"pageToken": self.page_token}))
    }

    fn parse(body: &[u8]) -> Result<LightsailInstances, Unreadable> {
        json(body)
    }
}

impl Paged for GetInstances {
    fn next(output: &LightsailInstances) -> Option<&str> {
        output.next_page_token.as_deref()
    }

    fn at(&mut self, token: String) {
        self.page_token = Some(token);
    }
}

/// A page of instances.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct LightsailInstances {
    /// The instances.
    pub instances: Vec<LightsailInstance>,
    /// The page after this one.
    pub next_page_token: Option<String>,
}

/// An instance.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct LightsailInstance {
    /// Its name.
    pub name: String,
    /// Its ARN.
    pub arn: String,
    /// What it was made from.
    pub blueprint_id: String,
    /// A public IPv4 address.
    pub public_ip_address: Option<String>,
    /// What it does.
    pub state: Option<LightsailState>,
    /// The values in effect.
    pub metadata_options: Option<LightsailMetadata>,
}

/// What an instance does.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct LightsailState {
    /// `running`, `stopped`, …
    pub name: String,
}

/// Metadata options.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct LightsailMetadata {
    /// `pending` or `applied`.
    pub state: Option<String>,
    /// `optional` or `required`.
    pub http_tokens: Option<String>,
    /// `enabled` or `disabled`.
    pub http_endpoint: Option<String>,
    /// 1 to 64.
    pub http_put_response_hop_limit: Option<i64>,
    /// `enabled` or `disabled`.
    pub http_protocol_ipv6: Option<String>,
}
