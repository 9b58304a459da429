//! Signature version 4, looked at from the other side and written without the crate that the client signs with.
//!
//! The header must have the shape of one; whether the signature is right is computed only when the scenario says so.

use crate::answer::{Done, Fault};
use hmac::{Hmac, KeyInit as _, Mac as _};
use http::HeaderMap;
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;

/// What an `Authorization` header says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Authorization {
    pub(crate) access_key_id: String,
    pub(crate) date: String,
    pub(crate) region: String,
    pub(crate) service: String,
    pub(crate) signed_headers: Vec<String>,
    pub(crate) signature: String,
}

impl Authorization {
    pub(crate) fn read(headers: &HeaderMap) -> Done<Authorization> {
        let missing = || Fault::new(403, "MissingAuthenticationToken", "the request is not signed");
        let bad =
            || Fault::new(403, "IncompleteSignature", "the Authorization header has not the shape of SigV4");
        let text = headers.get("authorization").and_then(|value| value.to_str().ok()).ok_or_else(missing)?;
        let fields = text.strip_prefix("AWS4-HMAC-SHA256 ").ok_or_else(bad)?;
        let field = |name: &str| {
            fields
                .split(',')
                .find_map(|field| field.trim().strip_prefix(name)?.strip_prefix('='))
                .ok_or_else(bad)
        };
        let scope: Vec<&str> = field("Credential")?.split('/').collect();
        let [access_key_id, date, region, service, "aws4_request"] = scope.as_slice() else {
            return Err(bad());
        };
        let signature = field("Signature")?;
        let signed_headers: Vec<String> = field("SignedHeaders")?.split(';').map(str::to_owned).collect();
        let is_hex = signature.len() == 64 && signature.bytes().all(|byte| byte.is_ascii_hexdigit());
        if !is_hex || !signed_headers.iter().any(|name| name == "host") || !headers.contains_key("x-amz-date")
        {
            return Err(bad());
        }
        Ok(Authorization {
            access_key_id: (*access_key_id).to_owned(),
            date: (*date).to_owned(),
            region: (*region).to_owned(),
            service: (*service).to_owned(),
            signed_headers,
            signature: signature.to_owned(),
        })
    }

    /// Computes the signature and compares.
    pub(crate) fn check(
        &self,
        secret: &str,
        method: &str,
        uri: &http::Uri,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Done<()> {
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let mut canonical = format!("{method}\n{}\n{}\n", canonical_path(uri.path()), canonical_query(uri));
        for name in &self.signed_headers {
            let value = text(name).split_whitespace().collect::<Vec<_>>().join(" ");
            let _ = writeln!(canonical, "{name}:{value}");
        }
        let _ = write!(canonical, "\n{}\n{}", self.signed_headers.join(";"), hex(&Sha256::digest(body)));
        let scope = format!("{}/{}/{}/aws4_request", self.date, self.region, self.service);
        let digest = hex(&Sha256::digest(canonical.as_bytes()));
        let to_sign = format!("AWS4-HMAC-SHA256\n{}\n{scope}\n{digest}", text("x-amz-date"));
        let key = [self.date.as_str(), &self.region, &self.service, "aws4_request"]
            .iter()
            .fold(format!("AWS4{secret}").into_bytes(), |key, part| mac(&key, part.as_bytes()));
        if hex(&mac(&key, to_sign.as_bytes())) == self.signature {
            Ok(())
        } else {
            Err(Fault::new(403, "SignatureDoesNotMatch", "the signature is not that of the request"))
        }
    }
}

fn mac(key: &[u8], text: &[u8]) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of any length");
    mac.update(text);
    mac.finalize().into_bytes().to_vec()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Every service but S3 encodes the path once more.
fn canonical_path(path: &str) -> String {
    use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
    const KEPT: &AsciiSet =
        &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');
    utf8_percent_encode(path, KEPT).to_string()
}

fn canonical_query(uri: &http::Uri) -> String {
    let mut pairs: Vec<&str> =
        uri.query().unwrap_or_default().split('&').filter(|pair| !pair.is_empty()).collect();
    pairs.sort_unstable();
    pairs.join("&")
}
