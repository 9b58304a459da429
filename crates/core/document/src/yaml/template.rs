//! Texts that a template engine makes YAML of: actions are blanked out byte for byte, so that places hold.
//!
//! ```text
//! {{- if .Values.on }}         a line of its own, section   ─▶ blank; what is only in it is unknown
//!   tokens: {{ .Values.t }}    in a line                    ─▶ `XXXXXXXXXXXXX`, then unknown
//!   {{- toYaml .Values.m }}    a line of its own            ─▶ blank; an entry `{{…}}` of the maps around it, unknown
//! {{- end }}
//! ```

use onehop_code::{Entry, Kind, Span, Value, Why};

/// Texts with more actions are not read twice.
const ACTIONS_MAX: usize = 10_000;

/// Bytes of a line that are looked at around an action.
const LINE_MAX: usize = 400;

/// A text without its actions, and where they were.
pub(super) struct Blanked {
    /// As long as the template.
    pub(super) text: String,
    actions: Vec<Action>,
    /// From the action that begins a section to the one that ends it; outermost and inner ones.
    sections: Vec<(u32, u32)>,
}

struct Action {
    start: u32,
    end: u32,
    /// Whether it stands on lines of its own.
    alone: bool,
    /// Whether it fills in text.
    fills: bool,
}

/// Blanks out all actions; none if there are none.
pub(super) fn blank(text: &str) -> Option<Blanked> {
    let mut out = text.as_bytes().to_vec();
    let (mut actions, mut sections, mut open) = (Vec::new(), Vec::new(), Vec::new());
    let mut at = 0;
    while let Some(start) = text.get(at..).and_then(|it| it.find("{{")).map(|it| it + at) {
        let end = text[start..].find("}}").map_or(text.len(), |it| start + it + 2);
        let alone = is_alone(text, start, end);
        let word = text[start + 2..end].trim_start_matches('-').trim_ascii_start();
        let fills = follow(word, start, end, &mut open, &mut sections);
        for byte in &mut out[start..end] {
            if !alone {
                *byte = b'X';
            } else if !byte.is_ascii_whitespace() {
                *byte = b' ';
            }
        }
        actions.push(Action { start: place(start), end: place(end), alone, fills });
        at = end;
        if actions.len() > ACTIONS_MAX {
            return None;
        }
    }
    let text = String::from_utf8(out).ok()?;
    if actions.is_empty() { None } else { Some(Blanked { text, actions, sections }) }
}

/// Follows sections; whether the action fills in text.
fn follow(
    word: &str,
    start: usize,
    end: usize,
    open: &mut Vec<usize>,
    sections: &mut Vec<(u32, u32)>,
) -> bool {
    match word.split(|it: char| !it.is_ascii_alphabetic()).next().unwrap_or("") {
        "if" | "with" | "range" | "define" | "block" => open.push(start),
        "end" => sections.extend(open.pop().map(|it| (place(it), place(end)))),
        "else" | "break" | "continue" => {}
        _ => return !word.starts_with("/*") && !is_assignment(word),
    }
    false
}

/// Whether an action only sets a variable: `$name := …`.
fn is_assignment(word: &str) -> bool {
    word.starts_with('$') && word.split_once('=').is_some_and(|(name, _)| !name.contains(['(', '|', '"']))
}

/// Whether nothing else stands on the lines of an action, other actions apart. Of longer lines, it does.
fn is_alone(text: &str, start: usize, end: usize) -> bool {
    let bytes = text.as_bytes();
    let before = &bytes[start.saturating_sub(LINE_MAX)..start];
    let behind = &bytes[end..bytes.len().min(end + LINE_MAX)];
    let head = match before.iter().rposition(|it| *it == b'\n') {
        Some(at) => &before[at + 1..],
        None if start <= LINE_MAX => before,
        None => return false,
    };
    let tail = match behind.iter().position(|it| *it == b'\n') {
        Some(at) => &behind[..at],
        None if bytes.len() <= end + LINE_MAX => behind,
        None => return false,
    };
    has_only_actions(head) && has_only_actions(tail)
}

