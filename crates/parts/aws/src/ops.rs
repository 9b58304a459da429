//! The operations, by service: what is sent, and the part of the answer that is kept.

pub mod app_stream;
pub mod autoscaling;
pub mod batch;
pub mod beanstalk;
pub mod cloudwatch;
pub mod defaults;
pub mod ecs;
pub mod eks;
pub mod emr;
pub mod fleets;
pub mod iam;
pub mod image_builder;
pub mod images;
pub mod instances;
pub mod lightsail;
pub mod load_balancing;
pub mod metadata;
pub mod network;
pub mod organizations;
pub mod regions;
pub mod reports;
pub mod sagemaker;
pub mod ssm;
pub mod sts;
pub mod tags;
pub mod templates;

use crate::error::Unreadable;

/// Reads JSON into a record.
fn json<'b, T: serde::Deserialize<'b>>(body: &'b [u8]) -> Result<T, Unreadable> {
    serde_json::from_slice(body).map_err(|error| Unreadable(error.to_string()))
}
