//! What an answer must look like, header by header.
//!
//! ```text
//! token      200  TTL · Content-Length · Date · Server · Connection · Content-Type
//! document   200  [TTL] · Content-Type · Accept-Ranges · Last-Modified · Content-Length · Date · Server · Connection
//! page       4xx  [TTL] · Content-Type · Content-Length · Date · Server · Connection
//! empty      …    [Allow] · Content-Length · Date · Server · Connection · Content-Type
//! ```

use onehop_verdict::Code;

use crate::answer::Answer;

const TTL: &str = "X-Aws-Ec2-Metadata-Token-Ttl-Seconds";
const TOKEN: [&str; 6] = [TTL, "Content-Length", "Date", "Server", "Connection", "Content-Type"];
const DOCUMENT: [&str; 7] =
    ["Content-Type", "Accept-Ranges", "Last-Modified", "Content-Length", "Date", "Server", "Connection"];
const PAGE: [&str; 5] = ["Content-Type", "Content-Length", "Date", "Server", "Connection"];
const EMPTY: [&str; 5] = ["Content-Length", "Date", "Server", "Connection", "Content-Type"];

/// What is answered, and what is counted.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Want {
    pub(crate) status: u16,
    pub(crate) shape: Shape,
    /// The denial that is counted; `None` for what is admitted.
    pub(crate) code: Option<Code>,
}

/// Headers and body of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// A token that lives this long.
    Token(&'static str),
    /// A document, and the seconds that the caller's token has left.
    Document(&'static str, Option<u32>),
    /// The page of 404, with the seconds left.
    Absent(Option<u32>),
    /// The page of 400 or 403.
    Page(&'static str),
    /// No body; what `Allow` says, if it is there.
    Empty(Option<&'static str>),
}

/// 200 with a token.
pub(crate) const fn token(seconds: &'static str) -> Want {
    Want { status: 200, shape: Shape::Token(seconds), code: None }
}

/// 200 with a document; `left` for IMDSv2.
pub(crate) const fn document(body: &'static str, left: Option<u32>) -> Want {
    Want { status: 200, shape: Shape::Document(body, left), code: None }
}

/// 404; `left` for IMDSv2.
pub(crate) const fn absent(left: Option<u32>) -> Want {
    Want { status: 404, shape: Shape::Absent(left), code: None }
}

/// 400 with its page.
pub(crate) const fn bad(code: Code) -> Want {
    Want { status: 400, shape: Shape::Page("400 - Bad Request"), code: Some(code) }
}

/// 403 with its page.
pub(crate) const fn forbidden(code: Code) -> Want {
    Want { status: 403, shape: Shape::Page("403 - Forbidden"), code: Some(code) }
}

/// 401, which is empty.
pub(crate) const fn unauthorized(code: Code) -> Want {
    Want { status: 401, shape: Shape::Empty(None), code: Some(code) }
}

/// 405, which is empty.
pub(crate) const fn method(allow: &'static str) -> Want {
    Want { status: 405, shape: Shape::Empty(Some(allow)), code: Some(Code::HttpMethod) }
}

/// 200 without a body: OPTIONS on the token endpoint.
pub(crate) const fn options(allow: &'static str) -> Want {
    Want { status: 200, shape: Shape::Empty(Some(allow)), code: None }
}

impl Want {
    /// Everything that is wrong with an answer that was written at `date`.
    pub(crate) fn differences(&self, answer: &Answer, is_head: bool, date: &str) -> Vec<String> {
        let mut wrong = Vec::new();
        let mut check = |what: &str, got: &str, want: &str| {
            if got != want {
                wrong.push(format!("{what} is {got:?}, not {want:?}"));
            }
        };
        check("version", &answer.version, "HTTP/1.1");
        check("status", &answer.status.to_string(), &self.status.to_string());
        check("order of headers", &answer.names().join(" · "), &self.shape.names().join(" · "));
        for (name, want) in self.shape.values(date) {
            check(name, answer.header(name).unwrap_or("absent"), &want);
        }
        if !is_head {
            let body = String::from_utf8_lossy(&answer.body);
            match self.shape {
                Shape::Token(_) => {
                    check("shape of the token", &form_of_token(&body), "56 characters of base64");
                }
                Shape::Document(text, _) => check("body", &body, text),
                Shape::Absent(_) => check("body", &body, &page("404 - Not Found")),
                Shape::Page(title) => check("body", &body, &page(title)),
                Shape::Empty(_) => check("body", &body, ""),
            }
        }
        wrong
    }
}

impl Shape {
    fn names(self) -> Vec<&'static str> {
        let (first, rest): (_, &[&str]) = match self {
            Shape::Token(_) => (None, &TOKEN),
            Shape::Document(_, left) => (left.map(|_| TTL), &DOCUMENT),
            Shape::Absent(left) => (left.map(|_| TTL), &PAGE),
            Shape::Page(_) => (None, &PAGE),
            Shape::Empty(allow) => (allow.map(|_| "Allow"), &EMPTY),
        };
        first.into_iter().chain(rest.iter().copied()).collect()
    }

    /// The values that are known beforehand. `Last-Modified` is the start of the service for what does not change.
    fn values(self, date: &str) -> Vec<(&'static str, String)> {
        let (media_type, length) = match self {
            Shape::Token(_) => ("text/plain", 56),
            Shape::Document(text, _) => ("text/plain", text.len()),
            Shape::Absent(_) => ("text/html", page("404 - Not Found").len()),
            Shape::Page(title) => ("text/html", page(title).len()),
            Shape::Empty(_) => ("text/plain", 0),
        };
        let mut values = vec![
            ("Content-Type", media_type.to_owned()),
            ("Content-Length", length.to_string()),
            ("Date", date.to_owned()),
            ("Server", "EC2ws".to_owned()),
            ("Connection", "close".to_owned()),
        ];
        match self {
            Shape::Token(seconds) => values.push((TTL, seconds.to_owned())),
            Shape::Document(_, left) => {
                values.push(("Accept-Ranges", "none".to_owned()));
                values.push(("Last-Modified", "Fri, 15 Jan 2027 08:00:00 GMT".to_owned()));
                values.extend(left.map(|seconds| (TTL, seconds.to_string())));
            }
            Shape::Absent(left) => values.extend(left.map(|seconds| (TTL, seconds.to_string()))),
            Shape::Empty(allow) => values.extend(allow.map(|methods| ("Allow", methods.to_owned()))),
            Shape::Page(_) => {}
        }
        values
    }
}

/// The page that stands in for a body; 339 bytes when its title is that of 404.
fn page(title: &str) -> String {
    [
        r#"<?xml version="1.0" encoding="iso-8859-1"?>"#,
        r#"<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN""#,
        "\t\t \"http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd\">",
        r#"<html xmlns="http://www.w3.org/1999/xhtml" xml:lang="en" lang="en">"#,
        " <head>",
        &format!("  <title>{title}</title>"),
        " </head>",
        " <body>",
        &format!("  <h1>{title}</h1>"),
        " </body>",
        "</html>",
        "",
    ]
    .join("\n")
}

/// Says what a token is made of; all good ones alike.
fn form_of_token(text: &str) -> String {
    let (digits, padding) = text.split_at_checked(54).unwrap_or((text, ""));
    let is_digit = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    if digits.bytes().all(is_digit) && padding == "==" {
        format!("{} characters of base64", text.len())
    } else {
        // Not the text itself: it may be a token with something behind it.
        format!("{} bytes that are no token", text.len())
    }
}

#[test]
fn the_page_of_404_has_339_bytes() {
    assert_eq!(page("404 - Not Found").len(), 339);
}
