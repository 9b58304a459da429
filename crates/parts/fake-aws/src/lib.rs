//! A pretended AWS account.
