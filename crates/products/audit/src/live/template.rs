//! Which version of a launch template a consumer really uses, and what a launch from it comes out as.

use super::scope::Scope;
use super::subject::Link;
use onehop_inventory::{LaunchTemplate, TemplateSpec, TemplateVersion};
use onehop_posture::{Effective, ImageSupport, Options, resolve};

/// A launch template as one consumer uses it.
pub(super) struct Used<'a> {
    /// The template; none if it was not read.
    pub(super) template: Option<&'a LaunchTemplate>,
    /// The version; none if it was not read.
    pub(super) version: Option<&'a TemplateVersion>,
    /// What it says; unknown if it was not read.
    pub(super) options: Options,
    /// Why it was not read, if so.
    pub(super) reason: Option<String>,
    /// The step to it.
    pub(super) link: Link,
    /// The number of the version, if the consumer pins one.
    pub(super) pinned: Option<u64>,
    /// Whether the consumer follows the default version.
    pub(super) follows_default: bool,
}

impl<'a> Scope<'a> {
    /// The version of a template that a consumer really uses.
    pub(super) fn used(&self, spec: &TemplateSpec) -> Used<'a> {
        let template = self.template(spec);
        let written = spec.version.as_deref();
        let number = template.and_then(|template| template.number(written));
        let version = template.zip(number).and_then(|(template, number)| template.version(number));
        let name = spec.id.as_deref().or(spec.name.as_deref()).unwrap_or("without a name");
        let reason = version.is_none().then(|| self.unread(name, template, written));
        Used {
            template,
            version,
            options: version.map_or_else(
                || Options::unknown(reason.clone().unwrap_or_default()),
                |version| version.metadata.options(),
            ),
            reason,
            link: Link {
                what: "launch template",
                id: name.to_owned(),
                says: says(template, number, written, version),
            },
            pinned: written.and_then(|version| version.parse().ok()),
            follows_default: matches!(written, None | Some("$Default" | "")),
        }
    }

    /// What a launch from it comes out as, with another image in place of the template's.
    pub(super) fn launched(&self, used: &Used<'_>, image: Option<&str>) -> Effective {
        resolve(&self.layers(used.options.clone(), self.image_of(used, image)))
    }

    pub(super) fn image_of(&self, used: &Used<'_>, image: Option<&str>) -> ImageSupport {
        match (image, used.version, &used.reason) {
            (None, None, Some(reason)) => ImageSupport::Unknown(reason.clone().into()),
            (image, version, _) => {
                self.image(image.or_else(|| version.and_then(|version| version.image_id.as_deref())))
            }
        }
    }

    /// A version of the template that requires tokens where this one does not: the default, else the latest, else any.
    pub(super) fn better(&self, template: &LaunchTemplate) -> Option<u64> {
        let mut numbers = vec![template.default_version, template.latest_version];
        let mut others: Vec<u64> = template.versions.iter().map(|version| version.version).collect();
        others.sort_unstable_by(|one, other| other.cmp(one));
        numbers.extend(others);
        numbers.into_iter().find(|number| {
            template.version(*number).is_some_and(|version| {
                let image = self.image(version.image_id.as_deref());
                let effective = resolve(&self.layers(version.metadata.options(), image));
                effective.tokens.level().is_explicit() && !effective.verdict().is_finding()
            })
        })
    }

    fn unread(&self, name: &str, template: Option<&LaunchTemplate>, version: Option<&str>) -> String {
        if template.is_none() {
            return self
                .region
                .gap("ec2:DescribeLaunchTemplates")
                .unwrap_or_else(|| format!("launch template `{name}` does not exist, or was not read"));
        }
        let version = version.unwrap_or("$Default");
        self.region
            .gap("ec2:DescribeLaunchTemplateVersions")
            .unwrap_or_else(|| format!("version `{version}` of launch template `{name}` was not read"))
    }
}

fn says(
    template: Option<&LaunchTemplate>,
    number: Option<u64>,
    written: Option<&str>,
    version: Option<&TemplateVersion>,
) -> String {
    let (Some(template), Some(number)) = (template, number) else {
        return "not read".to_owned();
    };
    let how = match written {
        None | Some("$Default" | "") => "the default".to_owned(),
        Some("$Latest") => "the latest".to_owned(),
        Some(_) => {
            format!("pinned; default is {}, latest {}", template.default_version, template.latest_version)
        }
    };
    let tokens = match version.map(|version| version.metadata.http_tokens.as_ref()) {
        None => "not read".to_owned(),
        Some(None) => "says nothing about tokens".to_owned(),
        Some(Some(word)) => format!("tokens {word}"),
    };
    format!("version {number}, {how}: {tokens}")
}
