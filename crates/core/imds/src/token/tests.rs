use super::{TOKEN_LENGTH, TokenError, TokenKey, TokenTtl};
use crate::time::UnixSeconds;
use onehop_verdict::Secret;
use proptest::prelude::*;

const NOW: UnixSeconds = UnixSeconds::new(1_700_000_000);

fn key(byte: u8) -> TokenKey {
    TokenKey::new(&Secret::new([byte; 32]))
}

fn ttl(seconds: u32) -> TokenTtl {
    TokenTtl::new(seconds).expect("a lifetime in bounds")
}

#[test]
fn a_token_has_the_shape_of_real_ones() {
    let token = key(1).mint(NOW, TokenTtl::MAX, b"i-1", [7; 8]);
    let text = token.as_str();
    assert_eq!(text.len(), TOKEN_LENGTH);
    assert!(text.starts_with("AQAEA"), "{text}");
    assert!(text.ends_with("=="), "{text}");
}

#[test]
fn a_token_counts_down_and_expires_on_the_second() {
    let key = key(1);
    let token = key.mint(NOW, ttl(60), b"i-1", [0; 8]);
    for (after, want) in [
        (0, Ok(60)),
        (1, Ok(59)),
        (59, Ok(1)),
        (60, Err(TokenError::Expired)),
        (61, Err(TokenError::Expired)),
    ] {
        assert_eq!(key.check(token.as_str(), b"i-1", NOW.plus(after)), want, "after {after} s");
    }
}

#[test]
fn lifetimes_outside_the_bounds_are_refused() {
    for text in ["", "0", "-1", "+60", "21601", "99999999999", "60 ", " 60", "6e1", "0x10", "١"] {
        assert_eq!(TokenTtl::parse(text), None, "{text:?}");
    }
    for (text, want) in [("1", 1), ("60", 60), ("0060", 60), ("21600", 21_600)] {
        assert_eq!(TokenTtl::parse(text).map(TokenTtl::seconds), Some(want), "{text:?}");
    }
}

#[test]
fn another_key_or_audience_is_refused_as_forged() {
    let token = key(1).mint(NOW, ttl(60), b"uid:1000", [0; 8]);
    assert_eq!(key(2).check(token.as_str(), b"uid:1000", NOW), Err(TokenError::Forged));
    assert_eq!(key(1).check(token.as_str(), b"uid:1001", NOW), Err(TokenError::Forged));
    assert_eq!(key(1).check(token.as_str(), b"", NOW), Err(TokenError::Forged));
}

#[test]
fn debug_shows_neither_key_nor_token() {
    let token = key(1).mint(NOW, ttl(60), b"a", [0; 8]);
    assert_eq!(format!("{:?} {token:?}", key(1)), "TokenKey(****) Token(****)");
}

proptest! {
    #[test]
    fn what_was_minted_is_accepted(bytes: [u8; 32], seconds in 1u32..=21_600, audience: Vec<u8>, nonce: [u8; 8]) {
        let key = TokenKey::new(&Secret::new(bytes));
        let token = key.mint(NOW, ttl(seconds), &audience, nonce);
        prop_assert_eq!(key.check(token.as_str(), &audience, NOW), Ok(seconds));
    }

    #[test]
    fn any_changed_character_is_refused(position in 0usize..56, to in "[A-Za-z0-9_=-]") {
        let key = key(3);
        let mut text = key.mint(NOW, ttl(60), b"a", [1; 8]).as_str().to_owned();
        prop_assume!(text[position..=position] != to);
        text.replace_range(position..=position, &to);
        prop_assert!(key.check(&text, b"a", NOW).is_err());
    }

    #[test]
    fn any_text_is_answered_without_a_panic(text: String) {
        prop_assert!(key(4).check(&text, b"a", NOW).is_err());
    }
}
