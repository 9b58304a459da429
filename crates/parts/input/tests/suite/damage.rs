//! Damage, bombs, and files that change: everything before is delivered, and the loss is said.

use std::{fs, path::PathBuf};

use onehop_input::{
    Chunk, Expansion, Format, InputError, Options, Place, Reason, Sink, Source, SourceName, Totals, read,
};

use crate::{
    recorder::{Recorder, read_bytes},
    samples::{bzip2, gzip, log, lzma, tar, xz, zip, zstd},
};

fn file(path: PathBuf) -> Source {
    Source { index: 0, place: Place::File(path), size: None }
}

fn only_reason(totals: &Totals) -> &Reason {
    assert_eq!(totals.losses, 1, "{:?}", totals.lost);
    &totals.lost[0].reason
}

#[test]
fn what_comes_before_a_truncation_is_delivered() {
    let log = log(1_500_000);
    // Where a format can only be decoded a block at a time, damage costs the block: 64 KiB of compressed bytes in xz,
    // 100 kB to 900 kB of text in bzip2.
    for (format, packed, least) in [
        (Format::Gzip, gzip(&log), 740_000),
        (Format::Zstd, zstd(&log), 580_000),
        (Format::Bzip2, bzip2(&log), 600_000),
        (Format::Xz, xz(&log), 300_000),
    ] {
        let half = &packed[..packed.len() / 2];
        let (recorder, totals) = read_bytes(half, &Options::default());
        assert_eq!(*only_reason(&totals), Reason::Truncated(format));
        let got = &recorder.texts[0].bytes;
        assert!(log.starts_with(got), "{format}");
        assert!(got.len() >= least, "{format}: {} of {}", got.len(), log.len());
        assert_eq!(totals.lost[0].at, got.len() as u64);
    }
}

#[test]
fn what_comes_before_damage_is_delivered_and_the_rest_counted() {
    let log = log(1_500_000);
    let directory = tempfile::tempdir().unwrap();
    for (format, mut packed, least) in [
        (Format::Gzip, gzip(&log), 740_000),
        (Format::Zstd, zstd(&log), 580_000),
        (Format::Xz, xz(&log), 300_000),
    ] {
        let middle = packed.len() / 2;
        let mut noise = 1_u32;
        for byte in &mut packed[middle..] {
            noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            *byte = noise.to_be_bytes()[0];
        }
        let path = directory.path().join("in");
        fs::write(&path, &packed).unwrap();
        let mut recorder = Recorder::default();
        let totals = read(&file(path), &Options::default(), &mut recorder).unwrap();
        assert!(matches!(only_reason(&totals), Reason::Damaged(of, _) if *of == format), "{:?}", totals.lost);
        let got = &recorder.texts[0].bytes;
        let same = got.iter().zip(&log).take_while(|(a, b)| a == b).count();
        assert!(same >= least, "{format}: {same} of {}", log.len());
        let unread = totals.lost[0].unread.expect("the length of a file is known");
        assert!(unread > 1000 && unread <= packed.len() as u64, "{format}: {unread}");
    }
}

#[test]
fn bytes_behind_the_end_of_what_is_packed_are_said() {
    let packed = [
        (Format::Gzip, gzip(b"a\n")),
        (Format::Zstd, zstd(b"a\n")),
        (Format::Bzip2, bzip2(b"a\n")),
        (Format::Xz, xz(b"a\n")),
        (Format::Lzma, lzma(b"a\n")),
    ];
    for (format, packed) in packed {
        let (recorder, totals) = read_bytes(&packed, &Options::default());
        assert_eq!((recorder.contents(), totals.losses), (vec![("in", "a\n".to_owned())], 0), "{format}");
        let (recorder, totals) = read_bytes(&[&packed[..], b"junk"].concat(), &Options::default());
        assert_eq!(recorder.contents(), [("in", "a\n".to_owned())], "{format}");
        assert!(matches!(only_reason(&totals), Reason::Damaged(of, _) if *of == format), "{:?}", totals.lost);
    }
}

#[test]
fn a_damaged_member_does_not_cost_the_next() {
    let mut bad = gzip(&log(9000));
    let middle = bad.len() / 2;
    bad[middle..].fill(0xff);
    for archive in [tar(&[("bad", &bad), ("good", b"g\n")]), zip(&[("stored/bad", &bad), ("good", b"g\n")])] {
        let (recorder, totals) = read_bytes(&archive, &Options::default());
        assert!(matches!(only_reason(&totals), Reason::Damaged(Format::Gzip, _)));
        assert_eq!(recorder.contents().last(), Some(&("in:good", "g\n".to_owned())));
    }
}

