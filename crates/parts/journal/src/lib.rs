//! Decisions on record, and numbers to watch.
//!
//! ```text
//! request threads ──record──▶ bounded queue ──▶ writer: JSON, SHA-256, file ──▶ FILE, FILE.1 … FILE.N
//!        │                        └─ full: counted, and a gap record follows
//!        └──────▶ counters, histograms ──▶ Prometheus text
//! ```
//!
//! A request thread builds a [`Decision`] and hands it over; it never waits for the disk. The writer seals each
//! decision into a chain of hashes, so that [`verify`] notices a changed byte and a removed, inserted or moved line
//! or file. The chain is tamper-*evident*, not proof: whoever may write the file, root above all, can compute the
//! whole chain anew after the last head that was kept elsewhere. Export heads ([`Journal::flush`] returns one) to a
//! place that the host cannot change, and give them to [`verify`].
//!
//! # The format
//!
//! A stable format: programs may rely on it. A journal is a sequence of files, each a sequence of lines, each a
//! JSON object in UTF-8 of at most 65,536 bytes, ended by one line feed. Every file begins with a head record; the
//! first record of a journal is one with `seq` 0 and a `prev` of 64 zeros, the head of a rotated-in file carries
//! on `seq` and `prev` of the file before.
//!
//! ```text
//! {"type":"journal","v":1,"seq":0,"digest":"sha-256","prev":"…","hash":"…"}
//! ```
//!
//! | field | in | value |
//! |---|---|---|
//! | `type` | all | `journal` (head), `decision`, `gap`, `recovered` |
//! | `v` | all | 1 |
//! | `seq` | all | one more than in the record before, over files too |
//! | `prev` | all | `hash` of the record before |
//! | `hash` | all | SHA-256 of the line's bytes before `,"hash":`, 64 lower-case hexadecimal digits; always last |
//! | `digest` | `journal` | `sha-256` |
//! | `time` | `decision`, `gap` | RFC 3339 in UTC with milliseconds; of a gap: the latest decision lost |
//! | `lost` | `gap` | decisions lost here: the queue or the disk was full |
//! | `bytes` | `recovered` | bytes of a torn last line that were moved to `FILE.torn` when the journal was reopened |
//! | `decision` | `decision` | `allow`, `deny` |
//! | `code` | `decision` | the reason code, or null |
//! | `rule` | `decision` | the rule that decided, or null |
//! | `http.method`, `http.path`, `http.status` | `decision` | request and answer; the path is canonical and has no query |
//! | `imds.version` | `decision` | `v1`, `v2`, `none` |
//! | `caller.uid`, `caller.pid`, `caller.remote`, `caller.exe`, `caller.unit` | `decision` | who asked; each may be null |
//! | `source` | `decision` | `cache`, `upstream`, `local` |
//! | `request.id` | `decision` | number of the request in its process |
//! | `latency_us` | `decision` | microseconds |
//!
//! All fields of a type are present, in the order of these examples. Texts are cut at 512 bytes
//! ([`TEXT_MAX_BYTES`]). Tokens, header values and queries have no field. A reader ignores fields it does not know.
//!
//! ```json
//! {"type":"journal","v":1,"seq":0,"digest":"sha-256","prev":"0000000000000000000000000000000000000000000000000000000000000000","hash":"214f6cdd6646f0a4e798042c0b42b22e99fe6efb3adeb5dfd15fa84a82aea6fe"}
//! {"type":"decision","v":1,"seq":1,"time":"2026-01-01T00:00:00.250Z","decision":"deny","code":"IMDS-V1","rule":"default","http.method":"GET","http.path":"/latest/meta-data/iam/security-credentials/","http.status":401,"imds.version":"v1","caller.uid":33,"caller.pid":4711,"caller.remote":"127.0.0.1","caller.exe":"/usr/bin/python3.13","caller.unit":null,"source":"local","request.id":9,"latency_us":85,"prev":"214f6cdd6646f0a4e798042c0b42b22e99fe6efb3adeb5dfd15fa84a82aea6fe","hash":"ffcbf173c9a2c2db78a44eb5cb413bb9754dc6b6431d3e55a90b8a3a5bbc5ccb"}
//! {"type":"gap","v":1,"seq":2,"time":"2026-01-01T00:00:00.300Z","lost":3,"prev":"ffcbf173c9a2c2db78a44eb5cb413bb9754dc6b6431d3e55a90b8a3a5bbc5ccb","hash":"fda96ead6179d63f77a0d5afa4fc8ea02fadd716e66e3bb92c9529fcc7103771"}
//! {"type":"recovered","v":1,"seq":3,"bytes":117,"prev":"fda96ead6179d63f77a0d5afa4fc8ea02fadd716e66e3bb92c9529fcc7103771","hash":"58c87e302b7050a27182587857979fb57750582835e083d330c5c811a700ba5a"}
//! ```
//!
//! # Use
//!
//! ```no_run
//! use onehop_journal::{Caller, Decision, ImdsVersion, Journal, Options, Outcome, Source, verify_base};
//!
//! let options = Options::new("/var/log/onehop/journal.jsonl");
//! let journal = Journal::open(&options)?;
//! journal.record(Decision {
//!     time_ms: 1_767_225_600_250,
//!     outcome: Outcome::Allow,
//!     code: None,
//!     rule: None,
//!     method: "GET",
//!     path: "/latest/meta-data/instance-id".into(),
//!     version: ImdsVersion::V2,
//!     caller: Caller { uid: Some(33), ..Caller::default() },
//!     status: 200,
//!     source: Source::Local,
//!     request_id: 1,
//!     latency_us: 80,
//! });
//! let head = journal.close()?;
//! let report = verify_base(&options.path, Some(head))?;
//! assert_eq!(report.lost, 0);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # How it fails
//!
//! A journal that cannot be opened is an [`OpenError`] with a hint. Once open, nothing fails towards the request:
//! losses and failed writes are counted ([`Status`]), a loss is a `gap` record in the chain, and
//! [`Journal::healthy`] is false until the file takes bytes again.

#![forbid(unsafe_code)]

mod decision;
mod defect;
mod files;
mod hash;
mod journal;
pub mod metrics;
mod queue;
mod record;
#[cfg(test)]
mod scratch;
mod sink;
mod status;
mod tail;
mod timestamp;
mod verify;
mod writer;

pub use decision::{Caller, Decision, ImdsVersion, Outcome, Source, TEXT_MAX_BYTES};
pub use defect::Defect;
pub use files::files_of;
pub use hash::{Hash, HashError};
pub use journal::{FlushError, Journal, OpenError, Options};
pub use record::LINE_MAX_BYTES;
pub use status::Status;
pub use verify::{Report, VerifyError, verify, verify_base};
