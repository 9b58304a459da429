//! Verdicts as lines: JSON for programs, text for people.

use onehop_address::spelling::{Fold, Folds};
use onehop_url::{Oddities, Refusal, Target, UrlChecker};
use serde::Serialize;
use std::io::{self, Write};
use std::net::IpAddr;

/// What was decided about one URL.
type Verdict<'a> = Result<Target<'a>, Refusal<'a>>;

/// The object of one line. The keys are a contract.
#[derive(Serialize)]
struct Line<'a> {
    r#type: &'static str,
    v: u8,
    input: &'a str,
    verdict: &'static str,
    code: Option<&'static str>,
    host: Option<String>,
    port: Option<u16>,
    addresses: &'a [IpAddr],
    provider: Option<&'static str>,
    route: Vec<String>,
    detail: Option<&'a str>,
    href: Option<&'a str>,
    policy: &'a str,
    rule: Option<usize>,
}

pub(super) fn json(out: &mut impl Write, url: &[u8], verdict: &Verdict<'_>) -> io::Result<()> {
    let input = String::from_utf8_lossy(url);
    let line = match verdict {
        Ok(target) => allowed(&input, target),
        Err(refusal) => denied(&input, refusal),
    };
    serde_json::to_writer(&mut *out, &line)?;
    out.write_all(b"\n")
}

fn allowed<'a>(input: &'a str, target: &'a Target<'_>) -> Line<'a> {
    let reported = target.reported.as_deref();
    Line {
        r#type: "check",
        v: 1,
        input,
        verdict: "allow",
        code: reported.map(|denied| denied.code().as_str()),
        host: Some(target.site.host.to_string()),
        port: Some(target.site.port),
        addresses: target.addresses.as_slice(),
        provider: None,
        route: route(target.oddities, target.folds),
        detail: reported.and_then(|denied| denied.detail()),
        href: Some(&target.href),
        policy: target.policy,
        rule: target.rule,
    }
}

fn denied<'a>(input: &'a str, refusal: &'a Refusal<'_>) -> Line<'a> {
    let mut route = route(refusal.oddities, refusal.folds);
    route.extend(refusal.route.iter().map(ToString::to_string));
    Line {
        r#type: "check",
        v: 1,
        input,
        verdict: "deny",
        code: Some(refusal.code().as_str()),
        host: refusal.host.as_ref().map(ToString::to_string),
        port: refusal.port,
        addresses: refusal.addresses.as_slice(),
        provider: refusal.provider.map(|provider| provider.name),
        route,
        detail: refusal.denied.detail(),
        href: None,
        policy: refusal.policy,
        rule: refusal.rule,
    }
}

/// What was folded on the way, in words.
fn route(oddities: Oddities, folds: Folds) -> Vec<String> {
    let oddities = oddities.iter().map(onehop_url::Oddity::as_str);
    oddities.chain(folds.iter().map(Fold::as_str)).map(str::to_owned).collect()
}

pub(super) fn text(out: &mut impl Write, url: &[u8], verdict: &Verdict<'_>) -> io::Result<()> {
    let input = shown(url);
    match verdict {
        Ok(target) => match &target.reported {
            None => writeln!(out, "allow {input}"),
            Some(denied) => writeln!(out, "allow {input} (report only: {denied})"),
        },
        Err(refusal) => writeln!(out, "deny  {input} {}", refusal.denied),
    }
}

pub(super) fn explained(
    out: &mut impl Write,
    checker: &UrlChecker,
    url: &[u8],
    verdict: &Verdict<'_>,
) -> io::Result<()> {
    writeln!(out, "{}\n", onehop_url::explain(checker, url, verdict))
}

/// Input as people can see it, without what would move the cursor.
fn shown(url: &[u8]) -> String {
    let text = String::from_utf8_lossy(url);
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        if character.is_control() || (character.is_whitespace() && character != ' ') {
            shown.extend(character.escape_default());
        } else {
            shown.push(character);
        }
    }
    shown
}
