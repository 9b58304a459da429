//! Tells in words, with one drawing, how bytes became a host and an address.
//!
//! Total: any bytes have an explanation.

use crate::checker::{Strictness, UrlChecker};
use crate::survey::Survey;
use crate::target::{Refusal, Target};
use crate::views::{self, Look, View};
use onehop_address::spelling::{self, Fold, Host};
use std::fmt::{self, Write as _};

/// Explains the verdict on a URL. Lines of text, without the last line feed; what a terminal would obey or hide is
/// escaped.
pub fn explain(checker: &UrlChecker, url: &[u8], verdict: &Result<Target<'_>, Refusal<'_>>) -> String {
    let mut out = String::new();
    // Writing to a String cannot fail.
    let _ = write_all(&mut out, checker, url, verdict);
    out
}

fn write_all(
    out: &mut String,
    checker: &UrlChecker,
    url: &[u8],
    verdict: &Result<Target<'_>, Refusal<'_>>,
) -> fmt::Result {
    let head = &url[..url.len().min(checker.max_bytes())];
    let text = String::from_utf8_lossy(head);
    writeln!(out, "bytes     {}", shown(&text))?;
    if head.len() == url.len() && std::str::from_utf8(url).is_ok() {
        steps(out, &text)?;
        looks(out, &text)?;
    }
    match verdict {
        Ok(target) => allowed(out, checker, target),
        Err(refusal) => denied(out, refusal),
    }
}

/// The drawing: from the bytes to the host.
fn steps(out: &mut String, text: &str) -> fmt::Result {
    let cleaned = views::cleaned(text);
    if cleaned != text {
        writeln!(out, "   │ control characters, tabs and line ends dropped")?;
        writeln!(out, "   ▼ {}", shown(&cleaned))?;
    }
    let Some(split) = views::split(&cleaned) else {
        return writeln!(out, "   ▼ no scheme");
    };
    let userinfo = if split.userinfo.is_some() { " │ user ****" } else { "" };
    let port = split.port.map(|port| format!(" │ port {}", shown(port))).unwrap_or_default();
    writeln!(out, "   │ split")?;
    writeln!(
        out,
        "   ▼ {} │ {}{userinfo} │ host {}{port}",
        shown(split.scheme),
        shown(split.slashes),
        shown(split.host)
    )?;
    match spelling::read(split.host) {
        Err(unreadable) => writeln!(out, "   ▼ {unreadable}"),
        Ok(reading) => {
            if !reading.folds.is_empty() {
                let words: Vec<&str> = reading.folds.iter().map(in_words).collect();
                writeln!(out, "   │ {}", words.join("; "))?;
            }
            writeln!(out, "   ▼ {}", shown(&reading.host.to_string()))
        }
    }
}

/// What each family of readers takes for the host, if they differ.
fn looks(out: &mut String, text: &str) -> fmt::Result {
    let survey = Survey::of(text);
    if survey.hosts().count() < 2 {
        return Ok(());
    }
    for view in View::ALL {
        match view.look(text) {
            Look::Host(host) => writeln!(out, "{:9} sees the host {}", view.as_str(), shown(&host))?,
            Look::Nothing => writeln!(out, "{:9} refuses it", view.as_str())?,
        }
    }
    Ok(())
}

fn allowed(out: &mut String, checker: &UrlChecker, target: &Target<'_>) -> fmt::Result {
    writeln!(out, "host      {}, port {}", target.site.host, target.site.port)?;
    match (target.addresses.as_slice(), &target.site.host) {
        ([], Host::Name(_)) => {
            writeln!(out, "address   not resolved: whoever connects must judge every answer")?;
        }
        (addresses, _) => {
            for address in addresses {
                writeln!(out, "address   {address} is {}", checker.classifier().classify(*address).class())?;
            }
        }
    }
    if let Some(denied) = &target.reported {
        writeln!(out, "reported  {denied}")?;
    }
    let mode = match checker.strictness() {
        Strictness::Strict => "strict",
        Strictness::Compat => "compat",
    };
    write!(
        out,
        "verdict   allowed in {mode} mode by policy `{}`: fetch {}",
        target.policy,
        shown(&target.href)
    )
}

fn denied(out: &mut String, refusal: &Refusal<'_>) -> fmt::Result {
    if let Some(host) = &refusal.host {
        writeln!(out, "host      {host}")?;
    }
    for address in refusal.addresses.as_slice() {
        writeln!(out, "address   {address} is {}", onehop_address::classify(*address).class())?;
    }
    for step in &refusal.route {
        writeln!(out, "   └──▶   {step} is {}", onehop_address::classify(step.address.into()).class())?;
    }
    if let Some(provider) = refusal.provider {
        writeln!(out, "service   {} ({})", provider.name, provider.source)?;
    }
    writeln!(out, "verdict   denied by policy `{}`: {}", refusal.policy, refusal.denied)?;
    write!(out, "meaning   {}", refusal.code().meaning())
}

