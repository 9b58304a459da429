//! Cuts native syntax into its top-level blocks without parsing them.
//!
//! ```text
//! resource "aws_instance" "web" {   ──▶ Piece { kind: resource, labels, head, span }
//!   …                                   brackets, strings, heredocs and comments are followed to their ends
//! }
//! ```
//!
//! A block is parsed once somebody asks for it, so that what nobody asks for costs its bytes only, and a broken block
//! does not take the others with it. On the way newlines directly inside `{ for … }` are found: they mean nothing there, but
//! the parser does not take them after the `:` of a conditional. They are blanked, so that places stay what they are.
//!
//! # Failure
//! Total. What does not close, or nests too deeply, is told with its place, and reading goes on at the next line that begins
//! like a block.

use std::ops::Range;

/// Brackets inside of brackets. The parser takes 64 levels of its own.
const DEEPEST: usize = 192;
/// Comparisons of names that objects of one file may cost: they are kept in a list by the parser.
const OBJECT_WORK: u64 = 100_000_000;

/// A top-level block, not parsed.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Piece {
    /// `resource`, `variable`, …
    pub(crate) kind: Range<usize>,
    /// What stands in quotes behind it.
    pub(crate) labels: Vec<Range<usize>>,
    /// From the kind to the last label.
    pub(crate) head: Range<usize>,
    /// All of it.
    pub(crate) span: Range<usize>,
}

/// What could not be read.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Broken {
    /// Where.
    pub(crate) at: usize,
    /// Why.
    pub(crate) message: &'static str,
    /// Whether it is too much rather than wrong.
    pub(crate) bound: bool,
}

/// A text in pieces.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Pieces {
    /// The blocks in order.
    pub(crate) blocks: Vec<Piece>,
    /// Bytes that are to be read as spaces, in order.
    pub(crate) blanks: Vec<Range<usize>>,
    /// What could not be read, in order.
    pub(crate) broken: Vec<Broken>,
}

/// Words that begin a block at the beginning of a line: where reading goes on after something broken.
const BEGINNINGS: [&str; 16] = [
    "resource",
    "data",
    "variable",
    "locals",
    "module",
    "output",
    "provider",
    "terraform",
    "moved",
    "import",
    "check",
    "removed",
    "source",
    "build",
    "local",
    "packer",
];

/// Cuts a text.
pub(crate) fn cut(text: &str) -> Pieces {
    let mut scanner = Scanner { text: text.as_bytes(), at: 0, blanks: Vec::new(), work: 0 };
    let mut found = Pieces::default();
    loop {
        scanner.skip_blank(true);
        if scanner.at >= scanner.text.len() {
            break;
        }
        let start = scanner.at;
        match scanner.piece() {
            Ok(piece) => found.blocks.push(piece),
            Err(broken) => {
                found.broken.push(broken);
                scanner.at = next_beginning(text, start + 1);
                let kept = scanner.blanks.partition_point(|blank| blank.start < start);
                scanner.blanks.truncate(kept);
            }
        }
    }
    found.blanks = scanner.blanks;
    found
}

/// Follows a whole text as one expression or body and tells what is to be blanked. `newlines` blanks all newlines outside of
/// strings: JSON, where they mean nothing.
pub(crate) fn follow(text: &str, newlines: bool) -> Result<Vec<Range<usize>>, Broken> {
    let mut scanner = Scanner { text: text.as_bytes(), at: 0, blanks: Vec::new(), work: 0 };
    scanner.nest(vec![Frame::outermost(newlines)])?;
    Ok(scanner.blanks)
}

/// A text with spaces where it is blanked, if it is.
pub(crate) fn blank(text: &str, from: usize, blanks: &[Range<usize>]) -> Option<String> {
    if blanks.is_empty() {
        return None;
    }
    let mut bytes = text.as_bytes().to_vec();
    for blank in blanks {
        let (start, end) = (blank.start.saturating_sub(from), blank.end.saturating_sub(from));
        if let Some(range) = bytes.get_mut(start..end) {
            range.fill(b' ');
        }
    }
    String::from_utf8(bytes).ok()
}

/// Where a line begins like a block, from a byte on; the end of the text if none does.
fn next_beginning(text: &str, from: usize) -> usize {
    let bytes = text.as_bytes();
    let mut at = from;
    while let Some(newline) = bytes[at.min(bytes.len())..].iter().position(|byte| *byte == b'\n') {
        at += newline + 1;
        let line = &bytes[at..];
        let begins = BEGINNINGS.iter().any(|word| {
            line.strip_prefix(word.as_bytes())
                .is_some_and(|rest| matches!(rest.first(), Some(b' ' | b'\t' | b'"' | b'{')))
        });
        if begins {
            return at;
        }
    }
    bytes.len()
}

