//! The corpus as its users see it: reproducible, every row of every table in it, labels that count right.

mod corpus;
mod plain;
