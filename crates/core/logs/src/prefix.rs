//! What collectors put before a line that somebody else wrote.
//!
//! ```text
//! Oct 10 13:55:36 host haproxy[1234]: …          <190>Oct 10 13:55:36 host nginx: …         syslog, RFC 3164
//! <165>1 2003-10-11T22:14:15.003Z host app 12 ID - …                                         syslog, RFC 5424
//! 2024-01-02T03:04:05.000000000Z stdout F …                                                  containers, CRI
//! 2024-01-02T03:04:05.000Z …                                                                 exports, `docker logs -t`
//! haproxy[1234]: …                                                                           the tag of syslog alone
//! ```
//! Nothing fails: what looks like none of these has no prefix.

use crate::time::Time;
use memchr::{memchr, memchr_iter, memmem};

/// Prefixes are shorter.
const PREFIX_MAX: usize = 256;
const MONTHS: [&[u8]; 12] = [
    b"Jan ", b"Feb ", b"Mar ", b"Apr ", b"May ", b"Jun ", b"Jul ", b"Aug ", b"Sep ", b"Oct ", b"Nov ",
    b"Dec ",
];

/// Where the line behind the prefix begins.
pub(crate) fn end(line: &[u8]) -> Option<usize> {
    let head = &line[..line.len().min(PREFIX_MAX)];
    let priority = priority(head);
    let rest = &head[priority..];
    if priority > 0 && rest.starts_with(b"1 ") {
        return structured(head, priority);
    }
    if priority > 0 || MONTHS.iter().any(|month| rest.starts_with(month)) {
        return tag(head, priority);
    }
    if let Some(end) = program(head) {
        return Some(end);
    }
    let time = memchr(b' ', head)
        .filter(|end| Time::parse(&head[..*end]).is_some() && head.get(4) == Some(&b'-'))?;
    Some(container(head, time + 1))
}

/// The length of `<165>`.
fn priority(head: &[u8]) -> usize {
    let Some(inner) = head.strip_prefix(b"<") else { return 0 };
    match inner.iter().position(|byte| !byte.is_ascii_digit()) {
        Some(digits @ 1..=3) if inner[digits] == b'>' => digits + 2,
        _ => 0,
    }
}

/// After `host name[pid]: `.
fn tag(head: &[u8], from: usize) -> Option<usize> {
    let colon = from + memmem::find(&head[from..], b": ")?;
    Some(colon + 2)
}

/// After `name[pid]: ` at the beginning.
fn program(head: &[u8]) -> Option<usize> {
    let name = head.iter().take_while(|byte| byte.is_ascii_alphanumeric() || b"._-/".contains(byte)).count();
    let pid = head[name..].strip_prefix(b"[")?;
    let digits = pid.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let has_both = name > 0 && digits > 0;
    (has_both && pid[digits..].starts_with(b"]: ")).then_some(name + 1 + digits + 3)
}

/// After six words and the mark of no structured data.
fn structured(head: &[u8], from: usize) -> Option<usize> {
    let start = from + memchr_iter(b' ', &head[from..]).nth(5)? + 1;
    head[start..].starts_with(b"- ").then_some(start + 2)
}

/// After the stream and the tag of a container's log, if they are there.
fn container(head: &[u8], from: usize) -> usize {
    let streams: [&[u8]; 4] = [b"stdout F ", b"stderr F ", b"stdout P ", b"stderr P "];
    let found = streams.iter().find(|stream| head[from..].starts_with(stream));
    from + found.map_or(0, |stream| stream.len())
}

#[cfg(test)]
mod tests {
    use super::end;

    #[test]
    fn the_line_behind_a_prefix_is_found() {
        for (line, want) in [
            ("Oct 10 13:55:36 host haproxy[12]: X", Some("X")),
            ("<190>Oct 10 13:55:36 host nginx: X: Y", Some("X: Y")),
            ("<165>1 2003-10-11T22:14:15.003Z host app 12 ID - X", Some("X")),
            ("<165>1 2003-10-11T22:14:15.003Z host app 12 ID [a b] X", None),
            ("2024-01-02T03:04:05.000000000Z stdout F X", Some("X")),
            ("2024-01-02T03:04:05.000Z X", Some("X")),
            ("1700000000.123 X", None),
            ("haproxy[5877]: X", Some("X")),
            ("[5877]: X", None),
            ("a[b]: X", None),
            ("X: Y", None),
            ("<190", None),
            ("<1900>a: X", None),
            ("", None),
        ] {
            assert_eq!(end(line.as_bytes()).map(|at| &line[at..]), want, "{line}");
        }
    }
}
