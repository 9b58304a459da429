//! Verdicts as lines: JSON for programs, text for people. Nothing is allocated for an ordinary URL.
//!
//! Writes into memory, so that it cannot fail but by running out of it.

use onehop_address::Step;
use onehop_address::spelling::{Fold, Folds, Host};
use onehop_url::{Oddities, Oddity, Refusal, Target, UrlChecker};
use serde::{Serialize, Serializer};
use std::borrow::Cow;
use std::io::{self, Write as _};

/// What was decided about one URL.
type Verdict<'a> = Result<Target<'a>, Refusal<'a>>;

/// Writes the object of one line. The keys and their order are a contract.
pub(super) fn json(out: &mut Vec<u8>, url: &[u8], verdict: &Verdict<'_>) -> io::Result<()> {
    let mut object = Object { out, separator: b'{' };
    object.put("type", "check")?;
    object.put("v", &1)?;
    object.put_text("input", Some(&String::from_utf8_lossy(url)))?;
    match verdict {
        Ok(target) => allowed(&mut object, target)?,
        Err(refusal) => denied(&mut object, refusal)?,
    }
    out.extend_from_slice(b"}\n");
    Ok(())
}

fn allowed(object: &mut Object<'_>, target: &Target<'_>) -> io::Result<()> {
    let reported = target.reported.as_deref();
    object.put("verdict", "allow")?;
    object.put("code", &reported.map(|denied| denied.code().as_str()))?;
    object.put_host(Some(&target.site.host))?;
    object.put("port", &target.site.port)?;
    object.put("addresses", target.addresses.as_slice())?;
    object.put("provider", &())?;
    object.put("route", &Route { oddities: target.oddities, folds: target.folds, steps: &[] })?;
    object.put_text("detail", reported.and_then(|denied| denied.detail()))?;
    object.put_text("href", Some(&target.href))?;
    object.put_text("policy", Some(target.policy))?;
    object.put("rule", &target.rule)
}

fn denied(object: &mut Object<'_>, refusal: &Refusal<'_>) -> io::Result<()> {
    object.put("verdict", "deny")?;
    object.put("code", refusal.code().as_str())?;
    object.put_host(refusal.host.as_ref())?;
    object.put("port", &refusal.port)?;
    object.put("addresses", refusal.addresses.as_slice())?;
    object.put("provider", &refusal.provider.map(|provider| provider.name))?;
    object
        .put("route", &Route { oddities: refusal.oddities, folds: refusal.folds, steps: &refusal.route })?;
    object.put_text("detail", refusal.denied.detail())?;
    object.put("href", &())?;
    object.put_text("policy", Some(refusal.policy))?;
    object.put("rule", &refusal.rule)
}

/// A JSON object being written: its keys are our own words, which need no escapes.
struct Object<'o> {
    out: &'o mut Vec<u8>,
    separator: u8,
}

impl Object<'_> {
    fn key(&mut self, key: &str) {
        self.out.extend_from_slice(&[self.separator, b'"']);
        self.out.extend_from_slice(key.as_bytes());
        self.out.extend_from_slice(b"\":");
        self.separator = b',';
    }

    fn put(&mut self, key: &str, value: &(impl Serialize + ?Sized)) -> io::Result<()> {
        self.key(key);
        Ok(serde_json::to_writer(&mut *self.out, value)?)
    }

    /// A text that is probably long, and probably needs no escapes.
    fn put_text(&mut self, key: &str, text: Option<&str>) -> io::Result<()> {
        match text.map(str::as_bytes) {
            Some(plain) if all(plain, needs_no_escape) => {
                self.key(key);
                self.out.push(b'"');
                self.out.extend_from_slice(plain);
                self.out.push(b'"');
                Ok(())
            }
            _ => self.put(key, &text),
        }
    }

    /// The host as it stands in a URL.
    fn put_host(&mut self, host: Option<&Host<'_>>) -> io::Result<()> {
        match host {
            Some(Host::Name(name)) => self.put_text("host", Some(name)),
            Some(address) => self.put("host", &format_args!("{address}")),
            None => self.put("host", &()),
        }
    }
}

