//! One file that grows, by the name that it has.

use std::{
    cell::RefCell,
    collections::HashMap,
    fs::{self, File, Metadata},
    io::{self, Seek, SeekFrom},
    os::unix::fs::{FileExt, MetadataExt},
    path::PathBuf,
    rc::Rc,
    time::SystemTime,
};

use crate::{
    error::InputError,
    options::{FollowFrom, Options},
    sink::{Format, Loss, Reason, Sink, Totals},
    sniff,
    source::{Place, Source, SourceName},
    text::Text,
};

/// What one look reads of a file at most, so that a busy one does not keep the others waiting.
pub(super) const LOOK_MAX_BYTES: u64 = 64 << 20;
/// Bytes before our place that are compared, to notice a file that was truncated and has grown again.
const TRAIL_BYTES: usize = 64;
/// Looks at a file whose name is gone and to which nothing is added, until it is left: a minute as a rule. Its place on the disk
/// is free only then.
const GONE_LOOKS_MAX: u32 = 240;

/// What tells one file from others, also from one that later gets its number.
type Identity = (u64, u64, Option<SystemTime>);

/// Which file is read by whom, in a directory where files take each other's names.
#[derive(Clone, Debug, Default)]
pub(super) struct Readers(Rc<RefCell<HashMap<Identity, usize>>>);

impl Readers {
    /// Whether this reader has the file, which it gets if no one else has it.
    fn has(&self, reader: usize, file: Identity) -> bool {
        *self.0.borrow_mut().entry(file).or_insert(reader) == reader
    }
}

/// Follows one file, look by look; [`crate::follow`] does it in intervals.
pub struct Follower<'o> {
    path: PathBuf,
    name: SourceName,
    options: &'o Options,
    from: FollowFrom,
    /// Its number among the readers.
    number: usize,
    readers: Readers,
    current: Option<Current>,
}

/// The file that is read, which may have lost its name.
struct Current {
    file: File,
    identity: Identity,
    text: Text,
    /// Where the next byte to read is.
    at: u64,
    /// What stands before `at`.
    trail: Vec<u8>,
    /// The name belonged to another file at the last look.
    renamed: bool,
    /// Looks since the name is gone and nothing was added.
    gone: u32,
}

impl<'o> Follower<'o> {
    /// Follows the file of this source. It need not exist.
    ///
    /// # Errors
    /// The source is not a file.
    pub fn new(source: &Source, options: &'o Options) -> Result<Self, InputError> {
        match &source.place {
            Place::File(path) => Ok(Self {
                path: path.clone(),
                name: source.name(),
                options,
                from: options.follow_from,
                number: source.index,
                readers: Readers::default(),
                current: None,
            }),
            _ => Err(InputError::Unfollowed { place: source.name().to_string() }),
        }
    }

    /// The same, beside others that may come across the same file.
    pub(super) fn beside(
        source: &Source,
        options: &'o Options,
        readers: &Readers,
    ) -> Result<Self, InputError> {
        Ok(Self { readers: readers.clone(), ..Self::new(source, options)? })
    }

    /// The same, of a file that came later: all of it is new.
    pub(super) fn late(self) -> Self {
        Self { from: FollowFrom::Start, ..self }
    }

    /// Looks once, hands over what is there, and returns the number of bytes read. 0 is no end: look again later.
    ///
    /// # Errors
    /// The file cannot be opened, for another reason than that it does not exist, or is not a plain text file.
    pub fn look(&mut self, sink: &mut dyn Sink) -> Result<u64, InputError> {
        let path = self.path.clone();
        self.try_look(sink).map_err(|error| match error.kind() {
            io::ErrorKind::InvalidData => InputError::Unfollowed { place: self.name.to_string() },
            _ => InputError::Open { path, source: error },
        })
    }

    /// Hands over a last line that has no line end, and ends the text.
    pub fn finish(&mut self, sink: &mut dyn Sink) {
        if let Some(current) = self.current.take() {
            current.end(&self.name, None, sink);
        }
    }

