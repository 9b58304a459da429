//! Signature version 4 over a request.

use crate::action::Action;
use crate::error::{Failure, Problem};
use crate::request::Request;
use crate::service::Protocol;
use aws_credential_types::Credentials;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4;
use bytes::Bytes;
use std::time::SystemTime;

/// A request that can be sent.
pub(crate) fn signed(
    action: Action,
    request: &Request,
    base: &str,
    region: &str,
    credentials: &Credentials,
    now: SystemTime,
) -> Result<http::Request<Bytes>, Failure> {
    let service = action.service();
    let mut wire = http::Request::builder()
        .method(request.method)
        .uri(format!("{}{}", base.trim_end_matches('/'), request.target))
        .header("user-agent", concat!("onehop/", env!("CARGO_PKG_VERSION")));
    if let Some(kind) = request.content_type {
        wire = wire.header("content-type", kind);
    }
    if let Protocol::Json(prefix) = service.protocol() {
        wire = wire.header("x-amz-target", format!("{prefix}.{}", action.name()));
    }
    let mut wire = wire.body(request.body.clone()).map_err(|error| refused(&error))?;
    let identity = credentials.clone().into();
    let parameters = v4::SigningParams::builder()
        .identity(&identity)
        .region(service.signing_region(region))
        .name(service.signing_name())
        .time(now)
        .settings(SigningSettings::default())
        .build()
        .map_err(|error| refused(&error))?;
    let uri = wire.uri().to_string();
    let headers =
        wire.headers().iter().filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?)));
    let signable = SignableRequest::new(request.method, uri, headers, SignableBody::Bytes(&request.body))
        .map_err(|error| refused(&error))?;
    let (instructions, _) = sign(signable, &parameters.into()).map_err(|error| refused(&error))?.into_parts();
    instructions.apply_to_request_http1x(&mut wire);
    Ok(wire)
}

fn refused(error: &dyn std::error::Error) -> Failure {
    Failure::own(Problem::Refused, format!("the request cannot be signed: {error}"))
}
