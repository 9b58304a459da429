use super::{FlushError, Journal, OpenError, Options};
use crate::files::with_suffix;
use crate::scratch::{Scratch, decision, ids, lines, types};
use crate::{Hash, files_of, verify_base};
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::thread;
use std::time::{Duration, Instant};

fn append(options: &Options, bytes: &[u8]) {
    let mut file = OpenOptions::new().append(true).open(&options.path).expect("open");
    file.write_all(bytes).expect("write");
}

#[test]
fn a_fresh_journal_has_a_head_and_is_private() {
    let scratch = Scratch::new();
    let options = scratch.options();
    let journal = Journal::open(&options).expect("open");
    journal.record(decision(1));
    let head = journal.flush().expect("flush");

    let mode = fs::metadata(&options.path).expect("metadata").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let report = verify_base(&options.path, Some(head)).expect("sound");
    assert_eq!((report.records, report.files, report.first_seq, report.last_seq), (2, 1, 0, 1));
    assert_eq!(report.head, head);
    assert_eq!(types(&options), ["journal", "decision"]);
    assert_eq!(lines(&options)[0]["prev"], Hash::ZERO.to_string());
    assert_eq!(lines(&options)[1]["time"], "2026-01-01T00:00:00.001Z");
    assert!(journal.healthy());
    assert_eq!((journal.status().records().value(), journal.status().lost().value()), (1, 0));
    assert_eq!(journal.close(), Ok(head));
}

#[test]
fn a_decision_reaches_the_file_without_being_asked() {
    let scratch = Scratch::new();
    let options = scratch.options();
    let journal = Journal::open(&options).expect("open");
    let deadline = Instant::now() + Duration::from_secs(20);
    for id in 0..3 {
        let before = fs::metadata(&options.path).expect("metadata").len();
        journal.record(decision(id));
        while fs::metadata(&options.path).expect("metadata").len() == before {
            assert!(Instant::now() < deadline, "decision {id} is not in the file");
            thread::yield_now();
        }
    }
    assert_eq!(ids(&options), [0, 1, 2]);
}

#[test]
fn the_last_clone_writes_everything_when_dropped() {
    let scratch = Scratch::new();
    let options = scratch.options();
    let journal = Journal::open(&options).expect("open");
    let clone = journal.clone();
    drop(journal);
    clone.record(decision(7));
    drop(clone);
    assert_eq!(ids(&options), [7]);
}

#[test]
fn closing_twice_says_the_same_and_later_records_are_lost() {
    let scratch = Scratch::new();
    let journal = Journal::open(&scratch.options()).expect("open");
    journal.record(decision(1));
    let clone = journal.clone();
    let head = journal.close();
    assert!(head.is_ok());
    assert_eq!(clone.close(), head);
    assert_eq!(clone.flush(), Err(FlushError::Closed));
    clone.record(decision(2));
    assert_eq!((clone.status().records().value(), clone.status().lost().value()), (1, 1));
    assert_eq!(ids(&scratch.options()), [1]);
}

