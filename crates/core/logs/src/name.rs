//! Names of fields, which come from the log: bounded.

use std::borrow::Cow;

/// Longest name, in bytes. Longer ones end in `…`.
pub(crate) const NAME_MAX: usize = 256;
const CUT: &str = "…";

/// The name, or what fits of it.
pub(crate) fn bounded(name: Cow<'static, str>) -> Cow<'static, str> {
    if name.len() <= NAME_MAX {
        return name;
    }
    let mut short = String::with_capacity(NAME_MAX);
    push_bounded(&mut short, &name);
    Cow::Owned(short)
}

/// Adds what fits of a part, and a mark if that is not all.
pub(crate) fn push_bounded(path: &mut String, part: &str) {
    let room = NAME_MAX.saturating_sub(path.len());
    if part.len() <= room {
        return path.push_str(part);
    }
    let mut end = room.saturating_sub(CUT.len());
    while !part.is_char_boundary(end) {
        end -= 1;
    }
    if room >= CUT.len() {
        path.push_str(&part[..end]);
        path.push_str(CUT);
    }
}

#[cfg(test)]
mod tests {
    use super::{NAME_MAX, bounded};

    #[test]
    fn a_long_name_is_cut_between_characters() {
        assert_eq!(bounded("cs-uri".into()), "cs-uri");
        for long in ["x".repeat(NAME_MAX + 1), "é".repeat(NAME_MAX)] {
            let short = bounded(long.clone().into());
            assert!(short.len() <= NAME_MAX && short.len() > NAME_MAX - 4, "{}", short.len());
            assert!(short.strip_suffix('…').is_some_and(|kept| long.starts_with(kept)), "{short}");
        }
    }
}
