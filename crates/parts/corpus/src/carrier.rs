//! Where in a request the attempt stands.
//!
//! ```text
//! inbound   query, nested query, redirect, path, absolute target, gopher, header injection, markup in a parameter
//!           Referer, User-Agent, Cookie, Host, X-Forwarded-Host
//!           JSON field, XML entity, SVG attribute in the body
//! outbound  the URL asked for, the host of a tunnel, the peer dialled, a DNS name, a DNS answer
//! ```
//! A table, one row a carrier. What a carrier takes decides what may stand in it; [`format`](crate::format) says which
//! logs show it. Nothing fails.

use crate::dice::Dice;
use crate::encoding::Language;
use crate::request::{OWN_HOSTS, Request, put};

/// What a carrier can hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Takes {
    /// A URL in any shape and encoding.
    Url,
    /// An absolute URL as an HTTP client sends it to a proxy.
    AbsoluteUrl,
    /// The authority of a `gopher` URL that carries a whole request: host and shape are the URL's own.
    Gopher,
    /// A host in any spelling; the path is the request's own.
    Host,
    /// An address as programs print it, without a path.
    Address,
    /// A name, without a path.
    Name,
}

/// What the carrier is given.
pub(crate) struct Payload<'a> {
    /// The encoded URL, the host, or the address.
    pub(crate) text: &'a str,
    /// The path asked for, where the carrier holds a host.
    pub(crate) path: &'a str,
    /// Whose escapes the encoding wrote.
    pub(crate) language: Language,
}

/// One place in a request.
#[derive(Debug)]
pub struct Carrier {
    /// Its name, in labels.
    pub name: &'static str,
    pub(crate) takes: Takes,
    put: fn(&mut Request, &Payload<'_>, &mut Dice),
}

const fn row(name: &'static str, takes: Takes, put: fn(&mut Request, &Payload<'_>, &mut Dice)) -> Carrier {
    Carrier { name, takes, put }
}

/// Every carrier.
pub static CARRIERS: &[Carrier] = &[
    row("query", Takes::Url, query),
    row("nested-query", Takes::Url, nested_query),
    row("redirect", Takes::Url, redirect),
    row("path-segment", Takes::Url, path_segment),
    row("absolute-form", Takes::AbsoluteUrl, absolute_form),
    row("gopher", Takes::Gopher, query),
    row("header-injection", Takes::Url, header_injection),
    row("html-attribute", Takes::Url, html_attribute),
    row("css-url", Takes::Url, css_url),
    row("referer", Takes::Url, |request, payload, _| put(&mut request.referer, payload.text)),
    row("user-agent", Takes::Url, user_agent),
    row("cookie", Takes::Url, cookie),
    row("host", Takes::Host, host_header),
    row("forwarded-host", Takes::Host, forwarded_host),
    row("json-body", Takes::Url, json_body),
    row("xml-entity", Takes::Url, xml_entity),
    row("svg-attribute", Takes::Url, svg_attribute),
    row("outbound-url", Takes::AbsoluteUrl, absolute_form),
    row("connect", Takes::Host, connect),
    row("peer", Takes::Address, peer),
    row("dns-name", Takes::Name, dns_name),
    row("dns-answer", Takes::Address, dns_answer),
];

impl Carrier {
    /// The carrier of this name.
    pub fn named(name: &str) -> Option<&'static Carrier> {
        CARRIERS.iter().find(|carrier| carrier.name == name)
    }

    pub(crate) fn put(&self, request: &mut Request, payload: &Payload<'_>, dice: &mut Dice) {
        (self.put)(request, payload, dice);
    }
}

/// Escapes what would end a parameter or break the request line. All else goes over the wire raw, as tools send it.
fn push_parameter(out: &mut String, text: &str) {
    for sign in text.chars() {
        match sign {
            ' ' => out.push_str("%20"),
            '"' => out.push_str("%22"),
            '#' => out.push_str("%23"),
            '&' => out.push_str("%26"),
            '+' => out.push_str("%2B"),
            '<' => out.push_str("%3C"),
            '>' => out.push_str("%3E"),
            _ => out.push(sign),
        }
    }
}

/// Replaces the target: what stands before, the parameter, what stands after.
fn put_target(request: &mut Request, before: &[&str], text: &str, after: &str) {
    request.target.clear();
    for part in before {
        request.target.push_str(part);
    }
    push_parameter(&mut request.target, text);
    request.target.push_str(after);
}

