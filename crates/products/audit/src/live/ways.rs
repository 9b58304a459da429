//! The ways in which something starts instances, and what each comes out as.

use super::scope::Scope;
use super::subject::Link;
use super::surround::containers_of_version;
use super::template::Used;
use onehop_inventory::{GroupSource, LaunchConfiguration, Override, Tags, TemplateSpec, TemplateVersion};
use onehop_posture::{
    ContainerEvidence, Effective, Field, Gate, ImageSupport, Level, Options, Reach, Resolved, RolePower, Why,
    resolve,
};

/// One way in which something starts instances.
pub(super) struct Way<'a> {
    pub(super) effective: Effective,
    pub(super) chain: Vec<Link>,
    pub(super) used: Option<Used<'a>>,
    pub(super) reach: Reach,
    pub(super) role: RolePower,
    pub(super) containers: ContainerEvidence,
}

impl<'a> Scope<'a> {
    /// All ways of a group, each once.
    pub(super) fn ways(&self, source: &'a GroupSource, tags: &Tags) -> Vec<Way<'a>> {
        match source {
            GroupSource::Nothing => Vec::new(),
            GroupSource::Template(spec) => vec![self.way(self.used(spec), None, Vec::new(), tags)],
            GroupSource::Configuration(name) => vec![self.named_configuration(name)],
            // With overrides, the template alone starts nothing; each override is the template with changes.
            GroupSource::Mixed { template, overrides } if overrides.is_empty() => {
                vec![self.way(self.used(template), None, Vec::new(), tags)]
            }
            GroupSource::Mixed { template, overrides } => self.overrides(template, overrides, tags),
        }
    }

    fn overrides(&self, template: &'a TemplateSpec, overrides: &'a [Override], tags: &Tags) -> Vec<Way<'a>> {
        let mut seen: Vec<(&TemplateSpec, Option<&str>)> = Vec::new();
        let mut ways = Vec::new();
        for one in overrides {
            let spec = one.template.as_ref().unwrap_or(template);
            let image = one.image_id.as_deref();
            if seen.contains(&(spec, image)) {
                continue;
            }
            seen.push((spec, image));
            let changes = one.template.is_some() || image.is_some();
            let step = changes.then(|| Link {
                what: "override",
                id: one.instance_type.clone().unwrap_or_else(|| "by attributes".to_owned()),
                says: String::new(),
            });
            ways.push(self.way(self.used(spec), image, step.into_iter().collect(), tags));
        }
        ways
    }

    fn named_configuration(&self, name: &str) -> Way<'a> {
        if let Some(configuration) = self.configurations.get(name) {
            return self.configuration_way(configuration);
        }
        let gap = self.region.gap("autoscaling:DescribeLaunchConfigurations");
        unread_way(gap.unwrap_or_else(|| format!("launch configuration `{name}` was not read")))
    }

    /// A template, with another image in place of its own.
    pub(super) fn way(
        &self,
        used: Used<'a>,
        image: Option<&str>,
        mut chain: Vec<Link>,
        tags: &Tags,
    ) -> Way<'a> {
        chain.push(used.link.clone());
        let image_id = image.or_else(|| used.version.and_then(|version| version.image_id.as_deref()));
        if let Some(id) = image_id {
            let says = match self.image(Some(id)) {
                ImageSupport::V2 => "v2.0".to_owned(),
                ImageSupport::Legacy => "says nothing about tokens".to_owned(),
                other => other.reason().unwrap_or_default().into_owned(),
            };
            chain.push(Link { what: "image", id: id.to_owned(), says });
        }
        let version = used.version;
        Way {
            effective: self.launched(&used, image),
            chain,
            reach: version.map_or_else(
                || Reach::Unknown("the template was not read".into()),
                |version| self.reach_of_launch(version.public_ip, &version.security_groups),
            ),
            role: version.map_or_else(
                || RolePower::Unknown("the template was not read".into()),
                |version| self.power(version.profile.as_deref()),
            ),
            containers: containers_of_version(tags, version),
            used: Some(used),
        }
    }

    /// Whether account and image reach launches from it is not documented; where both answers give the same, it is
    /// decided all the same.
    pub(super) fn configuration_way(&self, configuration: &'a LaunchConfiguration) -> Way<'a> {
        let image = self.image(configuration.image_id.as_deref());
        let reaches = resolve(&self.layers(configuration.metadata.options(), image));
        let mut alone = self.layers(configuration.metadata.options(), ImageSupport::Legacy);
        alone.account = Options::default();
        let effective = either(reaches, &resolve(&alone));
        let tokens = configuration.metadata.http_tokens.as_ref();
        let says =
            tokens.map_or_else(|| "says nothing about tokens".to_owned(), |word| format!("tokens {word}"));
        let version =
            TemplateVersion { user_data: configuration.user_data.clone(), ..TemplateVersion::default() };
        Way {
            effective,
            chain: vec![Link { what: "launch configuration", id: configuration.name.clone(), says }],
            used: None,
            reach: self.reach_of_launch(configuration.public_ip, &configuration.security_groups),
            role: self.power(configuration.profile.as_deref()),
            containers: containers_of_version(&Tags::default(), Some(&version)),
        }
    }
}

