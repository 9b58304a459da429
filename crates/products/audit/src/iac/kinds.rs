//! Which kinds of resources have to do with metadata options, and where each of them says what.
//!
//! The names are those of the Terraform provider, of the CloudFormation resource specification, of Pulumi's bridged provider
//! (which follows Terraform's) and of the tools themselves.

use super::block::Block;
use super::options::{CAMEL, CAPITAL, Names, SNAKE};
use super::site::{Role, Site, TemplateUse};
use onehop_code::{Kind as ValueKind, Language, Resource, Value};
use onehop_posture::{Setting, Switch};

/// Where a kind of resource says what.
#[derive(Clone, Copy, Debug)]
pub(super) struct Form {
    /// The kind as its language names it.
    pub kind: &'static str,
    /// What it is.
    pub role: Role,
    /// Names on the way to the block of options; empty where they stand in the resource itself.
    options: &'static [&'static str],
    names: &'static Names,
    /// Whether the endpoint is sent as enabled where a block of options leaves it out.
    sends_endpoint: bool,
    /// Blocks that name a launch template; `*` stands for every item of a list.
    templates: &'static [&'static [&'static str]],
    configuration: &'static [&'static str],
    /// Blocks in which instances are described without a template; no options can be said there.
    bare: &'static [&'static [&'static str]],
    image: &'static [&'static str],
    user_data: &'static [&'static str],
}

const BLANK: Form = Form {
    kind: "",
    role: Role::Instance,
    options: &["metadata_options"],
    names: &SNAKE,
    sends_endpoint: false,
    templates: &[],
    configuration: &[],
    bare: &[],
    image: &[],
    user_data: &[],
};

const fn terraform(kind: &'static str, role: Role) -> Form {
    Form { kind, role, ..BLANK }
}

const fn cloudformation(kind: &'static str, role: Role, options: &'static [&'static str]) -> Form {
    Form { kind, role, options, names: &CAPITAL, ..BLANK }
}

const fn pulumi(kind: &'static str, role: Role) -> Form {
    Form { kind, role, options: &["metadataOptions"], names: &CAMEL, ..BLANK }
}

/// No block of this name is ever written: the resource cannot say anything about options.
const NOWHERE: &[&str] = &["\0"];

/// Terraform's kinds.
const TERRAFORM: &[Form] = &[
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

/// CloudFormation's kinds.
const CLOUDFORMATION: &[Form] = &[
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
        templates: &[&["ComputeResources", "LaunchTemplate"]],
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

/// Pulumi's kinds, without the module of the token: `aws:ec2/instance:Instance` is `aws:ec2:Instance`.
const PULUMI: &[Form] = &[
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
        ],
        configuration: &["launchConfiguration"],
        ..pulumi("aws:autoscaling:Group", Role::Group)
    },
    Form {
        options: NOWHERE,
        templates: &[&["launchTemplate"]],
        ..pulumi("aws:eks:NodeGroup", Role::NodeGroup)
    },
    Form { options: NOWHERE, ..pulumi("aws:ec2:Ami", Role::Image) },
];

/// Ansible's kinds, without their collection.
const ANSIBLE: &[Form] = &[
    Form { image: &["image_id"], user_data: &["user_data"], ..terraform("ec2_instance", Role::Instance) },
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
];

/// Where a kind of resource says what, if it has to do with metadata options.
pub(super) fn form_of(language: Language, kind: &str) -> Option<&'static Form> {
    let (forms, kind) = match language {
        Language::Terraform | Language::TerraformPlan | Language::TerraformState => {
            (TERRAFORM, kind.to_owned())
        }
        Language::CloudFormation => (CLOUDFORMATION, kind.to_owned()),
        Language::Pulumi => (PULUMI, without_module(kind)),
        Language::Ansible => (ANSIBLE, kind.rsplit('.').next().unwrap_or(kind).to_owned()),
        _ => return None,
    };
    forms.iter().find(|form| form.kind == kind)
}

/// Whether a reader should evaluate resources of a kind: those with options, those with switches of their own, and those
/// that others refer to.
pub(super) fn is_wanted(kind: &str) -> bool {
    const OTHERS: [&str; 12] = [
        "data.aws_ami",
        "data.aws_launch_template",
        "data.aws_ssm_parameter",
        "aws_sagemaker_notebook_instance",
        "aws_elastic_beanstalk_environment",
        "aws_elastic_beanstalk_configuration_template",
        "aws_emr_security_configuration",
        "aws_organizations_policy",
        "aws_eks_cluster",
        "aws_ecs_cluster",
        "aws_ecs_service",
        "packer.amazon-ebs",
    ];
    TERRAFORM.iter().any(|form| form.kind == kind) || OTHERS.contains(&kind) || kind.starts_with("packer.")
}

