//! Functions over times. What asks for the present is not known.

use super::Args;
use crate::value::{Outcome, Val};
use crate::world::World;
use time::format_description::well_known::Rfc3339;
use time::{Duration, OffsetDateTime};

/// Calls a function of this group, if it is one.
pub(super) fn call(world: &mut World<'_>, name: &str, args: &Args<'_>) -> Option<Outcome> {
    Some(match name {
        "timestamp" | "plantimestamp" => Err(args.unknown()),
        "timecmp" => compare(args),
        "timeadd" => add(args),
        "formatdate" => format_date(args).map(|text| world.bounded_text(text)),
        _ => return None,
    })
}

fn time(args: &Args<'_>, at: usize) -> Outcome<OffsetDateTime> {
    OffsetDateTime::parse(&args.text(at)?, &Rfc3339).map_err(|_| args.wrong())
}

fn compare(args: &Args<'_>) -> Outcome {
    Ok(Val::number(match time(args, 0)?.cmp(&time(args, 1)?) {
        std::cmp::Ordering::Less => -1.0,
        std::cmp::Ordering::Equal => 0.0,
        std::cmp::Ordering::Greater => 1.0,
    }))
}

fn add(args: &Args<'_>) -> Outcome {
    let (start, span) = (time(args, 0)?, args.text(1)?);
    let sum = duration(&span).and_then(|span| start.checked_add(span));
    let text = sum.and_then(|sum| sum.format(&Rfc3339).ok());
    text.map(Val::text).ok_or_else(|| args.wrong())
}

/// `1h30m`, `-10s`: numbers with units, the sign in front of all of them.
fn duration(text: &str) -> Option<Duration> {
    let (sign, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (-1.0, rest),
        None => (1.0, text.strip_prefix('+').unwrap_or(text)),
    };
    if rest == "0" {
        return Some(Duration::ZERO);
    }
    let mut sum = 0.0;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let count: f64 = rest[..digits].parse().ok()?;
        let behind = &rest[digits..];
        let end = behind.find(|c: char| c.is_ascii_digit() || c == '.').unwrap_or(behind.len());
        let seconds = match &behind[..end] {
            "h" => 3600.0,
            "m" => 60.0,
            "s" => 1.0,
            "ms" => 1e-3,
            "us" | "µs" | "μs" => 1e-6,
            "ns" => 1e-9,
            _ => return None,
        };
        sum += count * seconds;
        rest = &behind[end..];
    }
    (!text.is_empty()).then(|| Duration::checked_seconds_f64(sign * sum))?
}

/// `formatdate(spec, time)`: runs of one letter are parts of the time, `'…'` is text.
fn format_date(args: &Args<'_>) -> Outcome<String> {
    let (spec, time) = (args.text(0)?, time(args, 1)?);
    let mut made = String::new();
    let mut rest = &*spec;
    while let Some(first) = rest.chars().next() {
        if first == '\'' {
            let (text, behind) = quoted(&rest[1..]).ok_or_else(|| args.wrong())?;
            made.push_str(&text);
            rest = behind;
            continue;
        }
        let run = &rest[..rest.find(|c| c != first).unwrap_or(rest.len())];
        rest = &rest[run.len()..];
        if first.is_ascii_alphabetic() {
            made.push_str(&part(run, time).ok_or_else(|| args.wrong())?);
        } else {
            made.push_str(run);
        }
    }
    Ok(made)
}

/// Text up to a `'` that is not doubled, and what is behind it.
fn quoted(text: &str) -> Option<(String, &str)> {
    let mut made = String::new();
    let mut rest = text;
    loop {
        let (before, behind) = rest.split_once('\'')?;
        made.push_str(before);
        match behind.strip_prefix('\'') {
            Some(behind) => {
                made.push('\'');
                rest = behind;
            }
            None => return Some((made, behind)),
        }
    }
}

fn part(run: &str, time: OffsetDateTime) -> Option<String> {
    let of_twelve = (time.hour() + 11) % 12 + 1;
    let half = if time.hour() < 12 { "am" } else { "pm" };
    let short = |name: String| name.chars().take(3).collect::<String>();
    Some(match run {
        "YYYY" => format!("{:04}", time.year()),
        "YY" => format!("{:02}", time.year().rem_euclid(100)),
        "MMMM" => time.month().to_string(),
        "MMM" => short(time.month().to_string()),
        "MM" => format!("{:02}", u8::from(time.month())),
        "M" => u8::from(time.month()).to_string(),
        "DD" => format!("{:02}", time.day()),
        "D" => time.day().to_string(),
        "EEEE" => time.weekday().to_string(),
        "EEE" => short(time.weekday().to_string()),
        "hh" => format!("{:02}", time.hour()),
        "h" => time.hour().to_string(),
        "HH" => format!("{of_twelve:02}"),
        "H" => of_twelve.to_string(),
        "AA" => half.to_uppercase(),
        "aa" => half.to_owned(),
        "mm" => format!("{:02}", time.minute()),
        "m" => time.minute().to_string(),
        "ss" => format!("{:02}", time.second()),
        "s" => time.second().to_string(),
        zone => return offset(zone, time),
    })
}

fn offset(zone: &str, time: OffsetDateTime) -> Option<String> {
    let offset = time.offset();
    let (sign, (hours, minutes, _)) = (if offset.is_negative() { '-' } else { '+' }, offset.as_hms());
    let (hours, minutes) = (hours.abs(), minutes.abs());
    Some(match zone {
        "Z" | "ZZZ" if offset.is_utc() => if zone == "Z" { "Z" } else { "UTC" }.to_owned(),
        "Z" | "ZZZZZ" => format!("{sign}{hours:02}:{minutes:02}"),
        "ZZZ" | "ZZZZ" => format!("{sign}{hours:02}{minutes:02}"),
        _ => return None,
    })
}
