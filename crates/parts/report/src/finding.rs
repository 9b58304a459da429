//! Something wrong, with a place.

use crate::excerpt::Excerpt;
use crate::facts::Facts;
use crate::place::{Place, Region};
use crate::rule::Rule;
use crate::severity::Severity;
use std::borrow::Cow;
use time::{Date, OffsetDateTime};

/// Something wrong, with a place.
///
/// Whatever strangers may have written is an [`Excerpt`] or a fact: bounded, visible, without credentials. Paths and
/// ids of resources stay exact, since programs look them up; renderers escape them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Finding {
    /// The id of the rule.
    pub rule: Cow<'static, str>,
    /// A few words, no full stop.
    pub title: Cow<'static, str>,
    /// How grave it is.
    pub severity: Severity,
    /// What is wrong here, in a sentence or two.
    pub message: Excerpt,
    /// Where.
    pub place: Place,
    /// What it is about by a name that stays when lines move, e.g. `aws_instance.web`. Findings in accounts need none.
    pub subject: Option<String>,
    /// The bytes that were found.
    pub matched: Excerpt,
    /// What they say under their encodings.
    pub decoded: Option<Excerpt>,
    /// The encodings, the outermost first.
    pub encodings: Vec<Layer>,
    /// What was asked for, in one spelling, e.g. `169.254.169.254`.
    pub target: Option<Excerpt>,
    /// Whose metadata service that is, by the name of the catalogue.
    pub provider: Option<Cow<'static, str>>,
    /// What else is known.
    pub facts: Facts,
    /// When it happened.
    pub time: Option<OffsetDateTime>,
    /// What to do.
    pub fix: Option<Fix>,
    /// Why it does not count, if it does not. [`Reporter`](crate::Reporter) sets it where the product did not.
    pub suppressed: Option<Suppression>,
    /// What happened, in order, if the finding is an incident.
    pub steps: Vec<Step>,
}

impl Finding {
    /// A finding of a rule, with its title and severity.
    pub fn of(rule: &Rule, message: impl Into<Excerpt>, place: Place) -> Finding {
        Finding {
            rule: Cow::Borrowed(rule.id),
            title: Cow::Borrowed(rule.title),
            severity: rule.severity,
            message: message.into(),
            place,
            ..Finding::default()
        }
    }

    /// The names of the encodings, the outermost first.
    pub fn encoding_names(&self) -> impl Iterator<Item = &str> {
        self.encodings.iter().map(|layer| layer.encoding.as_ref())
    }

    /// The texts from what was found to what it says, each with the encoding that hid it from the one before. Empty if
    /// nothing was hidden.
    pub(crate) fn chain(&self) -> Vec<(&str, Option<&Excerpt>)> {
        let last = self.encodings.len().saturating_sub(1);
        self.encodings
            .iter()
            .enumerate()
            .map(|(at, layer)| {
                let text = if at == last {
                    self.decoded.as_ref().or(layer.text.as_ref())
                } else {
                    layer.text.as_ref()
                };
                (layer.encoding.as_ref(), text)
            })
            .collect()
    }
}

/// One encoding that was taken off.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Layer {
    /// Its name, e.g. `percent`.
    pub encoding: Cow<'static, str>,
    /// What was seen once it was off, if that was kept.
    pub text: Option<Excerpt>,
}

impl From<&'static str> for Layer {
    fn from(encoding: &'static str) -> Self {
        Layer { encoding: Cow::Borrowed(encoding), text: None }
    }
}

/// What to do about a finding. These are the tool's own words: they are not masked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fix {
    /// In a sentence.
    pub text: Cow<'static, str>,
    /// A command that does it, if there is one.
    pub command: Option<String>,
    /// Changes to files that do it, if they are known.
    pub edits: Vec<Edit>,
}

/// A change to a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Edit {
    /// The file as it was named to the tool.
    pub path: String,
    /// The characters that go.
    pub region: Region,
    /// What comes in their place.
    pub insert: String,
}

/// Why a finding does not count.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Suppression {
    /// Somebody answers for it until a day.
    Excepted {
        /// Who.
        owner: String,
        /// The last day.
        until: Date,
        /// Why.
        reason: String,
    },
    /// It was there when the baseline was written.
    Known,
}

/// One thing that happened in an incident.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Step {
    /// When.
    pub time: Option<OffsetDateTime>,
    /// What kind of evidence it is; a lane of the drawing, e.g. `web`, `egress`, `cloudtrail`.
    pub lane: Cow<'static, str>,
    /// Where it was seen.
    pub place: Place,
    /// What happened.
    pub text: Excerpt,
}
