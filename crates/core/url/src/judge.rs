//! Judges what was read: the floor, the lists of schemes and ports, the name, every address, the rules.
//!
//! ```text
//! floor   form, scheme, port   name or address   rule                        verdict
//! hit     –                    –                 –                           denied: ADDR-METADATA, NAME-METADATA
//! –       refused              –                 –                           denied: URL-…
//! –       good                 any               deny, not overruled         denied: URL-RULE
//! –       good                 inside a network  allow that names the name   allowed
//! –       good                 not global        allow that names its CIDR   allowed
//! –       good                 any of the two    any other, or none          denied: NAME-…, ADDR-…
//! –       good                 public            allow                       allowed
//! –       good                 public            none                        the policy's default, or URL-UNLISTED
//! ```
//! A name with answers is judged by each of them: one that is denied denies the name, with `DNS-MIXED` when others
//! would be allowed. Which rule applies is for the policy to say. Nothing here fails but by denying.

#![expect(clippy::unnecessary_box_returns, reason = "denials travel boxed so that allowing moves few bytes")]

use crate::checker::UrlChecker;
use crate::policy::{Effect, Ruling};
use crate::resolver::Resolver;
use crate::survey::{Oddities, Reading};
use crate::target::{Addresses, Refusal, Site, Target};
use onehop_address::catalogue::{self, Provider, Role};
use onehop_address::names::{self, NameFinding};
use onehop_address::spelling::{Folds, Host};
use onehop_address::{Class, Judged};
use onehop_verdict::{Code, Denied};
use std::borrow::Cow;
use std::fmt::Display;
use std::net::IpAddr;

/// Where the addresses of a name come from.
#[derive(Clone, Copy)]
pub(crate) enum Answers<'r> {
    /// Nowhere: the name is judged by its text.
    Offline,
    /// From a resolver, asked only for names that are not denied by their text.
    Resolver(&'r dyn Resolver),
    /// From whoever resolved it already.
    Given(&'r [IpAddr]),
}

impl<'r> Answers<'r> {
    /// The addresses of a name; `None` if nobody is asked.
    fn of(self, name: &str) -> Verdict<Option<Cow<'r, [IpAddr]>>> {
        match self {
            Answers::Offline => Ok(None),
            Answers::Given(addresses) => Ok(Some(Cow::Borrowed(addresses))),
            Answers::Resolver(resolver) => match resolver.resolve(name) {
                Ok(addresses) => Ok(Some(Cow::Owned(addresses))),
                Err(error) => Err(No::new(Code::DnsFailed, format!("`{name}` does not resolve: {error}"))),
            },
        }
    }
}

/// Judges a reading.
pub(crate) fn judge<'a>(
    checker: &'a UrlChecker,
    reading: Reading<'a>,
    answers: Answers<'_>,
) -> Result<Target<'a>, Refusal<'a>> {
    match decide(checker, &reading.site, answers) {
        Ok((addresses, rule)) => Ok(Target {
            site: reading.site,
            addresses,
            href: reading.href,
            oddities: reading.oddities,
            folds: reading.folds,
            policy: checker.policy().id(),
            rule,
            reported: None,
        }),
        Err(no) => Err(no.refusal(checker, reading)),
    }
}

/// A denial with what was found on the way.
pub(crate) struct No {
    denied: Denied,
    addresses: Addresses,
    provider: Option<&'static Provider>,
    judged: Option<Judged>,
    rule: Option<usize>,
}

impl No {
    fn new(code: Code, detail: String) -> Box<No> {
        let denied = Denied::with_detail(code, detail);
        Box::new(No { denied, addresses: Addresses::Unresolved, provider: None, judged: None, rule: None })
    }

    fn refusal<'a>(self, checker: &'a UrlChecker, reading: Reading<'a>) -> Refusal<'a> {
        let mut refusal = blank(checker, self.denied, reading.oddities, reading.folds);
        refusal.host = Some(reading.site.host);
        refusal.port = Some(reading.site.port);
        refusal.addresses = self.addresses;
        refusal.provider = self.provider;
        refusal.route = self.judged.map_or_else(Vec::new, |judged| judged.route().steps().to_vec());
        refusal.rule = self.rule;
        refusal
    }
}

/// A refusal with nothing known of the host.
pub(crate) fn blank(checker: &UrlChecker, denied: Denied, oddities: Oddities, folds: Folds) -> Refusal<'_> {
    Refusal {
        denied,
        host: None,
        port: None,
        addresses: Addresses::Unresolved,
        provider: None,
        route: Vec::new(),
        oddities,
        folds,
        policy: checker.policy().id(),
        rule: None,
    }
}

/// The service behind a host, the judged address and the route, whatever the verdict.
pub(crate) fn describe(checker: &UrlChecker, host: &Host<'_>, port: Option<u16>, refusal: &mut Refusal<'_>) {
    match host {
        Host::Address(address) => {
            let judged = checker.classifier().classify(*address);
            refusal.addresses = Addresses::One(*address);
            refusal.provider = provider(&judged, port);
            refusal.route = judged.route().steps().to_vec();
        }
        Host::Name(name) => refusal.provider = names::judge(name, checker.classifier()).provider(),
    }
}

