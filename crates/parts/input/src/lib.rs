//! What a scan reads, as a stream of text chunks cut at line ends.
//!
//! ```text
//! paths, directories, patterns, "-", s3:// ─expand─▶ sources ─read─▶ chunks of whole lines ─▶ a sink
//!                                             │                │
//!                                             ╰ problems       ╰ totals: bytes, and each loss with its reason
//! ```
//! What is read goes through a buffer that stays in the cache of the core; a large plain file may be looked at where it lies,
//! without a copy, if that turns out to be faster. Nothing here looks at lines one by one. Formats are told apart by
//! content: gzip, Zstandard, bzip2, xz, lzma, tar, zip, Parquet (feature `parquet`), captured packets, UTF-16, in any
//! nesting.
//!
//! A mapped file that shrinks would kill the process; here its window says so, and the loss is in the totals.
//!
//! # Failure
//! A place that cannot be opened is an [`InputError`]. Everything that goes wrong later ends one text, and is a [`Loss`]
//! with its reason in the totals; what was decoded before it has been handed over. Memory is bounded by [`Options`],
//! whatever the input; decoding stops when a small input grows beyond bounds.
//!
//! # Use
//! ```
//! use onehop_input::{Chunk, Options, Sink, SourceName, Totals, expand, read_all};
//!
//! #[derive(Default)]
//! struct Count(u64);
//!
//! impl Sink for Count {
//!     fn begin(&mut self, _: &SourceName) {}
//!     fn text(&mut self, chunk: Chunk<'_>) {
//!         self.0 += chunk.bytes.iter().filter(|&&byte| byte == b'\n').count() as u64;
//!     }
//!     fn end(&mut self, _: &Totals) {}
//! }
//!
//! let options = Options::default();
//! let found = expand(&["Cargo.toml".into()], &options);
//! assert!(found.problems.is_empty());
//! read_all(&found.sources, &options, |_| Count::default(), |source, count, result| {
//!     let totals = result.expect("the file is there");
//!     println!("{}: {} lines, {} losses", source.name(), count.0, totals.losses);
//! });
//! ```

#![deny(unsafe_code)]

mod archive;
mod capture;
#[cfg(feature = "parquet")]
mod columns;
mod decode;
mod error;
mod expand;
mod feed;
mod follow;
mod meter;
#[cfg(feature = "object-store")]
mod object;
mod options;
mod part;
mod read;
mod sink;
mod sniff;
mod source;
mod stretch;
mod text;
mod window;

pub use error::InputError;
pub use expand::{Expanded, expand};
pub use follow::{Followed, Follower, Stop, follow};
#[cfg(feature = "object-store")]
pub use object::ObjectOptions;
pub use options::{Expansion, FollowFrom, Options};
pub use part::{PART_MIN_BYTES, head, split};
pub use read::{Reader, read, read_all};
pub use sink::{Chunk, Format, Loss, Reason, Sink, Totals};
pub use source::{Place, Source, SourceName};
