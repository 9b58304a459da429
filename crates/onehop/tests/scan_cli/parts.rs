//! A large file is read in parts by several threads, and tells the same as when it is read by one.

use crate::process::{Folder, attempt, line, scan_json};
use std::fs::File;
use std::io::{BufWriter, Write as _};

/// More than two parts of a file take.
const BYTES: usize = 36 << 20;

#[test]
fn parts_tell_the_same_in_the_same_order() {
    let folder = Folder::new();
    let mut out = BufWriter::new(File::create(folder.path("large.log")).expect("created"));
    let benign = line("/a/path/that/is/rather/long?with=a&query=that&holds=nothing&of=interest");
    let (mut written, mut number, mut lines) = (0, 0, 0_u64);
    while written < BYTES {
        let text = if lines % 9973 == 0 { attempt(number) } else { benign.clone() };
        number += u32::from(lines % 9973 == 0);
        out.write_all(text.as_bytes()).expect("written");
        (written, lines) = (written + text.len(), lines + 1);
    }
    out.flush().expect("written");
    let path = folder.text("large.log");
    let [one, several] = ["1", "3"].map(|threads| scan_json(&["--threads", threads, &path]));
    let findings = |said: &crate::process::Said| {
        let end = said.stdout.trim_end().rfind('\n').expect("more than a summary");
        said.stdout[..end].to_owned()
    };
    assert_eq!((one.code, several.code), (Some(1), Some(1)));
    assert_eq!(one.of("IMDS-URL").len(), usize::try_from(number).expect("few"));
    assert!(findings(&one) == findings(&several), "other findings, or another order");
    assert_eq!(one.summary()["facts"], several.summary()["facts"]);
    assert_eq!(one.summary()["facts"]["lines"], lines);
    let found = one.of("IMDS-URL");
    assert_eq!(found[found.len() - 1]["line"], (u64::from(number) - 1) * 9973 + 1);
}
