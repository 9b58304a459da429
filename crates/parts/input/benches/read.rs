//! Gigabytes a second from cached files, beside the bare calls on the same files in the same run.
//! `cargo bench -p onehop-input [-- LOG]`; without a log it makes one. The best of all rounds counts: noise only slows.

use std::{
    error::Error,
    fs::File,
    io::{self, Read, Write},
    path::{Path, PathBuf},
    time::Instant,
};

use onehop_input::{Chunk, Options, Place, Reader, Sink, Source, SourceName, Totals};

const ROUNDS: usize = 15;
const MADE_BYTES: usize = 256 << 20;
/// How much of the log is compressed.
const PACKED_BYTES: u64 = 128 << 20;

/// Looks at every byte, as fast as a processor can.
#[derive(Default)]
struct Look {
    bytes: u64,
    found: usize,
    touch: bool,
}

impl Look {
    fn look(&mut self, bytes: &[u8]) {
        self.bytes += bytes.len() as u64;
        if self.touch {
            self.found += usize::from(memchr::memchr2(1, 2, bytes).is_some());
        }
    }
}

impl Sink for Look {
    fn begin(&mut self, _: &SourceName) {}

    fn text(&mut self, chunk: Chunk<'_>) {
        self.look(chunk.bytes);
    }

    fn end(&mut self, totals: &Totals) {
        assert_eq!(totals.losses, 0, "{:?}", totals.lost);
    }
}

type Outcome<T> = Result<T, Box<dyn Error>>;

/// Reads to the end through one buffer.
fn bare(mut input: impl Read, look: &mut Look) -> Outcome<()> {
    let mut buffer = vec![0; 256 << 10];
    loop {
        match input.read(&mut buffer)? {
            0 => return Ok(()),
            count => look.look(&buffer[..count]),
        }
    }
}

fn ours(path: &Path, chunk_bytes: usize, look: &mut Look) -> Outcome<()> {
    let mut options = Options::default();
    options.chunk_bytes = chunk_bytes;
    let source = Source { index: 0, place: Place::File(path.to_owned()), size: None };
    Reader::new(&options).read(&source, look)?;
    Ok(())
}

fn gzip_bare(path: &Path, look: &mut Look) -> Outcome<()> {
    let input = io::BufReader::with_capacity(256 << 10, File::open(path)?);
    bare(flate2::bufread::MultiGzDecoder::new(input), look)
}

fn zstd_bare(path: &Path, look: &mut Look) -> Outcome<()> {
    let input = io::BufReader::with_capacity(256 << 10, File::open(path)?);
    bare(zstd::Decoder::with_buffer(input)?, look)
}

type Work<'r> = Box<dyn Fn(&mut Look) -> Outcome<()> + 'r>;

struct Row<'r> {
    name: &'static str,
    work: Work<'r>,
    touch: bool,
    best: f64,
}

fn make_log(path: &Path) -> io::Result<()> {
    let mut file = io::BufWriter::new(File::create(path)?);
    let (mut noise, mut written) = (1_u64, 0);
    while written < MADE_BYTES {
        noise = noise.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        let line = format!(
            "203.0.113.{} - - [01/Jan/2026:00:00:00 +0000] \"GET /articles/{}/view?page={} HTTP/1.1\" 200 {} \"-\" \
             \"Mozilla/5.0 (X11; Linux x86_64)\"\n",
            noise >> 56,
            noise >> 47 & 0xfff,
            noise >> 40 & 0x3f,
            noise >> 33 & 0xffff
        );
        file.write_all(line.as_bytes())?;
        written += line.len();
    }
    file.flush()
}

fn main() -> Outcome<()> {
    let directory = tempfile::tempdir()?;
    let log: PathBuf = match std::env::args().skip(1).find(|argument| !argument.starts_with("--")) {
        Some(path) => path.into(),
        None => directory.path().join("log"),
    };
    if !log.exists() {
        make_log(&log)?;
    }
    let (gz, zst) = (directory.path().join("gz"), directory.path().join("zst"));
    let head = || File::open(&log).map(|file| file.take(PACKED_BYTES));
    let mut encoder = flate2::write::GzEncoder::new(File::create(&gz)?, flate2::Compression::new(6));
    io::copy(&mut head()?, &mut encoder)?;
    encoder.finish()?;
    zstd::stream::copy_encode(head()?, File::create(&zst)?, 3)?;

    let row = |name, touch, work| Row { name, work, touch, best: 0.0 };
    let mut rows = [
        row(
            "plain, read() alone",
            false,
            Box::new(|look: &mut Look| bare(File::open(&log)?, look)) as Box<_>,
        ),
        row("plain, chunks of 64 KiB", false, Box::new(|look: &mut Look| ours(&log, 64 << 10, look))),
        row("plain, chunks of 128 KiB", false, Box::new(|look: &mut Look| ours(&log, 128 << 10, look))),
        row("plain, chunks of 256 KiB", false, Box::new(|look: &mut Look| ours(&log, 256 << 10, look))),
        row("plain, chunks of 512 KiB", false, Box::new(|look: &mut Look| ours(&log, 512 << 10, look))),
        row("plain, chunks of 1 MiB", false, Box::new(|look: &mut Look| ours(&log, 1 << 20, look))),
        row("and searched, read() alone", true, Box::new(|look: &mut Look| bare(File::open(&log)?, look))),
        row("and searched, 64 KiB", true, Box::new(|look: &mut Look| ours(&log, 64 << 10, look))),
        row("and searched, 128 KiB", true, Box::new(|look: &mut Look| ours(&log, 128 << 10, look))),
        row("and searched, 256 KiB", true, Box::new(|look: &mut Look| ours(&log, 256 << 10, look))),
        row("and searched, 512 KiB", true, Box::new(|look: &mut Look| ours(&log, 512 << 10, look))),
        row("and searched, 1 MiB", true, Box::new(|look: &mut Look| ours(&log, 1 << 20, look))),
        row("gzip, flate2 alone", false, Box::new(|look: &mut Look| gzip_bare(&gz, look))),
        row("gzip, ours", false, Box::new(|look: &mut Look| ours(&gz, 256 << 10, look))),
        row("zstd, zstd alone", false, Box::new(|look: &mut Look| zstd_bare(&zst, look))),
        row("zstd, ours", false, Box::new(|look: &mut Look| ours(&zst, 256 << 10, look))),
    ];
    for _ in 0..ROUNDS {
        for row in &mut rows {
            let mut look = Look { touch: row.touch, ..Look::default() };
            let began = Instant::now();
            (row.work)(&mut look)?;
            let seconds = began.elapsed().as_secs_f64();
            assert_eq!(look.found, 0);
            #[expect(clippy::cast_precision_loss, reason = "a rate")]
            let rate = look.bytes as f64 / seconds / 1e9;
            row.best = row.best.max(rate);
        }
    }
    let mut out = io::stdout().lock();
    for row in rows {
        writeln!(out, "{:28} {:6.2} GB/s", row.name, row.best)?;
    }
    Ok(())
}
