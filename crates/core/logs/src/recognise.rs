//! Which format a file is written in, told by its first lines.
//!
//! ```text
//! header lines   #Fields:, #separator, the names of VPC flow logs      decide at once
//! JSON           the keys of the outermost object                      one vote a line
//! text           each layout reads the line, the narrow ones first     one vote a line
//! ```
//! Once more than half of the lines that count agree, only who wrote a combined form is left to be told.
//!
//! nginx and Apache httpd write the same combined form. Their escapes differ in the case of the digits, and an empty body
//! is `0` to the one and `-` to the other; without such a sign it is [`Format::Combined`].
//!
//! Bounded: so many lines, so many bytes. What nothing fits is [`Format::Text`].

use crate::columns::{vpc_header, w3c_fields};
use crate::format::Format;
use crate::json::{Broken, Event, Reader};
use crate::layout::Layout;
use crate::prefix;
use crate::preset;
use crate::record::Record;
use std::sync::LazyLock;

/// Lines that are looked at.
const LINES_MAX: usize = 64;
/// Bytes that are looked at.
const SAMPLE_MAX_BYTES: usize = 1 << 20;
/// Keys of a line of JSON that are looked at.
const KEYS_MAX: usize = 128;

/// Writers of JSON, how many of the keys a line must have, and the keys.
const KEYS: &[(Format, usize, &[&str])] = &[
    (Format::Pcap, 3, &["capture", "packet", "server", "resolver"]),
    (Format::Onehop, 5, &["type", "v", "seq", "prev", "hash"]),
    (Format::Waf, 2, &["httpRequest", "webaclId"]),
    (Format::CloudTrail, 3, &["eventVersion", "eventSource", "eventName", "userIdentity"]),
    (Format::Resolver, 3, &["query_name", "query_type", "query_timestamp", "srcaddr", "srcids"]),
    (
        Format::Cloudflare,
        2,
        &[
            "ClientRequestHost",
            "ClientRequestURI",
            "ClientRequestPath",
            "EdgeStartTimestamp",
            "RayID",
            "ClientIP",
        ],
    ),
    (
        Format::Traefik,
        3,
        &[
            "DownstreamStatus",
            "RequestPath",
            "RequestAddr",
            "RouterName",
            "OriginStatus",
            "ClientHost",
            "entryPointName",
        ],
    ),
    (Format::Smokescreen, 2, &["requested_host", "decision_reason", "enforce_would_deny", "proxy_type"]),
    (Format::SuricataEve, 3, &["event_type", "flow_id", "src_ip", "dest_ip"]),
    (Format::ZeekJson, 2, &["id.orig_h", "id.resp_h", "uid", "_path"]),
    (Format::Caddy, 3, &["request", "resp_headers", "bytes_read", "user_id", "logger"]),
    (
        Format::EnvoyJson,
        3,
        &[
            "upstream_host",
            "response_flags",
            "upstream_cluster",
            "authority",
            "response_code",
            "x_forwarded_for",
        ],
    ),
    (
        Format::ApiGateway,
        4,
        &[
            "requestId",
            "extendedRequestId",
            "resourcePath",
            "routeKey",
            "requestTime",
            "responseLength",
            "httpMethod",
        ],
    ),
];

pub(crate) fn recognise(sample: &[u8]) -> Layout {
    let sample = &sample[..sample.len().min(SAMPLE_MAX_BYTES)];
    if let Some(format) = lines(sample).find_map(by_header) {
        let mut layout = made(format);
        layout.headers(sample);
        return layout;
    }
    if is_spread_out(sample) {
        return made(Format::CloudTrail);
    }
    let is_cut = memchr::memchr(b'\n', sample).is_none();
    let mut judge = Judge::default();
    for line in lines(sample) {
        match judge.majority() {
            Some(Format::Combined) => judge.tell(line),
            Some(_) => break,
            None => judge.look_at(line, is_cut),
        }
    }
    made(judge.verdict())
}

/// Whether the sample begins with a JSON value that has several lines, and holds keys of CloudTrail events: as a file
/// looks that somebody made readable.
fn is_spread_out(sample: &[u8]) -> bool {
    let first = lines(sample).next().unwrap_or_default().trim_ascii();
    let opens = matches!(first.first(), Some(b'[' | b'{')) && matches!(first.last(), Some(b'[' | b'{'));
    let holds = |key: &&str| memchr::memmem::find(sample, format!("\"{key}\"").as_bytes()).is_some();
    opens && ["eventVersion", "eventSource", "eventName", "userIdentity"].iter().all(holds)
}

/// A layout that needs no format string.
fn made(format: Format) -> Layout {
    Layout::of(format, None).unwrap_or_else(|_| Layout::text())
}

/// The first lines, without the last if it is cut.
fn lines(sample: &[u8]) -> impl Iterator<Item = &[u8]> {
    let whole = match memchr::memrchr(b'\n', sample) {
        Some(end) => &sample[..end],
        None => sample,
    };
    let lines = whole.split(|byte| *byte == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line));
    lines.filter(|line| !line.is_empty()).take(LINES_MAX)
}

fn by_header(line: &[u8]) -> Option<Format> {
    if line.starts_with(b"#separator ") {
        return Some(Format::ZeekTsv);
    }
    if let Some(fields) = w3c_fields(line) {
        return Some(if fields.contains("x-edge-") { Format::CloudFront } else { Format::Iis });
    }
    vpc_header(line).map(|_| Format::VpcFlow)
}

