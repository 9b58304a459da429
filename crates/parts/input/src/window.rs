//! A part of a file as memory, without a copy.
//!
//! ```text
//! file ─mmap─▶ window ─▶ read like a slice
//!                │ the file shrinks, or its disk fails: the kernel sends SIGBUS
//!                ▼
//!             handler: the rest of the window becomes zeros, and the window says that it is torn
//! ```
//! Whether that is faster than a copy is for [`crate::stretch`] to find out. Only a window of a file is mapped at a time:
//! memory that is mapped counts as the process's own.
//!
//! # Failure
//! What cannot be mapped gives no window, and is read in the usual way. A window that is torn holds zeros from somewhere
//! on; whoever reads it asks afterwards. Bytes that another process changes are seen as they were or as they are.

#![expect(
    unsafe_code,
    reason = "JUSTIFICATION: the bar is the speed of programs that map files; reading costs more than looking. Mapping, \
              and the handler without which a file that shrinks would end the process, are all there is."
)]

use std::{
    fs::File,
    io,
    os::fd::AsRawFd as _,
    ptr,
    sync::{
        OnceLock,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

use libc::{c_int, c_void, siginfo_t};

/// Windows that there can be at a time, in all threads.
const WINDOWS_MAX: usize = 64;
/// Windows begin at multiples of this in their file: of the size of a page on every machine.
const ALIGNMENT: u64 = 64 << 10;

/// Where a window is, as the handler finds it. `start` is 0 for none, 1 while it is being made.
struct Slot {
    start: AtomicUsize,
    end: AtomicUsize,
    is_torn: AtomicBool,
}

static SLOTS: [Slot; WINDOWS_MAX] = [const {
    Slot { start: AtomicUsize::new(0), end: AtomicUsize::new(0), is_torn: AtomicBool::new(false) }
}; WINDOWS_MAX];
/// What happened at the signal before; `None` if windows are impossible here.
static BEFORE: OnceLock<Option<libc::sigaction>> = OnceLock::new();

/// A part of a file.
pub(crate) struct Window {
    slot: &'static Slot,
    start: *mut c_void,
    mapped: usize,
    /// Bytes before the first one that was asked for.
    lead: usize,
}

impl Window {
    /// The `length` bytes of the file at `from`, all of which it has. `None` if they cannot be mapped.
    pub(crate) fn open(file: &File, from: u64, length: usize) -> Option<Window> {
        BEFORE.get_or_init(watch).as_ref()?;
        let lead = usize::try_from(from % ALIGNMENT).ok()?;
        let offset = libc::off_t::try_from(from - from % ALIGNMENT).ok()?;
        let mapped = length.checked_add(lead)?;
        let slot = SLOTS
            .iter()
            .find(|slot| slot.start.compare_exchange(0, 1, Ordering::Acquire, Ordering::Relaxed).is_ok())?;
        // SAFETY: a mapping at a place of the kernel's choice touches no memory that is in use.
        let start = unsafe {
            libc::mmap(ptr::null_mut(), mapped, libc::PROT_READ, libc::MAP_SHARED, file.as_raw_fd(), offset)
        };
        if start == libc::MAP_FAILED || start.is_null() {
            slot.start.store(0, Ordering::Release);
            return None;
        }
        slot.is_torn.store(false, Ordering::Relaxed);
        slot.end.store(start as usize + mapped, Ordering::Relaxed);
        slot.start.store(start as usize, Ordering::Release);
        // All pages are asked for at once: one fault for each 16 of them would stop the processor's reading ahead as often.
        // SAFETY: advice on the mapping that was just made. It is no more than advice, and older kernels do not know it.
        unsafe { libc::madvise(start, mapped, libc::MADV_POPULATE_READ) };
        Some(Window { slot, start, mapped, lead })
    }

    /// The bytes.
    pub(crate) fn bytes(&self) -> &[u8] {
        // SAFETY: the mapping is as long as that, is read only, and lives as long as this borrow; where its pages go
        // away, the handler puts others in their place.
        let whole = unsafe { std::slice::from_raw_parts(self.start.cast::<u8>(), self.mapped) };
        &whole[self.lead..]
    }

    /// Whether zeros have taken the place of some bytes.
    pub(crate) fn is_torn(&self) -> bool {
        self.slot.is_torn.load(Ordering::Acquire)
    }
}

impl Drop for Window {
    fn drop(&mut self) {
        // SAFETY: the mapping is this window's, and nothing borrows from it any more.
        unsafe { libc::munmap(self.start, self.mapped) };
        self.slot.start.store(0, Ordering::Release);
    }
}

/// Sets the handler up. What was there before, if that worked.
fn watch() -> Option<libc::sigaction> {
    // SAFETY: all zeros is a `sigaction`, and asking for the present one changes nothing.
    let (asked, before) = unsafe {
        let mut before: libc::sigaction = std::mem::zeroed();
        (libc::sigaction(libc::SIGBUS, ptr::null(), &raw mut before), before)
    };
    // SAFETY: as above; the handler has the form that SA_SIGINFO asks for.
    let set = unsafe {
        let mut action: libc::sigaction = std::mem::zeroed();
        action.sa_sigaction = on_fault as *const () as usize;
        action.sa_flags = libc::SA_SIGINFO | libc::SA_ONSTACK | libc::SA_RESTART;
        libc::sigaction(libc::SIGBUS, &raw const action, ptr::null_mut())
    };
    (asked == 0 && set == 0).then_some(before)
}

/// Puts zeros behind a window whose file is gone. For any other fault, what was there before happens again.
///
/// Calls nothing but the kernel and reads nothing but atomics: any code may have been interrupted.
extern "C" fn on_fault(signal: c_int, info: *mut siginfo_t, _context: *mut c_void) {
    // SAFETY: the kernel hands over a valid one to a handler with SA_SIGINFO.
    let address = unsafe { (*info).si_addr() } as usize;
    if SLOTS.iter().any(|slot| replace(slot, address)) {
        return;
    }
    // `watch` may not have come to its end, or no handler was there.
    if let Some(Some(before)) = BEFORE.get() {
        // SAFETY: it is an action that the kernel had given.
        unsafe { libc::sigaction(signal, before, ptr::null_mut()) };
    } else {
        // SAFETY: the default of a signal is always a valid action.
        unsafe { libc::signal(signal, libc::SIG_DFL) };
    }
}

/// Puts zeros in the place of a window from this address on, if it has it.
fn replace(slot: &Slot, address: usize) -> bool {
    let (start, end) = (slot.start.load(Ordering::Acquire), slot.end.load(Ordering::Relaxed));
    if start <= 1 || !(start..end).contains(&address) {
        return false;
    }
    // SAFETY: asks for a number.
    let page = usize::try_from(unsafe { libc::sysconf(libc::_SC_PAGESIZE) }).unwrap_or(4096);
    let from = address - address % page;
    // SAFETY: these pages belong to the window, whose own mapping this replaces in place; it stays read only.
    let zeros = unsafe {
        let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_FIXED;
        libc::mmap(from as *mut c_void, end - from, libc::PROT_READ, flags, -1, 0)
    };
    slot.is_torn.store(true, Ordering::Release);
    zeros != libc::MAP_FAILED
}

/// Whether the file still has `length` bytes.
pub(crate) fn reaches(file: &File, length: u64) -> io::Result<bool> {
    Ok(file.metadata()?.len() >= length)
}

#[cfg(test)]
mod tests {
    use super::{Window, reaches};
    use std::io::Write as _;

    fn log(bytes: usize) -> std::fs::File {
        let mut file = tempfile::tempfile().expect("a temporary file");
        file.write_all(&vec![b'x'; bytes]).expect("room for it");
        file
    }

    #[test]
    fn a_window_begins_anywhere() {
        let mut file = log(300_000);
        file.write_all(b"end").expect("room for it");
        let window = Window::open(&file, 299_999, 4).expect("it can be mapped");
        assert_eq!(window.bytes(), b"xend");
        assert!(!window.is_torn());
    }

    #[test]
    fn what_a_file_loses_under_a_window_reads_as_zeros() {
        let file = log(1 << 20);
        let window = Window::open(&file, 0, 1 << 20).expect("it can be mapped");
        assert_eq!(window.bytes()[1 << 19], b'x');
        file.set_len(4096).expect("it can be cut");
        assert!(!window.is_torn() && !reaches(&file, 1 << 20).expect("it has a length"));
        assert_eq!((window.bytes()[4095], window.bytes()[(1 << 20) - 1]), (b'x', 0));
        assert!(window.is_torn());
    }
}