pub(super) fn unread_way<'a>(reason: impl Into<String>) -> Way<'a> {
    let reason: std::borrow::Cow<'static, str> = reason.into().into();
    let layers = onehop_posture::Layers { template: Options::unknown(reason.clone()), ..Default::default() };
    Way {
        effective: resolve(&layers),
        chain: Vec::new(),
        used: None,
        reach: Reach::Unknown(reason.clone()),
        role: RolePower::Unknown(reason.clone()),
        containers: ContainerEvidence::NotLooked(reason),
    }
}

/// The worst of several ways; the first of equals.
pub(super) fn worst(ways: Vec<Way<'_>>) -> Option<Way<'_>> {
    let mut ways = ways.into_iter();
    let first = ways.next()?;
    Some(ways.fold(first, |worst, way| {
        if way.effective.verdict().rank() > worst.effective.verdict().rank() { way } else { worst }
    }))
}

/// Where ways differ, each is told.
pub(super) fn several(ways: &[Way<'_>]) -> Vec<String> {
    let first = ways.first().map(|way| way.effective.verdict());
    if ways.iter().all(|way| Some(way.effective.verdict()) == first) {
        return Vec::new();
    }
    ways.iter()
        .map(|way| {
            let steps: Vec<String> = way.chain.iter().map(Link::to_string).collect();
            format!("By {}: {}.", steps.join(", "), way.effective.verdict())
        })
        .collect()
}

/// What holds whether account and image count or not.
fn either(counts: Effective, alone: &Effective) -> Effective {
    Effective {
        tokens: same(Field::Tokens, counts.tokens, &alone.tokens),
        endpoint: same(Field::Endpoint, counts.endpoint, &alone.endpoint),
        hop_limit: same(Field::HopLimit, counts.hop_limit, &alone.hop_limit),
        ipv6: same(Field::Ipv6, counts.ipv6, &alone.ipv6),
        tags: same(Field::Tags, counts.tags, &alone.tags),
        gate: if counts.gate == alone.gate {
            counts.gate
        } else {
            Gate::Unknown("whether enforcement reaches it depends on what it comes out as".into())
        },
    }
}

fn same<T: Copy + PartialEq>(field: Field, counts: Resolved<T>, alone: &Resolved<T>) -> Resolved<T> {
    if counts.why().is_some() || counts.value() == alone.value() {
        return counts;
    }
    let level: Level = counts.level();
    let reason = "whether it reaches what a launch configuration starts is not documented".into();
    Resolved::Unknown(Why { field, level, reason })
}
