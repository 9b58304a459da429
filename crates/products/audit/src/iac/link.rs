//! What stands above a site: the template it uses, the defaults of its account, its image.
//!
//! ```text
//! site ─▶ templates, each with a version ─▶ options of the site that is meant, or why they cannot be known
//!      ─▶ account defaults of the same scope and provider, then those that were given for the region
//!      ─▶ image that the code makes, or why it cannot be known
//! ```

use super::account::Accounts;
use super::block::{Field, truth};
use super::kinds;
use super::options::text_of;
use super::provider;
use super::site::{Role, Site, TemplateUse};
use onehop_code::{Kind, Reference, Resource, Value};
use onehop_posture::{ImageSupport, Layers, Options, Setting};
use std::collections::HashMap;

/// The sites of one run through a language, by their addresses.
pub(super) struct Links<'a> {
    sites: &'a [Site<'a>],
    by_address: HashMap<(&'a str, &'a str), usize>,
    accounts: &'a Accounts,
    /// What says that containers run on instances of a site.
    containers: HashMap<usize, String>,
}

/// Which version of a template is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Version {
    /// The one that the code describes.
    Latest,
    /// The default one, which code may or may not move.
    Default,
    /// A number.
    Pinned(i64),
    /// Not to be known.
    Unknown,
}

/// A template as one of its users sees it.
#[derive(Clone, Debug)]
pub(super) struct Used<'a> {
    /// The site of the template, if the code has it.
    pub template: Option<&'a Site<'a>>,
    /// The version.
    pub version: Version,
    /// What it says.
    pub options: Options,
    /// Its name for people.
    pub name: String,
}

impl<'a> Links<'a> {
    /// Links between these, which some of the resources are.
    pub(super) fn new(sites: &'a [Site<'a>], resources: &[Resource], accounts: &'a Accounts) -> Links<'a> {
        let key = |(at, site): (usize, &'a Site<'a>)| {
            ((site.resource.scope.as_str(), site.resource.address.as_str()), at)
        };
        let by_address = sites.iter().enumerate().map(key).collect();
        let mut links = Links { sites, by_address, accounts, containers: HashMap::new() };
        for (group, evidence) in resources.iter().filter_map(kinds::capacity_of) {
            links.mark(group, &evidence);
        }
        links
    }

    /// Notes that a group starts instances for containers: so do the template and the configuration that it uses.
    fn mark(&mut self, (scope, address): (&str, &str), evidence: &str) {
        let Some(group) = self.by_address.get(&(scope, address)).and_then(|at| self.sites.get(*at)) else {
            return;
        };
        let configuration = group.configuration.into_iter();
        for named in group.templates.iter().map(|used| used.template).chain(configuration) {
            let found = self.template(group, named).map(|found| found.resource.address.as_str());
            let address = found.or(match &named.kind {
                Kind::Reference(reference) => Some(reference.address.as_str()),
                _ => None,
            });
            if let Some(at) = address.and_then(|address| self.by_address.get(&(scope, address))) {
                self.containers.insert(*at, evidence.to_owned());
            }
        }
    }

    /// What other resources say of containers on instances of a site.
    pub(super) fn containers(&self, at: usize) -> Option<&str> {
        self.containers.get(&at).map(String::as_str)
    }

