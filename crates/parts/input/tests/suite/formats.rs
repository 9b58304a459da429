//! Every format, alone, inside others, and in reads of any size.

use std::{fs, sync::LazyLock};

use onehop_input::{Options, Place, Source, read};
use proptest::{prelude::*, sample::Index};

use crate::{
    recorder::{InPieces, Recorder, read_bytes, read_input},
    samples::{bzip2, gzip, log, lzma, tar, tar_pax, utf16, xz, zip, zstd},
};

struct Case {
    name: &'static str,
    input: Vec<u8>,
    want: Vec<(&'static str, &'static str)>,
    why: &'static str,
}

fn cases() -> &'static [Case] {
    static CASES: LazyLock<Vec<Case>> = LazyLock::new(make_cases);
    &CASES
}

#[expect(clippy::too_many_lines, reason = "a table")]
fn make_cases() -> Vec<Case> {
    let a = b"a 1\na 2\n";
    let long = "d/".repeat(120) + "name";
    let long: &'static str = Box::leak(format!("in:{long}").into_boxed_str());
    vec![
        Case { name: "empty", input: vec![], want: vec![("in", "")], why: "nothing was lost either" },
        Case {
            name: "no line end",
            input: b"x\ny".to_vec(),
            want: vec![("in", "x\ny")],
            why: "the end ends it",
        },
        Case {
            name: "NUL and CR",
            input: b"a\r\nb\0c\rd\n\n".to_vec(),
            want: vec![("in", "a\r\nb\0c\rd\n\n")],
            why: "bytes are handed over as they are",
        },
        Case {
            name: "looks compressed",
            input: b"BZh1 is a log line\nPK\n".to_vec(),
            want: vec![("in", "BZh1 is a log line\nPK\n")],
            why: "three letters are no format",
        },
        Case { name: "gzip", input: gzip(a), want: vec![("in", "a 1\na 2\n")], why: "one member" },
        Case {
            name: "gzip members",
            input: [gzip(a), gzip(b""), gzip(b"b"), vec![0; 700]].concat(),
            want: vec![("in", "a 1\na 2\nb")],
            why: "members are one text, zeros behind them are padding",
        },
        Case {
            name: "zstd frames",
            input: [zstd(a), vec![0x50, 0x2a, 0x4d, 0x18, 2, 0, 0, 0, 9, 9], zstd(b"b")].concat(),
            want: vec![("in", "a 1\na 2\nb")],
            why: "frames are one text, a skippable one is skipped",
        },
        Case {
            name: "bzip2 streams",
            input: [bzip2(a), bzip2(b"b")].concat(),
            want: vec![("in", "a 1\na 2\nb")],
            why: "as pbzip2 writes them",
        },
        Case {
            name: "xz streams",
            input: [xz(a), xz(b"b")].concat(),
            want: vec![("in", "a 1\na 2\nb")],
            why: "as concatenated files",
        },
        Case {
            name: "lzma",
            input: lzma(a),
            want: vec![("in", "a 1\na 2\n")],
            why: "by its plausible header",
        },
        Case {
            name: "tar",
            input: tar(&[("x", a), ("dir/y", b""), ("z", b"z\n")]),
            want: vec![("in:x", "a 1\na 2\n"), ("in:dir/y", ""), ("in:z", "z\n")],
            why: "every member is a text",
        },
        Case {
            name: "tar with a long name",
            input: tar(&[(&long[3..], a)]),
            want: vec![(long, "a 1\na 2\n")],
            why: "GNU puts it in a header of its own",
        },
        Case {
            name: "tar with pax headers",
            input: tar_pax("very/long", a),
            want: vec![("in:very/long", "a 1\na 2\n")],
            why: "path and size of the extended header count",
        },
        Case {
            name: "two tars",
            input: [tar(&[("x", a)]), tar(&[("y", b"y")])].concat(),
            want: vec![("in:x", "a 1\na 2\n"), ("in:y", "y")],
            why: "nothing behind the end of the first is ignored",
        },
        Case {
            name: "zip",
            input: zip(&[
                ("x", a),
                ("stored", b"s"),
                ("zstd", b"z\n"),
                ("bzip2", b"b"),
                ("xz", b"x"),
                ("lzma", b"l"),
                ("d/", b""),
            ]),
            want: vec![
                ("in:x", "a 1\na 2\n"),
                ("in:stored", "s"),
                ("in:zstd", "z\n"),
                ("in:bzip2", "b"),
                ("in:xz", "x"),
                ("in:lzma", "l"),
            ],
            why: "every method; a directory is no text",
        },
        Case {
            name: "nested",
            input: zip(&[
                ("inner/access.log.gz", &gzip(a)),
                ("t", &gzip(&tar(&[("m", &zip(&[("n", b"n")]))]))),
            ]),
            want: vec![("in:inner/access.log.gz", "a 1\na 2\n"), ("in:t:m:n", "n")],
            why: "compressed members, and an archive in a compressed archive in an archive",
        },
        Case {
            name: "UTF-16, little end first",
            input: utf16("gr\u{fc}n \u{1f512}\r\nx", u16::to_le_bytes),
            want: vec![("in", "gr\u{fc}n \u{1f512}\r\nx")],
            why: "as Windows writes logs",
        },
        Case {
            name: "UTF-16, big end first, compressed",
            input: gzip(&utf16("a\u{20ac}\n", u16::to_be_bytes)),
            want: vec![("in", "a\u{20ac}\n")],
            why: "inside other formats too",
        },
        Case {
            name: "UTF-16 that is not valid",
            input: vec![0xff, 0xfe, 0x00, 0xd8, b'a', 0, 0x00, 0xdc, b'b'],
            want: vec![("in", "\u{fffd}a\u{fffd}\u{fffd}")],
            why: "lone surrogates and half a unit are replaced",
        },
        Case {
            name: "names for a terminal",
            input: zip(&[("a\n\u{1b}[2J", b"x")]),
            want: vec![("in:a\\u{a}\\u{1b}[2J", "x")],
            why: "a member's name cannot forge a line or move a cursor",
        },
    ]
}

