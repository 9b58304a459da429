//! How servers write what a client sent, and how each of the known escapes reads, both without regard to speed.
//!
//! | writer | escapes | as |
//! |---|---|---|
//! | nginx | control bytes, `"`, `\`, 0x7F and beyond | `\x22` |
//! | nginx, `escape=json` | control bytes, `"`, `\` | `\u0022`, `\"` |
//! | Apache httpd | control bytes, `"`, `\`, beyond ASCII | `\"`, `\t`, `\xe2` |
//! | `HAProxy` | control bytes, `"`, `#` | `#22` |
//! | `CloudFront` | what no URL may hold | `%22` |
//! | JSON | control bytes, `"`, `\` | `\u0022`, `\"` |

use onehop_logs::Format;

/// A server that logs a request.
pub(super) struct Writer {
    pub(super) format: Format,
    pub(super) custom: Option<&'static str>,
    /// The field that holds what was sent.
    pub(super) name: &'static str,
    /// The line; `None` if this server's log cannot hold it.
    pub(super) write: fn(&[u8]) -> Option<Vec<u8>>,
}

pub(super) const WRITERS: &[Writer] = &[
    Writer { format: Format::Nginx, custom: None, name: "request", write: nginx },
    Writer { format: Format::LogFormat, custom: Some(NGINX_JSON), name: "request", write: nginx_json },
    Writer { format: Format::ApacheCombined, custom: None, name: "request", write: apache },
    Writer { format: Format::HaProxy, custom: None, name: "request", write: haproxy },
    Writer { format: Format::CloudFront, custom: None, name: "cs-uri-query", write: cloudfront },
    Writer { format: Format::JsonLines, custom: None, name: "request", write: json },
];

const NGINX_JSON: &str = r#"log_format a escape=json '{"status":"$status","request":"$request"}';"#;

/// What a writer makes of one byte.
type Escape = fn(u8, &mut Vec<u8>);

/// The line around what was sent. Nothing and `-` are what logs write where there is nothing.
fn around(before: &str, sent: &[u8], escape: Escape, after: &str) -> Option<Vec<u8>> {
    if sent.is_empty() || sent == b"-" {
        return None;
    }
    let mut line = before.as_bytes().to_vec();
    for byte in sent {
        escape(*byte, &mut line);
    }
    line.extend_from_slice(after.as_bytes());
    Some(line)
}

fn nginx(sent: &[u8]) -> Option<Vec<u8>> {
    let escape: Escape = |byte, out| match byte {
        b'"' | b'\\' | 0..0x20 | 0x7F.. => out.extend(format!("\\x{byte:02X}").bytes()),
        _ => out.push(byte),
    };
    let after = "\" 200 12 \"-\" \"curl/8.5.0\"";
    around("192.0.2.7 - - [12/Mar/2025:08:15:30 +0000] \"", sent, escape, after)
}

fn in_json(byte: u8, out: &mut Vec<u8>) {
    match byte {
        b'"' | b'\\' => out.extend([b'\\', byte]),
        b'\n' => out.extend(b"\\n"),
        0..0x20 => out.extend(format!("\\u{byte:04X}").bytes()),
        _ => out.push(byte),
    }
}

fn nginx_json(sent: &[u8]) -> Option<Vec<u8>> {
    around("{\"status\":\"200\",\"request\":\"", sent, in_json, "\"}")
}

fn apache(sent: &[u8]) -> Option<Vec<u8>> {
    let escape: Escape = |byte, out| match byte {
        b'"' | b'\\' => out.extend([b'\\', byte]),
        b'\n' => out.extend(b"\\n"),
        b'\t' => out.extend(b"\\t"),
        0..0x20 | 0x7F.. => out.extend(format!("\\x{byte:02x}").bytes()),
        _ => out.push(byte),
    };
    let after = "\" 200 - \"-\" \"curl/8.5.0\"";
    around("192.0.2.7 - - [12/Mar/2025:08:15:30 +0000] \"", sent, escape, after)
}

