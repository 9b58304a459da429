//! The sieve byte by byte.

use super::{Then, Walk};
use onehop_detect::anchor::{GROUPS, SIGNS, is_anchor};

/// What may begin at a byte.
#[derive(Clone, Copy, PartialEq, Eq)]
enum First {
    Nothing,
    Sign,
    Anchor,
}

const FIRST: [First; 256] = first();

const fn first() -> [First; 256] {
    let mut table = [First::Nothing; 256];
    let mut group = 0;
    while group < GROUPS.len() {
        let mut at = 0;
        while at < GROUPS[group][0].len() {
            table[GROUPS[group][0][at] as usize] = First::Anchor;
            at += 1;
        }
        group += 1;
    }
    let mut sign = 0;
    while sign < SIGNS.len() {
        table[SIGNS[sign] as usize] = First::Sign;
        sign += 1;
    }
    let mut high = 0x80;
    while high < 256 {
        table[high] = First::Sign;
        high += 1;
    }
    table
}

/// Looks at every place, and counts the line ends.
pub(super) fn sift(text: &[u8], walk: &mut Walk<'_>, found: &mut impl FnMut(usize) -> Then) -> usize {
    for at in 0..text.len() {
        let rest = &text[at..];
        let may = match FIRST[usize::from(rest[0])] {
            First::Nothing => false,
            First::Sign => true,
            First::Anchor => match rest {
                [first, second, third, fourth, ..] => is_anchor([*first, *second, *third, *fourth]),
                [first, second, third] => is_anchor([*first, *second, *third, b'\n']),
                _ => false,
            },
        };
        if may {
            walk.look(at, found);
        }
    }
    memchr::memchr_iter(b'\n', text).count()
}
