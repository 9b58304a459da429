//! YAML text as values with exact places.
//!
//! ```text
//! text ─▶ events ─▶ Loader: frames of open maps and lists ─▶ values
//!            │          ├─ scalar.rs   what a word without quotes is
//!            │          ├─ copies.rs   anchors and aliases, within a budget
//!            │          └─ merge.rs    `<<`
//!            └─ template.rs             texts with `{{ … }}` are read twice
//! ```
//!
//! # Failure
//! Text that breaks is a trouble with its place; what was read of the document stays, and reading goes on at the next
//! line that begins with `---`. A text that a template engine makes is one trouble of its own kind, whatever it breaks.

mod copies;
mod loader;
mod merge;
mod place;
mod scalar;
mod template;

use crate::limits::Options;
use crate::read::{Documents, too_long};
use loader::Loader;
use onehop_code::{FileId, Source, Span, Trouble, TroubleKind};

/// No text is read on after more breaks than this.
const BREAKS_MAX: usize = 20;

/// Reads YAML text, all its documents.
pub fn parse_yaml(file: FileId, source: &Source, options: &Options) -> Documents {
    if source.text.len() > options.limits.bytes {
        let trouble = too_long(file, &source.path, options.limits.bytes);
        return Documents { documents: Vec::new(), troubles: vec![trouble] };
    }
    let (plain, templated) = load(file, source, &source.text, options);
    let broken = plain.troubles.iter().find(|it| it.kind == TroubleKind::Syntax);
    if !templated && broken.is_none() {
        return plain;
    }
    let Some(blanked) = template::blank(&source.text) else { return plain };
    let at = blanked.first();
    let (mut read, _) = load(file, source, &blanked.text, options);
    for value in &mut read.documents {
        blanked.taint(value, &source.text);
    }
    read.troubles.retain(|it| it.kind == TroubleKind::Bound);
    let message = "a template that is rendered before it is read; what it fills in is unknown".to_owned();
    let span = Some(Span { file, start: at, end: at });
    read.troubles
        .insert(0, Trouble { kind: TroubleKind::Template, message, span, path: source.path.clone() });
    read
}

/// Reads `text`, which stands for the source's own, byte for byte. Says whether a value looked like a template's.
fn load(file: FileId, source: &Source, text: &str, options: &Options) -> (Documents, bool) {
    let mut out = Documents::default();
    let (mut base, mut templated) = (0, false);
    for _ in 0..BREAKS_MAX {
        let mut loader = Loader::new(file, text, base, options);
        let broken = loader.run();
        templated |= loader.templated;
        for (kind, message, at) in loader.troubles {
            let span = Some(Span { file, start: at, end: at });
            out.troubles.push(Trouble { kind, message, span, path: source.path.clone() });
        }
        out.documents.append(&mut loader.documents);
        let Some(at) = broken else { break };
        let line = text.as_bytes()[..at.min(text.len())].iter().rposition(|it| *it == b'\n').unwrap_or(0);
        match next_document(text, line.max(base)) {
            Some(next) => base = next,
            None => break,
        }
    }
    (out, templated)
}

/// The first line that begins with `---` behind a byte.
fn next_document(text: &str, at: usize) -> Option<usize> {
    let from = text.as_bytes().get(at..)?;
    let found = from
        .windows(5)
        .position(|it| it.starts_with(b"\n---") && it.get(4).is_none_or(u8::is_ascii_whitespace))?;
    Some(at + found + 1)
}
