//! Rows as a store keeps them.

/// A row as a store keeps it, or that it should keep none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptRow<'s> {
    /// The name of its table.
    pub table: &'static str,
    /// What it is about, unique in its table.
    pub key: &'s str,
    /// The row as JSON; none if it left.
    pub value: Option<Vec<u8>>,
}

/// Which rows are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Which {
    All,
    Changed,
}
