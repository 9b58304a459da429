//! The parser counts characters; places are bytes.

/// How many characters lie between two remembered places.
const STEP: usize = 64;

/// Bytes of characters.
pub(super) struct Places<'a> {
    text: &'a str,
    /// The byte of every [`STEP`]th character; empty if all characters are of one byte.
    marks: Vec<u32>,
}

impl<'a> Places<'a> {
    pub(super) fn new(text: &'a str) -> Places<'a> {
        let marks = if text.is_ascii() {
            Vec::new()
        } else {
            let bytes = text.char_indices().step_by(STEP);
            bytes.map(|(at, _)| u32::try_from(at).unwrap_or(u32::MAX)).collect()
        };
        Places { text, marks }
    }

    /// The byte of a character; the end of the text for those behind it.
    pub(super) fn byte(&self, character: usize) -> usize {
        if self.marks.is_empty() {
            return character.min(self.text.len());
        }
        let Some(mark) = self.marks.get(character / STEP) else { return self.text.len() };
        let from = *mark as usize;
        let rest = self.text.get(from..).unwrap_or("");
        rest.char_indices().nth(character % STEP).map_or(self.text.len(), |(at, _)| from + at)
    }
}
