//! Log formats: which carriers each shows, and how it writes a request.
//!
//! ```text
//!                     request line  Referer  User-Agent  Cookie  Host  X-Forwarded-Host  body  peer
//! nginx, apache            x           x         x
//! alb                      x                     x                x
//! cloudfront               x (no proxy)x         x          x     x
//! waf                      x           x         x          x     x          x
//! envoy                    x                     x                x                             x
//! haproxy                  x           x         x                x   (captured headers)
//! caddy, jsonl             x           x         x    jsonl: x    x          x      jsonl: x  jsonl: x
//! iis                    query         x         x          x     x
//! zeek, suricata           x           x         x                x                             x
//! traefik, cloudflare      x           x         x                x                          traefik: x
//! text                     x           x         x                                    x
//! squid                 the URL asked for, the tunnel's host, the peer
//! route53               the name asked for, the answers
//! ```
//! Each format has its own escaping (`format/escape.rs`). A table, one row a format. Nothing fails.

mod combined;
mod delivered;
pub(crate) mod escape;
mod json;
mod sensor;

use crate::carrier::Carrier;
use crate::dice::Dice;
use crate::request::Request;

/// One log format.
#[derive(Debug)]
pub struct Format {
    /// Its name, in labels and as the scanner knows it.
    pub name: &'static str,
    /// The names of the carriers that it shows.
    pub shows: &'static [&'static str],
    /// Lines that stand at the beginning of every file.
    pub preamble: &'static [&'static str],
    /// Whether its lines are DNS queries.
    pub(crate) is_dns: bool,
    /// Whether its lines are requests of the machine's own programs.
    pub(crate) is_outbound: bool,
    write: fn(&Request, &mut Dice, &mut String),
}

/// What every access log of a web server shows, then what more.
macro_rules! shows {
    ($($more:literal),* $(,)?) => {
        &[
            "query", "nested-query", "redirect", "path-segment", "absolute-form", "gopher", "header-injection",
            "html-attribute", "css-url", $($more),*
        ]
    };
}

const BLANK: Format =
    Format { name: "", shows: &[], preamble: &[], is_dns: false, is_outbound: false, write: combined::nginx };

/// Every format.
pub static FORMATS: &[Format] = &[
    Format { name: "nginx", shows: shows!("referer", "user-agent"), ..BLANK },
    Format { name: "apache", shows: shows!("referer", "user-agent"), write: combined::apache, ..BLANK },
    Format { name: "alb", shows: shows!("user-agent", "host"), write: delivered::alb, ..BLANK },
    Format {
        name: "cloudfront",
        shows: &[
            "query",
            "nested-query",
            "redirect",
            "path-segment",
            "gopher",
            "header-injection",
            "html-attribute",
            "css-url",
            "referer",
            "user-agent",
            "cookie",
            "host",
        ],
        preamble: delivered::CLOUDFRONT_PREAMBLE,
        write: delivered::cloudfront,
        ..BLANK
    },
    Format {
        name: "waf",
        shows: shows!("referer", "user-agent", "cookie", "host", "forwarded-host"),
        write: json::waf,
        ..BLANK
    },
    Format { name: "envoy", shows: shows!("user-agent", "host", "peer"), write: combined::envoy, ..BLANK },
    Format {
        name: "haproxy",
        shows: shows!("referer", "user-agent", "host"),
        write: combined::haproxy,
        ..BLANK
    },
    Format {
        name: "caddy",
        shows: shows!("referer", "user-agent", "host", "forwarded-host"),
        write: json::caddy,
        ..BLANK
    },
    Format {
        name: "iis",
        shows: &[
            "query",
            "nested-query",
            "redirect",
            "gopher",
            "header-injection",
            "html-attribute",
            "css-url",
            "referer",
            "user-agent",
            "cookie",
            "host",
        ],
        preamble: delivered::IIS_PREAMBLE,
        write: delivered::iis,
        ..BLANK
    },
    Format {
        name: "squid",
        shows: &["outbound-url", "connect", "peer"],
        is_outbound: true,
        write: sensor::squid,
        ..BLANK
    },
    Format {
        name: "zeek",
        shows: shows!("referer", "user-agent", "host", "peer"),
        preamble: sensor::ZEEK_PREAMBLE,
        write: sensor::zeek,
        ..BLANK
    },
    Format {
        name: "zeek-json",
        shows: shows!("referer", "user-agent", "host", "peer"),
        write: sensor::zeek_json,
        ..BLANK
    },
    Format {
        name: "suricata",
        shows: shows!("referer", "user-agent", "host", "peer"),
        write: sensor::suricata,
        ..BLANK
    },
    Format {
        name: "route53",
        shows: &["dns-name", "dns-answer"],
        is_dns: true,
        is_outbound: true,
        write: sensor::route53,
        ..BLANK
    },
    Format {
        name: "traefik",
        shows: shows!("referer", "user-agent", "host", "peer"),
        write: json::traefik,
        ..BLANK
    },
    Format {
        name: "cloudflare",
        shows: shows!("referer", "user-agent", "host"),
        write: json::cloudflare,
        ..BLANK
    },
    Format {
        name: "text",
        shows: shows!("referer", "user-agent", "json-body", "xml-entity", "svg-attribute", "outbound-url"),
        write: combined::text,
        ..BLANK
    },
    Format {
        name: "jsonl",
        shows: shows!(
            "referer",
            "user-agent",
            "cookie",
            "host",
            "forwarded-host",
            "json-body",
            "xml-entity",
            "svg-attribute",
            "outbound-url",
            "peer"
        ),
        write: json::jsonl,
        ..BLANK
    },
];