fn query(request: &mut Request, payload: &Payload<'_>, dice: &mut Dice) {
    let page = dice.pick(&["/fetch", "/preview", "/api/v1/import", "/proxy.php", "/image", "/webhook/test"]);
    let name = dice.pick(&["url", "src", "u", "uri", "link", "target", "image_url", "callback"]);
    let before = dice.pick(&["", "", "id=7&", "w=640&h=480&"]);
    let after = dice.pick(&["", "", "&format=png", "&ts=1714521600"]);
    put_target(request, &[page, "?", before, name, "="], payload.text, after);
}

/// A URL of the site itself as the parameter, with the attempt in its query.
fn nested_query(request: &mut Request, payload: &Payload<'_>, dice: &mut Dice) {
    let page = dice.pick(&["/go?to=", "/login?next=", "/share?u="]);
    let inner = dice.pick(&[
        "https%3A%2F%2Fimg.example.net%2Fresize%3Fsrc%3D",
        "https://img.example.net/resize?src=",
        "%2Fproxy%3Furl%3D",
    ]);
    put_target(request, &[page, inner], payload.text, "");
}

fn redirect(request: &mut Request, payload: &Payload<'_>, dice: &mut Dice) {
    let page = dice.pick(&["/login", "/logout", "/oauth/authorize", "/sso"]);
    let name = dice.pick(&["redirect", "redirect_uri", "return_to", "next", "RelayState", "continue"]);
    put_target(request, &[page, "?", name, "="], payload.text, "");
    request.status = 302;
}

fn path_segment(request: &mut Request, payload: &Payload<'_>, dice: &mut Dice) {
    let page = dice.pick(&["/proxy/", "/img/640x480/", "/render/", "/cors/", "/fetch/"]);
    put_target(request, &[page], payload.text, "");
}

fn absolute_form(request: &mut Request, payload: &Payload<'_>, _: &mut Dice) {
    put_target(request, &[], payload.text, "");
    request.is_tls = false;
}

/// The token header, behind line ends that a careless client writes into its own request.
fn header_injection(request: &mut Request, payload: &Payload<'_>, dice: &mut Dice) {
    let after = dice.pick(&[
        "%20HTTP/1.1%0d%0aX-aws-ec2-metadata-token-ttl-seconds:%2021600%0d%0a%0d%0a",
        "%20HTTP/1.1%0D%0AX-aws-ec2-metadata-token:%20bWFkZS11cA==%0D%0Ax:%20",
        "%20HTTP%2F1.1%0D%0AMetadata-Flavor:%20Google%0D%0A%0D%0A",
    ]);
    put_target(request, &["/fetch?url="], payload.text, after);
}

fn html_attribute(request: &mut Request, payload: &Payload<'_>, dice: &mut Dice) {
    let before = dice.pick(&[
        "/render?html=%3Cimg%20src%3D%22",
        "/pdf?content=%3Ciframe+src%3D%22",
        "/pdf?content=<iframe%20src=%22",
    ]);
    put_target(request, &[before], payload.text, "%22%3E");
}

fn css_url(request: &mut Request, payload: &Payload<'_>, dice: &mut Dice) {
    let before = dice.pick(&["/theme?css=body{background:url(", "/pdf?style=%40import%20url("]);
    put_target(request, &[before], payload.text, ")");
}

fn user_agent(request: &mut Request, payload: &Payload<'_>, dice: &mut Dice) {
    request.user_agent.clear();
    if dice.chance(50) {
        request.user_agent.push_str(payload.text);
    } else {
        request.user_agent.push_str("Mozilla/5.0 (compatible; fetcher/1.2; +");
        request.user_agent.push_str(payload.text);
        request.user_agent.push(')');
    }
}

/// A cookie's value: no separators of cookies in it.
fn cookie(request: &mut Request, payload: &Payload<'_>, dice: &mut Dice) {
    put(&mut request.cookie, dice.pick(&["", "theme=dark; ", "session=0f3b2c; "]));
    request.cookie.push_str(dice.pick(&["back=", "return_url=", "avatar="]));
    for sign in payload.text.chars() {
        match sign {
            ' ' => request.cookie.push_str("%20"),
            '"' => request.cookie.push_str("%22"),
            ',' => request.cookie.push_str("%2C"),
            ';' => request.cookie.push_str("%3B"),
            _ => request.cookie.push(sign),
        }
    }
}

