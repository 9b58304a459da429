//! Edits of findings, applied to files or shown as a difference.
//!
//! Edits of one file are applied from its end, so that places hold; of two that overlap the first one stays. A file is
//! written only if it still says what was read.

use onehop_report::{Edit, Finding};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Lines around a change in a difference.
const CONTEXT_LINES: usize = 3;

/// The edits of findings that count, by file, each once, in order.
pub fn collect<'a>(findings: impl IntoIterator<Item = &'a Finding>) -> BTreeMap<String, Vec<Edit>> {
    let mut files: BTreeMap<String, Vec<Edit>> = BTreeMap::new();
    let edits = findings.into_iter().filter(|finding| finding.suppressed.is_none());
    for edit in edits.filter_map(|finding| finding.fix.as_ref()).flat_map(|fix| &fix.edits) {
        let known = files.entry(edit.path.clone()).or_default();
        if !known.contains(edit) {
            known.push(edit.clone());
        }
    }
    for edits in files.values_mut() {
        edits.sort_by_key(|edit| (edit.region.offset, edit.region.length));
        let mut end = 0;
        edits.retain(|edit| {
            let fits = edit.region.offset >= end;
            end = end.max(edit.region.offset + edit.region.length);
            fits
        });
    }
    files.retain(|_, edits| !edits.is_empty());
    files
}

/// The text with its edits; none if one of them does not lie in it. Places count from behind a byte order mark.
pub fn apply(text: &str, edits: &[Edit]) -> Option<String> {
    let mark = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let mut changed = String::with_capacity(text.len() + 64);
    let mut at = 0;
    for edit in edits {
        let start = usize::try_from(edit.region.offset).ok()? + mark;
        let end = start + usize::try_from(edit.region.length).ok()?;
        changed.push_str(text.get(at..start)?);
        changed.push_str(&edit.insert);
        text.get(start..end)?;
        at = end;
    }
    changed.push_str(text.get(at..)?);
    Some(changed)
}

/// The difference as `patch` and `git apply` read it.
pub fn difference(path: &str, before: &str, after: &str) -> String {
    let diff = similar::TextDiff::from_lines(before, after);
    let name = path.trim_start_matches('/');
    let mut text = String::new();
    let mut unified = diff.unified_diff();
    let shown = unified.context_radius(CONTEXT_LINES).header(&format!("a/{name}"), &format!("b/{name}"));
    // A string takes everything.
    let _ = write!(text, "{shown}");
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use onehop_report::{Fix, Region};

    fn edit(offset: u64, length: u64, insert: &str) -> Edit {
        let region = Region { offset, length, ..Region::default() };
        Edit { path: "a.tf".to_owned(), region, insert: insert.to_owned() }
    }

    #[test]
    fn edits_keep_everything_else() {
        let finding =
            |edit| Finding { fix: Some(Fix { edits: vec![edit], ..Fix::default() }), ..Finding::default() };
        let findings = [
            finding(edit(4, 1, "2")),
            finding(edit(0, 1, "b")),
            finding(edit(4, 1, "2")),
            finding(edit(3, 3, "x")),
        ];
        let files = collect(&findings);
        assert_eq!(apply("a = 1 # x\r\n", &files["a.tf"]).as_deref(), Some("b =x# x\r\n"));
        assert_eq!(apply("\u{feff}a = 1", &[edit(4, 1, "2")]).as_deref(), Some("\u{feff}a = 2"));
        assert_eq!(apply("a", &[edit(4, 1, "2")]), None, "the text is another one");
    }

    #[test]
    fn a_difference_is_one_that_patch_reads() {
        let shown = difference("/x/a.tf", "a = 1\n", "a = 2\n");
        assert_eq!(shown, "--- a/x/a.tf\n+++ b/x/a.tf\n@@ -1 +1 @@\n-a = 1\n+a = 2\n");
    }
}
