//! HTTP/1 messages of one direction: heads and bodies, whatever they are cut into.
//!
//! ```text
//! Between ─ a method or `HTTP/1.` ─▶ Head ─ empty line ─▶ Body │ Chunks │ ToEnd ─▶ Done ─▶ Between
//!    │ anything else, or a gap in a head ▼
//! Opaque ─ a segment that begins with a known method or `HTTP/1.` ─▶ Head
//! ```
//! Heads are read leniently: what attacks send, a strict reader would refuse. Nothing fails; memory is bounded by
//! [`HEAD_MAX_BYTES`].

use crate::stream::Piece;

/// The longest head that is read, in bytes. What is longer is told as far as it goes.
pub const HEAD_MAX_BYTES: usize = 64 << 10;
/// The beginning of a request's body that is told, in bytes.
pub const BODY_MAX_BYTES: usize = 8 << 10;
/// Most headers of a head.
const HEADERS_MAX: usize = 256;
/// The longest line of a chunk's size or of a trailer.
const LINE_MAX_BYTES: usize = 4 << 10;
/// The longest method.
const METHOD_MAX_BYTES: usize = 20;
/// Methods by which a request is found again behind a gap.
const METHODS: [&[u8]; 10] =
    [b"GET", b"PUT", b"POST", b"HEAD", b"OPTIONS", b"DELETE", b"PATCH", b"CONNECT", b"TRACE", b"PROPFIND"];
const ANSWER: &[u8] = b"HTTP/1.";

/// What a head says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Head {
    Request {
        method: Vec<u8>,
        target: Vec<u8>,
        version: Vec<u8>,
        headers: Vec<(Vec<u8>, Vec<u8>)>,
        is_cut: bool,
    },
    Answer {
        status: Option<u16>,
        headers: Vec<(Vec<u8>, Vec<u8>)>,
    },
}

/// What happens in a direction.
#[derive(Debug)]
pub(crate) enum Event<'a> {
    Head(Head),
    Body(&'a [u8]),
    /// So many bytes of a message are not there.
    Missing(u64),
    /// The message is complete.
    Done,
}

/// What follows a head.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Follows {
    /// What its headers say.
    Declared,
    /// No body, whatever the headers say.
    Nothing,
    /// Another protocol.
    Opaque,
}

type Out<'o> = &'o mut dyn FnMut(Event<'_>) -> Follows;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    #[default]
    Between,
    Head,
    Body(u64),
    ChunkSize,
    Chunk(u64),
    ChunkEnd,
    Trailers,
    ToEnd,
    Opaque,
}

/// Reads one direction.
#[derive(Debug, Default)]
pub(crate) struct Reader {
    state: State,
    /// A head, or a line of a chunked body.
    text: Vec<u8>,
}

impl Reader {
    /// Bytes that are held.
    pub(crate) fn held(&self) -> usize {
        self.text.len()
    }

    /// Whether bytes that are missing here would belong to a message.
    fn is_in_message(&self) -> bool {
        !matches!(self.state, State::Between | State::Opaque)
    }

    /// Takes what follows.
    pub(crate) fn take(&mut self, piece: Piece<'_>, out: Out<'_>) {
        match piece {
            Piece::Bytes(bytes) => self.bytes(bytes, out),
            Piece::Gap(length) => self.gap(length, out),
        }
    }

    /// Nothing follows.
    pub(crate) fn end(&mut self, out: Out<'_>) {
        match self.state {
            State::Head => self.cut_head(out),
            State::Between | State::Opaque => {}
            _ => {
                out(Event::Done);
            }
        }
        (self.state, self.text) = (State::Opaque, Vec::new());
    }

    fn bytes(&mut self, mut bytes: &[u8], out: Out<'_>) {
        if self.state == State::Opaque && begins_again(bytes) {
            self.state = State::Between;
        }
        while !bytes.is_empty() {
            let used = match self.state {
                State::Between => self.between(bytes),
                State::Head => self.head(bytes, out),
                State::Body(left) => self.body(bytes, left, false, out),
                State::Chunk(left) => self.body(bytes, left, true, out),
                State::ChunkSize | State::ChunkEnd | State::Trailers => self.line(bytes, out),
                State::ToEnd => {
                    out(Event::Body(bytes));
                    bytes.len()
                }
                State::Opaque => return,
            };
            bytes = &bytes[used.min(bytes.len())..];
        }
    }

