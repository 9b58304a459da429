//! How the credentials of each instance were delivered: the rows of the inventory, taken together by instance.
//!
//! An instance has a session for its role and one for the identity role of AWS's own agents, and may have had other roles
//! before. All of them count: each was read from the metadata service of that instance. Calls are counted, not deliveries:
//! programs keep credentials for hours.

use crate::inventory::{Row, Use};
use std::collections::BTreeMap;

/// Calls with credentials of one instance.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Delivered {
    /// The id of the instance.
    pub instance: String,
    /// Delivered by IMDSv1.
    pub v1: Use,
    /// Delivered by IMDSv2.
    pub v2: Use,
}

/// By id. Sessions that are named for no instance are left out, and those without a word about the delivery.
pub(crate) fn by_instance<'a>(rows: impl Iterator<Item = Row<'a>>) -> Vec<Delivered> {
    let mut instances: BTreeMap<&str, Delivered> = BTreeMap::new();
    for row in rows {
        let Some(instance) = row.instance else { continue };
        if row.v1.calls == 0 && row.v2.calls == 0 {
            continue;
        }
        let known = instances.entry(instance).or_default();
        known.v1 = known.v1.and(&row.v1);
        known.v2 = known.v2.and(&row.v2);
    }
    let named = |(instance, known): (&str, Delivered)| Delivered { instance: instance.to_owned(), ..known };
    instances.into_iter().map(named).collect()
}

impl Use {
    /// Both together.
    fn and(&self, other: &Use) -> Use {
        let both = |one: Option<_>, two: Option<_>| one.into_iter().chain(two);
        Use {
            calls: self.calls.saturating_add(other.calls),
            first: both(self.first, other.first).min(),
            last: both(self.last, other.last).max(),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::{Delivered, Settings, Trail};

    fn record(id: &str, time: &str, role: &str, session: &str, delivery: &str) -> String {
        format!(
            r#"{{"eventID":"{id}","eventTime":"2026-03-{time}Z","eventSource":"s3.amazonaws.com","eventName":"ListBuckets","awsRegion":"eu-west-1","sourceIPAddress":"198.51.100.7","userIdentity":{{"type":"AssumedRole","arn":"arn:aws:sts::111122223333:assumed-role/{role}/{session}","accountId":"111122223333","sessionContext":{{"ec2RoleDelivery":"{delivery}"}}}}}}"#
        )
    }

    fn read(records: &[String]) -> Vec<Delivered> {
        let mut trail = Trail::new(Settings::default());
        for record in records {
            trail.read(0, record.as_bytes(), &mut |_| {});
        }
        trail.finish(&mut |_| {});
        trail.deliveries()
    }

    #[test]
    fn roles_of_one_instance_count_together_and_copies_once() {
        let one = "i-00000000000000001";
        let records = [
            record("a", "04T09:14:10", "web", one, "1.0"),
            record("b", "02T00:00:00", "aws:ec2-instance", one, "1.0"),
            record("c", "03T00:00:00", "web", one, "2.0"),
            record("a", "04T09:14:10", "web", one, "1.0"),
            record("d", "05T00:00:00", "web", "i-00000000000000002", "2.0"),
            record("e", "05T00:00:00", "web", "i-00000000000000003", "9.9"),
            record("f", "05T00:00:00", "web", "no-instance", "1.0"),
        ];
        let found = read(&records);
        let shown: Vec<_> = found
            .iter()
            .map(|known| {
                let last = known.v1.last.map(|last| last.to_string()).unwrap_or_default();
                (known.instance.as_str(), known.v1.calls, known.v2.calls, last)
            })
            .collect();
        assert_eq!(
            shown,
            [(one, 2, 1, "2026-03-04T09:14:10Z".to_owned()), ("i-00000000000000002", 0, 1, String::new())]
        );
        assert_eq!(found[0].v1.first.map(|first| first.to_string()).as_deref(), Some("2026-03-02T00:00:00Z"));
        assert_eq!(found[1].v1.first, None, "none is not a time");
    }
}
