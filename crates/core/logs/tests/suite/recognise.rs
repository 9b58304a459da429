//! Formats are told apart by their lines.

use crate::fixtures::lines;
use onehop_logs::{Format, Layout};

#[test]
fn formats_are_told_apart() {
    for format in Format::ALL {
        let want = match format {
            // Its lines are JSON; only the user knows the string that made them.
            Format::LogFormat => Format::JsonLines,
            format => *format,
        };
        assert_eq!(Layout::recognise(&lines(*format)).format(), want, "{format:?}");
    }
}