    fn gap(&mut self, length: u64, out: Out<'_>) {
        if self.is_in_message() {
            out(Event::Missing(length));
        }
        match self.state {
            State::Body(left) if length > 0 && length < left => self.state = State::Body(left - length),
            State::Chunk(left) if length > 0 && length < left => self.state = State::Chunk(left - length),
            State::ToEnd => {}
            _ => self.end(out),
        }
    }

    /// Empty lines before a message are passed over.
    fn between(&mut self, bytes: &[u8]) -> usize {
        let empty = bytes.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        if empty < bytes.len() {
            self.text.clear();
            self.state = State::Head;
        }
        empty
    }

    fn head(&mut self, bytes: &[u8], out: Out<'_>) -> usize {
        let before = self.text.len();
        let room = HEAD_MAX_BYTES - before;
        let taken = &bytes[..bytes.len().min(room)];
        self.text.extend_from_slice(taken);
        if !may_be_message(&self.text) {
            (self.state, self.text) = (State::Opaque, Vec::new());
            return bytes.len();
        }
        // The end may have begun in what was there before.
        let from = before.saturating_sub(3);
        let Some(end) = head_end(&self.text, from) else {
            if self.text.len() >= HEAD_MAX_BYTES {
                out(Event::Missing(0));
                self.end(out);
                return bytes.len();
            }
            return taken.len();
        };
        let head = parse(&self.text[..end], false);
        self.text = Vec::new();
        self.state = match head {
            Some(head) => after(head, out),
            None => State::Opaque,
        };
        end - before
    }

    fn body(&mut self, bytes: &[u8], left: u64, is_chunk: bool, out: Out<'_>) -> usize {
        let here = bytes.len().min(usize::try_from(left).unwrap_or(usize::MAX));
        out(Event::Body(&bytes[..here]));
        let left = left - here as u64;
        self.state = match (left, is_chunk) {
            (0, true) => State::ChunkEnd,
            (0, false) => {
                out(Event::Done);
                State::Between
            }
            (_, true) => State::Chunk(left),
            (_, false) => State::Body(left),
        };
        here
    }

    /// A line of a chunked body: a size, what ends a chunk, a trailer.
    fn line(&mut self, bytes: &[u8], out: Out<'_>) -> usize {
        let end = memchr::memchr(b'\n', bytes);
        let used = end.map_or(bytes.len(), |end| end + 1);
        self.text.extend_from_slice(&bytes[..used]);
        if self.text.len() > LINE_MAX_BYTES {
            self.end(out);
            return bytes.len();
        }
        if end.is_none() {
            return used;
        }
        let line = std::mem::take(&mut self.text);
        let line = line.trim_ascii();
        self.state = match self.state {
            State::ChunkSize => match chunk_size(line) {
                Some(0) => State::Trailers,
                Some(size) => State::Chunk(size),
                None => {
                    out(Event::Done);
                    State::Opaque
                }
            },
            State::ChunkEnd => State::ChunkSize,
            State::Trailers if line.is_empty() => {
                out(Event::Done);
                State::Between
            }
            other => other,
        };
        used
    }

    /// Tells a head of which the end is not there.
    fn cut_head(&mut self, out: Out<'_>) {
        let text = std::mem::take(&mut self.text);
        let has_start = text.iter().take(METHOD_MAX_BYTES + 1).any(|byte| *byte == b' ');
        if has_start
            && may_be_message(&text)
            && let Some(head) = parse(&text, true)
        {
            out(Event::Head(head));
            out(Event::Done);
        }
    }
}

/// Tells a head, and what follows it.
fn after(head: Head, out: Out<'_>) -> State {
    let (headers, is_request, status) = match &head {
        Head::Request { headers, .. } => (headers, true, None),
        Head::Answer { headers, status } => (headers, false, *status),
    };
    let declared = declared(headers, is_request, status);
    let state = match out(Event::Head(head)) {
        Follows::Declared => declared,
        Follows::Nothing => State::Body(0),
        Follows::Opaque => {
            out(Event::Done);
            return State::Opaque;
        }
    };
    if state == State::Body(0) {
        out(Event::Done);
        return State::Between;
    }
    state
}

