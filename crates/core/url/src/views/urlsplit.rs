//! The host as Python's `urllib.parse.urlsplit(…).hostname` gives it: control characters and spaces in front are dropped,
//! tabs and line ends anywhere, the user information ends at the last `@`, the port begins at the first colon.

use super::{Look, ends_authority, has_tab_or_line_end, scheme_end, up_to, without_port, without_userinfo};
use std::borrow::Cow;

pub(super) fn look(url: &str) -> Look<'_> {
    let trimmed = url.trim_start_matches(|character: char| character <= ' ');
    let host = if has_tab_or_line_end(trimmed) {
        host(&trimmed.replace(['\t', '\n', '\r'], "")).map(|host| Cow::Owned(host.to_owned()))
    } else {
        host(trimmed).map(Cow::Borrowed)
    };
    match host {
        Some(host) if !host.is_empty() => Look::Host(host),
        _ => Look::Nothing,
    }
}

fn host(url: &str) -> Option<&str> {
    let rest = url[scheme_end(url)? + 1..].strip_prefix("//")?;
    let authority = up_to(rest, ends_authority);
    let host = without_userinfo(authority);
    let host = without_port(host, true);
    // Brackets anywhere: what stands before them is dropped.
    Some(host.find('[').map_or(host, |bracket| &host[bracket..]))
}
