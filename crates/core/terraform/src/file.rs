//! One file: cut into blocks at once, each block parsed when it is first asked for.

use crate::convert::Place;
use crate::json;
use crate::scan::{self, Broken};
use crate::syntax::{Block, Body, Expr, Part};
use onehop_code::{FileId, Sources, Span, Trouble, TroubleKind};
use std::ops::Range;
use std::sync::OnceLock;

/// Bytes of one file that are looked at.
const LARGEST: usize = 8 * 1024 * 1024;

/// A file, read. It is shared between threads while it is evaluated.
#[derive(Debug)]
pub struct File {
    pub(crate) id: FileId,
    pub(crate) pieces: Vec<Piece>,
    /// For files of values: all of it.
    pub(crate) values: Body,
    pub(crate) troubles: Vec<Trouble>,
    blanks: Vec<Range<usize>>,
}

/// A top-level block of a file.
#[derive(Debug)]
pub(crate) struct Piece {
    pub(crate) kind: Box<str>,
    pub(crate) labels: Vec<Box<str>>,
    pub(crate) head: Span,
    pub(crate) span: Span,
    parsed: OnceLock<Result<Body, Box<Trouble>>>,
}

/// Reads a file that is among the sources. Its name tells the syntax: `.tf`, `.tf.json`, `.tfvars`, `.tfvars.json`, and the
/// same for Packer and `OpenTofu`.
pub fn parse(path: &str, id: FileId, sources: &Sources) -> File {
    let mut file =
        File { id, pieces: Vec::new(), values: Body::default(), troubles: Vec::new(), blanks: Vec::new() };
    let text = sources.of(id).text.as_str();
    let whole = Place { file: id, from: 0 }.span(0..text.len());
    if text.len() > LARGEST {
        let message = format!("the file is larger than {LARGEST} bytes and was not read");
        file.troubles.push(Trouble { kind: TroubleKind::Bound, message, span: None, path: path.to_owned() });
        return file;
    }
    let is_values = is_values(path);
    if is_json(path) {
        match json::parse(text, id) {
            Ok(expr) if is_values => file.values = json::body(expr),
            Ok(expr) => file.pieces = json::blocks(expr).into_iter().map(Piece::of_block).collect(),
            Err(broken) => file.troubles.push(broken.trouble(path, id)),
        }
    } else if is_values {
        match body(text, 0, text.len(), None) {
            Ok(parsed) => file.values = Place { file: id, from: 0 }.body(&parsed, whole),
            Err(broken) => file.troubles.push(broken.trouble(path, id)),
        }
    } else {
        file.cut(path, text);
    }
    file
}

impl File {
    fn cut(&mut self, path: &str, text: &str) {
        let found = scan::cut(text);
        let place = Place { file: self.id, from: 0 };
        let words = |range: &Range<usize>| Box::from(text.get(range.clone()).unwrap_or(""));
        self.pieces = found
            .blocks
            .iter()
            .map(|piece| Piece {
                kind: words(&piece.kind),
                labels: piece.labels.iter().map(words).collect(),
                head: place.span(piece.head.clone()),
                span: place.span(piece.span.clone()),
                parsed: OnceLock::new(),
            })
            .collect();
        self.blanks = found.blanks;
        self.troubles =
            found.broken.into_iter().map(|broken| Fault::from(broken).trouble(path, self.id)).collect();
    }

    /// What stands in a block.
    pub(crate) fn body<'a>(&self, piece: &'a Piece, sources: &Sources) -> Result<&'a Body, &'a Trouble> {
        let parsed = piece.parsed.get_or_init(|| {
            let source = sources.of(self.id);
            let (start, end) = (piece.span.start as usize, piece.span.end as usize);
            let parsed = body(&source.text, start, end, Some(&self.blanks));
            let place = Place { file: self.id, from: start };
            match parsed.as_ref().map(|body| body.blocks().next()) {
                Ok(Some(block)) => Ok(place.block(block, piece.span).body),
                Ok(None) => Ok(Body::default()),
                Err(fault) => Err(Box::new(fault.trouble(&source.path, self.id))),
            }
        });
        parsed.as_ref().map_err(|trouble| &**trouble)
    }
}

impl Piece {
    fn of_block(block: Block) -> Piece {
        let parsed = OnceLock::new();
        let labels = block.labels.iter().map(|label| Box::from(&**label)).collect();
        let piece =
            Piece { kind: Box::from(&*block.kind), labels, head: block.head, span: block.span, parsed };
        let _ = piece.parsed.set(Ok(block.body));
        piece
    }

