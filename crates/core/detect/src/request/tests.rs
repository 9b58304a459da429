use super::*;

#[test]
fn a_path_has_a_class() {
    for (path, want) in [
        ("/latest/meta-data/iam/security-credentials/role", PathClass::Credentials),
        (":80/latest/META-DATA/", PathClass::Listing),
        ("\\latest\\user-data", PathClass::UserData),
        ("/latest/api/token", PathClass::Token),
        ("/latest/dynamic/instance-identity/document", PathClass::Identity),
        ("/computeMetadata/v1/instance/service-accounts/default/token", PathClass::Credentials),
        ("-2Flatest-2Fuser-data", PathClass::UserData),
        ("\\LATEST\\API\\TOKEN", PathClass::Token),
        ("/", PathClass::Root),
        ("", PathClass::Root),
        (":8080", PathClass::Root),
        ("/favicon.ico", PathClass::Other),
    ] {
        assert_eq!(classify(path.as_bytes()), want, "{path}");
    }
    assert_eq!(classify(b"/user\xF9-data"), PathClass::UserData);
    assert_eq!(path_end(b"x/latest/user-data\" 200", 1), 18);
}

#[test]
fn a_put_or_a_token_header_is_version_two() {
    for (text, want) in [
        ("gopher://169.254.169.254:80/_PUT /latest/api/token HTTP/1.1", Imds::V2),
        ("\r\nX-aws-ec2-metadata-token-ttl-seconds: 60", Imds::V2),
        ("http://169.254.169.254/latest/meta-data/", Imds::V1),
    ] {
        assert_eq!(version(text.as_bytes()), want, "{text}");
    }
}
