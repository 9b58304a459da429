//! Kinds of Pulumi's bridged provider, which follows Terraform's. A table: it runs long.

use super::{Form, NOWHERE, pulumi};
use crate::iac::site::Role;

/// Pulumi's kinds, without the module of the token: `aws:ec2/instance:Instance` is `aws:ec2:Instance`.
pub(super) const PULUMI: &[Form] = &[
    Form {
        sends_endpoint: true,
        templates: &[&["launchTemplate"]],
        image: &["ami"],
        user_data: &["userData"],
        ..pulumi("aws:ec2:Instance", Role::Instance)
    },
    Form {
        image: &["imageId"],
        user_data: &["userData"],
        ..pulumi("aws:ec2:LaunchTemplate", Role::Template)
    },
    Form {
        image: &["imageId"],
        user_data: &["userData"],
        ..pulumi("aws:ec2:LaunchConfiguration", Role::LaunchConfiguration)
    },
    Form { image: &["ami"], ..pulumi("aws:ec2:SpotInstanceRequest", Role::Spot) },
    Form { options: &[], ..pulumi("aws:ec2:InstanceMetadataDefaults", Role::AccountDefaults) },
    Form {
        options: NOWHERE,
        templates: &[
            &["launchTemplate"],
            &["mixedInstancesPolicy", "launchTemplate", "launchTemplateSpecification"],
            &["mixedInstancesPolicy", "launchTemplate", "overrides", "*", "launchTemplateSpecification"],
        ],
        configuration: &["launchConfiguration"],
        ..pulumi("aws:autoscaling:Group", Role::Group)
    },
    Form {
        options: NOWHERE,
        templates: &[&["launchTemplate"]],
        ..pulumi("aws:eks:NodeGroup", Role::NodeGroup)
    },
    Form {
        options: NOWHERE,
        templates: &[&["computeResources", "launchTemplate"]],
        bare: &[&["computeResources"]],
        ..pulumi("aws:batch:ComputeEnvironment", Role::Group)
    },
    Form {
        options: NOWHERE,
        templates: &[
            &["launchTemplateConfigs", "*", "launchTemplateSpecification"],
            &["launchTemplateConfig", "*", "launchTemplateSpecification"],
        ],
        ..pulumi("aws:ec2:Fleet", Role::Group)
    },
    Form {
        options: NOWHERE,
        templates: &[&["launchTemplateConfigs", "*", "launchTemplateSpecification"]],
        bare: &[&["launchSpecifications"]],
        ..pulumi("aws:ec2:SpotFleetRequest", Role::Group)
    },
    Form { options: NOWHERE, ..pulumi("aws:ec2:Ami", Role::Image) },
    Form { options: NOWHERE, ..pulumi("aws:ec2:AmiCopy", Role::Image) },
    Form { options: NOWHERE, ..pulumi("aws:ec2:AmiFromInstance", Role::Image) },
    Form {
        options: &["instanceMetadataOptions"],
        ..pulumi("aws:imagebuilder:InfrastructureConfiguration", Role::BuildHost)
    },
];
