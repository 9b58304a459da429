//! `TCP_DEFER_ACCEPT` (tcp(7)): a connection is handed over when its first bytes are there.
//!
//! Without it a client that connects and asks in one breath is accepted before its request has arrived, and each
//! connection costs an empty read, two changes of the event loop's list and a wake-up more. A client that says nothing is handed over after a second, and its time to send a head begins then.
//!
//! A kernel that refuses the option only makes connections dearer, so a failure is ignored.

use std::os::fd::{AsRawFd as _, BorrowedFd};

/// After so many seconds a silent connection is handed over too; the kernel rounds to its retransmissions.
const SECONDS: libc::c_int = 1;
const SECONDS_SIZE: libc::socklen_t = 4;
const _: () = assert!(size_of::<libc::c_int>() == SECONDS_SIZE as usize);

/// Sets the option on a listener.
// JUSTIFICATION: neither rustix, socket2 nor nix wraps this option.
#[expect(unsafe_code, reason = "one setsockopt without a safe wrapper")]
pub(crate) fn defer_accept(listener: BorrowedFd<'_>) {
    let value = SECONDS;
    // SAFETY: the descriptor is open for the length of the borrow; the pointer is to a `c_int` that outlives the
    // call, and the length is its size.
    let _ = unsafe {
        libc::setsockopt(
            listener.as_raw_fd(),
            libc::IPPROTO_TCP,
            libc::TCP_DEFER_ACCEPT,
            (&raw const value).cast(),
            SECONDS_SIZE,
        )
    };
}
