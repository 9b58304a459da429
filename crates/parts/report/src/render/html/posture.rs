//! The posture of places as a drawing: what everything in each of them comes out as, good and bad, as one bar a place.
//!
//! It is drawn from the fact [`POSTURE`](crate::facts::POSTURE) of a run: `{"place": {"verdict": count}}`.

use crate::excerpt::visible;
use crate::render::{escaped, markup};
use serde_json::{Map, Value};
use std::io::{self, Write};

/// Places that are seen at once; the others are folded.
const SEEN: usize = 12;
/// Most places that are drawn.
const PLACES: usize = 400;
/// Width of a bar, in units of the drawing.
const WIDTH: u64 = 1000;

/// Verdicts in the order in which they are drawn, with the class of their colour: worst first.
const VERDICTS: [(&str, &str); 6] = [
    ("optional-explicit", "high"),
    ("optional-inherited", "medium"),
    ("unresolved", "low"),
    ("required-inherited", "fair"),
    ("required", "good"),
    ("disabled", "off"),
];

/// The drawing, if the run says what its places come out as.
pub(super) fn draw(out: &mut impl Write, posture: Option<&Value>) -> io::Result<()> {
    let Some(places) = posture.and_then(Value::as_object).filter(|places| !places.is_empty()) else {
        return Ok(());
    };
    out.write_all(b"<figure class=\"posture\"><figcaption>What it comes out as, by place</figcaption>\n<p class=\"legend\">")?;
    for (verdict, class) in VERDICTS {
        write!(
            out,
            "<span><svg viewBox=\"0 0 10 10\" aria-hidden=\"true\"><rect class=\"{class}\" width=\"10\" height=\"10\"/></svg>{verdict}</span>"
        )?;
    }
    out.write_all(b"</p>\n")?;
    let sorted = worst_first(places);
    let (seen, folded) = sorted.split_at(sorted.len().min(SEEN));
    for (place, counts) in seen {
        row(out, place, counts)?;
    }
    if !folded.is_empty() {
        writeln!(out, "<details><summary>{} more places</summary>", folded.len())?;
        for (place, counts) in folded.iter().take(PLACES - SEEN) {
            row(out, place, counts)?;
        }
        if sorted.len() > PLACES {
            writeln!(out, "<p class=\"note\">and {} that are not on this page</p>", sorted.len() - PLACES)?;
        }
        out.write_all(b"</details>\n")?;
    }
    out.write_all(b"</figure>\n")
}

/// Places at which something came out as something: those with the most that is bad first.
fn worst_first(places: &Map<String, Value>) -> Vec<(&str, &Value)> {
    let mut sorted: Vec<(&str, &Value)> = places
        .iter()
        .map(|(place, counts)| (place.as_str(), counts))
        .filter(|(_, counts)| total(counts) > 0)
        .collect();
    let bad = |counts: &Value| count(counts, VERDICTS[0].0) * 1000 + count(counts, VERDICTS[1].0);
    sorted.sort_by_key(|(place, counts)| (std::cmp::Reverse(bad(counts)), (*place).to_owned()));
    sorted
}

fn row(out: &mut impl Write, place: &str, counts: &Value) -> io::Result<()> {
    let total = total(counts);
    out.write_all(b"<button type=\"button\" data-words=\"")?;
    escaped(out, &visible(place), markup)?;
    out.write_all(b"\"><span>")?;
    escaped(out, &visible(place), markup)?;
    write!(out, "</span><svg viewBox=\"0 0 {WIDTH} 10\" preserveAspectRatio=\"none\" role=\"img\">")?;
    let mut left = 0;
    for (verdict, class) in VERDICTS {
        let share = count(counts, verdict);
        if share > 0 {
            let width = (share * WIDTH).div_ceil(total).min(WIDTH - left);
            write!(
                out,
                "<rect class=\"{class}\" x=\"{left}\" width=\"{width}\" height=\"10\"><title>{verdict}: {share}</title></rect>"
            )?;
            left += width;
        }
    }
    writeln!(out, "</svg><b>{total}</b></button>")
}

fn total(counts: &Value) -> u64 {
    VERDICTS.iter().map(|(verdict, _)| count(counts, verdict)).sum()
}

fn count(counts: &Value, verdict: &str) -> u64 {
    counts.get(verdict).and_then(Value::as_u64).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::draw;
    use serde_json::json;

    #[test]
    fn the_worst_place_comes_first_names_are_escaped_and_many_are_folded() {
        let posture = json!({
            "good": {"required": 3},
            "<bad>": {"optional-explicit": 1, "required": 1},
            "empty": {},
        });
        let mut drawn = Vec::new();
        draw(&mut drawn, Some(&posture)).expect("a vector can be written to");
        let drawn = String::from_utf8(drawn).expect("it is text");
        assert!(drawn.find("&lt;bad&gt;") < drawn.find(">good<"), "{drawn}");
        assert!(
            drawn.contains("x=\"500\" width=\"500\"") && !drawn.contains("<bad>") && !drawn.contains("empty")
        );
        let many: serde_json::Map<_, _> =
            (0..500).map(|at| (format!("place {at}"), json!({"required": 1}))).collect();
        let mut drawn = Vec::new();
        draw(&mut drawn, Some(&many.into())).expect("a vector can be written to");
        let drawn = String::from_utf8(drawn).expect("it is text");
        assert_eq!(drawn.matches("<button").count(), super::PLACES);
        assert!(drawn.contains("488 more places") && drawn.contains("and 100 that are not"), "{drawn}");
        let mut nothing = Vec::new();
        draw(&mut nothing, None).expect("a vector can be written to");
        assert!(nothing.is_empty());
    }
}
