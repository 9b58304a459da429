//! The rules, a file each: what it finds, why that matters, code that breaks it, code that looks like it and does not.
//!
//! ```text
//! Entry ─┬─▶ docs/rules/ID.md   a page
//!        └─▶ a test through the whole engine: `found` gives a finding of the rule, `clean` gives none
//! ```
//! Ids are stable.

mod account_optional;
mod code_unread;
mod entry;
mod hop_limit;
mod image_legacy;
mod policy_blocks_fix;
mod provider_drops;
mod script_v1;
mod service_v1;
mod spot_ignored;
mod template_default;
mod template_version;
mod tokens_inherited;
mod tokens_optional;
mod tokens_unresolved;
mod tokens_unset;

use onehop_report::Rule;

pub use account_optional::ACCOUNT_OPTIONAL;
pub use code_unread::CODE_UNREAD;
pub use entry::{Entry, Sample};
pub use hop_limit::HOP_LIMIT;
pub use image_legacy::IMAGE_LEGACY;
pub use policy_blocks_fix::POLICY_BLOCKS_FIX;
pub use provider_drops::PROVIDER_DROPS;
pub use script_v1::SCRIPT_V1;
pub use service_v1::SERVICE_V1;
pub use spot_ignored::SPOT_IGNORED;
pub use template_default::TEMPLATE_DEFAULT;
pub use template_version::TEMPLATE_VERSION;
pub use tokens_inherited::TOKENS_INHERITED;
pub use tokens_optional::TOKENS_OPTIONAL;
pub use tokens_unresolved::TOKENS_UNRESOLVED;
pub use tokens_unset::TOKENS_UNSET;

/// The rules with their samples, in the order of the catalogue.
pub static ENTRIES: &[&Entry] = &[
    &tokens_optional::ENTRY,
    &tokens_inherited::ENTRY,
    &tokens_unset::ENTRY,
    &tokens_unresolved::ENTRY,
    &provider_drops::ENTRY,
    &spot_ignored::ENTRY,
    &template_version::ENTRY,
    &template_default::ENTRY,
    &account_optional::ENTRY,
    &image_legacy::ENTRY,
    &service_v1::ENTRY,
    &hop_limit::ENTRY,
    &script_v1::ENTRY,
    &policy_blocks_fix::ENTRY,
    &code_unread::ENTRY,
];

/// Every rule, in the order of the catalogue.
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    ENTRIES.iter().map(|entry| entry.rule)
}
