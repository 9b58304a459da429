use super::*;
use proptest::prelude::*;

/// What a text is made of: escapes of every kind, some in one another, and spaces that come out of them.
const PARTS: &[&[u8]] = &[
    b" ",
    b" and so many more bytes that no word is near ",
    b"%20",
    b"%2520",
    b"a",
    b"169.254",
    b"%31",
    b"%2531",
    b"%5cx31",
    b"\\x31",
    b"\\",
    b"\\\\",
    b"\\61",
    b"%255c/",
    b"\\u{31}",
    b"&",
    b"#49;",
    b"&amp;#49;",
    b"&#x32",
    b"#23",
    b"#7b",
    b"#fd00",
    b"=BC=91",
    b"%EF",
    b"[.]",
    b"%5B.%5D",
    b"=E2=91=A0",
    b"\xE2\x91\xA0",
    b"\xC2\xAD",
    b"%09",
    b"%C0%AE",
    b"\xC3\xA9",
    b"%",
    b"=",
    b"%5C",
    b"\\x5c",
    b"x31",
    b"\\05",
    b"%36",
    b"%3%091",
    b"=%0A",
    b"\xC2",
    b"%AD",
    b"\xE2%91",
    b"\xA0",
    b"\xEF\xB9\x89",
    b"\t",
];

/// Each layer of a whole text, with what was taken off.
fn whole(text: &[u8], reading: Reading) -> Vec<(Encodings, Vec<u8>)> {
    let mut layers: Vec<(Encodings, Vec<u8>)> = Vec::new();
    while layers.len() < LAYERS_MAX {
        let mut next = Vec::new();
        let left = reading.left(layers.len());
        let taken_off = unfold::unfold_but(left, layers.last().map_or(text, |(_, text)| text), &mut next);
        if taken_off.is_empty() {
            break;
        }
        layers.push((taken_off, next));
    }
    layers
}

/// Where a place stood in the text, by way of whole layers.
fn source(text: &[u8], layers: &[(Encodings, Vec<u8>)], reading: Reading, at: usize) -> usize {
    (0..layers.len()).rev().fold(at, |at, depth| {
        let left = reading.left(depth);
        let above = depth.checked_sub(1).map_or(text, |above| &layers[above].1);
        unfold::source_but(left, above, at)
    })
}

/// Compares the present layer with the whole ones, and the places of its words with theirs.
fn check(layers: &Layers, text: &[u8], reading: Reading) {
    let present = layers.present(text);
    let all = whole(text, reading);
    let depth = present.encodings.len();
    let Some((_, wanted)) = depth.checked_sub(1).map(|depth| &all[depth]) else {
        assert_eq!(present.text, text);
        return;
    };
    let encodings: Vec<_> = all[..depth].iter().map(|(encodings, _)| *encodings).collect();
    assert_eq!((present.text, present.encodings), (&wanted[..], &encodings[..]));
    let mut start = 0;
    for word in wanted.split(|byte| *byte == b' ') {
        let end = start + word.len();
        let places = source(text, &all[..depth], reading, start)..source(text, &all[..depth], reading, end);
        assert!(word.is_empty() || present.written(start..end) == places, "{start}..{end}");
        let is_changed = present.changed().any(|changed| changed.start <= start && end <= changed.end);
        // A word that was not changed stands in the layer above.
        let above = depth.checked_sub(2).map_or(text, |above| &all[above].1);
        let is_above = above.split(|byte| *byte == b' ').any(|other| other == word);
        let is_known = reading != Reading::PLAIN
            && whole(text, Reading::PLAIN)
                .iter()
                .any(|(_, text)| text.split(|byte| *byte == b' ').any(|other| other == word));
        assert!(is_changed || is_above || is_known, "{}", String::from_utf8_lossy(word));
        start = end + 1;
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn layers_by_words_are_those_of_the_whole_text(parts in prop::collection::vec(prop::sample::select(PARTS), 0..12)) {
        let text = parts.concat();
        let mut layers = Layers::default();
        layers.begin(&text);
        check(&layers, &text, Reading::PLAIN);
        while layers.deepen(&text) {
            check(&layers, &text, Reading::PLAIN);
        }
        prop_assert_eq!(layers.present(&text).encodings.len(), whole(&text, Reading::PLAIN).len());
        for reading in layers.doubts().readings() {
            layers.go_back(&text, reading.from(), reading);
            check(&layers, &text, reading);
            while layers.deepen(&text) {
                check(&layers, &text, reading);
            }
            prop_assert_eq!(layers.present(&text).encodings.len(), whole(&text, reading).len());
        }
    }
}
