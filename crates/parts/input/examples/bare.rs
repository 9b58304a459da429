//! What the decoding libraries take by themselves, for measurements with whole programs (`bench/`):
//!
//! ```text
//! bare gzip FILE       decodes and drops the text; prints how many bytes it had
//! bare zstd FILE       likewise
//! bare pack FILE OUT   writes FILE with zstd, level 3
//! ```
//! Reads with the buffers that [`onehop_input::Options`] has by default. Fails, with a message on standard error, on
//! other arguments and on what cannot be read or decoded.

use flate2::{Decompress, FlushDecompress, Status};
use std::error::Error;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Write as _};

const WINDOW_BITS: u8 = 15;
const ZSTD_LEVEL: i32 = 3;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let chunk_bytes = onehop_input::Options::default().chunk_bytes;
    let open = |path: &str| File::open(path).map(|file| BufReader::with_capacity(chunk_bytes, file));
    let mut buffer = vec![0; chunk_bytes];
    let bytes = match arguments[..] {
        ["gzip", path] => gzip(open(path)?, &mut buffer)?,
        ["zstd", path] => zstd(open(path)?, &mut buffer)?,
        ["pack", path, out] => {
            zstd::stream::copy_encode(open(path)?, File::create(out)?, ZSTD_LEVEL)?;
            File::open(path)?.metadata()?.len()
        }
        _ => return Err("expected: gzip FILE, zstd FILE, or: pack FILE OUT".into()),
    };
    writeln!(io::stdout(), "{bytes}")?;
    Ok(())
}

/// One member, its checksum included.
fn gzip(mut input: impl BufRead, buffer: &mut [u8]) -> Result<u64, Box<dyn Error>> {
    let mut state = Decompress::new_gzip(WINDOW_BITS);
    loop {
        let given = input.fill_buf()?;
        let (is_end, before) = (given.is_empty(), state.total_in());
        let status = state.decompress(given, buffer, FlushDecompress::None)?;
        input.consume(usize::try_from(state.total_in() - before)?);
        match status {
            Status::StreamEnd => return Ok(state.total_out()),
            _ if is_end => return Err("the file ends early".into()),
            _ => {}
        }
    }
}

fn zstd(input: impl BufRead, buffer: &mut [u8]) -> Result<u64, Box<dyn Error>> {
    let mut decoder = zstd::Decoder::with_buffer(input)?;
    let mut total = 0;
    loop {
        match decoder.read(buffer)? {
            0 => return Ok(total),
            count => total += count as u64,
        }
    }
}
