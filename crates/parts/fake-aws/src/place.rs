//! One region of an account: what is there, and starting instances.

use crate::answer::{Done, Fault};
use crate::fleet::{Crowd, Fleet, Instance};
use crate::options::{InEffect, Levels};
use crate::scenario::{
    Defaults, Group, Image, Instances, LaunchConfiguration, LaunchTemplate, Options, Region, ScenarioError,
    TemplateData, TemplateReference,
};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Crowds together.
const INSTANCES_MAX: u64 = 10_000_000;

/// A region of an account.
#[derive(Debug)]
pub(crate) struct Place {
    pub(crate) account: String,
    pub(crate) region: String,
    pub(crate) defaults: Defaults,
    pub(crate) images: Vec<Image>,
    pub(crate) templates: Vec<Template>,
    pub(crate) configurations: Vec<LaunchConfiguration>,
    pub(crate) groups: Vec<LiveGroup>,
    pub(crate) fleet: Fleet,
    /// All the rest, which nothing changes.
    pub(crate) about: Region,
    pub(crate) pending_polls: u32,
}

/// A launch template.
#[derive(Clone, Debug)]
pub(crate) struct Template {
    pub(crate) about: LaunchTemplate,
    pub(crate) default_version: u64,
    /// Number 1 first.
    pub(crate) versions: Vec<TemplateData>,
    /// Numbers of versions by the client tokens that made them.
    pub(crate) made: BTreeMap<String, u64>,
}

/// A group with its members.
#[derive(Clone, Debug)]
pub(crate) struct LiveGroup {
    pub(crate) about: Group,
    pub(crate) members: Vec<String>,
    pub(crate) refreshes: Vec<Refresh>,
}

/// A replacement of the members of a group, which goes on with each look at it.
#[derive(Clone, Debug)]
pub(crate) struct Refresh {
    pub(crate) id: String,
    pub(crate) status: &'static str,
    pub(crate) reason: Option<String>,
    pub(crate) percentage: u8,
    pub(crate) template: Option<TemplateReference>,
}

/// What an instance is started with.
#[derive(Clone, Debug, Default)]
pub(crate) struct Launch {
    pub(crate) template: Option<TemplateReference>,
    pub(crate) options: Options,
    pub(crate) image_id: Option<String>,
    pub(crate) instance_type: Option<String>,
    pub(crate) profile: Option<String>,
    pub(crate) tags: BTreeMap<String, String>,
    /// What happened before the scenario begins is not refused.
    pub(crate) is_past: bool,
    pub(crate) before_defaults: bool,
}

impl Place {
    pub(crate) fn new(
        account: &str,
        name: &str,
        region: &Region,
        pending_polls: u32,
    ) -> Result<Place, ScenarioError> {
        let tag = account
            .bytes()
            .chain(name.bytes())
            .fold(0_u16, |tag, byte| tag.wrapping_mul(31).wrapping_add(u16::from(byte)));
        let templates = region.launch_templates.iter().map(|about| Template {
            default_version: about.default_version.unwrap_or(1),
            versions: about.versions.clone(),
            about: LaunchTemplate { versions: Vec::new(), ..about.clone() },
            made: BTreeMap::new(),
        });
        let mut place = Place {
            account: account.to_owned(),
            region: name.to_owned(),
            defaults: region.metadata_defaults.clone(),
            images: region.images.clone(),
            templates: templates.collect(),
            configurations: region.launch_configurations.clone(),
            groups: Vec::new(),
            fleet: Fleet::new(tag),
            about: Region {
                images: Vec::new(),
                launch_templates: Vec::new(),
                launch_configurations: Vec::new(),
                auto_scaling_groups: Vec::new(),
                instances: Vec::new(),
                ..region.clone()
            },
            pending_polls,
        };
        place.populate(region)?;
        Ok(place)
    }

    fn populate(&mut self, region: &Region) -> Result<(), ScenarioError> {
        let total: u64 = region.instances.iter().filter_map(|many| many.count).sum();
        if total > INSTANCES_MAX {
            return Err(ScenarioError::Bound("a region has more than 10,000,000 instances"));
        }
        let (crowds, single): (Vec<_>, Vec<_>) =
            region.instances.iter().partition(|many| many.count.is_some());
        for many in crowds {
            let like = self.past(many)?;
            let count = usize::try_from(many.count.unwrap_or_default()).unwrap_or_default();
            self.fleet.push_crowd(Crowd {
                first: 0,
                count,
                like,
                optional_percent: many.optional_percent,
                v1_percent: many.v1_percent,
                no_data_percent: many.no_data_percent.unwrap_or_default(),
            });
        }
        for one in single {
            let instance = self.past(one)?;
            if self.fleet.find(&instance.id).is_some() {
                return Err(ScenarioError::Twice { kind: "instance", name: instance.id });
            }
            self.fleet.push(instance);
        }
        for group in &region.auto_scaling_groups {
            self.fill(group)?;
        }
        Ok(())
    }

    /// An instance that was started before the scenario begins.
    fn past(&self, said: &Instances) -> Result<Instance, ScenarioError> {
        let launch = Launch {
            template: said.launch_template.clone(),
            options: said.metadata_options.clone(),
            image_id: said.image_id.clone(),
            instance_type: said.instance_type.clone(),
            profile: said.instance_profile.clone(),
            tags: said.tags.clone(),
            is_past: true,
            before_defaults: said.before_defaults,
        };
        let by = said.id.clone().unwrap_or_else(|| "an instance".to_owned());
        let mut instance =
            self.launched(&launch).map_err(|fault| ScenarioError::Missing { by, missing: fault.message })?;
        instance.id = said.id.clone().unwrap_or_default();
        if let Some(state) = &said.state {
            instance.state.clone_from(state);
        }
        instance.public_ip.clone_from(&said.public_ip);
        instance.has_ipv6 = said.ipv6;
        instance.operator.clone_from(&said.operator);
        instance.v1_calls = said.v1_calls.as_deref().map(Arc::from);
        if !said.security_groups.is_empty() {
            instance.security_groups = said.security_groups.clone().into();
        }
        Ok(instance)
    }

