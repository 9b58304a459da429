//! One source to its texts, layer by layer.
//!
//! ```text
//! file, pipe, object ─▶ feed ─▶ what is it? ─ plain ─────────────▶ text ─▶ sink
//!                        ▲          │ UTF-16, gzip, zstd, …  ▶ decoder ─╮
//!                        │          │ tar, zip               ▶ members ─┤
//!                        ╰──────────┼────────────────────────────────────╯  bounded in depth and in growth
//!                                   ╰ Parquet ▶ rows, packets ▶ requests ▶ text ─▶ sink
//! ```
//! A large plain file may be looked at where it lies ([`crate::stretch`]); everything else is read.
//!
//! What cannot be opened is an error. What fails later ends its text, is named in the totals with the place, and the
//! rest of an archive is still read.

mod all;

use std::{
    fs::File,
    io::{self, Read, Seek as _},
    path::Path,
};

pub use self::all::read_all;
use crate::{
    decode::{Layer, Utf16},
    error::InputError,
    feed::Feed,
    meter::{Damage, Meter},
    options::Options,
    part::Shifted,
    sink::{Format, Loss, Reason, Sink, Totals},
    source::{Place, Source, SourceName},
    stretch::Stretch,
    text::Text,
};

/// Reads one source from its beginning to its end, on this thread.
///
/// A regular file is read up to the length that it has when it is opened, so that a log that grows all the time, or
/// that is written by the reader's own process, comes to an end.
///
/// # Errors
/// The source cannot be opened. What goes wrong later is in the totals, and the sink was told.
pub fn read(source: &Source, options: &Options, sink: &mut dyn Sink) -> Result<Totals, InputError> {
    Reader::new(options).read(source, sink)
}

/// Reads sources one after the other, and keeps buffers between them.
pub struct Reader<'o> {
    meter: Meter<'o>,
}

impl<'o> Reader<'o> {
    /// A reader within these bounds.
    pub fn new(options: &'o Options) -> Self {
        Self { meter: Meter::new(options) }
    }

    /// See [`read`].
    ///
    /// # Errors
    /// The source cannot be opened.
    pub fn read(&mut self, source: &Source, sink: &mut dyn Sink) -> Result<Totals, InputError> {
        match &source.place {
            Place::Stdin => Ok(self.read_from(&source.name(), io::stdin().lock(), sink)),
            Place::File(path) => self.read_file(path, &source.name(), sink),
            Place::Part { path, start, end } => self.read_part(path, *start..*end, &source.name(), sink),
            #[cfg(feature = "object-store")]
            Place::Object { bucket, key } => {
                let object = crate::object::open(bucket, key, self.meter.options)?;
                self.meter.restart();
                let length = object.length;
                self.meter.set_length(length);
                let raw = Raw { input: object, left: Some(length), meter: &self.meter };
                let feed = Feed::new(Box::new(raw), &self.meter).with_length(length);
                Ok(walk(&self.meter, feed, &source.name(), sink))
            }
        }
    }

    /// Reads any input under any name.
    pub fn read_from(&mut self, name: &SourceName, input: impl Read, sink: &mut dyn Sink) -> Totals {
        self.meter.restart();
        let raw = Raw { input, left: None, meter: &self.meter };
        walk(&self.meter, Feed::new(Box::new(raw), &self.meter), name, sink)
    }

    fn read_file(
        &mut self,
        path: &Path,
        name: &SourceName,
        sink: &mut dyn Sink,
    ) -> Result<Totals, InputError> {
        let open = || {
            let file = File::open(path)?;
            let metadata = file.metadata()?;
            io::Result::Ok((file, metadata))
        };
        let (file, metadata) = open().map_err(|source| InputError::Open { path: path.to_owned(), source })?;
        if metadata.is_dir() {
            return Err(InputError::Directory { path: path.to_owned() });
        }
        // Files that the kernel makes up say that they are empty, and are not.
        if !metadata.is_file() || metadata.len() == 0 {
            return Ok(self.read_from(name, file, sink));
        }
        let length = metadata.len();
        self.meter.restart();
        self.meter.set_length(length);
        let raw = Raw { input: &file, left: Some(length), meter: &self.meter };
        let feed = Feed::new(Box::new(raw), &self.meter).with_length(length).with_file(&file);
        let feed = feed.with_stretch(&file, 0, length);
        Ok(walk(&self.meter, feed, name, sink))
    }
}