    /// All sites.
    pub(super) fn sites(&self) -> &'a [Site<'a>] {
        self.sites
    }

    /// What all levels say about a site.
    pub(super) fn layers(&self, site: &Site<'a>) -> Layers {
        let mut layers = Layers::default();
        match site.role {
            Role::Template | Role::LaunchConfiguration => layers.template = effective_options(site),
            Role::Spot => {}
            _ => layers.request = effective_options(site),
        }
        (layers.account, layers.enforced) = self.account(site);
        layers.image = self.image(site);
        if site.role == Role::Instance
            && let Some(used) = site.templates.first().map(|named| self.used(site, named))
        {
            layers.template = used.options;
            if let (None, Some(template)) = (site.image, used.template) {
                layers.image = self.image(template);
            }
        }
        if let Some(reason) = beyond_account(site) {
            layers.account = Options::unknown(reason);
        }
        if layers.image == ImageSupport::V2 && is_only_assumed(&layers.account, self.accounts) {
            // An account that says "optional" aloud would win; it is rarer than one that says nothing.
            layers.account = Options::default();
        }
        layers
    }

    /// A template as a site uses it.
    pub(super) fn used(&self, site: &Site<'a>, named: &TemplateUse<'a>) -> Used<'a> {
        let version = self.version(site, named);
        let name = name_of(named.template);
        let Some(template) = self.template(site, named.template) else {
            let reason = match &named.template.kind {
                Kind::Unknown(unknown) => unknown.to_string(),
                _ => format!("launch template `{name}` is not in this code"),
            };
            return Used { template: None, version, options: Options::unknown(reason), name };
        };
        let options = match version {
            Version::Latest | Version::Default => effective_options(template),
            Version::Pinned(number) => Options::unknown(format!(
                "version {number} of `{name}` is pinned, and the code describes only its latest"
            )),
            Version::Unknown => {
                Options::unknown(format!("which version of `{name}` is used cannot be known"))
            }
        };
        Used { template: Some(template), version, options, name }
    }

    /// The site of an address in the scope of another.
    pub(super) fn site(&self, from: &Site<'a>, address: &str) -> Option<&'a Site<'a>> {
        let at = self.by_address.get(&(from.resource.scope.as_str(), address))?;
        self.sites.get(*at)
    }

    fn template(&self, site: &Site<'a>, named: &Value) -> Option<&'a Site<'a>> {
        match &named.kind {
            Kind::Reference(reference) => {
                self.site(site, &reference.address).filter(|found| found.role == Role::Template)
            }
            Kind::String(name) => self.sites.iter().find(|found| {
                found.role == Role::Template
                    && found.resource.scope == site.resource.scope
                    && ["name", "LaunchTemplateName", "template_name", "launch_template_name"]
                        .iter()
                        .any(|key| found.resource.body.get(key).and_then(Value::as_str) == Some(name))
            }),
            _ => None,
        }
    }

    fn version(&self, site: &Site<'a>, named: &TemplateUse<'a>) -> Version {
        let Some(version) = named.version else { return Version::Default };
        match &version.kind {
            Kind::Null => Version::Default,
            Kind::Reference(Reference { attribute, .. }) => match attribute.as_str() {
                "latest_version" | "LatestVersionNumber" | "latestVersion" => Version::Latest,
                "default_version" | "DefaultVersionNumber" | "defaultVersion" => Version::Default,
                _ => Version::Unknown,
            },
            Kind::String(text) if text == "$Latest" => Version::Latest,
            Kind::String(text) if text == "$Default" => Version::Default,
            _ => match text_of(version).and_then(|text| text.parse().ok()) {
                Some(number) => self.pinned(site, named, number),
                None => Version::Unknown,
            },
        }
    }

    /// A plan and a state know the number of the latest version.
    fn pinned(&self, site: &Site<'a>, named: &TemplateUse<'a>, number: i64) -> Version {
        let latest = self
            .template(site, named.template)
            .and_then(|template| template.resource.body.get("latest_version"))
            .and_then(text_of)
            .and_then(|text| text.parse::<i64>().ok());
        if latest == Some(number) { Version::Latest } else { Version::Pinned(number) }
    }

    /// Defaults in the same code hold for launches of the same provider; what they leave open is what was given.
    fn account(&self, site: &Site<'a>) -> (Options, Setting<bool>) {
        let given = self.accounts.of(site.resource.provider.region.as_deref());
        let own = self.sites.iter().find(|found| {
            found.role == Role::AccountDefaults
                && found.resource.scope == site.resource.scope
                && found.resource.provider.alias == site.resource.provider.alias
                && found.resource.provider.region == site.resource.provider.region
        });
        match own {
            Some(own) => {
                let below = if given.known { given.options } else { Options::default() };
                (own.options.clone().or(below), given.enforced)
            }
            None => (given.options, given.enforced),
        }
    }

    fn image(&self, site: &Site<'a>) -> ImageSupport {
        let Some(image) = site.image else { return ImageSupport::Unnamed };
        match &image.kind {
            Kind::Reference(reference) => match self.site(site, &reference.address) {
                Some(made) if made.role == Role::Image => support(made),
                _ => ImageSupport::Unknown(format!("image `{}` is looked up", reference.address).into()),
            },
            Kind::Unknown(unknown) => ImageSupport::Unknown(unknown.to_string().into()),
            Kind::String(name) => ImageSupport::Unknown(format!("image `{name}` is not in this code").into()),
            _ => ImageSupport::Unknown("the image is no text".into()),
        }
    }
}

/// Why the defaults of the account settle nothing for a site, if they do not.
fn beyond_account(site: &Site<'_>) -> Option<&'static str> {
    match site.role {
        Role::LaunchConfiguration => {
            Some("AWS does not say whether defaults of the account reach launch configurations")
        }
        Role::NodeGroup if site.templates.is_empty() => {
            Some("EKS makes a launch template of its own for it, about which the code says nothing")
        }
        _ => None,
    }
}

/// Whether nobody said what the account says.
fn is_only_assumed(account: &Options, accounts: &Accounts) -> bool {
    account.tokens == accounts.unknown().tokens
}

/// What an image that the code makes says. A copy takes over what its source says.
fn support(image: &Site<'_>) -> ImageSupport {
    let body = &image.resource.body;
    let written =
        body.get("imds_support").or_else(|| body.get("imdsSupport")).map_or(Field::Absent, Field::of);
    match written {
        Field::Written(value) => match value.as_str() {
            Some(text) => ImageSupport::of(Some(text)),
            None => ImageSupport::Unknown("`imds_support` is no text".into()),
        },
        Field::Unknown(unknown) => ImageSupport::Unknown(unknown.to_string().into()),
        Field::Absent if image.resource.kind == "aws_ami" || image.resource.kind.ends_with(":Ami") => {
            ImageSupport::Legacy
        }
        Field::Absent => ImageSupport::Unknown(
            format!("`{}` takes it over from its source", image.resource.address).into(),
        ),
    }
}

/// What a site says and its provider really sends.
pub(super) fn effective_options(site: &Site<'_>) -> Options {
    match provider::dropped(site) {
        Some(_) => Options { endpoint: site.options.endpoint.clone(), ..Options::default() },
        None => site.options.clone(),
    }
}

/// A template's name for people.
fn name_of(template: &Value) -> String {
    match &template.kind {
        Kind::Reference(reference) => reference.address.clone(),
        Kind::String(text) => text.clone(),
        _ => "launch template".to_owned(),
    }
}

/// Whether a template moves its default version along with its content.
pub(super) fn moves_default(template: &Site<'_>) -> bool {
    let body = &template.resource.body;
    let flag = |name: &str| body.get(name).and_then(truth);
    let number = |name: &str| body.get(name).and_then(text_of);
    let is_latest =
        |default: &str, latest: &str| number(default).is_some() && number(default) == number(latest);
    flag("update_default_version").or_else(|| flag("updateDefaultVersion")) == Some(true)
        || is_latest("default_version", "latest_version")
        || is_latest("defaultVersion", "latestVersion")
}
