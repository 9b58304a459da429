//! Secrets, and the ways in which they stand in texts.
//!
//! | secret | stands |
//! |---|---|
//! | access key id, all but its first four letters | anywhere, under any escape |
//! | secret key, session token, IMDSv2 token, JSON web token | anywhere, under any escape |
//! | any word | behind a name that says so, in a query, a header, JSON, a list of names and values |
//! | any word | as the password of a URL |
//! | private key | between its marks |
//! | credentials in base64 | anywhere |

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

/// Letters of a secret that would be a leak if they were shown.
const PART_LEN: usize = 6;
const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const CAPITALS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
/// Names whose values are secret.
const NAMES: [&str; 8] = [
    "token",
    "password",
    "client_secret",
    "X-Amz-Signature",
    "Authorization",
    "X-aws-ec2-metadata-token",
    "SecretAccessKey",
    "sessionid",
];
/// What may stand before and behind a secret: it ends words and begins none.
const EDGES: [&str; 6] = [" ", "\"", ",", "&", ";", "<"];

/// A text with a secret in it.
pub(super) struct Planted {
    pub(super) text: Vec<u8>,
    /// Where it stands.
    pub(super) at: usize,
    secret: String,
}

impl Planted {
    /// Puts a secret into the text. The choice says which.
    pub(super) fn among(text: &[u8], choice: u8) -> Planted {
        let mut dice = Dice::of(&[text, &[choice]].concat());
        let place = dice.below(text.len() + 1);
        let (secret, form) = secret(usize::from(choice) % 14, &mut dice);
        let edges = [EDGES[dice.below(EDGES.len())], EDGES[dice.below(EDGES.len())]];
        let mut out = text[..place].to_vec();
        out.extend(edges[0].bytes());
        let at = out.len();
        out.extend(form.bytes());
        out.extend(edges[1].bytes());
        out.extend(&text[place..]);
        Planted { text: out, at, secret }
    }

    /// That no part of the secret is shown.
    pub(super) fn check(&self, shown: &str) {
        let parts = self.secret.as_bytes().windows(PART_LEN);
        let leaked =
            parts.filter_map(|part| std::str::from_utf8(part).ok()).find(|part| shown.contains(part));
        assert!(leaked.is_none(), "{leaked:?} of {} is shown: {shown}", self.secret);
    }
}

/// A secret, and the text that it stands in.
fn secret(which: usize, dice: &mut Dice) -> (String, String) {
    let name = NAMES[dice.below(NAMES.len())];
    let word = |dice: &mut Dice| dice.word(8 + dice.clone().below(40), LETTERS);
    match which {
        0 => {
            let id = dice.word(16, CAPITALS);
            let form = format!("{}{id}", ["AKIA", "ASIA"][dice.below(2)]);
            (id, dice.written(&form))
        }
        1 => plain(format!("{}aZ", dice.word(38, LETTERS)), dice),
        2 => {
            // Every token begins so: that is no secret, and an input may have it by itself.
            let rest = format!("{}a0Z", dice.word(300, LETTERS));
            let form = dice.written(&format!("IQoJb3JpZ2luX2Vj{rest}"));
            (rest, form)
        }
        3 => plain(format!("AQAE{}", dice.word(52, LETTERS)), dice),
        4 => {
            let parts = [dice.word(20, LETTERS), dice.word(40, LETTERS), dice.word(43, LETTERS)];
            plain(format!("eyJ{}.eyJ{}.{}", parts[0], parts[1], parts[2]), dice)
        }
        5 => keyed(word(dice), |word| format!("{name}={word}")),
        6 => keyed(word(dice), |word| format!("{name}: {word}\r\n")),
        7 => keyed(word(dice), |word| format!("{{\"{name}\":\"{word}\"}}")),
        8 => keyed(word(dice), |word| format!("{{\\\"{name}\\\" : \\\"{word}\\\"}}")),
        9 => keyed(word(dice), |word| format!("{{\"name\":\"{name}\",\"value\":\"{word}\"}}")),
        10 => keyed(word(dice), |word| format!("{name}%3D{word}%26a")),
        11 => keyed(word(dice), |word| format!("http://user:{word}@host/")),
        12 => keyed(word(dice), |word| {
            format!("-----BEGIN PRIVATE KEY-----\n{word}\n-----END PRIVATE KEY-----")
        }),
        _ => {
            let text = format!("{{\"SecretAccessKey\":\"{}aZ\"}}", dice.word(38, LETTERS));
            let packed = STANDARD.encode(text);
            // What stands around the key is no secret, and an input may have it by itself.
            (packed[28..76].to_owned(), packed)
        }
    }
}

fn plain(secret: String, dice: &mut Dice) -> (String, String) {
    let form = dice.written(&secret);
    (secret, form)
}

fn keyed(secret: String, write: impl Fn(&str) -> String) -> (String, String) {
    let form = write(&secret);
    (secret, form)
}

/// Numbers that differ between inputs and are the same at each replay.
#[derive(Clone)]
struct Dice {
    state: [u8; 32],
    used: usize,
}

impl Dice {
    fn of(data: &[u8]) -> Dice {
        Dice { state: Sha256::digest(data).into(), used: 0 }
    }

    fn byte(&mut self) -> usize {
        if self.used == self.state.len() {
            *self = Dice::of(&self.state);
        }
        self.used += 1;
        usize::from(self.state[self.used - 1])
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.byte() << 8 | self.byte()) % bound
    }

    fn word(&mut self, length: usize, letters: &[u8]) -> String {
        (0..length).map(|_| char::from(letters[self.below(letters.len())])).collect()
    }

    /// The text as it is, or under one of the escapes.
    fn written(&mut self, text: &str) -> String {
        let each = |write: fn(u8) -> String| text.bytes().map(write).collect();
        match self.below(8) {
            0 => each(|byte| format!("%{byte:02X}")),
            1 => each(|byte| format!("%25{byte:02x}")),
            2 => each(|byte| format!("\\u{byte:04x}")),
            3 => each(|byte| format!("\\x{byte:02X}")),
            4 => each(|byte| format!("&#{byte};")),
            _ => text.to_owned(),
        }
    }
}
