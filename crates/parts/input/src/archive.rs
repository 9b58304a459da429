//! Archives: every member is a stream of its own, of any format.

pub(crate) mod spool;
mod tar;
mod zip;
