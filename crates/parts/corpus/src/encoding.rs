//! How a URL is encoded before it goes into a request.
//!
//! ```text
//! URL ─┬─ escapes: %HH (1 to 5 layers), %uHHHH, \uHHHH, \xHH, \ooo, &#…;, overlong, =HH, -HH, _HH, .HH, \/, %09
//!      ├─ packed:  base64, base64url, hex, reversed          (deep: no escape is left to see)
//!      └─ defanged: hxxp, [.]
//! ```
//! A table, one row an encoding. A row that leaves a URL as it was is `None` for it, and not drawn: a label never
//! names an encoding that is not there.

mod escapes;
mod packed;

use crate::dice::Dice;
use crate::shape::Url;

/// Whose own escapes these are: a carrier in that language does not escape them again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Language {
    None,
    Json,
    Markup,
}

/// One way to encode a URL.
#[derive(Debug)]
pub struct Encoding {
    /// Its name, in labels.
    pub name: &'static str,
    /// Whether nothing of the URL is left to see: detectors look for such only when asked.
    pub is_deep: bool,
    /// Whether a host alone may be written so, as in a `Host` header or the target of a request to a proxy.
    pub(crate) fits_host: bool,
    pub(crate) language: Language,
    write: fn(&Url, &mut Dice) -> String,
}

const fn row(name: &'static str, write: fn(&Url, &mut Dice) -> String) -> Encoding {
    Encoding { name, is_deep: false, fits_host: false, language: Language::None, write }
}

const fn host(name: &'static str, write: fn(&Url, &mut Dice) -> String) -> Encoding {
    Encoding { fits_host: true, ..row(name, write) }
}

const fn of(language: Language, name: &'static str, write: fn(&Url, &mut Dice) -> String) -> Encoding {
    Encoding { language, ..row(name, write) }
}

const fn deep(name: &'static str, write: fn(&Url, &mut Dice) -> String) -> Encoding {
    Encoding { is_deep: true, ..row(name, write) }
}

/// How many of [`ENCODINGS`] people use without meaning to hide: the first ones.
pub(crate) const ORDINARY: usize = 2;

/// Every encoding.
pub static ENCODINGS: &[Encoding] = &[
    host("none", |url, _| url.text.clone()),
    row("percent-component", |url, _| escapes::percent_component(url)),
    row("percent-all", |url, _| escapes::percent_all(url)),
    row("percent-mixed-case", escapes::percent_mixed_case),
    host("percent-host", |url, _| escapes::percent_host(url)),
    host("percent-one", escapes::percent_one),
    row("percent-2", |url, dice| escapes::percent_layers(url, 2, dice)),
    row("percent-3", |url, dice| escapes::percent_layers(url, 3, dice)),
    row("percent-4", |url, dice| escapes::percent_layers(url, 4, dice)),
    row("percent-5", |url, dice| escapes::percent_layers(url, 5, dice)),
    row("percent-u", escapes::percent_u),
    of(Language::Json, "backslash-u", escapes::backslash_u),
    row("backslash-u-braces", escapes::backslash_u_braces),
    row("backslash-x", escapes::backslash_x),
    row("octal", escapes::octal),
    of(Language::Markup, "html-decimal", escapes::html_decimal),
    of(Language::Markup, "html-hex", escapes::html_hex),
    of(Language::Markup, "html-named", |url, _| escapes::html_named(url)),
    row("overlong", escapes::overlong),
    row("quoted-printable", escapes::quoted_printable),
    row("dash", |url, _| escapes::slug(url, '-')),
    row("underscore", |url, _| escapes::slug(url, '_')),
    row("dot", |url, _| escapes::slug(url, '.')),
    row("tab-inside", |url, dice| escapes::inside(url, "%09", dice)),
    row("cr-inside", |url, dice| escapes::inside(url, "%0D", dice)),
    row("lf-inside", |url, dice| escapes::inside(url, "%0a", dice)),
    of(Language::Json, "json-slashes", |url, _| url.text.replace('/', "\\/")),
    row("defanged-scheme", |url, _| packed::defanged_scheme(url)),
    row("defanged-dots", packed::defanged_dots),
    deep("base64", |url, _| packed::base64(url)),
    deep("base64url", |url, _| packed::base64url(url)),
    deep("hex", packed::hex),
    deep("reversed", |url, _| packed::reversed(url)),
];

