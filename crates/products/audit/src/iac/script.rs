//! Requests to the metadata service in scripts and user data that send no token.
//!
//! ```text
//! text ─▶ statements (lines joined where they go on) ─▶ fetches from the service? ─▶ sends a token, or asks for one? ─▶ no: flaw
//! ```
//! A statement that hands its headers over in a variable counts as sending a token if the text names the header somewhere.

use onehop_detect::{Detector, Hit};

/// A statement that reads without a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Unsigned<'a> {
    /// Where it begins in the text, in bytes.
    pub start: usize,
    /// What it says.
    pub text: &'a str,
}

/// Ways to name the service in a statement whose address is in a variable. What has an address is for the detector.
const SERVICE: [&str; 4] =
    ["://instance-data/", "/latest/meta-data", "/latest/user-data", "/latest/dynamic/"];
/// Words of programs that fetch.
const FETCH: [&str; 18] = [
    "curl",
    "wget",
    "http ",
    "httpie",
    "fetch",
    "invoke-restmethod",
    "invoke-webrequest",
    "irm ",
    "iwr ",
    "downloadstring",
    "requests.get",
    "urlopen",
    "http.get",
    "file_get_contents",
    "open-uri",
    "lwp-request",
    "aria2c",
    "axios",
];
/// What a token, or the asking for one, looks like.
const TOKEN: [&str; 3] = ["metadata-token", "latest/api/token", "/api/token"];
/// Headers that come from a variable.
const HANDED: [&str; 7] = ["-h \"$", "-h $", "-h '$", "--header \"$", "--header $", "-headers $", "headers="];
/// The header itself, in lower case.
const HEADER: &str = "x-aws-ec2-metadata-token";
/// Statements of one text that are told.
const UNSIGNED_MAX: usize = 100;

/// Statements that read from the service without a token, in order.
pub(super) fn unsigned(text: &str) -> Vec<Unsigned<'_>> {
    let lower = text.to_ascii_lowercase();
    if !FETCH.iter().any(|word| lower.contains(word)) {
        return Vec::new();
    }
    let names_header = lower.contains(HEADER);
    let (mut detector, mut hits) = (Detector::new(), Vec::new());
    statements(text)
        .filter(|statement| sends_no_token(statement.text, names_header))
        .filter(|statement| names_service(statement.text, &mut detector, &mut hits))
        .take(UNSIGNED_MAX)
        .collect()
}

/// Whether a statement fetches something, and shows no token.
fn sends_no_token(statement: &str, names_header: bool) -> bool {
    let lower = statement.to_ascii_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    has(&FETCH) && !has(&TOKEN) && !(names_header && has(&HANDED))
}

/// Whether it names the service of EC2, in any spelling. Those of others have no tokens.
fn names_service(statement: &str, detector: &mut Detector, hits: &mut Vec<Hit>) -> bool {
    if SERVICE.iter().any(|name| statement.contains(name)) {
        return true;
    }
    hits.clear();
    detector.detect(statement.as_bytes(), hits);
    hits.iter().any(|hit| hit.provider.name == "ec2")
}

/// Lines, those that go on joined with the next; without remarks.
fn statements(text: &str) -> impl Iterator<Item = Unsigned<'_>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at;
        if start >= text.len() {
            return None;
        }
        loop {
            let end = text[at..].find('\n').map_or(text.len(), |length| at + length);
            let line = text[at..end].trim_end();
            at = (end + 1).min(text.len());
            let goes_on = line.ends_with('\\') || line.ends_with('`') || line.ends_with('^');
            if !goes_on || at >= text.len() {
                return Some(Unsigned { start, text: text[start..end].trim_end() });
            }
        }
    })
    .filter(|statement| !is_remark(statement.text))
    .map(|statement| {
        let skipped = statement.text.len() - statement.text.trim_start().len();
        Unsigned { start: statement.start + skipped, text: statement.text.trim_start() }
    })
}

fn is_remark(statement: &str) -> bool {
    let line = statement.trim_start().to_ascii_lowercase();
    ["#", "//", "rem ", "::", "--"].iter().any(|mark| line.starts_with(mark)) || line.is_empty()
}

#[cfg(test)]
mod tests {
    use super::unsigned;

    #[test]
    fn requests_without_a_token_are_found() {
        let table: [(&str, &str, usize); 16] = [
            ("curl", "curl http://169.254.169.254/latest/meta-data/", 1),
            (
                "a variable for the address",
                "M=http://169.254.169.254\ncurl -s $M/latest/meta-data/instance-id",
                1,
            ),
            (
                "a header",
                "curl -H \"X-aws-ec2-metadata-token: $T\" http://169.254.169.254/latest/meta-data/",
                0,
            ),
            ("asking for a token", "curl -X PUT http://169.254.169.254/latest/api/token", 0),
            (
                "a header in a variable",
                "H=\"X-aws-ec2-metadata-token: $T\"\ncurl -H \"$H\" http://169.254.169.254/latest/",
                0,
            ),
            ("another header in a variable", "curl -H \"$H\" http://169.254.169.254/latest/meta-data/", 1),
            (
                "over two lines",
                "curl -H 'X-aws-ec2-metadata-token: x' \\\n  http://169.254.169.254/latest/meta-data/",
                0,
            ),
            ("over two lines, without", "curl -s \\\n  http://169.254.169.254/latest/meta-data/", 1),
            ("a remark", "# curl http://169.254.169.254/latest/meta-data/", 0),
            ("PowerShell", "$id = Invoke-RestMethod http://169.254.169.254/latest/meta-data/instance-id", 1),
            ("Python", "requests.get('http://169.254.169.254/latest/user-data')", 1),
            ("a firewall", "iptables -A OUTPUT -d 169.254.169.254 -j DROP", 0),
            ("another spelling", "curl -s http://0xa9fea9fe/2021-01-03/", 1),
            (
                "the service of another provider",
                "curl -H 'Metadata-Flavor: Google' http://metadata.google.internal/",
                0,
            ),
            ("somebody else", "curl -s https://www.example.com/latest/", 0),
            ("nothing", "echo hello", 0),
        ];
        for (name, text, want) in table {
            assert_eq!(unsigned(text).len(), want, "{name}");
        }
    }

    #[test]
    fn a_statement_begins_where_it_is_written() {
        let text = "#!/bin/sh\n  curl -s http://169.254.169.254/latest/meta-data/\r\n";
        let found = unsigned(text);
        assert_eq!(found[0].start, 12);
        assert_eq!(found[0].text, "curl -s http://169.254.169.254/latest/meta-data/");
    }
}
