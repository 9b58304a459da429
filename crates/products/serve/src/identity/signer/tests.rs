//! Signatures verify with the `openssl` command, which is other people's code. Without the command only the forms are
//! checked, and the test says so.

use std::path::PathBuf;
use std::process::{Command, Output};
use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;

use super::Signer;
use crate::identity::document;
use crate::tree::Instance;

/// One key for all tests: making it is the slow part.
static SIGNER: LazyLock<Signer> = LazyLock::new(Signer::new);

/// A folder of its own that goes away with the test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let path = std::env::temp_dir().join(format!("onehop-identity-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&path).expect("a folder");
        Folder(path)
    }

    fn write(&self, name: &str, body: impl AsRef<[u8]>) {
        std::fs::write(self.0.join(name), body).expect("a file");
    }

    /// Runs `openssl` here; `None` if the machine has none.
    fn openssl(&self, arguments: &str) -> Option<Output> {
        let run = Command::new("openssl").args(arguments.split(' ')).current_dir(&self.0).output();
        match run {
            Ok(output) => Some(output),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                assert!(std::env::var_os("CI").is_none(), "CI has `openssl`");
                println!("SKIPPED: verification with `openssl`: the command is absent");
                None
            }
            Err(error) => panic!("openssl {arguments}: {error}"),
        }
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).ok();
    }
}

fn default_document() -> Bytes {
    Bytes::from(document(&Instance::default()))
}

#[test]
fn leaves_are_base64_in_lines_of_64_columns() {
    let signatures = SIGNER.sign(&default_document()).expect("signed");
    for body in [&signatures.signature, &signatures.rsa2048] {
        let text = std::str::from_utf8(body).expect("ASCII");
        let (last, lines) =
            text.lines().collect::<Vec<_>>().split_last().map(|(l, r)| (*l, r.to_vec())).expect("lines");
        assert!(lines.iter().all(|line| line.len() == 64), "{text}");
        assert!((1..=64).contains(&last.len()) && !text.ends_with('\n'), "{text}");
        assert!(!text.contains("-----"), "{text}");
    }
}

#[test]
fn signatures_follow_the_document_and_the_key_stays() {
    let first = SIGNER.sign(&default_document()).expect("signed");
    let certificate = SIGNER.certificate_pem().expect("a certificate");
    let other = SIGNER.sign(&Bytes::from_static(b"other")).expect("signed");
    assert_ne!(first, other);
    assert_eq!(SIGNER.sign(&default_document()).expect("signed"), first);
    assert_eq!(SIGNER.certificate_pem().expect("a certificate"), certificate);
}

#[test]
fn openssl_verifies_the_raw_signature_and_refuses_another_document() {
    let folder = Folder::new("raw");
    let document = default_document();
    folder.write("certificate.pem", SIGNER.certificate_pem().expect("a certificate"));
    let body = SIGNER.sign(&document).expect("signed").signature;
    let mut body = body.to_vec();
    // `openssl base64` wants the last line ended.
    body.push(b'\n');
    folder.write("signature.b64", &body);
    folder.write("document", &document);
    folder.write("forged", String::from_utf8_lossy(&document).replace("t3.micro", "t3.large"));

    let Some(output) = folder.openssl("base64 -d -in signature.b64 -out signature") else {
        return;
    };
    assert!(output.status.success(), "{output:?}");
    let output =
        folder.openssl("x509 -in certificate.pem -pubkey -noout -out key.pem").expect("it was there");
    assert!(output.status.success(), "{output:?}");
    let verify = "dgst -sha256 -verify key.pem -signature signature";
    for (file, verifies) in [("document", true), ("forged", false)] {
        let output = folder.openssl(&format!("{verify} {file}")).expect("it was there");
        assert_eq!(output.status.success(), verifies, "{file}: {output:?}");
    }
}

#[test]
fn openssl_verifies_the_enclosed_document() {
    let folder = Folder::new("pkcs7");
    let document = default_document();
    let rsa2048 = SIGNER.sign(&document).expect("signed").rsa2048;
    let rsa2048 = std::str::from_utf8(&rsa2048).expect("ASCII");
    folder.write("certificate.pem", SIGNER.certificate_pem().expect("a certificate"));
    folder.write("rsa2048.pem", banners(rsa2048));

    // The command of the EC2 User Guide, and the strict one that also checks the certificate.
    let inform = "-verify -binary -in rsa2048.pem -inform PEM -certfile certificate.pem";
    for arguments in [
        format!("smime {inform} -noverify"),
        format!("cms {inform} -noverify"),
        format!("smime {inform} -CAfile certificate.pem"),
    ] {
        let Some(output) = folder.openssl(&arguments) else {
            return;
        };
        assert!(output.status.success(), "{arguments}: {}", String::from_utf8_lossy(&output.stderr));
        assert_eq!(output.stdout, document, "{arguments}");
    }

    folder.write("rsa2048.pem", banners(&forge(rsa2048)));
    let output = folder.openssl(&format!("smime {inform} -noverify")).expect("it was there");
    assert!(!output.status.success(), "a forged document verified: {output:?}");
}

/// Changes one letter of the enclosed document.
fn forge(rsa2048: &str) -> String {
    let packed: String = rsa2048.split_whitespace().collect();
    let mut der = STANDARD.decode(packed).expect("base64");
    let at = der.windows(8).position(|window| window == b"t3.micro").expect("the document is inside");
    der[at + 4] = b'a';
    let text = STANDARD.encode(der).into_bytes();
    let lines: Vec<&[u8]> = text.chunks(64).collect();
    String::from_utf8(lines.join(&b'\n')).expect("ASCII")
}

fn banners(base64: &str) -> String {
    format!("-----BEGIN PKCS7-----\n{base64}\n-----END PKCS7-----\n")
}
