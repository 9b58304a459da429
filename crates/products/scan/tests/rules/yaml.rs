//! As much YAML as Sigma rules need: every text in single quotes, which has no escapes but the quote itself.

use std::fmt::Write as _;

/// Widest line of running text.
const WIDTH: usize = 110;

/// Lines of YAML.
#[derive(Default)]
pub(crate) struct Yaml(String);

impl Yaml {
    /// A line as it is, indented by so many steps.
    pub(crate) fn line(&mut self, depth: usize, text: &str) -> &mut Self {
        writeln!(self.0, "{:1$}{text}", "", depth * 4).expect("text");
        self
    }

    /// A key with a value that needs no quotes.
    pub(crate) fn put(&mut self, depth: usize, key: &str, value: &str) {
        self.line(depth, &format!("{key}: {value}"));
    }

    /// A key with a text.
    pub(crate) fn text(&mut self, depth: usize, key: &str, text: &str) -> &mut Self {
        self.line(depth, &format!("{key}: {}", quoted(text)))
    }

    /// A key with running text, folded over lines.
    pub(crate) fn folded(&mut self, key: &str, text: &str) -> &mut Self {
        self.line(0, &format!("{key}: >-"));
        let mut line = String::new();
        for word in text.split(' ') {
            if !line.is_empty() && 4 + line.len() + 1 + word.len() > WIDTH {
                self.line(1, &line);
                line.clear();
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        self.line(1, &line)
    }

    /// A key with a list of texts; nothing if there are none.
    pub(crate) fn list<T: AsRef<str>>(&mut self, depth: usize, key: &str, texts: &[T]) -> &mut Self {
        if texts.is_empty() {
            return self;
        }
        self.line(depth, &format!("{key}:"));
        for text in texts {
            self.line(depth + 1, &format!("- {}", quoted(text.as_ref())));
        }
        self
    }

    /// The whole.
    pub(crate) fn end(&self) -> String {
        self.0.clone()
    }
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

#[test]
fn texts_are_quoted_and_folded() {
    let mut yaml = Yaml::default();
    yaml.text(0, "a", "it's").list(1, "b", &["x: y", "#z"]).list(0, "none", &[""; 0]);
    yaml.folded("c", "word ".repeat(30).trim_end());
    let end = yaml.end();
    assert!(
        end.starts_with("a: 'it''s'\n    b:\n        - 'x: y'\n        - '#z'\nc: >-\n    word word"),
        "{end}"
    );
    assert!(end.lines().all(|line| line.len() <= WIDTH) && end.lines().count() == 7, "{end}");
}
