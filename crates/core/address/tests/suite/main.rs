//! Tables against the registries, readings against tables of cases, and properties.

mod borders;
mod catalogue;
mod embeddings;
mod folds;
mod names;
mod properties;
mod reference;
mod spellings;
mod tables;
