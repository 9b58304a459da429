//! Session tokens: what was minted is accepted until it expires, and nothing else ever is.
//!
//! The input is a recipe ([`Recipe`]): keys, audiences, times, and edits of the token's text. A forgery that gets
//! through, an expired token that is accepted and a good one that is refused are all findings.

use crate::Reached;
use arbitrary::{Arbitrary, Unstructured};
use onehop_imds::time::UnixSeconds;
use onehop_imds::token::{TOKEN_LENGTH, TOKEN_TTL_MAX_SECONDS, Token, TokenError, TokenKey, TokenTtl};
use onehop_verdict::Secret;

/// The expiry is 32 bits wide, so that tokens end in the year 2106.
const LAST_SECOND: u32 = u32::MAX - TOKEN_TTL_MAX_SECONDS;

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// What the bytes of an input say.
#[derive(Arbitrary, Debug)]
struct Recipe {
    key: [u8; 32],
    other_key: [u8; 32],
    now: u32,
    ttl: u16,
    age: u16,
    nonce: [u8; 8],
    audience: Vec<u8>,
    other_audience: Vec<u8>,
    edits: Vec<Edit>,
    text: String,
}

/// One change to the text of a token.
#[derive(Arbitrary, Debug)]
enum Edit {
    Replace(u8, char),
    Insert(u8, char),
    Remove(u8),
    Swap(u8, u8),
    /// Changes the letter case.
    Case(u8),
    /// Another of the 64 characters that stand for the same upper bits.
    LowBits(u8, u8),
    Standard,
    Truncate(u8),
}

/// Mints, changes and checks tokens.
pub fn run(data: &[u8]) -> Reached {
    let Ok(recipe) = Recipe::arbitrary_take_rest(Unstructured::new(data)) else {
        return Reached::Refused;
    };
    check_lifetime(&recipe.text);
    let key = TokenKey::new(&Secret::new(recipe.key));
    let (now, ttl) = (recipe.now.min(LAST_SECOND), 1 + u32::from(recipe.ttl) % TOKEN_TTL_MAX_SECONDS);
    let lifetime = TokenTtl::new(ttl).expect("within the bounds");
    let token = key.mint(at(now), lifetime, &recipe.audience, recipe.nonce);
    check_shape(&token);
    check_time(&recipe, &key, &token, now, ttl);
    check_others(&recipe, &key, &token, now);
    check_padding(&recipe, &key, &token, now);
    check_forgeries(&recipe, &key, &token, now)
}

fn at(seconds: u32) -> UnixSeconds {
    UnixSeconds::new(u64::from(seconds))
}

fn check_shape(token: &Token) {
    let text = token.as_str();
    assert_eq!(text.len(), TOKEN_LENGTH);
    assert!(text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_=".contains(&b)));
    assert!(!format!("{token:?}").contains(text));
}

/// Accepted with what is left of its lifetime, and refused from the second on in which it ends.
fn check_time(recipe: &Recipe, key: &TokenKey, token: &Token, now: u32, ttl: u32) {
    let check = |seconds| key.check(token.as_str(), &recipe.audience, at(seconds));
    assert_eq!(check(now), Ok(ttl));
    let age = u32::from(recipe.age);
    let want = if age < ttl { Ok(ttl - age) } else { Err(TokenError::Expired) };
    assert_eq!(check(now + age.min(TOKEN_TTL_MAX_SECONDS)), want);
    assert_eq!(check(u32::MAX), Err(TokenError::Expired));
    // A clock that was set back neither panics nor makes a token last longer than any may.
    let earlier = check(now.saturating_sub(age));
    assert!(earlier.is_ok_and(|left| (1..=TOKEN_TTL_MAX_SECONDS).contains(&left)));
}

/// Another audience and another key refuse it.
fn check_others(recipe: &Recipe, key: &TokenKey, token: &Token, now: u32) {
    if recipe.other_audience != recipe.audience {
        let found = key.check(token.as_str(), &recipe.other_audience, at(now));
        assert_eq!(found, Err(TokenError::Forged));
    }
    if recipe.other_key != recipe.key {
        let other = TokenKey::new(&Secret::new(recipe.other_key));
        let found = other.check(token.as_str(), &recipe.audience, at(now));
        assert_eq!(found, Err(TokenError::Forged));
    }
}

/// The last character before the padding has four bits that say nothing; only one spelling of them is read.
fn check_padding(recipe: &Recipe, key: &TokenKey, token: &Token, now: u32) {
    let (before, last) = token.as_str().trim_end_matches('=').split_at(TOKEN_LENGTH - 3);
    for letter in
        ALPHABET.iter().map(|letter| char::from(*letter)).filter(|letter| !last.starts_with(*letter))
    {
        let other = format!("{before}{letter}==");
        assert!(key.check(&other, &recipe.audience, at(now)).is_err(), "`{other}` is another spelling");
    }
}

/// No other text is a token, however little it differs.
fn check_forgeries(recipe: &Recipe, key: &TokenKey, token: &Token, now: u32) -> Reached {
    let genuine = token.as_str();
    let mut reached = Reached::Accepted;
    let mut text = genuine.to_owned();
    for edit in recipe.edits.iter().take(32) {
        text = edit.apply(&text);
        if text != genuine {
            let found = key.check(&text, &recipe.audience, at(now));
            assert!(found.is_err(), "`{text}` passes for `{genuine}`");
            reached = Reached::Refused;
        }
    }
    if recipe.text != genuine {
        assert!(key.check(&recipe.text, &recipe.audience, at(now)).is_err());
    }
    reached
}

impl Edit {
    fn apply(&self, text: &str) -> String {
        let mut all: Vec<char> = text.chars().collect();
        let length = all.len().max(1);
        let place = |at: u8| usize::from(at) % length;
        match *self {
            Edit::Insert(at, c) => all.insert(place(at), c),
            Edit::Standard => return text.replace('-', "+").replace('_', "/"),
            Edit::Truncate(at) => all.truncate(place(at)),
            _ if all.is_empty() => {}
            Edit::Replace(at, c) => all[place(at)] = c,
            Edit::Remove(at) => drop(all.remove(place(at))),
            Edit::Swap(a, b) => all.swap(place(a), place(b)),
            Edit::Case(at) => {
                let c = &mut all[place(at)];
                *c = if c.is_ascii_lowercase() { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() };
            }
            Edit::LowBits(at, low) => {
                let c = &mut all[place(at)];
                *c = same_upper_bits(*c, low);
            }
        }
        all.into_iter().collect()
    }
}

/// A character whose upper two bits are the same.
fn same_upper_bits(c: char, low: u8) -> char {
    let value = ALPHABET.iter().position(|letter| char::from(*letter) == c);
    value.map_or(c, |value| char::from(ALPHABET[(value & 0x30) | usize::from(low & 0x0f)]))
}

/// A lifetime is digits, and within its bounds.
fn check_lifetime(text: &str) {
    let digits = !text.is_empty() && text.len() <= 10 && text.chars().all(|c| c.is_ascii_digit());
    let want = text.parse().ok().filter(|seconds| digits && (1..=TOKEN_TTL_MAX_SECONDS).contains(seconds));
    assert_eq!(TokenTtl::parse(text).map(TokenTtl::seconds), want, "`{text}`");
}
