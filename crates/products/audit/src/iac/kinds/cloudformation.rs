//! Kinds of the CloudFormation resource specification. A table: it runs long.

use super::{Form, NOWHERE, cloudformation};
use crate::iac::site::Role;

/// CloudFormation's kinds.
pub(super) const CLOUDFORMATION: &[Form] = &[
    Form {
        templates: &[&["LaunchTemplate"]],
        image: &["ImageId"],
        user_data: &["UserData"],
        ..cloudformation("AWS::EC2::Instance", Role::Instance, &["MetadataOptions"])
    },
    Form {
        image: &["LaunchTemplateData", "ImageId"],
        user_data: &["LaunchTemplateData", "UserData"],
        ..cloudformation(
            "AWS::EC2::LaunchTemplate",
            Role::Template,
            &["LaunchTemplateData", "MetadataOptions"],
        )
    },
    Form {
        image: &["ImageId"],
        user_data: &["UserData"],
        ..cloudformation(
            "AWS::AutoScaling::LaunchConfiguration",
            Role::LaunchConfiguration,
            &["MetadataOptions"],
        )
    },
    Form {
        templates: &[
            &["LaunchTemplate"],
            &["MixedInstancesPolicy", "LaunchTemplate", "LaunchTemplateSpecification"],
            &["MixedInstancesPolicy", "LaunchTemplate", "Overrides", "*", "LaunchTemplateSpecification"],
        ],
        configuration: &["LaunchConfigurationName"],
        ..cloudformation("AWS::AutoScaling::AutoScalingGroup", Role::Group, NOWHERE)
    },
    Form {
        templates: &[&["LaunchTemplate"]],
        ..cloudformation("AWS::EKS::Nodegroup", Role::NodeGroup, NOWHERE)
    },
    Form {
        templates: &[
            &["ComputeResources", "LaunchTemplate"],
            &["ComputeResources", "LaunchTemplate", "Overrides", "*"],
        ],
        bare: &[&["ComputeResources"]],
        ..cloudformation("AWS::Batch::ComputeEnvironment", Role::Group, NOWHERE)
    },
    Form {
        templates: &[&["LaunchTemplateConfigs", "*", "LaunchTemplateSpecification"]],
        ..cloudformation("AWS::EC2::EC2Fleet", Role::Group, NOWHERE)
    },
    Form {
        templates: &[&[
            "SpotFleetRequestConfigData",
            "LaunchTemplateConfigs",
            "*",
            "LaunchTemplateSpecification",
        ]],
        bare: &[&["SpotFleetRequestConfigData", "LaunchSpecifications"]],
        ..cloudformation("AWS::EC2::SpotFleet", Role::Group, NOWHERE)
    },
    Form {
        templates: &[&["LaunchTemplate"]],
        ..cloudformation("AWS::GameLift::GameServerGroup", Role::Group, NOWHERE)
    },
    Form {
        templates: &[&["CustomLaunchTemplate"]],
        ..cloudformation("AWS::PCS::ComputeNodeGroup", Role::Group, NOWHERE)
    },
    Form {
        image: &["ManagedInstance", "ImageId"],
        user_data: &["ManagedInstance", "UserData"],
        ..cloudformation(
            "AWS::WorkspacesInstances::WorkspaceInstance",
            Role::Instance,
            &["ManagedInstance", "MetadataOptions"],
        )
    },
    cloudformation(
        "AWS::ImageBuilder::InfrastructureConfiguration",
        Role::BuildHost,
        &["InstanceMetadataOptions"],
    ),
];
