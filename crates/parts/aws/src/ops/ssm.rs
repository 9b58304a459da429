//! Parameters that stand for images.

use crate::action::Action;
use crate::client::Operation;
use crate::error::Unreadable;
use crate::ops::json;
use crate::request::Request;
use serde::Deserialize;
use serde_json::json as object;

/// `GetParameters`: at most 10.
#[derive(Clone, Debug, Default)]
pub struct GetParameters {
    /// Their names.
    pub names: Vec<String>,
}

impl Operation for GetParameters {
    type Output = Parameters;
    const ACTION: Action = Action::GetParameters;

    fn request(&self) -> Request {
        Request::json(&object!({"Names": self.names}))
    }

    fn parse(body: &[u8]) -> Result<Parameters, Unreadable> {
        json(body)
    }
}

/// Parameters.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct Parameters {
    /// Those that there are.
    pub parameters: Vec<Parameter>,
    /// Names of those that there are not.
    pub invalid_parameters: Vec<String>,
}

/// A parameter.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: String,
}
