//! The lines of a journal: sealing one, and reading one back.
//!
//! ```text
//! {"type":…,"v":1,"seq":N, … ,"prev":"<64 hex>","hash":"<64 hex>"}\n
//! └────────────── SHA-256 over these bytes ───┘ └── this is it ──┘
//! ```
//!
//! Both ends of the tail have a fixed length, so reading takes them from fixed places and compares every byte of
//! their frame: a line has one spelling. Sealing cannot fail; reading is total, and what it cannot read is a
//! [`Defect`].

use crate::decision::{Decision, TEXT_MAX_BYTES};
use crate::defect::Defect;
use crate::hash::{HASH_TEXT_BYTES, Hash};
use crate::timestamp::Timestamp;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::net::IpAddr;

/// Longest line that is read, without its line feed. Lines written here stay far below.
pub const LINE_MAX_BYTES: usize = 64 * 1024;

/// The only version of the format.
const VERSION: u8 = 1;
const PREV_FRAME: (&[u8], &[u8]) = (b",\"prev\":\"", b"\"");
const HASH_FRAME: (&[u8], &[u8]) = (b",\"hash\":\"", b"\"}");

/// Where a chain stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Chain {
    /// Number of the record to come.
    pub(crate) next_seq: u64,
    /// Hash of the record before it.
    pub(crate) head: Hash,
}

/// What a line says.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Line<'a> {
    /// First line of a file.
    Head,
    Decision(&'a Decision),
    /// Decisions that found the queue full.
    Gap(Gap),
    /// A torn line of so many bytes was moved aside.
    Recovered(u64),
}

/// Decisions that were not written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Gap {
    pub(crate) lost: u64,
    /// Time of the latest of them.
    pub(crate) time_ms: u64,
}

impl Gap {
    /// Counts one more.
    pub(crate) fn count(&mut self, time_ms: u64) {
        self.add(Gap { lost: 1, time_ms });
    }

    /// Joins two gaps.
    pub(crate) fn add(&mut self, other: Gap) {
        self.lost = self.lost.saturating_add(other.lost);
        self.time_ms = self.time_ms.max(other.time_ms);
    }
}

impl Chain {
    /// Before the first record.
    pub(crate) const START: Chain = Chain { next_seq: 0, head: Hash::ZERO };

    /// Appends the sealed line to `out` and moves the chain on.
    pub(crate) fn seal(&mut self, line: Line<'_>, out: &mut Vec<u8>) {
        let start = out.len();
        self.write_body(line, out).expect("plain fields serialize into memory");
        out.pop();
        self.head = Hash::of(&out[start..]);
        self.next_seq = self.next_seq.saturating_add(1);
        out.extend_from_slice(HASH_FRAME.0);
        out.extend_from_slice(&self.head.text());
        out.extend_from_slice(HASH_FRAME.1);
        out.push(b'\n');
    }

    fn write_body(&self, line: Line<'_>, out: &mut Vec<u8>) -> serde_json::Result<()> {
        let Chain { next_seq: seq, head: prev } = *self;
        match line {
            Line::Head => serde_json::to_writer(
                out,
                &HeadLine { kind: "journal", v: VERSION, seq, digest: "sha-256", prev },
            ),
            Line::Decision(decision) => {
                let time = Timestamp::new(decision.time_ms);
                serde_json::to_writer(out, &DecisionLine::new(decision, seq, time.as_str(), prev))
            }
            Line::Gap(gap) => {
                let time = Timestamp::new(gap.time_ms);
                let time = time.as_str();
                serde_json::to_writer(
                    out,
                    &GapLine { kind: "gap", v: VERSION, seq, time, lost: gap.lost, prev },
                )
            }
            Line::Recovered(bytes) => {
                serde_json::to_writer(out, &RecoveredLine { kind: "recovered", v: VERSION, seq, bytes, prev })
            }
        }
    }
}

#[derive(Serialize)]
struct HeadLine {
    #[serde(rename = "type")]
    kind: &'static str,
    v: u8,
    seq: u64,
    digest: &'static str,
    prev: Hash,
}

#[derive(Serialize)]
struct GapLine<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    v: u8,
    seq: u64,
    time: &'a str,
    lost: u64,
    prev: Hash,
}

#[derive(Serialize)]
struct RecoveredLine {
    #[serde(rename = "type")]
    kind: &'static str,
    v: u8,
    seq: u64,
    bytes: u64,
    prev: Hash,
}

