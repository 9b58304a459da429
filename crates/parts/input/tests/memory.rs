//! Memory stays bounded whatever the input. A test program of its own, because it counts every allocation.

#![expect(unsafe_code, reason = "a counting allocator has to be one")]

use std::{
    alloc::{GlobalAlloc, Layout, System},
    io::{self, Read},
    sync::atomic::{AtomicUsize, Ordering},
};

use onehop_input::{Chunk, Options, Reader, Sink, SourceName, Totals};

struct Counting;

static HELD: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);

// JUSTIFICATION: only the allocator sees every allocation.
// SAFETY: every call goes to the system's allocator unchanged; counting touches nothing of it.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let held = HELD.fetch_add(layout.size(), Ordering::Relaxed) + layout.size();
        PEAK.fetch_max(held, Ordering::Relaxed);
        // SAFETY: the caller's promise about `layout` is passed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        HELD.fetch_sub(layout.size(), Ordering::Relaxed);
        // SAFETY: the caller's promise about both is passed on.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Bytes without a line end.
struct Endless(u64);

impl Read for Endless {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let size = usize::try_from(self.0).unwrap_or(usize::MAX).min(out.len());
        out[..size].fill(b'x');
        self.0 -= size as u64;
        Ok(size)
    }
}

#[derive(Default)]
struct Largest {
    chunk: usize,
    bytes: u64,
}

impl Sink for Largest {
    fn begin(&mut self, _: &SourceName) {}

    fn text(&mut self, chunk: Chunk<'_>) {
        self.chunk = self.chunk.max(chunk.bytes.len());
        self.bytes += chunk.bytes.len() as u64;
    }

    fn end(&mut self, _: &Totals) {}
}

/// What reading took, in bytes of memory at a time.
fn peak(work: impl FnOnce()) -> usize {
    let before = HELD.load(Ordering::Relaxed);
    PEAK.store(before, Ordering::Relaxed);
    work();
    PEAK.load(Ordering::Relaxed) - before
}

/// One test, because others would be counted with it.
#[test]
fn memory_is_bounded() {
    const GIB: u64 = 1 << 30;
    const MIB: usize = 1 << 20;
    let options = Options::default();
    let name = SourceName::new(b"in");

    let mut sink = Largest::default();
    let line = peak(|| {
        Reader::new(&options).read_from(&name, Endless(GIB), &mut sink);
    });
    assert_eq!(sink.bytes, GIB);
    assert!(sink.chunk <= 2 * MIB, "{}", sink.chunk);
    assert!(line <= 4 * MIB, "{line} bytes for a line of 1 GiB");

    let mut bomb = Vec::new();
    io::copy(&mut Endless(GIB / 8), &mut zstd::Encoder::new(&mut bomb, 3).unwrap().auto_finish()).unwrap();
    let mut sink = Largest::default();
    let decoding = peak(|| {
        let totals = Reader::new(&options).read_from(&name, &bomb[..], &mut sink);
        assert_eq!(totals.losses, 1, "a bomb of {} bytes", bomb.len());
    });
    assert!(decoding <= 16 * MIB, "{decoding} bytes for a bomb");

    let mut header = tar::Header::new_gnu();
    header.set_entry_type(tar::EntryType::GNULongName);
    header.set_path("x").unwrap();
    header.set_size(GIB / 8);
    header.set_cksum();
    let mut sink = Largest::default();
    let naming = peak(|| {
        let archive = header.as_bytes().chain(Endless(GIB / 8));
        Reader::new(&options).read_from(&name, archive, &mut sink);
    });
    assert!(naming <= 4 * MIB, "{naming} bytes for a name of 128 MiB");
}