/// `aws:ec2/instance:Instance` without its module; `aws-native` counts as `aws`.
fn without_module(token: &str) -> String {
    let mut parts = token.split(':');
    let (Some(package), Some(module), Some(name)) = (parts.next(), parts.next(), parts.next()) else {
        return token.to_owned();
    };
    let package = if package == "aws-native" { "aws" } else { package };
    format!("{package}:{}:{name}", module.split('/').next().unwrap_or(module))
}

/// What a resource says, if it has to do with metadata options.
pub(super) fn site_of(resource: &Resource) -> Option<Site<'_>> {
    let form = form_of(resource.language, &resource.kind)?;
    let block = if form.options.is_empty() {
        Block::at(&resource.body, &[])
    } else {
        Block::at(&resource.body, form.options)
    };
    let mut site = Site::new(resource, form.role, block, form.names);
    if form.sends_endpoint && matches!(block, Block::Written(_)) && site.options.endpoint.is_unset() {
        // The provider's schema has `enabled` and `disabled` as defaults of these two, and sends them.
        site.options.endpoint = Setting::Set(Switch::Enabled);
    }
    site.is_bare = form.bare.iter().any(|path| describes_instances(&resource.body, path));
    for path in form.templates {
        blocks(&resource.body, path, &mut |block| site.templates.extend(template_use(block)));
    }
    let single = |path: &[&str]| {
        let value = if path.is_empty() { None } else { resource.body.path(path) };
        value.filter(|value| !value.is_null())
    };
    site.configuration = single(form.configuration);
    site.image = single(form.image);
    site.user_data = single(form.user_data);
    Some(site)
}

/// Whether a block describes instances: it is written, and not for Fargate.
fn describes_instances(body: &Value, path: &[&str]) -> bool {
    let mut found = false;
    blocks(body, path, &mut |block| {
        let kind = ["type", "Type"].iter().find_map(|name| block.get(name)).and_then(Value::as_str);
        found |= !kind.is_some_and(|kind| kind.to_ascii_uppercase().starts_with("FARGATE"));
    });
    found
}

/// Every block at a path. A list where a map is expected stands for each of its items.
fn blocks<'a>(value: &'a Value, path: &[&str], take: &mut dyn FnMut(&'a Value)) {
    match (&value.kind, path) {
        (ValueKind::List(items), ["*", rest @ ..] | rest) => {
            for item in items {
                blocks(item, rest, take);
            }
        }
        (_, ["*", rest @ ..]) => blocks(value, rest, take),
        (_, [name, rest @ ..]) => {
            if let Some(inner) = value.get(name) {
                blocks(inner, rest, take);
            }
        }
        (ValueKind::Null, []) => {}
        (_, []) => take(value),
    }
}

/// The template that a block names, by any of the spellings of its languages. A block that cannot be known names one that
/// cannot be known.
fn template_use(block: &Value) -> Option<TemplateUse<'_>> {
    const TEMPLATES: [&str; 9] = [
        "id",
        "name",
        "launch_template_id",
        "launch_template_name",
        "LaunchTemplateId",
        "LaunchTemplateName",
        "launchTemplateId",
        "launchTemplateName",
        "Id",
    ];
    const VERSIONS: [&str; 2] = ["version", "Version"];
    if block.why_unknown().is_some() {
        return Some(TemplateUse { template: block, version: None, span: block.span });
    }
    let named =
        |names: &[&str]| names.iter().find_map(|name| block.get(name).filter(|value| !value.is_null()));
    let template = named(&TEMPLATES).or_else(|| named(&["Name"]))?;
    Some(TemplateUse { template, version: named(&VERSIONS), span: template.span.or(block.span) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_found_by_language() {
        let table = [
            (Language::Terraform, "aws_instance", Some(Role::Instance)),
            (Language::TerraformPlan, "aws_launch_template", Some(Role::Template)),
            (Language::CloudFormation, "AWS::EC2::LaunchTemplate", Some(Role::Template)),
            (Language::CloudFormation, "aws_instance", None),
            (Language::Pulumi, "aws:ec2/instance:Instance", Some(Role::Instance)),
            (Language::Pulumi, "aws-native:ec2:LaunchTemplate", Some(Role::Template)),
            (Language::Ansible, "amazon.aws.ec2_instance", Some(Role::Instance)),
            (Language::Terraform, "aws_s3_bucket", None),
        ];
        for (language, kind, want) in table {
            assert_eq!(form_of(language, kind).map(|form| form.role), want, "{language:?} {kind}");
        }
    }
}
