//! The last bytes of a connection: fixed answers, and an end that does not destroy them.
//!
//! A close with unread bytes in the socket makes the kernel send a reset, and a reset can reach the client before it
//! has read the answer. So where bytes may be left, our side is ended first and what still arrives is thrown away,
//! for a bounded time and a bounded amount.

use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::task::{Poll, ready};
use std::time::Duration;

use hyper::rt::ReadBuf;

use crate::socket::Transport;

/// For bytes that hyper refuses without a word, such as the preface of HTTP/2.
pub(crate) const BAD_REQUEST: &[u8] =
    b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

/// For a client that sent no complete request head in time.
pub(crate) const REQUEST_TIMEOUT: &[u8] =
    b"HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

/// For a connection over the cap.
pub(crate) const TOO_MANY_CONNECTIONS: &[u8] =
    b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

/// How long the end of a connection may take when the client still has something to send.
const LINGER: Duration = Duration::from_millis(500);

/// How much of it is read at most.
const LINGER_BYTES: usize = 256 * 1024;

/// Writes `last_words`, ends our side and, where bytes may be `unread`, discards what still arrives.
pub(crate) async fn finish<T: Transport>(
    transport: &mut T,
    last_words: &[u8],
    unread: bool,
) -> io::Result<()> {
    if last_words.is_empty() && !unread && T::DROP_ENDS {
        return Ok(());
    }
    tokio::time::timeout(LINGER, async {
        write_all(transport, last_words).await?;
        poll_fn(|cx| transport.poll_finish(cx)).await?;
        if unread { discard(transport).await } else { Ok(()) }
    })
    .await
    .map_err(|_| io::ErrorKind::TimedOut)?
}

async fn write_all<T: Transport>(transport: &mut T, mut bytes: &[u8]) -> io::Result<()> {
    poll_fn(|cx| {
        while !bytes.is_empty() {
            let written = ready!(Pin::new(&mut *transport).poll_write(cx, bytes))?;
            if written == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            bytes = &bytes[written.min(bytes.len())..];
        }
        Pin::new(&mut *transport).poll_flush(cx)
    })
    .await
}

/// Reads until the peer ends its side, or [`LINGER_BYTES`].
async fn discard<T: Transport>(transport: &mut T) -> io::Result<()> {
    let mut left = LINGER_BYTES;
    poll_fn(|cx| {
        // Inside, so that it is no part of every connection's task.
        let mut scratch = [0_u8; 1024];
        while left > 0 {
            let mut buffer = ReadBuf::new(&mut scratch);
            ready!(Pin::new(&mut *transport).poll_read(cx, buffer.unfilled()))?;
            let read = buffer.filled().len();
            if read == 0 {
                break;
            }
            left = left.saturating_sub(read);
        }
        Poll::Ready(Ok(()))
    })
    .await
}

/// Writes what the socket takes at once and nothing more.
pub(crate) async fn write_now<T: Transport>(transport: &mut T, last_words: &[u8]) {
    poll_fn(|cx| {
        let _ = Pin::new(&mut *transport).poll_write(cx, last_words);
        Poll::Ready(())
    })
    .await;
}