    fn fill(&mut self, group: &Group) -> Result<(), ScenarioError> {
        let mut live = LiveGroup { about: group.clone(), members: Vec::new(), refreshes: Vec::new() };
        for _ in 0..group.members.min(10_000) {
            let id = self
                .member(&live, true)
                .map_err(|fault| ScenarioError::Missing { by: group.name.clone(), missing: fault.message })?;
            live.members.push(id);
        }
        self.groups.push(live);
        Ok(())
    }

    /// Starts an instance as a group would. Its id.
    pub(crate) fn member(&mut self, group: &LiveGroup, is_past: bool) -> Done<String> {
        let about = &group.about;
        let mut launch = Launch { tags: about.tags.clone(), is_past, ..Launch::default() };
        launch.tags.insert("aws:autoscaling:groupName".to_owned(), about.name.clone());
        launch.template = about.launch_template.clone().or_else(|| about.mixed_template.clone());
        if let Some(name) = &about.launch_configuration {
            let configuration =
                self.configurations.iter().find(|other| other.name == *name).ok_or_else(|| {
                    Fault::bad("ValidationError", format!("launch configuration `{name}` is not there"))
                })?;
            launch.options = configuration.metadata_options.clone();
            launch.image_id = Some(configuration.image_id.clone());
            launch.profile.clone_from(&configuration.instance_profile);
        }
        let instance = self.launched(&launch)?;
        Ok(self.fleet.push(instance))
    }

    /// An instance as it would be after a launch. Not added.
    pub(crate) fn launched(&self, launch: &Launch) -> Done<Instance> {
        let named = launch.template.as_ref().map(|reference| self.version(reference)).transpose()?;
        let empty = TemplateData::default();
        let data = named.as_ref().map_or(&empty, |(_, _, data)| data);
        let image_id = launch.image_id.clone().or_else(|| data.image_id.clone()).unwrap_or_default();
        let image = self.images.iter().find(|image| image.id == image_id);
        if image.is_none() && !launch.is_past {
            let words = format!("the image id '[{image_id}]' does not exist");
            return Err(Fault::bad("InvalidAMIID.NotFound", words));
        }
        let nothing = Defaults::default();
        let options = InEffect::resolve(&Levels {
            request: &launch.options,
            template: &data.metadata_options,
            account: if launch.before_defaults { &nothing } else { &self.defaults },
            imds_support: image.and_then(|image| image.imds_support.as_deref()),
            is_launch: !launch.is_past,
        })?;
        let mut tags = launch.tags.clone();
        if let Some((id, number, _)) = &named {
            tags.insert("aws:ec2launchtemplate:id".to_owned(), id.clone());
            tags.insert("aws:ec2launchtemplate:version".to_owned(), number.to_string());
        }
        let typed = launch.instance_type.as_ref().or(data.instance_type.as_ref());
        Ok(Instance {
            id: String::new(),
            state: "running".to_owned(),
            image_id,
            kind: typed.cloned().unwrap_or_else(|| "m7g.large".to_owned()),
            profile: launch.profile.clone().or_else(|| data.instance_profile.clone()),
            public_ip: None,
            has_ipv6: false,
            security_groups: data.security_groups.clone().into(),
            operator: None,
            tags: Arc::new(tags),
            options,
            pending: 0,
            v1_calls: None,
            template: named.map(|(id, number, _)| (id, number)),
        })
    }

    /// The template that a reference names.
    pub(crate) fn template(&self, id: Option<&str>, name: Option<&str>) -> Done<usize> {
        let found = self.templates.iter().position(|template| match (id, name) {
            (Some(id), _) => template.about.id == id,
            (None, name) => name.is_some_and(|name| template.about.name == name),
        });
        found.ok_or_else(|| {
            let wanted = id.or(name).unwrap_or("a template without a name");
            let code = if id.is_some() {
                "InvalidLaunchTemplateId.NotFound"
            } else {
                "InvalidLaunchTemplateName.NotFoundException"
            };
            Fault::bad(code, format!("launch template `{wanted}` does not exist"))
        })
    }

    /// The template, number and text of a reference.
    pub(crate) fn version(&self, reference: &TemplateReference) -> Done<(String, u64, &TemplateData)> {
        let template = &self.templates[self.template(reference.id.as_deref(), reference.name.as_deref())?];
        let (number, data) = template.version(reference.version.as_deref().unwrap_or("$Default"))?;
        Ok((template.about.id.clone(), number, data))
    }
}

impl Template {
    /// The number and text of a version.
    pub(crate) fn version(&self, named: &str) -> Done<(u64, &TemplateData)> {
        let number = match named {
            "$Default" => Some(self.default_version),
            "$Latest" => Some(self.versions.len() as u64),
            number => number.parse().ok(),
        };
        number
            .and_then(|number| {
                Some((number, self.versions.get(usize::try_from(number).ok()?.checked_sub(1)?)?))
            })
            .ok_or_else(|| {
                let words =
                    format!("version `{named}` of launch template `{}` does not exist", self.about.id);
                Fault::bad("InvalidLaunchTemplateId.VersionNotFound", words)
            })
    }
}