/// Whether a segment behind a gap begins a message.
fn begins_again(bytes: &[u8]) -> bool {
    let is_method = |method: &&[u8]| {
        bytes.starts_with(method) && bytes.get(method.len()).is_some_and(|byte| *byte == b' ')
    };
    bytes.starts_with(ANSWER) || METHODS.iter().any(is_method) && may_be_message(bytes)
}

/// Whether bytes are, or may become, the beginning of a message: `HTTP/1.`, or a word of letters, a blank, and what a
/// target begins with.
fn may_be_message(bytes: &[u8]) -> bool {
    let common = bytes.len().min(ANSWER.len());
    if bytes[..common] == ANSWER[..common] {
        return true;
    }
    let is_letter = |byte: &&u8| byte.is_ascii_alphabetic() || **byte == b'-';
    let word = bytes.iter().take_while(is_letter).count();
    match &bytes[word..] {
        [] => word <= METHOD_MAX_BYTES,
        [b' '] => (1..=METHOD_MAX_BYTES).contains(&word),
        [b' ', first, ..] => {
            (1..=METHOD_MAX_BYTES).contains(&word)
                && (matches!(first, b'/' | b'*' | b'h' | b'H' | b'?' | b'\\' | b'%')
                    || bytes[..word].eq_ignore_ascii_case(b"CONNECT"))
        }
        _ => false,
    }
}

/// Where a head ends: behind the first empty line.
fn head_end(text: &[u8], from: usize) -> Option<usize> {
    memchr::memchr_iter(b'\n', &text[from..]).map(|at| from + at + 1).find(|end| {
        let line = &text[..end - 1];
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        line.ends_with(b"\n")
    })
}

/// Reads a head. Total: what has no colon is no header.
fn parse(text: &[u8], is_cut: bool) -> Option<Head> {
    let mut lines = text.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
    let first = lines.next()?;
    let headers: Vec<(Vec<u8>, Vec<u8>)> = lines
        .filter_map(|line| {
            let colon = memchr::memchr(b':', line)?;
            Some((line[..colon].trim_ascii().to_vec(), line[colon + 1..].trim_ascii().to_vec()))
        })
        .take(HEADERS_MAX)
        .collect();
    if first.starts_with(ANSWER) {
        let digits = first.split(|byte| *byte == b' ').nth(1).filter(|word| word.len() == 3);
        let status = digits.and_then(|word| std::str::from_utf8(word).ok()?.parse().ok());
        return Some(Head::Answer { status, headers });
    }
    let blank = memchr::memchr(b' ', first)?;
    let (method, rest) = (&first[..blank], &first[blank + 1..]);
    let (target, version) = match memchr::memrchr(b' ', rest) {
        Some(at) if rest[at + 1..].starts_with(b"HTTP/") => (&rest[..at], &rest[at + 1..]),
        _ => (rest, &b""[..]),
    };
    Some(Head::Request {
        method: method.to_vec(),
        target: target.trim_ascii().to_vec(),
        version: version.to_vec(),
        headers,
        is_cut,
    })
}

/// What the headers declare (RFC 9112 §6.3).
fn declared(headers: &[(Vec<u8>, Vec<u8>)], is_request: bool, status: Option<u16>) -> State {
    let find = |name: &[u8]| {
        headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_slice())
    };
    if matches!(status, Some(100..=199 | 204 | 304)) {
        return State::Body(0);
    }
    if find(b"transfer-encoding").is_some_and(|value| value.to_ascii_lowercase().ends_with(b"chunked")) {
        return State::ChunkSize;
    }
    let length = find(b"content-length").and_then(|value| std::str::from_utf8(value).ok()?.parse().ok());
    match length {
        Some(length) => State::Body(length),
        None if is_request => State::Body(0),
        None => State::ToEnd,
    }
}

/// The size of a chunk; what stands behind it is an extension.
fn chunk_size(line: &[u8]) -> Option<u64> {
    let digits = line.iter().take_while(|byte| byte.is_ascii_hexdigit()).count();
    u64::from_str_radix(std::str::from_utf8(&line[..digits]).ok()?, 16).ok()
}

#[cfg(test)]
mod tests;