    fn try_look(&mut self, sink: &mut dyn Sink) -> io::Result<u64> {
        let mut bytes = 0;
        if self.current.as_ref().is_some_and(|current| !current.is_same()) {
            self.finish(sink);
        }
        // Twice at most: the file at hand, and the one that took its name.
        for _ in 0..2 {
            let Some(current) = &mut self.current else {
                if !self.open(sink)? {
                    break;
                }
                continue;
            };
            let read = current.read(sink);
            bytes += *read.as_ref().unwrap_or(&0);
            if let Err(error) = read {
                let reason = Reason::Unreadable(error.to_string());
                if let Some(current) = self.current.take() {
                    current.end(&self.name, Some(reason), sink);
                }
                return Err(error);
            }
            let named = fs::metadata(&self.path);
            let other = named.as_ref().is_ok_and(|found| identity(found) != current.identity);
            let is_gone = named.is_err_and(|error| error.kind() == io::ErrorKind::NotFound);
            current.gone = if is_gone && bytes == 0 { current.gone + 1 } else { 0 };
            if current.gone > GONE_LOOKS_MAX {
                self.finish(sink);
                break;
            }
            let was_renamed = std::mem::replace(&mut current.renamed, other);
            if !(other && was_renamed && bytes == 0) {
                break;
            }
            self.finish(sink);
            if !self.open(sink)? {
                break;
            }
        }
        Ok(bytes)
    }

    /// Opens what has the name now; `false` if there is nothing.
    fn open(&mut self, sink: &mut dyn Sink) -> io::Result<bool> {
        let from = std::mem::take(&mut self.from);
        let mut file = match File::open(&self.path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
            Err(error) => return Err(error),
        };
        let metadata = file.metadata()?;
        if !self.readers.has(self.number, identity(&metadata)) {
            // A file that was read under another name has got this one.
            return Ok(false);
        }
        let mut head = [0; sniff::HEAD_BYTES];
        let plain = metadata.is_file() && {
            let filled = file.read_at(&mut head, 0)?;
            sniff::format(&head[..filled]) == Format::Plain
        };
        if !plain {
            return Err(io::ErrorKind::InvalidData.into());
        }
        let at = if from == FollowFrom::End { file.seek(SeekFrom::End(0))? } else { 0 };
        let text = Text::new(self.options, vec![0; self.options.chunk_bytes.max(512)]);
        let mut current = Current {
            file,
            identity: identity(&metadata),
            text,
            at,
            trail: Vec::new(),
            renamed: false,
            gone: 0,
        };
        current.remember()?;
        sink.begin(&self.name);
        self.current = Some(current);
        Ok(true)
    }
}

impl Current {
    /// Reads what is there, up to a bound.
    fn read(&mut self, sink: &mut dyn Sink) -> io::Result<u64> {
        let mut bytes = 0;
        while bytes < LOOK_MAX_BYTES && !sink.stopped() {
            match self.text.fill(&mut self.file, sink) {
                Ok(0) => break,
                Ok(count) => bytes += count as u64,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        self.at += bytes;
        if bytes > 0 {
            self.remember()?;
        }
        Ok(bytes)
    }

    /// Whether the file is what it was, up to our place.
    fn is_same(&self) -> bool {
        let mut now = [0; TRAIL_BYTES];
        let now = &mut now[..self.trail.len()];
        self.file.metadata().is_ok_and(|metadata| metadata.len() >= self.at)
            && self.file.read_exact_at(now, self.at - self.trail.len() as u64).is_ok()
            && *now == *self.trail
    }

    /// Keeps the bytes before our place.
    fn remember(&mut self) -> io::Result<()> {
        let length = self.at.min(TRAIL_BYTES as u64);
        self.trail.resize(usize::try_from(length).unwrap_or(0), 0);
        match self.file.read_exact_at(&mut self.trail, self.at - length) {
            // Truncated since it was read: the next look will see that.
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(()),
            other => other,
        }
    }

    fn end(mut self, name: &SourceName, reason: Option<Reason>, sink: &mut dyn Sink) {
        if !sink.stopped() {
            self.text.flush(sink);
        }
        let bytes_out = self.text.bytes_out();
        let mut totals =
            Totals { bytes_in: bytes_out, bytes_out, texts: 1, stopped: sink.stopped(), ..Totals::default() };
        if let Some(reason) = reason {
            totals.lose(Loss { name: name.clone(), reason, at: bytes_out, unread: None });
        }
        sink.end(&totals);
    }
}

fn identity(metadata: &Metadata) -> Identity {
    (metadata.dev(), metadata.ino(), metadata.created().ok())
}
