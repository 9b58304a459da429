//! Reads a policy file: TOML in, rules out, or the first thing that is wrong with its line.

use super::index::{Builder, CELLS_MAX, Conflict, Rule};
use super::pattern::Pattern;
use super::{Effect, Mode, Policy};
use crate::target::Scheme;
use ipnet::IpNet;
use onehop_address::catalogue;
use onehop_address::spelling::{self, Host};
use std::net::IpAddr;
use std::ops::RangeInclusive;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// Why a policy cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {what}; {instead}")]
pub struct PolicyError {
    /// The line in the file, from 1.
    pub line: usize,
    /// What is wrong.
    pub what: String,
    /// What to write instead.
    pub instead: String,
}

type Value<'i> = Spanned<DeValue<'i>>;
type Read<T> = Result<T, PolicyError>;

pub(super) fn parse(text: &str) -> Read<Policy> {
    let file = File { lines: text.match_indices('\n').map(|(at, _)| at).collect() };
    let document = DeTable::parse(text).map_err(|error| {
        let at = error.span().map_or(0, |span| span.start);
        file.wrong(at, error.message().trim().to_owned(), "see docs/url-policy.md for the form".to_owned())
    })?;
    let document = document.get_ref();
    file.keys(document, &["policy", "allow", "deny"], "the file")?;
    let mut policy = file.head(document)?;
    let mut builder = Builder::default();
    for (key, effect) in [("allow", Effect::Allow), ("deny", Effect::Deny)] {
        let Some(rules) = document.get(key) else {
            continue;
        };
        for rule in file.list(rules, key)? {
            let at = rule.span().start;
            let rule = file.rule(rule, effect, &policy)?;
            builder.add(&rule).map_err(|conflict| file.conflict(at, conflict))?;
        }
    }
    policy.index = builder.build();
    Ok(policy)
}

/// The file as far as messages need it.
struct File {
    /// Where the line feeds are.
    lines: Vec<usize>,
}

impl File {
    fn line(&self, at: usize) -> usize {
        self.lines.partition_point(|line_feed| *line_feed < at) + 1
    }

    fn wrong(&self, at: usize, what: String, instead: String) -> PolicyError {
        PolicyError { line: self.line(at), what: in_one_line(what), instead: in_one_line(instead) }
    }

    fn keys(&self, table: &DeTable<'_>, known: &[&str], place: &str) -> Read<()> {
        let unknown = table.keys().find(|key| !known.contains(&key.get_ref().as_ref()));
        let Some(key) = unknown else {
            return Ok(());
        };
        let text = key.get_ref().as_ref();
        let nearest = known.iter().min_by_key(|known| strsim::damerau_levenshtein(text, known));
        let near = nearest.filter(|known| strsim::damerau_levenshtein(text, known) <= text.len().div_ceil(2));
        let instead = near.map_or_else(
            || format!("known keys are {}", known.join(", ")),
            |known| format!("write `{known}`"),
        );
        Err(self.wrong(key.span().start, format!("unknown key `{text}` in {place}"), instead))
    }

    /// The table `[policy]`.
    fn head(&self, document: &DeTable<'_>) -> Read<Policy> {
        let example = || "write `[policy]` with an `id`, such as `id = \"webhooks\"`".to_owned();
        let head = document
            .get("policy")
            .ok_or_else(|| self.wrong(0, "there is no `[policy]`".to_owned(), example()))?;
        let table = head
            .get_ref()
            .as_table()
            .ok_or_else(|| self.wrong(head.span().start, "`policy` is not a table".to_owned(), example()))?;
        self.keys(table, &["id", "mode", "default", "schemes", "ports"], "[policy]")?;
        let mut policy = Policy::default();
        let id = table
            .get("id")
            .ok_or_else(|| self.wrong(head.span().start, "the policy has no `id`".to_owned(), example()))?;
        policy.id = self.text(id)?.into();
        if policy.id.is_empty() {
            return Err(self.wrong(id.span().start, "the `id` is empty".to_owned(), example()));
        }
        if let Some(mode) = table.get("mode") {
            policy.mode = self.one_of(mode, &[("enforce", Mode::Enforce), ("report", Mode::Report)])?;
        }
        if let Some(default) = table.get("default") {
            policy.default = self.one_of(default, &[("allow", Effect::Allow), ("deny", Effect::Deny)])?;
        }
        if let Some(schemes) = table.get("schemes") {
            let known = [("http", Scheme::Http), ("https", Scheme::Https)];
            policy.schemes = self.each(schemes, "schemes", |scheme| self.one_of(scheme, &known))?;
        }
        if let Some(ports) = table.get("ports") {
            policy.ports = self.each(ports, "ports", |port| self.port(port))?;
        }
        Ok(policy)
    }

