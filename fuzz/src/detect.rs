//! Attempts in lines: the detector is total and says where it looked, the sieve in front of it drops nothing that it
//! would report, and every kind of sieve tells the same.
//!
//! The input is a text of lines. A service is also put into its first line, spelled and escaped in ways that follow from
//! the input; it must be found.

use crate::Reached;
use onehop_detect::{Detector, HITS_MAX, Hit, TEXT_MAX_BYTES, Way};
use onehop_scan::sieve::{Sieve, Then};

/// Lines of one input that are looked at.
const LINES_MAX: usize = 64;
/// Bytes of the first line that stand around what is put into it.
const AROUND_MAX: usize = 300;
/// The address behind every spelling.
const ADDRESS: &str = "169.254.169.254";
const SPELLINGS: [&str; 8] = [
    "169.254.169.254",
    "2852039166",
    "0xa9fea9fe",
    "0251.0376.0251.0376",
    "169.254.43518",
    "[::ffff:a9fe:a9fe]",
    "169.254.169.254.nip.io",
    "①⑥⑨。254.169.254",
];

/// Reads one text.
pub fn run(data: &[u8]) -> Reached {
    check_sieves(data);
    let places = places(&mut Sieve::new(), data);
    let (mut detector, mut start, mut is_found) = (Detector::new(), 0, false);
    for line in data.split(|byte| *byte == b'\n').take(LINES_MAX) {
        let mut hits = Vec::new();
        detector.detect(line, &mut hits);
        let has_word = detector.has_word();
        check_again(line, &hits, has_word);
        let whole = detector.whole(line);
        for hit in hits.iter().chain(&whole) {
            check_hit(line, hit);
        }
        assert!(
            whole.is_none() || has_word || !hits.is_empty(),
            "a host alone is missed in a line: {whole:?}"
        );
        if !hits.is_empty() || has_word {
            is_found |= !hits.is_empty();
            check_let_through(line, &hits);
            let range = start..=start + line.len();
            assert!(places.iter().any(|at| range.contains(at)), "nothing of line {line:?} matters: {hits:?}");
        }
        start += line.len() + 1;
    }
    check_planted(data);
    Reached::accepted_if(is_found)
}

fn check_again(line: &[u8], hits: &[Hit], has_word: bool) {
    let (mut detector, mut again) = (Detector::new(), vec![]);
    detector.detect(line, &mut again);
    assert_eq!(again, hits, "the same text gives the same hits");
    assert_eq!(detector.has_word(), has_word);
    // Hits that are there already stay, and take no room.
    detector.detect(line, &mut again);
    assert_eq!(again.len(), 2 * hits.len());
    assert_eq!(&again[..hits.len()], hits);
    let paths = hits.iter().filter(|hit| hit.way == Way::Path).count();
    assert!(paths == 0 || paths == hits.len(), "a path counts where there is no host");
    assert!(hits.len() <= HITS_MAX);
}

fn check_hit(line: &[u8], hit: &Hit) {
    let end = line.len().min(TEXT_MAX_BYTES);
    assert!(hit.place.start < hit.place.end && hit.place.end <= end, "{hit:?} in {end} bytes");
    assert!(!hit.host.is_empty() && !hit.decoded.is_empty(), "{hit:?}");
    assert!(hit.layers.iter().all(|layer| !layer.is_empty()), "{hit:?}");
    if let Some(address) = hit.address {
        let shown = hit.host.trim_matches(['[', ']']).parse();
        assert!(shown.is_err() || shown == Ok(address), "{hit:?}");
    }
}

/// Every kind of sieve tells the same places, and as many line ends as there are.
fn check_sieves(text: &[u8]) {
    let ends = text.split(|byte| *byte == b'\n').count() - 1;
    let mut kinds = Sieve::all().map(|mut sieve| (places(&mut sieve, text), sieve));
    let (told, first) = kinds.next().expect("there is always a sieve");
    assert!(told.is_sorted_by(|one, next| one < next) && told.last().is_none_or(|last| *last < text.len()));
    for (places, sieve) in kinds {
        let differs = places.iter().zip(&told).find(|(one, other)| one != other);
        assert!(
            places == told,
            "{sieve:?} and {first:?} differ: {differs:?}, {} {}",
            places.len(),
            told.len()
        );
    }
    for mut sieve in Sieve::all() {
        assert_eq!(sieve.sift(text, |_| Then::Stop), ends);
        let mut jumped = Vec::new();
        let lines = sieve.sift(text, |at| {
            jumped.push(at);
            Then::From(at + 7)
        });
        assert_eq!(lines, ends);
        assert!(jumped.is_sorted_by(|one, next| one + 7 <= *next), "{sieve:?} goes back");
        let mut left = told.iter();
        assert!(jumped.iter().all(|at| left.any(|other| other == at)), "{sieve:?} tells of other places");
    }
}

fn places(sieve: &mut Sieve, text: &[u8]) -> Vec<usize> {
    let mut places = Vec::new();
    sieve.sift(text, |at| {
        places.push(at);
        Then::From(at + 1)
    });
    places
}

fn check_let_through(line: &[u8], hits: &[Hit]) {
    for mut sieve in Sieve::all() {
        assert!(!places(&mut sieve, line).is_empty(), "{sieve:?} drops `{}`: {hits:?}", line.escape_ascii());
    }
}

/// A URL of a service between blanks is found in any line.
fn check_planted(data: &[u8]) {
    let line = data.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let around = &line[..line.len().min(AROUND_MAX)];
    let mut sum =
        data.iter().fold(7_usize, |sum, byte| sum.wrapping_mul(31).wrapping_add(usize::from(*byte)));
    let mut below = |bound: usize| {
        let number = sum % bound;
        sum /= bound;
        number
    };
    let (before, after) = around.split_at(below(around.len() + 1));
    let url = format!("http://{}/latest/meta-data/", SPELLINGS[below(SPELLINGS.len())]);
    let form = written(&url, below(8));
    let text = [before, b" ", form.as_bytes(), b" ", after].concat();
    let mut hits = Vec::new();
    Detector::new().detect(&text, &mut hits);
    let is_it = |hit: &Hit| hit.address.is_some_and(|address| address.to_canonical().to_string() == ADDRESS);
    let is_found = hits.iter().any(is_it);
    assert!(is_found || hits.len() == HITS_MAX, "{form} is missed in `{}`: {hits:?}", text.escape_ascii());
    check_let_through(&text, &hits);
}

/// The URL as it is, or under one of the escapes or two.
fn written(url: &str, way: usize) -> String {
    let each = |write: fn(u8) -> String| url.bytes().map(write).collect::<String>();
    let character = |write: fn(u32) -> String| url.chars().map(u32::from).map(write).collect::<String>();
    match way {
        0 => url.to_owned(),
        1 => url.to_uppercase(),
        2 => each(|byte| format!("%{byte:02X}")),
        3 => each(|byte| format!("%25{byte:02x}")),
        4 => each(|byte| format!("\\x{byte:02X}")),
        5 => character(|character| format!("\\u{character:04x}")),
        6 => character(|character| format!("&#{character};")),
        _ => character(|character| format!("%26%23x{character:x}%3B")),
    }
}
