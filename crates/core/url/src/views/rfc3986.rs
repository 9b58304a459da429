//! The host by the regular expression of RFC 3986, appendix B, with the user information up to the last `@` and the
//! port behind the last colon, as Go and Java split them.

use super::{Look, ends_authority, scheme_end, seen, up_to, without_port, without_userinfo};

pub(super) fn look(url: &str) -> Look<'_> {
    let rest = scheme_end(url).and_then(|colon| url[colon + 1..].strip_prefix("//"));
    let Some(rest) = rest else {
        return Look::Nothing;
    };
    let authority = up_to(rest, ends_authority);
    let host = without_userinfo(authority);
    seen(without_port(host, false))
}
