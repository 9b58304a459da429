//! Names that led to a metadata service and to a public address: the second look at logs of DNS.
//!
//! ```text
//! first look: IMDS-DNS findings ─▶ names that are suspect      (lines with public answers do not matter to the sieve)
//! second look: logs of DNS again, lines with such a name ─▶ a public answer within the window ─▶ DNS-REBINDING
//! ```
//! The second look is taken only if there is a suspect, and only at files: standard input is gone by then.
//!
//! Nothing fails: what cannot be read again was told at the first look, or is not found. Memory is bounded by
//! [`SUSPECTS_MAX`].

use crate::finding::DNS_NAME;
use crate::rules::{DNS, REBINDING};
use crate::scanner::{Ended, SAMPLE_BYTES};
use aho_corasick::{AhoCorasick, AhoCorasickBuilder};
use onehop_address::{Class, classify};
use onehop_input::{Chunk, Options, Sink, SourceName, Totals};
use onehop_logs::{Format, Kind, Layout, Record};
use onehop_report::{Excerpt, Facts, Finding, Place, Step};
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use std::path::PathBuf;
use time::{Duration, OffsetDateTime};

/// Most names that are looked for.
const SUSPECTS_MAX: usize = 1024;
/// How far apart the two answers may be.
const WINDOW: Duration = Duration::hours(1);

/// Names that led to a service, and where logs of DNS are.
#[derive(Debug, Default)]
pub(crate) struct Rebinding {
    suspects: BTreeMap<String, Finding>,
    logs: BTreeSet<String>,
}

impl Rebinding {
    /// Takes a finding into account.
    pub(crate) fn add(&mut self, finding: &Finding) {
        if finding.rule != DNS.id || self.suspects.len() >= SUSPECTS_MAX {
            return;
        }
        if let Some(name) = finding.facts.text(DNS_NAME) {
            let name = name.trim_end_matches('.').to_ascii_lowercase();
            self.suspects.entry(name).or_insert_with(|| finding.clone());
        }
    }

    /// Takes a text into account that has ended.
    pub(crate) fn ended(&mut self, ended: &Ended) {
        if matches!(
            ended.format,
            Format::Resolver | Format::Pcap | Format::ZeekTsv | Format::ZeekJson | Format::SuricataEve
        ) {
            self.logs.insert(ended.name.as_str().to_owned());
        }
    }

    /// Takes the second look.
    pub(crate) fn look(self, options: &Options, layout: Option<&Layout>) -> Vec<Finding> {
        if self.suspects.is_empty() {
            return Vec::new();
        }
        let names: Vec<&String> = self.suspects.keys().collect();
        let Ok(search) = AhoCorasickBuilder::new().ascii_case_insensitive(true).build(&names) else {
            return Vec::new();
        };
        let mut reader = Answers {
            suspects: &self.suspects,
            search,
            forced: layout.cloned(),
            layout: None,
            name: SourceName::new(b""),
            found: BTreeMap::new(),
        };
        // A text in an archive is named after the archive and its members: the archive is read again.
        let files: BTreeSet<PathBuf> =
            self.logs.iter().map(PathBuf::from).filter(|path| path.is_file()).collect();
        let files: Vec<PathBuf> = files.into_iter().collect();
        for source in onehop_input::expand(&files, options).sources {
            // What cannot be read was told at the first look.
            let _ = onehop_input::read(&source, options, &mut reader);
        }
        reader.found.into_values().collect()
    }
}

/// Reads logs of DNS for public answers to suspect names.
struct Answers<'s> {
    suspects: &'s BTreeMap<String, Finding>,
    search: AhoCorasick,
    forced: Option<Layout>,
    layout: Option<Layout>,
    name: SourceName,
    found: BTreeMap<String, Finding>,
}

impl Answers<'_> {
    fn line(&mut self, line: &[u8], offset: u64) {
        let Some(layout) = &self.layout else { return };
        let mut record = Record::default();
        if !layout.read(line, &mut record) {
            return;
        }
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim_end_matches('.').to_ascii_lowercase();
        let Some(name) =
            record.fields.iter().find(|field| field.kind == Kind::Name).map(|field| text(&field.value))
        else {
            return;
        };
        let Some(suspect) = self.suspects.get(&name) else { return };
        let time = record.time.and_then(|time| {
            OffsetDateTime::from_unix_timestamp_nanos(i128::from(time.unix_ms()) * 1_000_000).ok()
        });
        let is_near = match (time, suspect.time) {
            (Some(time), Some(known)) => (time - known).abs() <= WINDOW,
            _ => true,
        };
        let answers = record.fields.iter().filter(|field| field.kind == Kind::Answer);
        let public = answers.filter_map(|field| text(&field.value).parse::<IpAddr>().ok());
        let Some(address) = public.into_iter().find(|address| is_elsewhere(*address)).filter(|_| is_near)
        else {
            return;
        };
        let place = Place::line(self.name.as_str(), 0, offset, line.len() as u64);
        self.found.entry(name.clone()).or_insert_with(|| tell(&name, suspect, address, time, place));
    }
}

/// Whether an address leads away from the machine: to the Internet, or to one of the addresses for documents.
fn is_elsewhere(address: IpAddr) -> bool {
    let judged = classify(address);
    judged.provider().is_none() && matches!(judged.class(), Class::Global | Class::Documentation)
}

/// The finding about a name with both kinds of answers.
fn tell(
    name: &str,
    suspect: &Finding,
    address: IpAddr,
    time: Option<OffsetDateTime>,
    place: Place,
) -> Finding {
    let target = suspect.target.as_ref().map_or("", Excerpt::as_str);
    let message = format!("`{name}` led to {address} and to `{target}`");
    let mut finding = Finding::of(&REBINDING, Excerpt::new(message.as_bytes()), suspect.place.clone());
    finding.matched = suspect.matched.clone();
    finding.target.clone_from(&suspect.target);
    finding.provider.clone_from(&suspect.provider);
    finding.time = suspect.time;
    finding.facts = Facts::new().with(DNS_NAME, name).with("public_answer", address.to_string());
    let step = |time, place, text: String| Step {
        time,
        lane: "dns".into(),
        place,
        text: Excerpt::new(text.as_bytes()),
    };
    finding.steps = vec![
        step(time, place, format!("`{name}` led to {address}")),
        step(suspect.time, suspect.place.clone(), format!("`{name}` led to `{target}`")),
    ];
    finding.steps.sort_by_key(|step| step.time);
    finding
}

impl Sink for Answers<'_> {
    fn begin(&mut self, source: &SourceName) {
        self.name = source.clone();
        self.layout.clone_from(&self.forced);
    }

    fn text(&mut self, chunk: Chunk<'_>) {
        let sample = &chunk.bytes[..chunk.bytes.len().min(SAMPLE_BYTES)];
        self.layout.get_or_insert_with(|| Layout::recognise(sample));
        let mut from = 0;
        while let Some(found) = self.search.find(&chunk.bytes[from..]) {
            let at = from + found.start();
            let start = memchr::memrchr(b'\n', &chunk.bytes[..at]).map_or(0, |before| before + 1);
            let end =
                memchr::memchr(b'\n', &chunk.bytes[at..]).map_or(chunk.bytes.len(), |length| at + length);
            self.line(&chunk.bytes[start..end], chunk.offset + start as u64);
            from = end;
        }
    }

    fn end(&mut self, _totals: &Totals) {}
}
