//! `ata` in a name or a path of a service.

use super::near::{END, after, each_before};

/// Labels of the catalogue that follow `metadata`, and what a name of one label is followed by in a URL.
const DOMAINS: &[&[u8]] =
    &[b"-goog", b"-azure", b"-tencent", b"-packet", b"-platform", b"-cloud", b"-rancher"];
/// Beginnings of paths below `metadata`.
const PATHS: &[&[u8]] = &[b"/instance", b"/identity", b"/attested"];

/// Whether `ata` between these makes a name or a path of a service.
pub(super) fn matter(text: &[u8], rest: &[u8]) -> bool {
    let next = after::<NAME>(rest);
    each_before(text).any(|before| is_name(&before, &next))
}

/// Characters on each side that tell a name.
const NAME: usize = 20;

fn is_name(before: &[u8; NAME], next: &[u8; NAME]) -> bool {
    let ends = |with: &[u8]| before.ends_with(with);
    if ends(b"instance-d") || ends(b"rancher-metad") || ends(b"computemetad") {
        return true;
    }
    if ends(b"metad") {
        let starts = |known: &&[u8]| next.starts_with(known);
        return is_alone(before[NAME - 6], next) || DOMAINS.iter().any(starts) || PATHS.iter().any(starts);
    }
    if ends(b"meta-d") || ends(b"user-d") {
        return matches!(before[NAME - 7], b'/' | b'\\');
    }
    ends(b"d") && next.starts_with(b"-server")
}

/// Whether `metadata` is the host of a URL, or a word of its own, as in the field of a host. The key of an object is
/// neither.
fn is_alone(last: u8, next: &[u8]) -> bool {
    let next = next.strip_prefix(b"-").unwrap_or(next);
    // A port may be empty.
    let is_port = next[0] == b':' && (next[1].is_ascii_digit() || matches!(next[1], b'"' | b'\'' | END));
    match last {
        b'/' | b'\\' | b'@' | b':' => !(next[0].is_ascii_alphanumeric() || matches!(next[0], b'-' | b'_')),
        b'"' | b'\'' => is_port || matches!(next, [b'"' | b'\'', end, ..] if *end != b':'),
        b' ' | b'\t' | b'=' | b'|' | b'{' | b',' | END => {
            is_port || matches!(next[0], b' ' | b'\t' | b'|' | b'}' | b',' | b'"' | END)
        }
        _ => false,
    }
}
