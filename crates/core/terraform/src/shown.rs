//! What Terraform itself says: plans (`terraform show -json`) and states.
//!
//! Both are read as a stream of raw pieces, so that memory is that of the text and of what is wanted, and each value knows
//! where it stands.
//!
//! # Failure
//! A text that is no JSON, or no plan or state, is a trouble. A single resource that has another shape is passed over.

mod config;
mod plan;
mod raw;
mod state;

pub use plan::read_plan;
pub use state::read_state;

use onehop_code::{Trouble, TroubleKind};

/// A trouble of a whole text.
fn broken(path: &str, error: &serde_json::Error) -> Trouble {
    let message = format!("no plan or state as JSON: {error}");
    Trouble { kind: TroubleKind::Syntax, message, span: None, path: path.to_owned() }
}

/// The region in an ARN.
fn region_of(arn: &str) -> Option<String> {
    let region = arn.split(':').nth(3)?;
    (arn.starts_with("arn:") && !region.is_empty()).then(|| region.to_owned())
}
