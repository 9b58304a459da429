//! From a site and what stands above it to a verdict, and from verdicts to findings.
//!
//! | verdict | finding |
//! |---|---|
//! | required, disabled, required by a level that is known | none |
//! | optional, written in the resource | `TOKENS-OPTIONAL`, error |
//! | optional, written in the template that an instance names | `TOKENS-INHERITED`, warning: the template has its own |
//! | optional by account, image, built-in default | `TOKENS-INHERITED`, warning |
//! | unset in code, account not given | `TOKENS-UNSET`, warning that names what decides |
//! | not to be known | `TOKENS-UNRESOLVED`, warning with the reason |

use super::link::{self, Links, Used, Version};
use super::provider;
use super::services;
use super::site::{Role, Site};
use crate::rules;
use onehop_code::{Kind, Presence, Resource, Span, Value};
use onehop_posture::{Effective, Gate, Level, Resolved, Switch, Tokens, Verdict, resolve};
use onehop_report::Rule;

/// What one resource comes out as.
#[derive(Clone, Debug)]
pub struct Judged {
    /// The resource's address, kind and language.
    pub subject: Subject,
    /// What it comes out as.
    pub verdict: Verdict,
    /// Every option with the level that decides it; none for services with a switch of their own.
    pub effective: Option<Effective>,
    /// What decides, in words.
    pub because: String,
    /// Where the deciding words stand, or where they should.
    pub span: Option<Span>,
}

/// A resource by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// Its address.
    pub address: String,
    /// Its kind as its language names it.
    pub kind: String,
    /// The language, for people.
    pub language: &'static str,
    /// What it is, for people.
    pub role: &'static str,
}

/// A finding before it is put into words of a report.
#[derive(Clone, Debug)]
pub(super) struct Flaw {
    /// The rule.
    pub rule: &'static Rule,
    /// What is wrong here.
    pub message: String,
    /// Where.
    pub span: Option<Span>,
    /// About which resource.
    pub subject: Subject,
    /// The place in the list of judged resources, if it is about a verdict.
    pub judged: Option<usize>,
    /// The site that a fix would change.
    pub site: Option<usize>,
}

/// All verdicts and all flaws of one run through a language.
#[derive(Clone, Debug, Default)]
pub(super) struct Judgement {
    /// One for each resource that starts something, in the order of the code.
    pub judged: Vec<Judged>,
    /// In the order of the code.
    pub flaws: Vec<Flaw>,
}

/// Judges every site, and every service with a switch of its own.
pub(super) fn judge(links: &Links<'_>, others: &[Resource]) -> Judgement {
    let mut judgement = Judgement::default();
    for (at, site) in links.sites().iter().enumerate() {
        match site.role {
            Role::AccountDefaults => account_defaults(&mut judgement, at, site),
            Role::Group | Role::NodeGroup => group(&mut judgement, links, at, site),
            Role::Image => image(&mut judgement, at, site),
            _ => launch(&mut judgement, links, at, site),
        }
    }
    for resource in others {
        if let Some(service) = services::judge(resource) {
            judgement.service(resource, service);
        }
    }
    judgement
}

fn launch(judgement: &mut Judgement, links: &Links<'_>, at: usize, site: &Site<'_>) {
    let effective = resolve(&links.layers(site));
    let verdict = effective.verdict();
    if let Some(words) = provider::dropped(site) {
        let name = &site.resource.address;
        let message = format!(
            "`{name}` writes `http_tokens` without `http_endpoint = \"enabled\"`, and the provider ({words}) then sends none \
             of the options"
        );
        judgement.flaw(&rules::PROVIDER_DROPS, message, site, at, None);
    }
    if site.role == Role::Spot && !site.options.tokens.is_unset() {
        let message = format!(
            "`{}` is started by RequestSpotInstances, which has no field for metadata options: what is written here does not \
             reach it",
            site.resource.address
        );
        judgement.flaw(&rules::SPOT_IGNORED, message, site, at, None);
    }
    for named in &site.templates {
        version(judgement, links, at, site, &links.used(site, named));
    }
    judgement.verdict(links, at, site, effective, verdict);
}

