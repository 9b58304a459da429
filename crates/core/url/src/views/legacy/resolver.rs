//! What the C library's resolver makes of a name with backslashes: it reads them as the escapes of a zone file
//! (RFC 1035 §5.1), `\X` for a character and `\DDD` for its number. Clients that take a backslash for a part of the
//! host hand it on.

use std::borrow::Cow;

/// The name without its escapes. One that stands for no ASCII character is left out.
pub(super) fn unescaped(name: Cow<'_, str>) -> Cow<'_, str> {
    if !name.contains('\\') {
        return name;
    }
    let mut plain = String::with_capacity(name.len());
    let mut rest = &*name;
    while let Some((before, escape)) = rest.split_once('\\') {
        plain.push_str(before);
        let digits = escape.get(..3).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()));
        let character = match digits {
            Some(digits) => digits.parse().ok().filter(u8::is_ascii).map(char::from),
            None => escape.chars().next(),
        };
        plain.extend(character);
        rest = &escape[digits.map_or(character.map_or(0, char::len_utf8), str::len)..];
    }
    plain.push_str(rest);
    Cow::Owned(plain)
}

#[cfg(test)]
mod tests {
    use super::unescaped;

    #[test]
    fn escapes_of_a_zone_file() {
        for (name, want) in [
            ("a.example", "a.example"),
            ("loca\\lhost", "localhost"),
            ("a\\.lvh.me", "a.lvh.me"),
            ("127.0.0.1.nip\\046io", "127.0.0.1.nip.io"),
            ("a\\300b", "ab"),
            ("a\\04b", "a04b"),
            ("a\\\\b", "a\\b"),
            ("a\\\\\\b", "a\\b"),
            ("a\\", "a"),
        ] {
            assert_eq!(unescaped(name.into()), want, "{name}");
        }
    }
}
