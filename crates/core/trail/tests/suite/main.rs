//! The rules over made-up records (accounts 111122223333 and 444455556666 are for documentation; ids and keys are made
//! up), over any bytes, and over published records of simulated incidents.

#![expect(clippy::needless_pass_by_value, clippy::too_many_lines, reason = "tables of cases read better so")]

mod any_bytes;
mod dataset;
mod downgrade;
mod elsewhere;
mod memory;
mod record;
