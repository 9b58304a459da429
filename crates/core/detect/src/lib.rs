//! Finds attempts at a metadata service in one line of text, in any disguise.
//!
//! ```text
//! line ─▶ layer 0: as it is ───────▶ anchors ─▶ host around each ─▶ a service? ─▶ Hit
//!      ─▶ layer 1: escapes taken off ─▶ the same, and each layer in a few other readings (views)
//!      ─▶ layer 2: and again …          until nothing changes
//! ```
//! [`anchor`] tells cheaply whether a line can hold anything at all; who has many lines asks it first. [`Detector`]
//! decides. Hosts and addresses are judged by [`onehop_address`], the engine of every part of Onehop, so that a spelling
//! learnt once is known here.
//!
//! # Failure
//! Nothing fails and nothing panics: any bytes are read. Text beyond [`TEXT_MAX_BYTES`] is not; whoever has more hands it
//! over in pieces.

#![forbid(unsafe_code)]

pub mod anchor;
mod detector;
pub mod doubt;
pub mod escape;
pub mod fold;
mod hit;
mod layers;
mod naming;
mod number;
mod own_path;
mod request;
mod seek;
mod token;
pub mod unfold;
mod views;

pub use detector::{Detector, HITS_MAX, TEXT_MAX_BYTES};
pub use hit::{Hit, Way};
pub use request::{Imds, PathClass, classify as classify_path};
