use super::*;
use onehop_address::spelling::{self, Host};

/// What the reader of hosts makes of a character between two letters.
fn read(character: char) -> Option<String> {
    match spelling::read(&format!("g{character}h")).ok()?.host {
        Host::Name(name) => Some(name.strip_prefix('g')?.strip_suffix('h')?.to_owned()),
        Host::Address(_) => None,
    }
}

#[test]
fn no_character_that_a_host_folds_is_left_out() {
    let (mut folded, mut wrong) = (0, Vec::new());
    for character in '\u{80}'..=char::MAX {
        let Some(read) = read(character) else { continue };
        let fold = fold(character);
        let fits = match &*read {
            "" => fold == Fold::Nothing,
            "." => fold == Fold::Dot,
            read if read.is_ascii() => matches!(fold, Fold::Sign | Fold::Dot),
            _ => continue,
        };
        folded += 1;
        if !fits {
            wrong.push(format!("U+{:04X} is `{read}`, not {fold:?}", u32::from(character)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(folded > 1000, "the reader folds {folded} characters");
}

#[test]
fn an_overlong_form_is_what_it_stands_for() {
    for (bytes, want) in [
        (&[0xC0, 0xAE][..], Some(('.', 2))),
        (&[0xE0, 0x80, 0xAE], Some(('.', 3))),
        (&[0xF0, 0x80, 0x80, 0xAE], Some(('.', 4))),
        ("①".as_bytes(), Some(('①', 3))),
        (&[0xC0], None),
        (&[0x80], None),
        (&[0xFF, 0xFF], None),
        (b"", None),
    ] {
        assert_eq!(decode(bytes), want, "{bytes:?}");
    }
}

#[test]
fn escaped_bytes_make_one_character() {
    for (text, want) in [
        (&b"%e2%91%a0x"[..], ('①', 9)),
        (b"\\xe2\\x91\\xa0", ('①', 12)),
        (b"%25e2%2591%25a0", ('①', 15)),
        (b"%c0%ae", ('.', 6)),
        (b"%e2%91", (char::REPLACEMENT_CHARACTER, 3)),
    ] {
        assert_eq!(escaped(text), want, "{}", text.escape_ascii());
    }
}

#[test]
fn two_bytes_tell_what_cannot_fold() {
    let continuations = || 0x80..=0xBF_u8;
    let mut ordinary = 0;
    for (first, second) in
        (0xC0..=0xFF_u8).flat_map(|first| continuations().map(move |second| (first, second)))
    {
        if may_begin(first, second) {
            continue;
        }
        ordinary += 1;
        for (third, fourth) in
            continuations().flat_map(|third| continuations().map(move |fourth| (third, fourth)))
        {
            let folds = decode(&[first, second, third, fourth]).map(|(character, _)| fold(character));
            assert!(
                !matches!(folds, Some(Fold::Sign | Fold::Nothing)),
                "{first:02X} {second:02X} {third:02X} {fourth:02X}: {folds:?}"
            );
        }
    }
    assert!(ordinary > 3000, "{ordinary}");
}
