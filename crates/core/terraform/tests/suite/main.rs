//! Terraform code in, resources out.

mod support;

mod expressions;
mod functions;
mod resources;