type Verdict<T> = Result<T, Box<No>>;

/// What was allowed: the addresses, and the line of the rule.
type Allowed = (Addresses, Option<usize>);

pub(crate) fn decide(checker: &UrlChecker, site: &Site<'_>, answers: Answers<'_>) -> Verdict<Allowed> {
    match &site.host {
        Host::Address(address) => {
            let judged = checker.classifier().classify(*address);
            let decided = floor(*address, &judged, site.port)
                .and_then(|()| lists(checker, site))
                .and_then(|()| by_address(checker, None, *address, &judged, site.port));
            match decided {
                Ok(rule) => Ok((Addresses::One(*address), rule)),
                Err(mut no) => {
                    no.addresses = Addresses::One(*address);
                    Err(no)
                }
            }
        }
        Host::Name(name) => by_name(checker, site, name, answers),
    }
}

/// Whether a site is one that no policy opens.
pub(crate) fn is_on_floor(checker: &UrlChecker, site: &Site<'_>) -> bool {
    let denied = decide(checker, site, Answers::Offline).err();
    denied.is_some_and(|no| no.provider.is_some())
}

/// Schemes and ports that the policy permits.
fn lists(checker: &UrlChecker, site: &Site<'_>) -> Verdict<()> {
    let policy = checker.policy();
    if !policy.permits_scheme(site.scheme) {
        return Err(No::new(Code::UrlScheme, format!("the policy does not permit `{}`", site.scheme)));
    }
    if !policy.permits_port(site.port) {
        return Err(No::new(Code::UrlPort, format!("the policy does not permit port {}", site.port)));
    }
    Ok(())
}

/// The service at an address; on the machine itself, by its port.
fn provider(judged: &Judged, port: Option<u16>) -> Option<&'static Provider> {
    let is_own = matches!(judged.class(), Class::Loopback | Class::Own | Class::Unspecified);
    judged.provider().or_else(|| port.filter(|_| is_own).and_then(catalogue::on_own_port))
}

/// What no policy opens: catalogued addresses, and services on the machine itself that hand out credentials.
fn floor(address: IpAddr, judged: &Judged, port: u16) -> Verdict<()> {
    let Some(provider) = provider(judged, Some(port)) else {
        return Ok(());
    };
    let is_address = judged.provider().is_some();
    if !is_address && provider.role != Role::Credentials {
        return Ok(());
    }
    let mut no = No::new(Code::AddrMetadata, format!("{address} is the `{}` service", provider.name));
    no.provider = Some(provider);
    no.judged = Some(*judged);
    Err(no)
}

fn by_name(checker: &UrlChecker, site: &Site<'_>, name: &str, answers: Answers<'_>) -> Verdict<Allowed> {
    let finding = names::judge(name, checker.classifier());
    if let (Some(provider), Some(code)) = (finding.provider(), finding.code()) {
        let mut no = No::new(code, format!("`{name}` leads to the `{}` service", provider.name));
        no.provider = Some(provider);
        return Err(no);
    }
    lists(checker, site)?;
    let ruling = checker.policy().rule_for(Some(name), None, site.port);
    let rule = name_alone(checker, name, &finding, site.port, ruling)?;
    let name_code = finding.code();
    let Some(addresses) = answers.of(name)? else {
        if !checker.policy().names(name, site.port) || ruling.effect == Some(Effect::Deny) {
            unlisted(checker, ruling, name)?;
        }
        return Ok((Addresses::Unresolved, rule));
    };
    by_answers(checker, name, name_code, &addresses, site.port)
}

/// The addresses of a name whose denial is only reported. The text was denied before anybody looked at them, and the
/// floor holds for each.
pub(crate) fn floor_of_answers<'a>(
    checker: &'a UrlChecker,
    reading: &Reading<'a>,
    answers: Answers<'_>,
) -> Result<Addresses, Refusal<'a>> {
    let Host::Name(name) = &reading.site.host else {
        return Ok(Addresses::Unresolved);
    };
    let judged = answers.of(name).and_then(|addresses| match addresses {
        None => Ok(Addresses::Unresolved),
        Some(addresses) if addresses.is_empty() => Err(no_address(name)),
        Some(addresses) => {
            let judge = |address: &IpAddr| {
                floor(*address, &checker.classifier().classify(*address), reading.site.port)
            };
            let denied = addresses.iter().find_map(|address| judge(address).err());
            let addresses = Addresses::from(addresses.into_owned());
            match denied {
                None => Ok(addresses),
                Some(mut no) => {
                    no.addresses = addresses;
                    Err(no)
                }
            }
        }
    });
    judged.map_err(|no| no.refusal(checker, reading.clone()))
}