impl Reader<'_> {
    /// Reads some lines of a plain file. Places are those of the whole file.
    fn read_part(
        &mut self,
        path: &Path,
        range: std::ops::Range<u64>,
        name: &SourceName,
        sink: &mut dyn Sink,
    ) -> Result<Totals, InputError> {
        let open = || {
            let mut file = File::open(path)?;
            file.seek(io::SeekFrom::Start(range.start))?;
            io::Result::Ok(file)
        };
        let file = open().map_err(|source| InputError::Open { path: path.to_owned(), source })?;
        let length = range.end.saturating_sub(range.start);
        self.meter.restart();
        self.meter.set_length(length);
        let raw = Raw { input: &file, left: Some(length), meter: &self.meter };
        let feed = Feed::new(Box::new(raw), &self.meter).with_length(length);
        let feed = feed.with_stretch(&file, range.start, length);
        let mut sink = Shifted { sink, by: range.start };
        let mut walk = Walk { meter: &self.meter, sink: &mut sink, totals: Totals::default() };
        walk.text(feed, name);
        Ok(walk.totals)
    }
}

fn walk<'m>(meter: &'m Meter<'m>, feed: Feed<'m>, name: &SourceName, sink: &mut dyn Sink) -> Totals {
    let mut walk = Walk { meter, sink, totals: Totals::default() };
    walk.stream(feed, name, 0);
    walk.totals
}

/// The bytes of the source itself: counted, up to its length, which they must reach.
struct Raw<'m, R> {
    input: R,
    left: Option<u64>,
    meter: &'m Meter<'m>,
}

impl<R: Read> Read for Raw<'_, R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let size =
            self.left.map_or(out.len(), |left| usize::try_from(left).unwrap_or(usize::MAX).min(out.len()));
        if size == 0 {
            return Ok(0);
        }
        let read = self.input.read(&mut out[..size])?;
        self.meter.take(read);
        match &mut self.left {
            Some(left) if read == 0 => Err(Damage::error(Reason::Shrunk, Some(*left))),
            Some(left) => {
                *left -= read as u64;
                Ok(read)
            }
            None => Ok(read),
        }
    }
}

/// The walk through one source.
pub(crate) struct Walk<'w> {
    pub(crate) meter: &'w Meter<'w>,
    pub(crate) sink: &'w mut dyn Sink,
    totals: Totals,
}

impl<'w> Walk<'w> {
    /// Reads a stream of any format, which is inside `depth` layers.
    pub(crate) fn stream(&mut self, mut feed: Feed<'_>, name: &SourceName, depth: u32) {
        let format = match feed.format() {
            Ok(format) => format,
            Err(error) => return self.lose(name, Damage::explain(error, Format::Plain, feed.unread())),
        };
        match format {
            Format::Plain | Format::Utf16Le | Format::Utf16Be if self.meter.options.captures_only => {
                let reason =
                    Reason::Damaged(Format::Capture, onehop_capture::Damage::NotACapture.to_string());
                self.lose(name, Damage { reason, unread: feed.unread() });
            }
            Format::Plain => self.text(feed, name),
            Format::Utf16Le | Format::Utf16Be => {
                let text = Utf16::new(&mut feed, format == Format::Utf16Be);
                self.text(Feed::new(Box::new(text), self.meter), name);
            }
            _ if depth >= self.meter.options.max_nesting => {
                self.lose(name, Damage { reason: Reason::Nesting(format, depth), unread: feed.unread() });
            }
            Format::Tar => self.tar(&mut feed, name, depth),
            Format::Zip => self.zip(&mut feed, name, depth),
            Format::Parquet => self.parquet(&mut feed, name),
            Format::Capture => self.capture(&mut feed, name),
            Format::Gzip | Format::Zstd | Format::Bzip2 | Format::Xz | Format::Lzma => {
                match Layer::open(format, &mut feed, self.meter) {
                    Ok(layer) => self.stream(Feed::new(Box::new(layer), self.meter), name, depth + 1),
                    Err(damage) => self.lose(name, damage),
                }
            }
        }
    }

