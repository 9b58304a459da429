//! Captured packets as lines of JSON, so that a scan of text finds what is in them: one for each HTTP request, one for
//! each answer of DNS.
//!
//! ```json
//! {"capture":"http","packet":3,"time":1772615564.002000,"client":"10.0.0.7","client_port":41000,
//!  "server":"169.254.169.254","server_port":80,"method":"GET","target":"/latest/meta-data/","version":"HTTP/1.1",
//!  "headers":{"User-Agent":"curl/8.5.0"},"status":200,"size":7}
//! {"capture":"dns","packet":9,"time":1772615565.000000,"client":"10.0.0.7","resolver":"10.0.0.2",
//!  "query":"r.example","answers":["203.0.113.9","169.254.169.254"]}
//! ```
//! | key | where |
//! |---|---|
//! | `time` | the capture tells it: seconds since 1970 |
//! | `host` | the request has the header, and it is not the address that was dialled |
//! | `headers` | there are others; the values of tokens and of `Authorization` are `present` |
//! | `body` | the request has one: its beginning |
//! | `cut` | true: a part of the head was not recorded |
//! | `status`, `size`, `location` | the answer was seen; `size` is that of its body |
//!
//! # Failure
//! A capture that is damaged is told with the place, one that lacks packets with what it lacks; see [`onehop_capture`]
//! for the bounds.

use std::io::Read as _;

use onehop_capture::{Capture, Exchange, Names, Record, Time};

use crate::{
    feed::Feed,
    meter::Damage,
    read::Walk,
    sink::{Format, Reason},
    source::SourceName,
    text::Text,
};

/// What a header holds that nobody but its receiver should read.
const PRESENT: &str = "present";
/// Headers whose values are left out.
const SECRET_HEADERS: [&str; 4] =
    ["x-aws-ec2-metadata-token", "authorization", "proxy-authorization", "x-amz-security-token"];

impl Walk<'_> {
    /// Hands over what a capture says.
    pub(crate) fn capture(&mut self, feed: &mut Feed<'_>, name: &SourceName) {
        self.sink.begin(name);
        let mut text = Text::new(self.meter.options, self.meter.buffer());
        let mut block = self.meter.buffer();
        let mut capture = Capture::default();
        let mut damages = Vec::new();
        let mut line = Vec::new();
        loop {
            if self.over() || self.sink.stopped() {
                break;
            }
            let read = match feed.read(&mut block) {
                Ok(read) => read,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
                Err(error) => {
                    damages.push(Damage::explain(error, Format::Plain, feed.unread()));
                    0
                }
            };
            let mut out = |record: Record| self.record(&record, &mut line, &mut text);
            let result = match read {
                0 => capture.end(&mut out),
                read => capture.push(&block[..read], &mut out),
            };
            if let Err(error) = result {
                let reason = match error {
                    onehop_capture::Damage::Truncated { .. } => Reason::Truncated(Format::Capture),
                    other => Reason::Damaged(Format::Capture, other.to_string()),
                };
                // What the layer below could not read is told already.
                if damages.is_empty() {
                    damages.push(Damage { reason, unread: feed.unread() });
                }
                // What is held is told.
                let _ = capture.end(&mut |record| self.record(&record, &mut line, &mut text));
                break;
            }
            if read == 0 {
                break;
            }
        }
        self.meter.keep(block);
        if let Some(bomb) = self.meter.decode(0).err() {
            damages.push(Damage::explain(bomb, Format::Capture, None));
        }
        let lacks = capture.tally().lacks().map(|what| Reason::Lacks(Format::Capture, what));
        damages.extend(lacks.map(|reason| Damage { reason, unread: None }));
        text.flush(self.sink);
        let stopped = self.sink.stopped();
        let bytes_out = text.bytes_out();
        self.meter.keep(text.into_buffer());
        self.ended(name, bytes_out, stopped, damages);
    }

    /// Hands over a record as a line.
    fn record(&mut self, record: &Record, line: &mut Vec<u8>, text: &mut Text) {
        line.clear();
        match record {
            Record::Exchange(exchange) => write_exchange(line, exchange),
            Record::Names(names) => write_names(line, names),
            _ => return,
        }
        if self.meter.decode(line.len()).is_ok() && !self.sink.stopped() {
            text.push(line, self.sink);
        }
    }
}

