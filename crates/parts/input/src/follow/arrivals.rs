//! What is there to follow, and what comes later.
//!
//! ```text
//! arguments ─▶ expand, every second ─▶ a path that was not there before
//!                                        ├─ a copy of a log that is followed: `access.log.2.gz` ─▶ left alone
//!                                        ├─ plain text ─▶ followed from its beginning on
//!                                        ╰─ anything else ─▶ read once, when its size stays
//! ```
//! What is there from the start is all read: an older log as well, since nobody has looked at it.

use std::{
    collections::{HashMap, HashSet},
    fs::File,
    io,
    os::unix::fs::FileExt as _,
    path::{Path, PathBuf},
    time::Instant,
};

use crate::{
    error::InputError,
    expand::expand,
    options::Options,
    sink::Format,
    sniff,
    source::{Place, Source},
};

/// Ends of names of files that are no plain text, which have their first bytes a moment later.
const PACKED: [&str; 10] =
    [".gz", ".zst", ".bz2", ".xz", ".lzma", ".zip", ".tar", ".tgz", ".parquet", ".pcap"];

/// What [`crate::follow`] tells beside the texts.
#[derive(Debug)]
pub enum Followed<'a> {
    /// Something cannot be read. Told once, until it changes.
    Problem(InputError),
    /// Nothing is there yet: it is waited for.
    Waits(&'a Path),
    /// Every file was looked at, and what was there has been handed over.
    Looked,
}

/// A file that is to be read.
#[derive(Debug)]
pub(super) struct Arrival {
    pub(super) source: Source,
    /// Whether it is plain text, and may grow.
    pub(super) is_plain: bool,
    /// Whether it was not there from the start.
    pub(super) is_late: bool,
}

/// What is behind a path.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Plain text, which may grow.
    Text,
    /// What is read once, and has stopped growing.
    Packed,
    /// An older log, read under another name.
    Copy,
    /// A pipe or a device, which would hold up the others.
    Other,
}

/// Looks for files.
pub(super) struct Arrivals<'o> {
    /// What may name files, also later.
    arguments: Vec<PathBuf>,
    options: &'o Options,
    looked: Option<Instant>,
    /// Paths about which everything is decided.
    decided: HashSet<PathBuf>,
    /// Files that are read once, and their sizes at the last look.
    growing: HashMap<PathBuf, u64>,
    /// What was told.
    told: HashSet<String>,
    /// What was given and can never be followed.
    problems: Vec<InputError>,
    count: usize,
}

impl<'o> Arrivals<'o> {
    pub(super) fn new(arguments: &[PathBuf], options: &'o Options) -> Self {
        let is_file =
            |path: &&PathBuf| path.to_str().is_none_or(|text| text != "-" && !text.starts_with("s3://"));
        let (files, others): (Vec<_>, Vec<_>) = arguments.iter().partition(is_file);
        let unfollowed = |path: &PathBuf| InputError::Unfollowed { place: path.display().to_string() };
        Arrivals {
            arguments: files.into_iter().cloned().collect(),
            options,
            looked: None,
            decided: HashSet::new(),
            growing: HashMap::new(),
            told: HashSet::new(),
            problems: others.into_iter().map(unfollowed).collect(),
            count: 0,
        }
    }

    /// Whether there is nothing to wait for.
    pub(super) fn is_over(&self, files: usize) -> bool {
        self.arguments.is_empty() && files == 0
    }

    /// What is to be read from now on.
    pub(super) fn look(&mut self, tell: &mut dyn FnMut(Followed<'_>)) -> Vec<Arrival> {
        if self.looked.is_some_and(|looked| looked.elapsed() < self.options.arrival_interval) {
            return Vec::new();
        }
        let is_late = self.looked.replace(Instant::now()).is_some();
        let expanded = expand(&self.arguments, self.options);
        for problem in self.problems.drain(..).chain(expanded.problems) {
            if self.told.insert(problem.to_string()) {
                match waited_for(&problem) {
                    Some(path) => tell(Followed::Waits(path)),
                    None => tell(Followed::Problem(problem)),
                }
            }
        }
        let mut arrivals = Vec::new();
        for found in expanded.sources {
            let Place::File(path) = &found.place else { continue };
            if self.decided.contains(path) {
                continue;
            }
            let Some(kind) = self.kind(path, found.size, is_late) else { continue };
            self.growing.remove(path);
            self.decided.insert(path.clone());
            match kind {
                Kind::Copy => {}
                Kind::Other => {
                    tell(Followed::Problem(InputError::Unfollowed { place: found.name().to_string() }));
                }
                Kind::Text | Kind::Packed => {
                    let source = Source { index: self.count, ..found };
                    arrivals.push(Arrival { source, is_plain: kind == Kind::Text, is_late });
                    self.count += 1;
                }
            }
        }
        arrivals
    }

    /// What a path stands for that is not decided. `None` if that cannot be told yet.
    fn kind(&mut self, path: &Path, size: Option<u64>, is_late: bool) -> Option<Kind> {
        let is_new = is_late && !self.growing.contains_key(path);
        if is_new && self.is_copy(path) {
            return Some(Kind::Copy);
        }
        let Some(size) = size else { return Some(Kind::Other) };
        if is_plain(path)? {
            return Some(Kind::Text);
        }
        let has_stayed = self.growing.insert(path.to_owned(), size) == Some(size);
        has_stayed.then_some(Kind::Packed)
    }

    /// Whether this is an older log under the name of one that was there before: `access.log.1`, `access.log-20260304.gz`.
    fn is_copy(&self, path: &Path) -> bool {
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else { return false };
        let mut rest = PACKED.iter().find_map(|end| name.strip_suffix(end)).unwrap_or(name);
        loop {
            if rest.len() < name.len() && self.decided.contains(&path.with_file_name(rest)) {
                return true;
            }
            let number = |sign: char| sign.is_ascii_digit() || matches!(sign, '.' | '-' | '_');
            match rest.strip_suffix(number) {
                Some(shorter) if !shorter.is_empty() => rest = shorter,
                _ => return false,
            }
        }
    }
}

/// What is not there yet.
fn waited_for(problem: &InputError) -> Option<&Path> {
    match problem {
        InputError::Open { path, source } if source.kind() == io::ErrorKind::NotFound => Some(path),
        InputError::Nothing { place } => Some(Path::new(place)),
        _ => None,
    }
}

/// Whether a file is plain text, as far as it can be told. One that cannot be read is for its reader to say so.
fn is_plain(path: &Path) -> Option<bool> {
    let mut head = [0; sniff::HEAD_BYTES];
    let Ok(filled) = File::open(path).and_then(|file| file.read_at(&mut head, 0)) else { return Some(true) };
    let is_packed = || path.to_str().is_some_and(|path| PACKED.iter().any(|end| path.ends_with(end)));
    match sniff::format(&head[..filled]) {
        Format::Plain if filled == 0 && is_packed() => None,
        format => Some(format == Format::Plain),
    }
}
