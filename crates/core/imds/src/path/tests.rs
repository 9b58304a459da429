use super::{MetadataPath, PATH_MAX_BYTES, PathClass, PathError};
use crate::version::Version;
use proptest::prelude::*;
use std::borrow::Cow;

#[test]
fn every_spelling_of_one_path_has_one_canonical_form() {
    let want = "/latest/meta-data/iam/info";
    for spelling in [
        "/latest/meta-data/iam/info",
        "/latest/meta-data/iam/info/",
        "//latest/meta-data//iam/info",
        "/latest/./meta-data/iam/info/.",
        "/latest/user-data/../meta-data/iam/info",
        "/../latest/meta-data/iam/x/../info",
        "/latest/%6d%65ta-data/iam/info",
        "/latest/meta-data%2Fiam%2finfo",
        "/latest/meta-data/%2e/iam/%2E%2e/iam/info",
    ] {
        let path = MetadataPath::parse(spelling).expect(spelling);
        assert_eq!(path.as_str(), want, "{spelling}");
        assert_eq!(path.version(), Some(Version::LATEST));
        assert_eq!(path.below_version(), "meta-data/iam/info");
        assert_eq!(path.class(), PathClass::IamInfo);
    }
}

#[test]
fn an_ordinary_path_is_not_copied() {
    for spelling in ["/", "/latest/meta-data/instance-id", "/latest/meta-data/"] {
        let path = MetadataPath::parse(spelling).expect(spelling);
        assert!(matches!(path.text, Cow::Borrowed(_)), "{spelling}");
    }
}

#[test]
fn what_has_no_canonical_form_is_refused() {
    let long = format!("/{}", "a".repeat(super::PATH_MAX_BYTES));
    for (input, want) in [
        ("", PathError::NotAbsolute),
        ("latest", PathError::NotAbsolute),
        ("*", PathError::NotAbsolute),
        ("/latest/%", PathError::BadEscape),
        ("/latest/%4", PathError::BadEscape),
        ("/latest/%zz", PathError::BadEscape),
        ("/latest/%u0061", PathError::BadEscape),
        ("/latest/%ff", PathError::NotUtf8),
        ("/latest/%c0%af", PathError::NotUtf8),
        ("/latest/%00", PathError::Control),
        ("/latest/%2561", PathError::EncodedTwice),
        ("/latest/meta-data/%252e%252e/x", PathError::EncodedTwice),
        ("/latest/a%0d%0aHost:%20x", PathError::Control),
        ("/latest/\u{85}", PathError::Control),
        ("/latest\\meta-data", PathError::Backslash),
        ("/latest%5cmeta-data", PathError::Backslash),
        (long.as_str(), PathError::TooLong),
    ] {
        assert_eq!(MetadataPath::parse(input), Err(want), "{input:.40}");
    }
}

#[test]
fn classes_cover_every_spelling_of_a_sensitive_path() {
    for (path, want) in [
        ("/", PathClass::Listing),
        ("/latest", PathClass::Listing),
        ("/latest/meta-data/", PathClass::Listing),
        ("/latest/dynamic", PathClass::Listing),
        ("/latest/api/token", PathClass::Token),
        ("/2021-03-23/api/token", PathClass::Token),
        ("/latest/meta-data/iam/security-credentials", PathClass::RoleCredentials),
        ("/latest/meta-data/iam/security-credentials/", PathClass::RoleCredentials),
        ("/1.0/meta-data/iam/security-credentials/role", PathClass::RoleCredentials),
        ("/2099-01-01/meta-data/iam/security-credentials/role", PathClass::RoleCredentials),
        ("/meta-data/iam/security-credentials/role", PathClass::RoleCredentials),
        ("/Meta-Data/iam/security-credentials", PathClass::RoleCredentials),
        ("/user-data", PathClass::UserData),
        ("/latest/meta-data/IAM/Security-Credentials/role", PathClass::RoleCredentials),
        ("/latest/meta-data/iam/security-credentials-extended/role", PathClass::RoleCredentials),
        ("/latest/meta-data/iam%2Fsecurity-credentials%2Frole", PathClass::RoleCredentials),
        (
            "/latest/meta-data/identity-credentials/ec2/security-credentials/ec2-instance",
            PathClass::IdentityCredentials,
        ),
        ("/latest/meta-data/iam/info", PathClass::IamInfo),
        ("/latest/user-data/", PathClass::UserData),
        ("/latest/User-Data", PathClass::UserData),
        ("/latest/dynamic/instance-identity/document", PathClass::InstanceIdentity),
        ("/latest/meta-data/placement/region", PathClass::Metadata),
        ("/latest/meta-data/iam", PathClass::Metadata),
        ("/latest/dynamic/fws/instance-monitoring", PathClass::Dynamic),
        ("/latest/user-database", PathClass::Other),
        ("/computeMetadata/v1/", PathClass::Other),
    ] {
        assert_eq!(MetadataPath::parse(path).expect(path).class(), want, "{path}");
    }
}

#[test]
fn the_target_keeps_the_slash_at_the_end_and_encodes_what_was_decoded() {
    for (input, target) in [
        ("/", "/"),
        ("/latest/meta-data/", "/latest/meta-data/"),
        ("/latest/meta-data/tags/instance/a%20b", "/latest/meta-data/tags/instance/a%20b"),
        ("/latest/x%3fy%23z", "/latest/x%3Fy%23z"),
        (
            "/latest/meta-data/network/interfaces/macs/02:00:5e:00:53:01/mac",
            "/latest/meta-data/network/interfaces/macs/02:00:5e:00:53:01/mac",
        ),
        ("/latest/../../", "/"),
    ] {
        assert_eq!(MetadataPath::parse(input).expect(input).target(), target, "{input}");
    }
}

#[test]
fn a_path_that_would_be_rendered_too_long_is_refused() {
    // Each `!` is rendered as `%21`: `/` and three bytes for each of the others.
    let fits = (PATH_MAX_BYTES - 1) / 3;
    for (count, end, want) in [
        (fits, "", None),
        (fits, "/", None),
        (fits, "a", None),
        (fits, "a/", Some(PathError::TooLong)),
        (fits + 1, "", Some(PathError::TooLong)),
    ] {
        let path = format!("/{}{end}", "!".repeat(count));
        let parsed = MetadataPath::parse(&path);
        assert_eq!(parsed.as_ref().err(), want.as_ref(), "{count} and `{end}`");
        if let Ok(parsed) = parsed {
            assert_eq!(MetadataPath::parse(&parsed.target()), Ok(parsed.clone()));
        }
    }
}

proptest! {
    #[test]
    fn canonical_form_is_a_fixed_point(input in "/([a-z0-9./%\\-]|%2[eEfF5]|%6[0-9a-f]|é){0,40}") {
        if let Ok(path) = MetadataPath::parse(&input) {
            let target = path.target();
            let again = MetadataPath::parse(&target).expect("a rendered path parses");
            prop_assert_eq!(again.as_str(), path.as_str());
            prop_assert_eq!(again.class(), path.class());
            prop_assert_eq!(again.target(), target.as_str());
        }
    }

    #[test]
    fn no_canonical_path_has_an_empty_or_dot_segment(input in "\\PC{0,60}") {
        if let Ok(path) = MetadataPath::parse(&format!("/{input}")) {
            prop_assert!(path.is_root() || path.as_str()[1..].split('/').all(|s| !matches!(s, "" | "." | "..")));
        }
    }
}
