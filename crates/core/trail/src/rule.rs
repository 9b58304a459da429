//! The rules: stable ids, and words for people.

use std::fmt;

/// How grave a finding is. Ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing; nobody has to act.
    Info,
    /// A weakness behind another wall.
    Low,
    /// An attempt, or a weakness that needs something else to be of use.
    Medium,
    /// A door that was opened, or a use that is hardly the owner's.
    High,
    /// Credentials are in somebody else's hands.
    Critical,
}

impl Severity {
    /// The stable text, e.g. `high`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Severity::Info => "info",
            Severity::Low => "low",
            Severity::Medium => "medium",
            Severity::High => "high",
            Severity::Critical => "critical",
        }
    }

    pub(crate) const fn milder(self) -> Severity {
        match self {
            Severity::Info | Severity::Low => Severity::Info,
            Severity::Medium => Severity::Low,
            Severity::High => Severity::Medium,
            Severity::Critical => Severity::High,
        }
    }

    pub(crate) const fn graver(self) -> Severity {
        match self {
            Severity::Info => Severity::Low,
            Severity::Low => Severity::Medium,
            Severity::Medium => Severity::High,
            Severity::High | Severity::Critical => Severity::Critical,
        }
    }
}

/// Words about a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct About {
    /// The stable id, e.g. `TRAIL-ELSEWHERE`.
    pub id: &'static str,
    /// A few words, no full stop.
    pub title: &'static str,
    /// What most of its findings have; each has its own.
    pub severity: Severity,
    /// What it finds, and why that is bad.
    pub what: &'static str,
    /// What to do.
    pub instead: &'static str,
    /// What it also finds and should not.
    pub false_positives: &'static str,
    /// Ids of ATT&CK techniques.
    pub tags: &'static [&'static str],
}

macro_rules! rules {
    ($($(#[doc = $what:literal])+ $name:ident = $id:literal, $title:literal, $severity:ident,
        instead $instead:literal, false_positives $false:literal, tags $tags:expr;)+) => {
        /// What records are judged by. Displayed by its stable id.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Rule { $($(#[doc = $what])+ $name,)+ }

        impl Rule {
            /// Every rule, in the order of the table.
            pub const ALL: &'static [Rule] = &[$(Rule::$name,)+];

            /// Words about it.
            pub const fn about(self) -> About {
                match self {
                    $(Rule::$name => About {
                        id: $id,
                        title: $title,
                        severity: Severity::$severity,
                        what: concat!($($what,)+).trim_ascii(),
                        instead: $instead,
                        false_positives: $false,
                        tags: $tags,
                    },)+
                }
            }
        }
    };
}

rules! {
    /// Credentials of a role were delivered by IMDSv1: one request without a token, which a server can be tricked into.
    V1Delivery = "TRAIL-V1-DELIVERY", "role credentials were delivered by IMDSv1", Low,
    instead "Find the program on the instance that reads without a token, update it, and require tokens.",
    false_positives "None: the record says how the credentials were delivered. An idle program may hold the delivery, not a stolen key.",
    tags &["T1552.005"];

    /// Credentials of an instance were used from a place that is not the instance: they left it.
    Elsewhere = "TRAIL-ELSEWHERE", "credentials of an instance were used elsewhere", High,
    instead "Revoke the sessions of the role, look at what the key was used for, and find how the instance gave it away.",
    false_positives "Changes of routing that make an instance leave by another address which no record names.",
    tags &["T1552.005", "T1078.004"];

    /// Metadata options of an instance, or of an account, were changed so that IMDSv1 is answered.
    TokensOptional = "TRAIL-TOKENS-OPTIONAL", "IMDSv1 was allowed", High,
    instead "Set `HttpTokens` to `required`, and enforce it for the account.",
    false_positives "A planned step back while a program that needs IMDSv1 is found.",
    tags &["T1578.005", "T1562"];

    /// The account no longer refuses launches of instances that answer IMDSv1.
    EnforcementOff = "TRAIL-ENFORCEMENT-OFF", "enforcement of IMDSv2 was taken off", High,
    instead "Set `HttpTokensEnforced` to `enabled`, best by a declarative policy of the organization.",
    false_positives "Accounts that never had it, set to their own value by a program.",
    tags &["T1578.005", "T1562"];

    /// Answers with session tokens may travel over more hops: containers and forwarding proxies can obtain tokens.
    HopLimit = "TRAIL-HOP-LIMIT", "the hop limit was raised", Low,
    instead "Use 1, or 2 where containers need the service and nothing else keeps them from the role of the host.",
    false_positives "A limit of 2 for containers is what EC2 recommends.",
    tags &["T1578.005"];

    /// The metadata service of an instance was switched on again.
    EndpointEnabled = "TRAIL-ENDPOINT-ENABLED", "the metadata service was switched on", Low,
    instead "Leave it off where nothing on the instance needs it.",
    false_positives "Tools that send the value along with every change.",
    tags &["T1578.005"];

    /// Instances were launched that answer IMDSv1.
    LaunchOptional = "TRAIL-LAUNCH-OPTIONAL", "an instance was launched that answers IMDSv1", Low,
    instead "Require tokens in the launch template and as the default of the account.",
    false_positives "None: the answer holds the value in effect.",
    tags &["T1578.002"];

    /// A launch template or launch configuration was made that allows IMDSv1 to all that start from it.
    TemplateOptional = "TRAIL-TEMPLATE-OPTIONAL", "a launch template allows IMDSv1", Medium,
    instead "Write `HttpTokens: required` in the template.",
    false_positives "Templates that nothing uses.",
    tags &["T1578.005"];

    /// The default version of a launch template was moved to one that allows IMDSv1, or that no record describes.
    TemplateDefault = "TRAIL-TEMPLATE-DEFAULT", "another version of a launch template became the default", Medium,
    instead "Look at the options of that version.",
    false_positives "Ordinary roll-outs: at `info` nothing is known about the version.",
    tags &["T1578.005"];
}

impl Rule {
    /// The stable id, e.g. `TRAIL-ELSEWHERE`.
    pub const fn id(self) -> &'static str {
        self.about().id
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}