impl Format {
    /// The format of this name.
    pub fn named(name: &str) -> Option<&'static Format> {
        FORMATS.iter().find(|format| format.name == name)
    }

    /// One of the carriers that it shows.
    pub(crate) fn carrier(&self, dice: &mut Dice) -> &'static Carrier {
        Carrier::named(dice.pick(self.shows)).expect("a test compares both tables")
    }

    /// Appends the line, without its end.
    pub(crate) fn write(&self, request: &Request, dice: &mut Dice, out: &mut String) {
        (self.write)(request, dice, out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::carrier::CARRIERS;
    use crate::dice::Stream;

    #[test]
    fn formats_show_carriers_that_exist_and_every_carrier_is_shown() {
        for format in FORMATS {
            for name in format.shows {
                assert!(Carrier::named(name).is_some(), "{} shows {name}", format.name);
            }
        }
        for carrier in CARRIERS {
            assert!(FORMATS.iter().any(|format| format.shows.contains(&carrier.name)), "{}", carrier.name);
        }
    }

    /// What a carrier puts somewhere must stand somewhere in the line, or the label would lie.
    #[test]
    fn a_format_shows_what_it_says_it_shows() {
        use crate::carrier::{Payload, Takes};
        use crate::encoding::Language;
        for format in FORMATS {
            for name in format.shows {
                for seed in 0..40 {
                    let dice = &mut Dice::of(seed, Stream::Attempt, 0);
                    let carrier = Carrier::named(name).expect("checked above");
                    let mut request = Request::default();
                    request.ordinary(seed, dice);
                    let (text, path) = match carrier.takes {
                        Takes::Url | Takes::AbsoluteUrl | Takes::Gopher => ("http://marker7/path9", ""),
                        Takes::Host | Takes::Address | Takes::Name => ("marker7", "/path9"),
                    };
                    carrier.put(&mut request, &Payload { text, path, language: Language::None }, dice);
                    let mut line = String::new();
                    format.write(&request, dice, &mut line);
                    assert!(line.contains("marker7"), "{} {name}: {line}", format.name);
                    let has_path = !matches!(*name, "connect" | "peer" | "dns-name" | "dns-answer");
                    assert!(!has_path || line.contains("path9"), "{} {name}: {line}", format.name);
                }
            }
        }
    }

    #[test]
    fn lines_are_one_line() {
        let mut request = Request::default();
        for format in FORMATS {
            let mut out = String::new();
            let dice = &mut Dice::of(1, Stream::Benign, 0);
            request.ordinary(1, dice);
            request.user_agent.push_str("\n\t\"\\\r\u{7f}é");
            request.body.push_str("{\n\"a\": 1}");
            format.write(&request, dice, &mut out);
            assert!(!out.contains(['\n', '\r']), "{}: {out}", format.name);
        }
    }
}