#[test]
fn formats_are_told_by_content() {
    for case in cases() {
        let (recorder, totals) = read_bytes(&case.input, &Options::default());
        assert_eq!(recorder.losses(), Vec::<String>::new(), "{}", case.name);
        let got = recorder.contents();
        let got: Vec<(&str, &str)> = got.iter().map(|(name, text)| (*name, text.as_str())).collect();
        assert_eq!(got, case.want, "{}: {}", case.name, case.why);
        assert_eq!(totals.bytes_in, case.input.len() as u64, "{}", case.name);
        assert_eq!(totals.texts, case.want.len() as u64, "{}", case.name);
    }
}

#[test]
fn a_file_reads_like_a_pipe() {
    let directory = tempfile::tempdir().unwrap();
    for (index, case) in cases().iter().enumerate() {
        let path = directory.path().join("in");
        fs::write(&path, &case.input).unwrap();
        let source = Source { index, place: Place::File(path.clone()), size: None };
        let mut recorder = Recorder::default();
        let totals = read(&source, &Options::default(), &mut recorder).unwrap();
        let prefix = path.display().to_string();
        let got: Vec<(String, String)> = recorder
            .contents()
            .into_iter()
            .map(|(name, text)| (name.replacen(&prefix, "in", 1), text))
            .collect();
        let want: Vec<(String, String)> =
            case.want.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
        assert_eq!(got, want, "{}: {}", case.name, case.why);
        assert_eq!((totals.losses, totals.bytes_in), (0, case.input.len() as u64), "{}", case.name);
    }
}

proptest! {
    #[test]
    fn any_split_into_reads_gives_the_same_texts(
        which in any::<Index>(),
        sizes in prop::collection::vec(1_usize..600, 1..8),
        chunk_bytes in 1_usize..3000,
    ) {
        let case = which.get(cases());
        let mut options = Options::default();
        options.chunk_bytes = chunk_bytes;
        let (recorder, _) = read_input(InPieces { bytes: &case.input, sizes, turn: 0 }, &options);
        let got = recorder.contents();
        let got: Vec<(&str, &str)> = got.iter().map(|(name, text)| (*name, text.as_str())).collect();
        prop_assert_eq!(got, case.want.clone(), "{}", case.name);
    }

    #[test]
    fn any_bytes_are_read_without_panic(
        which in any::<Index>(),
        place in any::<Index>(),
        junk in prop::collection::vec(any::<u8>(), 0..40),
    ) {
        let mut input = which.get(cases()).input.clone();
        let at = if input.is_empty() { 0 } else { place.index(input.len()) };
        let end = input.len().min(at + junk.len());
        input.splice(at..end, junk);
        let (recorder, totals) = read_bytes(&input, &Options::default());
        prop_assert!(recorder.texts.iter().all(|text| text.totals.is_some()));
        prop_assert_eq!(totals.bytes_out, recorder.texts.iter().map(|text| text.bytes.len() as u64).sum::<u64>());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn logs_survive_every_compression(length in 0_usize..40_000, chunk_bytes in 512_usize..9000) {
        let log = log(length);
        let mut options = Options::default();
        options.chunk_bytes = chunk_bytes;
        for packed in [gzip(&log), zstd(&log), bzip2(&log), xz(&log), log.clone()] {
            let (recorder, totals) = read_bytes(&packed, &options);
            prop_assert_eq!(&recorder.texts[0].bytes, &log);
            prop_assert_eq!(totals.losses, 0);
        }
    }
}
