//! The headers that decide, read once.
//!
//! `HeaderMap` folds letter case, so `x-forwarded-for` and `X-FORWARDED-FOR` are one name. A header that decides
//! and stands twice is ambiguous, whatever the values: two readers could pick different ones.
//!
//! | header | absent | once | twice or more |
//! |---|---|---|---|
//! | session token | `Absent` (IMDSv1) | `Token`, or `Unreadable` if not visible ASCII | `Ambiguous` |
//! | token lifetime | `Absent` | `Seconds`, or `Invalid` | `Ambiguous` |
//! | forwarding | `None` | refused | refused |

use crate::token::TokenTtl;
use http::{HeaderMap, HeaderName};

/// Carries the session token: its presence, not its validity, makes a request IMDSv2.
pub const TOKEN: HeaderName = HeaderName::from_static("x-aws-ec2-metadata-token");
/// Asked lifetime on the token request; remaining lifetime on every answer to a request that carried a token.
pub const TOKEN_TTL: HeaderName = HeaderName::from_static("x-aws-ec2-metadata-token-ttl-seconds");
/// The one forwarding header that the real service looks at.
pub const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// Headers that proxies add. A request that carries one was relayed, so its sender is not the process that holds
/// the connection.
const FORWARDING: [HeaderName; 16] = [
    X_FORWARDED_FOR,
    http::header::FORWARDED,
    http::header::VIA,
    HeaderName::from_static("x-forwarded"),
    HeaderName::from_static("x-forwarded-host"),
    HeaderName::from_static("x-forwarded-proto"),
    HeaderName::from_static("x-forwarded-server"),
    HeaderName::from_static("forwarded-for"),
    HeaderName::from_static("x-real-ip"),
    HeaderName::from_static("x-client-ip"),
    HeaderName::from_static("true-client-ip"),
    HeaderName::from_static("x-envoy-external-address"),
    HeaderName::from_static("x-forwarded-port"),
    HeaderName::from_static("x-cluster-client-ip"),
    HeaderName::from_static("x-original-forwarded-for"),
    HeaderName::from_static("cf-connecting-ip"),
];

/// What the request says about its session.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Session<'h> {
    /// No token header: IMDSv1.
    Absent,
    /// One token, not yet checked.
    Token(&'h str),
    /// One token header whose value is not visible ASCII.
    Unreadable,
    /// More than one token header.
    Ambiguous,
}

impl std::fmt::Debug for Session<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Session::Absent => "Absent",
            Session::Token(_) => "Token(****)",
            Session::Unreadable => "Unreadable",
            Session::Ambiguous => "Ambiguous",
        })
    }
}

/// What the request says about the lifetime it wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AskedTtl {
    /// No lifetime header.
    Absent,
    /// A lifetime within 1 to 21,600 seconds.
    Seconds(TokenTtl),
    /// Not a number, or out of bounds.
    Invalid,
    /// More than one lifetime header.
    Ambiguous,
}

/// Reads the session token header.
pub fn session(headers: &HeaderMap) -> Session<'_> {
    let mut values = headers.get_all(TOKEN).iter();
    match (values.next(), values.next()) {
        (None, _) => Session::Absent,
        (Some(value), None) => value.to_str().map_or(Session::Unreadable, Session::Token),
        (Some(_), Some(_)) => Session::Ambiguous,
    }
}

/// Reads the lifetime header.
pub fn asked_ttl(headers: &HeaderMap) -> AskedTtl {
    let mut values = headers.get_all(TOKEN_TTL).iter();
    match (values.next(), values.next()) {
        (None, _) => AskedTtl::Absent,
        (Some(value), None) => {
            value.to_str().ok().and_then(TokenTtl::parse).map_or(AskedTtl::Invalid, AskedTtl::Seconds)
        }
        (Some(_), Some(_)) => AskedTtl::Ambiguous,
    }
}

/// The first forwarding header that the request carries, also with an empty value.
pub fn forwarding(headers: &HeaderMap) -> Option<HeaderName> {
    // Ordinary requests have none of them; a look at the names present is cheaper than sixteen look-ups.
    headers.keys().find(|name| FORWARDING.contains(name)).cloned()
}

#[cfg(test)]
mod tests {
    use super::{AskedTtl, FORWARDING, Session, TOKEN, TOKEN_TTL, asked_ttl, forwarding, session};
    use http::{HeaderMap, HeaderName, HeaderValue};

    fn map(pairs: &[(&str, &[u8])]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            let name = HeaderName::from_bytes(name.as_bytes()).expect("a header name");
            headers.append(name, HeaderValue::from_bytes(value).expect("a header value"));
        }
        headers
    }

    #[test]
    fn two_tokens_are_ambiguous_even_when_equal() {
        assert_eq!(session(&map(&[])), Session::Absent);
        assert_eq!(session(&map(&[(TOKEN.as_str(), b"a")])), Session::Token("a"));
        assert_eq!(session(&map(&[(TOKEN.as_str(), b"")])), Session::Token(""));
        assert_eq!(session(&map(&[(TOKEN.as_str(), b"\xff")])), Session::Unreadable);
        assert_eq!(
            session(&map(&[(TOKEN.as_str(), b"a"), ("X-AWS-EC2-Metadata-Token", b"a")])),
            Session::Ambiguous
        );
    }

    #[test]
    fn a_lifetime_is_digits_once() {
        assert_eq!(asked_ttl(&map(&[])), AskedTtl::Absent);
        assert!(matches!(asked_ttl(&map(&[(TOKEN_TTL.as_str(), b"60")])), AskedTtl::Seconds(_)));
        assert_eq!(asked_ttl(&map(&[(TOKEN_TTL.as_str(), b"sixty")])), AskedTtl::Invalid);
        assert_eq!(asked_ttl(&map(&[(TOKEN_TTL.as_str(), b"\xff")])), AskedTtl::Invalid);
        assert_eq!(
            asked_ttl(&map(&[(TOKEN_TTL.as_str(), b"60"), (TOKEN_TTL.as_str(), b"60")])),
            AskedTtl::Ambiguous
        );
    }

    #[test]
    fn xff_is_case_insensitive_and_counts_when_empty() {
        for name in ["X-Forwarded-For", "x-forwarded-for", "X-FORWARDED-FOR", "x-Forwarded-fOR"] {
            assert!(forwarding(&map(&[("host", b"h"), (name, b"")])).is_some(), "{name}");
        }
        assert_eq!(forwarding(&map(&[("host", b"h"), ("user-agent", b"a")])), None);
    }

    #[test]
    fn every_listed_header_is_seen() {
        for name in FORWARDING {
            assert_eq!(forwarding(&map(&[(name.as_str(), b"x")])), Some(name));
        }
    }
}
