//! What starts instances: each through the version that it really uses, the worst of its ways deciding.

use super::consumers::Consumers;
use super::delivered::Delivered;
use super::owner::Owner;
use super::repair::plain_repair;
use super::scope::Scope;
use super::subject::{Action, Key, Kind, Repair, Subject};
use super::ways::{Way, several, unread_way, worst};
use onehop_inventory::{
    Consumer, Group, GroupMember, GroupSource, Instance, LaunchConfiguration, LaunchTemplate, NodeGroup,
    TemplateSpec,
};
use onehop_posture::{ContainerEvidence, Effective, ImageSupport, Options, Reach, Usage, resolve};
use std::collections::BTreeSet;

impl<'a> Scope<'a> {
    /// The versions of a template that count: the default, and every one that a consumer uses.
    pub(super) fn template_versions(
        &self,
        template: &'a LaunchTemplate,
        consumers: &Consumers<'_>,
    ) -> Vec<Subject> {
        let used = consumers.of(template);
        let mut numbers: BTreeSet<u64> = used.keys().copied().collect();
        numbers.insert(template.default_version);
        numbers
            .into_iter()
            .map(|number| {
                let by = used.get(&number).map_or(&[][..], Vec::as_slice);
                self.template_version(template, number, by, used.is_empty())
            })
            .collect()
    }

    fn template_version(
        &self,
        template: &'a LaunchTemplate,
        number: u64,
        by: &[String],
        is_unused: bool,
    ) -> Subject {
        let spec =
            TemplateSpec { id: Some(template.id.clone()), name: None, version: Some(number.to_string()) };
        let used = self.used(&spec);
        let effective = self.launched(&used, None);
        let verdict = effective.verdict();
        let mut notes: Vec<String> = by.iter().map(|consumer| format!("Used by {consumer}.")).collect();
        if is_unused {
            notes.push("Nothing that was read uses this template.".to_owned());
        }
        let repair = self.repair_template(template, number, &verdict, by);
        let key = self.key(Kind::LaunchTemplate, format!("{}:{number}", template.id));
        let way = self.way(used, None, Vec::new(), &template.tags);
        Subject {
            repair,
            notes,
            instances: 0,
            ..subject(key, Some(template.name.clone()), way, no_usage(), effective)
        }
    }

    /// A launch configuration. Whether account and image reach launches from it is not documented; where both answers give
    /// the same, it is decided all the same.
    pub(super) fn configuration(&self, configuration: &'a LaunchConfiguration) -> Subject {
        let way = self.configuration_way(configuration);
        let key = self.key(Kind::LaunchConfiguration, &*configuration.name);
        let repair = plain_repair(&key, &way.effective.verdict(), Action::Replace, Owner::Unknown);
        let effective = way.effective.clone();
        Subject { repair, instances: 0, ..subject(key, None, way, no_usage(), effective) }
    }

    /// An Auto Scaling group: the worst of its ways.
    pub(super) fn group(&self, group: &'a Group) -> Subject {
        let key = self.key(Kind::AutoScalingGroup, &*group.name);
        let owner = Owner::of(&group.tags, None);
        let ways = self.ways(&group.source, &group.tags);
        let mut notes = several(&ways);
        notes.extend(self.stale(group));
        if group.max == 0 {
            notes.push("Its maximum is zero: it starts nothing.".to_owned());
        }
        let way =
            worst(ways).unwrap_or_else(|| unread_way("the group names no template and no configuration"));
        let members: Vec<&Instance> = group
            .members
            .iter()
            .filter_map(|member| self.instances.get(member.id.as_str()).copied())
            .collect();
        let repair = self.repair_consumer(&key, &way, owner);
        let effective = way.effective.clone();
        let count = u64::try_from(group.members.len()).unwrap_or(u64::MAX);
        let made =
            subject(key, group.tags.get("Name").map(str::to_owned), way, self.usage_of(&members), effective);
        Subject { repair, notes, instances: count, ..self.with_members(made, &members) }
    }

