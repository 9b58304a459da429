//! `SageMaker` notebooks.

use crate::action::Action;
use crate::client::{Operation, Paged};
use crate::error::Unreadable;
use crate::ops::json;
use crate::request::Request;
use serde::Deserialize;
use serde_json::json as object;

/// `ListNotebookInstances`.
#[derive(Clone, Debug, Default)]
pub struct ListNotebookInstances {
    /// Which page.
    pub next_token: Option<String>,
}

impl Operation for ListNotebookInstances {
    type Output = Notebooks;
    const ACTION: Action = Action::ListNotebookInstances;

    fn request(&self) -> Request {
        Request::json(&object!({"MaxResults": 100, "NextToken": self.next_token}))
    }

    fn parse(body: &[u8]) -> Result<Notebooks, Unreadable> {
        json(body)
    }
}

impl Paged for ListNotebookInstances {
    fn next(output: &Notebooks) -> Option<&str> {
        output.next_token.as_deref()
    }

    fn at(&mut self, token: String) {
        self.next_token = Some(token);
    }
}

/// A page of notebooks.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct Notebooks {
    /// The notebooks.
    #[serde(rename = "NotebookInstances")]
    pub notebooks: Vec<NotebookSummary>,
    /// The page after this one.
    pub next_token: Option<String>,
}

/// A notebook without its details.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct NotebookSummary {
    /// Its name.
    pub notebook_instance_name: String,
}

/// `DescribeNotebookInstance`.
#[derive(Clone, Debug, Default)]
pub struct DescribeNotebookInstance {
    /// Its name.
    pub name: String,
}

impl Operation for DescribeNotebookInstance {
    type Output = Notebook;
    const ACTION: Action = Action::DescribeNotebookInstance;

    fn request(&self) -> Request {
        Request::json(&object!({"NotebookInstanceName": self.name}))
    }

    fn parse(body: &[u8]) -> Result<Notebook, Unreadable> {
        json(body)
    }
}

/// A notebook.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[expect(clippy::struct_field_names, reason = "names of the API")]
pub struct Notebook {
    /// Its name.
    pub notebook_instance_name: String,
    /// Its ARN.
    pub notebook_instance_arn: String,
    /// `InService`, …
    pub notebook_instance_status: String,
    /// The ARN of its role.
    pub role_arn: Option<String>,
    /// `Enabled` or `Disabled`.
    pub direct_internet_access: Option<String>,
    /// What it says about the metadata service.
    pub instance_metadata_service_configuration: Option<NotebookMetadata>,
}

/// What a notebook says about the metadata service.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct NotebookMetadata {
    /// `1` or `2`.
    pub minimum_instance_metadata_service_version: Option<String>,
}
