//! Where chunks are cut.

use std::io::{self, Read};

use onehop_input::{Chunk, Options, Reader, Sink, SourceName, Totals};
use proptest::prelude::*;

use crate::{
    recorder::{InPieces, Recorder, read_bytes, read_input},
    samples::log,
};

fn small(chunk_bytes: usize, max_line_bytes: usize) -> Options {
    let mut options = Options::default();
    options.chunk_bytes = chunk_bytes;
    options.max_line_bytes = max_line_bytes;
    options
}

#[test]
fn a_line_that_fits_is_never_cut() {
    let text = ["x".repeat(699), "y".repeat(5000), "z".repeat(3)].join("\n");
    let (recorder, _) = read_bytes(text.as_bytes(), &small(512, 5001));
    assert_eq!(recorder.texts[0].bytes, text.as_bytes());
    assert_eq!(recorder.texts[0].cuts, 0);
}

#[test]
fn a_line_that_is_too_long_comes_in_pieces() {
    let text = format!("a\n{}\nb\n", "y".repeat(20_000));
    let (recorder, _) = read_bytes(text.as_bytes(), &small(512, 1000));
    assert_eq!(recorder.texts[0].bytes, text.as_bytes());
    assert!(recorder.texts[0].cuts >= 18, "{}", recorder.texts[0].cuts);
    assert!(recorder.texts[0].largest_chunk <= 1512);
}

#[test]
fn a_line_as_long_as_allowed_is_whole_at_the_end_too() {
    let text = "y".repeat(1000);
    let (recorder, _) = read_bytes(text.as_bytes(), &small(512, 1000));
    assert_eq!((recorder.texts[0].cuts, recorder.texts[0].bytes.len()), (0, 1000));
}

/// One JSON document in a line, as CloudTrail delivers it, has an address in many places: none is cut.
#[test]
fn pieces_end_between_words() {
    struct Whole(u64);
    impl Sink for Whole {
        fn begin(&mut self, _: &SourceName) {}
        fn text(&mut self, chunk: Chunk<'_>) {
            self.0 += memchr::memmem::find_iter(chunk.bytes, b"169.254.169.254").count() as u64;
        }
        fn end(&mut self, _: &Totals) {}
    }
    let text = r#"{"ip":"169.254.169.254"},"#.repeat(4000);
    let mut sink = Whole(0);
    let options = small(4096, 5000);
    Reader::new(&options).read_from(&SourceName::new(b"in"), text.as_bytes(), &mut sink);
    assert_eq!(sink.0, 4000);
}

#[test]
fn a_slow_writer_is_heard_line_by_line() {
    struct Terminal<'t>(&'t std::cell::Cell<usize>);
    impl Read for Terminal<'_> {
        fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
            let turn = self.0.replace(self.0.get() + 1);
            let Some(line) = [b"one\n", b"two\n"].get(turn) else { return Ok(0) };
            (&line[..]).read(out)
        }
    }
    struct Heard<'t>(&'t std::cell::Cell<usize>, Vec<(usize, Vec<u8>)>);
    impl Sink for Heard<'_> {
        fn begin(&mut self, _: &SourceName) {}
        fn text(&mut self, chunk: Chunk<'_>) {
            self.1.push((self.0.get(), chunk.bytes.to_vec()));
        }
        fn end(&mut self, _: &Totals) {}
    }
    let turns = std::cell::Cell::new(0);
    let mut heard = Heard(&turns, Vec::new());
    Reader::new(&Options::default()).read_from(&SourceName::new(b"-"), Terminal(&turns), &mut heard);
    assert_eq!(heard.1, [(1, b"one\n".to_vec()), (2, b"two\n".to_vec())], "before the next line was written");
}

/// Also where one read gives many pieces, or the last chunk of a member comes at its end.
#[test]
fn a_sink_that_stops_gets_no_more_pieces_and_no_more_members() {
    let mut options = Options::default();
    options.max_line_bytes = 4;
    let archive = crate::samples::tar(&[("a", &b"long line"[..]), ("b", b"another")]);
    for (bytes, pieces) in [(&b"a long line without an end"[..], 7), (&archive, 5)] {
        for most in 1..=pieces {
            let mut recorder = Recorder { stop_after: Some(most), ..Recorder::default() };
            let totals = Reader::new(&options).read_from(&SourceName::new(b"in"), bytes, &mut recorder);
            assert!(totals.stopped);
            assert_eq!(recorder.chunks, most);
        }
        let (recorder, _) = read_bytes(bytes, &options);
        assert_eq!(recorder.chunks, pieces, "there were as many to take");
    }
}

#[test]
fn a_sink_that_has_enough_is_left_alone() {
    let options = small(512, 1000);
    let mut recorder = Recorder { stop_after: Some(2), ..Recorder::default() };
    let archive = crate::samples::tar(&[("x", &log(10_000)), ("y", &log(10_000))]);
    let totals = Reader::new(&options).read_from(&SourceName::new(b"in"), &archive[..], &mut recorder);
    assert!(totals.stopped);
    assert_eq!(recorder.names(), ["in:x"]);
    assert!(totals.bytes_out < 3000);
    assert_eq!(totals.losses, 0);
}

proptest! {
    #[test]
    fn any_split_gives_the_same_bytes(
        lines in prop::collection::vec(0_usize..400, 0..40),
        sizes in prop::collection::vec(1_usize..900, 1..8),
        chunk_bytes in 1_usize..2000,
        max_line_bytes in 1_usize..700,
        ends in any::<bool>(),
    ) {
        let mut text: Vec<u8> = lines.iter().flat_map(|&length| [vec![b'x'; length], vec![b'\n']].concat()).collect();
        if !ends {
            text.pop();
        }
        let options = small(chunk_bytes, max_line_bytes);
        let (recorder, _) = read_input(InPieces { bytes: &text, sizes, turn: 0 }, &options);
        prop_assert_eq!(&recorder.texts[0].bytes, &text);
        if lines.iter().all(|&length| length < max_line_bytes) {
            prop_assert_eq!(recorder.texts[0].cuts, 0);
        }
    }
}
