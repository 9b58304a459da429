//! What one source has cost so far, and the bounds on it.

use std::{
    cell::{Cell, RefCell},
    error::Error,
    fmt, io,
};

use crate::{
    options::Options,
    sink::{Format, Reason},
    stretch::Pace,
};

/// What the layers of one source share: the options, the count of bytes, and buffers to reuse.
pub(crate) struct Meter<'o> {
    pub(crate) options: &'o Options,
    /// Bytes read from the source.
    taken: Cell<u64>,
    /// Of those, the ones that a text was already charged with.
    charged: Cell<u64>,
    /// Length of the source where that is known: an archive is read in any order, so what was read says little.
    length: Cell<u64>,
    /// Bytes that decoders gave, all layers together.
    decoded: Cell<u64>,
    tripped: Cell<bool>,
    pub(crate) stopped: Cell<bool>,
    /// How large plain files are read best. Stays from source to source, as the buffers do.
    pub(crate) pace: Cell<Pace>,
    buffers: RefCell<Vec<Vec<u8>>>,
}

impl<'o> Meter<'o> {
    pub(crate) fn new(options: &'o Options) -> Self {
        Self {
            options,
            taken: Cell::new(0),
            charged: Cell::new(0),
            length: Cell::new(0),
            decoded: Cell::new(0),
            tripped: Cell::new(false),
            stopped: Cell::new(false),
            pace: Cell::default(),
            buffers: RefCell::new(Vec::new()),
        }
    }

    /// Begins another source; the buffers stay.
    pub(crate) fn restart(&mut self) {
        for count in [&self.taken, &self.charged, &self.length, &self.decoded] {
            count.set(0);
        }
        self.tripped.set(false);
        self.stopped.set(false);
    }

    pub(crate) fn take(&self, bytes: usize) {
        self.taken.set(self.taken.get() + bytes as u64);
    }

    /// So many bytes of the source were taken, in whatever way.
    pub(crate) fn set_taken(&self, bytes: u64) {
        self.taken.set(bytes);
    }

    pub(crate) fn set_length(&self, bytes: u64) {
        self.length.set(bytes);
    }

    /// The source was read in another way, to its end.
    pub(crate) fn take_all(&self) {
        self.taken.set(self.length.get().max(self.taken.get()));
    }

    /// Bytes read since this was last asked.
    pub(crate) fn charge(&self) -> u64 {
        self.taken.get() - self.charged.replace(self.taken.get())
    }

    /// Nothing more of this source is to be decoded.
    pub(crate) fn over(&self) -> bool {
        self.tripped.get() || self.stopped.get()
    }

    /// Counts decoded bytes; an error once they are more than the source may grow to.
    pub(crate) fn decode(&self, bytes: usize) -> io::Result<()> {
        let decoded = self.decoded.get() + bytes as u64;
        self.decoded.set(decoded);
        let bound = self.options.expansion;
        let base = self.taken.get().max(self.length.get());
        let allowed = base.saturating_mul(bound.ratio).max(bound.floor_bytes).min(bound.max_bytes);
        if decoded > allowed {
            self.tripped.set(true);
            return Err(Damage::error(Reason::Expansion(decoded), None));
        }
        Ok(())
    }

    /// A buffer of at least [`Options::chunk_bytes`]; its content is left over from earlier.
    pub(crate) fn buffer(&self) -> Vec<u8> {
        let size = self.options.chunk_bytes.max(512);
        self.buffers.borrow_mut().pop().unwrap_or_else(|| vec![0; size])
    }

    /// Gives a buffer back.
    pub(crate) fn keep(&self, mut buffer: Vec<u8>) {
        let size = self.options.chunk_bytes.max(512);
        let mut buffers = self.buffers.borrow_mut();
        if buffer.len() >= size && buffers.len() < 8 {
            // A line longer than the buffer made it grow. Let it not be carried through the cache for ever.
            buffer.truncate(size);
            buffer.shrink_to(2 * size);
            buffers.push(buffer);
        }
    }
}

/// A reason that travels through decoders as an `io::Error`, so that the text's end can say which layer failed.
#[derive(Debug)]
pub(crate) struct Damage {
    pub(crate) reason: Reason,
    pub(crate) unread: Option<u64>,
}

impl Damage {
    pub(crate) fn error(reason: Reason, unread: Option<u64>) -> io::Error {
        io::Error::other(Self { reason, unread })
    }

    /// What an error met while reading `format` means. An error that a lower layer has explained stays as it is.
    pub(crate) fn explain(error: io::Error, format: Format, unread: Option<u64>) -> Self {
        let error = match error.downcast::<Self>() {
            Ok(damage) => return damage,
            Err(error) => error,
        };
        let reason = match (format, error.kind()) {
            (Format::Plain | Format::Utf16Le | Format::Utf16Be, _) => Reason::Unreadable(error.to_string()),
            (_, io::ErrorKind::UnexpectedEof) => Reason::Truncated(format),
            (_, io::ErrorKind::OutOfMemory) => Reason::Memory(format),
            _ => Reason::Damaged(format, error.to_string()),
        };
        Self { reason, unread }
    }
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.reason.fmt(f)
    }
}

impl Error for Damage {}