/// The flaw that a verdict is, if it is one.
fn flaw_of(site: &Site<'_>, effective: &Effective, verdict: &Verdict) -> Option<(&'static Rule, String)> {
    let (what, name) = (site.role.words(), &site.resource.address);
    Some(match verdict {
        Verdict::Required | Verdict::Disabled | Verdict::RequiredInherited(_) => return None,
        Verdict::OptionalExplicit if is_inherited_from_template(site, effective) => (
            &rules::TOKENS_INHERITED,
            format!("{what} `{name}` allows IMDSv1: its launch template sets HttpTokens to `optional`"),
        ),
        Verdict::OptionalExplicit => (
            &rules::TOKENS_OPTIONAL,
            format!("{what} `{name}` allows IMDSv1: HttpTokens is `optional`{}", unless(effective)),
        ),
        Verdict::OptionalInherited(level) => (
            &rules::TOKENS_INHERITED,
            format!(
                "{what} `{name}` allows IMDSv1: HttpTokens is `optional` by {}{}",
                level.words(),
                unless(effective)
            ),
        ),
        Verdict::Unresolved(why) if matches!(why.level, Level::Account | Level::Image | Level::BuiltIn) => (
            &rules::TOKENS_UNSET,
            format!(
                "{what} `{name}` does not say whether tokens are required: {} decides, and {}",
                decider(why.level),
                why.reason
            ),
        ),
        Verdict::Unresolved(why) => (
            &rules::TOKENS_UNRESOLVED,
            format!("{what} `{name}`: whether tokens are required cannot be known, because {}", why.reason),
        ),
    })
}

/// What the gate of enforcement makes of it, where it is known.
const fn unless(effective: &Effective) -> &'static str {
    match effective.gate {
        Gate::Fails => "; the account enforces tokens, so it does not start at all",
        _ => "",
    }
}

fn is_inherited_from_template(site: &Site<'_>, effective: &Effective) -> bool {
    site.role == Role::Instance && effective.tokens.level() == Level::Template
}

/// The levels that may decide from one on, in words.
const fn decider(level: Level) -> &'static str {
    match level {
        Level::Account => {
            "the account default of the region, then the image, then the built-in default (optional)"
        }
        Level::Image => "the image, then the built-in default (optional)",
        other => other.words(),
    }
}

/// A template that is pinned, or whose default version stays behind.
fn version(judgement: &mut Judgement, _: &Links<'_>, at: usize, site: &Site<'_>, used: &Used<'_>) {
    let name = &site.resource.address;
    match used.version {
        Version::Pinned(number) if used.template.is_some() => {
            let message = format!(
                "{} `{name}` is pinned to version {number} of `{}`: what the code says about the template now does not reach \
                 it",
                site.role.words(),
                used.name
            );
            judgement.flaw(&rules::TEMPLATE_VERSION, message, site, at, None);
        }
        Version::Default => {
            let Some(template) = used.template else { return };
            let relies = resolve_own(template).tokens.value() == Some(Tokens::Required);
            if relies && !link::moves_default(template) {
                let message = format!(
                    "{} `{name}` uses the default version of `{}`, which does not move when the template changes",
                    site.role.words(),
                    used.name
                );
                judgement.flaw(&rules::TEMPLATE_DEFAULT, message, site, at, None);
            }
        }
        _ => {}
    }
}

fn resolve_own(template: &Site<'_>) -> Effective {
    resolve(&onehop_posture::Layers { template: link::effective_options(template), ..Default::default() })
}

/// What starts instances from templates: each has a verdict of its own, and the worst of them is that of the group.
fn group(judgement: &mut Judgement, links: &Links<'_>, at: usize, site: &Site<'_>) {
    let mut verdicts = Vec::new();
    for named in &site.templates {
        let used = links.used(site, named);
        version(judgement, links, at, site, &used);
        let mut layers = match used.template {
            Some(template) => links.layers(template),
            None => links.layers(site),
        };
        layers.template = used.options;
        verdicts.push(resolve(&layers));
    }
    if let Some(configuration) = configuration(links, site) {
        verdicts.push(configuration);
    }
    if verdicts.is_empty() && (site.role == Role::NodeGroup || site.is_bare) {
        verdicts.push(resolve(&links.layers(site)));
    }
    let worst = verdicts.into_iter().max_by_key(|effective| rank(&effective.verdict()));
    if let Some(effective) = worst {
        let verdict = effective.verdict();
        judgement.verdict(links, at, site, effective, verdict);
    }
}

fn configuration(links: &Links<'_>, site: &Site<'_>) -> Option<Effective> {
    let value: &Value = site.configuration?;
    let mut layers = links.layers(site);
    let found = match &value.kind {
        Kind::Reference(reference) => links.site(site, &reference.address),
        _ => None,
    };
    layers = if let Some(found) = found {
        links.layers(found)
    } else {
        let reason = match &value.kind {
            Kind::Unknown(unknown) => unknown.to_string(),
            _ => "its launch configuration is not in this code".to_owned(),
        };
        layers.template = onehop_posture::Options::unknown(reason);
        layers
    };
    Some(resolve(&layers))
}

/// The worse, the greater.
const fn rank(verdict: &Verdict) -> u8 {
    match verdict {
        Verdict::Disabled => 0,
        Verdict::Required => 1,
        Verdict::RequiredInherited(_) => 2,
        Verdict::Unresolved(_) => 3,
        Verdict::OptionalInherited(_) => 4,
        Verdict::OptionalExplicit => 5,
    }
}

