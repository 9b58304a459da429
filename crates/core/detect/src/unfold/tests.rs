use super::*;
use proptest::prelude::*;

fn once(text: &[u8]) -> (Vec<u8>, Vec<&'static str>) {
    let mut out = Vec::new();
    let encodings = unfold(text, &mut out);
    (out, encodings.iter().map(Encoding::as_str).collect())
}

#[test]
fn one_layer_comes_off() {
    for (text, want, encodings) in [
        ("%2568", "%68", &["percent"][..]),
        ("\\/a&#46;", "/a.", &["backslash", "html"]),
        ("①\u{ad}6９。x", "169.x", &["unicode"]),
        ("nothing here, 100% & more #1", "nothing here, 100% & more #1", &[]),
        ("\u{442}\u{435}\u{43a}\u{441}\u{442}", "\u{442}\u{435}\u{43a}\u{441}\u{442}", &[]),
    ] {
        assert_eq!(once(text.as_bytes()), (want.as_bytes().to_vec(), encodings.to_vec()), "{text}");
    }
    assert_eq!(once(b"169\xC0\xAE254").0, b"169.254");
    // Whoever takes off one of two escapes first has the other one still.
    assert_eq!(once(b"9%5C\\x2E").0, b"9\\\\x2E");
    assert_eq!(once(b"\\u005c\\u005c\\u0031").0, b"\\\\1");
    assert_eq!(once(b"%3\xF91").0, b"1");
    // A tab that was an escape, one that was none, and an escape of the stand-in for such a tab.
    assert_eq!(once(b"a%09b\tc%F9").0, b"a\xF9b\tc\xFF");
}

proptest! {
    #[test]
    fn a_place_leads_back(text in prop::collection::vec(prop_oneof![any::<u8>(), Just(b'%'), Just(b'2'), Just(b'\\')], 0..60)) {
        let (out, encodings) = once(&text);
        if encodings.is_empty() {
            prop_assert_eq!(&out, &text);
        }
        let mut before = 0;
        for at in 0..out.len() {
            let source = source_of(&text, at);
            prop_assert!(source >= before && source < text.len());
            before = source;
        }
        prop_assert_eq!(source_of(&text, out.len()), text.len());
    }

    #[test]
    fn two_places_are_found_in_one_walk(
        text in prop::collection::vec(prop_oneof![any::<u8>(), prop::sample::select(&b"%2\\=&#[.a"[..])], 0..60),
        places in (0..70_usize, 0..70_usize),
    ) {
        let (start, end) = (places.0.min(places.1), places.0.max(places.1));
        let mut sources = Sources::new(Encodings::NONE, &text);
        let found = (sources.of(start), sources.of(end));
        prop_assert_eq!(found, (source_of(&text, start), source_of(&text, end)));
    }
}
