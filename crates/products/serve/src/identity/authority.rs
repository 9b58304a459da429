//! The key, its self-signed certificate, and what is signed with them.
//!
//! The encodings are the `der`, `x509-cert` and `cms` crates'; this file says what goes in. The certificate is valid from 2020 to
//! 2049 whatever the clock says: it lives as long as the process and only names the key.

use std::fmt;
use std::str::FromStr as _;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use getrandom::SysRng;
use getrandom::rand_core::UnwrapErr;
use rsa::pkcs1v15::SigningKey;
use rsa::signature::{Keypair as _, SignatureEncoding as _, Signer as _};
use rsa::{RsaPrivateKey, RsaPublicKey};
use sha2::Sha256;
use x509_cert::Certificate;
use x509_cert::builder::profile::BuilderProfile;
use x509_cert::builder::{Builder as _, CertificateBuilder};
use x509_cert::certificate::TbsCertificate;
use x509_cert::der::EncodePem as _;
use x509_cert::der::asn1::UtcTime;
use x509_cert::der::pem::LineEnding;
use x509_cert::ext::Extension;
use x509_cert::name::Name;
use x509_cert::serial_number::SerialNumber;
use x509_cert::spki::{SubjectPublicKeyInfo, SubjectPublicKeyInfoRef};
use x509_cert::time::{Time, Validity};

use super::{SignError, Signatures};

mod pkcs7;

const KEY_BITS: usize = 2048;
const BASE64_COLUMNS: usize = 64;
const SUBJECT: &str = "CN=Onehop emulated instance identity,O=Onehop,OU=Not AWS";

/// 2020-01-01T00:00:00Z.
const NOT_BEFORE_UNIX_SECONDS: u64 = 1_577_836_800;
/// 2049-12-31T23:59:59Z, the last second of the short time form.
const NOT_AFTER_UNIX_SECONDS: u64 = 2_524_607_999;

/// A key with its certificate.
pub(super) struct Authority {
    key: SigningKey<Sha256>,
    certificate: Certificate,
    pem: String,
}

impl fmt::Debug for Authority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Authority").finish_non_exhaustive()
    }
}

impl Authority {
    /// Makes a key and a certificate for it.
    pub(super) fn make() -> Result<Authority, SignError> {
        // The generator below panics where the system has no randomness; ask it once here.
        let mut serial = [0u8; 16];
        getrandom::fill(&mut serial).map_err(failed("read system randomness"))?;
        let private =
            RsaPrivateKey::new(&mut UnwrapErr(SysRng), KEY_BITS).map_err(failed("make an RSA key"))?;
        Authority::with_key(SigningKey::new(private), &serial).map_err(failed("make a certificate"))
    }

    fn with_key(key: SigningKey<Sha256>, serial: &[u8]) -> Result<Authority, x509_cert::builder::Error> {
        let time = |seconds| UtcTime::from_unix_duration(Duration::from_secs(seconds)).map(Time::UtcTime);
        let validity = Validity::new(time(NOT_BEFORE_UNIX_SECONDS)?, time(NOT_AFTER_UNIX_SECONDS)?);
        let public: RsaPublicKey = key.verifying_key().into();
        let profile = SelfSigned { subject: Name::from_str(SUBJECT)? };
        let public = SubjectPublicKeyInfo::from_key(&public)?;
        let builder = CertificateBuilder::new(profile, SerialNumber::new(serial)?, validity, public)?;
        let certificate = builder.build(&key)?;
        let pem = certificate.to_pem(LineEnding::LF)?;
        Ok(Authority { key, certificate, pem })
    }

    /// The signatures over `document`.
    pub(super) fn sign(&self, document: &[u8]) -> Result<Signatures, SignError> {
        let raw = self.key.try_sign(document).map_err(failed("sign the document"))?;
        let envelope =
            pkcs7::enclose(document, &self.key, &self.certificate).map_err(failed("enclose the document"))?;
        Ok(Signatures { signature: in_lines(&raw.to_vec()), rsa2048: in_lines(&envelope) })
    }

    /// The certificate.
    pub(super) fn certificate_pem(&self) -> &str {
        &self.pem
    }
}

/// A certificate that names itself as issuer and claims nothing else.
struct SelfSigned {
    subject: Name,
}

impl BuilderProfile for SelfSigned {
    fn get_issuer(&self, subject: &Name) -> Name {
        subject.clone()
    }

    fn get_subject(&self) -> Name {
        self.subject.clone()
    }

    fn build_extensions(
        &self,
        _key: SubjectPublicKeyInfoRef<'_>,
        _issuer_key: SubjectPublicKeyInfoRef<'_>,
        _certificate: &TbsCertificate,
    ) -> x509_cert::builder::Result<Vec<Extension>> {
        Ok(Vec::new())
    }
}

/// Base64 in lines of 64 columns, no line feed at the end.
fn in_lines(bytes: &[u8]) -> Bytes {
    let text = STANDARD.encode(bytes).into_bytes();
    let lines: Vec<&[u8]> = text.chunks(BASE64_COLUMNS).collect();
    Bytes::from(lines.join(&b'\n'))
}

fn failed<E: fmt::Display>(task: &'static str) -> impl Fn(E) -> SignError {
    move |reason| SignError::Crypto { task, reason: reason.to_string() }
}
