//! What decoding costs: linear time and bounded memory on the worst texts there are, and no allocation where nothing is
//! hidden.

#![expect(unsafe_code, reason = "a counting allocator has to be one")]

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use onehop_url::decode::{Depth, LAYERS_MAX, TEXT_MAX_BYTES, layers, layers_of};
use rustix::time::{ClockId, clock_gettime};
use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::hint::black_box;

/// What one thread allocates.
struct Counts {
    calls: Cell<usize>,
    held: Cell<usize>,
    peak: Cell<usize>,
}

impl Counts {
    fn add(&self, bytes: usize) {
        self.calls.set(self.calls.get() + 1);
        self.held.set(self.held.get() + bytes);
        self.peak.set(self.peak.get().max(self.held.get()));
    }

    /// The thread may free what another one allocated.
    fn sub(&self, bytes: usize) {
        self.held.set(self.held.get().saturating_sub(bytes));
    }
}

thread_local! {
    static COUNTS: Counts = const { Counts { calls: Cell::new(0), held: Cell::new(0), peak: Cell::new(0) } };
}

/// The system's allocator, counting.
struct Counting;

// SAFETY: every call is handed to `System` as it came; counting touches no memory that was asked for and allocates none.
// JUSTIFICATION: only an allocator sees allocations.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // A thread that ends has no counts any more.
        let _ = COUNTS.try_with(|counts| counts.add(layout.size()));
        // SAFETY: the caller keeps the contract of `alloc`, which is that of `System`.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        let _ = COUNTS.try_with(|counts| counts.sub(layout.size()));
        // SAFETY: the pointer came from `System`, through `alloc` above.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Allocations, and the most bytes held at once beyond those held before.
fn counted(call: impl FnOnce()) -> (usize, usize) {
    COUNTS.with(|counts| {
        let (calls, held) = (counts.calls.get(), counts.held.get());
        counts.peak.set(held);
        call();
        (counts.calls.get() - calls, counts.peak.get() - held)
    })
}

#[test]
fn the_counter_counts() {
    let (calls, bytes) = counted(|| drop(black_box(vec![0_u8; 100])));
    assert_eq!((calls, bytes), (1, 100));
}

#[test]
fn nothing_is_allocated_where_nothing_is_hidden() {
    for text in [
        "203.0.113.7 - - [01/Dec/2024:10:00:00 +0000] \"GET /a/b.html?page=20&size=3 HTTP/1.1\" 200 512 \"-\" \"curl/8\"",
        "2024-12-01T10:00:00Z app/name 203.0.113.7:5000 10.0.0.1:80 0.001 200 200 \"GET https://example.com:443/\"",
        "{\"level\":\"info\",\"url\":\"https://example.com/x-1_2.3\",\"id\":\"550e8400-e29b-41d4-a716-446655440000\"}",
        "1:a2:b3 100% \\d+ &c; #anchor =1 (x) {y} [z] QWxsIGlzIHdlbGw= 0123456789abcdef0123456789abcdef",
    ] {
        for depth in [Depth::Plain, Depth::Deep] {
            let (calls, _) = counted(|| assert_eq!(layers_of(text.as_bytes(), depth), []));
            assert_eq!(calls, 0, "{depth:?}: {text}");
        }
    }
}

/// A part, over and over, up to a length.
fn repeated(part: &str, length: usize) -> Vec<u8> {
    part.bytes().cycle().take(length).collect()
}

fn nested_base64(length: usize) -> Vec<u8> {
    let mut text = b"http://169.254.169.254/".to_vec();
    while text.len() < length {
        text = STANDARD.encode(&text).into_bytes();
    }
    text.truncate(length);
    text
}

/// The worst texts of a length, by what they are made of.
fn hostile(length: usize) -> Vec<(&'static str, Vec<u8>)> {
    let mut texts: Vec<_> = [
        ("percent in percent", "%25"),
        ("percent without end", "%252525"),
        ("an ampersand of ampersands", "&#x26;#x26;"),
        ("zeros without end", "&#0000"),
        ("base64 with URLs", "aHR0cDovL2E"),
        ("base64 with unreadable bytes before each URL", "____Omh0dHA6"),
        ("UTF-16 in base64", "aAB0AHQAcAA6AC8A"),
        ("zeros in base64", "A"),
        ("zeros in hexadecimal", "0"),
        ("a list of zeros", "00:00 "),
        ("a list of prefixes", "0x"),
        ("lists that end at once", "0x11:0x22,"),
        ("a URL in base32", "NB2HI4B2F4XQ"),
        ("reversed URLs", "a//:ptth "),
        ("almost reversed", ":ptt"),
        ("breaks without end", "h\t\t\t\t"),
        ("schemes with breaks", "h\tt\tt\tp\t:\t"),
        ("written breaks", "h\\t\\n"),
        ("backslashes", "\\"),
        ("surrogates", "\\ud835"),
        ("overlong", "\u{0}"),
        ("every sign", "%2541\\u0041\\/&amp;\\x41%u0041\\101[.]=3D#41-2F_2F.2F\t"),
        ("defanged", "hxxp[.]"),
        ("braces", "\\u{"),
    ]
    .map(|(name, part)| (name, repeated(part, length)))
    .into();
    texts.push(("base64 in base64", nested_base64(length)));
    texts.push(("one word, reversed", [b":ptth".to_vec(), repeated("x", length - 5)].concat()));
    for overlong in [&b"\xc0"[..], b"\xfc\x80\x80\x80\x80\xae", b"\xfc\x80\x80\x80\x80"] {
        let text = overlong.iter().copied().cycle().take(length).collect();
        texts.push(("overlong", text));
    }
    texts
}

#[test]
fn memory_is_a_small_multiple_of_the_text() {
    for (name, text) in hostile(TEXT_MAX_BYTES) {
        let (_, peak) = counted(|| {
            let found = layers(&text);
            let kept: usize = found.iter().map(|layer| layer.text.len()).sum();
            assert!(found.len() <= LAYERS_MAX && kept <= 8 * text.len(), "{name}: {kept} bytes");
        });
        assert!(peak <= 16 * text.len(), "{name}: {peak} bytes at once");
    }
}

/// The least processor time of several runs, in nanoseconds. Time on the wall would count what else the machine does.
fn time(text: &[u8]) -> i64 {
    let now = || {
        let now = clock_gettime(ClockId::ThreadCPUTime);
        now.tv_sec * 1_000_000_000 + now.tv_nsec
    };
    let once = |()| {
        let start = now();
        black_box(layers(black_box(text)));
        now() - start
    };
    std::iter::repeat_n((), 2).map(once).min().unwrap_or_default()
}

/// Sixteen times the text takes about sixteen times as long, where a quadratic reader would take 256 times.
#[test]
fn time_is_linear() {
    let long = hostile(TEXT_MAX_BYTES / 2);
    for ((name, short), (_, long)) in hostile(TEXT_MAX_BYTES / 32).iter().zip(&long) {
        let (short, long) = (time(short), time(long));
        assert!(long < 40 * short.max(20_000), "{name}: {short} ns, then {long} ns");
    }
}

#[test]
fn longer_text_is_cut() {
    let text = [repeated("x", TEXT_MAX_BYTES), b"%3A".to_vec()].concat();
    assert_eq!(layers(&text), []);
}
