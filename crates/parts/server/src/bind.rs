//! Listening sockets: one set per worker, all on the same addresses.
//!
//! ```text
//! address ─▶ first socket: bound alone ─▶ SO_REUSEPORT on ─▶ worker 0
//!                  │ held by anyone: in use        └─▶ siblings bound beside it ─▶ worker 1..n
//! ```
//!
//! `SO_REUSEPORT` lets two servers of one user share a port without noticing. The first socket of an address is
//! therefore bound without it and opened to its siblings only afterwards; two instances that start at the same moment
//! cannot both succeed. Port 0 is resolved by the first socket and used by all siblings.
//!
//! How it fails: nothing is bound, and the error names the address.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::os::fd::{AsFd as _, OwnedFd};

use crate::defer::defer_accept;
use rustix::io::Errno;
use rustix::net::{AddressFamily, SocketFlags, SocketType, ipproto, sockopt};

/// Connections that the kernel completes and keeps until a worker takes them; `net.core.somaxconn` may cut it.
const BACKLOG: i32 = 4096;

/// Addresses that are listening, ready for [`crate::run`].
#[derive(Debug)]
pub struct Bound {
    pub(crate) addresses: Vec<SocketAddr>,
    /// One entry a worker; each holds a listener for every address, in order.
    pub(crate) workers: Vec<Vec<OwnedFd>>,
}

impl Bound {
    /// The addresses in the order given to [`bind`], with port 0 resolved.
    pub fn local_addrs(&self) -> &[SocketAddr] {
        &self.addresses
    }
}

/// Why an address cannot be listened on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum BindProblem {
    /// Another socket holds it.
    InUse,
    /// The port needs a privilege that the process does not have.
    NotPermitted,
    /// The address is not one of this machine's, or its family is not available.
    NotLocal,
    /// Anything else; the source says what.
    Other,
}

impl fmt::Display for BindProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::InUse => "is in use",
            Self::NotPermitted => "needs a privilege to listen on",
            Self::NotLocal => "is not an address of this machine",
            Self::Other => "cannot be listened on",
        })
    }
}

/// Why [`bind`] failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BindError {
    /// The list of addresses was empty.
    #[error("no address to listen on")]
    NoAddress,
    /// One address was refused.
    #[error("{address} {problem}")]
    Address {
        /// As given, so port 0 stays 0.
        address: SocketAddr,
        /// The kind of refusal.
        problem: BindProblem,
        /// What the kernel said.
        #[source]
        source: io::Error,
    },
}

impl BindError {
    fn new(address: SocketAddr, errno: Errno) -> Self {
        let problem = match errno {
            Errno::ADDRINUSE => BindProblem::InUse,
            Errno::ACCESS | Errno::PERM => BindProblem::NotPermitted,
            Errno::ADDRNOTAVAIL | Errno::AFNOSUPPORT => BindProblem::NotLocal,
            _ => BindProblem::Other,
        };
        Self::Address { address, problem, source: errno.into() }
    }
}

/// Listens on every address, once per worker.
///
/// # Errors
/// The first address that was refused, and why.
pub fn bind(addresses: &[SocketAddr], workers: NonZeroUsize) -> Result<Bound, BindError> {
    if addresses.is_empty() {
        return Err(BindError::NoAddress);
    }
    let mut bound = Bound {
        addresses: Vec::with_capacity(addresses.len()),
        workers: (0..workers.get()).map(|_| Vec::new()).collect(),
    };
    for &address in addresses {
        let resolved =
            bind_all(address, &mut bound.workers).map_err(|errno| BindError::new(address, errno))?;
        bound.addresses.push(resolved);
    }
    Ok(bound)
}

/// Adds one listener for `address` to every worker and gives the address with its port.
fn bind_all(address: SocketAddr, workers: &mut [Vec<OwnedFd>]) -> Result<SocketAddr, Errno> {
    let mut resolved = address;
    for (index, listeners) in workers.iter_mut().enumerate() {
        let socket = open(address)?;
        if index == 0 {
            rustix::net::bind(&socket, &address)?;
            sockopt::set_socket_reuseport(&socket, true)?;
            resolved = SocketAddr::try_from(rustix::net::getsockname(&socket)?)?;
        } else {
            sockopt::set_socket_reuseport(&socket, true)?;
            rustix::net::bind(&socket, &resolved)?;
        }
        rustix::net::listen(&socket, BACKLOG)?;
        defer_accept(socket.as_fd());
        listeners.push(socket);
    }
    Ok(resolved)
}

fn open(address: SocketAddr) -> Result<OwnedFd, Errno> {
    let family = if address.is_ipv4() { AddressFamily::INET } else { AddressFamily::INET6 };
    let flags = SocketFlags::CLOEXEC | SocketFlags::NONBLOCK;
    let socket = rustix::net::socket_with(family, SocketType::STREAM, flags, Some(ipproto::TCP))?;
    // A port whose last connections are still in TIME_WAIT is free.
    sockopt::set_socket_reuseaddr(&socket, true)?;
    // Accepted sockets inherit it, so that it costs nothing per connection.
    sockopt::set_tcp_nodelay(&socket, true)?;
    if address.is_ipv6() {
        sockopt::set_ipv6_v6only(&socket, true)?;
    }
    Ok(socket)
}
