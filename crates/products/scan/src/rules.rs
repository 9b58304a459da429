//! The rules, a file each: what it finds, why that matters, logs that show it, logs that look like it and are not, and
//! the Sigma rules that say as much of it as Sigma can.
//!
//! ```text
//! Entry ─┬─▶ docs/rules/ID.md       a page
//!        ├─▶ sigma/FOLDER/NAME.yml   the pack
//!        └─▶ a test through the scanner: `found` gives a finding of the rule, `benign` gives none
//! ```
//! `tests/rules` makes the first two and runs the third. Ids are stable.

mod dns;
mod entry;
mod host;
mod incident;
mod outbound;
mod path;
mod rebinding;
pub mod sigma;
mod smuggled;
mod trail;
mod url;

use onehop_report::Rule;

pub use dns::DNS;
pub use entry::{Entry, Sample};
pub use host::HOST;
pub use incident::INCIDENT;
pub use outbound::OUTBOUND;
pub use path::PATH;
pub use rebinding::REBINDING;
pub use smuggled::SMUGGLED;
pub use trail::{
    ELSEWHERE, ENDPOINT_ENABLED, ENFORCEMENT_OFF, HOP_LIMIT, LAUNCH_OPTIONAL, TEMPLATE_DEFAULT,
    TEMPLATE_OPTIONAL, TOKENS_OPTIONAL, V1_DELIVERY,
};
pub use url::URL;

/// Every rule: on requests, calls and names, on what they tell together, and on records of CloudTrail.
pub static RULES: &[&Rule] = &[
    &URL,
    &HOST,
    &PATH,
    &SMUGGLED,
    &OUTBOUND,
    &DNS,
    &REBINDING,
    &INCIDENT,
    &V1_DELIVERY,
    &ELSEWHERE,
    &TOKENS_OPTIONAL,
    &ENFORCEMENT_OFF,
    &HOP_LIMIT,
    &ENDPOINT_ENABLED,
    &LAUNCH_OPTIONAL,
    &TEMPLATE_OPTIONAL,
    &TEMPLATE_DEFAULT,
];

/// The rules with their logs and their Sigma rules, in the order of [`RULES`].
pub static ENTRIES: &[&Entry] = &[
    &url::ENTRY,
    &host::ENTRY,
    &path::ENTRY,
    &smuggled::ENTRY,
    &outbound::ENTRY,
    &dns::ENTRY,
    &rebinding::ENTRY,
    &incident::ENTRY,
    &trail::V1_DELIVERY_ENTRY,
    &trail::ELSEWHERE_ENTRY,
    &trail::TOKENS_OPTIONAL_ENTRY,
    &trail::ENFORCEMENT_OFF_ENTRY,
    &trail::HOP_LIMIT_ENTRY,
    &trail::ENDPOINT_ENABLED_ENTRY,
    &trail::LAUNCH_OPTIONAL_ENTRY,
    &trail::TEMPLATE_OPTIONAL_ENTRY,
    &trail::TEMPLATE_DEFAULT_ENTRY,
];

#[cfg(test)]
mod tests;
