use super::{ForeignCloud, ImdsVersion, Kind, Request, TargetForm};
use crate::headers::AskedTtl;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Uri};
use proptest::prelude::*;

fn headers(pairs: &[(&str, &str)]) -> HeaderMap {
    let mut map = HeaderMap::new();
    for (name, value) in pairs {
        let name = HeaderName::from_bytes(name.as_bytes()).expect("a header name");
        map.append(name, HeaderValue::from_str(value).expect("a header value"));
    }
    map
}

fn kind_of(method: &str, target: &str, pairs: &[(&str, &str)]) -> Kind {
    let method = Method::from_bytes(method.as_bytes()).expect("a method");
    let uri: Uri = target.parse().expect("a target");
    Request::classify(&method, &uri, &headers(pairs)).kind
}

#[test]
fn every_row_of_the_table() {
    let token = [("X-aws-ec2-metadata-token", "t")];
    let v1 = Kind::Read(ImdsVersion::V1);
    let v2 = Kind::Read(ImdsVersion::V2);
    for (method, target, pairs, want) in [
        ("PUT", "/latest/api/token", &[][..], Kind::TokenRequest),
        ("PUT", "/latest//api/token/", &[], Kind::TokenRequest),
        ("PUT", "/2021-03-23/api/token", &[], Kind::TokenRequest),
        ("GET", "/latest/api/token", &[], Kind::TokenEndpoint),
        ("POST", "/latest/api/token", &[], Kind::TokenEndpoint),
        ("GET", "/latest/meta-data/", &[], v1),
        ("HEAD", "/latest/meta-data/", &[], v1),
        ("GET", "/latest/meta-data/", &token, v2),
        ("GET", "/latest/meta-data/", &[("x-AWS-ec2-metadata-TOKEN", "")], v2),
        ("GET", "/nothing", &[], v1),
        ("PUT", "/latest/meta-data/", &[], Kind::Other),
        ("PUT", "/api/token", &[], Kind::Other),
        ("PUT", "/2099-01-01/api/token", &[], Kind::Other),
        ("GET", "/metadata/instance?api-version=2021-02-01", &[], Kind::Foreign(ForeignCloud::Azure)),
        ("GET", "/metadata/v1.json", &[], Kind::Foreign(ForeignCloud::DigitalOcean)),
        ("GET", "/computeMetadata/v1/", &[], Kind::Foreign(ForeignCloud::Google)),
        ("GET", "/", &[("Metadata-Flavor", "Google")], Kind::Foreign(ForeignCloud::Google)),
        ("GET", "/opc/v2/instance/", &[], Kind::Foreign(ForeignCloud::Oracle)),
        ("PUT", "/v1/token", &[], Kind::Foreign(ForeignCloud::Akamai)),
        ("GET", "/x", &[("X-aliyun-ecs-metadata-token", "t")], Kind::Foreign(ForeignCloud::Alibaba)),
        ("GET", "/hetzner/v1/metadata", &[], Kind::Foreign(ForeignCloud::Hetzner)),
        ("GET", "/openstack/latest", &[], Kind::Foreign(ForeignCloud::OpenStack)),
        // A foreign header on a real path is still a read of this service.
        ("GET", "/latest/meta-data/", &[("Metadata", "true")], v1),
    ] {
        assert_eq!(kind_of(method, target, pairs), want, "{method} {target} {pairs:?}");
    }
}

#[test]
fn target_forms_are_told_apart() {
    for (target, want) in [
        ("/latest", TargetForm::Origin),
        ("http://169.254.169.254/latest", TargetForm::Absolute),
        ("169.254.169.254:80", TargetForm::Authority),
        ("*", TargetForm::Asterisk),
    ] {
        let uri: Uri = target.parse().expect("a target");
        let map = HeaderMap::new();
        assert_eq!(Request::classify(&Method::GET, &uri, &map).target, want, "{target}");
    }
}

#[test]
fn the_lifetime_belongs_to_token_requests_only() {
    let uri: Uri = "/latest/meta-data/".parse().expect("a target");
    let map = headers(&[("X-aws-ec2-metadata-token-ttl-seconds", "60")]);
    assert_eq!(Request::classify(&Method::GET, &uri, &map).asked_ttl, AskedTtl::Absent);
}

proptest! {
    #[test]
    fn any_request_is_classified(method in "[A-Z]{1,8}", path in "/[!-~]{0,40}", name in "[a-zA-Z-]{1,20}", value in "[ -~]{0,20}") {
        let method = Method::from_bytes(method.as_bytes()).expect("letters are a method");
        if let Ok(uri) = path.parse::<Uri>() {
            let map = headers(&[(name.as_str(), value.as_str())]);
            let request = Request::classify(&method, &uri, &map);
            if method == Method::GET && map.get("x-aws-ec2-metadata-token").is_none() {
                prop_assert_ne!(request.kind, Kind::Read(ImdsVersion::V2));
            }
        }
    }
}
