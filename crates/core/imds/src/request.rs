//! What a request is, before anybody decides about it.
//!
//! | method | path | token header | is |
//! |---|---|---|---|
//! | PUT | `/<version>/api/token` | any | a token request |
//! | GET, HEAD | any other | absent | an IMDSv1 read |
//! | GET, HEAD | any other | present, even empty | an IMDSv2 read |
//! | any | paths or headers of another cloud | absent | another cloud's probe |
//! | any | `/<version>/api/token` | | the token endpoint with a wrong method |
//! | other | any | | other |
//!
//! Total: every request is exactly one of these.

use crate::headers::{self, AskedTtl, Session};
use crate::path::{MetadataPath, PathError};
use http::{HeaderMap, HeaderName, Method, Uri};

/// The protocol version of a read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ImdsVersion {
    /// Without a token.
    V1,
    /// With a token.
    V2,
}

impl ImdsVersion {
    /// `v1` or `v2`.
    pub const fn as_str(self) -> &'static str {
        match self {
            ImdsVersion::V1 => "v1",
            ImdsVersion::V2 => "v2",
        }
    }
}

/// Another cloud whose clients look at the same address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ForeignCloud {
    /// `/metadata/instance…` with `Metadata: true`.
    Azure,
    /// `/computeMetadata/v1/…` with `Metadata-Flavor: Google`.
    Google,
    /// `/opc/v1/…`, `/opc/v2/…`.
    Oracle,
    /// Headers that start with `X-aliyun-ecs-`.
    Alibaba,
    /// `/v1/token`, `Metadata-Token…`.
    Akamai,
    /// `/metadata/v1…`.
    DigitalOcean,
    /// `/hetzner/v1/…`.
    Hetzner,
    /// `/openstack/…`.
    OpenStack,
}

/// The form of the request target (RFC 9112 §3.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TargetForm {
    /// `/latest/meta-data/`.
    Origin,
    /// `http://host/latest/meta-data/`: the sender takes us for a proxy.
    Absolute,
    /// `host:port`, only with CONNECT.
    Authority,
    /// `*`, only with OPTIONS.
    Asterisk,
}

/// Which of the protocol's requests this is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// PUT on the token endpoint of some version.
    TokenRequest,
    /// The token endpoint with another method.
    TokenEndpoint,
    /// GET or HEAD.
    Read(ImdsVersion),
    /// A probe for another cloud.
    Foreign(ForeignCloud),
    /// Any other method.
    Other,
}

/// A request with everything that decisions need, read once.
#[derive(Clone, Debug)]
pub struct Request<'r> {
    /// Which of the protocol's requests this is.
    pub kind: Kind,
    /// The method, for what `kind` leaves open.
    pub method: &'r Method,
    /// The canonical path, or why there is none.
    pub path: Result<MetadataPath<'r>, PathError>,
    /// The form of the target.
    pub target: TargetForm,
    /// What the request says about its session.
    pub session: Session<'r>,
    /// The lifetime it asks for; `Absent` unless it is a token request.
    pub asked_ttl: AskedTtl,
    /// The first forwarding header it carries.
    pub forwarded: Option<HeaderName>,
    /// Whether it carries `X-Forwarded-For`, the only one that the real service looks at.
    pub forwarded_for: bool,
}

impl<'r> Request<'r> {
    /// Reads a request.
    pub fn classify(method: &'r Method, uri: &'r Uri, headers: &'r HeaderMap) -> Request<'r> {
        let target = target_form(uri);
        let path = match target {
            TargetForm::Authority => Err(PathError::NotAbsolute),
            _ => MetadataPath::parse(uri.path()),
        };
        let session = headers::session(headers);
        let kind = kind(method, path.as_ref().ok(), session, headers);
        let asked_ttl =
            if kind == Kind::TokenRequest { headers::asked_ttl(headers) } else { AskedTtl::Absent };
        let forwarded = headers::forwarding(headers);
        let forwarded_for = forwarded.is_some() && headers.contains_key(headers::X_FORWARDED_FOR);
        Request { kind, method, path, target, session, asked_ttl, forwarded, forwarded_for }
    }
}

fn target_form(uri: &Uri) -> TargetForm {
    match (uri.scheme().is_some(), uri.authority().is_some(), uri.path()) {
        (true, _, _) => TargetForm::Absolute,
        (false, true, _) => TargetForm::Authority,
        (false, false, "*") => TargetForm::Asterisk,
        (false, false, _) => TargetForm::Origin,
    }
}

fn kind(method: &Method, path: Option<&MetadataPath<'_>>, session: Session<'_>, headers: &HeaderMap) -> Kind {
    let read = matches!(*method, Method::GET | Method::HEAD);
    if let Some(path) = path {
        if path.is_token_endpoint() {
            return if method == Method::PUT { Kind::TokenRequest } else { Kind::TokenEndpoint };
        }
        if session == Session::Absent
            && path.version().is_none()
            && let Some(cloud) = foreign_cloud(path, headers)
        {
            return Kind::Foreign(cloud);
        }
    }
    match (read, session) {
        (true, Session::Absent) => Kind::Read(ImdsVersion::V1),
        (true, _) => Kind::Read(ImdsVersion::V2),
        (false, _) => Kind::Other,
    }
}

/// Recognises a probe by the path first and by the cloud's own header second.
fn foreign_cloud(path: &MetadataPath<'_>, headers: &HeaderMap) -> Option<ForeignCloud> {
    let mut segments = path.as_str().split('/').skip(1);
    let by_path = match (segments.next().unwrap_or_default(), segments.next()) {
        ("metadata", Some("v1" | "v1.json")) => Some(ForeignCloud::DigitalOcean),
        ("metadata", _) => Some(ForeignCloud::Azure),
        ("computeMetadata", _) => Some(ForeignCloud::Google),
        ("opc", _) => Some(ForeignCloud::Oracle),
        ("hetzner", _) => Some(ForeignCloud::Hetzner),
        ("openstack", _) => Some(ForeignCloud::OpenStack),
        ("v1", Some("token" | "instance" | "network" | "user-data")) => Some(ForeignCloud::Akamai),
        _ => None,
    };
    by_path.or_else(|| {
        headers.keys().find_map(|name| match name.as_str() {
            "metadata" => Some(ForeignCloud::Azure),
            "metadata-flavor" => Some(ForeignCloud::Google),
            "metadata-token" | "metadata-token-expiry-seconds" => Some(ForeignCloud::Akamai),
            name if name.starts_with("x-aliyun-ecs-") => Some(ForeignCloud::Alibaba),
            _ => None,
        })
    })
}

#[cfg(test)]
mod tests;