    fn rule(&self, rule: &Value<'_>, effect: Effect, policy: &Policy) -> Read<Rule> {
        let at = rule.span().start;
        let place = if effect == Effect::Allow { "[[allow]]" } else { "[[deny]]" };
        let table = rule.get_ref().as_table().ok_or_else(|| {
            self.wrong(at, "a rule is not a table".to_owned(), format!("write `{place}` and its keys below"))
        })?;
        self.keys(table, &["hosts", "cidrs", "ports"], place)?;
        if table.is_empty() {
            let instead = "name `hosts`, `cidrs` or `ports`, or set `default` in [policy]".to_owned();
            return Err(self.wrong(at, "the rule fits everything".to_owned(), instead));
        }
        let hosts = table.get("hosts").map(|hosts| self.each(hosts, "hosts", |host| self.host(host, effect)));
        let networks =
            table.get("cidrs").map(|cidrs| self.each(cidrs, "cidrs", |cidr| self.network(cidr, effect)));
        let ports = table.get("ports").map(|ports| self.each(ports, "ports", |port| self.port(port)));
        let rule = Rule {
            effect,
            hosts: hosts.transpose()?.unwrap_or_default(),
            networks: networks.transpose()?.unwrap_or_default(),
            ports: ports.transpose()?.unwrap_or_default(),
            line: self.line(at),
        };
        let is_permitted = |range: &RangeInclusive<u16>| range.clone().any(|port| policy.permits_port(port));
        if !rule.ports.is_empty() && !rule.ports.iter().any(is_permitted) {
            let instead = "add the ports to `ports` in [policy], or remove the rule".to_owned();
            return Err(self.wrong(
                at,
                "the rule is never reached: [policy] permits none of its ports".to_owned(),
                instead,
            ));
        }
        Ok(rule)
    }

    fn conflict(&self, at: usize, conflict: Conflict) -> PolicyError {
        match conflict {
            Conflict::Contradicts(line) => self.wrong(
                at,
                format!("the rule contradicts the rule at line {line}: same host, network and ports"),
                "remove one, or make one more exact with a longer prefix, a longer host or `ports`".to_owned(),
            ),
            Conflict::Repeats(line) => self.wrong(
                at,
                format!("the rule is never reached: the rule at line {line} says the same of a host, network and ports"),
                "remove what is said twice".to_owned(),
            ),
            Conflict::TooMany => self.wrong(
                at,
                format!("there are more than {CELLS_MAX} pairs of host and network"),
                "write hosts and networks in rules of their own".to_owned(),
            ),
        }
    }

