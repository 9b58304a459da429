//! How the role credentials of an instance were delivered, by CloudTrail.
//!
//! | logs | what they hold of the instance | becomes |
//! |---|---|---|
//! | not given | | not read |
//! | given | no call with its role credentials | no data, which is not zero: it made none, or not in these logs |
//! | given | calls, none delivered by IMDSv1 | zero |
//! | given | calls delivered by IMDSv1 | IMDSv1 is used |
//!
//! Zero is no proof that IMDSv1 is not used: whoever reads user data leaves no record, and credentials may be read and
//! never used.

use super::scope::Scope;
use onehop_inventory::{Instance, RoleDelivery};
use serde::Serialize;

/// How role credentials were delivered.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Delivered {
    /// No logs were read, or it is nothing that has a role session of its own.
    #[default]
    NotRead,
    /// Logs were read, and no call in them was made with its role credentials.
    NoData,
    /// Calls with its role credentials.
    Calls {
        /// Delivered by IMDSv1.
        v1: Calls,
        /// Delivered by IMDSv2.
        v2: Calls,
    },
}

/// Calls with credentials that were delivered in one way.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Calls {
    /// How many.
    pub count: u64,
    /// The last one, RFC 3339, if it is known.
    pub last: Option<String>,
}

impl Scope<'_> {
    /// How the role credentials of an instance were delivered.
    pub(super) fn delivered(&self, instance: &Instance) -> Delivered {
        match self.deliveries.get(instance.id.as_str()) {
            Some(deliveries) => {
                Delivered::Calls { v1: Calls::of(deliveries, "1.0"), v2: Calls::of(deliveries, "2.0") }
            }
            None if self.has_trail => Delivered::NoData,
            None => Delivered::NotRead,
        }
    }
}

impl Delivered {
    /// Calls with credentials that IMDSv1 delivered, as the rest of a sentence; none without any.
    pub(super) fn v1_words(&self) -> Option<String> {
        let Delivered::Calls { v1, .. } = self else { return None };
        (v1.count > 0)
            .then(|| format!("role credentials delivered by IMDSv1 were used {}, by CloudTrail", v1.words()))
    }

    /// What CloudTrail says, as a sentence; none if it says nothing.
    pub(super) fn sentence(&self) -> Option<String> {
        let Delivered::Calls { v1, v2 } = self else { return None };
        Some(match (v1.count, v2.count) {
            (0, 0) => return None,
            (0, _) => {
                format!("Role credentials delivered by IMDSv2 alone were used {}, by CloudTrail.", v2.words())
            }
            (_, 0) => {
                format!("Role credentials delivered by IMDSv1 were used {}, by CloudTrail.", v1.words())
            }
            (_, _) => format!(
                "Role credentials delivered by IMDSv1 were used {}, those delivered by IMDSv2 {}, by CloudTrail.",
                v1.words(),
                v2.words()
            ),
        })
    }
}

impl Calls {
    fn of(deliveries: &[&RoleDelivery], version: &str) -> Calls {
        let of_version = deliveries.iter().filter(|delivery| delivery.version == *version);
        of_version.fold(Calls::default(), |sum, delivery| Calls {
            count: sum.count.saturating_add(delivery.records),
            last: sum.last.max(delivery.last_seen.clone()),
        })
    }

    /// E.g. `12 times, last 2026-03-04T09:14:10Z`.
    fn words(&self) -> String {
        let times = if self.count == 1 { "once".to_owned() } else { format!("{} times", self.count) };
        match &self.last {
            Some(last) => format!("{times}, last {last}"),
            None => times,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Calls, Delivered};

    #[test]
    fn sentences_say_what_was_joined() {
        let calls = |count, last: &str| Calls { count, last: (!last.is_empty()).then(|| last.to_owned()) };
        let at = "2026-03-04T09:14:10Z";
        let cases = [
            ("not read", Delivered::NotRead, None),
            ("no data", Delivered::NoData, None),
            ("nothing", Delivered::Calls { v1: calls(0, ""), v2: calls(0, "") }, None),
            (
                "by 1.0",
                Delivered::Calls { v1: calls(12, at), v2: calls(0, "") },
                Some(
                    "Role credentials delivered by IMDSv1 were used 12 times, last 2026-03-04T09:14:10Z, by CloudTrail.",
                ),
            ),
            (
                "by 2.0",
                Delivered::Calls { v1: calls(0, ""), v2: calls(1, "") },
                Some("Role credentials delivered by IMDSv2 alone were used once, by CloudTrail."),
            ),
            (
                "by both",
                Delivered::Calls { v1: calls(1, at), v2: calls(7, "") },
                Some(
                    "Role credentials delivered by IMDSv1 were used once, last 2026-03-04T09:14:10Z, those delivered by IMDSv2 7 times, by CloudTrail.",
                ),
            ),
        ];
        for (name, delivered, want) in cases {
            assert_eq!(delivered.sentence().as_deref(), want, "{name}");
            assert_eq!(delivered.v1_words().is_some(), name == "by 1.0" || name == "by both", "{name}");
        }
    }
}