/// What is open.
enum Frame {
    /// `{`, `[`, `(`, `${`, `%{`, or the text itself.
    Open {
        /// What closes it; zero for the text itself.
        close: u8,
        /// Where it opened.
        at: usize,
        /// Whether newlines in it are to be blanked.
        blank: bool,
        /// Whether it is an object, and how many lines and commas it has.
        items: Option<u64>,
    },
    /// `"`.
    Quote(usize),
    /// `<<NAME`.
    Heredoc {
        /// Where its name stands.
        name: Range<usize>,
        /// Whether a line begins.
        line_start: bool,
    },
}

impl Frame {
    fn outermost(blank: bool) -> Frame {
        Frame::Open { close: 0, at: 0, blank, items: None }
    }
}

struct Scanner<'a> {
    text: &'a [u8],
    at: usize,
    blanks: Vec<Range<usize>>,
    work: u64,
}

impl Scanner<'_> {
    fn peek(&self, ahead: usize) -> u8 {
        self.text.get(self.at + ahead).copied().unwrap_or(0)
    }

    fn wrong<T>(&self, at: usize, message: &'static str) -> Result<T, Broken> {
        Err(Broken { at: at.min(self.text.len()), message, bound: false })
    }

    /// Skips spaces and comments, newlines too if asked for.
    fn skip_blank(&mut self, newlines: bool) {
        loop {
            match self.peek(0) {
                b' ' | b'\t' | b'\r' => self.at += 1,
                b'\n' if newlines => self.at += 1,
                b'#' if newlines => self.skip_line(),
                b'/' if self.peek(1) == b'/' && newlines => self.skip_line(),
                b'/' if self.peek(1) == b'*' => self.skip_comment(),
                _ => return,
            }
        }
    }

    fn skip_line(&mut self) {
        let rest = &self.text[self.at..];
        self.at += rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
    }

    fn skip_comment(&mut self) {
        let rest = &self.text[self.at + 2..];
        let end = rest.windows(2).position(|pair| pair == b"*/");
        self.at = end.map_or(self.text.len(), |end| self.at + 2 + end + 2);
    }

    fn word(&mut self) -> Range<usize> {
        let start = self.at;
        while is_word(self.peek(0)) {
            self.at += 1;
        }
        start..self.at
    }

    /// One block with its head.
    fn piece(&mut self) -> Result<Piece, Broken> {
        let start = self.at;
        let kind = self.word();
        if kind.is_empty() {
            return self.wrong(start, "a block was expected here");
        }
        let mut labels = Vec::new();
        let mut head = kind.clone();
        loop {
            self.skip_blank(false);
            match self.peek(0) {
                b'{' => break,
                b'"' => {
                    let from = self.at + 1;
                    let rest = &self.text[from..];
                    match rest.iter().position(|byte| matches!(byte, b'"' | b'\n')) {
                        Some(len) if rest[len] == b'"' => {
                            labels.push(from..from + len);
                            self.at = from + len + 1;
                        }
                        _ => return self.wrong(from - 1, "the name in quotes does not end on its line"),
                    }
                }
                byte if is_word(byte) => labels.push(self.word()),
                _ => return self.wrong(self.at, "`{` was expected here"),
            }
            head.end = self.at;
        }
        self.at += 1;
        self.nest(vec![Frame::Open { close: b'}', at: self.at - 1, blank: false, items: None }])?;
        Ok(Piece { kind, labels, head, span: start..self.at })
    }

    /// Reads until the outermost frame closes.
    fn nest(&mut self, mut open: Vec<Frame>) -> Result<(), Broken> {
        while let Some(frame) = open.last_mut() {
            if self.at >= self.text.len() {
                return self.end_of_text(&open);
            }
            let next = match frame {
                Frame::Open { .. } => self.in_brackets(frame)?,
                Frame::Quote(at) => {
                    let at = *at;
                    self.in_quotes(at)?
                }
                Frame::Heredoc { name, line_start } => {
                    let name = name.clone();
                    self.in_heredoc(&name, line_start)
                }
            };
            match next {
                Next::Stay => {}
                Next::Close => {
                    open.pop();
                }
                Next::Open(_) if open.len() >= DEEPEST => {
                    return Err(Broken {
                        at: self.at,
                        message: "nested more deeply than is looked at",
                        bound: true,
                    });
                }
                Next::Open(frame) => open.push(frame),
            }
        }
        Ok(())
    }

    fn end_of_text(&self, open: &[Frame]) -> Result<(), Broken> {
        match open.last() {
            None | Some(Frame::Open { close: 0, .. }) => Ok(()),
            Some(Frame::Open { at, .. }) => self.wrong(*at, "what opens here is not closed"),
            Some(Frame::Quote(at)) => self.wrong(*at, "the text in quotes does not end"),
            Some(Frame::Heredoc { name, .. }) => self.wrong(name.start, "the heredoc does not end"),
        }
    }

    fn in_brackets(&mut self, frame: &mut Frame) -> Result<Next, Broken> {
        let Frame::Open { close, at, blank, items } = frame else { return Ok(Next::Stay) };
        let here = self.at;
        let byte = self.peek(0);
        self.at += 1;
        match byte {
            b'"' => return Ok(Next::Open(Frame::Quote(here))),
            b'#' => self.line_comment(here, *blank),
            b'/' if self.peek(0) == b'/' => self.line_comment(here, *blank),
            b'/' if self.peek(0) == b'*' => {
                self.at = here;
                self.skip_comment();
            }
            b'\n' | b'\r' if *blank => self.blanks.push(here..here + 1),
            b'\n' | b',' => self.count(items, here)?,
            b'[' | b'(' | b'{' => return Ok(Next::Open(self.opened(byte, here))),
            b']' | b')' | b'}' if byte == *close => return Ok(Next::Close),
            b']' | b')' | b'}' if *close == 0 => return self.wrong(here, "this closes nothing"),
            b']' | b')' | b'}' => {
                return self.wrong(*at, "what opens here is closed by another kind of bracket");
            }
            b'<' if self.peek(0) == b'<' => return Ok(self.heredoc()),
            _ => {}
        }
        Ok(Next::Stay)
    }

    fn count(&mut self, items: &mut Option<u64>, at: usize) -> Result<(), Broken> {
        if let Some(items) = items {
            *items += 1;
            self.work += *items;
            if self.work > OBJECT_WORK {
                return Err(Broken { at, message: "more items than are looked at", bound: true });
            }
        }
        Ok(())
    }

    fn line_comment(&mut self, from: usize, blank: bool) {
        self.skip_line();
        if blank {
            self.blanks.push(from..self.at);
        }
    }

    /// A bracket that just opened. A brace is an object if no word and no label stands before it, and it may be a `for`.
    fn opened(&self, byte: u8, at: usize) -> Frame {
        let close = match byte {
            b'[' => b']',
            b'(' => b')',
            _ => b'}',
        };
        let before = self.text[..at].iter().rev().find(|byte| !matches!(byte, b' ' | b'\t'));
        let object = byte == b'{' && !before.is_some_and(|byte| is_word(*byte) || *byte == b'"');
        let blank = object && self.begins_for();
        Frame::Open { close, at, blank, items: object.then_some(0) }
    }

    /// Whether `for` comes next and is no name of an item.
    fn begins_for(&self) -> bool {
        let mut ahead = Scanner { text: self.text, at: self.at, blanks: Vec::new(), work: 0 };
        ahead.skip_blank(true);
        let word = ahead.word();
        if &self.text[word] != b"for" {
            return false;
        }
        ahead.skip_blank(true);
        is_word(ahead.peek(0))
    }

    fn heredoc(&mut self) -> Next {
        let mut ahead = self.at + 1;
        if self.text.get(ahead) == Some(&b'-') {
            ahead += 1;
        }
        let len = self.text[ahead..].iter().take_while(|byte| is_word(**byte)).count();
        let name = ahead..ahead + len;
        let rest = &self.text[name.end..];
        let newline = if rest.starts_with(b"\r\n") { 2 } else { usize::from(rest.starts_with(b"\n")) };
        if len == 0 || newline == 0 {
            return Next::Stay;
        }
        self.at = name.end + newline;
        Next::Open(Frame::Heredoc { name, line_start: true })
    }

    fn in_quotes(&mut self, from: usize) -> Result<Next, Broken> {
        let byte = self.peek(0);
        match byte {
            b'\\' => self.at += 2,
            b'"' => {
                self.at += 1;
                return Ok(Next::Close);
            }
            b'\n' => return self.wrong(from, "the text in quotes does not end on its line"),
            _ => return Ok(self.in_template(byte)),
        }
        Ok(Next::Stay)
    }

    fn in_heredoc(&mut self, name: &Range<usize>, line_start: &mut bool) -> Next {
        if std::mem::take(line_start) {
            let rest = &self.text[self.at..];
            let indent = rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
            if let Some(behind) = rest[indent..].strip_prefix(&self.text[name.clone()])
                && !behind.first().is_some_and(|byte| is_word(*byte))
            {
                self.at += indent + name.len();
                return Next::Close;
            }
        }
        let byte = self.peek(0);
        if byte == b'\n' {
            self.at += 1;
            *line_start = true;
            return Next::Stay;
        }
        self.in_template(byte)
    }

    /// Text of a template: `${` and `%{` open, `$${` and `%%{` do not.
    fn in_template(&mut self, byte: u8) -> Next {
        if matches!(byte, b'$' | b'%') {
            if self.peek(1) == byte && self.peek(2) == b'{' {
                self.at += 3;
                return Next::Stay;
            }
            if self.peek(1) == b'{' {
                let at = self.at;
                self.at += 2;
                return Next::Open(Frame::Open { close: b'}', at, blank: false, items: None });
            }
        }
        self.at += 1;
        Next::Stay
    }
}

enum Next {
    Stay,
    Close,
    Open(Frame),
}

/// Bytes of names. Bytes above ASCII belong to letters.
fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-' || byte >= 0x80
}

#[cfg(test)]
mod tests;
