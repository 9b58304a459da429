//! Kinds of the Terraform provider, and of the collections of Ansible, which spell options alike. A table: it runs long.

use super::{Form, NOWHERE, terraform};
use crate::iac::site::Role;

/// Terraform's kinds.
pub(super) const TERRAFORM: &[Form] = &[
    Form {
        sends_endpoint: true,
        templates: &[&["launch_template"]],
        image: &["ami"],
        user_data: &["user_data"],
        ..terraform("aws_instance", Role::Instance)
    },
    Form {
        image: &["image_id"],
        user_data: &["user_data"],
        ..terraform("aws_launch_template", Role::Template)
    },
    Form {
        image: &["image_id"],
        user_data: &["user_data"],
        ..terraform("aws_launch_configuration", Role::LaunchConfiguration)
    },
    Form {
        templates: &[&["launch_template"]],
        image: &["ami"],
        user_data: &["user_data"],
        ..terraform("aws_spot_instance_request", Role::Spot)
    },
    Form {
        options: NOWHERE,
        templates: &[
            &["launch_template"],
            &["mixed_instances_policy", "*", "launch_template", "*", "launch_template_specification"],
            &[
                "mixed_instances_policy",
                "*",
                "launch_template",
                "*",
                "override",
                "*",
                "launch_template_specification",
            ],
        ],
        configuration: &["launch_configuration"],
        ..terraform("aws_autoscaling_group", Role::Group)
    },
    Form {
        options: NOWHERE,
        templates: &[&["launch_template"]],
        ..terraform("aws_eks_node_group", Role::NodeGroup)
    },
    Form {
        options: NOWHERE,
        templates: &[&["compute_resources", "*", "launch_template"]],
        bare: &[&["compute_resources"]],
        ..terraform("aws_batch_compute_environment", Role::Group)
    },
    Form {
        options: NOWHERE,
        templates: &[&["launch_template_config", "*", "launch_template_specification"]],
        ..terraform("aws_ec2_fleet", Role::Group)
    },
    Form {
        options: NOWHERE,
        templates: &[&["launch_template_config", "*", "launch_template_specification"]],
        bare: &[&["launch_specification"]],
        ..terraform("aws_spot_fleet_request", Role::Group)
    },
    Form { options: &[], ..terraform("aws_ec2_instance_metadata_defaults", Role::AccountDefaults) },
    Form { options: NOWHERE, ..terraform("aws_ami", Role::Image) },
    Form { options: NOWHERE, ..terraform("aws_ami_copy", Role::Image) },
    Form { options: NOWHERE, ..terraform("aws_ami_from_instance", Role::Image) },
    Form {
        options: &["instance_metadata_options"],
        ..terraform("aws_imagebuilder_infrastructure_configuration", Role::BuildHost)
    },
];

/// Ansible's kinds, without their collection.
pub(super) const ANSIBLE: &[Form] = &[
    Form {
        templates: &[&["launch_template"]],
        image: &["image_id"],
        user_data: &["user_data"],
        ..terraform("ec2_instance", Role::Instance)
    },
    Form {
        image: &["image_id"],
        user_data: &["user_data"],
        ..terraform("ec2_launch_template", Role::Template)
    },
    Form {
        options: NOWHERE,
        image: &["image_id"],
        user_data: &["user_data"],
        ..terraform("autoscaling_launch_config", Role::LaunchConfiguration)
    },
    Form {
        options: NOWHERE,
        image: &["image_id"],
        user_data: &["user_data"],
        ..terraform("ec2_lc", Role::LaunchConfiguration)
    },
    Form {
        options: NOWHERE,
        templates: &[&["launch_template"]],
        configuration: &["launch_config_name"],
        ..terraform("autoscaling_group", Role::Group)
    },
    Form {
        options: NOWHERE,
        templates: &[&["launch_template"]],
        ..terraform("eks_nodegroup", Role::NodeGroup)
    },
    Form {
        options: NOWHERE,
        image: &["launch_specification", "image_id"],
        user_data: &["launch_specification", "user_data"],
        ..terraform("ec2_spot_instance", Role::Spot)
    },
];
