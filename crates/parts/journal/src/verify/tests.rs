use super::{Check, Found, verify, verify_base};
use crate::record::{Chain, Line};
use crate::scratch::{Scratch, decision};
use crate::{Defect, Hash, Report, files_of};
use proptest::prelude::*;
use std::fs;
use std::path::PathBuf;
use std::sync::OnceLock;

/// One file: a head record and some decisions.
fn sample() -> &'static [u8] {
    static SAMPLE: OnceLock<Vec<u8>> = OnceLock::new();
    SAMPLE.get_or_init(|| {
        let mut bytes = Vec::new();
        let mut chain = Chain::START;
        chain.seal(Line::Head, &mut bytes);
        (0..5).for_each(|id| chain.seal(Line::Decision(&decision(id)), &mut bytes));
        bytes
    })
}

fn check(bytes: &[u8], expected_head: Option<Hash>) -> Result<Report, Found> {
    let mut check = Check { expected_head, ..Check::default() };
    check.file(bytes)?;
    check.finish()
}

fn lines(bytes: &[u8]) -> Vec<Vec<u8>> {
    bytes.split_inclusive(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect()
}

#[test]
fn tampering_is_found_where_it_happened() {
    type Tamper = fn(&mut Vec<Vec<u8>>);
    let table: [(&str, Tamper, u64, &str); 13] = [
        ("removed line", |lines| drop(lines.remove(2)), 3, "does not follow"),
        ("removed head", |lines| drop(lines.remove(0)), 1, "begin with a head record"),
        ("swapped lines", |lines| lines.swap(2, 3), 3, "does not follow"),
        ("repeated line", |lines| lines.insert(2, lines[2].clone()), 4, "does not follow"),
        ("moved line", |lines| lines.rotate_right(1), 1, "begin with a head record"),
        ("second head", |lines| lines.insert(3, lines[0].clone()), 4, "stands inside a file"),
        ("inserted text", |lines| lines.insert(3, b"hello\n".to_vec()), 4, "not a journal record"),
        ("inserted empty line", |lines| lines.insert(3, b"\n".to_vec()), 4, "not a journal record"),
        ("cut last line", |lines| lines[5].truncate(40), 6, "cut off"),
        ("cut last line feed", |lines| lines[5].retain(|byte| *byte != b'\n'), 6, "cut off"),
        ("joined lines", |lines| lines[2].retain(|byte| *byte != b'\n'), 3, "does not match its hash"),
        ("long line", |lines| lines.insert(1, vec![b'x'; 100_000]), 2, "longer than"),
        ("everything removed", Vec::clear, 0, "empty"),
    ];
    check(sample(), None).expect("the allow twin of the table");
    for (name, tamper, want_line, want) in table {
        let mut lines = lines(sample());
        tamper(&mut lines);
        let (line, what) = check(&lines.concat(), None).expect_err(name);
        assert_eq!(line, want_line, "{name}: {what}");
        assert!(what.to_string().contains(want), "{name}: {what}");
    }
}

#[test]
fn a_resealed_line_does_not_fit() {
    let mut lines = lines(sample());
    let mut chain = Chain::START;
    let mut forged = Vec::new();
    chain.seal(Line::Head, &mut forged);
    forged.clear();
    let mut elsewhere = Chain { next_seq: 9, ..chain };
    elsewhere.seal(Line::Decision(&decision(77)), &mut forged);
    lines[1] = forged.clone();
    let (line, what) = check(&lines.concat(), None).expect_err("a wrong sequence number");
    assert!(matches!((line, what), (2, Defect::Sequence { expected: 1, found: 9 })));

    forged.clear();
    chain.seal(Line::Decision(&decision(77)), &mut forged);
    lines[1] = forged;
    let (line, what) = check(&lines.concat(), None).expect_err("the next line names the original");
    assert!(matches!((line, what), (3, Defect::Link)));
}

#[test]
fn a_first_record_without_a_past_is_number_zero() {
    for (chain, sound) in [
        (Chain::START, true),
        (Chain { next_seq: 5, head: Hash::of(b"the file before") }, true),
        (Chain { next_seq: 5, head: Hash::ZERO }, false),
        (Chain { next_seq: 0, head: Hash::of(b"the file before") }, false),
    ] {
        let mut bytes = Vec::new();
        chain.clone().seal(Line::Head, &mut bytes);
        assert_eq!(check(&bytes, None).is_ok(), sound, "{chain:?}");
    }
}

#[test]
fn an_expected_head_shows_a_removed_end() {
    let head = check(sample(), None).expect("sound").head;
    let all = lines(sample());
    let shorter = all[..4].concat();
    let earlier = check(&shorter, None).expect("a removed end is not seen by itself").head;
    check(sample(), Some(head)).expect("the head itself");
    check(sample(), Some(earlier)).expect("a journal that has grown");
    let (line, what) = check(&shorter, Some(head)).expect_err("a removed end");
    assert!(matches!((line, what), (4, Defect::ExpectedHead(missing)) if missing == head));
}

#[test]
fn files_out_of_place() {
    let scratch = Scratch::new();
    let options = scratch.with_decisions(60);
    let files = files_of(&options.path).expect("list");
    let last = files.len() - 1;
    assert!(last >= 4);
    let report = verify(&files, None).expect("sound");
    assert_eq!(verify_base(&options.path, None).expect("sound"), report);

    let without = |place: usize| {
        let mut files = files.clone();
        files.remove(place);
        files
    };
    let mut swapped = files.clone();
    swapped.swap(1, 2);
    let repeated: Vec<PathBuf> = [&files[..], &files[last..]].concat();
    for (name, paths, want) in [
        ("removed middle file", without(2), "does not follow"),
        ("swapped files", swapped, "does not follow"),
        ("repeated file", repeated, "does not follow"),
        ("missing file", vec![scratch.path().join("none")], "cannot be read"),
        ("no file", vec![], "no journal file"),
    ] {
        let error = verify(&paths, None).expect_err(name);
        assert!(error.to_string().contains(want), "{name}: {error}");
    }
    let error = verify(&without(2), None).expect_err("removed middle file");
    assert_eq!((error.path, error.line), (files[3].clone(), 1));
    let first = verify(&files[..1], None).expect("sound").head;
    verify(&without(0), Some(first)).expect("the record before the first is known by its hash");
    let error = verify(&without(0)[1..], Some(first)).expect_err("but no earlier one");
    assert!(matches!(error.what, Defect::ExpectedHead(_)));

    assert!(verify(&without(0), None).expect("rotation drops the oldest file too").first_seq > 0);
    verify(&without(last), None).expect("a removed last file is not seen by itself");
    let error = verify(&without(last), Some(report.head)).expect_err("but by the head that was noted");
    assert!(matches!(error.what, Defect::ExpectedHead(_)));
}

#[test]
fn a_base_without_files() {
    let scratch = Scratch::new();
    let error = verify_base(&scratch.path().join("journal"), None).expect_err("nothing there");
    assert!(matches!(error.what, Defect::NoFile));
    let error = verify_base(&scratch.path().join("missing/journal"), None).expect_err("no directory");
    assert!(matches!(error.what, Defect::Io(_)));
    fs::create_dir(scratch.path().join("directory")).expect("create");
    let error = verify_base(&scratch.path().join("directory"), None).expect_err("a directory");
    assert!(matches!(error.what, Defect::Io(_)));
}

#[test]
fn each_flipped_bit_is_found() {
    let mut bytes = sample().to_vec();
    for place in 0..bytes.len() {
        let bit = 1 << (place % 8);
        bytes[place] ^= bit;
        assert!(check(&bytes, None).is_err(), "bit {bit} of byte {place}");
        bytes[place] ^= bit;
    }
    check(&bytes, None).expect("put back");
}

proptest! {
    #[test]
    fn each_changed_byte_is_found(place in any::<prop::sample::Index>(), change in 1..=255_u8) {
        let mut bytes = sample().to_vec();
        let place = place.index(bytes.len());
        bytes[place] ^= change;
        prop_assert!(check(&bytes, None).is_err(), "byte {} is {}", place, bytes[place]);
    }

    #[test]
    fn each_spliced_file_is_found(
        from in any::<prop::sample::Index>(),
        length in 0..600_usize,
        put in prop::collection::vec(any::<u8>(), 0..40),
    ) {
        let head = check(sample(), None).expect("sound").head;
        let from = from.index(sample().len());
        let to = (from + length).min(sample().len());
        let mut bytes = sample().to_vec();
        bytes.splice(from..to, put);
        prop_assume!(bytes != sample());
        prop_assert!(check(&bytes, Some(head)).is_err());
    }

    #[test]
    fn any_bytes_are_judged_without_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..2_000)) {
        prop_assert!(check(&bytes, None).is_err());
    }

    #[test]
    fn any_json_sealed_like_a_record_is_judged_without_a_panic(fields in "[{}\\[\\]\":,a-z0-9\\\\ -]{0,120}") {
        let body = format!("{fields},\"prev\":\"{}\"", Hash::ZERO);
        let line = format!("{body},\"hash\":\"{}\"}}\n", Hash::of(body.as_bytes()));
        prop_assert!(check(line.as_bytes(), None).is_err());
    }
}
