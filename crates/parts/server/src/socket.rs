//! Byte streams under a connection.
//!
//! [`Socket`] is a TCP socket that is read and written directly and joins the runtime's event loop only when the
//! kernel says it would block. A client that connects and asks in one breath is answered and closed without ever
//! being registered, which saves two system calls and a wake-up on each connection ([`crate::opening`]). [`Stream`] is
//! anything else.
//!
//! hyper's own shutdown is a no-op for both: when to half-close is decided by [`crate::connection`].
//!
//! How it fails: an error of the kernel ends the connection; so does a hop limit that cannot be set, before any byte
//! of the answer leaves.

use std::io;
use std::mem::MaybeUninit;
use std::net::SocketAddr;
use std::num::NonZeroU8;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Instant;

use hyper::rt::ReadBufCursor;
use hyper_util::rt::TokioIo;
use rustix::io::Errno;
use rustix::net::{RecvFlags, SendFlags, Shutdown, sockopt};
use tokio::io::{AsyncRead, AsyncWrite, Interest};
use tokio::net::TcpStream;

use crate::Wire;

/// A byte stream that a connection runs on.
pub(crate) trait Transport: hyper::rt::Read + hyper::rt::Write + Unpin {
    /// Whether dropping it is a proper end when everything was read.
    const DROP_ENDS: bool;

    /// Ends our side of the stream and leaves the other open.
    fn poll_finish(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>>;
}

/// A TCP socket; see the module.
#[derive(Debug)]
pub(crate) struct Socket<'w> {
    state: State,
    /// Bytes that were read before hyper asked for them.
    first: Vec<u8>,
    wire: &'w Wire,
    applied: Option<NonZeroU8>,
}

#[derive(Debug)]
enum State {
    Direct(OwnedFd),
    Driven(TcpStream),
    /// Registration failed; the connection is over.
    Lost,
}

impl<'w> Socket<'w> {
    /// Takes a non-blocking socket.
    pub(crate) fn new(socket: OwnedFd, wire: &'w Wire) -> Self {
        Self { state: State::Direct(socket), first: Vec::new(), wire, applied: None }
    }

