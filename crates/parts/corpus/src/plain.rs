//! A big log for speed tests: the shape of real traffic, nothing in it to find.
//!
//! ```text
//! nginx combined, one line in sixteen or so with a percent sign: five in six of those in the Referer, as real logs
//! have it (searches lead to a site), the others in the request
//! ```
//! What a scanner must look at twice is what such lines have: everything else is ordinary. Fails when the writer does.

use crate::benign;
use crate::dice::{Dice, Stream};
use crate::format::Format;
use crate::request::{Request, put};
use std::io::{self, Write};

/// The share of lines with a percent sign that a real log has, measured on one of 10,000 lines.
pub const SHARE_OF_PERCENT_LINES: f64 = 0.06;
/// How much is made before it is written.
const CHUNK_BYTES: usize = 1 << 16;

/// What was written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PlainLog {
    /// All lines.
    pub lines: u64,
    /// Those with a percent sign.
    pub percent_lines: u64,
    /// All bytes.
    pub bytes: u64,
}

/// Writes whole lines of an nginx combined log until there are at least `bytes` of them.
/// `share_of_percent_lines` goes from 0 to 1; [`SHARE_OF_PERCENT_LINES`] is what real logs have.
///
/// # Errors
/// If the writer fails.
pub fn plain_log(
    seed: u64,
    bytes: u64,
    share_of_percent_lines: f64,
    out: &mut dyn Write,
) -> io::Result<PlainLog> {
    let format = Format::named("nginx").expect("a row of the table");
    let share = share(share_of_percent_lines);
    let mut written = PlainLog::default();
    let (mut request, mut chunk) = (Request::default(), String::with_capacity(CHUNK_BYTES + 4096));
    while written.bytes < bytes {
        chunk.clear();
        while chunk.len() < CHUNK_BYTES && written.bytes + (chunk.len() as u64) < bytes {
            let dice = &mut Dice::of(seed, Stream::Plain, written.lines);
            request.ordinary(written.lines, dice);
            let has_percent = u64::from(dice.below(u32::MAX)) < share;
            if has_percent {
                add_percent(&mut request, dice);
            }
            format.write(&request, dice, &mut chunk);
            chunk.push('\n');
            written.lines += 1;
            written.percent_lines += u64::from(has_percent);
        }
        out.write_all(chunk.as_bytes())?;
        written.bytes += chunk.len() as u64;
    }
    out.flush()?;
    Ok(written)
}

/// The share, of 2^32.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 0..=1 before")]
fn share(share: f64) -> u64 {
    let share = if share.is_nan() { 0.0 } else { share.clamp(0.0, 1.0) };
    (share * 4_294_967_296.0) as u64
}

fn add_percent(request: &mut Request, dice: &mut Dice) {
    let mut text = String::new();
    benign::push_phrase(&mut text, dice);
    if dice.chance(83) {
        put(&mut request.referer, "https://search.example.net/search?hl=en&q=");
        request.referer.push_str(&text);
        request.referer.push_str("&sa=X");
    } else {
        put(&mut request.target, "/search?q=");
        request.target.push_str(&text);
    }
}
