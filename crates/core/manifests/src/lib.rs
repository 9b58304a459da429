//! Resources in YAML and JSON documents of many tools.

#![forbid(unsafe_code)]
