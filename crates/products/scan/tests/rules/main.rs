//! What is made from the rules, and whether they are true.
//!
//! `docs/rules/` and `sigma/` are made from `onehop_scan::rules::ENTRIES`: compared here, written with
//! `ONEHOP_WRITE_DOCS=1 cargo test -p onehop-scan --test rules`. A file that belongs to no rule is a difference too.

#![allow(missing_docs, reason = "a test")]

mod files;
mod pack;
mod pages;
mod pattern;
mod scanned;
mod yaml;
