//! From a listener to a task per connection.
//!
//! ```text
//! accept ─▶ place under the cap? ─yes─▶ admit, serve
//!              └─no─▶ 503, close
//! ```
//!
//! How it fails: an `accept` that fails is counted and tried again, after a pause where the cause (out of files or
//! memory) needs time to pass.

use std::io;
use std::net::SocketAddr;
use std::os::fd::{AsFd, OwnedFd};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec};
use rustix::io::Errno;
use rustix::net::SocketFlags;
use tokio::io::unix::AsyncFd;
use tokio::time::sleep;

use crate::connection::{self, Context, Watched};
use crate::opening::{Opening, opening};
use crate::reject::{self, TOO_MANY_CONNECTIONS};
use crate::run::{Place, Shared};
use crate::socket::Socket;
use crate::{Accepted, ConnectionEvent, Handler, Wire};

/// Connections taken from one listener before the others, and the answers, get their turn.
const ACCEPT_BATCH: usize = 64;

/// Pause after an `accept` that failed for want of files or memory.
const ACCEPT_PAUSE: Duration = Duration::from_millis(20);

/// Refusals at one time that wait for the client to read them; beyond it they are sent and closed at once.
const REJECTIONS_AT_ONCE: usize = 256;

/// Takes connections from one listener until the stop.
pub(crate) async fn accept_loop<H: Handler>(
    listener: AsyncFd<OwnedFd>,
    address: SocketAddr,
    shared: Arc<Shared<H>>,
) {
    let mut stopped = pin!(shared.stop.triggered());
    loop {
        let ready = tokio::select! {
            biased;
            () = &mut stopped => return,
            ready = listener.readable() => ready,
        };
        // Only a runtime that is ending refuses to wait.
        let Ok(mut ready) = ready else { return };
        for taken in 0..ACCEPT_BATCH {
            // A look at the queue is far cheaper than an `accept` that finds it empty.
            if taken > 0 && is_empty(ready.get_inner()) {
                ready.clear_ready();
                break;
            }
            match ready.try_io(|listener| accept(listener.get_ref())) {
                Err(_would_block) => break,
                Ok(Ok((socket, peer))) => dispatch(socket, peer, address, &shared),
                Ok(Err(error)) => {
                    shared.handler.observe(ConnectionEvent::AcceptFailed);
                    if is_exhaustion(&error) {
                        sleep(ACCEPT_PAUSE).await;
                        break;
                    }
                }
            }
        }
        tokio::task::yield_now().await;
    }
}

fn accept(listener: &OwnedFd) -> io::Result<(OwnedFd, SocketAddr)> {
    let flags = SocketFlags::CLOEXEC | SocketFlags::NONBLOCK;
    let (socket, peer) = rustix::net::acceptfrom_with(listener.as_fd(), flags)?;
    let peer = peer.ok_or(Errno::AFNOSUPPORT)?.try_into()?;
    Ok((socket, peer))
}

/// Whether no connection waits. When in doubt, one does.
fn is_empty(listener: &OwnedFd) -> bool {
    let mut listener = [PollFd::new(listener, PollFlags::IN)];
    matches!(rustix::event::poll(&mut listener, Some(&Timespec::default())), Ok(0))
}

/// Whether trying again at once would fail again. Other failures concern one connection that is already gone.
fn is_exhaustion(error: &io::Error) -> bool {
    matches!(Errno::from_io_error(error), Some(Errno::MFILE | Errno::NFILE | Errno::NOBUFS | Errno::NOMEM))
}

/// Gives a connection its task, or its refusal.
fn dispatch<H: Handler>(socket: OwnedFd, peer: SocketAddr, listening: SocketAddr, shared: &Arc<Shared<H>>) {
    if let Some(place) = shared.enter() {
        tokio::spawn(serve(socket, peer, listening, Arc::clone(shared), place));
    } else {
        shared.handler.observe(ConnectionEvent::TooManyConnections);
        tokio::spawn(refuse(socket, peer, listening, Arc::clone(shared)));
    }
}

async fn serve<H: Handler>(
    socket: OwnedFd,
    peer: SocketAddr,
    listening: SocketAddr,
    shared: Arc<Shared<H>>,
    place: Place<H>,
) {
    let handler = &*shared.handler;
    let watched = Watched::begin(handler);
    let local = local_address(&socket, listening);
    let caller = handler.admit(&Accepted { peer, local, socket: Some(socket.as_fd()) });
    if handler.turns_away(&caller) {
        handler.observe(ConnectionEvent::TurnedAway);
        drop((caller, place, watched));
        return refuse(socket, peer, listening, shared).await;
    }
    // Dropped in the reverse order, so that a reported end has left its place free.
    let (_watched, _place) = (watched, place);
    let wire = Wire::new(peer, local);
    let mut socket = Socket::new(socket, &wire);
    let context =
        Context { handler, caller: &caller, wire: &wire, limits: &shared.limits, stop: &shared.stop };
    match opening(&mut socket, &shared.limits, &shared.stop).await {
        // On the heap by itself: a task that waits for its first byte stays small.
        Opening::Begun => Box::pin(connection::serve(socket, context, &shared.builder)).await,
        Opening::Late => connection::late(socket, handler, &wire).await,
        Opening::Over => {}
        Opening::Failed => handler.observe(ConnectionEvent::IoError),
    }
}

/// The listener's address says it all unless it is a wildcard.
fn local_address(socket: &OwnedFd, listening: SocketAddr) -> SocketAddr {
    if !listening.ip().is_unspecified() {
        return listening;
    }
    rustix::net::getsockname(socket).and_then(SocketAddr::try_from).unwrap_or(listening)
}

/// Tells one connection over the cap that it is. Clients that read slowly must not pile up here, or the cap would
/// mean nothing.
async fn refuse<H: Handler>(
    socket: OwnedFd,
    peer: SocketAddr,
    listening: SocketAddr,
    shared: Arc<Shared<H>>,
) {
    let wire = Wire::new(peer, listening);
    let mut socket = Socket::new(socket, &wire);
    if shared.rejecting.fetch_add(1, Ordering::AcqRel) < REJECTIONS_AT_ONCE {
        let _ = reject::finish(&mut socket, TOO_MANY_CONNECTIONS, true).await;
    } else {
        reject::write_now(&mut socket, TOO_MANY_CONNECTIONS).await;
    }
    shared.rejecting.fetch_sub(1, Ordering::AcqRel);
}
