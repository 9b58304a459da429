//! Who made something, by its tags: where a change has to be made so that it stays.
//!
//! The most specific answer first: an environment of Beanstalk is a stack of CloudFormation too, but nobody changes that.

use onehop_inventory::{Operator, Tags};
use serde::Serialize;
use std::fmt;

/// Who made something.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(tag = "by", rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Owner {
    /// Nobody can tell: by hand, or by a tool that leaves no tags.
    #[default]
    Unknown,
    /// A service of AWS manages it; its owner cannot change it.
    Service {
        /// E.g. `eks.amazonaws.com`.
        principal: String,
    },
    /// Elastic Beanstalk.
    Beanstalk {
        /// The environment.
        environment: String,
    },
    /// A managed node group of EKS.
    EksNodeGroup {
        /// The cluster.
        cluster: String,
        /// The node group.
        group: String,
    },
    /// Karpenter.
    Karpenter {
        /// The node class, or the pool if that is all that is known.
        class: String,
    },
    /// The eksctl program.
    Eksctl {
        /// The cluster.
        cluster: String,
    },
    /// AWS `ParallelCluster`.
    ParallelCluster {
        /// The cluster.
        cluster: String,
    },
    /// A stack of CloudFormation.
    CloudFormation {
        /// Its name.
        stack: String,
        /// The resource in its template.
        logical_id: Option<String>,
    },
    /// Terraform.
    Terraform {
        /// The tag that says so, as `key=value`.
        tag: String,
    },
    /// Pulumi.
    Pulumi {
        /// The project, and the stack if it is known.
        project: String,
    },
}

impl Owner {
    /// Who made it, by its tags and its operator.
    pub fn of(tags: &Tags, operator: Option<&Operator>) -> Owner {
        let text = |key: &str| tags.get(key).map(str::to_owned);
        let managed = operator.filter(|operator| operator.managed);
        if let Some(operator) = managed {
            let principal = operator.principal.clone().unwrap_or_else(|| "a service of AWS".to_owned());
            return Owner::Service { principal };
        }
        if let Some(environment) = text("elasticbeanstalk:environment-name") {
            return Owner::Beanstalk { environment };
        }
        if let Some(group) = text("eks:nodegroup-name") {
            return Owner::EksNodeGroup { cluster: text("eks:cluster-name").unwrap_or_default(), group };
        }
        let class = text("karpenter.k8s.aws/ec2nodeclass").or_else(|| text("karpenter.sh/nodepool"));
        if let Some(class) = class {
            return Owner::Karpenter { class };
        }
        if let Some(cluster) = text("alpha.eksctl.io/cluster-name") {
            return Owner::Eksctl { cluster };
        }
        if let Some(cluster) = text("parallelcluster:cluster-name") {
            return Owner::ParallelCluster { cluster };
        }
        if let Some(stack) = text("aws:cloudformation:stack-name") {
            return Owner::CloudFormation { stack, logical_id: text("aws:cloudformation:logical-id") };
        }
        if let Some(project) = text("pulumi:project") {
            let stack = tags.get("pulumi:stack");
            return Owner::Pulumi {
                project: stack.map_or(project.clone(), |stack| format!("{project}/{stack}")),
            };
        }
        terraform(tags).unwrap_or_default()
    }

    /// A sentence about where the change has to be made; nothing where nobody can tell.
    pub fn words(&self) -> String {
        match self {
            Owner::Unknown => String::new(),
            _ => format!("Change it in {self}, or it comes back."),
        }
    }
}

/// Terraform leaves no tags of its own; people do.
fn terraform(tags: &Tags) -> Option<Owner> {
    let says = tags.iter().find(|(key, value)| {
        let (key, value) = (key.to_ascii_lowercase(), value.to_ascii_lowercase());
        let by = matches!(key.as_str(), "managed-by" | "managed_by" | "managedby");
        if key.contains("terraform") {
            return !matches!(value.as_str(), "false" | "no" | "0");
        }
        (by && (value.contains("terraform") || value.contains("opentofu")))
            || ["tf_", "tf:", "tfe:"].iter().any(|beginning| key.starts_with(beginning))
    });
    says.map(|(key, value)| Owner::Terraform { tag: format!("{key}={value}") })
}

impl fmt::Display for Owner {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Owner::Unknown => to.write_str("an unknown place"),
            Owner::Service { principal } => write!(to, "the service that manages it, {principal}"),
            Owner::Beanstalk { environment } => write!(to, "the Beanstalk environment `{environment}`"),
            Owner::EksNodeGroup { cluster, group } => {
                write!(to, "the node group `{group}` of the EKS cluster `{cluster}`")
            }
            Owner::Karpenter { class } => write!(to, "the EC2NodeClass of Karpenter (`{class}`)"),
            Owner::Eksctl { cluster } => write!(to, "the eksctl file of the cluster `{cluster}`"),
            Owner::ParallelCluster { cluster } => write!(to, "the ParallelCluster file of `{cluster}`"),
            Owner::CloudFormation { stack, logical_id: Some(id) } => {
                write!(to, "the CloudFormation stack `{stack}`, resource `{id}`")
            }
            Owner::CloudFormation { stack, logical_id: None } => {
                write!(to, "the CloudFormation stack `{stack}`")
            }
            Owner::Terraform { tag } => write!(to, "Terraform (tag `{tag}`)"),
            Owner::Pulumi { project } => write!(to, "Pulumi (`{project}`)"),
        }
    }
}
