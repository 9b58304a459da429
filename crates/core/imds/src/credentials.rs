//! The documents below `iam/` and `identity-credentials/`.
//!
//! Layout as recorded: two-space indent, `"Key" : "value"`, no line feed at the end. A failure to get credentials
//! is a document of its own whose `Code` is not `Success`; it is never an old document that still says `Success`.

use crate::time::UnixSeconds;
use onehop_verdict::Secret;

/// Credentials of a role.
#[derive(Clone, Debug)]
pub struct Credentials {
    /// When this set was issued.
    pub last_updated: UnixSeconds,
    /// The access key id, e.g. `ASIA…`.
    pub access_key_id: String,
    /// The secret access key.
    pub secret_access_key: Secret<String>,
    /// The session token.
    pub session_token: Secret<String>,
    /// When this set stops to work.
    pub expiration: UnixSeconds,
}

/// Why there are no credentials although a role is attached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// E.g. `AssumeRoleUnauthorizedAccess`.
    pub code: String,
    /// Words for people.
    pub message: String,
    /// When it was found.
    pub last_updated: UnixSeconds,
}

impl Credentials {
    /// The document as the service writes it.
    pub fn document(&self) -> String {
        render(&[
            ("Code", "Success"),
            ("LastUpdated", &self.last_updated.to_string()),
            ("Type", "AWS-HMAC"),
            ("AccessKeyId", &self.access_key_id),
            ("SecretAccessKey", self.secret_access_key.expose()),
            ("Token", self.session_token.expose()),
            ("Expiration", &self.expiration.to_string()),
        ])
    }
}

impl Failure {
    /// The document as the service writes it: status 200, `Code` not `Success`.
    pub fn document(&self) -> String {
        render(&[
            ("Code", &self.code),
            ("Message", &self.message),
            ("LastUpdated", &self.last_updated.to_string()),
        ])
    }
}

/// The document `iam/info`.
pub fn iam_info(last_updated: UnixSeconds, profile_arn: &str, profile_id: &str) -> String {
    render(&[
        ("Code", "Success"),
        ("LastUpdated", &last_updated.to_string()),
        ("InstanceProfileArn", profile_arn),
        ("InstanceProfileId", profile_id),
    ])
}

/// The document `identity-credentials/ec2/info`.
pub fn identity_credentials_info(last_updated: UnixSeconds, account_id: &str) -> String {
    render(&[("Code", "Success"), ("LastUpdated", &last_updated.to_string()), ("AccountId", account_id)])
}

fn render(fields: &[(&str, &str)]) -> String {
    let mut text =
        String::with_capacity(64 + fields.iter().map(|(k, v)| k.len() + v.len() + 12).sum::<usize>());
    text.push_str("{\n");
    for (position, (key, value)) in fields.iter().enumerate() {
        text.push_str("  \"");
        text.push_str(key);
        text.push_str("\" : \"");
        push_escaped(&mut text, value);
        text.push_str(if position + 1 < fields.len() { "\",\n" } else { "\"\n" });
    }
    text.push('}');
    text
}

/// Escapes as RFC 8259 §7 asks.
fn push_escaped(text: &mut String, value: &str) {
    use std::fmt::Write as _;
    for c in value.chars() {
        match c {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            c if u32::from(c) < 0x20 => {
                // Writing to a String cannot fail.
                let _ = write!(text, "\\u{:04x}", u32::from(c));
            }
            c => text.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Credentials, Failure, render};
    use crate::time::UnixSeconds;
    use onehop_verdict::Secret;

    #[test]
    fn credentials_have_the_recorded_layout() {
        let credentials = Credentials {
            last_updated: UnixSeconds::new(1_632_174_146),
            access_key_id: "ASIARTEST".into(),
            secret_access_key: Secret::new("testsecret".into()),
            session_token: Secret::new("testtoken".into()),
            expiration: UnixSeconds::new(1_632_197_813),
        };
        let want = "{\n  \"Code\" : \"Success\",\n  \"LastUpdated\" : \"2021-09-20T21:42:26Z\",\n  \"Type\" : \"AWS-HMAC\",\n  \"AccessKeyId\" : \"ASIARTEST\",\n  \"SecretAccessKey\" : \"testsecret\",\n  \"Token\" : \"testtoken\",\n  \"Expiration\" : \"2021-09-21T04:16:53Z\"\n}";
        assert_eq!(credentials.document(), want);
        assert!(!format!("{credentials:?}").contains("testsecret"));
    }

    #[test]
    fn a_failure_never_says_success() {
        let failure = Failure {
            code: "AssumeRoleUnauthorizedAccess".into(),
            message: "EC2 cannot assume the role \"x\"".into(),
            last_updated: UnixSeconds::new(0),
        };
        let document = failure.document();
        assert!(document.contains("\"Code\" : \"AssumeRoleUnauthorizedAccess\""));
        assert!(document.contains(r#"role \"x\""#));
        assert!(!document.contains("Success"));
    }

    #[test]
    fn values_are_escaped() {
        assert_eq!(render(&[("k", "a\"b\\c\n\u{1}")]), "{\n  \"k\" : \"a\\\"b\\\\c\\u000a\\u0001\"\n}");
    }
}