/// What was folded on the way and, for what was denied, the steps into the address.
struct Route<'r> {
    oddities: Oddities,
    folds: Folds,
    steps: &'r [Step],
}

impl Serialize for Route<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let folded = self.oddities.iter().map(Oddity::as_str).chain(self.folds.iter().map(Fold::as_str));
        let steps = self.steps.iter().map(|step| Cow::Owned(step.to_string()));
        to.collect_seq(folded.map(Cow::Borrowed).chain(steps))
    }
}

pub(super) fn text(out: &mut Vec<u8>, url: &[u8], verdict: &Verdict<'_>) -> io::Result<()> {
    out.extend_from_slice(if verdict.is_ok() { b"allow " } else { b"deny  " });
    show(out, url);
    match verdict {
        Ok(target) => {
            if let Some(denied) = &target.reported {
                write!(out, " (report only: {denied})")?;
            }
        }
        Err(refusal) => {
            write!(out, " {}", refusal.denied)?;
            let detail = refusal.denied.detail().unwrap_or_default();
            // What it would have reached matters more than how it was written, and the detail may have the latter only.
            if let Some(provider) = refusal.provider.filter(|provider| !detail.contains(provider.name)) {
                write!(out, " (the `{}` service)", provider.name)?;
            }
        }
    }
    out.push(b'\n');
    Ok(())
}

pub(super) fn explained(
    out: &mut Vec<u8>,
    checker: &UrlChecker,
    url: &[u8],
    verdict: &Verdict<'_>,
) -> io::Result<()> {
    writeln!(out, "{}\n", onehop_url::explain(checker, url, verdict))
}

/// Writes input as people can see it, without what would move the cursor, turn the direction of writing or be invisible.
fn show(out: &mut Vec<u8>, url: &[u8]) {
    if all(url, is_printable) {
        out.extend_from_slice(url);
        return;
    }
    let mut bytes = [0; 4];
    for character in String::from_utf8_lossy(url).chars() {
        if character == ' ' || character.is_ascii_graphic() {
            out.extend_from_slice(character.encode_utf8(&mut bytes).as_bytes());
        } else {
            let escaped = character.escape_debug();
            escaped.for_each(|part| out.extend_from_slice(part.encode_utf8(&mut bytes).as_bytes()));
        }
    }
}

/// Looks at every byte, so that several can be looked at in one step.
fn all(bytes: &[u8], is_good: impl Fn(u8) -> bool) -> bool {
    bytes.iter().fold(true, |good, byte| good & is_good(*byte))
}

fn is_printable(byte: u8) -> bool {
    matches!(byte, b' '..=b'~')
}

/// As a part of a JSON string.
fn needs_no_escape(byte: u8) -> bool {
    matches!(byte, b' ' | b'!' | b'#'..=b'[' | b']'..=b'~')
}

#[cfg(test)]
mod tests {
    use super::show;

    #[test]
    fn what_a_terminal_would_obey_or_hide_is_escaped() {
        for (name, input, want) in [
            ("plain", "http://a.example/\\@'\"", "http://a.example/\\@'\""),
            ("letters of other scripts", "http://bücher.例え/①", "http://bücher.例え/①"),
            ("an escape sequence", "\u{1b}[31m\u{9b}", "\\u{1b}[31m\\u{9b}"),
            ("line ends and tabs", "a\rb\tc\u{2028}d\u{85}", "a\\rb\\tc\\u{2028}d\\u{85}"),
            ("the direction of writing", "a\u{202e}b\u{2066}", "a\\u{202e}b\\u{2066}"),
            ("what has no width", "a\u{ad}\u{200b}\u{200d}\u{feff}", "a\\u{ad}\\u{200b}\\u{200d}\\u{feff}"),
            ("spaces that are none", "a\u{a0}b\u{3000}c", "a\\u{a0}b\\u{3000}c"),
        ] {
            let mut out = Vec::new();
            show(&mut out, input.as_bytes());
            assert_eq!(String::from_utf8_lossy(&out), want, "{name}");
        }
    }
}
