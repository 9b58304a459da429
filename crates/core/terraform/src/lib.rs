//! Terraform code as resources (being built).
#![forbid(unsafe_code)]
#![allow(dead_code, missing_docs)]
mod files; mod scan; mod syntax; mod convert; mod file; mod json;
