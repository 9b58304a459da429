//! A bounded table whose least recently touched rows leave first.

use crate::moment::Moment;
use serde::{Deserialize, Deserializer, Serialize};
use std::collections::BTreeMap;

/// A row with the time when it was last touched.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Row<V> {
    last: Moment,
    #[serde(flatten)]
    what: V,
}

#[derive(Clone, Debug, Serialize)]
pub(crate) struct Table<V> {
    rows: BTreeMap<String, Row<V>>,
    forgotten: u64,
    #[serde(skip)]
    bound: usize,
}

impl<V> Default for Table<V> {
    fn default() -> Self {
        Table { rows: BTreeMap::new(), forgotten: 0, bound: usize::MAX }
    }
}

impl<'de, V: Deserialize<'de>> Deserialize<'de> for Table<V> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Shape<V> {
            rows: BTreeMap<String, Row<V>>,
            forgotten: u64,
        }
        let shape = Shape::deserialize(deserializer)?;
        Ok(Table { rows: shape.rows, forgotten: shape.forgotten, bound: usize::MAX })
    }
}

impl<V: Default> Table<V> {
    pub(crate) fn get(&self, key: &str) -> Option<&V> {
        self.rows.get(key).map(|row| &row.what)
    }

    /// The row of a key, made if absent, and marked as touched at a time.
    pub(crate) fn touch(&mut self, key: &str, at: Moment) -> &mut V {
        if !self.rows.contains_key(key) {
            if self.rows.len() >= self.bound {
                self.forget(self.rows.len() - self.bound + 1 + self.bound / 8);
            }
            self.rows.insert(key.to_owned(), Row::default());
        }
        let row = self.rows.get_mut(key).expect("it was there, or was inserted just now");
        row.last = row.last.max(at);
        &mut row.what
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &V)> {
        self.rows.iter().map(|(key, row)| (key.as_str(), &row.what))
    }

    /// Sets the bound, at least 1, and keeps to it.
    pub(crate) fn bound(&mut self, bound: usize) {
        self.bound = bound.max(1);
        self.forget(self.rows.len().saturating_sub(self.bound));
    }

    /// Takes out the `count` rows that were touched least recently.
    fn forget(&mut self, count: usize) {
        if count == 0 {
            return;
        }
        let mut ages: Vec<Moment> = self.rows.values().map(|row| row.last).collect();
        let (_, oldest_kept, _) = ages.select_nth_unstable(count.min(self.rows.len()) - 1);
        let newest_out = *oldest_kept;
        let mut left = count;
        // Older ones leave for certain; of those as old as the last one to leave, as many as are left.
        let older = self.rows.values().filter(|row| row.last < newest_out).count();
        let mut ties = count.saturating_sub(older);
        self.rows.retain(|_, row| {
            let tie = row.last == newest_out && ties > 0;
            let leaves = left > 0 && (row.last < newest_out || tie);
            if leaves {
                left -= 1;
                ties -= usize::from(tie);
            }
            !leaves
        });
        let gone = u64::try_from(count - left).unwrap_or(u64::MAX);
        self.forgotten = self.forgotten.saturating_add(gone);
    }
}

impl<V> Table<V> {
    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    pub(crate) fn forgotten(&self) -> u64 {
        self.forgotten
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_least_recently_touched_leave_first() {
        let mut table: Table<BTreeMap<String, String>> = Table::default();
        table.bound(8);
        for n in 0..8 {
            table.touch(&format!("k{n}"), Moment::from_unix(n));
        }
        table.touch("k0", Moment::from_unix(100));
        table.touch("k8", Moment::from_unix(9));
        assert_eq!(
            table.iter().map(|(key, _)| key).collect::<Vec<_>>(),
            ["k0", "k3", "k4", "k5", "k6", "k7", "k8"]
        );
        assert_eq!(table.forgotten(), 2);
        table.bound(2);
        assert_eq!(table.iter().map(|(key, _)| key).collect::<Vec<_>>(), ["k0", "k8"]);
    }

    #[test]
    fn rows_of_one_age_leave_no_faster() {
        let mut table: Table<BTreeMap<String, String>> = Table::default();
        table.bound(16);
        for n in 0..100 {
            table.touch(&format!("k{n}"), Moment::from_unix(0));
            assert!(table.len() <= 16 && table.len() >= (n + 1).min(13), "{n}: {}", table.len());
        }
    }
}
