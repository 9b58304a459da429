use super::*;
use crate::Detector;
use crate::layers::Layers;
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn delimiters_show_nothing_where_no_place_of_the_layer_matters(
        pieces in prop::collection::vec(
            prop::sample::select(&[
                "169", "254", "a9fe", "a9", "fd00", "ec2", "metad", "ata", "latest", "user-d", "2852039166", "0x", "1",
                "-2E", "-3A", "-2F", "_2E", "_3A", "_2F", ".3A", ".2F", ".5B", "=2E", "=3A", "=2F", "-40", ".", "\u{ad}",
                "%09", "google", "instance", "goog", ":", "/", "%2d", "\\",
            ][..]),
            1..12,
        ),
    ) {
        let mut layer = Vec::new();
        unfold::unfold(pieces.concat().as_bytes(), &mut layer);
        let (mut layers, mut seeker, mut view) = (Layers::default(), Seeker::default(), View::default());
        layers.begin(&layer);
        seeker.begin(Aim::Answer);
        let present = layers.present(&layer);
        let page = Page { present, text: &layer, view: None, encodings: Encodings::NONE, is_whole: false };
        let mut hits = 0;
        if !seeker.search(page, &mut |_| Then::GoOn) {
            for (sign, encoding) in views::signs(&layer) {
                view.delimited(&layer, &[sign], Reading::Every);
                seeker.look_at(&view, Page { encodings: Encodings::of(encoding), ..page }, &mut |_| {
                    hits += 1;
                    Then::GoOn
                });
            }
        }
        prop_assert_eq!(hits, 0, "{}", pieces.concat());
    }
}

/// A word that no step changes is searched again where another word of its line tells how to read it.
#[test]
fn a_word_is_searched_again_for_what_another_word_shows() {
    let far = "and so many more bytes that no word is near";
    for (name, line, want) in [
        ("the URL of a user", format!("u=http%3A%2F%2Fa {far} b@metadata/"), vec!["metadata/"]),
        ("a sign of delimiters", format!("x_20169.254.169.254 {far} a%5F2Fb"), vec!["169.254.169.254"]),
        (
            "a part that took the place of the whole",
            format!("169.254.169.254/a%20http%253A%252F%252F169.254.169.254%252Flatest {far} %252541"),
            vec!["169.254.169.254%252Flatest", "169.254.169.254/a"],
        ),
    ] {
        let mut hits = Vec::new();
        let mut detector = Detector::new();
        detector.detect(line.as_bytes(), &mut hits);
        let found: Vec<_> = hits.iter().map(|hit| &line[hit.place.clone()]).collect();
        assert_eq!(found, want, "{name}");
        assert!(detector.holds(line.as_bytes()), "{name}");
    }
}
