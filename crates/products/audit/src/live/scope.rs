//! One region of one account, with everything found by its name.

use super::subject::{Key, Kind};
use onehop_inventory::{
    Account, ContainerInstance, Group, Header, Image, Instance, LaunchConfiguration, LaunchTemplate, Region,
    Role, RoleDelivery, TemplateSpec, Word,
};
use onehop_posture::{ImageSupport, Layers, Options, Setting};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// One region of one account.
pub(super) struct Scope<'a> {
    pub(super) account: &'a Account,
    pub(super) region: &'a Region,
    pub(super) defaults: Options,
    pub(super) enforced: Setting<bool>,
    pub(super) instances: HashMap<&'a str, &'a Instance>,
    pub(super) groups: HashMap<&'a str, &'a Group>,
    pub(super) configurations: HashMap<&'a str, &'a LaunchConfiguration>,
    pub(super) containers: HashMap<&'a str, &'a ContainerInstance>,
    pub(super) deliveries: HashMap<&'a str, Vec<&'a RoleDelivery>>,
    /// Whether logs of CloudTrail were read: then an instance without deliveries has no data.
    pub(super) has_trail: bool,
    pub(super) open_groups: HashSet<&'a str>,
    pub(super) load_balanced: HashSet<&'a str>,
    account_id: Arc<str>,
    region_name: Arc<str>,
    templates: HashMap<&'a str, &'a LaunchTemplate>,
    templates_by_name: HashMap<&'a str, &'a LaunchTemplate>,
    images: HashMap<&'a str, &'a Image>,
    parameters: HashMap<&'a str, &'a Image>,
    roles: HashMap<&'a str, &'a Role>,
}

impl<'a> Scope<'a> {
    pub(super) fn of(header: &Header, account: &'a Account, region: &'a Region) -> Scope<'a> {
        let (defaults, enforced) = region.defaults();
        let mut deliveries: HashMap<&str, Vec<&RoleDelivery>> = HashMap::new();
        for delivery in &region.deliveries {
            deliveries.entry(&delivery.instance_id).or_default().push(delivery);
        }
        let parameters = region
            .images
            .iter()
            .flat_map(|image| image.parameters.iter().map(move |name| (parameter(name), image)))
            .collect();
        let roles = account
            .roles
            .iter()
            .flat_map(|role| role.profiles.iter().map(move |profile| (profile.as_str(), role)))
            .collect();
        Scope {
            account,
            region,
            defaults,
            enforced,
            instances: region.instances.iter().map(|item| (item.id.as_str(), item)).collect(),
            groups: region.groups.iter().map(|item| (item.name.as_str(), item)).collect(),
            configurations: region.configurations.iter().map(|item| (item.name.as_str(), item)).collect(),
            containers: region
                .container_instances
                .iter()
                .map(|item| (item.instance_id.as_str(), item))
                .collect(),
            deliveries,
            has_trail: header.trail.is_some(),
            open_groups: region.security_groups.iter().map(|group| group.id.as_str()).collect(),
            load_balanced: region.load_balanced.iter().map(String::as_str).collect(),
            account_id: account.id.as_str().into(),
            region_name: region.name.as_str().into(),
            templates: region.templates.iter().map(|item| (item.id.as_str(), item)).collect(),
            templates_by_name: region.templates.iter().map(|item| (item.name.as_str(), item)).collect(),
            images: region.images.iter().map(|item| (item.id.as_str(), item)).collect(),
            parameters,
            roles,
        }
    }

    pub(super) fn key(&self, kind: Kind, id: impl Into<String>) -> Key {
        Key { account: self.account_id.clone(), region: self.region_name.clone(), kind, id: id.into() }
    }

    /// The template that a consumer names.
    pub(super) fn template(&self, spec: &TemplateSpec) -> Option<&'a LaunchTemplate> {
        match (&spec.id, &spec.name) {
            (Some(id), _) => self.templates.get(id.as_str()).copied(),
            (None, Some(name)) => self.templates_by_name.get(name.as_str()).copied(),
            (None, None) => None,
        }
    }

    /// What an image says. None is an image that nobody names yet.
    pub(super) fn image(&self, id: Option<&str>) -> ImageSupport {
        let Some(id) = id else { return ImageSupport::Unnamed };
        let is_parameter = id.starts_with("resolve:ssm:");
        let found = if is_parameter { self.parameters.get(parameter(id)) } else { self.images.get(id) };
        if let Some(image) = found {
            return ImageSupport::of(image.imds_support.as_ref().map(Word::as_str));
        }
        let parameter_gap = is_parameter.then(|| self.region.gap("ssm:GetParameters")).flatten();
        let reason = parameter_gap.or_else(|| self.region.gap("ec2:DescribeImages")).unwrap_or_else(|| {
            if is_parameter {
                format!("`{id}` led to no image")
            } else {
                format!("`{id}` is gone, or not shared with the account any more")
            }
        });
        ImageSupport::Unknown(reason.into())
    }

    /// The layers of a launch: these options as the template's, and what surrounds it.
    pub(super) fn layers(&self, template: Options, image: ImageSupport) -> Layers {
        Layers {
            request: Options::default(),
            template,
            account: self.defaults.clone(),
            image,
            enforced: self.enforced.clone(),
        }
    }

    /// The role behind an instance profile, given by ARN or by name.
    pub(super) fn role(&self, profile: &str) -> Option<&'a Role> {
        self.roles.get(profile).copied().or_else(|| {
            let ending = format!("/{profile}");
            self.roles.iter().find(|(arn, _)| arn.ends_with(&ending)).map(|(_, role)| *role)
        })
    }
}

/// The name of a parameter, without the version or label behind it.
fn parameter(text: &str) -> &str {
    let name = text.strip_prefix("resolve:ssm:").unwrap_or(text);
    name.split(':').next().unwrap_or(name)
}
