use super::super::matters;
use super::{GLANCE_BYTES, leading_number, may_follow, may_matter};
use proptest::prelude::*;

/// Whether a glance lets the beginning of a text through.
fn passes(text: &[u8]) -> bool {
    text.first_chunk::<GLANCE_BYTES>().is_none_or(|bytes| may_matter(*bytes) && may_follow(*bytes))
}

#[test]
fn what_is_ordinary_does_not_pass() {
    let ordinary = [
        "192.168.0.1 ",
        "169.25.16.2 ",
        "100.64.0.1 -",
        "144.76.10.2 ",
        "2851 1234",
        "597162 HTTP",
        "%E1%83%A2%E1",
        "%d5%af%d6",
        "194.0.0.192",
        "3561 4281 ",
        "\u{5b57}\u{5b57}\u{5b57}",
    ];
    for text in ordinary {
        assert!(!passes(text.as_bytes()), "{text}");
    }
}

#[test]
fn what_matters_passes_with_any_three_bytes_and_any_end() {
    let alphabet = b"0123456789abcdefgtuxX.-_=:%&\\#[( \n\t\x80\xa9\xc2\xe2\xf0\xf9\xff";
    let ends: [&[u8]; 8] = [
        b".254.169.254 ",
        b"52039166 and",
        b"9fe.nip.io / ",
        b".0.0.192 and",
        b":fea9:fea9::",
        b"data/instance",
        b"462 by itself",
        b"%2e254%2e169",
    ];
    let before = b"[2001:db8:100:a9fe:a";
    for first in alphabet {
        for second in alphabet {
            for third in alphabet {
                let three = [*first, *second, *third];
                if may_matter([three[0], three[1], three[2], b'.', b'2', b'5', b'4', b'.']) {
                    continue;
                }
                for end in ends {
                    let text = [&before[..], &three, end].concat();
                    let is_seen = passes(&text[before.len()..]) || !matters(&text, before.len());
                    assert!(is_seen, "{:?}", String::from_utf8_lossy(&text));
                }
            }
        }
    }
}

#[test]
fn half_a_character_passes_whose_rest_is_escaped() {
    for text in [&b"\xC2%AD9.254"[..], b"\xE2%80%8B9.", b"%C2\xAD9.254"] {
        assert!(passes(text), "{}", text.escape_ascii());
    }
}

#[test]
fn a_number_is_read_from_its_digits() {
    for (bytes, digits, number) in [
        (b"7.. ", 1, 7),
        (b"12. ", 2, 12),
        (b"345.", 3, 345),
        (b"x123", 0, 0),
        (b"00/9", 2, 0),
        (b"9\xb09 ", 1, 9),
    ] {
        assert_eq!(leading_number(*bytes), (digits, number), "{bytes:?}");
    }
    assert_eq!(leading_number(*b"1234").0, 4);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4096))]

    #[test]
    fn what_matters_passes(
        before in "[a6f:.0x%2\\\\]{0,6}",
        text in "([169]{3}|[0-9]{3}|[0-9a-f]{3}|%[0-9a-fA-F]{2}|[xX0][a-f6][0-9]|ata|\u{ff11}|\u{ad}|#[0-9]{2}|=[0-9A-F]{2})\
                (\\.|[-_=:&;#%\\\\ ]|\t|\u{3002}|%2[eE]|%[0-9a-fA-F]{2}|[0-9a-f]){0,2}[0-9a-f]{0,4}[-. /%:x&\"]?[0-9a-f.]{0,8}",
    ) {
        let whole = [before.as_bytes(), text.as_bytes()].concat();
        for at in 0..whole.len() {
            prop_assert!(passes(&whole[at..]) || !matters(&whole, at), "at {} of {:?}", at, String::from_utf8_lossy(&whole));
        }
    }
}
