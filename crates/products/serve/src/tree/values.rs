//! The forms of names and values in a tree. Total predicates; what they refuse, the tree file refuses with a place.

/// What a tag key must be to be exposed (EC2 User Guide, "Tag restrictions").
pub(super) const TAG_KEY_WANTED: &str =
    "letters, digits and `+-=.,_:@`, at most 128, and not `.`, `..` or `_index`";

/// Longest tag key, in characters (EC2 User Guide, "Tag restrictions").
const TAG_KEY_CHARACTERS_MAX: usize = 128;

/// Longest role name, in characters (IAM User Guide, "IAM and STS quotas").
const ROLE_CHARACTERS_MAX: usize = 64;

/// The characters of a path segment, for error messages.
macro_rules! segment_wanted {
    () => {
        "letters, digits and `-._~!$&'()*+,;=:@`"
    };
}
pub(super) use segment_wanted;

/// A path segment that a request carries as it stands (RFC 3986 §3.3, `pchar` without percent-encoding).
pub(super) fn is_segment(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@".contains(&byte);
    !matches!(text, "" | "." | "..") && text.bytes().all(plain)
}

/// The name of a login key, which is listed and is no part of a path: visible ASCII without `/`, `?`, `#`, `%`, `\`.
pub(super) fn is_key_name(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_graphic() && !b"/?#%\\".contains(&byte);
    !matches!(text, "" | "." | "..") && text.bytes().all(plain)
}

/// A tag key that can be exposed through the metadata service.
pub(super) fn is_tag_key(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"+-=.,_:@".contains(&byte);
    let reserved = matches!(text, "" | "." | ".." | "_index");
    !reserved && text.len() <= TAG_KEY_CHARACTERS_MAX && text.bytes().all(allowed)
}

/// A role or instance profile name.
pub(super) fn is_role(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"+=,.@_-".contains(&byte);
    is_segment(text) && text.len() <= ROLE_CHARACTERS_MAX && text.bytes().all(allowed)
}

/// A MAC address in lower case with colons, as instances spell it in paths.
pub(super) fn is_mac(text: &str) -> bool {
    let hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    let pair = |pair: &str| pair.len() == 2 && pair.bytes().all(hex);
    text.split(':').count() == 6 && text.split(':').all(pair)
}

/// A virtual device of `block-device-mapping`.
pub(super) fn is_device(text: &str) -> bool {
    let numbered = |prefix| text.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || is_index(rest));
    matches!(text, "ami" | "root" | "swap") || numbered("ebs") || numbered("ephemeral")
}

/// A decimal number of at most four digits, without leading zeros.
pub(super) fn is_index(text: &str) -> bool {
    let plain = text == "0" || !text.starts_with('0');
    (1..=4).contains(&text.len()) && plain && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// An AWS account number.
pub(super) fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// A resource id: the prefix, a hyphen, 8 or 17 lower-case hexadecimal digits.
pub(super) fn is_id(text: &str, prefix: &str) -> bool {
    let hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    let digits = text.strip_prefix(prefix).and_then(|rest| rest.strip_prefix('-'));
    digits.is_some_and(|digits| matches!(digits.len(), 8 | 17) && digits.bytes().all(hex))
}

/// A name of letters, digits, hyphens and dots: regions, zones, instance types, host names.
pub(super) fn is_name(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.');
    let ends = text.starts_with(['-', '.']) || text.ends_with(['-', '.']);
    (1..=253).contains(&text.len()) && !ends && text.bytes().all(allowed)
}

/// `YYYY-MM-DDTHH:MM:SSZ`.
pub(super) fn is_time(text: &str) -> bool {
    let form = "0000-00-00T00:00:00Z";
    let fits = |(byte, form): (u8, u8)| {
        if form == b'0' { byte.is_ascii_digit() } else { byte == form }
    };
    text.len() == form.len() && text.bytes().zip(form.bytes()).all(fits)
}

/// `YYYY-MM-DD`.
pub(super) fn is_date(text: &str) -> bool {
    text.len() == 10 && is_time(&format!("{text}T00:00:00Z"))
}

#[cfg(test)]
mod tests {
    use super::{
        is_account, is_date, is_device, is_id, is_index, is_key_name, is_mac, is_name, is_role, is_segment,
        is_tag_key, is_time,
    };

    /// Name, predicate, accepted texts, refused texts.
    type Case<'a> = (&'a str, fn(&str) -> bool, &'a [&'a str], &'a [&'a str]);

    #[test]
    fn forms_accept_and_refuse() {
        let long_tag = "k".repeat(129);
        let long_role = "r".repeat(65);
        let cases: &[Case<'_>] = &[
            (
                "segment",
                is_segment,
                &["a", "0=b", "...", "-._~!$&'()*+,;=:@"],
                &[
                    "", ".", "..", "a/b", "a b", "a?", "%2e", "`", "<", ">", "\"", "{a}", "|", "^", "\u{7f}",
                    "é",
                ],
            ),
            (
                "key name",
                is_key_name,
                &["a", "0=b", "a|b", "{a}"],
                &["", ".", "..", "a/b", "a b", "a?", "%2e", "\u{7f}", "é"],
            ),
            (
                "tag",
                is_tag_key,
                &["Name", "a:b@c", "aws:x", "..."],
                &["", ".", "..", "_index", "a b", "a/b", &long_tag],
            ),
            ("role", is_role, &["web", "a+b=c,d.e@f_g-h"], &["", "a b", "a/b", ".", &long_role]),
            (
                "mac",
                is_mac,
                &["0e:00:00:c0:ff:01"],
                &["", "0E:00:00:c0:ff:01", "0e:00:00:c0:ff", "0e-00-00-c0-ff-01", "0e:00:00:c0:ff:1"],
            ),
            (
                "device",
                is_device,
                &["ami", "root", "ebs", "ebs1", "ephemeral0"],
                &["", "ebsx", "ebs01", "sda"],
            ),
            ("index", is_index, &["0", "10"], &["", "01", "-1", "12345"]),
            ("account", is_account, &["000000000000"], &["", "12345678901", "12345678901a"]),
            (
                "id",
                |text| is_id(text, "i"),
                &["i-12345678", "i-0123456789abcdef0"],
                &["", "i-", "i-123", "ami-12345678", "i-1234567G"],
            ),
            ("name", is_name, &["us-east-1", "t3.micro", "host"], &["", "-a", "a.", "a b", "a/b"]),
            ("date", is_date, &["2021-03-23"], &["", "2021-3-23", "2021-03-23 ", "1.0"]),
            (
                "time",
                is_time,
                &["2026-01-01T00:00:00Z"],
                &["", "2026-01-01 00:00:00Z", "2026-01-01T00:00:00"],
            ),
        ];
        for (name, form, accepted, refused) in cases {
            for text in *accepted {
                assert!(form(text), "{name} refuses `{text}`");
            }
            for text in *refused {
                assert!(!form(text), "{name} accepts `{text}`");
            }
        }
    }
}
