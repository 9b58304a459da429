//! Sigma rules as data. `tests/rules` writes them as YAML.
//!
//! Sigma compares texts and cannot canonicalise: a host is listed in the forms that are used most ([`forms`]). What
//! that leaves out is told in `sigma/README.md`.

pub mod forms;

use onehop_report::Severity;

/// A rule of the pack.
#[derive(Clone, Copy, Debug)]
pub struct Sigma {
    /// The file in its folder without `.yml`, and the name by which others refer to it. Stable: the id is made from it.
    pub name: &'static str,
    /// A few words, in title case, no full stop.
    pub title: &'static str,
    /// What it looks for, in sentences.
    pub description: &'static str,
    /// How grave a match is.
    pub level: Severity,
    /// What it looks at.
    pub detection: Detection,
    /// Fields to show beside a match.
    pub fields: &'static [&'static str],
    /// What it also matches and should not. Empty: the words of the rule are used.
    pub false_positives: &'static [&'static str],
}

/// What a rule looks at.
#[derive(Clone, Copy, Debug)]
pub enum Detection {
    /// One event.
    Event {
        /// Where events come from.
        source: Source,
        /// What the condition refers to.
        selections: &'static [Selection],
        /// How the selections go together.
        condition: &'static str,
    },
    /// Several events that other rules match.
    Together(Together),
}

/// Events that belong together.
#[derive(Clone, Copy, Debug)]
pub struct Together {
    /// The names of the rules.
    pub rules: &'static [&'static str],
    /// Fields that are the same in all of them.
    pub group_by: &'static [&'static str],
    /// Within how long, e.g. `10m`.
    pub within: &'static str,
    /// A field and how many distinct values it has to have; without it, every rule has to match.
    pub distinct: Option<(&'static str, u32)>,
}

/// Where events come from, in Sigma's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// Access logs of web servers.
    Webserver,
    /// Logs of forward proxies.
    Proxy,
    /// Questions and answers of resolvers.
    Dns,
    /// Zeek's `dns.log`.
    ZeekDns,
    /// Zeek's `http.log`.
    ZeekHttp,
    /// AWS CloudTrail.
    CloudTrail,
}

impl Source {
    /// Category, product and service.
    pub const fn keys(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Source::Webserver => &[("category", "webserver")],
            Source::Proxy => &[("category", "proxy")],
            Source::Dns => &[("category", "dns")],
            Source::ZeekDns => &[("product", "zeek"), ("service", "dns")],
            Source::ZeekHttp => &[("product", "zeek"), ("service", "http")],
            Source::CloudTrail => &[("product", "aws"), ("service", "cloudtrail")],
        }
    }

    /// What the names of its rules begin with, by the custom of the public collection.
    pub const fn prefix(self) -> &'static str {
        match self {
            Source::Webserver => "web_",
            Source::Proxy => "proxy_",
            Source::Dns => "net_dns_",
            Source::ZeekDns => "zeek_dns_",
            Source::ZeekHttp => "zeek_http_",
            Source::CloudTrail => "aws_cloudtrail_",
        }
    }
}

/// What a condition refers to by name.
#[derive(Clone, Copy, Debug)]
pub enum Selection {
    /// Every term holds.
    Every(&'static str, &'static [(&'static str, Values)]),
    /// One of the fields has one of the values: texts anywhere in it, forms as regular expressions.
    Anywhere(&'static str, &'static [&'static str], Values),
}

/// What a field is compared with.
#[derive(Clone, Copy, Debug)]
pub enum Values {
    /// Texts, list after list; compared without case.
    Texts(&'static [&'static [&'static str]]),
    /// Hosts by [`forms`], list after list.
    Forms(&'static [&'static [&'static str]]),
    /// A regular expression.
    Pattern(&'static str),
    /// A number.
    Number(u32),
    /// The field is not there.
    Absent,
}
