//! x
#![forbid(unsafe_code)]
#![warn(missing_docs)]

pub mod catalogue;
mod class;
mod decode;
mod judge;
mod lookup;
pub mod names;
mod nat64;
pub mod spelling;
mod tables;

pub use class::Class;
pub use decode::{Form, Step};
pub use judge::{Classifier, Judged, ROUTE_MAX_STEPS, Route, classify};
pub use lookup::{Range, range_of, ranges};
pub use nat64::{Nat64Error, Nat64Prefix};
pub use tables::REGISTRY_DATE;