/// A name by its text: denied by a rule, or by what names say, unless a rule that names it allows it.
fn name_alone(
    checker: &UrlChecker,
    name: &str,
    finding: &NameFinding,
    port: u16,
    ruling: Ruling,
) -> Verdict<Option<usize>> {
    let is_named = checker.policy().names(name, port);
    if ruling.effect == Some(Effect::Deny) && !is_named {
        return Err(ruled_out(ruling, name));
    }
    match finding.code() {
        Some(code) if !is_named => {
            let detail = match finding {
                NameFinding::Internal(suffix) => {
                    format!("`{name}` lies under `{suffix}`, which is used inside networks")
                }
                NameFinding::SingleLabel => {
                    format!("`{name}` has a single label: search domains decide what it means")
                }
                NameFinding::Carried(carried, _) => {
                    format!(
                        "`{name}` lies under `{}`, which answers with {:?}",
                        carried.service.suffix,
                        carried.addresses()
                    )
                }
                _ => format!("`{name}` means the machine itself"),
            };
            Err(No::new(code, detail))
        }
        _ => Ok(ruling.line.filter(|_| ruling.effect == Some(Effect::Allow))),
    }
}

fn ruled_out(ruling: Ruling, what: &str) -> Box<No> {
    let line = ruling.line.unwrap_or_default();
    let mut no = No::new(Code::UrlRule, format!("the rule at line {line} of the policy denies `{what}`"));
    no.rule = ruling.line;
    no
}

fn unlisted(checker: &UrlChecker, ruling: Ruling, what: &str) -> Verdict<()> {
    if ruling.effect == Some(Effect::Deny) {
        return Err(ruled_out(ruling, what));
    }
    if ruling.effect.is_none() { allowed_by_default(checker, &what) } else { Ok(()) }
}

fn allowed_by_default(checker: &UrlChecker, what: &dyn Display) -> Verdict<()> {
    match checker.policy().default_effect() {
        Effect::Allow => Ok(()),
        Effect::Deny => Err(No::new(Code::UrlUnlisted, format!("no rule of the policy allows `{what}`"))),
    }
}

/// One address, the literal of the URL or an answer for a name. Gives the line of the rule that allows it.
fn by_address(
    checker: &UrlChecker,
    name: Option<(&str, Option<Code>)>,
    address: IpAddr,
    judged: &Judged,
    port: u16,
) -> Verdict<Option<usize>> {
    floor(address, judged, port)?;
    let ruling = ruling(checker, name.map(|(name, _)| name), address, judged, port);
    let decided = match (ruling.effect, judged.code(), name) {
        (Some(Effect::Deny), _, _) => Err(ruled_out(ruling, &address.to_string())),
        (_, Some(code), _) if !ruling.names_network => {
            Err(No::new(code, format!("{address} is {}", judged.class())))
        }
        (_, _, Some((name, Some(code)))) if !ruling.names_host => {
            Err(No::new(code, format!("no rule allows `{name}` at {address}")))
        }
        (Some(Effect::Allow), _, _) => Ok(ruling.line),
        (None, _, _) => allowed_by_default(checker, &address).map(|()| None),
    };
    decided.map_err(|mut no| {
        no.provider = provider(judged, Some(port));
        no.judged = Some(*judged);
        no
    })
}

/// What the rules say of an address. A denial of an IPv4 network holds for IPv6 addresses that lead there.
fn ruling(checker: &UrlChecker, name: Option<&str>, address: IpAddr, judged: &Judged, port: u16) -> Ruling {
    let policy = checker.policy();
    let carried = judged.route().steps().iter();
    let mut carried = carried.map(|step| policy.rule_for(name, Some(step.address.into()), port));
    let denied = carried.find(|ruling| ruling.effect == Some(Effect::Deny));
    denied.unwrap_or_else(|| policy.rule_for(name, Some(address), port))
}

fn no_address(name: &str) -> Box<No> {
    No::new(Code::DnsFailed, format!("`{name}` resolves to no address"))
}

fn by_answers(
    checker: &UrlChecker,
    name: &str,
    name_code: Option<Code>,
    addresses: &[IpAddr],
    port: u16,
) -> Verdict<Allowed> {
    let mut rule = None;
    let mut worst: Option<Box<No>> = None;
    let mut denied = 0_usize;
    for address in addresses {
        let judged = checker.classifier().classify(*address);
        match by_address(checker, Some((name, name_code)), *address, &judged, port) {
            Ok(line) => rule = rule.or(line),
            Err(no) => {
                denied += 1;
                let is_worse = worst.as_ref().is_none_or(|worst| {
                    no.denied.code() == Code::AddrMetadata && worst.denied.code() != Code::AddrMetadata
                });
                worst = if is_worse { Some(no) } else { worst };
            }
        }
    }
    let addresses_of_name = Addresses::from(addresses.to_vec());
    match worst {
        None if addresses.is_empty() => Err(no_address(name)),
        None => Ok((addresses_of_name, rule)),
        Some(mut no) => {
            let found = no.denied.detail().unwrap_or_default();
            let detail =
                format!("`{name}` resolves to {} addresses, {denied} denied: {found}", addresses.len());
            let code = if denied < addresses.len() { Code::DnsMixed } else { no.denied.code() };
            no.denied = Denied::with_detail(code, detail);
            no.addresses = addresses_of_name;
            Err(no)
        }
    }
}
