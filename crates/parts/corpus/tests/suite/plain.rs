//! The big log.

use onehop_corpus::plain_log;

#[test]
fn the_log_is_as_long_as_asked_and_has_its_share_of_percent_signs() {
    let mut out = Vec::new();
    let written = plain_log(1, 2_000_000, 0.06, &mut out).expect("writing to memory does not fail");
    assert_eq!(written.bytes, out.len() as u64);
    assert!((2_000_000..2_001_000).contains(&out.len()), "{}", out.len());
    let text = String::from_utf8(out).expect("the log is UTF-8");
    assert_eq!(text.lines().count() as u64, written.lines);
    let with = text.lines().filter(|line| line.contains('%')).count() as u64;
    assert_eq!(with, written.percent_lines);
    assert!((40..80).contains(&(with * 1000 / written.lines)), "{with} of {}", written.lines);
    assert!(!text.contains('\\'));
}

#[test]
fn the_share_reaches_its_ends() {
    for (share, want) in [(0.0, false), (1.0, true), (f64::NAN, false), (7.0, true)] {
        let mut out = Vec::new();
        let written = plain_log(2, 50_000, share, &mut out).expect("writing to memory does not fail");
        assert_eq!(written.percent_lines, if want { written.lines } else { 0 }, "{share}");
    }
}

#[test]
fn a_seed_gives_the_same_log() {
    let log = |seed| {
        let mut out = Vec::new();
        plain_log(seed, 100_000, 0.06, &mut out).expect("writing to memory does not fail");
        out
    };
    assert_eq!(log(1), log(1));
    assert_ne!(log(1), log(2));
}
