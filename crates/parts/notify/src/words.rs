//! A command line to words, without a shell: blanks separate, quotes hold together, nothing is expanded.
//!
//! | written | word |
//! |---|---|
//! | `a b` | two words |
//! | `'a b'`, `"a b"`, `a\ b` | `a b` |
//! | `"a\"b"` | `a"b` |
//! | `$HOME`, `*`, `;` | themselves |

/// A quote is not closed, or a backslash is the last character.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a quote is not closed")]
pub struct UnclosedQuote;

/// Splits a command line.
///
/// # Errors
/// A quote is not closed.
pub fn split(line: &str) -> Result<Vec<String>, UnclosedQuote> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    let mut characters = line.chars();
    while let Some(character) = characters.next() {
        match (character, quote) {
            (_, Some(open)) if character == open => quote = None,
            ('\\', None | Some('"')) => {
                word.get_or_insert_default().push(characters.next().ok_or(UnclosedQuote)?);
            }
            ('\'' | '"', None) => {
                quote = Some(character);
                word.get_or_insert_default();
            }
            (_, None) if character.is_whitespace() => words.extend(word.take()),
            _ => word.get_or_insert_default().push(character),
        }
    }
    words.extend(word);
    if quote.is_some() { Err(UnclosedQuote) } else { Ok(words) }
}

#[cfg(test)]
mod tests {
    use super::{UnclosedQuote, split};

    #[test]
    fn lines_are_split_without_a_shell() {
        for (line, want) in [
            ("", Ok(&[][..])),
            ("  /bin/a  -b c ", Ok(&["/bin/a", "-b", "c"])),
            ("a 'b c' \"d e\" f\\ g", Ok(&["a", "b c", "d e", "f g"])),
            ("a '' \"\"", Ok(&["a", "", ""])),
            ("a \"b\\\"c\" 'd\\e'", Ok(&["a", "b\"c", "d\\e"])),
            ("a $HOME * ; `b` | c > d", Ok(&["a", "$HOME", "*", ";", "`b`", "|", "c", ">", "d"])),
            ("a'b'c", Ok(&["abc"])),
            ("a 'b", Err(UnclosedQuote)),
            ("a \\", Err(UnclosedQuote)),
        ] {
            let want = want.map(|words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect());
            assert_eq!(split(line), want, "{line}");
        }
    }
}
