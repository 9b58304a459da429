//! The `onehop` command.
fn main() {}
