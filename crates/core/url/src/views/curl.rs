//! The host as curl splits it off (`docs/URL-SYNTAX.md`): one to three slashes, no control characters and no spaces, one
//! `@` at most, no character in the host that a host never has.

use super::{Look, scheme_end, seen, up_to, without_port};

const NEVER: &[char] = &[
    ' ', '/', ':', '#', '?', '!', '@', '{', '}', '[', ']', '\\', '$', '\'', '"', '^', '`', '*', '<', '>',
    '=', ';', ',', '+', '&', '(', ')',
];

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
    let authority = up_to(after, &['/', '?', '#']);
    let host = authority.split_once('@').map_or(authority, |(_, host)| host);
    let host = without_port(host, true);
    let bad = if host.starts_with('[') { host.contains('@') } else { host.contains(NEVER) };
    let port = authority.rsplit_once(':').filter(|(before, _)| before.ends_with(host));
    let bad_port = !host.starts_with('[') && authority.matches(':').count() > 1 && port.is_none();
    if bad || bad_port { Look::Nothing } else { seen(host) }
}
