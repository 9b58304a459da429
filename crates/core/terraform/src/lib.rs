//! Terraform code, plans and states as resources, with the values that really apply.
//!
//! ```text
//! Files ─▶ parse ─▶ Code ─▶ evaluate(root) ─▶ Loaded { resources, troubles }
//!           │        │          │ variables, locals, modules, count, for_each, dynamic, functions
//!           │        │          ▼ only what is wanted, and what that needs
//!           │        └ all directories, read once     Value: known, a Reference, or Unknown with its reason
//!           └ top-level blocks; a block is parsed when it is first needed
//! ```
//! ```
//! use onehop_terraform::{Given, MemoryFiles, load};
//! let files = MemoryFiles::of(&[("main.tf", r#"
//!     variable "tokens" { default = "required" }
//!     resource "aws_instance" "web" {
//!       metadata_options { http_tokens = var.tokens }
//!     }
//! "#)]);
//! let mut sources = onehop_code::Sources::default();
//! let loaded = load(".", &files, &Given::default(), &|kind| kind == "aws_instance", &mut sources);
//! let tokens = loaded.resources[0].body.path(&["metadata_options", "0", "http_tokens"]);
//! assert_eq!(tokens.and_then(|value| value.as_str()), Some("required"));
//! ```
//!
//! A value's span is the expression of the attribute; its origin is where the literal stands that it comes from.
//! Nothing here does I/O: directories and files come through [`Files`].
//!
//! # Failure
//! Total. A block that cannot be parsed is a trouble with its place, and the others go on; a resource in it is put out with
//! an unknown body. A module that is not on disk is a trouble, and its outputs are unknown. Depth, work, instances and sizes are
//! bounded: a tree that costs more is told and left unknown.

#![forbid(unsafe_code)]

mod code;
mod convert;
mod decl;
mod eval;
mod file;
mod files;
mod functions;
mod json;
mod packer;
mod scan;
mod shown;
mod syntax;
mod types;
mod value;
mod world;

pub use code::Code;
pub use file::{File, is_packer, is_terraform, parse};
pub use files::{Entry, Files, MemoryFiles};
pub use packer::read_packer_json;
pub use shown::{read_plan, read_state};

use onehop_code::{Resource, Sources, Trouble};

/// What is given from outside.
#[derive(Clone, Debug, Default)]
pub struct Given {
    /// Files of values by path, the last one wins.
    pub var_files: Vec<String>,
    /// Values by name of the variable, as they are written on a command line.
    pub vars: Vec<(String, String)>,
    /// The workspace, if one is chosen.
    pub workspace: Option<String>,
}

/// What was found.
#[derive(Clone, Debug, Default)]
pub struct Loaded {
    /// Resources in the order in which they are declared, those of modules behind them.
    pub resources: Vec<Resource>,
    /// What kept something from being read.
    pub troubles: Vec<Trouble>,
}

/// Reads a root directory with its modules and evaluates it. For many roots, see [`Code`].
pub fn load(
    root: &str,
    files: &dyn Files,
    given: &Given,
    wanted: &dyn Fn(&str) -> bool,
    sources: &mut Sources,
) -> Loaded {
    let mut code = Code::default();
    code.read_values(given, files, sources);
    code.read(root, files, sources);
    code.evaluate(root, files, sources, given, wanted)
}