/// Text as people can see it, without what would move the cursor, turn the direction of writing or be invisible.
fn shown(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        let is_plain = character == ' ' || character.is_ascii_graphic();
        if is_plain { shown.push(character) } else { shown.extend(character.escape_debug()) }
    }
    shown
}

fn in_words(fold: Fold) -> &'static str {
    match fold {
        Fold::Case => "capital letters made small",
        Fold::Percent => "percent-encoding decoded",
        Fold::FullWidth => "full-width characters folded to ASCII",
        Fold::Enclosed => "enclosed characters folded to ASCII",
        Fold::ForeignDot => "dots of other scripts folded to `.`",
        Fold::Compatible => "compatible characters folded to ASCII",
        Fold::Invisible => "invisible characters dropped",
        Fold::NonAscii => "characters beyond ASCII remain",
        Fold::TrailingDot => "the dot at the end cut off",
        Fold::HexIpv4 => "hexadecimal parts of an IPv4 address",
        Fold::OctalIpv4 => "octal parts of an IPv4 address",
        Fold::ShortIpv4 => "an IPv4 address in fewer than four parts",
        Fold::SingleNumberIpv4 => "an IPv4 address as a single number",
        Fold::BracketedIpv4 => "IPv4 in brackets",
        Fold::Zone => "a zone identifier cut off",
        other => other.as_str(),
    }
}

#[cfg(test)]
mod tests {
    use super::explain;
    use crate::{Strictness, UrlChecker};

    fn explained(url: &str) -> String {
        let checker = UrlChecker::new(Strictness::Strict);
        let verdict = checker.check(url.as_bytes()).map(onehop_verdict::Permit::consume);
        explain(&checker, url.as_bytes(), &verdict)
    }

    #[test]
    fn a_spelling_is_told_step_by_step() {
        let text = explained("http://me:secret@0251.0376.43518/\u{7}");
        for line in [
            "bytes     http://me:secret@0251.0376.43518/\\u{7}",
            "http │ // │ user **** │ host 0251.0376.43518",
            "octal parts of an IPv4 address; an IPv4 address in fewer than four parts",
            "▼ 169.254.169.254",
            "service   ec2",
            "denied by policy `builtin`: URL-CONTROL",
        ] {
            assert!(text.contains(line), "{line:?} in:\n{text}");
        }
    }

    #[test]
    fn what_a_terminal_would_obey_or_hide_is_escaped() {
        for (name, url, wanted) in [
            ("direction of writing", "http://a.example/\u{202e}gpj\u{2066}", "/\\u{202e}gpj\\u{2066}"),
            ("no width", "http://a\u{200b}\u{ad}.example/\u{feff}", "a\\u{200b}\\u{ad}.example/\\u{feff}"),
            ("control", "http://a.example/\u{1b}[31m\u{9b}", "/\\u{1b}[31m\\u{9b}"),
            ("spaces and line ends", "http://a.example/\u{a0}\u{2028}", "/\\u{a0}\\u{2028}"),
            ("letters of other scripts", "http://b\u{fc}cher.例え/", "http://b\u{fc}cher.例え/"),
        ] {
            let text = explained(url);
            assert!(text.contains(wanted), "{name}:\n{text}");
            let left = |character: char| character != '\n' && character.escape_debug().len() > 1;
            let left: Vec<char> = text.chars().filter(|c| left(*c) && !c.is_ascii()).collect();
            assert!(left.is_empty(), "{name}: {left:?} in\n{text}");
        }
    }

    #[test]
    fn a_disagreement_shows_every_reader() {
        let text = explained("http://8.8.8.8:80\\@127.0.0.1/");
        assert!(text.contains("whatwg    sees the host 8.8.8.8"), "{text}");
        assert!(text.contains("curl      sees the host 127.0.0.1"), "{text}");
    }

    #[test]
    fn an_allowed_url_is_told_too() {
        let text = explained("https://example.com/x");
        assert!(text.contains("not resolved") && text.ends_with("fetch https://example.com/x"), "{text}");
    }

    #[test]
    fn an_embedding_shows_its_route() {
        let text = explained("http://[64:ff9b::a9fe:a9fe]/");
        assert!(text.contains("└──▶   nat64/96 169.254.169.254 is link-local"), "{text}");
    }
}
