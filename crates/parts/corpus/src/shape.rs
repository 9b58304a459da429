//! How a URL is put around a host.
//!
//! ```text
//! scheme  slashes  userinfo  HOST  port  /path        the range of the host is kept, for encodings of the host alone
//! ```
//! A table, one row a shape. Nothing fails.

use crate::dice::Dice;
use std::ops::Range;

/// A URL and where its host stands in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Url {
    pub(crate) text: String,
    pub(crate) host: Range<usize>,
}

/// One way to write a URL.
#[derive(Debug)]
pub struct Shape {
    /// Its name, in labels.
    pub name: &'static str,
    before: &'static [&'static str],
    after: &'static str,
    /// What becomes of the slashes of the path.
    slash: char,
    /// Whether the text says that it is a URL: without that, a name of one label is a word and a number a number.
    pub(crate) is_marked: bool,
    /// Whether an HTTP client takes it for an absolute URL, as a request to a proxy has it.
    pub(crate) is_absolute: bool,
}

const PLAIN: Shape =
    Shape { name: "plain", before: &["http://"], after: "", slash: '/', is_marked: true, is_absolute: true };

/// Every shape, the plain one first.
pub static SHAPES: &[Shape] = &[
    PLAIN,
    Shape { name: "https", before: &["https://"], ..PLAIN },
    Shape { name: "port", after: ":80", ..PLAIN },
    Shape { name: "upper-scheme", before: &["HTTP://", "Http://", "hTTp://"], ..PLAIN },
    Shape { name: "userinfo", before: &["http://example.com@", "http://docs.example.org@"], ..PLAIN },
    Shape { name: "userinfo-port", before: &["http://example.com:80@", "https://example.com:443@"], ..PLAIN },
    Shape { name: "userinfo-password", before: &["http://user:made-up@", "http://a:b@"], ..PLAIN },
    Shape { name: "no-scheme", before: &[""], is_marked: false, is_absolute: false, ..PLAIN },
    Shape { name: "scheme-relative", before: &["//"], is_absolute: false, ..PLAIN },
    Shape { name: "one-slash", before: &["http:/"], is_absolute: false, ..PLAIN },
    Shape { name: "no-slash", before: &["http:"], is_absolute: false, ..PLAIN },
    Shape { name: "three-slashes", before: &["http:///"], is_absolute: false, ..PLAIN },
    Shape { name: "many-slashes", before: &["http://///", "http:////"], is_absolute: false, ..PLAIN },
    Shape { name: "backslashes", before: &["http:\\\\"], slash: '\\', is_absolute: false, ..PLAIN },
    Shape { name: "mixed-slashes", before: &["http:/\\", "http:\\/"], is_absolute: false, ..PLAIN },
    Shape {
        name: "other-scheme",
        before: &["dict://", "ftp://", "jar:http://", "url:http://"],
        is_absolute: false,
        ..PLAIN
    },
];

impl Shape {
    /// The URL with this host and path.
    pub(crate) fn write(&self, host: &str, path: &str, dice: &mut Dice) -> Url {
        let mut text = String::with_capacity(host.len() + path.len() + 24);
        text.push_str(dice.pick(self.before));
        let start = text.len();
        text.push_str(host);
        let host = start..text.len();
        text.push_str(self.after);
        if self.slash == '/' {
            text.push_str(path);
        } else {
            text.extend(path.chars().map(|sign| if sign == '/' { self.slash } else { sign }));
        }
        Url { text, host }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_range_is_the_host() {
        let mut dice = Dice::of(1, crate::dice::Stream::Attempt, 0);
        for shape in SHAPES {
            let url = shape.write("[fd00:ec2::254]", "/latest/", &mut dice);
            assert_eq!(&url.text[url.host.clone()], "[fd00:ec2::254]", "{}", shape.name);
        }
        let url = SHAPES
            .iter()
            .find(|shape| shape.name == "backslashes")
            .expect("a row")
            .write("1.2.3.4", "/a/b", &mut dice);
        assert_eq!(url.text, "http:\\\\1.2.3.4\\a\\b");
    }
}