    fn fd(&self) -> io::Result<BorrowedFd<'_>> {
        match &self.state {
            State::Direct(socket) => Ok(socket.as_fd()),
            State::Driven(stream) => Ok(stream.as_fd()),
            State::Lost => Err(io::ErrorKind::NotConnected.into()),
        }
    }

    /// Hands the socket to the runtime, once.
    fn driven(&mut self) -> io::Result<&TcpStream> {
        if let State::Direct(_) = self.state
            && let State::Direct(socket) = std::mem::replace(&mut self.state, State::Lost)
        {
            self.state = State::Driven(TcpStream::from_std(socket.into())?);
        }
        match &self.state {
            State::Driven(stream) => Ok(stream),
            State::Direct(_) | State::Lost => Err(io::ErrorKind::NotConnected.into()),
        }
    }

    /// Runs one non-blocking operation until it succeeds, fails, or has to wait for readiness.
    fn poll_io<T>(
        &mut self,
        cx: &mut Context<'_>,
        interest: Interest,
        mut operation: impl FnMut(BorrowedFd<'_>) -> Result<T, Errno>,
    ) -> Poll<io::Result<T>> {
        if let State::Direct(socket) = &self.state {
            match operation(socket.as_fd()) {
                Err(Errno::WOULDBLOCK | Errno::INTR) => {}
                done => return Poll::Ready(done.map_err(Into::into)),
            }
        }
        let stream = self.driven()?;
        loop {
            if interest.is_readable() {
                ready!(stream.poll_read_ready(cx))?;
            } else {
                ready!(stream.poll_write_ready(cx))?;
            }
            match stream.try_io(interest, || operation(stream.as_fd()).map_err(Into::into)) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                done => return Poll::Ready(done),
            }
        }
    }

    /// Reads what is there. False if nothing is yet; the end of the stream counts as something.
    pub(crate) fn look(&mut self) -> io::Result<bool> {
        let mut chunk = [MaybeUninit::<u8>::uninit(); READ_CHUNK];
        match rustix::net::recv(self.fd()?, &mut chunk, RecvFlags::empty()) {
            Ok(((read, _), _)) => {
                self.first.extend_from_slice(read);
                Ok(true)
            }
            Err(Errno::WOULDBLOCK | Errno::INTR) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// Waits for something to read, and reads it.
    pub(crate) fn poll_first(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        loop {
            ready!(self.driven()?.poll_read_ready(cx))?;
            let mut chunk = [MaybeUninit::<u8>::uninit(); READ_CHUNK];
            let stream = self.driven()?;
            let read = stream.try_io(Interest::READABLE, || {
                let ((read, _), _) = rustix::net::recv(stream.as_fd(), &mut chunk, RecvFlags::empty())?;
                Ok(read.to_vec())
            });
            match read {
                Ok(read) => {
                    self.first = read;
                    return Poll::Ready(Ok(()));
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Poll::Ready(Err(error)),
            }
        }
    }

    /// Brings the socket's hop limit to what the handler asked for.
    fn apply_hop_limit(&mut self) -> io::Result<()> {
        let wanted = self.wire.hop_limit();
        if wanted == self.applied {
            return Ok(());
        }
        if let Some(limit) = wanted {
            set_hop_limit(self.fd()?, self.wire.local(), limit)?;
        }
        self.applied = wanted;
        Ok(())
    }
}

fn set_hop_limit(socket: BorrowedFd<'_>, local: SocketAddr, limit: NonZeroU8) -> io::Result<()> {
    match local {
        SocketAddr::V4(_) => sockopt::set_ip_ttl(socket, limit.get().into())?,
        SocketAddr::V6(_) => sockopt::set_ipv6_unicast_hops(socket, Some(limit.get()))?,
    }
    Ok(())
}

/// Bytes taken from the kernel at once; a request head is a few hundred.
const READ_CHUNK: usize = 4096;

impl hyper::rt::Read for Socket<'_> {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        mut buf: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        let socket = self.get_mut();
        let room = buf.remaining().min(READ_CHUNK);
        if !socket.first.is_empty() {
            let taken = socket.first.len().min(room);
            buf.put_slice(&socket.first[..taken]);
            socket.first.drain(..taken);
            return Poll::Ready(Ok(()));
        }
        let mut chunk = [MaybeUninit::<u8>::uninit(); READ_CHUNK];
        socket.poll_io(cx, Interest::READABLE, |fd| {
            let ((read, _), _) = rustix::net::recv(fd, &mut chunk[..room], RecvFlags::empty())?;
            buf.put_slice(read);
            Ok(())
        })
    }
}

impl hyper::rt::Write for Socket<'_> {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let socket = self.get_mut();
        socket.apply_hop_limit()?;
        let written = ready!(
            socket.poll_io(cx, Interest::WRITABLE, |fd| { rustix::net::send(fd, buf, SendFlags::NOSIGNAL) })
        )?;
        socket.wire.progress.wrote(Instant::now());
        Poll::Ready(Ok(written))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

impl Transport for Socket<'_> {
    /// Closing sends the same FIN as ending our side. With unread bytes it would send a reset instead, which can
    /// overtake the answer.
    const DROP_ENDS: bool = true;

    fn poll_finish(&mut self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        rustix::net::shutdown(self.fd()?, Shutdown::Write)?;
        Poll::Ready(Ok(()))
    }
}

/// Any other byte stream, such as one half of an in-memory pipe.
#[derive(Debug)]
pub(crate) struct Stream<'w, T> {
    io: TokioIo<T>,
    wire: &'w Wire,
}

impl<'w, T> Stream<'w, T> {
    pub(crate) fn new(io: T, wire: &'w Wire) -> Self {
        Self { io: TokioIo::new(io), wire }
    }
}

impl<T: AsyncRead + Unpin> hyper::rt::Read for Stream<'_, T> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_read(cx, buf)
    }
}

impl<T: AsyncWrite + Unpin> hyper::rt::Write for Stream<'_, T> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let written = ready!(hyper::rt::Write::poll_write(Pin::new(&mut self.io), cx, buf))?;
        self.wire.progress.wrote(Instant::now());
        Poll::Ready(Ok(written))
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        hyper::rt::Write::poll_flush(Pin::new(&mut self.io), cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

impl<T: AsyncRead + AsyncWrite + Unpin> Transport for Stream<'_, T> {
    const DROP_ENDS: bool = false;

    fn poll_finish(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        hyper::rt::Write::poll_shutdown(Pin::new(&mut self.io), cx)
    }
}
