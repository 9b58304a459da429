//! CloudFormation templates as resources.
//!
//! ```text
//! template: Value ─▶ parameters, mappings, conditions ─▶ evaluation of each resource ─▶ Resource { body: Properties }
//!                        ▲ given values                      │ AWS::CloudFormation::Stack with a local file
//!                        ╰────────── parameters ◀────────────╯ nested template, `Stack/Logical`
//! ```
//! Functions are read in their JSON form (`{"Fn::Sub": …}`) and as tags (`{"!Sub": …}`, see `onehop-document`). Three
//! things can come out: a value, a [`Reference`](onehop_code::Reference) to a resource of the template, or an
//! [`Unknown`](onehop_code::Unknown). A condition that cannot be known makes a value unknown only if its branches differ.
//!
//! - The body of a resource is its `Properties`, evaluated; `AWS::NoValue` is left out.
//! - `Fn::Base64` gives the text itself. In `UserData`, what cannot be known stays as `${…}` in the text, so that a script
//!   can still be read.
//! - A value of a parameter or mapping is at the place of its use and has its origin where it is written.
//!
//! # Failure
//! Total and bounded: cycles, depth and size end in an `Unknown` and, where resources are lost, in a
//! [`Trouble`](onehop_code::Trouble).

#![forbid(unsafe_code)]

mod branches;
mod conditions;
mod functions;
mod lookup;
mod loops;
mod parameters;
mod paths;
mod read;
mod recognise;
mod settings;
mod stack;
mod text;

pub use read::{Outcome, read};
pub use recognise::{Flavour, given_parameters, recognise};
pub use settings::{NoFiles, Settings, Templates};
