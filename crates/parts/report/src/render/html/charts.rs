//! Counts as drawings: bars, and columns over time. Bounded, however many findings there are.

use crate::clock::rfc3339;
use crate::excerpt::visible;
use crate::render::{escaped, markup};
use crate::severity::Severity;
use std::collections::BTreeMap;
use std::io::{self, Write};
use time::OffsetDateTime;

/// Most names that are counted one by one.
const NAMES_MAX: usize = 500;
/// Bars of a drawing.
const BARS: usize = 8;
/// Most columns of a drawing over time.
const COLUMNS: usize = 120;
/// Height of the columns, in units of the drawing.
const HEIGHT: u64 = 80;

/// How often each name was seen.
#[derive(Default)]
pub(super) struct Tally {
    counts: BTreeMap<String, u64>,
    other: u64,
}

impl Tally {
    pub(super) fn add(&mut self, name: &str) {
        if let Some(count) = self.counts.get_mut(name) {
            *count += 1;
        } else if self.counts.len() < NAMES_MAX {
            self.counts.insert(name.to_owned(), 1);
        } else {
            self.other += 1;
        }
    }
}

/// The most frequent names, as buttons that filter; `front` are the words that stand before the name in a finding.
pub(super) fn bars(out: &mut impl Write, title: &str, front: &str, tally: &Tally) -> io::Result<()> {
    let mut sorted: Vec<(&String, u64)> = tally.counts.iter().map(|(name, count)| (name, *count)).collect();
    sorted.sort_by(|(one, few), (two, many)| many.cmp(few).then(one.cmp(two)));
    let Some((_, most)) = sorted.first().copied() else { return Ok(()) };
    let rest: u64 = sorted.iter().skip(BARS).map(|(_, count)| count).sum::<u64>() + tally.other;
    writeln!(out, "<figure class=\"bars\"><figcaption>{title}</figcaption>")?;
    for (name, count) in sorted.into_iter().take(BARS) {
        out.write_all(b"<button type=\"button\" data-words=\"")?;
        // Joined names, such as those of encodings, are not beside one another in a finding.
        let words = if front.is_empty() { name.replace(" + ", " ") } else { format!("\"{front}{name}\"") };
        escaped(out, &visible(&words), markup)?;
        out.write_all(b"\" title=\"")?;
        escaped(out, &visible(name), markup)?;
        out.write_all(b"\"><span>")?;
        escaped(out, &visible(name), markup)?;
        let width = (count * 100).div_ceil(most.max(1));
        writeln!(
            out,
            "</span><svg viewBox=\"0 0 100 10\" preserveAspectRatio=\"none\" aria-hidden=\"true\">\
             <rect width=\"{width}\" height=\"10\"/></svg><b>{count}</b></button>"
        )?;
    }
    if rest > 0 {
        writeln!(out, "<p class=\"note\">{rest} more</p>")?;
    }
    out.write_all(b"</figure>\n")
}

/// Findings over time, in columns of one width, which doubles when there would be too many of them.
pub(super) struct OverTime {
    /// Seconds of a column.
    width: i64,
    columns: BTreeMap<i64, [u64; Severity::ALL.len()]>,
}

impl Default for OverTime {
    fn default() -> Self {
        OverTime { width: 1, columns: BTreeMap::new() }
    }
}

impl OverTime {
    pub(super) fn add(&mut self, seconds: i64, severity: Severity) {
        self.columns.entry(seconds.div_euclid(self.width)).or_default()[severity.index()] += 1;
        while self.span() > i64::try_from(COLUMNS).unwrap_or(i64::MAX) {
            self.width *= 2;
            let mut wider: BTreeMap<i64, [u64; Severity::ALL.len()]> = BTreeMap::new();
            for (column, counts) in std::mem::take(&mut self.columns) {
                let sums = wider.entry(column.div_euclid(2)).or_default();
                sums.iter_mut().zip(counts).for_each(|(sum, count)| *sum += count);
            }
            self.columns = wider;
        }
    }

    /// Columns from the first to the last.
    fn span(&self) -> i64 {
        match (self.columns.first_key_value(), self.columns.last_key_value()) {
            (Some((first, _)), Some((last, _))) => last - first + 1,
            _ => 0,
        }
    }

    /// A drawing, if there is more than one moment.
    pub(super) fn draw(&self, out: &mut impl Write) -> io::Result<()> {
        let (Some((first, _)), true) = (self.columns.first_key_value(), self.columns.len() > 1) else {
            return Ok(());
        };
        let most = self.columns.values().map(|counts| counts.iter().sum::<u64>()).max().unwrap_or(1).max(1);
        let span = self.span();
        writeln!(
            out,
            "<figure class=\"overtime\"><figcaption>Over time: {} a column, the highest has {most}</figcaption>\n\
             <svg viewBox=\"0 0 {} {HEIGHT}\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"Findings over time\">",
            crate::clock::gap(OffsetDateTime::UNIX_EPOCH, moment(self.width)),
            span * 10,
        )?;
        for (column, counts) in &self.columns {
            let mut below = 0;
            for (severity, count) in
                Severity::ALL.into_iter().zip(counts).rev().filter(|(_, count)| **count > 0)
            {
                let height = (count * HEIGHT).div_ceil(most).min(HEIGHT - below);
                below += height;
                writeln!(
                    out,
                    "<rect class=\"{severity}\" x=\"{}\" y=\"{}\" width=\"9\" height=\"{height}\"><title>{} {severity}, {count}</title></rect>",
                    (column - first) * 10,
                    HEIGHT - below,
                    rfc3339(moment(column * self.width)),
                )?;
            }
        }
        let last = (first + span) * self.width;
        writeln!(
            out,
            "</svg><p class=\"ends\"><span>{}</span><span>{}</span></p></figure>",
            rfc3339(moment(first * self.width)),
            rfc3339(moment(last))
        )
    }
}

fn moment(seconds: i64) -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(seconds).unwrap_or(OffsetDateTime::UNIX_EPOCH)
}

#[cfg(test)]
mod tests {
    use super::{COLUMNS, NAMES_MAX, OverTime, Tally, bars};
    use crate::Severity;

    #[test]
    fn columns_grow_wider_and_lose_nothing() {
        let mut over_time = OverTime::default();
        for seconds in [0, 1, 1, 60, -86_400, 1_800_000_000, i64::from(i32::MAX)] {
            over_time.add(seconds, Severity::High);
        }
        assert!(over_time.span() <= i64::try_from(COLUMNS).expect("it is small"));
        assert_eq!(over_time.columns.values().flatten().sum::<u64>(), 7);
    }

    #[test]
    fn names_are_bounded_and_the_most_frequent_come_first() {
        let mut tally = Tally::default();
        for name in 0..NAMES_MAX * 2 {
            tally.add(&format!("name {name}"));
        }
        for _ in 0..3 {
            tally.add("name 7");
        }
        let mut drawn = Vec::new();
        bars(&mut drawn, "By name", "", &tally).expect("a vector can be written to");
        let drawn = String::from_utf8(drawn).expect("it is text");
        assert!(drawn.find("name 7<").expect("it is there") < drawn.find("name 0<").expect("it is there"));
        assert!(drawn.contains("992 more"), "{drawn}");
    }
}