/// Whether a part of a line is space and actions.
fn has_only_actions(line: &[u8]) -> bool {
    let mut inside = false;
    for at in 0..line.len() {
        match &line[at..] {
            [b'{', b'{', ..] => inside = true,
            [b'}', b'}', ..] => inside = false,
            [b'}', ..] if at > 0 && line[at - 1] == b'}' => {}
            [byte, ..] if !inside && !byte.is_ascii_whitespace() => return false,
            _ => {}
        }
    }
    true
}

impl Blanked {
    /// Where the first action stands.
    pub(super) fn first(&self) -> u32 {
        self.actions.first().map_or(0, |it| it.start)
    }

    /// Makes unknown what actions fill in or decide.
    pub(super) fn taint(&self, value: &mut Value, text: &str) {
        self.walk(value, place(text.len()), text);
    }

    /// `limit` is where what follows the value begins.
    fn walk(&self, value: &mut Value, limit: u32, text: &str) {
        let Some(span) = value.span else { return };
        match &mut value.kind {
            Kind::List(items) => {
                let starts: Vec<u32> = items.iter().filter_map(|it| it.span).map(|it| it.start).collect();
                for (at, item) in items.iter_mut().enumerate() {
                    let here = item.span.unwrap_or(span);
                    if self.is_conditional(span.start, here.start) {
                        *item = unknown(Why::Construct, "a section of a template", here);
                    } else {
                        self.walk(item, starts.get(at + 1).copied().unwrap_or(limit), text);
                    }
                }
            }
            Kind::Map(entries) => self.walk_map(entries, span, limit, text),
            Kind::Null | Kind::Unknown(_) => {
                if let Some(action) = self.between(span.start, limit).next() {
                    *value = unknown(Why::Unparsed, spelling(action, text), span);
                }
            }
            _ => {
                if let Some(action) = self.touching(span) {
                    *value = unknown(Why::Unparsed, spelling(action, text), span);
                }
            }
        }
    }

    fn walk_map(&self, entries: &mut Vec<Entry>, span: Span, limit: u32, text: &str) {
        let starts: Vec<u32> = entries.iter().filter_map(|it| it.key_span).map(|it| it.start).collect();
        for (at, entry) in entries.iter_mut().enumerate() {
            let key = entry.key_span.unwrap_or(span);
            if self.is_conditional(span.start, key.start) {
                entry.value =
                    unknown(Why::Construct, "a section of a template", entry.value.span.unwrap_or(key));
            } else {
                self.walk(&mut entry.value, starts.get(at + 1).copied().unwrap_or(limit), text);
            }
        }
        let inserts: Vec<Entry> = self
            .between(span.start, limit)
            .filter(|it| it.alone)
            .map(|it| {
                let place = Span { start: it.start, end: it.end, ..span };
                let value = unknown(Why::Unparsed, spelling(it, text), place);
                Entry { key: "{{}}".to_owned(), key_span: Some(place), value }
            })
            .take(1)
            .collect();
        entries.extend(inserts);
    }

    /// Whether a section that what is around does not lie in holds a byte.
    fn is_conditional(&self, around: u32, at: u32) -> bool {
        self.sections
            .iter()
            .any(|(start, end)| (*start..*end).contains(&at) && !(*start..*end).contains(&around))
    }

    /// Actions that fill in text between two bytes.
    fn between(&self, start: u32, end: u32) -> impl Iterator<Item = &Action> {
        let from = self.actions.partition_point(|it| it.start < start);
        self.actions[from..].iter().take_while(move |it| it.start < end).filter(|it| it.fills)
    }

    /// An action inside of a text.
    fn touching(&self, span: Span) -> Option<&Action> {
        let from = self.actions.partition_point(|it| it.end <= span.start);
        self.actions.get(from).filter(|it| it.start < span.end)
    }
}

/// An action as written, shortened.
fn spelling(action: &Action, text: &str) -> String {
    let all = text.get(action.start as usize..action.end as usize).unwrap_or("");
    all.chars().take(80).map(|it| if it.is_control() { ' ' } else { it }).collect()
}

fn unknown(why: Why, about: impl Into<std::borrow::Cow<'static, str>>, span: Span) -> Value {
    Value::unknown(why, about).or_at(Some(span))
}

fn place(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}
