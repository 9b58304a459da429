//! Findings, rendered for people and for programs.
//!
//! ```text
//! scan, audit ─▶ Finding ─▶ Reporter: suppressions, baseline, severities, counts ─▶ Renderer ─▶ text │ json │ sarif │ …
//!                  │ every word of a stranger is an Excerpt: bounded, visible, without credentials
//! ```
//!
//! # Parts
//! [`Finding`] is something wrong with a [`Place`]. [`Rule`] is the catalogue entry behind it. [`Reporter`] is what a
//! product drives; [`Format`] makes its [`Renderer`]. [`Suppressions`] and [`Baseline`] say which findings are known.
//!
//! # Memory
//! Text, JSON, SARIF, OCSF, ECS, CSV and Prometheus are written as findings arrive and keep nothing of them (SARIF
//! counts fingerprints of the results it wrote, which are bounded). HTML, Markdown and `JUnit` keep the gravest, as many
//! as [`Style::kept`] says, and tell how many were left out.
//!
//! # Failure
//! Rendering fails only with the writer's error. Files of suppressions and baselines that cannot be read are refused
//! whole: half a list of exceptions is not what anybody asked for.

#![forbid(unsafe_code)]

mod baseline;
mod clock;
mod excerpt;
pub mod facts;
mod finding;
mod fingerprint;
mod place;
pub mod render;
mod reporter;
mod rule;
mod run;
mod severity;
mod suppress;

pub use baseline::{Baseline, BaselineError, Recorder};
pub use excerpt::{EXCERPT_MAX_BYTES, Excerpt};
pub use facts::Facts;
pub use finding::{Edit, Finding, Fix, Layer, Step, Suppression};
pub use fingerprint::Fingerprint;
pub use place::{Place, Region, Resource};
pub use render::{Format, Renderer, Style, UnknownFormat};
pub use reporter::{End, Gate, Reporter};
pub use rule::Rule;
pub use run::{Counts, Notice, NoticeCode, Run, Summary};
pub use severity::{Level, Severity, UnknownSeverity};
pub use suppress::{SuppressError, Suppressions};