#[test]
fn a_wrong_checksum_in_a_zip_is_said() {
    let mut archive = zip(&[("stored", b"some text\n"), ("x", b"x")]);
    let at = memchr::memmem::find(&archive, b"some").unwrap();
    archive[at] = b'S';
    let (recorder, totals) = read_bytes(&archive, &Options::default());
    assert!(matches!(only_reason(&totals), Reason::Damaged(Format::Zip, _)));
    assert_eq!(recorder.contents(), [("in:stored", "Some text\n".to_owned()), ("in:x", "x".to_owned())]);
}

#[test]
fn archives_that_end_too_early_are_said() {
    let whole = tar(&[("x", &log(5000)), ("y", b"y")]);
    let (recorder, totals) = read_bytes(&whole[..3000], &Options::default());
    assert_eq!(*only_reason(&totals), Reason::Truncated(Format::Tar));
    assert_eq!(recorder.texts[0].bytes, log(5000)[..3000 - 512]);

    let whole = zip(&[("x", b"x")]);
    let (_, totals) = read_bytes(&whole[..whole.len() - 30], &Options::default());
    assert!(matches!(only_reason(&totals), Reason::Damaged(Format::Zip, _)), "{:?}", totals.lost);
}

fn tight() -> Options {
    let mut options = Options::default();
    options.expansion = Expansion { ratio: 100, floor_bytes: 1 << 20, max_bytes: 1 << 40 };
    options
}

#[test]
fn a_bomb_stops_at_the_ratio() {
    let zeros = vec![0; 4 << 20];
    let bombs = [
        ("gzip", gzip(&zeros)),
        ("zstd", zstd(&zeros)),
        ("bzip2", bzip2(&zeros)),
        ("xz", xz(&zeros)),
        ("zip", zip(&[("x", &zeros), ("y", &zeros)])),
        ("twice", gzip(&gzip(&zeros))),
        ("zip in zip", zip(&[("a", &zip(&[("x", &zeros)])), ("b", &zip(&[("x", &zeros)]))])),
    ];
    for (name, bomb) in bombs {
        let (recorder, totals) = read_bytes(&bomb, &tight());
        assert!(matches!(only_reason(&totals), Reason::Expansion(_)), "{name}: {:?}", totals.lost);
        let bound = (bomb.len() as u64 * 100).max(1 << 20) + (512 << 10);
        assert!(totals.bytes_out <= bound, "{name}: {} of {bound}", totals.bytes_out);
        assert!(recorder.texts.len() <= 2, "{name}: nothing is opened afterwards");
    }
    let (_, totals) = read_bytes(&gzip(&log(2 << 20)), &tight());
    assert_eq!(totals.losses, 0, "a log that compresses well is no bomb");
}

/// Members of a zip archive that share their bytes: the directory of a small one names them many times.
#[test]
fn overlapping_members_count_each_time() {
    let one = zip(&[("stored", &log(300_000))]);
    let eocd = one.len() - 22;
    let start = u32::from_le_bytes(one[eocd + 16..eocd + 20].try_into().unwrap()) as usize;
    let directory = &one[start..eocd];
    let mut archive = one[..start].to_vec();
    for _ in 0..1000 {
        archive.extend_from_slice(directory);
    }
    let mut end = one[eocd..].to_vec();
    end[8..10].copy_from_slice(&1000_u16.to_le_bytes());
    end[10..12].copy_from_slice(&1000_u16.to_le_bytes());
    end[12..16].copy_from_slice(&u32::try_from(directory.len() * 1000).unwrap().to_le_bytes());
    archive.extend(end);
    let mut options = tight();
    options.expansion.ratio = 10;
    let (_, totals) = read_bytes(&archive, &options);
    assert!(matches!(only_reason(&totals), Reason::Expansion(_)), "{:?}", totals.lost);
    assert!(totals.bytes_out <= archive.len() as u64 * 10 + (512 << 10));
}

#[test]
fn nesting_is_bounded() {
    let mut nested = b"deep\n".to_vec();
    for _ in 0..4 {
        nested = gzip(&nested);
    }
    let (recorder, totals) = read_bytes(&nested, &Options::default());
    assert_eq!((totals.losses, recorder.contents()[0].1.as_str()), (0, "deep\n"));
    let (recorder, totals) = read_bytes(&gzip(&nested), &Options::default());
    assert_eq!(*only_reason(&totals), Reason::Nesting(Format::Gzip, 4));
    assert_eq!(recorder.contents(), [("in", String::new())]);
}

