//! One thing that runs or starts something, and all that is to say about it.

use super::delivered::Delivered;
use super::owner::Owner;
use onehop_posture::{
    ContainerEvidence, Effective, HopAdvice, Level, Reach, Risk, RolePower, Usage, Verdict, hop,
};
use serde::Serialize;
use std::fmt;
use std::sync::Arc;

/// What kind of thing it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Kind {
    /// The defaults of account and region.
    AccountDefaults,
    /// A version of a launch template.
    LaunchTemplate,
    /// A launch configuration.
    LaunchConfiguration,
    /// An Auto Scaling group.
    AutoScalingGroup,
    /// A managed node group of EKS.
    NodeGroup,
    /// A fleet, a compute environment, anything else that starts instances from templates.
    Consumer,
    /// An image of the account.
    Image,
    /// An infrastructure configuration of Image Builder.
    ImageBuilder,
    /// An instance.
    Instance,
    /// An instance of Lightsail.
    LightsailInstance,
    /// An environment of Elastic Beanstalk.
    BeanstalkEnvironment,
    /// A notebook of `SageMaker`.
    Notebook,
    /// A security configuration of EMR.
    EmrConfiguration,
    /// A cluster of EMR.
    EmrCluster,
    /// A fleet or builder of `AppStream`.
    AppStream,
}

/// What a subject is found by, in this snapshot and in the next.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Key {
    /// The account.
    pub account: Arc<str>,
    /// The region.
    pub region: Arc<str>,
    /// The kind.
    pub kind: Kind,
    /// Its id or name; a template's has the version behind a colon.
    pub id: String,
}

/// One step from a subject to what decides, e.g. `launch template lt-1 version 3, which the group pins`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Link {
    /// What it is, for people.
    pub what: &'static str,
    /// Its id.
    pub id: String,
    /// What it says or does, for people; may be empty.
    pub says: String,
}

/// What to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Action {
    /// Nothing.
    Nothing,
    /// Make a version of the template that requires tokens; where its default version is used, make that the default.
    TemplateVersion {
        /// The version to start from.
        from: u64,
        /// Whether the default has to move.
        moves_default: bool,
    },
    /// A version that requires tokens exists: make it the default.
    DefaultVersion {
        /// That version.
        to: u64,
    },
    /// A version that requires tokens exists: point the consumer at it.
    Repoint {
        /// That version.
        to: u64,
    },
    /// It cannot be changed: replace it, best by a launch template.
    Replace,
    /// Register the image as `v2.0`.
    Image,
    /// Change the options of the instance.
    Instance,
    /// Change a setting of the service that manages it.
    Service,
    /// Set the default of account and region.
    Default,
    /// Change the declarative policy of the organization.
    Organization,
    /// Find out first: something could not be read.
    FindOut,
}

/// Where and how to repair it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Repair {
    /// What to do.
    pub action: Action,
    /// What to do it to.
    pub target: String,
    /// Who made it, so that the change has to be made there.
    pub owner: Owner,
    /// Where the code is that makes it, as `path: address`, if code was given.
    pub code: Option<String>,
    /// In sentences.
    pub words: String,
}

/// One thing that runs or starts something.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Subject {
    /// What it is found by.
    pub key: Key,
    /// What people call it.
    pub name: Option<String>,
    /// What its options mean for IMDSv1.
    pub verdict: Verdict,
    /// Every option, with the level that decides it.
    pub effective: Effective,
    /// What leads from it to what decides.
    pub chain: Vec<Link>,
    /// Where and how to repair it.
    pub repair: Repair,
    /// Who can send it requests.
    pub reach: Reach,
    /// What its role may do.
    pub role: RolePower,
    /// Whether IMDSv1 is used.
    pub usage: Usage,
    /// How its role credentials were delivered.
    pub delivered: Delivered,
    /// What is known about containers there.
    pub containers: ContainerEvidence,
    /// How many instances are behind it; 1 for an instance.
    pub instances: u64,
    /// What else is worth knowing, in sentences.
    pub notes: Vec<String>,
}

impl Subject {
    /// Its risk, with all parts.
    pub fn risk(&self) -> Risk {
        Risk::of(&self.effective, &self.reach, &self.role, &self.usage)
    }

    /// What to do about its hop limit.
    pub fn hop_advice(&self) -> HopAdvice {
        hop::advise(&self.effective, &self.containers)
    }

    /// The level that decides about tokens, or that may.
    pub const fn level(&self) -> Level {
        self.effective.tokens.level()
    }
}