fn haproxy(sent: &[u8]) -> Option<Vec<u8>> {
    let escape: Escape = |byte, out| match byte {
        b'"' | b'#' | 0..0x20 | 0x7F.. => out.extend(format!("#{byte:02X}").bytes()),
        _ => out.push(byte),
    };
    let before = "192.0.2.7:1 [12/Mar/2025:08:00:00.000] a b/c 0/0/0/0/0 200 1 - - ---- 1/1/1/1/0 0/0 \"";
    around(before, sent, escape, "\"")
}

fn cloudfront(sent: &[u8]) -> Option<Vec<u8>> {
    let escape: Escape = |byte, out| match byte {
        0..=0x20 | 0x7F.. => out.extend(format!("%{byte:02X}").bytes()),
        byte if b"<>\"#%{}|\\^~[]`'".contains(&byte) => out.extend(format!("%{byte:02X}").bytes()),
        _ => out.push(byte),
    };
    let before = "2025-03-12\t08:00:00\tSEA19-C1\t392\t192.0.2.7\tGET\td.example.net\t/\t200\t-\tcurl\t";
    around(before, sent, escape, "\t-")
}

fn json(sent: &[u8]) -> Option<Vec<u8>> {
    around("{\"request\":\"", sent, in_json, "\"}")
}

/// Whether a field may have been this before a log wrote it: with one kind of escape undone.
pub(super) fn says(raw: &[u8], value: &[u8]) -> bool {
    let plus = || raw.iter().map(|byte| if *byte == b'+' { b' ' } else { *byte }).collect::<Vec<u8>>();
    backslash(raw) == value
        || hex_behind(raw, b'%') == value
        || hex_behind(raw, b'#') == value
        || plus() == value
}

/// `%41` or `#41`.
fn hex_behind(raw: &[u8], mark: u8) -> Vec<u8> {
    let mut out = Vec::new();
    let mut at = 0;
    while at < raw.len() {
        let value = hex(raw, at + 1, 2).filter(|_| raw[at] == mark);
        let byte = value.and_then(|value| u8::try_from(value).ok());
        out.push(byte.unwrap_or(raw[at]));
        at += if byte.is_some() { 3 } else { 1 };
    }
    out
}

/// The escapes with a backslash that any of the writers knows.
fn backslash(raw: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut at = 0;
    while at < raw.len() {
        let (bytes, used) = escape(raw, at).unwrap_or((vec![raw[at]], 1));
        out.extend(bytes);
        at += used;
    }
    out
}

/// What the escape at `at` stands for, and its length.
fn escape(raw: &[u8], at: usize) -> Option<(Vec<u8>, usize)> {
    let next = *raw.get(at + 1).filter(|_| raw[at] == b'\\')?;
    if let Some(place) = b"\"\\/bfnrtva".iter().position(|known| *known == next) {
        return Some((vec![b"\"\\/\x08\x0c\n\r\t\x0b\x07"[place]], 2));
    }
    match next {
        b'x' => Some((vec![u8::try_from(hex(raw, at + 2, 2)?).ok()?], 4)),
        b'u' => {
            let first = u16::try_from(hex(raw, at + 2, 4)?).ok()?;
            let has_second = raw.get(at + 6..at + 8) == Some(b"\\u");
            let second = hex(raw, at + 8, 4).filter(|_| has_second).and_then(|half| u16::try_from(half).ok());
            let pair = [first, second.unwrap_or_default()];
            match char::decode_utf16(pair).next() {
                Some(Ok(character)) => {
                    let used = if character > '\u{ffff}' { 12 } else { 6 };
                    Some((character.to_string().into_bytes(), used))
                }
                _ => Some(("\u{fffd}".to_owned().into_bytes(), 6)),
            }
        }
        _ => None,
    }
}

/// So many hexadecimal digits at `at`.
fn hex(raw: &[u8], at: usize, digits: usize) -> Option<u32> {
    let digits = raw.get(at..at + digits)?;
    digits.iter().try_fold(0, |value, digit| Some(value * 16 + char::from(*digit).to_digit(16)?))
}