    /// Hands over a text.
    fn text(&mut self, feed: Feed<'_>, name: &SourceName) {
        self.sink.begin(name);
        let stretch = feed.stretch();
        let seen = stretch.map_or(0, |stretch| stretch.whole_lines(self.meter, self.sink));
        let mut feed = match stretch.filter(|_| seen > 0) {
            Some(stretch) => match self.behind(stretch, seen) {
                Ok(feed) => feed,
                Err(damage) => return self.ended(name, seen, false, Some(damage)),
            },
            None => feed,
        };
        let (buffer, start, end) = feed.take_buffer();
        let mut text = Text::new(self.meter.options, buffer);
        text.begin(seen, start, end, self.sink);
        let mut damage = None;
        while !self.sink.stopped() {
            match text.fill(&mut feed, self.sink) {
                Ok(0) => break,
                Ok(_) => {}
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    damage = Some(Damage::explain(error, Format::Plain, None));
                    break;
                }
            }
        }
        text.flush(self.sink);
        let stopped = self.sink.stopped();
        let bytes_out = text.bytes_out();
        self.meter.keep(text.into_buffer());
        self.ended(name, bytes_out, stopped, damage);
    }

    /// What comes after the first `seen` bytes, to be read.
    fn behind<'a>(&self, stretch: Stretch<'a>, seen: u64) -> Result<Feed<'a>, Damage>
    where
        'w: 'a,
    {
        let Stretch { mut file, start, length } = stretch;
        self.meter.set_taken(seen);
        file.seek(io::SeekFrom::Start(start + seen))
            .map_err(|error| Damage::explain(error, Format::Plain, None))?;
        let raw = Raw { input: file, left: Some(length - seen), meter: self.meter };
        Ok(Feed::new(Box::new(raw), self.meter).with_length(length - seen))
    }

    /// Tells the sink that a text has ended, and adds it to the totals.
    pub(crate) fn ended(
        &mut self,
        name: &SourceName,
        bytes_out: u64,
        stopped: bool,
        damage: impl IntoIterator<Item = Damage>,
    ) {
        self.meter.stopped.set(stopped);
        let mut totals =
            Totals { bytes_in: self.meter.charge(), bytes_out, texts: 1, stopped, ..Totals::default() };
        for Damage { reason, unread } in damage {
            totals.lose(Loss { name: name.clone(), reason, at: bytes_out, unread });
        }
        self.sink.end(&totals);
        self.totals.add(&totals);
    }

    /// Something gives no text.
    pub(crate) fn lose(&mut self, name: &SourceName, damage: Damage) {
        self.sink.begin(name);
        self.ended(name, 0, self.sink.stopped(), Some(damage));
    }

    /// Whether the walk is to stop: the input grew too much, or the sink has had enough.
    pub(crate) fn over(&self) -> bool {
        self.meter.over()
    }

    #[cfg(not(feature = "parquet"))]
    fn parquet(&mut self, feed: &mut Feed<'_>, name: &SourceName) {
        let reason = Reason::Unsupported("Parquet, in a build without the feature `parquet`,".to_owned());
        self.lose(name, Damage { reason, unread: feed.unread() });
    }
}
