//! Counts what a detector found.
//!
//! ```text
//! labels ─▶ Truth ─┐
//!                  ├─ score ─▶ Score: recall by group, false alarms by kind, misses ─▶ text or JSON
//! line numbers ────┘
//! ```
//! Pure counting: who runs the detector and how long it took is the caller's to say ([`Speed`]). A line that is
//! reported twice counts once; a number that is no line of the corpus is counted apart.
//!
//! Reading a label line fails with the reason; nothing else does.

mod render;
mod score;
mod truth;
mod wilson;

pub use render::{Contender, Speed, render_json, render_text};
pub use score::{Alarms, Group, MISSES_MAX, Miss, PerMillion, Rate, Scope, Score};
pub use truth::{LabelError, NAMES_MAX, Truth};
pub use wilson::{Interval, Z_95, wilson};
