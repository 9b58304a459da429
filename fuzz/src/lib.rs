//! Fuzz targets: one module for each parser of strangers' bytes.
//!
//! ```text
//! fuzz/run ──▶ libFuzzer ──▶ fuzz_targets/NAME.rs ─┐
//!                                                  ├──▶ NAME::run(bytes) ──▶ Reached, or a panic: a finding
//! cargo test ──▶ tests/corpus.rs ── corpus/NAME ───┘
//! ```
//!
//! | target | reads | must hold |
//! |---|---|---|
//! | [`request`] | method, target, headers | no read without a valid token; nothing forwarded passes the guard |
//! | [`path`] | the path of a request | one canonical form for all spellings, the same class, a fixed point |
//! | [`token`] | a token, a lifetime | what was minted is accepted until it expires, nothing else ever |
//! | [`tree`] | a tree file | no panic; an error names a place in one line; every listed entry resolves |
//! | [`journal`] | a journal | a sound one verifies; one with a changed byte, a missing or a replaced line never does |
//!
//! A target is total: it returns for every input unless a property is broken, and then it panics with the property.
//! It keeps no state between inputs that changes a result, so a finding can be replayed alone.

pub mod journal;
pub mod path;
pub mod request;
pub mod token;
pub mod tree;

/// How far an input came. A corpus that only ever reaches one side tests half of a target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reached {
    /// The parser or the check said no.
    Refused,
    /// The parser or the check said yes.
    Accepted,
}

impl Reached {
    /// `Accepted` if it holds.
    pub const fn accepted_if(accepted: bool) -> Reached {
        if accepted { Reached::Accepted } else { Reached::Refused }
    }
}

/// Runs one input. Panics if a property is broken.
pub type Target = fn(&[u8]) -> Reached;

/// Every target by name: the name of its module, of its file in `fuzz_targets/` and of its folder in `corpus/`.
pub const TARGETS: [(&str, Target); 5] = [
    ("journal", journal::run),
    ("path", path::run),
    ("request", request::run),
    ("token", token::run),
    ("tree", tree::run),
];
