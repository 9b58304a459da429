//! Microseconds to recognise a file by its beginning, best of many rounds. `cargo bench -p onehop-logs`.
//! Nothing is asserted, as machines differ.

use onehop_logs::Layout;
use std::fmt::Write as _;
use std::hint::black_box;
use std::io::{self, Write as _};
use std::time::{Duration, Instant};

const ROUNDS: usize = 400;
const LINES: usize = 200;

/// The name of a sample, and its line with this number.
type Sample = (&'static str, fn(usize) -> String);

const SAMPLES: [Sample; 4] = [
    ("combined", |number| {
        format!(
            "203.0.113.{} - - [01/May/2024:00:00:{:02} +0000] \"GET /products/{number}?page=2 HTTP/1.1\" 200 {number}1 \
             \"https://www.example.com/\" \"Mozilla/5.0 (X11; Linux x86_64) Firefox/125.0\"",
            number % 256,
            number % 60
        )
    }),
    ("common", |number| {
        format!(
            "203.0.113.{} - - [01/May/2024:00:00:{:02} +0000] \"GET /p/{number} HTTP/1.1\" 200 5",
            number % 256,
            number % 60
        )
    }),
    ("json", |number| format!("{{\"level\":\"info\",\"n\":{number},\"url\":\"https://www.example.com/a\"}}")),
    ("nothing known", |number| {
        format!("worker {number} has taken a job of queue `mail` and is done with it")
    }),
];

fn main() -> io::Result<()> {
    let mut out = io::stdout().lock();
    for (name, line) in SAMPLES {
        let mut text = String::new();
        for number in 0..LINES {
            let _ = writeln!(text, "{}", line(number));
        }
        let mut best = Duration::MAX;
        for _ in 0..ROUNDS {
            let start = Instant::now();
            black_box(Layout::recognise(black_box(text.as_bytes())));
            best = best.min(start.elapsed());
        }
        let format = Layout::recognise(text.as_bytes()).format();
        writeln!(out, "{name:14} {:>8.1} µs  {}", best.as_secs_f64() * 1e6, format.as_str())?;
    }
    Ok(())
}
