//! What error messages say about foreign text: the known word it is nearest to, and as much of it as fits a line.

/// Longest foreign text that is compared or shown in full, in characters.
const SHOWN_CHARACTERS_MAX: usize = 64;

/// The word of `known` that differs from `text` by the fewest edits, if that is at most a third of its length.
pub(super) fn nearest<'a>(text: &str, known: &[&'a str]) -> Option<&'a str> {
    if text.len() > SHOWN_CHARACTERS_MAX {
        return None;
    }
    let lower = text.to_ascii_lowercase().replace('_', "-");
    let distance = |word: &&'a str| (strsim::osa_distance(&lower, word), *word);
    let (edits, word) = known.iter().filter(|word| !word.starts_with('{')).map(distance).min()?;
    (edits * 3 <= word.len().max(3)).then_some(word)
}

/// `text` without control characters, cut to what fits a line.
pub(super) fn brief(text: &str) -> String {
    let mut characters = text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c });
    let mut short: String = characters.by_ref().take(SHOWN_CHARACTERS_MAX).collect();
    if characters.next().is_some() {
        short.push('…');
    }
    short
}

#[cfg(test)]
mod tests {
    use super::{brief, nearest};

    #[test]
    fn near_words_are_suggested_and_far_ones_are_not() {
        let known = ["instance-id", "instance-type", "ami-id", "mac", "{tag}"];
        for (text, want) in [
            ("instnce-id", Some("instance-id")),
            ("instance_id", Some("instance-id")),
            ("Instance-Type", Some("instance-type")),
            ("mca", Some("mac")),
            ("{tag}", None),
            ("something-else", None),
            ("", None),
        ] {
            assert_eq!(nearest(text, &known), want, "{text}");
        }
        assert_eq!(nearest(&"m".repeat(100_000), &known), None);
    }

    #[test]
    fn long_and_binary_text_is_cut() {
        assert_eq!(brief("a\nb"), "a\u{fffd}b");
        assert_eq!(brief(&"é".repeat(100)).chars().count(), 65);
        assert_eq!(brief(&"é".repeat(64)), "é".repeat(64));
    }
}