    fn list<'v, 'i>(&self, value: &'v Value<'i>, key: &str) -> Read<&'v [Value<'i>]> {
        match value.get_ref().as_array() {
            Some(array) => Ok(array),
            None => Err(self.wrong(
                value.span().start,
                format!("`{key}` is not a list"),
                if matches!(key, "allow" | "deny") {
                    format!("write `[[{key}]]`")
                } else {
                    format!("write `{key} = [ … ]`")
                },
            )),
        }
    }

    fn each<T>(&self, value: &Value<'_>, key: &str, read: impl Fn(&Value<'_>) -> Read<T>) -> Read<Vec<T>> {
        let list = self.list(value, key)?;
        if list.is_empty() {
            let what = format!("`{key}` is empty and fits nothing");
            return Err(self.wrong(
                value.span().start,
                what,
                format!("name one, or leave `{key}` out to fit all"),
            ));
        }
        list.iter().map(read).collect()
    }

    fn text<'v>(&self, value: &'v Value<'_>) -> Read<&'v str> {
        value.get_ref().as_str().ok_or_else(|| {
            self.wrong(
                value.span().start,
                "the value is not text".to_owned(),
                "write it between quotes".to_owned(),
            )
        })
    }

    fn one_of<T: Copy>(&self, value: &Value<'_>, known: &[(&str, T)]) -> Read<T> {
        let text = self.text(value)?;
        known.iter().find(|(name, _)| *name == text).map(|(_, meaning)| *meaning).ok_or_else(|| {
            let names: Vec<String> = known.iter().map(|(name, _)| format!("\"{name}\"")).collect();
            self.wrong(
                value.span().start,
                format!("`{text}` is no value here"),
                format!("write {}", names.join(" or ")),
            )
        })
    }

    /// A port, or a range in a text: `"8000-8099"`.
    fn port(&self, value: &Value<'_>) -> Read<RangeInclusive<u16>> {
        let range = match value.get_ref() {
            DeValue::Integer(number) => {
                let port = u16::from_str_radix(number.as_str(), number.radix()).ok();
                port.map(|port| port..=port)
            }
            DeValue::String(text) => text
                .split_once('-')
                .and_then(|(first, last)| Some(first.trim().parse().ok()?..=last.trim().parse().ok()?)),
            _ => None,
        };
        range.filter(|range| *range.start() > 0 && !range.is_empty()).ok_or_else(|| {
            let instead = "write a number from 1 to 65535, or a range such as \"8000-8099\"".to_owned();
            self.wrong(value.span().start, "that is no port".to_owned(), instead)
        })
    }

    fn host(&self, value: &Value<'_>, effect: Effect) -> Read<Pattern> {
        let text = self.text(value)?;
        let wrong = |what: String, instead: String| Err(self.wrong(value.span().start, what, instead));
        let (name, below) = match text.strip_prefix("*.") {
            Some(name) => (name, true),
            None => (text, false),
        };
        if name.contains('*') {
            let instead = "a `*` stands in front only, as in `*.example.com`".to_owned();
            return wrong(format!("`{text}` has a `*` in another place"), instead);
        }
        let canonical = url::Host::parse(name).ok().map(|host| host.to_string());
        let canonical = canonical.as_deref().map(spelling::read);
        let Some(Ok(reading)) = canonical else {
            return wrong(
                format!("`{text}` is no host name"),
                "write a name such as `api.example.com`".to_owned(),
            );
        };
        let name = match reading.host {
            Host::Address(address) => {
                return wrong(
                    format!("`{text}` is an address"),
                    format!("write `cidrs = [\"{}\"]`", IpNet::from(address)),
                );
            }
            Host::Name(canonical) if canonical != name => {
                let star = if below { "*." } else { "" };
                return wrong(
                    format!("`{text}` is not in the form in which names are compared"),
                    format!("write `{star}{canonical}`"),
                );
            }
            Host::Name(canonical) => canonical.into_owned(),
        };
        if let Some(provider) = catalogue::named(&name).filter(|_| effect == Effect::Allow) {
            return wrong(
                format!(
                    "the rule is never reached: `{text}` is a name of the `{}` service, which nothing opens",
                    provider.name
                ),
                "remove it".to_owned(),
            );
        }
        Ok(Pattern { name, below })
    }

    fn network(&self, value: &Value<'_>, effect: Effect) -> Read<IpNet> {
        let text = self.text(value)?;
        let wrong = |what: String, instead: String| Err(self.wrong(value.span().start, what, instead));
        let Ok(network) = text.parse::<IpNet>() else {
            if let Ok(address) = text.parse::<IpAddr>() {
                return wrong(
                    format!("`{text}` has no prefix length"),
                    format!("write `{}`", IpNet::from(address)),
                );
            }
            return wrong(
                format!("`{text}` is no network"),
                "write one such as `10.0.0.0/8` or `fd00::/8`".to_owned(),
            );
        };
        if network.trunc() != network {
            return wrong(
                format!("`{text}` has bits set behind its prefix"),
                format!("write `{}`", network.trunc()),
            );
        }
        let is_one = network.prefix_len() == network.max_prefix_len();
        if let Some(provider) = catalogue::at(network.addr()).filter(|_| is_one && effect == Effect::Allow) {
            return wrong(
                format!(
                    "the rule is never reached: `{text}` is the `{}` service, which nothing opens",
                    provider.name
                ),
                "remove it".to_owned(),
            );
        }
        Ok(network)
    }
}

/// A message as people can see it: what a text of the file holds does not move the cursor.
fn in_one_line(message: String) -> String {
    if !message.contains(char::is_control) {
        return message;
    }
    let mut line = String::with_capacity(message.len() + 8);
    for character in message.chars() {
        if character.is_control() { line.extend(character.escape_default()) } else { line.push(character) }
    }
    line
}
