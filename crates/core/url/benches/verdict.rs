//! Nanoseconds a verdict, beside `url::Url::parse` of the same URLs in the same run. `cargo bench -p onehop-url`.
//!
//! Budgets are printed beside the ratio and nothing is asserted but the allocations: an allowed ordinary URL costs none.

#![expect(unsafe_code, reason = "a counting allocator has to be one")]

use onehop_url::{Policy, Strictness, UrlChecker};
use std::alloc::{GlobalAlloc, Layout, System};
use std::fmt::Write as _;
use std::hint::black_box;
use std::io::{self, Write};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

static ALLOCATIONS: AtomicU64 = AtomicU64::new(0);

/// The system's allocator, counting.
struct Counting;

// SAFETY: every call is handed to `System` as it came; counting touches no memory that was asked for.
// JUSTIFICATION: only an allocator sees allocations.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.fetch_add(1, Ordering::Relaxed);
        // SAFETY: the caller keeps the contract of `alloc`, which is that of `System`.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: the pointer came from `System`, through `alloc` above.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

const ORDINARY: &[&str] = &[
    "https://example.com/",
    "https://api.github.com/repos/rust-lang/rust/issues?page=2",
    "https://s3.eu-west-1.amazonaws.com/bucket/key/image.png",
    "http://www.example.org:8080/a/b/c.html#part",
    "https://hooks.slack.com/services/T000/B000/made-up",
    "https://8.8.8.8/dns-query?name=example.com",
    "https://[2606:4700:4700::1111]/",
    "https://cdn.jsdelivr.net/npm/package@1.2.3/dist/index.min.js",
];

const HOSTILE: &[&str] = &[
    "http://2852039166/latest/meta-data/",
    "http://0251.0376.43518/",
    "http://169。254。169。254/",
    "http://1.1.1.1:80\\@169.254.169.254/",
    "http://user:secret@169.254.169.254/",
    "http://%31%36%39.254.169.254/",
    "http://[::ffff:a9fe:a9fe]/",
    "http:\\\\127.0.0.1\\",
    "ht\ttp://local\nhost/",
    "http://①②⑦.⓪.⓪.①/",
    "http:///169.254.169.254/",
    "gopher://127.0.0.1:25/_x",
];

fn best<'u>(urls: &[&'u str], mut call: impl FnMut(&'u str)) -> f64 {
    let (mut best, calls) = (f64::INFINITY, 4_000_u32);
    for _ in 0..400 {
        let start = Instant::now();
        for url in urls.iter().cycle().take(calls as usize) {
            call(black_box(url));
        }
        best = best.min(start.elapsed().as_secs_f64() * 1e9 / f64::from(calls));
    }
    best
}

fn verdict(checker: &UrlChecker, url: &str) {
    let _ = black_box(checker.check(url.as_bytes()).is_ok());
}

fn policy(text: &str) -> UrlChecker {
    UrlChecker::new(Strictness::Strict).with_policy(Policy::parse(text).expect("a policy"))
}

fn hosts(count: u32) -> UrlChecker {
    let names = (0..count).fold(String::new(), |mut text, at| {
        let _ = write!(text, "\"*.h{at}.example.net\", ");
        text
    });
    policy(&format!("[policy]\nid = \"hosts\"\n[[deny]]\nhosts = [{names}]\n"))
}

fn networks(count: u32) -> UrlChecker {
    // Spread over the whole space: an odd multiplier visits every /24 once.
    let networks = (0..count).fold(String::new(), |mut text, at| {
        let network = at.wrapping_mul(0x9e37_79b1) & 0x00ff_ffff;
        let [_, a, b, c] = network.to_be_bytes();
        let _ = if [a, b, c] == [8, 8, 8] { Ok(()) } else { write!(text, "\"{a}.{b}.{c}.0/24\", ") };
        text
    });
    policy(&format!("[policy]\nid = \"networks\"\n[[deny]]\ncidrs = [{networks}]\n"))
}

fn row(out: &mut impl Write, name: &str, ours: f64, base: f64, budget: f64) -> io::Result<()> {
    writeln!(out, "{name:36} {ours:8.1} ns {base:8.1} ns {:6.2} (budget {budget})", ours / base)
}

fn main() -> io::Result<()> {
    let mut out = io::stdout().lock();
    let strict = UrlChecker::new(Strictness::Strict);
    let before = ALLOCATIONS.load(Ordering::Relaxed);
    for url in ORDINARY {
        assert!(strict.check(url.as_bytes()).is_ok(), "{url} is allowed");
    }
    let allocated = ALLOCATIONS.load(Ordering::Relaxed) - before;
    assert_eq!(allocated, 0, "allocations for {} ordinary URLs", ORDINARY.len());
    writeln!(out, "allocations for {} ordinary URLs: {allocated}", ORDINARY.len())?;
    writeln!(out, "{:36} {:>11} {:>11} {:>6}", "", "ours", "beside", "ratio")?;
    let parse = |urls: &[&str]| best(urls, |url| drop(black_box(url::Url::parse(url))));
    row(
        &mut out,
        "ordinary, beside Url::parse",
        best(ORDINARY, |url| verdict(&strict, url)),
        parse(ORDINARY),
        1.0,
    )?;
    row(
        &mut out,
        "hostile, beside Url::parse",
        best(HOSTILE, |url| verdict(&strict, url)),
        parse(HOSTILE),
        3.0,
    )?;
    let (few, many) = (hosts(10), hosts(10_000));
    let names = &ORDINARY[..5];
    let (few, many) = (best(names, |url| verdict(&few, url)), best(names, |url| verdict(&many, url)));
    row(&mut out, "10,000 host rules, beside ten", many, few, 2.0)?;
    let (few, many) = (networks(10), networks(100_000));
    let literals = ["http://8.8.8.8/", "http://8.8.8.9/x", "http://8.8.8.10/y", "http://8.8.8.250/z"];
    let (few, many) = (best(&literals, |url| verdict(&few, url)), best(&literals, |url| verdict(&many, url)));
    row(&mut out, "100,000 networks, beside ten", many, few, 2.0)?;
    for url in ORDINARY {
        let (ours, base) = (best(&[url], |url| verdict(&strict, url)), parse(&[url]));
        row(&mut out, &url[..url.len().min(36)], ours, base, 1.0)?;
    }
    for url in HOSTILE {
        let (ours, base) = (best(&[url], |url| verdict(&strict, url)), parse(&[url]));
        let shown: String = url.escape_debug().take(36).collect();
        row(&mut out, &shown, ours, base, 3.0)?;
    }
    Ok(())
}
