//! The texts that were read, and places in them.

/// Which text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(u32);

/// Bytes of one text: `start` is the first, `end` the one behind the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// Which text.
    pub file: FileId,
    /// The first byte.
    pub start: u32,
    /// The byte behind the last.
    pub end: u32,
}

impl Span {
    /// From the beginning of this one to the end of the other; this one if they are of different texts.
    #[must_use]
    pub fn to(self, other: Span) -> Span {
        if self.file == other.file { Span { end: other.end.max(self.end), ..self } } else { self }
    }
}

/// A place as people count it: lines and characters from one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The line.
    pub line: u32,
    /// The character in the line.
    pub column: u32,
}

/// One text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Its name as it was given or found.
    pub path: String,
    /// What it says, without a byte order mark.
    pub text: String,
    /// Whether a byte order mark stood before it.
    pub had_mark: bool,
    /// Where each line begins.
    lines: Vec<u32>,
}

impl Source {
    /// The line that holds a byte, without its end. Lines count from one.
    pub fn line(&self, line: u32) -> &str {
        let at = line.saturating_sub(1) as usize;
        let Some(start) = self.lines.get(at) else { return "" };
        let end = self.lines.get(at + 1).map_or(self.text.len(), |next| *next as usize);
        self.text.get(*start as usize..end).unwrap_or("").trim_end_matches(['\n', '\r'])
    }

    /// Where a byte stands.
    pub fn position(&self, byte: u32) -> Position {
        let line = self.lines.partition_point(|start| *start <= byte).max(1);
        let start = self.lines[line - 1] as usize;
        let before = self.text.get(start..byte as usize).unwrap_or("");
        Position { line: as_u32(line), column: as_u32(before.chars().count() + 1) }
    }

    /// The byte where a line begins; the end of the text if it has fewer lines.
    pub fn line_start(&self, line: u32) -> u32 {
        self.lines.get(line.saturating_sub(1) as usize).copied().unwrap_or(as_u32(self.text.len()))
    }
}

/// All texts of a run.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    all: Vec<Source>,
}

impl Sources {
    /// Adds a text. Bytes that are no UTF-8 are replaced; a byte order mark is taken off. A text of 4 GiB and more is cut.
    pub fn add(&mut self, path: impl Into<String>, bytes: &[u8]) -> FileId {
        let bytes = &bytes[..bytes.len().min(u32::MAX as usize)];
        let text = String::from_utf8_lossy(bytes);
        let had_mark = text.starts_with('\u{feff}');
        let text = text.trim_start_matches('\u{feff}').to_owned();
        let ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| as_u32(at + 1));
        let lines = std::iter::once(0).chain(ends).collect();
        self.all.push(Source { path: path.into(), text, had_mark, lines });
        FileId(as_u32(self.all.len() - 1))
    }

    /// One text.
    pub fn of(&self, file: FileId) -> &Source {
        &self.all[file.0 as usize]
    }

    /// All texts in the order in which they were added.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &Source)> {
        self.all.iter().enumerate().map(|(at, source)| (FileId(as_u32(at)), source))
    }

    /// What stands at a place.
    pub fn text(&self, span: Span) -> &str {
        self.of(span.file).text.get(span.start as usize..span.end as usize).unwrap_or("")
    }

    /// Where a span begins and ends.
    pub fn positions(&self, span: Span) -> (Position, Position) {
        let source = self.of(span.file);
        (source.position(span.start), source.position(span.end))
    }
}

/// Texts are cut so that their places fit.
fn as_u32(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_lines_and_characters() {
        let mut sources = Sources::default();
        let file = sources.add("a.tf", "\u{feff}é = 1\r\nb = \"ü\"\n".as_bytes());
        let source = sources.of(file);
        assert!(source.had_mark);
        assert_eq!(source.position(0), Position { line: 1, column: 1 });
        assert_eq!(source.position(3), Position { line: 1, column: 3 });
        assert_eq!(source.position(8), Position { line: 2, column: 1 });
        assert_eq!(source.line(1), "é = 1");
        assert_eq!(source.line(2), "b = \"ü\"");
        assert_eq!(source.line(9), "");
        assert_eq!(sources.text(Span { file, start: 8, end: 9 }), "b");
        assert_eq!(source.line_start(2), 8);
        assert_eq!(source.position(4_000), source.position(4_000));
    }
}
