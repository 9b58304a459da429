//! The control port: a few read-only pages beside a service.
//!
//! | request | answer |
//! |---|---|
//! | GET or HEAD of a page | 200 |
//! | GET or HEAD of anything else | 404 |
//! | another method | 405 |
//! | a `Host` that is a name other than `localhost` | 421: a web page rebound a name to this port |

use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode, header};
use http_body_util::Full;
use hyper::body::Incoming;

use crate::{Accepted, Clock, Handler, SystemClock, Wire, http_date};

/// A page: its media type and its bytes.
pub type Page = (&'static str, Bytes);

/// Makes the page for a path.
type MakePage = dyn Fn(&str) -> Option<Page> + Send + Sync;

/// Serves the pages that a function makes.
pub struct Pages {
    page: Arc<MakePage>,
}

impl std::fmt::Debug for Pages {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Pages")
    }
}

impl Pages {
    /// Serves what `page` returns for a path such as `/metrics`; `None` is 404.
    pub fn new(page: impl Fn(&str) -> Option<Page> + Send + Sync + 'static) -> Self {
        Pages { page: Arc::new(page) }
    }

    fn answer(&self, method: &Method, path: &str, headers: &HeaderMap) -> (StatusCode, Page) {
        let plain = |text: &'static str| ("text/plain; charset=utf-8", Bytes::from_static(text.as_bytes()));
        if !is_local_host(headers) {
            return (StatusCode::MISDIRECTED_REQUEST, plain("this port is asked by address, not by name\n"));
        }
        if !matches!(*method, Method::GET | Method::HEAD) {
            return (StatusCode::METHOD_NOT_ALLOWED, plain("GET and HEAD only\n"));
        }
        match (self.page)(path) {
            Some(page) => (StatusCode::OK, page),
            None => (StatusCode::NOT_FOUND, plain("no such page\n")),
        }
    }
}

/// An IP address or `localhost`, with or without a port. A rebound name is neither.
fn is_local_host(headers: &HeaderMap) -> bool {
    let mut hosts = headers.get_all(header::HOST).iter();
    let (Some(host), None) = (hosts.next(), hosts.next()) else {
        return false;
    };
    let Ok(host) = host.to_str() else { return false };
    let bare = host.parse::<std::net::SocketAddr>().is_ok()
        || host.trim_matches(['[', ']']).parse::<std::net::IpAddr>().is_ok();
    bare || host.split(':').next().is_some_and(|name| name.eq_ignore_ascii_case("localhost"))
}

impl Handler for Pages {
    type Caller = ();

    fn admit(&self, _: &Accepted<'_>) {}

    async fn handle(&self, _caller: &(), _: &Wire, request: Request<Incoming>) -> Response<Full<Bytes>> {
        let (status, (media_type, body)) =
            self.answer(request.method(), request.uri().path(), request.headers());
        let mut response = Response::new(Full::new(body));
        *response.status_mut() = status;
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
        headers.insert(header::DATE, http_date(SystemClock.now()));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response
    }
}

#[cfg(test)]
mod tests {
    use super::{Page, Pages};
    use bytes::Bytes;
    use http::{HeaderMap, HeaderValue, Method, header};

    fn page(path: &str) -> Option<Page> {
        (path == "/healthz").then(|| ("text/plain", Bytes::from_static(b"ok\n")))
    }

    #[test]
    fn every_row_of_the_table() {
        for (method, path, host, want) in [
            (Method::GET, "/healthz", Some("127.0.0.1:1339"), 200),
            (Method::HEAD, "/healthz", Some("localhost:1339"), 200),
            (Method::GET, "/healthz", Some("[::1]:1339"), 200),
            (Method::GET, "/healthz", Some("[::1]"), 200),
            (Method::GET, "/", Some("127.0.0.1"), 404),
            (Method::POST, "/healthz", Some("127.0.0.1"), 405),
            (Method::GET, "/healthz", Some("attacker.example:1339"), 421),
            (Method::GET, "/healthz", Some("127.0.0.1.attacker.example"), 421),
            (Method::GET, "/healthz", None, 421),
        ] {
            let mut headers = HeaderMap::new();
            if let Some(host) = host {
                headers.insert(header::HOST, HeaderValue::from_static(host));
            }
            let (status, _) = Pages::new(page).answer(&method, path, &headers);
            assert_eq!(status.as_u16(), want, "{method} {path} {host:?}");
        }
    }
}
