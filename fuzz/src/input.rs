//! Whatever a file holds: the texts in it are handed over in order and whole, the same however they are read, and neither
//! they nor what they need grow beyond bounds.
//!
//! The first byte chooses the bounds. The rest is a file: a text, or one that is compressed, an archive or a table, in any
//! nesting. It is read as if from a pipe, in pieces of other sizes, as a file, packed once more, and stopped early.

mod recorder;

use crate::Reached;
use onehop_input::{Expansion, Loss, Options, Place, Reader, Source, SourceName, Totals, read};
use recorder::{InPieces, Recorder, Text, quietly};
use rustix::fs::{MemfdFlags, memfd_create};
use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::AsRawFd;

/// Decoded bytes of one input.
const DECODED_MAX_BYTES: u64 = 256 << 10;
/// Bytes of text that so many decoded bytes give: in JSON a byte may take six.
const TEXT_MAX_BYTES: u64 = 8 * DECODED_MAX_BYTES;
/// Longest message about a loss, in characters: a name of a member, and what a decoder says.
const MESSAGE_MAX: usize = 40_000;

/// Reads one file.
pub fn run(data: &[u8]) -> Reached {
    let Some((choice, bytes)) = data.split_first() else { return Reached::Refused };
    let options = options(*choice);
    let (recorder, totals) = read_from(bytes, &options, None);
    check_totals(&recorder, &totals, bytes, &options);
    check_plain(&recorder.texts, bytes);
    let pieces = InPieces::new(bytes, *choice);
    let (other, other_totals) = read_from(pieces, &options, None);
    check_same("in pieces", (&recorder, &totals), (&other, &other_totals));
    let (other, other_totals) = read_file(bytes, &options);
    check_same("as a file", (&recorder, &totals), (&other, &other_totals));
    check_stopped(&recorder, bytes, &options);
    if totals.losses == 0 && totals.bytes_out < 16 << 10 {
        check_packed(&recorder.texts, bytes, options);
    }
    let is_opened = totals.losses == 0 && recorder.texts.iter().any(|text| text.bytes != bytes);
    Reached::accepted_if(is_opened)
}

/// Bounds that small inputs reach.
fn options(choice: u8) -> Options {
    let mut options = Options::default();
    options.chunk_bytes = 512 + usize::from(choice & 7) * 97;
    options.max_line_bytes = 1 + usize::from(choice >> 3) * 40;
    options.expansion = Expansion { ratio: 100, floor_bytes: 64 << 10, max_bytes: DECODED_MAX_BYTES };
    options.max_nesting = 3;
    options.decoder_bytes = 4 << 20;
    options.spool_bytes = 64 << 10;
    options
}

fn read_from(input: impl Read, options: &Options, stop_after: Option<usize>) -> (Recorder, Totals) {
    let mut recorder = Recorder::stopping_after(stop_after);
    let name = SourceName::new(b"in");
    let totals = quietly(|| Reader::new(options).read_from(&name, input, &mut recorder));
    (recorder.checked(&totals), totals)
}

/// A file in memory, so that nothing is left behind and no disk is waited for.
fn read_file(bytes: &[u8], options: &Options) -> (Recorder, Totals) {
    let descriptor = memfd_create("input", MemfdFlags::CLOEXEC).expect("memory for a small file");
    let mut file = File::from(descriptor);
    file.write_all(bytes).expect("memory for a small file");
    let place = Place::File(format!("/proc/self/fd/{}", file.as_raw_fd()).into());
    let source = Source { index: 0, place, size: None };
    let mut recorder = Recorder::default();
    let totals = quietly(|| read(&source, options, &mut recorder)).expect("it was just written");
    (recorder.checked(&totals), totals)
}

