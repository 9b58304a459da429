//! The answers, with exact bodies and header order.
//!
//! ```text
//! token      200  TTL · Content-Length · Date · Server · Connection · Content-Type
//! document   200  [TTL] · Content-Type · Accept-Ranges · Last-Modified · Content-Length · Date · Server · Connection
//! not found  404  [TTL] · Content-Type · Content-Length · Date · Server · Connection
//! refused    4xx  [Allow] · Content-Length · Date · Server · Connection · Content-Type
//! ```
//!
//! `TTL` is `X-Aws-Ec2-Metadata-Token-Ttl-Seconds`: the granted lifetime on a token answer, the seconds that are
//! left on every other answer to a request with a good token. 401 and 405 have empty bodies, 404 the well-known
//! 339-byte page (recorded from instances). What 400 and 403 carry is not recorded anywhere; [`ErrorBodies`]
//! chooses.

use crate::headers::TOKEN_TTL;
use crate::token::Token;
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Response, StatusCode, header};
use onehop_verdict::Code;

macro_rules! page {
    ($title:literal) => {
        concat!(
            "<?xml version=\"1.0\" encoding=\"iso-8859-1\"?>\n",
            "<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0 Transitional//EN\"\n",
            "\t\t \"http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd\">\n",
            "<html xmlns=\"http://www.w3.org/1999/xhtml\" xml:lang=\"en\" lang=\"en\">\n",
            " <head>\n  <title>",
            $title,
            "</title>\n </head>\n <body>\n  <h1>",
            $title,
            "</h1>\n </body>\n</html>\n"
        )
    };
}

/// The body of 404, as recorded: 339 bytes, the second DTD line indented by two tabs and a space.
pub const NOT_FOUND_BODY: &str = page!("404 - Not Found");
const BAD_REQUEST_BODY: &str = page!("400 - Bad Request");
const FORBIDDEN_BODY: &str = page!("403 - Forbidden");

/// What a document is served as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ContentType {
    /// `text/plain`: metadata, listings and credential documents alike.
    Text,
    /// `application/octet-stream`: user data.
    Octets,
}

/// The bodies of 400 and 403.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ErrorBodies {
    /// The page that 404 has, with their title.
    #[default]
    Page,
    /// Empty, as for 401.
    Empty,
}

/// What all answers of one moment share.
#[derive(Clone, Debug)]
pub struct Wire {
    /// The `Date` header.
    pub date: HeaderValue,
    /// Whether to say `Connection: close`, as the real service always does.
    pub close: bool,
    /// The bodies of 400 and 403.
    pub error_bodies: ErrorBodies,
}

/// An answer, before it is written.
#[derive(Clone, Debug)]
pub enum Answer {
    /// A token and its lifetime in seconds.
    Token(Token, u32),
    /// A leaf or a listing.
    Document {
        /// Its bytes.
        body: Bytes,
        /// What it is served as.
        content_type: ContentType,
        /// The `Last-Modified` header.
        last_modified: HeaderValue,
        /// Seconds that the caller's token has left; `None` for v1.
        remaining: Option<u32>,
    },
    /// No such path.
    NotFound {
        /// Seconds that the caller's token has left; `None` for v1.
        remaining: Option<u32>,
    },
    /// OPTIONS on the token endpoint.
    Options,
    /// A refusal.
    Refused(Refusal),
}

/// The statuses with which the service refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// 400.
    BadRequest,
    /// 401: a token is missing or wrong.
    Unauthorized,
    /// 403.
    Forbidden,
    /// 404, for what is hidden.
    NotFound,
    /// 405 on the token endpoint.
    TokenMethod,
    /// 405 elsewhere.
    Method,
    /// 408.
    Timeout,
    /// 413.
    TooLarge,
    /// 429.
    TooMany,
    /// 503.
    Unavailable,
}

impl Refusal {
    /// How the real service refuses, by reason.
    pub const fn of_service(code: Code, token_endpoint: bool) -> Refusal {
        match code {
            Code::ImdsV1 | Code::ImdsTokenInvalid => Refusal::Unauthorized,
            Code::ImdsForwarded | Code::ImdsDisabled | Code::ImdsTokenPathVersion => Refusal::Forbidden,
            Code::HttpMethod if token_endpoint => Refusal::TokenMethod,
            Code::HttpMethod => Refusal::Method,
            Code::LimitRate => Refusal::TooMany,
            Code::LimitSize => Refusal::TooLarge,
            Code::LimitConnections | Code::UpstreamUnavailable => Refusal::Unavailable,
            _ => Refusal::BadRequest,
        }
    }

    const fn status(self) -> StatusCode {
        match self {
            Refusal::BadRequest => StatusCode::BAD_REQUEST,
            Refusal::Unauthorized => StatusCode::UNAUTHORIZED,
            Refusal::Forbidden => StatusCode::FORBIDDEN,
            Refusal::NotFound => StatusCode::NOT_FOUND,
            Refusal::TokenMethod | Refusal::Method => StatusCode::METHOD_NOT_ALLOWED,
            Refusal::Timeout => StatusCode::REQUEST_TIMEOUT,
            Refusal::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Refusal::TooMany => StatusCode::TOO_MANY_REQUESTS,
            Refusal::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        }
    }
}

