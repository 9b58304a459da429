//! Instances: what was read is in effect; the rest is where it came from and where it comes back from.

use super::delivered::Delivered;
use super::findings::blocks;
use super::owner::Owner;
use super::repair::plain_repair;
use super::scope::Scope;
use super::subject::{Action, Kind, Link, Repair, Subject};
use super::surround::{over, whole};
use super::template::Used;
use onehop_inventory::{Instance, LightsailInstance, TemplateSpec};
use onehop_posture::{ContainerEvidence, Effective, Reach, RolePower, Verdict};

impl<'a> Scope<'a> {
    /// An instance. None where it is gone.
    pub(super) fn instance(&self, instance: &Instance) -> Option<Subject> {
        if !instance.is_alive() {
            return None;
        }
        let effective = Effective::observed(&instance.metadata.options());
        let verdict = effective.verdict();
        let used = self.template_of(instance);
        let chain = self.chain(instance, used.as_ref());
        Some(Subject {
            key: self.key(Kind::Instance, &*instance.id),
            name: instance.tags.get("Name").map(str::to_owned),
            repair: self.repair_of(instance, &verdict, used.as_ref()),
            reach: self.reach(instance),
            role: self.power(instance.profile.as_deref()),
            usage: self.usage(instance),
            delivered: self.delivered(instance),
            containers: self.containers(instance, used.as_ref()),
            instances: 1,
            notes: self.notes(instance, &verdict, used.as_ref()),
            chain,
            effective,
            verdict,
        })
    }

    /// The template that an instance was started from, in the version that it was started from.
    pub(super) fn template_of(&self, instance: &Instance) -> Option<Used<'a>> {
        let id = instance.tags.get("aws:ec2launchtemplate:id")?;
        let version = instance.tags.get("aws:ec2launchtemplate:version");
        let spec = TemplateSpec { id: Some(id.to_owned()), name: None, version: version.map(str::to_owned) };
        Some(self.used(&spec))
    }

    /// An instance of Lightsail.
    pub(super) fn lightsail(&self, instance: &LightsailInstance) -> Subject {
        let effective = Effective::observed(&instance.metadata.options());
        let verdict = effective.verdict();
        let owner = Owner::of(&instance.tags, None);
        let key = self.key(Kind::LightsailInstance, &*instance.name);
        Subject {
            name: None,
            chain: Vec::new(),
            repair: plain_repair(&key, &verdict, Action::Instance, owner),
            key,
            reach: if instance.public_ip.is_some() {
                Reach::Unknown("its firewall was not read".into())
            } else {
                Reach::Private
            },
            role: RolePower::NoRole,
            usage: self.measured(instance.no_token.as_ref()),
            delivered: Delivered::NotRead,
            containers: ContainerEvidence::NotLooked("nothing of it was read but its options".into()),
            instances: 1,
            notes: Vec::new(),
            effective,
            verdict,
        }
    }

    fn chain(&self, instance: &Instance, used: Option<&Used<'_>>) -> Vec<Link> {
        let mut chain = Vec::new();
        if let Some(group) = instance.tags.get("aws:autoscaling:groupName") {
            let says = if self.groups.contains_key(group) { "" } else { "not read" };
            chain.push(Link { what: "Auto Scaling group", id: group.to_owned(), says: says.to_owned() });
        }
        if let Some(fleet) = instance.tags.get("aws:ec2:fleet-id") {
            chain.push(Link { what: "fleet", id: fleet.to_owned(), says: String::new() });
        }
        if let Some(used) = used {
            chain.push(used.link.clone());
        }
        if let Some(image) = &instance.image_id {
            let says = match self.image(Some(image)) {
                onehop_posture::ImageSupport::V2 => "v2.0".to_owned(),
                onehop_posture::ImageSupport::Legacy => "says nothing about tokens".to_owned(),
                other => other.reason().unwrap_or_default().into_owned(),
            };
            chain.push(Link { what: "image", id: image.clone(), says });
        }
        chain
    }

    fn repair_of(&self, instance: &Instance, verdict: &Verdict, used: Option<&Used<'_>>) -> Repair {
        let owner = Owner::of(&instance.tags, instance.operator.as_ref());
        let key = self.key(Kind::Instance, &*instance.id);
        if matches!(owner, Owner::Service { .. }) {
            let mut repair = plain_repair(&key, verdict, Action::Service, owner);
            if verdict.is_finding() {
                repair.words = format!("It cannot be changed here: change it in {}.", repair.owner);
            }
            return repair;
        }
        let mut repair = plain_repair(&key, verdict, Action::Instance, owner);
        if verdict.is_finding()
            && let Some(policy) = self.account.policies.iter().find(|policy| blocks(policy))
        {
            let name = policy.name.as_deref().unwrap_or(&policy.id);
            let words = std::mem::take(&mut repair.words);
            repair.words = format!(
                "Policy `{name}` refuses it to everybody: exempt the role that repairs first. {words}"
            );
        }
        let source = instance.tags.get("aws:autoscaling:groupName");
        if verdict.is_finding()
            && let Some(group) = source
        {
            let template = used.map_or_else(String::new, |used| format!(" ({})", used.link));
            repair.words = format!(
                "First what the group `{group}` starts from{template}, else the next instance has IMDSv1 again. {}",
                repair.words
            );
        }
        repair
    }

    fn notes(&self, instance: &Instance, verdict: &Verdict, used: Option<&Used<'_>>) -> Vec<String> {
        let mut notes = Vec::new();
        if instance.metadata.is_pending() {
            notes.push("A change of its options has not reached it yet.".to_owned());
        }
        if instance.state == "stopped" {
            notes.push("It is stopped: a change applies when it starts.".to_owned());
        }
        if let Some(metric) = &instance.no_token_rejected
            && whole(metric.sum) > 0
        {
            let count = whole(metric.sum);
            notes.push(format!(
                "{count} requests without a token were refused {}: a program there still makes them.",
                over(metric)
            ));
        }
        if let Some(used) = used.filter(|used| used.version.is_some()) {
            let launched = self.launched(used, instance.image_id.as_deref());
            let (would, does) =
                (launched.tokens.value(), instance.metadata.options().tokens.value().copied());
            if let (Some(would), Some(does)) = (would, does)
                && would != does
            {
                notes.push(format!(
                    "Its template gives tokens {would} and it has {does}: it was changed after its launch, or what \
                     surrounds the template was."
                ));
            }
        }
        if !verdict.is_finding() && used.is_some_and(|used| self.comes_back(used, instance)) {
            notes.push("The version of the template that it was started from allows IMDSv1: the next instance has it again.".to_owned());
        }
        notes
    }

    fn comes_back(&self, used: &Used<'_>, instance: &Instance) -> bool {
        self.launched(used, instance.image_id.as_deref()).allows_v1() == Some(true)
    }
}
