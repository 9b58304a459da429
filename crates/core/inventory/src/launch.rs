//! What starts instances: launch templates, launch configurations, Auto Scaling groups, images.

use crate::instance::{MetadataOptions, Operator};
use crate::record::record;
use crate::tags::Tags;
use crate::userdata::UserData;
use crate::word::Word;
use serde::{Deserialize, Serialize};

record! {
    /// A launch template and those of its versions that were read: the default, the latest, and every one that a consumer
    /// names (`ec2:DescribeLaunchTemplates`, `ec2:DescribeLaunchTemplateVersions`).
    pub struct LaunchTemplate {
        /// `LaunchTemplateId`.
        pub id: String,
        /// `LaunchTemplateName`.
        pub name: String,
        /// `DefaultVersionNumber`.
        pub default_version: u64,
        /// `LatestVersionNumber`.
        pub latest_version: u64,
        /// `Operator`, where a service manages it.
        pub operator: Option<Operator>,
        /// Tags that say who made it.
        pub tags: Tags,
        /// Versions, in any order.
        pub versions: Vec<TemplateVersion>,
    }
}

record! {
    /// A version of a launch template (`LaunchTemplateData`).
    pub struct TemplateVersion {
        /// `VersionNumber`.
        pub version: u64,
        /// `CreateTime`, RFC 3339.
        pub created_at: Option<String>,
        /// `MetadataOptions`; all none where the template says nothing.
        pub metadata: MetadataOptions,
        /// `ImageId`: an id, or `resolve:ssm:…`.
        pub image_id: Option<String>,
        /// `IamInstanceProfile`, ARN or name.
        pub profile: Option<String>,
        /// `AssociatePublicIpAddress` of any interface.
        pub public_ip: Option<bool>,
        /// Ids of security groups.
        pub security_groups: Vec<String>,
        /// Signs in its user data; none if it has none.
        pub user_data: Option<UserData>,
    }
}

record! {
    /// How a consumer names a launch template.
    pub struct TemplateSpec {
        /// `LaunchTemplateId`.
        pub id: Option<String>,
        /// `LaunchTemplateName`.
        pub name: Option<String>,
        /// `$Latest`, `$Default` or a number; none is the default version.
        pub version: Option<String>,
    }
}

record! {
    /// An Auto Scaling group (`autoscaling:DescribeAutoScalingGroups`).
    pub struct Group {
        /// `AutoScalingGroupName`.
        pub name: String,
        /// `AutoScalingGroupARN`.
        pub arn: Option<String>,
        /// `MinSize`.
        pub min: u64,
        /// `MaxSize`.
        pub max: u64,
        /// `DesiredCapacity`.
        pub desired: u64,
        /// What it starts instances from.
        pub source: GroupSource,
        /// `Instances`.
        pub members: Vec<GroupMember>,
        /// Tags that say who made it.
        pub tags: Tags,
    }
}

/// What an Auto Scaling group starts instances from.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum GroupSource {
    /// The answer names nothing.
    #[default]
    Nothing,
    /// `LaunchTemplate`.
    Template(TemplateSpec),
    /// `LaunchConfigurationName`.
    Configuration(String),
    /// `MixedInstancesPolicy.LaunchTemplate`.
    Mixed {
        /// `LaunchTemplateSpecification`.
        template: TemplateSpec,
        /// `Overrides`.
        overrides: Vec<Override>,
    },
}

record! {
    /// An override of a mixed instances policy. Each may name a launch template of its own.
    pub struct Override {
        /// `InstanceType`.
        pub instance_type: Option<String>,
        /// `LaunchTemplateSpecification`.
        pub template: Option<TemplateSpec>,
        /// `ImageId`.
        pub image_id: Option<String>,
    }
}

record! {
    /// An instance of an Auto Scaling group, with what it was really started from.
    pub struct GroupMember {
        /// `InstanceId`.
        pub id: String,
        /// `LifecycleState`.
        pub state: Word,
        /// `LaunchTemplate`.
        pub template: Option<TemplateSpec>,
        /// `LaunchConfigurationName`.
        pub configuration: Option<String>,
    }
}

record! {
    /// A launch configuration (`autoscaling:DescribeLaunchConfigurations`). It cannot be changed.
    pub struct LaunchConfiguration {
        /// `LaunchConfigurationName`.
        pub name: String,
        /// `MetadataOptions`; all none where it says nothing.
        pub metadata: MetadataOptions,
        /// `ImageId`.
        pub image_id: Option<String>,
        /// `IamInstanceProfile`, ARN or name.
        pub profile: Option<String>,
        /// `AssociatePublicIpAddress`.
        pub public_ip: Option<bool>,
        /// Ids of security groups.
        pub security_groups: Vec<String>,
        /// Signs in its user data; none if it has none.
        pub user_data: Option<UserData>,
    }
}

record! {
    /// An image (`ec2:DescribeImages`): those of the account, and those that something names.
    pub struct Image {
        /// `ImageId`.
        pub id: String,
        /// `Name`.
        pub name: Option<String>,
        /// `OwnerId`.
        pub owner: Option<String>,
        /// Whether the account owns it, and can therefore repair it.
        pub own: bool,
        /// `ImdsSupport`: `v2.0`, or none.
        pub imds_support: Option<Word>,
        /// `State`.
        pub state: Option<Word>,
        /// What `resolve:ssm:` parameters lead to it.
        pub parameters: Vec<String>,
    }
}

impl LaunchTemplate {
    /// The number that a consumer's version means; none if it is no number and no name of one.
    pub fn number(&self, version: Option<&str>) -> Option<u64> {
        match version {
            None | Some("$Default" | "") => Some(self.default_version),
            Some("$Latest") => Some(self.latest_version),
            Some(number) => number.parse().ok(),
        }
    }

    /// A version, if it was read.
    pub fn version(&self, number: u64) -> Option<&TemplateVersion> {
        self.versions.iter().find(|version| version.version == number)
    }

    /// Whether a consumer means this one.
    pub fn is(&self, spec: &TemplateSpec) -> bool {
        match (&spec.id, &spec.name) {
            (Some(id), _) => *id == self.id,
            (None, Some(name)) => *name == self.name,
            (None, None) => false,
        }
    }
}

impl GroupSource {
    /// All launch templates that it names, the main one first.
    pub fn templates(&self) -> Vec<&TemplateSpec> {
        match self {
            GroupSource::Nothing | GroupSource::Configuration(_) => Vec::new(),
            GroupSource::Template(spec) => vec![spec],
            GroupSource::Mixed { template, overrides } => std::iter::once(template)
                .chain(overrides.iter().filter_map(|one| one.template.as_ref()))
                .collect(),
        }
    }
}
