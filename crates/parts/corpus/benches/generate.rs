//! Lines and bytes a second, best of several rounds. `cargo bench -p onehop-corpus`. Nothing is asserted, as machines
//! differ. With a folder's name as argument, a small corpus is written there as `lines.log` and `labels.jsonl`.

use onehop_corpus::{Plan, SHARE_OF_PERCENT_LINES, generate, plain_log};
use std::io::{self, Write};
use std::path::PathBuf;
use std::time::Instant;

const ROUNDS: usize = 5;
const LINES: u64 = 100_000;
const BYTES: u64 = 50_000_000;

/// The shortest time of a few, in seconds.
fn best(mut run: impl FnMut() -> io::Result<()>) -> io::Result<f64> {
    let mut best = f64::INFINITY;
    for _ in 0..ROUNDS {
        let start = Instant::now();
        run()?;
        best = best.min(start.elapsed().as_secs_f64());
    }
    Ok(best)
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
fn rate(count: u64, seconds: f64) -> f64 {
    count as f64 / seconds
}

fn main() -> io::Result<()> {
    let folder = std::env::args().skip(1).find(|argument| !argument.starts_with('-')).map(PathBuf::from);
    if let Some(folder) = folder {
        let mut lines = io::BufWriter::new(std::fs::File::create(folder.join("lines.log"))?);
        let mut labels = io::BufWriter::new(std::fs::File::create(folder.join("labels.jsonl"))?);
        let plan = Plan { attempts: 20_000, benign: 80_000, ..Plan::default() };
        generate(&plan, &mut lines, &mut labels)?;
        return Ok(());
    }
    let mut out = io::stdout().lock();
    for (name, attempts) in [("harmless", 0), ("one in ten", LINES / 10), ("attempts", LINES)] {
        let plan = Plan { attempts, benign: LINES - attempts, ..Plan::default() };
        let seconds = best(|| generate(&plan, &mut io::sink(), &mut io::sink()).map(|_| ()))?;
        writeln!(out, "{name:12} {:>10.0} lines/s", rate(LINES, seconds))?;
    }
    let seconds = best(|| plain_log(1, BYTES, SHARE_OF_PERCENT_LINES, &mut io::sink()).map(|_| ()))?;
    writeln!(out, "{:12} {:>10.0} MB/s", "plain log", rate(BYTES, seconds) / 1e6)
}
