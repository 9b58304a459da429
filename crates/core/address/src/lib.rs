//! What an address really is.