/// The request's own path is what is asked of the host.
fn own_path(request: &mut Request, payload: &Payload<'_>) {
    put(&mut request.target, if payload.path.is_empty() { "/" } else { payload.path });
}

fn host_header(request: &mut Request, payload: &Payload<'_>, _: &mut Dice) {
    put(&mut request.host, payload.text);
    own_path(request, payload);
    request.is_tls = false;
}

fn forwarded_host(request: &mut Request, payload: &Payload<'_>, _: &mut Dice) {
    put(&mut request.forwarded_host, payload.text);
    own_path(request, payload);
}

fn push_escaped(out: &mut String, text: &str, escapes: &[(char, &str)]) {
    for sign in text.chars() {
        match escapes.iter().find(|(from, _)| *from == sign) {
            Some((_, to)) => out.push_str(to),
            None => out.push(sign),
        }
    }
}

/// Begins a body that is sent with `POST`.
fn body(request: &mut Request, page: &str) {
    request.method = "POST";
    put(&mut request.target, page);
    request.body.clear();
}

fn json_body(request: &mut Request, payload: &Payload<'_>, dice: &mut Dice) {
    body(request, dice.pick(&["/api/v1/import", "/webhooks", "/graphql"]));
    let (before, after) = dice.pick(&[
        ("{\"id\":7,\"url\":\"", "\"}"),
        ("{\"webhook\":{\"name\":\"ci\",\"endpoint\":\"", "\"}}"),
        ("{\"query\":\"mutation\",\"variables\":{\"avatar\":\"", "\"}}"),
    ]);
    request.body.push_str(before);
    let escapes: &[(char, &str)] =
        if payload.language == Language::Json { &[] } else { &[('\\', "\\\\"), ('"', "\\\"")] };
    push_escaped(&mut request.body, payload.text, escapes);
    request.body.push_str(after);
}

/// Escapes of XML and of attributes of HTML.
const MARKUP: &[(char, &str)] = &[('&', "&amp;"), ('"', "&quot;"), ('<', "&lt;"), ('>', "&gt;")];

fn push_markup(request: &mut Request, payload: &Payload<'_>) {
    let escapes = if payload.language == Language::Markup { &[] } else { MARKUP };
    push_escaped(&mut request.body, payload.text, escapes);
}

fn xml_entity(request: &mut Request, payload: &Payload<'_>, dice: &mut Dice) {
    body(request, "/soap");
    request.body.push_str(dice.pick(&[
        "<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY x SYSTEM \"",
        "<!DOCTYPE order [ <!ENTITY % x SYSTEM \"",
    ]));
    push_markup(request, payload);
    request.body.push_str("\">]><a>&x;</a>");
}

fn svg_attribute(request: &mut Request, payload: &Payload<'_>, dice: &mut Dice) {
    body(request, "/avatar");
    request.body.push_str("<svg xmlns=\"http://www.w3.org/2000/svg\"><");
    request.body.push_str(dice.pick(&["image xlink:href=\"", "use href=\"", "image href=\""]));
    push_markup(request, payload);
    request.body.push_str("\"/></svg>");
}

fn connect(request: &mut Request, payload: &Payload<'_>, dice: &mut Dice) {
    request.method = "CONNECT";
    let port = dice.pick(&[":443", ":80"]);
    put_target(request, &[], payload.text, port);
}

fn peer(request: &mut Request, payload: &Payload<'_>, dice: &mut Dice) {
    put(&mut request.peer, payload.text);
    put(&mut request.host, dice.pick(OWN_HOSTS));
    request.peer_port = 80;
}

/// Without an answer: some resolvers hold back private ones, and with one this would be two attempts in a line.
fn dns_name(request: &mut Request, payload: &Payload<'_>, _: &mut Dice) {
    put(&mut request.host, payload.text);
    request.peer.clear();
}

fn dns_answer(request: &mut Request, payload: &Payload<'_>, dice: &mut Dice) {
    put(&mut request.peer, payload.text);
    put(
        &mut request.host,
        dice.pick(&["cdn.assets.example.org", "a1.rebinding.example.net", "x.example.com"]),
    );
}
