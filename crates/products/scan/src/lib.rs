//! Finds attempts at a metadata service in logs of any kind.

pub mod sieve;
