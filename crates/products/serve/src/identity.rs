//! The instance identity document and signatures over it that verify.
//!
//! ```text
//! Instance ──document──▶ dynamic/instance-identity/document
//!                              │ exact bytes
//! Signer (RSA-2048 key, self-signed certificate, made on first use)
//!    ├── signature   base64 of RSA PKCS#1 v1.5 with SHA-256 over the document
//!    ├── rsa2048     base64 PKCS#7 `SignedData` with SHA-256, the document inside, no certificate inside
//!    └── pkcs7       the same as `rsa2048`
//! ```
//!
//! EC2 signs `pkcs7` with DSA and SHA-1. Here it is the RSA signature: FIPS 186-5 withdrew DSA, and it would take
//! another set of crates. Clients that parse PKCS#7 see no difference, clients that insist on DSA do. `dsa2048` is
//! absent. EC2 encodes its PKCS#7 with indefinite lengths, this one is DER.
//!
//! A client verifies with [`Signer::certificate_pem`] in place of AWS's regional certificate:
//! `openssl smime -verify -inform PEM -in rsa2048.pem -certfile certificate.pem -noverify`.
//!
//! Needs the cargo feature `identity-signatures`. Without it [`SIGNATURES_AVAILABLE`] is false, the tree has no
//! signature leaves, and a [`Signer`] answers [`SignError::Unavailable`].

#[cfg(feature = "identity-signatures")]
mod authority;
#[cfg(not(feature = "identity-signatures"))]
#[path = "identity/unavailable.rs"]
mod authority;
mod document;
mod signer;

pub use document::document;
pub use signer::{SIGNATURES_AVAILABLE, SignError, Signatures, Signer};