impl Kind {
    /// All of them, in the order in which they are to be repaired: what starts instances before instances.
    pub const ALL: [Kind; 15] = [
        Kind::AccountDefaults,
        Kind::LaunchTemplate,
        Kind::LaunchConfiguration,
        Kind::AutoScalingGroup,
        Kind::NodeGroup,
        Kind::Consumer,
        Kind::Image,
        Kind::ImageBuilder,
        Kind::Instance,
        Kind::LightsailInstance,
        Kind::BeanstalkEnvironment,
        Kind::Notebook,
        Kind::EmrConfiguration,
        Kind::EmrCluster,
        Kind::AppStream,
    ];

    /// A stable name for programs.
    pub const fn name(self) -> &'static str {
        match self {
            Kind::AccountDefaults => "account-defaults",
            Kind::LaunchTemplate => "launch-template",
            Kind::LaunchConfiguration => "launch-configuration",
            Kind::AutoScalingGroup => "auto-scaling-group",
            Kind::NodeGroup => "node-group",
            Kind::Consumer => "consumer",
            Kind::Image => "image",
            Kind::ImageBuilder => "image-builder",
            Kind::Instance => "instance",
            Kind::LightsailInstance => "lightsail-instance",
            Kind::BeanstalkEnvironment => "beanstalk-environment",
            Kind::Notebook => "notebook",
            Kind::EmrConfiguration => "emr-configuration",
            Kind::EmrCluster => "emr-cluster",
            Kind::AppStream => "app-stream",
        }
    }

    /// What it is, for people.
    pub const fn words(self) -> &'static str {
        match self {
            Kind::AccountDefaults => "account default",
            Kind::LaunchTemplate => "launch template",
            Kind::LaunchConfiguration => "launch configuration",
            Kind::AutoScalingGroup => "Auto Scaling group",
            Kind::NodeGroup => "EKS node group",
            Kind::Consumer => "consumer of launch templates",
            Kind::Image => "image",
            Kind::ImageBuilder => "Image Builder configuration",
            Kind::Instance => "instance",
            Kind::LightsailInstance => "Lightsail instance",
            Kind::BeanstalkEnvironment => "Elastic Beanstalk environment",
            Kind::Notebook => "SageMaker notebook",
            Kind::EmrConfiguration => "EMR security configuration",
            Kind::EmrCluster => "EMR cluster",
            Kind::AppStream => "AppStream resource",
        }
    }

    /// The operation that tells things of this kind, and those whose answers it builds on; none where it depends.
    pub const fn operations(self) -> Option<(&'static str, &'static [&'static str])> {
        Some(match self {
            Kind::AccountDefaults => ("ec2:GetInstanceMetadataDefaults", &[]),
            Kind::LaunchTemplate => ("ec2:DescribeLaunchTemplateVersions", &["ec2:DescribeLaunchTemplates"]),
            Kind::LaunchConfiguration => ("autoscaling:DescribeLaunchConfigurations", &[]),
            Kind::AutoScalingGroup => ("autoscaling:DescribeAutoScalingGroups", &[]),
            Kind::NodeGroup => ("eks:DescribeNodegroup", &["eks:ListClusters", "eks:ListNodegroups"]),
            Kind::Image => ("ec2:DescribeImages", &[]),
            Kind::ImageBuilder => (
                "imagebuilder:GetInfrastructureConfiguration",
                &["imagebuilder:ListInfrastructureConfigurations"],
            ),
            Kind::Instance => ("ec2:DescribeInstances", &[]),
            Kind::LightsailInstance => ("lightsail:GetInstances", &[]),
            Kind::BeanstalkEnvironment => {
                ("elasticbeanstalk:DescribeConfigurationSettings", &["elasticbeanstalk:DescribeEnvironments"])
            }
            Kind::Notebook => ("sagemaker:DescribeNotebookInstance", &["sagemaker:ListNotebookInstances"]),
            Kind::EmrConfiguration => (
                "elasticmapreduce:DescribeSecurityConfiguration",
                &["elasticmapreduce:ListSecurityConfigurations"],
            ),
            Kind::EmrCluster => ("elasticmapreduce:DescribeCluster", &["elasticmapreduce:ListClusters"]),
            Kind::Consumer | Kind::AppStream => return None,
        })
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.pad(self.name())
    }
}

impl fmt::Display for Key {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "{}/{}/{}/{}", self.account, self.region, self.kind, self.id)
    }
}

impl fmt::Display for Link {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "{} {}", self.what, self.id)?;
        if self.says.is_empty() { Ok(()) } else { write!(to, " ({})", self.says) }
    }
}

impl Action {
    /// When it is due, from 1: what starts instances, then images, then instances, then defaults.
    pub const fn order(&self) -> u8 {
        match self {
            Action::TemplateVersion { .. } => 1,
            Action::DefaultVersion { .. } | Action::Repoint { .. } | Action::Replace => 2,
            Action::Image => 3,
            Action::Service | Action::Instance => 4,
            Action::Default | Action::Organization => 5,
            Action::FindOut => 6,
            Action::Nothing => 7,
        }
    }
}