/// Writes an object, member by member.
struct Object<'l> {
    line: &'l mut Vec<u8>,
    separator: u8,
}

impl<'l> Object<'l> {
    fn new(line: &'l mut Vec<u8>) -> Self {
        Object { line, separator: b'{' }
    }

    fn key(&mut self, name: &[u8]) -> &mut Self {
        self.line.push(std::mem::replace(&mut self.separator, b','));
        string(self.line, name);
        self.line.push(b':');
        self
    }

    fn text(&mut self, name: &str, value: &[u8]) {
        string(self.key(name.as_bytes()).line, value);
    }

    /// A number, or another word of JSON.
    fn word(&mut self, name: &str, value: impl std::fmt::Display) {
        self.key(name.as_bytes()).line.extend_from_slice(value.to_string().as_bytes());
    }

    fn time(&mut self, time: Option<Time>) {
        if let Some(time) = time {
            self.word("time", format_args!("{}.{:06}", time / 1_000_000, time % 1_000_000));
        }
    }

    fn close(self) {
        if self.separator == b'{' {
            self.line.push(b'{');
        }
        self.line.push(b'}');
    }
}

/// A string of JSON; what is not UTF-8 is replaced.
fn string(line: &mut Vec<u8>, bytes: &[u8]) {
    // Writing text to a vector cannot fail.
    let _ = serde_json::to_writer(line, &String::from_utf8_lossy(bytes));
}

fn write_exchange(line: &mut Vec<u8>, exchange: &Exchange) {
    let mut object = Object::new(line);
    object.text("capture", b"http");
    object.word("packet", exchange.packet);
    object.time(exchange.time);
    object.text("client", exchange.client.ip().to_string().as_bytes());
    object.word("client_port", exchange.client.port());
    let server = exchange.server.ip().to_string();
    object.text("server", server.as_bytes());
    object.word("server_port", exchange.server.port());
    object.text("method", &exchange.method);
    object.text("target", &exchange.target);
    if !exchange.version.is_empty() {
        object.text("version", &exchange.version);
    }
    if let Some(host) = exchange.header("host").filter(|host| !is_address(host, exchange)) {
        object.text("host", host);
    }
    write_headers(&mut object, exchange);
    if !exchange.body.is_empty() {
        object.text("body", &exchange.body);
    }
    if exchange.is_cut {
        object.word("cut", true);
    }
    if let Some(answer) = &exchange.answer {
        if let Some(status) = answer.status {
            object.word("status", status);
        }
        object.word("size", answer.size);
        if let Some(location) = &answer.location {
            object.text("location", location);
        }
    }
    object.close();
    line.push(b'\n');
}

/// Whether a `Host` says no more than the address that was dialled.
fn is_address(host: &[u8], exchange: &Exchange) -> bool {
    let Ok(host) = std::str::from_utf8(host) else { return false };
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    bare.parse() == Ok(exchange.server.ip()) || host.parse() == Ok(exchange.server)
}

fn write_headers(object: &mut Object<'_>, exchange: &Exchange) {
    let others = exchange.headers.iter().filter(|(name, _)| !name.eq_ignore_ascii_case(b"host"));
    let mut others = others.peekable();
    if others.peek().is_none() {
        return;
    }
    let mut headers = Object::new(object.key(b"headers").line);
    for (name, value) in others {
        let is_secret = SECRET_HEADERS.iter().any(|secret| name.eq_ignore_ascii_case(secret.as_bytes()));
        let value = if is_secret { PRESENT.as_bytes() } else { value };
        string(headers.key(name).line, value);
    }
    headers.close();
}

fn write_names(line: &mut Vec<u8>, names: &Names) {
    let mut object = Object::new(line);
    object.text("capture", b"dns");
    object.word("packet", names.packet);
    object.time(names.time);
    object.text("client", names.client.to_string().as_bytes());
    object.text("resolver", names.resolver.to_string().as_bytes());
    object.text("query", names.query.as_bytes());
    let answers = &mut *object.key(b"answers").line;
    answers.push(b'[');
    for (index, answer) in names.answers.iter().enumerate() {
        if index > 0 {
            answers.push(b',');
        }
        string(answers, answer.as_bytes());
    }
    answers.push(b']');
    object.close();
    line.push(b'\n');
}
