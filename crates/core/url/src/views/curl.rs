//! The host as curl splits it off (`docs/URL-SYNTAX.md`): one to three slashes, no control characters and no spaces, one
//! `@` at most, no character in the host that a host never has.

use super::{Look, ends_authority, scheme_end, seen, up_to, without_port};

/// Characters that no host of curl's has.
fn never_in_host(byte: u8) -> bool {
    matches!(
        byte,
        b' ' | b'/'
            | b':'
            | b'#'
            | b'?'
            | b'!'
            | b'@'
            | b'{'
            | b'}'
            | b'['
            | b']'
            | b'\\'
            | b'$'
            | b'\''
            | b'"'
    ) || matches!(byte, b'^' | b'`' | b'*' | b'<' | b'>' | b'=' | b';' | b',' | b'+' | b'&' | b'(' | b')')
}

pub(super) fn look(url: &str) -> Look<'_> {
    let Some(colon) = scheme_end(url).filter(|_| !url.bytes().any(|byte| byte <= b' ' || byte == 0x7f))
    else {
        return Look::Nothing;
    };
    let rest = &url[colon + 1..];
    let after = rest.trim_start_matches('/');
    if !(1..=3).contains(&(rest.len() - after.len())) {
        return Look::Nothing;
    }
    let authority = up_to(after, ends_authority);
    let host_and_port = authority.split_once('@').map_or(authority, |(_, host)| host);
    let host = without_port(host_and_port, true);
    let bad = if host.starts_with('[') { host.contains('@') } else { host.bytes().any(never_in_host) };
    let colons = host_and_port.bytes().filter(|byte| *byte == b':').count();
    let bad_port = !host.starts_with('[') && colons > 1;
    if bad || bad_port { Look::Nothing } else { seen(host) }
}
