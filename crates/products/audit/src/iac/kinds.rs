//! Which kinds of resources have to do with metadata options, and where each of them says what.
//!
//! The names are those of the Terraform provider, of the CloudFormation resource specification, of Pulumi's bridged provider
//! (which follows Terraform's) and of the tools themselves.

mod cloudformation;
mod pulumi;
mod terraform;

use super::block::Block;
use super::options::{CAMEL, CAPITAL, Names, SNAKE};
use super::site::{Role, Site, TemplateUse};
use cloudformation::CLOUDFORMATION;
use onehop_code::{Kind as ValueKind, Language, Resource, Value};
use onehop_posture::{Setting, Switch};
use pulumi::PULUMI;
use std::borrow::Cow;
use terraform::{ANSIBLE, TERRAFORM};

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

/// Where a kind of resource says what, if it has to do with metadata options.
pub(super) fn form_of(language: Language, kind: &str) -> Option<&'static Form> {
    let forms = match language {
        Language::Terraform | Language::TerraformPlan | Language::TerraformState => TERRAFORM,
        Language::CloudFormation => CLOUDFORMATION,
        Language::Pulumi => PULUMI,
        Language::Ansible => ANSIBLE,
        _ => return None,
    };
    let kind = plain(language, kind);
    forms.iter().find(|form| form.kind == kind)
}

/// The kinds that stand in files of JSON and YAML.
#[cfg(test)]
pub(super) fn of_documents() -> impl Iterator<Item = &'static str> {
    [CLOUDFORMATION, PULUMI, ANSIBLE].into_iter().flatten().map(|form| form.kind)
}

/// The name of a kind as tables have it: without what a language puts around it.
pub(super) fn plain(language: Language, kind: &str) -> Cow<'_, str> {
    match language {
        Language::Pulumi => Cow::Owned(without_module(kind)),
        Language::Ansible => Cow::Borrowed(kind.rsplit('.').next().unwrap_or(kind)),
        _ => Cow::Borrowed(kind),
    }
}

/// Whether a reader of Terraform should evaluate resources of a kind: those with options, those with switches of their
/// own, and those that say something of others. What these refer to is evaluated with them.
pub(super) fn is_wanted(kind: &str) -> bool {
    const OTHERS: [&str; 7] = [
        "aws_sagemaker_notebook_instance",
        "aws_elastic_beanstalk_environment",
        "aws_elastic_beanstalk_configuration_template",
        "aws_ecs_capacity_provider",
        "aws_emr_cluster",
        "aws_emr_security_configuration",
        "aws_organizations_policy",
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
    let block = Block::at(&resource.body, form.options);
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
        let value = (!path.is_empty()).then(|| resource.body.path(path))?;
        value.filter(|value| !value.is_null())
    };
    site.configuration = single(form.configuration);
    site.image = single(form.image);
    site.user_data = single(form.user_data);
    Some(site)
}

/// The group that an ECS capacity provider starts instances with, as scope and address, and what that says of it.
pub(super) fn capacity_of(resource: &Resource) -> Option<((&str, &str), String)> {
    let path: &[&str] = match &*plain(resource.language, &resource.kind) {
        "aws_ecs_capacity_provider" => &["auto_scaling_group_provider", "*", "auto_scaling_group_arn"],
        "AWS::ECS::CapacityProvider" => &["AutoScalingGroupProvider", "AutoScalingGroupArn"],
        "aws:ecs:CapacityProvider" => &["autoScalingGroupProvider", "autoScalingGroupArn"],
        _ => return None,
    };
    let mut group = None;
    blocks(&resource.body, path, &mut |named| {
        if let ValueKind::Reference(reference) = &named.kind {
            group = Some(reference.address.as_str());
        }
    });
    let evidence = format!("capacity provider `{}` of ECS starts tasks there", resource.address);
    Some(((resource.scope.as_str(), group?), evidence))
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
