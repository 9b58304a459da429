//! The escaping of each log, as its writer does it.
//!
//! ```text
//! nginx      \xHH capital      below 0x20, " \ and from 0x7f
//! Apache     \" \\ \b \n \r \t \v, \xhh small      below 0x20 and from 0x7f
//! HAProxy    #HH capital       " # below 0x20 and from 0x7f
//! CloudFront %HH capital       below 0x21, < > " # % { } | \ ^ ~ [ ] ` ' and from 0x7f
//! Squid      %HH capital       below 0x21, " and from 0x7f
//! Zeek       \xhh small        below 0x20, \ and from 0x7f
//! IIS        + for a blank     %HH from 0x7f and below 0x20
//! JSON       \" \\ \n \r \t \uhhhh, and what the library adds
//! ```
//! Nothing fails.

/// What a JSON library escapes beyond what it must.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Json {
    /// Nothing.
    Plain,
    /// `<`, `>` and `&`, as Go's does by default.
    Html,
    /// Everything beyond ASCII, as Python's does by default.
    Ascii,
    /// That and every slash, as PHP's does by default.
    AsciiAndSlashes,
    /// Every slash.
    Slashes,
}

const UPPER: &[u8; 16] = b"0123456789ABCDEF";
const LOWER: &[u8; 16] = b"0123456789abcdef";

/// Copies runs that `stays` and gives every other character to `write`.
fn runs(out: &mut String, text: &str, stays: impl Fn(u8) -> bool, mut write: impl FnMut(&mut String, char)) {
    let mut from = 0;
    for (at, sign) in text.char_indices() {
        if sign.is_ascii() && stays(sign as u8) {
            continue;
        }
        out.push_str(&text[from..at]);
        write(out, sign);
        from = at + sign.len_utf8();
    }
    out.push_str(&text[from..]);
}

fn push_hex(out: &mut String, before: &str, sign: char, digits: &[u8; 16]) {
    for byte in sign.encode_utf8(&mut [0; 4]).bytes() {
        out.push_str(before);
        out.push(char::from(digits[usize::from(byte >> 4)]));
        out.push(char::from(digits[usize::from(byte & 15)]));
    }
}

fn is_printable(byte: u8) -> bool {
    (0x20..0x7F).contains(&byte)
}

pub(crate) fn nginx(out: &mut String, text: &str) {
    let stays = |byte| is_printable(byte) && !matches!(byte, b'"' | b'\\');
    runs(out, text, stays, |out, sign| push_hex(out, "\\x", sign, UPPER));
}

pub(crate) fn apache(out: &mut String, text: &str) {
    let stays = |byte| is_printable(byte) && !matches!(byte, b'"' | b'\\');
    runs(out, text, stays, |out, sign| match sign {
        '"' => out.push_str("\\\""),
        '\\' => out.push_str("\\\\"),
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        _ => push_hex(out, "\\x", sign, LOWER),
    });
}

pub(crate) fn haproxy(out: &mut String, text: &str) {
    let stays = |byte| is_printable(byte) && !matches!(byte, b'"' | b'#');
    runs(out, text, stays, |out, sign| push_hex(out, "#", sign, UPPER));
}

/// As [`haproxy`] in a list of captured headers, whose own signs are escaped too.
pub(crate) fn haproxy_header(out: &mut String, text: &str) {
    let stays = |byte| is_printable(byte) && !matches!(byte, b'"' | b'#' | b'{' | b'|' | b'}');
    runs(out, text, stays, |out, sign| push_hex(out, "#", sign, UPPER));
}

pub(crate) fn cloudfront(out: &mut String, text: &str) {
    let stays = |byte: u8| byte.is_ascii_graphic() && !b"<>\"#%{}|\\^~[]`'".contains(&byte);
    runs(out, text, stays, |out, sign| push_hex(out, "%", sign, UPPER));
}

pub(crate) fn squid(out: &mut String, text: &str) {
    let stays = |byte: u8| byte.is_ascii_graphic() && byte != b'"';
    runs(out, text, stays, |out, sign| push_hex(out, "%", sign, UPPER));
}