/// Counts what the lines look like.
#[derive(Default)]
struct Judge {
    /// In the order of their first line.
    votes: Vec<(Format, usize)>,
    /// Signs of nginx, less those of Apache httpd.
    nginx: isize,
}

/// A layout, and what a line that it reads is a vote for.
struct Probe {
    layout: Layout,
    vote: Format,
}

/// The probes, in the order in which a line is tried.
static PROBES: LazyLock<Vec<Probe>> = LazyLock::new(|| {
    let columns = [Format::Alb, Format::VpcFlow, Format::CloudFront, Format::CloudFrontRealtime, Format::Iis];
    let mut probes: Vec<Probe> = columns.into_iter().map(|vote| Probe { layout: made(vote), vote }).collect();
    for (patterns, vote) in preset::probes() {
        // A format of its own, so that JSON is left to its keys.
        probes.push(Probe { layout: Layout::of_patterns(Format::LogFormat, patterns), vote });
    }
    probes
});

impl Judge {
    fn look_at(&mut self, line: &[u8], is_cut: bool) {
        let prefix = prefix::end(line);
        let start = if line.starts_with(b"{") { 0 } else { prefix.unwrap_or(0) };
        if matches!(line.get(start), Some(b'{' | b'['))
            && let Some(format) = by_keys(line, start, is_cut)
        {
            return self.vote(format);
        }
        let fits =
            |layout: &Layout| layout.fits(line, 0) || prefix.is_some_and(|start| layout.fits(line, start));
        let Some(probe) = PROBES.iter().find(|probe| fits(&probe.layout)) else { return };
        if probe.vote == Format::Combined {
            self.tell(line);
        }
        self.vote(probe.vote);
    }

    /// Takes in who wrote a line, if it is of the combined form.
    fn tell(&mut self, line: &[u8]) {
        let mut record = Record::default();
        let combined = PROBES.iter().filter(|probe| probe.vote == Format::Combined);
        if combined.into_iter().any(|probe| probe.layout.read(line, &mut record)) {
            self.nginx += sign(line, &record);
        }
    }

    /// The format that no further line can outvote.
    fn majority(&self) -> Option<Format> {
        self.votes.iter().find(|(_, count)| *count > LINES_MAX / 2).map(|(format, _)| *format)
    }

    fn vote(&mut self, format: Format) {
        match self.votes.iter_mut().find(|(known, _)| *known == format) {
            Some((_, count)) => *count += 1,
            None => self.votes.push((format, 1)),
        }
    }

    fn verdict(&self) -> Format {
        let most = self.votes.iter().map(|(_, count)| *count).max().unwrap_or(0);
        match self.votes.iter().find(|(_, count)| *count == most) {
            Some((Format::Combined, _)) if self.nginx > 0 => Format::Nginx,
            Some((Format::Combined, _)) if self.nginx < 0 => Format::ApacheCombined,
            Some((format, _)) => *format,
            None => Format::Text,
        }
    }
}

/// Who wrote a combined line: above zero nginx, below Apache httpd.
fn sign(line: &[u8], record: &Record<'_>) -> isize {
    let size = match record.size {
        Some(0) => 1,
        None => -1,
        Some(_) => 0,
    };
    size + escapes(line)
}

/// `\xE2` is nginx, `\xe2`, `\"` and `\t` are Apache httpd.
fn escapes(line: &[u8]) -> isize {
    let mut sum = 0;
    let mut at = 0;
    while let Some(found) = memchr::memchr(b'\\', &line[at..]) {
        let rest = &line[at + found + 1..];
        sum += match rest {
            [b'x', high, low, ..] => case(*high) + case(*low),
            [b'"' | b'\\' | b'b' | b'n' | b'r' | b't' | b'v', ..] => -1,
            _ => 0,
        };
        at += found + 1 + usize::from(!rest.is_empty());
    }
    sum
}

fn case(digit: u8) -> isize {
    isize::from(digit.is_ascii_uppercase()) - isize::from(digit.is_ascii_lowercase())
}

/// The writer of a JSON line. `None` if it is broken; one that is cut goes by the keys that are there.
fn by_keys(line: &[u8], start: usize, is_cut: bool) -> Option<Format> {
    let mut reader = Reader::new(line, start);
    let mut counts = [0_usize; KEYS.len()];
    let mut keys = 0;
    let mut wrapped = false;
    loop {
        let range = match reader.next() {
            Ok(Some(Event::Key(range))) => range,
            Ok(None | Some(Event::TooDeep(_))) => break,
            Ok(Some(_)) => continue,
            Err(Broken) if is_cut => break,
            Err(Broken) => return None,
        };
        let key = &line[range];
        keys += 1;
        wrapped |= keys == 1 && key == b"Records";
        // Events of CloudTrail stand in an array in an object.
        let level = if wrapped { 3 } else { 1 };
        if reader.depth() == level {
            for (count, (_, _, known)) in counts.iter_mut().zip(KEYS) {
                *count += usize::from(known.iter().any(|known| known.as_bytes() == key));
            }
        }
        if keys == KEYS_MAX {
            break;
        }
    }
    let found = counts.iter().zip(KEYS).find(|(count, (_, needed, _))| *count >= needed);
    let any = found.map_or(Format::JsonLines, |(_, (format, _, _))| *format);
    (keys > 0).then_some(any)
}

#[cfg(test)]
mod tests;
