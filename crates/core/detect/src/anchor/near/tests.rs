use super::*;
use proptest::prelude::*;

/// What stands before in each of the readings; where one cannot differ, as in the first.
fn each<const N: usize>(text: &[u8]) -> [[u8; N]; READINGS.len()] {
    let mut read = each_before(text);
    let first = read.next().expect("a reading");
    let mut rest = readings(near(text)).skip(1).zip(read).collect::<Vec<_>>().into_iter().peekable();
    READINGS.map(|left| rest.next_if(|(of, _)| *of == left).map_or(first, |(_, read)| read))
}

#[test]
fn what_stands_before_is_read_to_the_end_of_its_escapes() {
    for (text, want) in [
        ("/a/instance-d", "/instance-d"),
        ("?x=met%61%2564", "?x=metad"),
        (" me\\x74\u{ad}ad", " metad"),
        ("-2Francher-2Dmetad", "/rancher-2dmetad"),
        ("\\/metad", "/metad"),
    ] {
        let read: [u8; 20] = before(text.as_bytes());
        let read = String::from_utf8_lossy(&read);
        assert_eq!(read.trim_start_matches('\n'), want, "{text}");
    }
}

#[test]
fn a_backslash_is_read_in_both_ways() {
    for text in ["\\nn", "%5cnn", "&bsol;nn", "&#92;nn", "%255Cnn"] {
        let [escape, backslash, _] = each::<4>(text.as_bytes());
        assert_eq!(backslash, *b"\n\\nn", "{text}");
        assert_ne!(escape, backslash, "{text}");
    }
}

#[test]
fn a_hash_is_read_in_both_ways() {
    let [escape, _, hash] = each::<4>(b"/#fdn");
    assert_eq!(hash, *b"#fdn");
    assert_ne!(escape, hash);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    #[test]
    fn nothing_is_read_in_another_way_for_what_stands_before_a_bound(
        pieces in prop::collection::vec(
            prop_oneof![
                "[ -~]{1,3}",
                prop::sample::select(&[
                    "/", "?", " ", "\\", "%5c", "%2f", "%25", "&#", "&#47;", "&bsol;", "\u{ff11}", "\u{ad}", "%09", "=E2=91=A0",
                    "-2F", "\\u{2f}", "\\ud835", "[.", "%u", "&quest;", "#2",
                ][..]).prop_map(str::to_owned),
            ],
            0..20,
        ),
    ) {
        let text = pieces.concat();
        let text = text.as_bytes();
        for (left, read) in READINGS.into_iter().zip(each::<24>(text)) {
            let whole: [u8; 24] = read_before(text, left);
            let kept = read.iter().rev().take_while(|byte| **byte != END).count();
            prop_assert_eq!(&whole[24 - kept..], &read[24 - kept..], "{} {:?}", String::from_utf8_lossy(text), left);
        }
    }
}
