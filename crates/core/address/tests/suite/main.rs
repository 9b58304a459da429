//! x
mod folds;
mod reference;
mod tables;