    /// A node group of EKS: its template, or that of the groups that EKS made for it.
    pub(super) fn node_group(&self, node_group: &'a NodeGroup) -> Subject {
        let key = self.key(Kind::NodeGroup, format!("{}/{}", node_group.cluster, node_group.name));
        let owner = Owner::of(&node_group.tags, None);
        let groups: Vec<&'a Group> =
            node_group.groups.iter().filter_map(|name| self.groups.get(name.as_str()).copied()).collect();
        let mut ways: Vec<Way<'a>> = match &node_group.template {
            Some(spec) => vec![self.way(self.used(spec), None, Vec::new(), &node_group.tags)],
            None => groups.iter().flat_map(|group| self.ways(&group.source, &group.tags)).collect(),
        };
        for way in &mut ways {
            is_kubernetes(&mut way.containers);
        }
        let way = worst(ways).unwrap_or_else(|| {
            unread_way("EKS makes a launch template of its own for it, which was not read")
        });
        let members: Vec<&Instance> = groups
            .iter()
            .flat_map(|group| &group.members)
            .filter_map(|member| self.instances.get(member.id.as_str()).copied())
            .collect();
        let mut repair = self.repair_consumer(&key, &way, owner);
        if node_group.template.is_none() && way.effective.verdict().is_finding() {
            repair = Repair {
                action: Action::Service,
                target: key.id.clone(),
                words: "Give the node group a launch template of its own that requires tokens, with a hop limit for its pods.".to_owned(),
                ..repair
            };
        }
        let effective = way.effective.clone();
        let count = u64::try_from(members.len()).unwrap_or(u64::MAX);
        let made = subject(key, None, way, self.usage_of(&members), effective);
        Subject { repair, instances: count, ..self.with_members(made, &members) }
    }

    /// Anything else that starts instances from templates.
    pub(super) fn consumer(&self, consumer: &'a Consumer) -> Subject {
        let key = self.key(Kind::Consumer, format!("{}/{}", consumer.kind, consumer.name));
        let owner = Owner::of(&consumer.tags, None);
        let request = consumer.metadata.options();
        let mut ways: Vec<Way<'a>> = consumer
            .templates
            .iter()
            .map(|spec| {
                let mut way = self.way(self.used(spec), None, Vec::new(), &consumer.tags);
                if let Some(used) = &way.used {
                    let mut layers = self.layers(used.options.clone(), self.image_of(used, None));
                    layers.request = request.clone();
                    way.effective = resolve(&layers);
                }
                way
            })
            .collect();
        if consumer.bare || ways.is_empty() {
            let unread = ImageSupport::Unknown("the image of the launch specification was not read".into());
            let mut way = unread_way("nothing of the launch specification was read");
            let mut layers = self.layers(Options::default(), unread);
            layers.request = request;
            way.effective = resolve(&layers);
            ways.push(way);
        }
        let mut notes = several(&ways);
        if consumer.bare {
            notes.push(
                "Its launch specification has no field for metadata options: account and image decide."
                    .to_owned(),
            );
        }
        let way = worst(ways).unwrap_or_else(|| unread_way("it names no template"));
        let repair = self.repair_consumer(&key, &way, owner);
        let effective = way.effective.clone();
        Subject { repair, notes, instances: 0, ..subject(key, None, way, no_usage(), effective) }
    }

    /// What really runs says more than what a template leaves to a subnet.
    fn with_members(&self, mut subject: Subject, members: &[&Instance]) -> Subject {
        let reach = members.iter().map(|member| self.reach(member)).max_by_key(reach_rank);
        subject.reach = reach.unwrap_or(subject.reach);
        subject
    }

    fn usage_of(&self, members: &[&Instance]) -> Usage {
        let all: Vec<Usage> = members.iter().map(|member| self.usage(member)).collect();
        let is_seen = all.iter().any(|usage| matches!(usage, Usage::Seen { .. }));
        let count: u64 = all
            .iter()
            .map(|usage| match usage {
                Usage::Seen { count: Some(count), .. } => *count,
                _ => 0,
            })
            .sum();
        if is_seen {
            let by = format!("its {} instances together", all.len()).into();
            return Usage::Seen { count: (count > 0).then_some(count), by };
        }
        let blind = all.iter().filter(|usage| matches!(usage, Usage::NoData(_))).count();
        match (all.first(), blind) {
            (None, _) => Usage::NoData("no instance of it was read".into()),
            (Some(Usage::Zero { by }), 0) => Usage::Zero { by: by.clone() },
            _ => Usage::NoData(format!("{blind} of {} instances have no data", all.len()).into()),
        }
    }

    /// Members that were started from something else than the group would start from.
    fn stale(&self, group: &Group) -> Option<String> {
        let GroupSource::Template(spec) = &group.source else { return None };
        let template = self.template(spec)?;
        let number = template.number(spec.version.as_deref())?;
        let is_stale = |member: &&GroupMember| {
            let own = member.template.as_ref().and_then(|own| template.number(own.version.as_deref()));
            own.is_some_and(|own| own != number)
        };
        let stale = group.members.iter().filter(is_stale).count();
        (stale > 0).then(|| {
            format!(
                "{stale} of {} members were started from another version than {number}.",
                group.members.len()
            )
        })
    }
}

pub(super) fn subject(
    key: Key,
    name: Option<String>,
    way: Way<'_>,
    usage: Usage,
    effective: Effective,
) -> Subject {
    Subject {
        repair: plain_repair(&key, &effective.verdict(), Action::Nothing, Owner::Unknown),
        key,
        name,
        verdict: effective.verdict(),
        effective,
        chain: way.chain,
        reach: way.reach,
        role: way.role,
        usage,
        delivered: Delivered::NotRead,
        containers: way.containers,
        instances: 0,
        notes: Vec::new(),
    }
}

const fn reach_rank(reach: &Reach) -> u8 {
    match reach {
        Reach::Private => 0,
        Reach::Unknown(_) => 1,
        Reach::PublicClosed => 2,
        Reach::LoadBalancer => 3,
        Reach::World => 4,
    }
}

fn is_kubernetes(containers: &mut ContainerEvidence) {
    use onehop_posture::{Containers, Sign};
    let sign = Sign { containers: Containers::Kubernetes, seen_in: "EKS".into() };
    match containers {
        ContainerEvidence::NotLooked(_) => *containers = ContainerEvidence::Found(vec![sign]),
        ContainerEvidence::Found(signs) => signs.push(sign),
    }
}

fn no_usage() -> Usage {
    Usage::NoData("it starts instances, and is none".into())
}
