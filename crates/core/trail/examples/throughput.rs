//! How fast records are read: `throughput FOLDER`, where the folder holds CloudTrail files, one `{"Records":[…]}` each.
//!
//! The records are shuffled and copied, with ids of their own, until there are 200 MB, in three layouts, and once more
//! with calls of instances alone. Each line is the best of three runs on one thread, in GB (10⁹ bytes) a second.

#![expect(clippy::print_stdout, reason = "the figures are the product")]

use onehop_trail::{Settings, Trail, prefilter, records};
use std::error::Error;
use std::hint::black_box;
use std::path::Path;
use std::time::Instant;

const BYTES: usize = 200_000_000;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::args().nth(1).ok_or("usage: throughput FOLDER")?;
    let pool = pool(Path::new(&folder))?;
    let instances: Vec<Vec<u8>> =
        pool.iter().filter(|record| holds(record, b"ec2RoleDelivery")).cloned().collect();
    println!("{} records, {} of them calls of instances", pool.len(), instances.len());
    let pretty: Result<Vec<Vec<u8>>, Box<dyn Error>> = pool.iter().map(|record| indented(record)).collect();
    for (name, pool, parts) in [
        ("one line", &pool, [&b"{\"Records\":["[..], b",", b"]}"]),
        ("a record a line", &pool, [b"", b"\n", b"\n"]),
        ("indented", &pretty?, [b"{\n  \"Records\": [\n", b",\n", b"\n]}"]),
        ("calls of instances alone", &instances, [b"", b"\n", b"\n"]),
    ] {
        measure(name, &corpus(pool, parts));
    }
    Ok(())
}

fn measure(name: &str, text: &[u8]) {
    let split = best(text, || records::records(text).count());
    let sieve =
        best(text, || records::records(text).filter(|record| prefilter::may_matter(record.bytes)).count());
    let facts = best(text, || {
        let mut facts = Vec::new();
        let mut count = 0;
        for record in records::records(text) {
            onehop_trail::read_record(0, &record, &mut facts);
            count += facts.drain(..).count();
        }
        count
    });
    let judged = best(text, || {
        let (mut trail, mut found) = (Trail::new(Settings::default()), 0);
        trail.read(0, text, &mut |_| found += 1);
        trail.finish(&mut |_| found += 1);
        found
    });
    let value = best(text, || {
        let values = records::records(text)
            .filter_map(|record| serde_json::from_slice::<serde_json::Value>(record.bytes).ok());
        values.filter(|value| value.get("eventName").is_some()).count()
    });
    println!(
        "{name:26} split {split:5.2}  split and prefilter {sieve:5.2}  with facts {facts:5.2}  with rules {judged:5.2}  serde_json::Value {value:5.2}  ratio {:.1}",
        judged / value
    );
}

/// GB a second, the best of three.
fn best(text: &[u8], mut run: impl FnMut() -> usize) -> f64 {
    let mut seconds = f64::INFINITY;
    for _ in 0..3 {
        let start = Instant::now();
        black_box(run());
        seconds = seconds.min(start.elapsed().as_secs_f64());
    }
    #[expect(clippy::cast_precision_loss, reason = "sizes are far below 2^52")]
    let bytes = text.len() as f64;
    bytes / seconds / 1e9
}

fn pool(folder: &Path) -> Result<Vec<Vec<u8>>, Box<dyn Error>> {
    let mut pool = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let text = std::fs::read(entry?.path())?;
        pool.extend(records::records(&text).map(|record| record.bytes.to_vec()));
    }
    Ok(pool)
}

fn holds(record: &[u8], key: &[u8]) -> bool {
    memchr::memmem::find(record, key).is_some()
}

fn indented(record: &[u8]) -> Result<Vec<u8>, Box<dyn Error>> {
    let value: serde_json::Value = serde_json::from_slice(record)?;
    Ok(serde_json::to_vec_pretty(&value)?)
}

fn corpus(pool: &[Vec<u8>], [before, between, after]: [&[u8]; 3]) -> Vec<u8> {
    let mut text = before.to_vec();
    let mut random = 0x9E37_79B9_7F4A_7C15_u64;
    let mut number = 0_u32;
    while text.len() < BYTES && !pool.is_empty() {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        let record = &pool[usize::try_from(random % pool.len() as u64).unwrap_or(0)];
        if number > 0 {
            text.extend_from_slice(between);
        }
        let start = text.len();
        text.extend_from_slice(record);
        // An id of its own, so that it does not count as the same event.
        if let Some(at) = memchr::memmem::find(record, b"eventID") {
            let id = start + at + b"eventID\":\"".len() + 1;
            text[id..id + 8].copy_from_slice(format!("{number:08x}").as_bytes());
        }
        number += 1;
    }
    text.extend_from_slice(after);
    text
}
