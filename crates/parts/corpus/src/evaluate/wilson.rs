//! The interval in which a share lies, given how often it was seen.
//!
//! Wilson's score interval, E. B. Wilson, "Probable inference, the law of succession, and statistical inference",
//! 1927: stays within 0 and 1 and is right for few cases and for shares near the ends, where the usual one is not.
//! Nothing fails: no cases are any share.

/// The normal deviate of 95 %.
pub const Z_95: f64 = 1.959_963_984_540_054;

/// From `low` to `high`, both shares from 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize)]
pub struct Interval {
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

/// The share of `hits` in `cases`, as an interval that holds the true share with the confidence of `z`
/// ([`Z_95`]).
#[expect(clippy::cast_precision_loss, reason = "counts of lines are far below 2^52")]
pub fn wilson(hits: u64, cases: u64, z: f64) -> Interval {
    if cases == 0 {
        return Interval { low: 0.0, high: 1.0 };
    }
    let (hits, n) = (hits.min(cases) as f64, cases as f64);
    let share = hits / n;
    let z2 = z * z;
    let scale = 1.0 + z2 / n;
    let middle = (share + z2 / (2.0 * n)) / scale;
    let half = z / scale * (share * (1.0 - share) / n + z2 / (4.0 * n * n)).sqrt();
    // Rounding would put the ends of certain outcomes just beside 0 and 1.
    let low = if hits > 0.0 { (middle - half).max(0.0) } else { 0.0 };
    let high = if hits < n { (middle + half).min(1.0) } else { 1.0 };
    Interval { low, high }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_intervals() {
        // R. G. Newcombe, "Two-sided confidence intervals for the single proportion", 1998, table I, method 3.
        let cases = [
            (81, 263, 0.2553, 0.3662),
            (15, 148, 0.0624, 0.1605),
            (0, 20, 0.0, 0.1611),
            (1, 29, 0.0061, 0.1718),
            (20, 20, 0.8389, 1.0),
        ];
        for (hits, n, low, high) in cases {
            let interval = wilson(hits, n, Z_95);
            assert!((interval.low - low).abs() < 5e-5, "{hits}/{n}: {interval:?}");
            assert!((interval.high - high).abs() < 5e-5, "{hits}/{n}: {interval:?}");
        }
        assert_eq!(wilson(0, 0, Z_95), Interval { low: 0.0, high: 1.0 });
    }

    #[test]
    fn the_share_is_inside_and_more_cases_make_it_narrower() {
        for hits in 0..=50 {
            let few = wilson(hits, 50, Z_95);
            let many = wilson(hits * 100, 5000, Z_95);
            #[expect(clippy::cast_precision_loss, reason = "small numbers")]
            let share = hits as f64 / 50.0;
            assert!(few.low <= share && share <= few.high);
            assert!(many.high - many.low < few.high - few.low);
        }
    }
}
