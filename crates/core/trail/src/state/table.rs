//! A bounded table whose least recently touched rows leave first, and which knows what became of rows that are kept
//! elsewhere.

use super::kept::{KeptRow, Which};
use crate::moment::Moment;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A row with the time when it was last touched.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Row<V> {
    last: Moment,
    what: V,
    /// Whether a store has a row of this key.
    #[serde(skip)]
    is_stored: bool,
    /// Whether what a store has, if anything, is not this.
    #[serde(skip)]
    is_changed: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct Table<V> {
    rows: BTreeMap<String, Row<V>>,
    /// Keys whose rows left while a store still has them: no more than were taken from it.
    left: BTreeSet<String>,
    forgotten: u64,
    /// What a store says was forgotten.
    forgotten_stored: u64,
    bound: usize,
}

impl<V> Default for Table<V> {
    fn default() -> Self {
        let (rows, left) = (BTreeMap::new(), BTreeSet::new());
        Table { rows, left, forgotten: 0, forgotten_stored: 0, bound: usize::MAX }
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
            let is_stored = self.left.remove(key);
            self.rows.insert(key.to_owned(), Row { is_stored, ..Row::default() });
        }
        let row = self.rows.get_mut(key).expect("it was there, or was inserted just now");
        row.last = row.last.max(at);
        row.is_changed = true;
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
        let gone_keys = &mut self.left;
        self.rows.retain(|key, row| {
            let tie = row.last == newest_out && ties > 0;
            let leaves = left > 0 && (row.last < newest_out || tie);
            if leaves {
                left -= 1;
                ties -= usize::from(tie);
                if row.is_stored {
                    gone_keys.insert(key.clone());
                }
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

    /// What was forgotten, unless a store has that number.
    pub(crate) fn forgotten_changed(&self) -> Option<u64> {
        (self.forgotten != self.forgotten_stored).then_some(self.forgotten)
    }

    /// A store has all rows now, and none that left.
    pub(crate) fn kept(&mut self) {
        for row in self.rows.values_mut() {
            (row.is_stored, row.is_changed) = (true, false);
        }
        self.left.clear();
        self.forgotten_stored = self.forgotten;
    }

    /// Takes the number that a store has.
    pub(crate) fn take_forgotten(&mut self, forgotten: u64) {
        (self.forgotten, self.forgotten_stored) = (forgotten, forgotten);
    }
}

impl<V: Serialize> Table<V> {
    /// Rows as a store keeps them: all, or what it lacks, has otherwise or has too much.
    pub(crate) fn rows(&self, table: &'static str, which: Which) -> impl Iterator<Item = KeptRow<'_>> {
        let left = self.left.iter().filter(move |_| which == Which::Changed);
        let left = left.map(move |key| KeptRow { table, key, value: None });
        let rows = self.rows.iter().filter(move |(_, row)| which == Which::All || row.is_changed);
        let rows = rows.map(move |(key, row)| {
            let value = serde_json::to_vec(row).expect("rows are numbers, texts and lists of them");
            KeptRow { table, key, value: Some(value) }
        });
        left.chain(rows)
    }
}

impl<V: for<'de> Deserialize<'de>> Table<V> {
    /// Takes a row that a store has, instead of any of that key.
    pub(crate) fn take(&mut self, key: &str, value: &[u8]) -> Result<(), serde_json::Error> {
        let row: Row<V> = serde_json::from_slice(value)?;
        self.rows.insert(key.to_owned(), Row { is_stored: true, ..row });
        Ok(())
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

    type Texts = BTreeMap<String, String>;

    /// Keys that a store would be told, `-` before those whose rows left.
    fn changes(table: &Table<Texts>) -> Vec<String> {
        let sign = |row: KeptRow<'_>| if row.value.is_none() { "-" } else { "" }.to_owned() + row.key;
        table.rows("made-up", Which::Changed).map(sign).collect()
    }

    #[test]
    fn only_what_a_store_lacks_is_a_change() {
        let mut first: Table<Texts> = Table::default();
        for n in 0..4 {
            first.touch(&format!("k{n}"), Moment::from_unix(n));
        }
        assert_eq!(changes(&first), ["k0", "k1", "k2", "k3"], "a store that is empty lacks all");
        let mut table: Table<Texts> = Table::default();
        for row in first.rows("made-up", Which::All) {
            table.take(row.key, &row.value.expect("a value")).expect("a row that was written");
        }
        assert!(changes(&table).is_empty(), "what was taken is no change");
        table.touch("k2", Moment::from_unix(9));
        table.touch("k5", Moment::from_unix(5));
        assert_eq!(changes(&table), ["k2", "k5"]);
        table.bound(2);
        assert_eq!(changes(&table), ["-k0", "-k1", "-k3", "k2", "k5"]);
        table.touch("k0", Moment::from_unix(10));
        assert_eq!(changes(&table), ["-k1", "-k3", "k0", "k2"], "one came back, one that no store has left");
        assert_eq!(table.forgotten_changed(), Some(4));
        table.take_forgotten(4);
        assert_eq!(table.forgotten_changed(), None);
        table.kept();
        assert!(changes(&table).is_empty(), "the store has it all");
        table.bound(1);
        assert_eq!(changes(&table), ["-k2"], "and still has what left since");
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
