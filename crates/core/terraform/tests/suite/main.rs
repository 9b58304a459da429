//! Terraform code in, resources out.

mod support;

mod cases;
mod expressions;
mod functions;
mod hostile;
mod modules;
mod other_texts;
mod resources;
mod values;