    pub(crate) fn label(&self, at: usize) -> &str {
        self.labels.get(at).map_or("", |label| label)
    }
}

/// Why a text could not be read.
#[derive(Debug)]
pub(crate) struct Fault {
    pub(crate) at: usize,
    pub(crate) message: String,
    pub(crate) kind: TroubleKind,
}

impl From<Broken> for Fault {
    fn from(broken: Broken) -> Fault {
        let kind = if broken.bound { TroubleKind::Bound } else { TroubleKind::Syntax };
        Fault { at: broken.at, message: broken.message.to_owned(), kind }
    }
}

impl Fault {
    pub(crate) fn trouble(&self, path: &str, file: FileId) -> Trouble {
        let span = Place { file, from: 0 }.span(self.at..self.at);
        Trouble { kind: self.kind, message: self.message.clone(), span: Some(span), path: path.to_owned() }
    }
}

/// Parses a part of a text as a body. Without blanks known, they are looked for.
fn body(
    text: &str,
    start: usize,
    end: usize,
    blanks: Option<&[Range<usize>]>,
) -> Result<hcl_edit::structure::Body, Fault> {
    let part = text.get(start..end).unwrap_or("");
    let found;
    let blanks = if let Some(blanks) = blanks {
        let first = blanks.partition_point(|blank| blank.start < start);
        let last = blanks.partition_point(|blank| blank.start < end);
        &blanks[first..last]
    } else {
        found = scan::follow(part, false)?;
        &found
    };
    let blanked = scan::blank(part, start, blanks);
    hcl_edit::parser::parse_body(blanked.as_deref().unwrap_or(part)).map_err(|error| fault(&error, start))
}

fn fault(error: &hcl_edit::parser::Error, from: usize) -> Fault {
    let bound = error.message().contains("nesting depth") || error.message().contains("chained binary");
    let kind = if bound { TroubleKind::Bound } else { TroubleKind::Syntax };
    Fault { at: from + error.location().offset(), message: error.message().to_owned(), kind }
}

/// Parses one expression that stands somewhere in a text.
pub(crate) fn expression(text: &str, place: Place, newlines: bool) -> Result<Expr, Fault> {
    let blanks = scan::follow(text, newlines)?;
    let blanked = scan::blank(text, 0, &blanks);
    let parsed =
        hcl_edit::parser::parse_expr(blanked.as_deref().unwrap_or(text)).map_err(|error| fault(&error, 0))?;
    Ok(place.expr(&parsed, place.span(0..text.len())))
}

/// Parses a text as a template, as `templatefile` reads one.
pub(crate) fn template(text: &str, place: Place) -> Result<Vec<Part>, Fault> {
    let wrapped = format!("<<ONEHOP_TEMPLATE_END\n{text}\nONEHOP_TEMPLATE_END\n");
    scan::follow(&wrapped, false)?;
    let parsed = hcl_edit::parser::parse_template(text).map_err(|error| fault(&error, 0))?;
    Ok(place.template(&parsed, place.span(0..0)))
}

/// Whether a file's name says that it is Terraform or `OpenTofu` configuration.
pub fn is_terraform(name: &str) -> bool {
    [".tf", ".tf.json", ".tofu", ".tofu.json"].iter().any(|end| name.len() > end.len() && name.ends_with(end))
}

/// Whether a file's name says that it is a Packer template.
pub fn is_packer(name: &str) -> bool {
    [".pkr.hcl", ".pkr.json"].iter().any(|end| name.len() > end.len() && name.ends_with(end))
}

/// Whether a file's name says that it sets variables.
pub(crate) fn is_values(name: &str) -> bool {
    [".tfvars", ".tfvars.json", ".pkrvars.hcl", ".pkrvars.json"].iter().any(|end| name.ends_with(end))
}

/// Whether it is a file of values that is read without being named.
pub(crate) fn is_auto_values(name: &str) -> bool {
    let ends = [".auto.tfvars", ".auto.tfvars.json", ".auto.pkrvars.hcl", ".auto.pkrvars.json"];
    name == "terraform.tfvars"
        || name == "terraform.tfvars.json"
        || ends.iter().any(|end| name.ends_with(end))
}

fn is_json(path: &str) -> bool {
    std::path::Path::new(path).extension().is_some_and(|end| end.eq_ignore_ascii_case("json"))
}
