//! How a connection to the upstream is made.

use http::HeaderValue;
use std::fmt;
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;

/// A byte stream to the upstream.
pub trait IoStream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> IoStream for T {}

/// A connection in the making.
pub type Connecting<'a> = Pin<Box<dyn Future<Output = io::Result<Box<dyn IoStream>>> + Send + 'a>>;

/// Makes connections. One implementation dials, another reaches a service in the same process.
pub trait Connector: fmt::Debug + Send + Sync + 'static {
    /// One connection.
    fn connect(&self) -> Connecting<'_>;

    /// The `Host` header of requests.
    fn host(&self) -> HeaderValue;
}

/// Dials an address. There is no name to look up, so nothing can be rebound.
#[derive(Clone, Debug)]
pub struct TcpConnector {
    address: SocketAddr,
    host: HeaderValue,
}

impl TcpConnector {
    /// A connector to one address.
    pub fn new(address: SocketAddr) -> Self {
        let host = match address {
            SocketAddr::V4(v4) if v4.port() == 80 => v4.ip().to_string(),
            SocketAddr::V6(v6) if v6.port() == 80 => format!("[{}]", v6.ip()),
            other => other.to_string(),
        };
        TcpConnector { address, host: HeaderValue::try_from(host).expect("an address is a header value") }
    }
}

impl Connector for TcpConnector {
    fn connect(&self) -> Connecting<'_> {
        Box::pin(async {
            let stream = TcpStream::connect(self.address).await?;
            Ok(Box::new(stream) as Box<dyn IoStream>)
        })
    }

    fn host(&self) -> HeaderValue {
        self.host.clone()
    }
}