#[test]
fn decoders_are_refused_too_much_memory() {
    let mut options = Options::default();
    options.decoder_bytes = 1 << 20;
    let mut encoder = zstd::Encoder::new(Vec::new(), 3).unwrap();
    encoder.window_log(24).unwrap();
    encoder.include_contentsize(false).unwrap();
    std::io::Write::write_all(&mut encoder, &log(4 << 20)).unwrap();
    for packed in [encoder.finish().unwrap(), xz(&log(9000))] {
        let (recorder, totals) = read_bytes(&packed, &options);
        let reason = only_reason(&totals);
        assert!(matches!(reason, Reason::Memory(_) | Reason::Damaged(Format::Zstd, _)), "{reason}");
        assert!(recorder.texts[0].bytes.is_empty());
        assert_eq!(read_bytes(&packed, &Options::default()).1.losses, 0, "the twin that is allowed to");
    }
}

#[test]
fn spooling_is_bounded() {
    let mut options = Options::default();
    options.spool_bytes = 1000;
    let archive = zip(&[("stored", &log(5000))]);
    let (_, totals) = read_bytes(&archive, &options);
    assert_eq!(*only_reason(&totals), Reason::Spool(Format::Zip, 1000));
    assert_eq!(read_bytes(&zip(&[("stored", &log(500))]), &options).1.losses, 0);
}

/// Changes a file when its first chunk arrives.
struct Meddler<F: FnMut()>(Recorder, Option<F>);

impl<F: FnMut()> Sink for Meddler<F> {
    fn begin(&mut self, source: &SourceName) {
        self.0.begin(source);
    }
    fn text(&mut self, chunk: Chunk<'_>) {
        self.0.text(chunk);
        if let Some(mut meddle) = self.1.take() {
            meddle();
        }
    }
    fn end(&mut self, totals: &Totals) {
        self.0.end(totals);
    }
}

#[test]
fn a_file_that_shrinks_while_it_is_read_is_said() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("in");
    let log = log(100_000);
    let mut options = Options::default();
    options.chunk_bytes = 4096;
    for packed in [log.clone(), gzip(&log)] {
        fs::write(&path, &packed).unwrap();
        let keep = packed.len() as u64 / 2;
        let shrink = || fs::OpenOptions::new().write(true).open(&path).unwrap().set_len(keep).unwrap();
        let mut sink = Meddler(Recorder::default(), Some(shrink));
        let totals = read(&file(path.clone()), &options, &mut sink).unwrap();
        assert_eq!(*only_reason(&totals), Reason::Shrunk);
        assert_eq!(totals.lost[0].unread, Some(packed.len() as u64 - keep));
        assert_eq!(totals.bytes_in, keep);
        let got = &sink.0.texts[0].bytes;
        assert!(log.starts_with(got) && got.len() > 40_000, "{}", got.len());
    }
}

#[test]
fn a_file_that_grows_while_it_is_read_comes_to_an_end() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("in");
    fs::write(&path, "first\n").unwrap();
    let grow = || fs::write(&path, "first\nsecond\n").unwrap();
    let mut sink = Meddler(Recorder::default(), Some(grow));
    let totals = read(&file(path.clone()), &Options::default(), &mut sink).unwrap();
    assert_eq!((totals.bytes_out, totals.losses), (6, 0));
}

#[test]
fn what_cannot_be_read_is_said() {
    let options = Options::default();
    let missing = read(&file("/nowhere/at/all".into()), &options, &mut Recorder::default());
    assert!(matches!(missing, Err(InputError::Open { .. })), "{missing:?}");
    let directory = read(&file("/".into()), &options, &mut Recorder::default());
    assert!(matches!(directory, Err(InputError::Directory { .. })), "{directory:?}");
    // Nothing is mapped at address 0, so that reading there fails after the file was opened.
    let totals = read(&file("/proc/self/mem".into()), &options, &mut Recorder::default()).unwrap();
    assert!(matches!(only_reason(&totals), Reason::Unreadable(_)));
}

#[test]
fn losses_are_counted_beyond_those_kept() {
    let bad = [0x1f, 0x8b, 8, 0, 0];
    let members: Vec<(String, &[u8])> = (0..100).map(|number| (number.to_string(), &bad[..])).collect();
    let members: Vec<(&str, &[u8])> = members.iter().map(|(name, bytes)| (name.as_str(), *bytes)).collect();
    let (recorder, totals) = read_bytes(&tar(&members), &Options::default());
    assert_eq!((totals.losses, totals.lost.len()), (100, Totals::LOSSES_MAX));
    assert_eq!(recorder.losses().len(), 100, "the sink hears of each");
    assert!(
        totals.lost[0].to_string().contains("`in:0`: the gzip data ends too early"),
        "{}",
        totals.lost[0]
    );
}
