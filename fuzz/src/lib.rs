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
//! | [`address`] | bytes of an IP address | no milder than what it carries, in any form; known to the standard library |
//! | [`host`] | the host of a URL | the address that others read; one host for all spellings, a fixed point |
//! | [`url`] | a URL | judged as it is fetched; strict allows nothing that compat denies; a denial never allows |
//! | [`policy`] | a policy for URLs | no panic; an error names a place; the floor stays shut; nothing said twice |
//! | [`decode`] | text | bounded layers, each of them what its encodings give; what was hidden is found |
//! | [`detect`] | lines | the sieve drops nothing that is found; all sieves tell the same; what is put there is found |
//! | [`input`] | a file: text, compressed, an archive, a table | the same texts however it is read; bounded; each loss is told |
//! | [`logs`] | a log, and the format it is said to be | each field is where it says; nothing of a line is lost; escapes come back |
//! | [`report`] | findings, exceptions, a baseline | no part of a planted secret in any format; bounded and visible; an error names a line |
//! | [`request`] | method, target, headers | no read without a valid token; nothing forwarded passes the guard |
//! | [`path`] | the path of a request | one canonical form for all spellings, the same class, a fixed point |
//! | [`token`] | a token, a lifetime | what was minted is accepted until it expires, nothing else ever |
//! | [`pcap`] | captured packets | the same records however the bytes are cut; bounded; each counted once |
//! | [`trail`] | CloudTrail records, and a state | the records that JSON has; one verdict in any order; a state goes on |
//! | [`terraform`] | Terraform code, a plan, a state | the same twice; every place lies in its text; bounded |
//! | [`template`] | YAML and JSON, templates, manifests | the same; what is JSON has the values that JSON has |
//! | [`snapshot`] | what was read from accounts | written as it was read; judging is total; what is a finding is told |
//! | [`tree`] | a tree file | no panic; an error names a place in one line; every listed entry resolves |
//! | [`journal`] | a journal | a sound one verifies; one with a changed byte, a missing or a replaced line never does |
//!
//! A target is total: it returns for every input unless a property is broken, and then it panics with the property.
//! It keeps no state between inputs that changes a result, so a finding can be replayed alone.

pub mod address;
pub mod decode;
pub mod detect;
pub mod host;
pub mod input;
pub mod journal;
pub mod logs;
pub mod path;
pub mod pcap;
pub mod policy;
pub mod report;
pub mod request;
pub mod snapshot;
pub mod template;
pub mod terraform;
pub mod token;
pub mod trail;
pub mod tree;
pub mod url;

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
pub const TARGETS: [(&str, Target); 19] = [
    ("address", address::run),
    ("decode", decode::run),
    ("detect", detect::run),
    ("host", host::run),
    ("input", input::run),
    ("journal", journal::run),
    ("logs", logs::run),
    ("path", path::run),
    ("pcap", pcap::run),
    ("policy", policy::run),
    ("report", report::run),
    ("request", request::run),
    ("snapshot", snapshot::run),
    ("template", template::run),
    ("terraform", terraform::run),
    ("token", token::run),
    ("trail", trail::run),
    ("tree", tree::run),
    ("url", url::run),
];
