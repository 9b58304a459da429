//! Hosts that older clients take where the four families see none or another one. Compat mode alone asks: strict mode
//! refuses every such URL by its form.
//!
//! ```text
//! http:///x   http://a@b@c/              Java, Ruby, Perl: no host, and they connect to the machine itself
//! http://0%31.example/   ht<tab>tp://x/  Node's `url.parse`: `0`; no host, and it connects to the machine itself
//! http://inside\0@public/               Perl: the text ends before the NUL
//! http://public\@127%252e0.0.1/         Perl: decoded twice
//! http://public\@[%3a:1]/               curl, Perl: decoded between brackets, or cut at the sign
//! http://loca\lhost/                    wget, PHP, Perl: handed on, and an escape to the C library's resolver
//! ```
//! Without two slashes most of them see no host either; the checker refuses that by its own code. Nothing here fails.

mod node;
mod perl;
mod resolver;

use super::{Look, View, ends_authority, scheme_end, up_to, without_port, without_userinfo};
use std::borrow::Cow;

/// What clients dial that see no host.
const NO_HOST: &str = "localhost";

/// Every host that one of them takes, and the resolver after it. `cleaned` is the same URL as the WHATWG family cleans
/// it.
pub(crate) fn hosts<'a>(url: &'a str, cleaned: &'a str) -> Vec<Cow<'a, str>> {
    let mut hosts = vec![node::host(url)];
    let of_perl = perl::lwp(url).into_iter().chain([perl::tiny(url)]);
    hosts.extend(of_perl.chain(bracketed_in_curl(url)).flatten().map(Cow::Owned));
    for text in [cleaned, up_to(cleaned, |byte| byte == 0)] {
        hosts.extend(of_others(text).into_iter().flatten().map(Cow::Borrowed));
    }
    hosts.into_iter().map(resolver::unescaped).collect()
}

/// curl takes what stands behind a `%` between brackets for a zone, whatever it is, or decodes it.
fn bracketed_in_curl(url: &str) -> [Option<String>; 2] {
    let Look::Host(host) = View::Curl.look(url) else {
        return [const { None }; 2];
    };
    let inside = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    let address = inside.and_then(|inside| inside.split_once('%')).map(|(address, _)| address.to_owned());
    [address, inside.and_then(|inside| String::from_utf8(perl::decoded(inside.as_bytes())).ok())]
}

/// Up to three hosts that Java, Perl, and curl take.
fn of_others(text: &str) -> [Option<&str>; 3] {
    let Some(colon) = scheme_end(text) else {
        return [None; 3];
    };
    let Some(rest) = text[colon + 1..].strip_prefix("//") else {
        // curl then guesses a scheme, and takes this one for a user name.
        let authority = up_to(text, ends_authority);
        let host = authority.contains('@').then(|| without_port(without_userinfo(authority), false));
        return [host, None, None];
    };
    let authority = up_to(rest, ends_authority);
    let host = without_port(without_userinfo(authority), false);
    // Perl takes anything between brackets for a host.
    let inside = host.strip_prefix('[').and_then(|inside| inside.strip_suffix(']'));
    let is_empty = host.bytes().all(|byte| byte == b':');
    [Some(java(authority)), inside, Some(if is_empty { NO_HOST } else { host })]
}

/// Java's `URL`: two `@` leave no host.
fn java(authority: &str) -> &str {
    match authority.split_once('@') {
        Some((_, host)) if host.contains('@') => NO_HOST,
        Some((_, host)) => without_port(host, false),
        None => without_port(authority, false),
    }
}

#[cfg(test)]
mod tests {
    use super::of_others;

    #[test]
    fn java_perl_and_curl_see_their_own_host() {
        for (url, want) in [
            ("http://a.example:80/x", &["a.example", "a.example"][..]),
            ("http:///x", &["", "localhost"]),
            ("http://a@b@c/", &["localhost", "c"]),
            ("http://[name]/", &["[name]", "name", "[name]"]),
            ("http://::/", &[":", "localhost"]),
            ("http:a@b.example/", &["b.example"]),
            ("http:b.example/", &[]),
            ("//a@b/", &[]),
        ] {
            let found: Vec<_> = of_others(url).into_iter().flatten().collect();
            assert_eq!(found, want, "{url:?}");
        }
    }
}