#[test]
fn the_chain_continues_over_files_and_reopenings() {
    let scratch = Scratch::new();
    let options = scratch.options();
    let mut heads = Vec::new();
    for round in 0..5 {
        let journal = Journal::open(&options).expect("open");
        (0..20).for_each(|id| journal.record(decision(round * 20 + id)));
        heads.push(journal.close().expect("close"));
    }
    assert_eq!(ids(&options), (0..100).collect::<Vec<_>>());
    let files = files_of(&options.path).expect("list");
    assert!(files.len() > 5, "{}", files.len());
    for file in &files {
        let text = fs::read_to_string(file).expect("read");
        assert!(text.starts_with(r#"{"type":"journal","#), "{}", file.display());
        assert!(text.len() < 4_096 + 1_024, "{}", text.len());
        assert_eq!(fs::metadata(file).expect("metadata").permissions().mode() & 0o777, 0o600);
    }
    for head in heads {
        let report = verify_base(&options.path, Some(head)).expect("every head that was noted appears");
        assert_eq!(report.records, 100 + files.len() as u64);
        assert_eq!((report.first_seq, report.files), (0, files.len() as u64));
    }
}

#[test]
fn rotation_keeps_no_more_files_than_it_may() {
    let scratch = Scratch::new();
    let mut options = scratch.with_decisions(100);
    assert!(files_of(&options.path).expect("list").len() > 5);
    options.keep_files = 2;
    let journal = Journal::open(&options).expect("open");
    (100..200).for_each(|id| journal.record(decision(id)));
    journal.close().expect("close");

    let names: Vec<_> = files_of(&options.path).expect("list");
    assert_eq!(
        names,
        [with_suffix(&options.path, "2"), with_suffix(&options.path, "1"), options.path.clone()]
    );
    let report = verify_base(&options.path, None).expect("the end of the chain is sound");
    assert!(report.first_seq > 0);
    assert_eq!(ids(&options).last(), Some(&199));
}

#[test]
fn a_crash_between_two_renames_is_continued() {
    let scratch = Scratch::new();
    let options = scratch.with_decisions(30);
    let before = files_of(&options.path).expect("list").len();
    fs::rename(&options.path, with_suffix(&options.path, "0-spare")).expect("rename");
    fs::rename(with_suffix(&options.path, "1"), with_suffix(&options.path, "spare")).expect("rename");
    fs::rename(with_suffix(&options.path, "0-spare"), with_suffix(&options.path, "1")).expect("rename");
    fs::write(with_suffix(&options.path, "new"), "left by the crash").expect("write");
    // FILE is missing and FILE.1 is the latest; the one before it is gone to `spare`.
    let journal = Journal::open(&options).expect("open");
    (30..60).for_each(|id| journal.record(decision(id)));
    journal.close().expect("close");
    assert_eq!(ids(&options).last(), Some(&59));
    assert!(files_of(&options.path).expect("list").len() > before);
    let found = verify_base(&options.path, None).expect_err("a file is missing");
    assert!(found.to_string().contains("does not follow"), "{found}");
}

#[test]
fn a_torn_last_line_moves_aside_and_the_chain_says_so() {
    let table: [(&str, &[u8]); 4] = [
        ("half a line", b"{\"type\":\"decision\",\"v\":1,\"se"),
        ("one byte", b"{"),
        ("zeros", &[0; 5_000]),
        ("not UTF-8", &[0xff, 0xfe]),
    ];
    for (name, torn) in table {
        let scratch = Scratch::new();
        let options = scratch.with_decisions(2);
        append(&options, torn);
        let journal = Journal::open(&options).expect(name);
        journal.record(decision(2));
        journal.close().expect(name);
        assert_eq!(types(&options), ["journal", "decision", "decision", "recovered", "decision"], "{name}");
        assert_eq!(lines(&options)[3]["bytes"], torn.len(), "{name}");
        assert_eq!(fs::read(with_suffix(&options.path, "torn")).expect("torn"), torn, "{name}");
        assert_eq!(verify_base(&options.path, None).expect(name).recovered, 1, "{name}");
    }
}

#[test]
fn a_journal_that_ends_in_a_long_line_can_be_reopened() {
    let scratch = Scratch::new();
    let options = scratch.with_decisions(1);
    for _ in 0..2 {
        let journal = Journal::open(&options).expect("open");
        let mut longest = decision(1);
        longest.path = "\u{1}".repeat(600).into_boxed_str();
        longest.rule = Some("\u{1}".repeat(600).into());
        longest.caller.exe = longest.rule.clone();
        longest.caller.unit = longest.rule.clone();
        journal.record(longest);
        journal.close().expect("close");
    }
    let longest = lines(&options).iter().map(|line| line.to_string().len()).max();
    assert!(longest > Some(12_000), "{longest:?}");
    verify_base(&options.path, None).expect("sound");
}

#[test]
fn every_length_of_a_cut_file_can_be_reopened() {
    let scratch = Scratch::new();
    let options = scratch.with_decisions(2);
    let whole = fs::read(&options.path).expect("read");
    for length in 0..whole.len() {
        let scratch = Scratch::new();
        let options = scratch.options();
        fs::write(&options.path, &whole[..length]).expect("write");
        let journal = Journal::open(&options).unwrap_or_else(|error| panic!("cut at {length}: {error}"));
        journal.record(decision(9));
        journal.close().expect("close");
        verify_base(&options.path, None).unwrap_or_else(|error| panic!("cut at {length}: {error}"));
        assert_eq!(ids(&options).last(), Some(&9), "cut at {length}");
        let torn = fs::read(with_suffix(&options.path, "torn")).unwrap_or_default();
        let kept = fs::read(&options.path).expect("read");
        assert!(whole[..length].ends_with(&torn), "cut at {length}");
        assert!(kept.starts_with(&whole[..length - torn.len()]), "cut at {length}");
    }
}

#[test]
fn what_is_not_a_sound_journal_is_refused_and_left_alone() {
    let sound = {
        let scratch = Scratch::new();
        fs::read_to_string(scratch.with_decisions(3).path).expect("read")
    };
    let changed = sound.replace("\"request.id\":2", "\"request.id\":5");
    assert_ne!(changed, sound);
    let long = format!("{sound}{}\n", "x".repeat(70_000));
    let table = [
        ("changed last line", changed, 4, "does not match its hash"),
        ("text behind it", format!("{sound}hello\n"), 5, "not a journal record"),
        ("empty line behind it", format!("{sound}\n"), 5, "not a journal record"),
        ("a long line", long, 5, "longer than"),
        ("another text", String::from("key = 1\n"), 1, "not a journal record"),
        ("a text without a line feed", String::from("key = 1"), 1, "does not begin with a head record"),
        ("carriage returns", sound.replace('\n', "\r\n"), 4, "not a journal record"),
    ];
    for (name, text, want_line, want) in table {
        let scratch = Scratch::new();
        let options = scratch.options();
        fs::write(&options.path, &text).expect("write");
        let error = Journal::open(&options).expect_err(name);
        assert!(matches!(error, OpenError::Tail { line, .. } if line == want_line), "{name}: {error}");
        assert!(error.to_string().contains(want), "{name}: {error}");
        assert!(error.hint().contains("another path"), "{name}");
        assert_eq!(fs::read_to_string(&options.path).expect("read"), text, "{name}");
        assert_eq!(fs::read_dir(scratch.path()).expect("list").count(), 1, "{name}");
    }
}

#[test]
fn a_rotated_file_that_does_not_verify_is_not_continued() {
    let scratch = Scratch::new();
    let options = scratch.with_decisions(30);
    fs::remove_file(&options.path).expect("remove");
    let latest = with_suffix(&options.path, "1");
    let text = fs::read_to_string(&latest).expect("read");
    fs::write(&latest, &text[..text.len() - 1]).expect("write");
    let error = Journal::open(&options).expect_err("the latest rotated file is cut");
    assert!(matches!(&error, OpenError::Tail { path, .. } if *path == latest), "{error}");
}

#[test]
fn places_that_cannot_be_written() {
    let scratch = Scratch::new();
    fs::write(scratch.path().join("file"), "").expect("write");
    fs::create_dir(scratch.path().join("directory")).expect("create");
    let table = [
        ("missing/journal", "cannot be created"),
        ("file/journal", "cannot be opened"),
        ("directory", "is not a regular file"),
        ("/dev/full", "is not a regular file"),
        ("/proc/onehop-journal", "cannot be created"),
    ];
    for (place, want) in table {
        let options = Options::new(scratch.path().join(place));
        let error = Journal::open(&options).expect_err(place);
        assert!(error.to_string().contains(want), "{place}: {error}");
        assert!(!error.hint().is_empty());
    }
}

#[test]
fn a_journal_has_one_writer() {
    let scratch = Scratch::new();
    let options = scratch.options();
    let first = Journal::open(&options).expect("open");
    (0..30).for_each(|id| first.record(decision(id)));
    first.flush().expect("flush");
    assert!(files_of(&options.path).expect("list").len() > 1, "the lock goes along with a rotation");
    assert!(matches!(Journal::open(&options), Err(OpenError::InUse { .. })));
    drop(first);
    Journal::open(&options).expect("free again");
}

#[test]
fn options_that_cannot_work() {
    let scratch = Scratch::new();
    let good = scratch.options();
    let table = [
        (Options { rotate_bytes: 0, ..good.clone() }, "rotate_bytes"),
        (Options { keep_files: 0, ..good.clone() }, "keep_files"),
        (Options { queue: 0, ..good.clone() }, "queue"),
    ];
    for (options, want) in table {
        assert_eq!(Journal::open(&options).expect_err(want).to_string(), format!("`{want}` is 0"));
    }
    let smallest = Options { rotate_bytes: 1, keep_files: 1, queue: 1, ..good };
    let journal = Journal::open(&smallest).expect("ones are enough");
    for id in 0..4 {
        journal.record(decision(id));
        journal.flush().expect("flush");
    }
    assert_eq!(ids(&smallest), [2, 3], "a record a file, two files");
}

#[test]
fn threads_share_a_journal() {
    const THREADS: u64 = 4;
    const EACH: u64 = 250;
    let scratch = Scratch::new();
    let options = Options { rotate_bytes: 64 * 1024, ..scratch.options() };
    let journal = Journal::open(&options).expect("open");
    thread::scope(|scope| {
        for number in 0..THREADS {
            let journal = journal.clone();
            scope.spawn(move || (0..EACH).for_each(|id| journal.record(decision(number * EACH + id))));
        }
    });
    let head = journal.close().expect("close");
    let report = verify_base(&options.path, Some(head)).expect("sound");
    assert_eq!((report.lost, journal.status().records().value()), (0, THREADS * EACH));
    let ids = ids(&options);
    assert_eq!(ids.len() as u64, THREADS * EACH);
    for number in 0..THREADS {
        let own: Vec<u64> = ids.iter().copied().filter(|id| id / EACH == number).collect();
        assert_eq!(own, (number * EACH..(number + 1) * EACH).collect::<Vec<_>>(), "each thread in its order");
    }
}

#[test]
fn a_flood_loses_nothing_without_saying_so() {
    const COUNT: u64 = 20_000;
    let scratch = Scratch::new();
    let options = Options { queue: 4, rotate_bytes: 1 << 30, ..scratch.options() };
    let journal = Journal::open(&options).expect("open");
    (0..COUNT).for_each(|id| journal.record(decision(id)));
    let head = journal.close().expect("close");
    let report = verify_base(&options.path, Some(head)).expect("sound");
    assert_eq!(report.lost, journal.status().lost().value());
    assert_eq!(journal.status().records().value() + report.lost, COUNT);
    let mut next = 0;
    for line in lines(&options) {
        match line["type"].as_str() {
            Some("gap") => next += line["lost"].as_u64().expect("lost"),
            Some("decision") => {
                assert_eq!(line["request.id"], next, "the gap stands exactly where the losses were");
                next += 1;
            }
            _ => {}
        }
    }
    assert_eq!(next, COUNT);
}
