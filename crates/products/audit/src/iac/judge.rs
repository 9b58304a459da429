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

mod group;

use super::hop;
use super::judgement::{Flaw, Judged, Judgement, Subject};
use super::link::{self, Links, Used, Version};
use super::provider;
use super::services;
use super::site::{Role, Site};
use crate::rules;
use onehop_code::{Presence, Resource, Value};
use onehop_posture::{Effective, Gate, Layers, Level, Switch, Tokens, Verdict, resolve};
use onehop_report::Rule;

/// Judges every site, and every service with a switch of its own.
pub(super) fn judge(links: &Links<'_>, resources: &[Resource]) -> Judgement {
    let mut judge = Judge { links, out: Judgement::default() };
    for (at, site) in links.sites().iter().enumerate() {
        match site.role {
            Role::AccountDefaults => judge.account_defaults(at, site),
            Role::Group | Role::NodeGroup => judge.group(at, site),
            Role::Image => judge.image(at, site),
            _ => judge.launch(at, site),
        }
    }
    for resource in resources {
        if let Some(service) = services::judge(resource, resources) {
            judge.service(resource, service);
        }
    }
    judge.out
}

/// A run through the sites.
struct Judge<'j, 'a> {
    links: &'j Links<'a>,
    out: Judgement,
}

impl<'a> Judge<'_, 'a> {
    /// What starts something itself, or says how it is started.
    fn launch(&mut self, at: usize, site: &Site<'a>) {
        let name = &site.resource.address;
        if let Some(words) = provider::dropped(site) {
            let message = format!(
                "`{name}` writes `http_tokens` without `http_endpoint = \"enabled\"`, and the provider ({words}) then sends \
                 none of the options"
            );
            self.out.flaws.push(Flaw::of_site((at, site), &rules::PROVIDER_DROPS, message));
        }
        if site.role == Role::Spot && !site.options.tokens.is_unset() {
            let message = format!(
                "`{name}` is started by RequestSpotInstances, which has no field for metadata options: what is written here \
                 does not reach it"
            );
            self.out.flaws.push(Flaw::of_site((at, site), &rules::SPOT_IGNORED, message));
        }
        for named in &site.templates {
            self.version(at, site, &self.links.used(site, named));
        }
        let effective = resolve(&self.links.layers(site));
        let flaw = flaw_of(site, &effective);
        self.verdict(at, site, effective, flaw);
    }

    /// A template that is pinned, or whose default version stays behind.
    fn version(&mut self, at: usize, site: &Site<'a>, used: &Used<'_>) {
        let Some(template) = used.template else { return };
        let (what, name, of) = (site.role.words(), &site.resource.address, &used.name);
        match used.version {
            Version::Pinned(number) => {
                let message = format!(
                    "{what} `{name}` is pinned to version {number} of `{of}`: what the code says about the template now does \
                     not reach it"
                );
                self.out.flaws.push(Flaw::of_site((at, site), &rules::TEMPLATE_VERSION, message));
            }
            Version::Default if requires(template) && !link::moves_default(template) => {
                let message = format!(
                    "{what} `{name}` uses the default version of `{of}`, which does not move when the template changes"
                );
                self.out.flaws.push(Flaw::of_site((at, site), &rules::TEMPLATE_DEFAULT, message));
            }
            _ => {}
        }
    }

    /// Defaults of the account: only what they say aloud is wrong.
    fn account_defaults(&mut self, at: usize, site: &Site<'a>) {
        let disabled = site.options.endpoint.value() == Some(&Switch::Disabled);
        let verdict = match site.options.tokens.value() {
            _ if disabled => Verdict::Disabled,
            Some(Tokens::Required) => Verdict::Required,
            Some(Tokens::Optional) => Verdict::OptionalExplicit,
            None => return,
        };
        let flaw = (verdict == Verdict::OptionalExplicit).then(|| {
            let message = format!(
                "`{}` makes IMDSv1 the default of the region, also for images that would require tokens",
                site.resource.address
            );
            Flaw::of_site((at, site), &rules::ACCOUNT_OPTIONAL, message)
        });
        let judged = Judged {
            subject: Subject::of(site.resource, site.role.words()),
            because: verdict.to_string(),
            verdict,
            effective: None,
            span: site.tokens_span(),
        };
        self.out.verdict(judged, flaw);
    }

    /// An image that does not require tokens by itself.
    fn image(&mut self, at: usize, site: &Site<'a>) {
        let is_made = site.resource.kind == "aws_ami" || site.resource.kind.ends_with(":Ami");
        let written = ["imds_support", "imdsSupport"].iter().find_map(|name| site.resource.body.get(name));
        if is_made && written.is_none_or(Value::is_null) {
            let message = format!(
                "image `{}` does not set `imds_support`: instances of it need tokens only if somebody else says so",
                site.resource.address
            );
            self.out.flaws.push(Flaw::of_site((at, site), &rules::IMAGE_LEGACY, message));
        }
    }

    /// Adds a verdict of EC2's options, and what there is to say of the hop limit.
    fn verdict(
        &mut self,
        at: usize,
        site: &Site<'a>,
        effective: Effective,
        flaw: Option<(&'static Rule, String)>,
    ) {
        let flaw = flaw.map(|(rule, mut message)| {
            if let Presence::Unknown(unknown) = &site.resource.presence {
                message = format!("{message}. It may not be made at all: {unknown}");
            }
            Flaw::of_site((at, site), rule, message)
        });
        let hop = hop::judge((at, site), &effective, self.links.containers(at));
        let judged = Judged {
            subject: Subject::of(site.resource, site.role.words()),
            because: effective.explain(),
            verdict: effective.verdict(),
            effective: Some(effective),
            span: site.tokens_span(),
        };
        self.out.verdict(judged, flaw);
        self.out.flaws.extend(hop);
    }

    /// Adds a service with a switch of its own.
    fn service(&mut self, resource: &Resource, service: services::Service) {
        let flaw = service.rule.map(|rule| {
            let message = format!("{} `{}`: {}", service.words, resource.address, service.because);
            Flaw::of_resource((resource, service.words), rule, message, service.span)
        });
        let judged = Judged {
            subject: Subject::of(resource, service.words),
            verdict: service.verdict,
            effective: None,
            because: service.because,
            span: service.span,
        };
        self.out.verdict(judged, flaw);
    }
}

/// The flaw that a verdict is, if it is one.
fn flaw_of(site: &Site<'_>, effective: &Effective) -> Option<(&'static Rule, String)> {
    let (what, name) = (site.role.words(), &site.resource.address);
    Some(match effective.verdict() {
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

/// Whether a template itself requires tokens.
fn requires(template: &Site<'_>) -> bool {
    let own = Layers { template: link::effective_options(template), ..Layers::default() };
    resolve(&own).tokens.value() == Some(Tokens::Required)
}