fn check_totals(recorder: &Recorder, totals: &Totals, bytes: &[u8], options: &Options) {
    assert_eq!(totals.texts, recorder.texts.len() as u64);
    assert!(totals.bytes_in <= bytes.len() as u64 && !totals.stopped, "{totals:?}");
    // Nobody reads on behind the end of an archive.
    let is_archive = recorder.texts.iter().any(|text| text.name != "in") || recorder.texts.is_empty();
    let is_whole = totals.bytes_in == bytes.len() as u64;
    assert!(totals.losses > 0 || is_archive || is_whole, "{totals:?} of {}", bytes.len());
    assert!(totals.bytes_out <= TEXT_MAX_BYTES, "{} bytes of text", totals.bytes_out);
    assert!(totals.lost.len() as u64 == totals.losses.min(Totals::LOSSES_MAX as u64));
    totals.lost.iter().for_each(check_loss);
    let longest = options.max_line_bytes + 2 * options.chunk_bytes;
    assert!(recorder.largest_chunk <= longest, "a chunk of {} bytes", recorder.largest_chunk);
    for text in &recorder.texts {
        assert!(!text.name.chars().any(char::is_control), "{:?}", text.name);
        assert!(text.name.starts_with("in"), "{:?}", text.name);
    }
}

/// One line that a terminal can show.
fn check_loss(loss: &Loss) {
    let message = loss.to_string();
    assert!(!message.chars().any(char::is_control), "{message:?}");
    assert!(message.chars().count() <= MESSAGE_MAX, "{message}");
}

/// A text as it is comes out as it is.
fn check_plain(texts: &[Text], bytes: &[u8]) {
    let is_short = bytes.len() < 512 && bytes.first().is_some_and(u8::is_ascii_alphanumeric);
    let is_marked = [&b"PK"[..], b"PAR", b"BZh", b"P*M\x18"].iter().any(|mark| bytes.starts_with(mark))
        || bytes.get(1..4) == Some(b"*M\x18");
    if is_short && !is_marked {
        assert!(matches!(texts, [text] if text.bytes == bytes), "a text is another one: {texts:?}");
    }
}

/// What is whole is the same; of what is not, one reading may get further than the other.
fn check_same(how: &str, one: (&Recorder, &Totals), other: (&Recorder, &Totals)) {
    assert_eq!(one.1.losses == 0, other.1.losses == 0, "{how}: {:?} {:?}", one.1, other.1);
    let (texts, others) = (&one.0.texts, &other.0.texts);
    if one.1.losses == 0 {
        assert_eq!(texts.len(), others.len(), "{how}");
    }
    for (text, other) in texts.iter().zip(others) {
        assert!(text.is_named_like(other), "{how}: `{}` and `{}`", text.name, other.name);
        if text.losses + other.losses > 0 {
            let is_shorter = text.bytes.starts_with(&other.bytes) || other.bytes.starts_with(&text.bytes);
            assert!(is_shorter, "{how}: `{}` is another text", text.name);
            return;
        }
        assert_eq!(text.bytes, other.bytes, "{how}: {}", text.name);
    }
}

/// Whoever has had enough gets no more.
fn check_stopped(recorder: &Recorder, bytes: &[u8], options: &Options) {
    let stop_after = (recorder.chunks / 2).max(1);
    if recorder.chunks == 0 {
        return;
    }
    let (early, totals) = read_from(bytes, options, Some(stop_after));
    assert!(totals.stopped, "it was stopped");
    assert_eq!(early.chunks, stop_after, "chunks behind the one that was enough");
    let (last, whole) = early.texts.split_last().expect("there was a chunk");
    assert!(recorder.texts.starts_with(whole) || totals.losses > 0);
    let other = &recorder.texts[whole.len().min(recorder.texts.len() - 1)];
    assert!(other.bytes.starts_with(&last.bytes), "`{}` is another text", last.name);
}

/// One more layer around it changes nothing but names.
fn check_packed(texts: &[Text], bytes: &[u8], mut options: Options) {
    options.max_nesting += 1;
    options.expansion.floor_bytes = DECODED_MAX_BYTES;
    options.expansion.max_bytes *= 2;
    for packed in [recorder::gzip(bytes), recorder::tar(bytes), recorder::zip(bytes)] {
        let (other, totals) = read_from(&packed[..], &options, None);
        assert_eq!(totals.losses, 0, "{:?}", totals.lost);
        let same = texts.iter().map(|text| &text.bytes).eq(other.texts.iter().map(|text| &text.bytes));
        assert!(same, "packed texts are others: {texts:?} {:?}", other.texts);
    }
}
