//! An incident as a drawing: a lane for each kind of evidence, a dot for each step, numbered as in the list below it.
//!
//! ```text
//! web         ①───╮
//! egress          ②────────╮            the wider, the longer between them: by its logarithm,
//! cloudtrail               ③            so that a second and a day both fit
//! ```

use crate::clock::{gap, rfc3339};
use crate::excerpt::visible;
use crate::finding::Step;
use crate::place::Place;
use crate::render::{escaped, markup};
use std::io::{self, Write};
use time::OffsetDateTime;

/// Steps of a drawing; the list has all of them.
const DRAWN_MAX: usize = 60;
/// Lanes of a drawing; what is beyond is in the last.
const LANES_MAX: usize = 12;
/// Room for the names of lanes, and between lanes and dots, in units of the drawing.
const LEFT: u64 = 130;
const LANE: u64 = 34;
const DOT: u64 = 10;
const GAP_MIN: u64 = 36;
/// What the width grows by when the time between two steps doubles.
const GAP_DOUBLED: u64 = 9;

/// Draws the steps, and lists them. Nothing if there are none.
pub(super) fn draw(out: &mut impl Write, steps: &[Step]) -> io::Result<()> {
    if steps.is_empty() {
        return Ok(());
    }
    picture(out, &steps[..steps.len().min(DRAWN_MAX)])?;
    out.write_all(b"<ol class=\"steps\">")?;
    let mut before = None;
    for step in steps {
        out.write_all(b"<li>")?;
        let time = step.time.map_or_else(|| "no time".into(), rfc3339);
        write!(out, "<time>{time}</time> ")?;
        if let (Some(before), Some(time)) = (before, step.time) {
            write!(out, "<span class=\"gap\">after {}</span> ", gap(before, time))?;
        }
        before = step.time.or(before);
        out.write_all(b"<b>")?;
        text(out, &step.lane)?;
        out.write_all(b"</b> ")?;
        text(out, step.text.as_str())?;
        if step.place != Place::Nowhere {
            out.write_all(b" <code class=\"place\">")?;
            text(out, &step.place.to_string())?;
            out.write_all(b"</code>")?;
        }
        out.write_all(b"</li>")?;
    }
    out.write_all(b"</ol>")
}

fn picture(out: &mut impl Write, steps: &[Step]) -> io::Result<()> {
    let lanes = lanes(steps);
    let lane_of = |step: &Step| {
        let at = lanes.iter().position(|lane| *lane == step.lane.as_ref()).unwrap_or(lanes.len() - 1);
        u64::try_from(at).unwrap_or(0) * LANE + LANE / 2
    };
    let places = places(steps);
    let width = places.last().copied().unwrap_or(LEFT) + 2 * DOT;
    let height = u64::try_from(lanes.len()).unwrap_or(1) * LANE;
    write!(
        out,
        "<div class=\"timeline\"><svg viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" role=\"img\" aria-label=\"What happened\">"
    )?;
    for (at, lane) in (0_u64..).zip(&lanes) {
        let y = at * LANE + LANE / 2;
        write!(
            out,
            "<line x1=\"{LEFT}\" x2=\"{width}\" y1=\"{y}\" y2=\"{y}\"/><text x=\"0\" y=\"{}\">",
            y + 4
        )?;
        text(out, &shortened(lane))?;
        out.write_all(b"</text>")?;
    }
    let points: Vec<String> =
        places.iter().zip(steps).map(|(x, step)| format!("{x},{}", lane_of(step))).collect();
    write!(out, "<polyline points=\"{}\"/>", points.join(" "))?;
    for ((number, x), step) in (1..).zip(&places).zip(steps) {
        let y = lane_of(step);
        out.write_all(b"<g><title>")?;
        text(out, &step.time.map(rfc3339).unwrap_or_default())?;
        out.write_all(b" ")?;
        text(out, step.text.as_str())?;
        write!(
            out,
            "</title><circle cx=\"{x}\" cy=\"{y}\" r=\"{DOT}\"/><text class=\"number\" x=\"{x}\" y=\"{}\">{number}</text></g>",
            y + 4
        )?;
    }
    out.write_all(b"</svg></div>")
}

/// Names in the order in which they come.
fn lanes(steps: &[Step]) -> Vec<&str> {
    let mut lanes: Vec<&str> = Vec::new();
    for step in steps {
        if lanes.len() < LANES_MAX && !lanes.contains(&step.lane.as_ref()) {
            lanes.push(&step.lane);
        }
    }
    lanes
}

/// Where each dot is, from the left.
fn places(steps: &[Step]) -> Vec<u64> {
    let mut x = LEFT + 2 * DOT;
    let mut before: Option<OffsetDateTime> = None;
    let mut places = Vec::with_capacity(steps.len());
    for (at, step) in steps.iter().enumerate() {
        if at > 0 {
            let seconds = match (before, step.time) {
                (Some(before), Some(time)) => (time - before).whole_seconds().unsigned_abs(),
                _ => 0,
            };
            x += GAP_MIN + GAP_DOUBLED * u64::from((seconds + 1).ilog2());
        }
        before = step.time.or(before);
        places.push(x);
    }
    places
}

fn shortened(lane: &str) -> String {
    if lane.chars().count() <= 16 { lane.to_owned() } else { lane.chars().take(15).chain(['…']).collect() }
}

fn text(out: &mut impl Write, text: &str) -> io::Result<()> {
    escaped(out, &visible(text), markup)
}
