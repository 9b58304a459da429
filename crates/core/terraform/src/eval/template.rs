//! Templates: text with values in it.

use super::loops;
use crate::syntax::Part;
use crate::value::{Outcome, Val};
use crate::world::{Env, LONGEST_TEXT, World};

impl World<'_> {
    /// A template. One that is a single value is that value, whatever its type.
    pub(crate) fn eval_template(&mut self, env: Env<'_>, parts: &[Part]) -> Val {
        if let [Part::Value(value)] = parts {
            return self.eval(env, value);
        }
        let mut text = String::new();
        match self.write(env, parts, &mut text) {
            Ok(()) => self.bounded_text(text),
            Err(unknown) => unknown,
        }
    }

    fn write(&mut self, env: Env<'_>, parts: &[Part], text: &mut String) -> Outcome<()> {
        for part in parts {
            if text.len() > LONGEST_TEXT {
                return Err(Val::bound("a long text"));
            }
            match part {
                Part::Text(more) => text.push_str(more),
                Part::Value(value) => text.push_str(&self.eval(env, value).to_text()?),
                Part::If { condition, yes, no } => {
                    let condition = self.eval(env, condition).to_bool()?;
                    self.write(env, if condition { yes } else { no }, text)?;
                }
                Part::For { key, value, over, parts } => {
                    let over = self.eval(env, over);
                    let Some(items) = loops::pairs(&over) else { return Err(loops::not_iterable(&over)) };
                    for (name, item) in items {
                        self.in_loop(env, key.as_ref(), value, name, item, |world, env| {
                            world.write(env, parts, text)
                        })?;
                    }
                }
            }
        }
        Ok(())
    }
}
