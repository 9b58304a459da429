//! Functions over numbers.

use super::Args;
use crate::value::{Data, Outcome, Val};
use crate::world::MOST_ITEMS;

/// Calls a function of this group, if it is one.
pub(super) fn call(name: &str, args: &Args<'_>) -> Option<Outcome> {
    let mapped = |with: fn(f64) -> f64| args.number(0).map(|value| Val::number(with(value)));
    Some(match name {
        "abs" => mapped(f64::abs),
        "ceil" => mapped(f64::ceil),
        "floor" => mapped(f64::floor),
        "signum" => mapped(|value| if value == 0.0 { 0.0 } else { value.signum() }),
        "min" => fold(args, f64::min),
        "max" => fold(args, f64::max),
        "sum" => sum(args),
        "pow" => both(args, f64::powf),
        "log" => both(args, f64::log),
        "range" => range(args),
        "parseint" => parse_int(args),
        _ => return None,
    })
}

fn fold(args: &Args<'_>, with: fn(f64, f64) -> f64) -> Outcome {
    let numbers: Vec<f64> = args.all.iter().map(Val::to_number).collect::<Outcome<_>>()?;
    numbers.into_iter().reduce(with).map(Val::number).ok_or_else(|| args.wrong())
}

fn sum(args: &Args<'_>) -> Outcome {
    let items = args.list(0)?;
    let numbers: Vec<f64> = items.iter().map(Val::to_number).collect::<Outcome<_>>()?;
    Ok(Val::number(numbers.into_iter().sum()))
}

fn both(args: &Args<'_>, with: fn(f64, f64) -> f64) -> Outcome {
    let value = with(args.number(0)?, args.number(1)?);
    if value.is_finite() { Ok(Val::number(value)) } else { Err(args.wrong()) }
}

/// `range(limit)`, `range(start, limit)`, `range(start, limit, step)`.
fn range(args: &Args<'_>) -> Outcome {
    let (start, limit) =
        if args.all.len() > 1 { (args.number(0)?, args.number(1)?) } else { (0.0, args.number(0)?) };
    let step = if args.all.len() > 2 {
        args.number(2)?
    } else if limit < start {
        -1.0
    } else {
        1.0
    };
    if step == 0.0 || (limit - start) * step < 0.0 {
        return Err(args.wrong());
    }
    let mut made = Vec::new();
    let mut next = start;
    while if step > 0.0 { next < limit } else { next > limit } {
        if made.len() >= MOST_ITEMS {
            return Err(Val::bound("a long list"));
        }
        made.push(Val::number(next));
        next += step;
    }
    Ok(Val::list(made))
}

fn parse_int(args: &Args<'_>) -> Outcome {
    let (text, base) = (args.text(0)?, args.index(1)?);
    let base = u32::try_from(base).ok().filter(|base| (2..=36).contains(base)).ok_or_else(|| args.wrong())?;
    let value = i64::from_str_radix(&text, base).map_err(|_| args.wrong())?;
    #[expect(clippy::cast_precision_loss, reason = "numbers of the language are doubles here")]
    Ok(Val::new(Data::Number(value as f64)))
}
