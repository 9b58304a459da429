//! What a watched call asked for and brought about: metadata options, addresses, templates.
//!
//! EC2 writes requests in two spellings: `requestParameters.metadataOptions.httpTokens` for older calls, and
//! `requestParameters.ModifyInstanceMetadataOptionsRequest.HttpTokens` for younger ones. Keys are therefore compared
//! without case, at any depth; an object that holds options is one [`Options`], for the instance or template whose id
//! stands in it or around it.
//!
//! Total; lists are cut at [`LIST_MAX`].

use crate::facts::{Call, cut};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::net::IpAddr;

/// No more instances, options or addresses of one call are kept: more than one launch can have.
pub const LIST_MAX: usize = 4096;

/// `httpTokens`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Tokens {
    /// IMDSv2 alone.
    Required,
    /// IMDSv1 as well.
    Optional,
    /// The account says nothing: the image and the launch decide.
    NoPreference,
}

/// `httpEndpoint`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Endpoint {
    /// The metadata service answers.
    Enabled,
    /// It does not.
    Disabled,
    /// The account says nothing.
    NoPreference,
}

/// `httpTokensEnforced`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Enforcement {
    /// Launches with IMDSv1 fail.
    Enabled,
    /// They do not.
    Disabled,
    /// The account says nothing.
    NoPreference,
}

/// Metadata options as far as a record names them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Options {
    /// Whether a session token is needed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tokens: Option<Tokens>,
    /// Hops that an answer to a token request may take; −1 stands for no preference.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hops: Option<i64>,
    /// Whether the service answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub endpoint: Option<Endpoint>,
    /// Whether launches with IMDSv1 fail.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enforced: Option<Enforcement>,
}

impl Options {
    /// Whether a record named none.
    pub fn is_empty(&self) -> bool {
        *self == Options::default()
    }

    /// These, and from `under` what they do not name.
    #[must_use]
    pub fn over(&self, under: &Options) -> Options {
        Options {
            tokens: self.tokens.or(under.tokens),
            hops: self.hops.or(under.hops),
            endpoint: self.endpoint.or(under.endpoint),
            enforced: self.enforced.or(under.enforced),
        }
    }
}

/// Something with the id of the instance it belongs to, if that is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Of<T> {
    /// The id of the instance, or its name at Lightsail.
    pub instance: Option<String>,
    /// What belongs to it.
    pub what: T,
}

/// A version of a launch template.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Template {
    /// `lt-…`.
    pub id: Option<String>,
    /// Its name.
    pub name: Option<String>,
    /// The version that was made, or made the default.
    pub version: Option<i64>,
}

/// What a watched call asked for and brought about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Details {
    /// Options in the request.
    pub requested: Vec<Of<Options>>,
    /// Options in the answer: those in effect.
    pub effective: Vec<Of<Options>>,
    /// Instances that the request or the answer names.
    pub instances: Vec<String>,
    /// Addresses in the request or the answer.
    pub addresses: Vec<Of<IpAddr>>,
    /// The launch template.
    pub template: Template,
}

impl Details {
    pub(crate) fn read(call: Call, request: &Value, response: &Value) -> Details {
        let asked = Walk::over(request);
        let mut told = Walk::over(response);
        let mut instances = asked.instances;
        instances.append(&mut told.instances);
        instances.sort_unstable();
        instances.dedup();
        instances.truncate(LIST_MAX);
        let mut addresses = told.addresses;
        if call == Call::Network {
            addresses.extend(asked.addresses);
        }
        Details {
            requested: asked.options,
            effective: told.options,
            instances,
            addresses,
            template: Template {
                id: told.template.id.or(asked.template.id),
                name: told.template.name.or(asked.template.name),
                version: told.template.version.or(asked.template.version),
            },
        }
    }

    /// The options that the request names, all objects taken together.
    pub fn asked(&self) -> Options {
        self.requested.iter().fold(Options::default(), |sum, of| sum.over(&of.what))
    }

    /// The options in effect for an instance, or for the only one.
    pub fn effect(&self, instance: Option<&str>) -> Options {
        let of = self.effective.iter().find(|of| of.instance.as_deref() == instance || instance.is_none());
        of.map(|of| of.what).unwrap_or_default()
    }
}

/// Collects from one value. Recursion is bounded by the parser's own bound on depth.
#[derive(Default)]
struct Walk {
    options: Vec<Of<Options>>,
    instances: Vec<String>,
    addresses: Vec<Of<IpAddr>>,
    template: Template,
}

impl Walk {
    fn over(value: &Value) -> Walk {
        let mut walk = Walk::default();
        walk.enter(value, None);
        walk
    }

    fn enter(&mut self, value: &Value, around: Option<&str>) {
        match value {
            Value::Object(map) => {
                let own =
                    map.iter().find(|(key, _)| names_instance(key)).and_then(|(_, value)| value.as_str());
                let instance = own.or(around);
                if let Some(id) = own {
                    push(&mut self.instances, cut(id));
                }
                let mut options = Options::default();
                for (key, value) in map {
                    self.take(key, value, instance, &mut options);
                    self.enter(value, instance);
                }
                if !options.is_empty() {
                    push(&mut self.options, Of { instance: instance.map(cut), what: options });
                }
            }
            Value::Array(list) => list.iter().for_each(|value| self.enter(value, around)),
            _ => {}
        }
    }

    fn take(&mut self, key: &str, value: &Value, instance: Option<&str>, options: &mut Options) {
        let text = value.as_str().unwrap_or_default();
        match key.to_ascii_lowercase().as_str() {
            "httptokens" => options.tokens = tokens(text).or(options.tokens),
            "httpputresponsehoplimit" => options.hops = number(value).or(options.hops),
            "httpendpoint" => options.endpoint = endpoint(text).or(options.endpoint),
            "httptokensenforced" => options.enforced = enforcement(text).or(options.enforced),
            "privateipaddress" | "ipv6address" | "publicip" | "ipaddress" | "publicipaddress" => {
                if let Ok(address) = text.parse() {
                    push(&mut self.addresses, Of { instance: instance.map(cut), what: address });
                }
            }
            "launchtemplateid" if !text.is_empty() => self.template.id = Some(cut(text)),
            "launchtemplatename" if !text.is_empty() => self.template.name = Some(cut(text)),
            // A version that was made, or that became the default, by the names of request and answer.
            "versionnumber" | "setdefaultversion" | "defaultversionnumber" | "defaultversion" => {
                self.template.version = number(value).or(self.template.version);
            }
            _ => {}
        }
    }
}

fn push<T>(list: &mut Vec<T>, item: T) {
    if list.len() < LIST_MAX {
        list.push(item);
    }
}

fn names_instance(key: &str) -> bool {
    key.eq_ignore_ascii_case("instanceId") || key.eq_ignore_ascii_case("instanceName")
}

fn number(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_str()?.parse().ok())
}

fn tokens(text: &str) -> Option<Tokens> {
    match text {
        "required" => Some(Tokens::Required),
        "optional" => Some(Tokens::Optional),
        "no-preference" => Some(Tokens::NoPreference),
        _ => None,
    }
}

fn endpoint(text: &str) -> Option<Endpoint> {
    match text {
        "enabled" => Some(Endpoint::Enabled),
        "disabled" => Some(Endpoint::Disabled),
        "no-preference" => Some(Endpoint::NoPreference),
        _ => None,
    }
}

fn enforcement(text: &str) -> Option<Enforcement> {
    match text {
        "enabled" => Some(Enforcement::Enabled),
        "disabled" => Some(Enforcement::Disabled),
        "no-preference" => Some(Enforcement::NoPreference),
        _ => None,
    }
}
