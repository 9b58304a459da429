//! One request to the upstream and its answer, bounded in time and size.

use super::Connector;
use bytes::Bytes;
use http::{HeaderValue, Method, Request, Response, StatusCode, header};
use http_body_util::{BodyExt as _, Empty, LengthLimitError, Limited};
use hyper::body::Incoming;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use onehop_imds::headers::{TOKEN, TOKEN_TTL};
use onehop_imds::token::TOKEN_TTL_MAX_SECONDS;
use onehop_verdict::Code;
use std::fmt;
use std::io;
use std::sync::Arc;
use std::time::Duration;

/// Bytes of one answer's head.
const HEAD_MAX_BYTES: usize = 16 << 10;

/// Why the upstream could not be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum UpstreamError {
    /// It could not be dialled.
    #[error("the upstream could not be reached")]
    Connect(#[source] io::Error),
    /// It did not answer in time.
    #[error("the upstream did not answer within {0:?}")]
    Timeout(Duration),
    /// Its answer was no HTTP.
    #[error("the upstream's answer could not be read")]
    Http(#[source] hyper::Error),
    /// Its answer was too large.
    #[error("the upstream's answer was larger than {0} bytes")]
    TooLarge(usize),
    /// Its token answer was no token.
    #[error("the upstream's token answer was no token")]
    Token,
    /// It refused to issue a token.
    #[error("the upstream answered {0} to a token request")]
    TokenStatus(StatusCode),
    /// Another read asked for a token at the same time, for both, and got none.
    #[error("the upstream issued no token to a read at the same time")]
    TokenShared,
    /// It answered neither 200 nor 404, or 401 twice.
    #[error("the upstream answered {0}")]
    Status(StatusCode),
    /// The target cannot stand in a request line.
    #[error("the path cannot be asked for")]
    Target(#[source] http::Error),
}

impl UpstreamError {
    /// The reason code that callers are denied with.
    pub const fn code(&self) -> Code {
        match self {
            UpstreamError::Connect(_)
            | UpstreamError::Timeout(_)
            | UpstreamError::TokenStatus(_)
            | UpstreamError::TokenShared
            | UpstreamError::Status(_) => Code::UpstreamUnavailable,
            _ => Code::UpstreamProtocol,
        }
    }
}

/// What is read of an answer.
pub(super) struct Read {
    pub(super) status: StatusCode,
    pub(super) content_type: Option<HeaderValue>,
    pub(super) last_modified: Option<HeaderValue>,
    pub(super) body: Bytes,
}

/// Sends requests, each on a connection of its own, as the real service closes after each.
pub(super) struct Exchange {
    connector: Arc<dyn Connector>,
    host: HeaderValue,
    timeout: Duration,
    body_max_bytes: usize,
}

impl fmt::Debug for Exchange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Exchange").field("connector", &self.connector).finish_non_exhaustive()
    }
}

impl Exchange {
    pub(super) fn new(connector: Arc<dyn Connector>, timeout: Duration, body_max_bytes: usize) -> Self {
        Exchange { host: connector.host(), connector, timeout, body_max_bytes }
    }

    /// GET with a token.
    pub(super) async fn read(&self, target: &str, token: &HeaderValue) -> Result<Read, UpstreamError> {
        self.send(Method::GET, target, TOKEN, token.clone()).await
    }

    /// PUT for a token of six hours.
    pub(super) async fn token(&self) -> Result<Read, UpstreamError> {
        let ttl = HeaderValue::from(TOKEN_TTL_MAX_SECONDS);
        self.send(Method::PUT, "/latest/api/token", TOKEN_TTL, ttl).await
    }

    async fn send(
        &self,
        method: Method,
        target: &str,
        name: http::HeaderName,
        value: HeaderValue,
    ) -> Result<Read, UpstreamError> {
        let request = Request::builder()
            .method(method)
            .uri(target)
            .header(header::HOST, self.host.clone())
            .header(header::ACCEPT, HeaderValue::from_static("*/*"))
            .header(header::CONNECTION, HeaderValue::from_static("close"))
            .header(name, value)
            .body(Empty::new())
            .map_err(UpstreamError::Target)?;
        match tokio::time::timeout(self.timeout, self.exchange(request)).await {
            Ok(answer) => answer,
            Err(_) => Err(UpstreamError::Timeout(self.timeout)),
        }
    }

    async fn exchange(&self, request: Request<Empty<Bytes>>) -> Result<Read, UpstreamError> {
        let stream = self.connector.connect().await.map_err(UpstreamError::Connect)?;
        let (mut sender, connection) = http1::Builder::new()
            .title_case_headers(true)
            .max_buf_size(HEAD_MAX_BYTES)
            .handshake(TokioIo::new(stream))
            .await
            .map_err(UpstreamError::Http)?;
        // Ends with the connection, and with this call: the guard drops it when the exchange is over.
        let _driving = Driving(tokio::spawn(connection));
        let response = sender.send_request(request).await.map_err(UpstreamError::Http)?;
        self.collect(response).await
    }

    async fn collect(&self, response: Response<Incoming>) -> Result<Read, UpstreamError> {
        let (parts, body) = response.into_parts();
        let body = Limited::new(body, self.body_max_bytes).collect().await.map_err(|error| match error
            .downcast::<hyper::Error>(
        ) {
            Ok(error) => UpstreamError::Http(*error),
            Err(other) => {
                debug_assert!(other.is::<LengthLimitError>());
                UpstreamError::TooLarge(self.body_max_bytes)
            }
        })?;
        let header = |name: header::HeaderName| parts.headers.get(name).cloned();
        Ok(Read {
            status: parts.status,
            content_type: header(header::CONTENT_TYPE),
            last_modified: header(header::LAST_MODIFIED).filter(is_date),
            body: body.to_bytes(),
        })
    }
}

/// Whether a value has the one form of dates (RFC 9110 §5.6.7): an answer carries no other text of the upstream's
/// headers.
fn is_date(value: &HeaderValue) -> bool {
    httpdate::parse_http_date(value.to_str().unwrap_or_default()).is_ok()
}

/// A task that ends when this is dropped.
struct Driving(tokio::task::JoinHandle<hyper::Result<()>>);

impl Drop for Driving {
    fn drop(&mut self) {
        self.0.abort();
    }
}
