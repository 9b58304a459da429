//! Footers by hand.

use super::{SCHEMA_DEPTH_MAX, check};

/// `version`, then a schema of groups that each hold the next.
fn nested(depth: usize) -> Vec<u8> {
    let mut footer = vec![0x15, 2, 0x19, 0xfc];
    let mut count = depth;
    while count >= 0x80 {
        footer.push(u8::try_from(count & 0x7f).unwrap() | 0x80);
        count >>= 7;
    }
    footer.push(u8::try_from(count).unwrap());
    for _ in 0..depth {
        // Field 4, a name of one letter; field 5, one child.
        footer.extend([0x48, 1, b'g', 0x15, 2, 0]);
    }
    footer.push(0);
    footer
}

#[test]
fn a_schema_may_not_be_too_deep() {
    assert!(check(&nested(SCHEMA_DEPTH_MAX)).is_some());
    assert!(check(&nested(SCHEMA_DEPTH_MAX + 1)).is_none());
    assert!(check(&nested(1_000_000)).is_none());
}

/// A field with the largest number there is, and one behind it.
#[test]
fn a_field_number_beyond_all_numbers_is_refused() {
    let largest = [0x05, 0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01, 2];
    assert!(check(&[&largest[..], &[0]].concat()).is_some());
    assert!(check(&[&largest[..], &[0x15, 2, 0]].concat()).is_none());
}

#[test]
fn what_is_not_whole_is_refused() {
    let footer = nested(3);
    for end in 0..footer.len() {
        assert!(check(&footer[..end]).is_none(), "{end} of {}", footer.len());
    }
    assert!(check(&[0x19, 0xfc, 0xff, 0xff, 0xff, 0xff, 0x0f, 0]).is_none(), "a list longer than its bytes");
    assert!(check(&[0x1c; 100]).is_none(), "structures in structures");
    assert!(check(&[0x1b, 1, 0x55, 2, 2, 0]).is_none(), "maps");
}
