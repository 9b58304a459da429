//! What each log does to a value that it writes, apart from the product's readers on purpose.

use onehop_logs::{Format, Kind};
use std::fmt::Write as _;

/// The value as that log writes it in a field of that kind.
pub(crate) fn written(format: Format, line: &[u8], kind: Kind, value: &str) -> String {
    // A collector may have put something before it.
    let text = String::from_utf8_lossy(line);
    if text.contains("{\"")
        || text.starts_with("{ \"")
        || (text.starts_with('[') && format == Format::JsonLines)
    {
        return json(value);
    }
    match format {
        Format::Nginx => each(value, |byte| format!("\\x{byte:02X}")),
        Format::ZeekTsv => each(value, |byte| format!("\\x{byte:02x}")),
        Format::HaProxy => each(value, |byte| format!("#{byte:02X}")),
        Format::CloudFront | Format::CloudFrontRealtime | Format::Iis => {
            each(value, |byte| format!("%{byte:02X}"))
        }
        Format::Squid if !matches!(kind, Kind::UserAgent | Kind::Referer) => {
            each(value, |byte| format!("%{byte:02X}"))
        }
        Format::Combined
        | Format::ApacheCommon
        | Format::ApacheCombined
        | Format::ApacheCombinedio
        | Format::Squid => each(value, |byte| match byte {
            b'"' => "\\\"".to_owned(),
            _ => format!("\\x{byte:02x}"),
        }),
        _ => value.to_owned(),
    }
}

/// Quotes and what is beyond ASCII by `escape`, the rest as it is.
fn each(value: &str, escape: impl Fn(u8) -> String) -> String {
    value.bytes().fold(String::new(), |out, byte| match byte {
        b'"' | 0x80.. => out + &escape(byte),
        _ => out + char::from(byte).encode_utf8(&mut [0; 4]),
    })
}

/// As a library writes it that keeps to ASCII.
fn json(value: &str) -> String {
    value.encode_utf16().fold(String::new(), |mut out, unit| {
        match u8::try_from(unit) {
            Ok(b'"') => out.push_str("\\\""),
            Ok(b'/') => out.push_str("\\/"),
            Ok(byte @ 0..0x80) => out.push(char::from(byte)),
            _ => write!(out, "\\u{unit:04x}").expect("a string takes any text"),
        }
        out
    })
}