impl Encoding {
    /// The encoded URL; `None` if that is the URL itself and this is not the encoding called `none`.
    pub(crate) fn write(&self, url: &Url, dice: &mut Dice) -> Option<String> {
        let written = (self.write)(url, dice);
        (written != url.text || self.name == ENCODINGS[0].name).then_some(written)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dice::Stream;

    const TEXT: &str = "http://169.254.169.254/latest/";

    fn url() -> Url {
        Url { text: TEXT.to_owned(), host: 7..22 }
    }

    fn encoded(name: &str) -> String {
        let row = ENCODINGS.iter().find(|row| row.name == name).expect("a row of the table");
        row.write(&url(), &mut Dice::of(3, Stream::Attempt, 0)).expect("the URL can be encoded so")
    }

    #[test]
    fn fixed_encodings_are_what_their_names_say() {
        let cases = [
            ("none", TEXT),
            ("percent-component", "http%3A%2F%2F169.254.169.254%2Flatest%2F"),
            ("percent-host", "http://%31%36%39%2E%32%35%34%2E%31%36%39%2E%32%35%34/latest/"),
            ("html-named", "http&colon;&sol;&sol;169&period;254&period;169&period;254&sol;latest&sol;"),
            ("dash", "http-3A-2F-2F169-2E254-2E169-2E254-2Flatest-2F"),
            ("underscore", "http_3A_2F_2F169_2E254_2E169_2E254_2Flatest_2F"),
            ("dot", "http.3A.2F.2F169.254.169.254.2Flatest.2F"),
            ("json-slashes", "http:\\/\\/169.254.169.254\\/latest\\/"),
            ("defanged-scheme", "hxxp://169.254.169.254/latest/"),
            ("base64", "aHR0cDovLzE2OS4yNTQuMTY5LjI1NC9sYXRlc3Qv"),
            ("reversed", "/tsetal/452.961.452.961//:ptth"),
        ];
        for (name, want) in cases {
            assert_eq!(encoded(name), want, "{name}");
        }
    }

    #[test]
    fn layers_of_percent_come_off_one_by_one() {
        for (name, layers) in [("percent-all", 1), ("percent-2", 2), ("percent-3", 3), ("percent-5", 5)] {
            let mut text = encoded(name);
            for _ in 0..layers {
                assert_ne!(text, TEXT, "{name}");
                text = unescaped(&text);
            }
            assert_eq!(text, TEXT, "{name}");
        }
    }

    fn unescaped(text: &str) -> String {
        let mut parts = text.split('%');
        let mut out = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let byte = u8::from_str_radix(&part[..2], 16).expect("an escape");
            out.push(char::from(byte));
            out.push_str(&part[2..]);
        }
        out
    }

    #[test]
    fn what_changes_nothing_is_no_encoding() {
        let bare = Url { text: "2852039166".to_owned(), host: 0..10 };
        let mut dice = Dice::of(3, Stream::Attempt, 0);
        for name in ["json-slashes", "defanged-scheme", "defanged-dots", "dash", "percent-component"] {
            let row = ENCODINGS.iter().find(|row| row.name == name).expect("a row of the table");
            assert_eq!(row.write(&bare, &mut dice), None, "{name}");
        }
    }

    #[test]
    fn every_encoding_changes_a_common_url() {
        for row in ENCODINGS.iter().skip(1) {
            assert_ne!(encoded(row.name), TEXT, "{}", row.name);
        }
    }
}
