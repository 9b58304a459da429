//! What other services start instances with.

use crate::instance::{MetadataOptions, Metric};
use crate::launch::TemplateSpec;
use crate::record::record;
use crate::tags::Tags;
use crate::word::Word;

record! {
    /// A managed node group (`eks:DescribeNodegroup`).
    pub struct NodeGroup {
        /// `clusterName`.
        pub cluster: String,
        /// `nodegroupName`.
        pub name: String,
        /// `amiType`, e.g. `AL2023_x86_64_STANDARD`.
        pub ami_type: Option<String>,
        /// `launchTemplate`; none where EKS makes its own.
        pub template: Option<TemplateSpec>,
        /// Names of the Auto Scaling groups behind it.
        pub groups: Vec<String>,
        /// `status`.
        pub status: Option<Word>,
        /// Tags that say who made it.
        pub tags: Tags,
    }
}

record! {
    /// A container instance of ECS (`ecs:DescribeContainerInstances`).
    pub struct ContainerInstance {
        /// Name of the cluster.
        pub cluster: String,
        /// `ec2InstanceId`.
        pub instance_id: String,
        /// Whether its agent keeps `awsvpc` tasks from the service (`ECS_AWSVPC_BLOCK_IMDS`); none if not known.
        pub blocks_awsvpc: Option<bool>,
        /// Network modes of the task definitions that run there: `bridge`, `awsvpc`, `host`, `none`.
        pub network_modes: Vec<Word>,
    }
}

record! {
    /// An environment of Elastic Beanstalk (`elasticbeanstalk:DescribeConfigurationSettings`).
    pub struct Environment {
        /// `ApplicationName`.
        pub application: String,
        /// `EnvironmentName`.
        pub name: String,
        /// `PlatformArn` or `SolutionStackName`.
        pub platform: Option<String>,
        /// The option `aws:autoscaling:launchconfiguration`/`DisableIMDSv1` as it is written; none if it is unset.
        pub disable_imdsv1: Option<String>,
        /// The option `aws:autoscaling:launchconfiguration`/`IamInstanceProfile`.
        pub profile: Option<String>,
        /// Names of the Auto Scaling groups behind it.
        pub groups: Vec<String>,
        /// Tags that say who made it.
        pub tags: Tags,
    }
}

record! {
    /// A notebook instance of `SageMaker` (`sagemaker:DescribeNotebookInstance`).
    pub struct Notebook {
        /// `NotebookInstanceName`.
        pub name: String,
        /// `NotebookInstanceStatus`.
        pub status: Option<Word>,
        /// `MinimumInstanceMetadataServiceVersion`: `1`, `2`, or none.
        pub minimum_version: Option<String>,
        /// `RoleArn`.
        pub role: Option<String>,
        /// `DirectInternetAccess`.
        pub internet: Option<Word>,
        /// Tags that say who made it.
        pub tags: Tags,
    }
}

record! {
    /// A security configuration of EMR (`elasticmapreduce:DescribeSecurityConfiguration`), as far as it matters here.
    pub struct EmrConfiguration {
        /// `Name`.
        pub name: String,
        /// `MinimumInstanceMetadataServiceVersion`.
        pub minimum_version: Option<i64>,
        /// `HttpPutResponseHopLimit`.
        pub hop_limit: Option<i64>,
        /// Why its text could not be read, if so.
        pub unread: Option<String>,
    }
}

record! {
    /// A cluster of EMR that is not terminated (`elasticmapreduce:DescribeCluster`).
    pub struct EmrCluster {
        /// `Id`.
        pub id: String,
        /// `Name`.
        pub name: String,
        /// `ReleaseLabel`, e.g. `emr-6.2.0`.
        pub release: Option<String>,
        /// `SecurityConfiguration`, its name.
        pub configuration: Option<String>,
        /// Tags that say who made it.
        pub tags: Tags,
    }
}

record! {
    /// An instance of Lightsail (`lightsail:GetInstances`).
    pub struct LightsailInstance {
        /// `name`.
        pub name: String,
        /// `state.name`.
        pub state: Option<Word>,
        /// `metadataOptions`.
        pub metadata: MetadataOptions,
        /// `publicIpAddress`.
        pub public_ip: Option<String>,
        /// `MetadataNoToken` of Lightsail. None if nobody asked.
        pub no_token: Option<Metric>,
        /// Tags that say who made it.
        pub tags: Tags,
    }
}

record! {
    /// An infrastructure configuration of Image Builder (`imagebuilder:GetInfrastructureConfiguration`).
    pub struct BuildConfiguration {
        /// `arn`.
        pub arn: String,
        /// `name`.
        pub name: String,
        /// `instanceMetadataOptions`.
        pub metadata: MetadataOptions,
        /// Whether a pipeline builds container images with it; none if not known.
        pub builds_containers: Option<bool>,
        /// `instanceProfileName`.
        pub profile: Option<String>,
        /// Tags that say who made it.
        pub tags: Tags,
    }
}

record! {
    /// A fleet or builder of `AppStream`.
    pub struct Stream {
        /// `fleet`, `image-builder` or `app-block-builder`.
        pub kind: Word,
        /// `Name`.
        pub name: String,
        /// `DisableIMDSV1`.
        pub disable_imdsv1: Option<bool>,
    }
}

record! {
    /// Anything else that starts instances from launch templates: fleets, Batch, `GameLift`, PCS.
    pub struct Consumer {
        /// What it is: `ec2-fleet`, `spot-fleet`, `batch`, `gamelift`, `pcs`.
        pub kind: Word,
        /// Its name or id.
        pub name: String,
        /// Launch templates that it names, overrides included.
        pub templates: Vec<TemplateSpec>,
        /// Metadata options of its own (fleets of type `instant`); all none otherwise.
        pub metadata: MetadataOptions,
        /// Launch specifications that name no template, and have no field for metadata options (old Spot calls).
        pub bare: bool,
        /// Tags that say who made it.
        pub tags: Tags,
    }
}

impl EmrConfiguration {
    /// From the text of `SecurityConfiguration`, which is JSON in a string.
    pub fn read(name: impl Into<String>, text: &str) -> EmrConfiguration {
        let name = name.into();
        let value: serde_json::Value = match serde_json::from_str(text) {
            Ok(value) => value,
            Err(error) => {
                return EmrConfiguration { name, unread: Some(error.to_string()), ..Default::default() };
            }
        };
        let section = &value["InstanceMetadataServiceConfiguration"];
        EmrConfiguration {
            name,
            minimum_version: section["MinimumInstanceMetadataServiceVersion"].as_i64(),
            hop_limit: section["HttpPutResponseHopLimit"].as_i64(),
            unread: None,
        }
    }
}
