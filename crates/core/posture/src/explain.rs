//! One sentence that names level and value of every option.

use crate::options::Field;
use crate::resolve::{Effective, Gate, Resolved};
use std::fmt::{Display, Write as _};

impl Effective {
    /// One sentence: what it means, and for every option its value and the level that decides it.
    ///
    /// ```
    /// use onehop_posture::{Layers, resolve};
    /// assert_eq!(
    ///     resolve(&Layers::default()).explain(),
    ///     "IMDSv1 is allowed by the built-in default of EC2: tokens optional, endpoint enabled, hop limit 1, \
    ///      IPv6 endpoint disabled, tags in metadata disabled (all from the built-in default of EC2)."
    /// );
    /// ```
    pub fn explain(&self) -> String {
        let mut sentence = format!("{}: ", self.verdict());
        let mut parts: Vec<(String, String)> = Vec::with_capacity(5);
        for field in Field::ALL {
            parts.push(match field {
                Field::Tokens => part(field, &self.tokens),
                Field::Endpoint => part(field, &self.endpoint),
                Field::HopLimit => part(field, &self.hop_limit),
                Field::Ipv6 => part(field, &self.ipv6),
                Field::Tags => part(field, &self.tags),
            });
        }
        let mut left = parts.as_slice();
        while let Some((_, origin)) = left.first() {
            let same = left.iter().take_while(|(_, other)| other == origin).count();
            let (group, rest) = left.split_at(same);
            let values: Vec<&str> = group.iter().map(|(value, _)| value.as_str()).collect();
            let all = if same > 1 { "all " } else { "" };
            let _ = write!(sentence, "{} ({all}{origin})", values.join(", "));
            left = rest;
            sentence.push_str(if left.is_empty() { "" } else { ", " });
        }
        sentence.push_str(gate_words(&self.gate));
        sentence.push('.');
        sentence
    }
}

fn part<T: Copy + Display>(field: Field, resolved: &Resolved<T>) -> (String, String) {
    match resolved {
        Resolved::Known { value, level } => {
            (format!("{} {value}", field.words()), format!("from {}", level.words()))
        }
        Resolved::Unknown(why) => (
            format!("{} unknown", field.words()),
            format!("{} decides, not known because {}", why.level.words(), why.reason),
        ),
    }
}

const fn gate_words(gate: &Gate) -> &'static str {
    match gate {
        Gate::Open => "",
        Gate::Fails => "; the account enforces tokens, so such a launch fails",
        Gate::FailsUnlessRequired => {
            "; the account enforces tokens, so the launch fails unless they come out as required"
        }
        Gate::Unknown(_) => "; whether the account enforces tokens, and such a launch fails, is not known",
    }
}
