//! PKCS#7 (CMS `SignedData`, RFC 5652) around a document.
//!
//! As EC2 does: the document is inside, the certificate is not, the signer is named by issuer and serial number, and
//! the signature covers the signed attributes (content type, message digest). EC2 adds the signing time; a document
//! that is signed on request has none worth stating.

use cms::cert::IssuerAndSerialNumber;
use cms::content_info::{CmsVersion, ContentInfo};
use cms::signed_data::{
    EncapsulatedContentInfo, SignedAttributes, SignedData, SignerIdentifier, SignerInfo, SignerInfos,
};
use rsa::pkcs1v15::SigningKey;
use rsa::signature::{SignatureEncoding as _, Signer as _};
use sha2::{Digest as _, Sha256};
use x509_cert::Certificate;
use x509_cert::attr::Attribute;
use x509_cert::der::asn1::{Null, ObjectIdentifier, OctetString, SetOfVec};
use x509_cert::der::{Any, Encode as _, Tag};
use x509_cert::spki::AlgorithmIdentifierOwned;

const ID_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.1");
const ID_SIGNED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.2");
const ID_CONTENT_TYPE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.3");
const ID_MESSAGE_DIGEST: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.4");
const ID_SHA_256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1");
const ID_RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");

/// Why a document could not be enclosed.
#[derive(Debug, thiserror::Error)]
pub(super) enum Error {
    #[error(transparent)]
    Encoding(#[from] x509_cert::der::Error),
    #[error(transparent)]
    Signing(#[from] rsa::signature::Error),
}

/// The DER of the document with its signature.
pub(super) fn enclose(
    document: &[u8],
    key: &SigningKey<Sha256>,
    certificate: &Certificate,
) -> Result<Vec<u8>, Error> {
    let attributes = attributes(document)?;
    let signature = key.try_sign(&attributes.to_der()?)?;
    let certificate = certificate.tbs_certificate();
    let signer = SignerInfo {
        version: CmsVersion::V1,
        sid: SignerIdentifier::IssuerAndSerialNumber(IssuerAndSerialNumber {
            issuer: certificate.issuer().clone(),
            serial_number: certificate.serial_number().clone(),
        }),
        digest_alg: algorithm(ID_SHA_256),
        signed_attrs: Some(attributes),
        signature_algorithm: algorithm(ID_RSA),
        signature: OctetString::new(signature.to_vec())?,
        unsigned_attrs: None,
    };
    let enclosed = SignedData {
        version: CmsVersion::V1,
        digest_algorithms: SetOfVec::try_from(vec![algorithm(ID_SHA_256)])?,
        encap_content_info: EncapsulatedContentInfo {
            econtent_type: ID_DATA,
            econtent: Some(Any::new(Tag::OctetString, document)?),
        },
        certificates: None,
        crls: None,
        signer_infos: SignerInfos(SetOfVec::try_from(vec![signer])?),
    };
    Ok(ContentInfo { content_type: ID_SIGNED_DATA, content: Any::encode_from(&enclosed)? }.to_der()?)
}

/// Content type and message digest. Their DER as a set is what is signed (RFC 5652 §5.4).
fn attributes(document: &[u8]) -> Result<SignedAttributes, x509_cert::der::Error> {
    let digest = Sha256::digest(document);
    SetOfVec::try_from(vec![
        attribute(ID_CONTENT_TYPE, Any::from(ID_DATA))?,
        attribute(ID_MESSAGE_DIGEST, Any::new(Tag::OctetString, digest.as_slice())?)?,
    ])
}

fn attribute(oid: ObjectIdentifier, value: Any) -> Result<Attribute, x509_cert::der::Error> {
    Ok(Attribute { oid, values: SetOfVec::try_from(vec![value])? })
}

fn algorithm(oid: ObjectIdentifier) -> AlgorithmIdentifierOwned {
    AlgorithmIdentifierOwned { oid, parameters: Some(Any::from(Null)) }
}
