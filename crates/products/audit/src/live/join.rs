//! Joins what lives with the code that makes it, where both were read.
//!
//! | what lives says | found in code by |
//! |---|---|
//! | its id | a Terraform state or plan that has a resource of that id |
//! | `aws:cloudformation:logical-id` | the only template with a resource of that logical id and a kind that fits |

use super::owner::Owner;
use super::subject::{Key, Kind, Subject};
use onehop_code::{Language, Resource};
use std::collections::HashMap;

/// Where things that live are in code.
#[derive(Clone, Debug, Default)]
pub struct CodeIndex {
    by_id: HashMap<String, String>,
    by_logical_id: HashMap<(String, &'static str), Vec<String>>,
}

impl CodeIndex {
    /// From all resources that were read.
    pub fn of<'a>(resources: impl IntoIterator<Item = &'a Resource>) -> CodeIndex {
        let mut index = CodeIndex::default();
        for resource in resources {
            let place = format!("{}: {}", resource.scope, resource.address);
            match resource.language {
                Language::TerraformState | Language::TerraformPlan => {
                    if let Some(id) = resource.body.get("id").and_then(|value| value.as_str()) {
                        index.by_id.insert(id.to_owned(), place);
                    }
                }
                Language::CloudFormation => {
                    if let Some(kind) = kind_of(&resource.kind) {
                        let key = (resource.address.clone(), kind.name());
                        index.by_logical_id.entry(key).or_default().push(place);
                    }
                }
                _ => {}
            }
        }
        index
    }

    /// Where a subject is in code, if exactly one place fits.
    pub fn find(&self, subject: &Subject) -> Option<&str> {
        let Key { kind, id, .. } = &subject.key;
        let bare = if *kind == Kind::LaunchTemplate { id.split(':').next().unwrap_or(id) } else { id };
        if let Some(place) = self.by_id.get(bare) {
            return Some(place);
        }
        let Owner::CloudFormation { logical_id: Some(logical_id), .. } = &subject.repair.owner else {
            return None;
        };
        match self.by_logical_id.get(&(logical_id.clone(), kind.name()))?.as_slice() {
            [place] => Some(place),
            _ => None,
        }
    }

    /// Says in a subject where its code is.
    pub fn join(&self, subject: &mut Subject) {
        subject.repair.code = self.find(subject).map(str::to_owned);
    }
}

/// What a kind of CloudFormation is when it lives.
fn kind_of(kind: &str) -> Option<Kind> {
    Some(match kind {
        "AWS::EC2::Instance" => Kind::Instance,
        "AWS::EC2::LaunchTemplate" => Kind::LaunchTemplate,
        "AWS::AutoScaling::AutoScalingGroup" => Kind::AutoScalingGroup,
        "AWS::AutoScaling::LaunchConfiguration" => Kind::LaunchConfiguration,
        "AWS::EKS::Nodegroup" => Kind::NodeGroup,
        "AWS::SageMaker::NotebookInstance" => Kind::Notebook,
        "AWS::ImageBuilder::InfrastructureConfiguration" => Kind::ImageBuilder,
        "AWS::EMR::SecurityConfiguration" => Kind::EmrConfiguration,
        "AWS::EMR::Cluster" => Kind::EmrCluster,
        _ => return None,
    })
}