/// Defaults of the account: only what they say aloud is wrong.
fn account_defaults(judgement: &mut Judgement, at: usize, site: &Site<'_>) {
    let tokens = site.options.tokens.value();
    let disabled = site.options.endpoint.value() == Some(&Switch::Disabled);
    let verdict = match tokens {
        _ if disabled => Verdict::Disabled,
        Some(Tokens::Required) => Verdict::Required,
        Some(Tokens::Optional) => Verdict::OptionalExplicit,
        None => return,
    };
    if verdict == Verdict::OptionalExplicit {
        let message = format!(
            "`{}` makes IMDSv1 the default of the region, also for images that would require tokens",
            site.resource.address
        );
        let judged = Some(judgement.judged.len());
        judgement.flaw(&rules::ACCOUNT_OPTIONAL, message, site, at, judged);
    }
    judgement.judged.push(Judged {
        subject: subject(site.resource, site.role.words()),
        because: verdict.to_string(),
        verdict,
        effective: None,
        span: site.tokens_span(),
    });
}

/// An image that does not require tokens by itself.
fn image(judgement: &mut Judgement, at: usize, site: &Site<'_>) {
    let is_made = site.resource.kind == "aws_ami" || site.resource.kind.ends_with(":Ami");
    let written = ["imds_support", "imdsSupport"].iter().find_map(|name| site.resource.body.get(name));
    if is_made && written.is_none_or(Value::is_null) {
        let message = format!(
            "image `{}` does not set `imds_support`: instances of it need tokens only if somebody else says so",
            site.resource.address
        );
        judgement.flaw(&rules::IMAGE_LEGACY, message, site, at, None);
    }
}

/// A resource by name.
pub(super) fn subject(resource: &Resource, role: &'static str) -> Subject {
    Subject {
        address: resource.address.clone(),
        kind: resource.kind.clone(),
        language: resource.language.name(),
        role,
    }
}

impl Judgement {
    /// Adds a verdict, and the flaw that it is.
    fn verdict(
        &mut self,
        links: &Links<'_>,
        at: usize,
        site: &Site<'_>,
        effective: Effective,
        verdict: Verdict,
    ) {
        let of_template = is_group(site.role).then(|| template_of(links, site)).flatten();
        let judged = self.judged.len();
        let found = flaw_of(site, &effective, &verdict);
        // A group whose template is in the code says nothing that the template does not say.
        let is_told =
            of_template.is_some_and(|template| resolve(&links.layers(template)).verdict() == verdict);
        if let Some((rule, mut message)) = found.filter(|_| !is_told) {
            if let Presence::Unknown(unknown) = &site.resource.presence {
                message = format!("{message} It may not be made at all: {unknown}.");
            }
            self.flaw(rule, message, site, at, Some(judged));
        }
        if let Resolved::Known { value: Switch::Enabled, .. } | Resolved::Unknown(_) = &effective.endpoint {
            super::hop::judge(self, at, site, &effective);
        }
        self.judged.push(Judged {
            subject: subject(site.resource, site.role.words()),
            because: effective.explain(),
            verdict,
            effective: Some(effective),
            span: site.tokens_span(),
        });
    }

    /// Adds a flaw of a site, at the place of its tokens.
    pub(super) fn flaw(
        &mut self,
        rule: &'static Rule,
        message: String,
        site: &Site<'_>,
        at: usize,
        judged: Option<usize>,
    ) {
        let span = site.tokens_span();
        let subject = subject(site.resource, site.role.words());
        self.flaws.push(Flaw { rule, message, span, subject, judged, site: Some(at) });
    }

    /// Adds a service with a switch of its own.
    fn service(&mut self, resource: &Resource, service: services::Service) {
        let subject = subject(resource, service.words);
        let judged = self.judged.len();
        if let Some(rule) = service.rule {
            self.flaws.push(Flaw {
                rule,
                message: format!("{} `{}`: {}", service.words, resource.address, service.because),
                span: service.span,
                subject: subject.clone(),
                judged: Some(judged),
                site: None,
            });
        }
        self.judged.push(Judged {
            subject,
            verdict: service.verdict,
            effective: None,
            because: service.because,
            span: service.span,
        });
    }
}

const fn is_group(role: Role) -> bool {
    matches!(role, Role::Group | Role::NodeGroup)
}

/// The one template of a group, if the code has it and the group uses what the code says.
fn template_of<'a>(links: &Links<'a>, site: &Site<'a>) -> Option<&'a Site<'a>> {
    if let Some(Kind::Reference(reference)) = site.configuration.map(|value| &value.kind) {
        return links.site(site, &reference.address);
    }
    let [named] = &site.templates[..] else { return None };
    let used = links.used(site, named);
    used.template.filter(|_| matches!(used.version, Version::Latest | Version::Default))
}