pub(crate) fn zeek(out: &mut String, text: &str) {
    let stays = |byte| is_printable(byte) && byte != b'\\';
    runs(out, text, stays, |out, sign| push_hex(out, "\\x", sign, LOWER));
}

pub(crate) fn iis(out: &mut String, text: &str) {
    let stays = |byte: u8| byte.is_ascii_graphic();
    runs(out, text, stays, |out, sign| match sign {
        ' ' => out.push('+'),
        _ => push_hex(out, "%", sign, UPPER),
    });
}

/// Quotes only: what load balancers do to headers, which hold no line ends.
pub(crate) fn quotes(out: &mut String, text: &str) {
    let stays = |byte| byte != b'"' && byte >= 0x20;
    runs(out, text, stays, |out, sign| match sign {
        '"' | '\0'..='\x1f' => push_hex(out, "\\x", sign, LOWER),
        _ => out.push(sign),
    });
}

/// Line ends only: a program that writes what it got.
pub(crate) fn line_ends(out: &mut String, text: &str) {
    runs(
        out,
        text,
        |byte| !matches!(byte, b'\n' | b'\r'),
        |out, sign| match sign {
            '\n' | '\r' => out.push(' '),
            _ => out.push(sign),
        },
    );
}

/// The inside of a JSON string.
pub(crate) fn json(out: &mut String, text: &str, library: Json) {
    let (is_html, is_ascii, has_slashes) = match library {
        Json::Plain => (false, false, false),
        Json::Html => (true, false, false),
        Json::Ascii => (false, true, false),
        Json::AsciiAndSlashes => (false, true, true),
        Json::Slashes => (false, false, true),
    };
    let stays = |byte| match byte {
        ..0x20 | b'"' | b'\\' => false,
        b'<' | b'>' | b'&' => !is_html,
        b'/' => !has_slashes,
        _ => true,
    };
    runs(out, text, stays, |out, sign| match sign {
        '"' => out.push_str("\\\""),
        '\\' => out.push_str("\\\\"),
        '/' => out.push_str("\\/"),
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        _ if sign.is_ascii() || is_ascii => {
            for unit in sign.encode_utf16(&mut [0; 2]) {
                out.push_str("\\u");
                let digit = |shift: u16| char::from(LOWER[usize::from((*unit >> shift) & 15)]);
                out.extend([digit(12), digit(8), digit(4), digit(0)]);
            }
        }
        _ => out.push(sign),
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_log_escapes_as_its_writer_does() {
        type Escape = fn(&mut String, &str);
        let cases: [(&str, Escape, &str, &str); 12] = [
            ("nginx", nginx, "a\"\\\u{7f}é%20", "a\\x22\\x5C\\x7F\\xC3\\xA9%20"),
            ("apache", apache, "a\"\\\té%20", "a\\\"\\\\\\t\\xc3\\xa9%20"),
            ("haproxy", haproxy, "a\"#é{%20", "a#22#23#C3#A9{%20"),
            ("haproxy header", haproxy_header, "a|b{c}", "a#7Cb#7Bc#7D"),
            ("cloudfront", cloudfront, "a=%2F[é]", "a=%252F%5B%C3%A9%5D"),
            ("squid", squid, "a b\"é%2F[", "a%20b%22%C3%A9%2F["),
            ("zeek", zeek, "a\\b\té", "a\\x5cb\\x09\\xc3\\xa9"),
            ("iis", iis, "a b\té", "a+b%09%C3%A9"),
            ("quotes", quotes, "a\"b\\é", "a\\x22b\\é"),
            ("json", |out, text| json(out, text, Json::Plain), "a\"\\/é\n\u{1}", "a\\\"\\\\/é\\n\\u0001"),
            ("json html", |out, text| json(out, text, Json::Html), "a&<é", "a\\u0026\\u003cé"),
            (
                "json ascii",
                |out, text| json(out, text, Json::AsciiAndSlashes),
                "/é😀",
                "\\/\\u00e9\\ud83d\\ude00",
            ),
        ];
        for (name, escape, text, want) in cases {
            let mut out = String::new();
            escape(&mut out, text);
            assert_eq!(out, want, "{name}");
        }
    }
}