const SERVER: HeaderValue = HeaderValue::from_static("EC2ws");
const CLOSE: HeaderValue = HeaderValue::from_static("close");
const NONE: HeaderValue = HeaderValue::from_static("none");
const TEXT: HeaderValue = HeaderValue::from_static("text/plain");
const HTML: HeaderValue = HeaderValue::from_static("text/html");
const OCTETS: HeaderValue = HeaderValue::from_static("application/octet-stream");
const ALLOW_TOKEN: HeaderValue = HeaderValue::from_static("OPTIONS, PUT");
const ALLOW_READ: HeaderValue = HeaderValue::from_static("GET, HEAD");
const TOKEN_LENGTH: HeaderValue = HeaderValue::from_static("56");

impl Answer {
    /// The status line's code.
    pub const fn status(&self) -> StatusCode {
        match self {
            Answer::Token(..) | Answer::Document { .. } | Answer::Options => StatusCode::OK,
            Answer::NotFound { .. } => StatusCode::NOT_FOUND,
            Answer::Refused(refusal) => refusal.status(),
        }
    }

    /// The reason phrase, where the service has one of its own (recorded: 405 is `Not Allowed`).
    pub const fn reason(&self) -> Option<&'static str> {
        match self {
            Answer::Refused(Refusal::TokenMethod | Refusal::Method) => Some("Not Allowed"),
            _ => None,
        }
    }

    /// Writes the answer. Headers stand in the order of insertion.
    pub fn render(self, wire: &Wire) -> Response<Bytes> {
        let status = self.status();
        let mut headers = HeaderMap::with_capacity(8);
        let body = match self {
            Answer::Token(token, ttl) => token_answer(&mut headers, wire, token, ttl),
            Answer::Document { body, content_type, last_modified, remaining } => {
                put_remaining(&mut headers, remaining);
                headers.insert(header::CONTENT_TYPE, content_type.header());
                headers.insert(header::ACCEPT_RANGES, NONE);
                headers.insert(header::LAST_MODIFIED, last_modified);
                headers.insert(header::CONTENT_LENGTH, HeaderValue::from(body.len()));
                put_tail(&mut headers, wire);
                body
            }
            Answer::NotFound { remaining } => {
                put_remaining(&mut headers, remaining);
                page_answer(&mut headers, wire, NOT_FOUND_BODY)
            }
            Answer::Refused(Refusal::NotFound) => page_answer(&mut headers, wire, NOT_FOUND_BODY),
            Answer::Options => {
                headers.insert(header::ALLOW, ALLOW_TOKEN);
                empty_answer(&mut headers, wire)
            }
            Answer::Refused(refusal) => refused_answer(&mut headers, wire, refusal),
        };
        let mut response = Response::new(body);
        *response.status_mut() = status;
        *response.headers_mut() = headers;
        response
    }
}

impl ContentType {
    /// Reads the header of an upstream's answer; what is not user data is text.
    pub fn of(value: Option<&HeaderValue>) -> ContentType {
        match value {
            Some(value) if value == OCTETS => ContentType::Octets,
            _ => ContentType::Text,
        }
    }

    fn header(self) -> HeaderValue {
        match self {
            ContentType::Text => TEXT,
            ContentType::Octets => OCTETS,
        }
    }
}

fn token_answer(headers: &mut HeaderMap, wire: &Wire, token: Token, ttl: u32) -> Bytes {
    headers.insert(TOKEN_TTL, HeaderValue::from(ttl));
    headers.insert(header::CONTENT_LENGTH, TOKEN_LENGTH);
    put_tail(headers, wire);
    headers.insert(header::CONTENT_TYPE, TEXT);
    Bytes::copy_from_slice(token.as_str().as_bytes())
}

fn refused_answer(headers: &mut HeaderMap, wire: &Wire, refusal: Refusal) -> Bytes {
    match (refusal, wire.error_bodies) {
        (Refusal::BadRequest, ErrorBodies::Page) => return page_answer(headers, wire, BAD_REQUEST_BODY),
        (Refusal::Forbidden, ErrorBodies::Page) => return page_answer(headers, wire, FORBIDDEN_BODY),
        (Refusal::TokenMethod, _) => drop(headers.insert(header::ALLOW, ALLOW_TOKEN)),
        (Refusal::Method, _) => drop(headers.insert(header::ALLOW, ALLOW_READ)),
        (Refusal::TooMany | Refusal::Unavailable, _) => {
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        }
        _ => {}
    }
    empty_answer(headers, wire)
}

fn empty_answer(headers: &mut HeaderMap, wire: &Wire) -> Bytes {
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from_static("0"));
    put_tail(headers, wire);
    headers.insert(header::CONTENT_TYPE, TEXT);
    Bytes::new()
}

fn page_answer(headers: &mut HeaderMap, wire: &Wire, body: &'static str) -> Bytes {
    headers.insert(header::CONTENT_TYPE, HTML);
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(body.len()));
    put_tail(headers, wire);
    Bytes::from_static(body.as_bytes())
}

fn put_remaining(headers: &mut HeaderMap, remaining: Option<u32>) {
    if let Some(seconds) = remaining {
        headers.insert(TOKEN_TTL, HeaderValue::from(seconds));
    }
}

fn put_tail(headers: &mut HeaderMap, wire: &Wire) {
    headers.insert(header::DATE, wire.date.clone());
    headers.insert(header::SERVER, SERVER);
    if wire.close {
        headers.insert(header::CONNECTION, CLOSE);
    }
}

#[cfg(test)]
mod tests;
