//! What one server allows a client to use.

use std::time::Duration;

/// Bounds on connections and requests. The defaults suit a metadata service: small requests, many short connections.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Open connections over all workers; one more is answered 503 and closed. Default 16384.
    pub max_connections: usize,
    /// From the first wait for a request head to its end; then 408. It also bounds the idle time between requests.
    /// Default 10 s.
    pub header_timeout: Duration,
    /// Bytes of request line and headers; more is 431. At least 8 KiB is always allowed. Default 16 KiB.
    pub max_header_bytes: usize,
    /// Header lines of a request; more is 431. Default 64.
    pub max_headers: usize,
    /// Whether a connection may carry a second request. Default `false`, as the service on an instance does.
    pub keep_alive: bool,
    /// A connection is cut after this time, whatever it does. Default 60 s.
    pub connection_lifetime: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_connections: 16_384,
            header_timeout: Duration::from_secs(10),
            max_header_bytes: 16 * 1024,
            max_headers: 64,
            keep_alive: false,
            connection_lifetime: Duration::from_secs(60),
        }
    }
}
