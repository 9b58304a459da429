//! Writes a log to standard output, for measurements with whole programs (`bench/`):
//!
//! ```text
//! log plain SEED BYTES      ordinary lines, nothing in them to find
//! log attempts SEED LINES   attempts alone, none packed: every line has to be decoded
//! ```
//! Both have the lines of an nginx combined log. Fails, with a message on standard error, on other arguments and when
//! standard output does.

use onehop_corpus::format::Format;
use onehop_corpus::{Plan, SHARE_OF_PERCENT_LINES, generate, plain_log};
use std::error::Error;
use std::io;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [kind, seed, size] = arguments.as_slice() else {
        return Err("expected: plain SEED BYTES, or: attempts SEED LINES".into());
    };
    let (seed, size): (u64, u64) = (seed.parse()?, size.parse()?);
    let mut out = io::BufWriter::with_capacity(1 << 20, io::stdout().lock());
    match kind.as_str() {
        "plain" => {
            plain_log(seed, size, SHARE_OF_PERCENT_LINES, &mut out)?;
        }
        "attempts" => {
            let nginx = Format::named("nginx").ok_or("no such format")?;
            let plan = Plan {
                seed,
                attempts: size,
                benign: 0,
                formats: vec![nginx],
                has_deep: false,
                ..Plan::default()
            };
            generate(&plan, &mut out, &mut io::sink())?;
        }
        other => return Err(format!("no kind of log is called `{other}`").into()),
    }
    Ok(())
}