#[derive(Serialize)]
struct DecisionLine<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    v: u8,
    seq: u64,
    time: &'a str,
    decision: &'static str,
    code: Option<&'static str>,
    rule: Option<&'a str>,
    #[serde(rename = "http.method")]
    method: &'a str,
    #[serde(rename = "http.path")]
    path: &'a str,
    #[serde(rename = "http.status")]
    status: u16,
    #[serde(rename = "imds.version")]
    version: &'static str,
    #[serde(rename = "caller.uid")]
    uid: Option<u32>,
    #[serde(rename = "caller.pid")]
    pid: Option<u32>,
    #[serde(rename = "caller.remote")]
    remote: Option<IpAddr>,
    #[serde(rename = "caller.exe")]
    exe: Option<&'a str>,
    #[serde(rename = "caller.unit")]
    unit: Option<&'a str>,
    source: &'static str,
    #[serde(rename = "request.id")]
    request_id: u64,
    latency_us: u64,
    prev: Hash,
}

impl<'a> DecisionLine<'a> {
    fn new(decision: &'a Decision, seq: u64, time: &'a str, prev: Hash) -> Self {
        let caller = &decision.caller;
        DecisionLine {
            kind: "decision",
            v: VERSION,
            seq,
            time,
            decision: decision.outcome.as_str(),
            code: decision.code.map(onehop_verdict::Code::as_str),
            rule: decision.rule.as_deref().map(bounded),
            method: bounded(decision.method),
            path: bounded(without_query(&decision.path)),
            status: decision.status,
            version: decision.version.as_str(),
            uid: caller.uid,
            pid: caller.pid,
            remote: caller.remote,
            exe: caller.exe.as_deref().map(bounded),
            unit: caller.unit.as_deref().map(bounded),
            source: decision.source.as_str(),
            request_id: decision.request_id,
            latency_us: decision.latency_us,
            prev,
        }
    }
}

/// At most [`TEXT_MAX_BYTES`], whole characters only.
fn bounded(text: &str) -> &str {
    let mut end = text.len().min(TEXT_MAX_BYTES);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// A canonical path has no query; should one slip in, it stays out of the journal.
fn without_query(path: &str) -> &str {
    path.split_once('?').map_or(path, |(path, _)| path)
}

/// A line that matches its own hash.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sealed {
    pub(crate) kind: Kind,
    pub(crate) seq: u64,
    pub(crate) prev: Hash,
    pub(crate) hash: Hash,
}

/// What kind of line it is, with what a report counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Head,
    Decision,
    Gap { lost: u64 },
    Recovered,
}

impl Sealed {
    /// Where the chain stands after this line.
    pub(crate) fn chain(&self) -> Chain {
        Chain { next_seq: self.seq.saturating_add(1), head: self.hash }
    }
}

#[derive(Deserialize)]
struct Fields<'a> {
    #[serde(rename = "type", borrow)]
    kind: Cow<'a, str>,
    v: u64,
    seq: u64,
    lost: Option<u64>,
}

/// Reads one line, given without its line feed.
///
/// # Errors
/// What is wrong with the line by itself; its place in the chain is for the caller to check.
pub(crate) fn read(line: &[u8]) -> Result<Sealed, Defect> {
    if line.len() > LINE_MAX_BYTES {
        return Err(Defect::TooLong);
    }
    let (body, hash) = split_framed(line, HASH_FRAME).ok_or(Defect::Shape)?;
    let (_, prev) = split_framed(body, PREV_FRAME).ok_or(Defect::Shape)?;
    if Hash::of(body) != hash {
        return Err(Defect::Hash);
    }
    let fields: Fields<'_> = serde_json::from_slice(line).map_err(|_| Defect::Shape)?;
    if fields.v != u64::from(VERSION) {
        return Err(Defect::Version(fields.v));
    }
    let kind = match (fields.kind.as_ref(), fields.lost) {
        ("journal", _) => Kind::Head,
        ("decision", _) => Kind::Decision,
        ("gap", Some(lost)) => Kind::Gap { lost },
        ("recovered", _) => Kind::Recovered,
        _ => return Err(Defect::Shape),
    };
    Ok(Sealed { kind, seq: fields.seq, prev, hash })
}

/// Splits `…<frame start><64 digits><frame end>` into what stands before the frame and the hash in it.
fn split_framed<'a>(bytes: &'a [u8], (start, end): (&[u8], &[u8])) -> Option<(&'a [u8], Hash)> {
    let bytes = bytes.strip_suffix(end)?;
    let (bytes, text) = bytes.split_at_checked(bytes.len().checked_sub(HASH_TEXT_BYTES)?)?;
    Some((bytes.strip_suffix(start)?, Hash::parse(text).ok()?))
}

/// Whether these bytes, which have no line feed, can be the start of a head record.
pub(crate) fn begins_a_head(fragment: &[u8]) -> bool {
    const START: &[u8] = b"{\"type\":\"journal\",\"v\":1,\"seq\":";
    let shared = fragment.len().min(START.len());
    fragment.len() <= LINE_MAX_BYTES && fragment[..shared] == START[..shared]
}

#[cfg(test)]
mod tests;
