//! Verdicts and flaws, before they are put into words of a report.

use super::site::Site;
use onehop_code::{Resource, Span};
use onehop_posture::{Effective, Verdict};
use onehop_report::Rule;

/// What one resource comes out as.
#[derive(Clone, Debug)]
pub struct Judged {
    /// The resource's address, kind and language.
    pub subject: Subject,
    /// What it comes out as.
    pub verdict: Verdict,
    /// Every option with the level that decides it; none for services with a switch of their own.
    pub effective: Option<Effective>,
    /// What decides, in words.
    pub because: String,
    /// Where the deciding words stand, or where they should.
    pub span: Option<Span>,
}

/// A resource by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// Its address.
    pub address: String,
    /// Its kind as its language names it.
    pub kind: String,
    /// The language, for people.
    pub language: &'static str,
    /// What it is, for people.
    pub role: &'static str,
}

impl Subject {
    /// A resource that is so called for people.
    pub(super) fn of(resource: &Resource, role: &'static str) -> Subject {
        Subject {
            address: resource.address.clone(),
            kind: resource.kind.clone(),
            language: resource.language.name(),
            role,
        }
    }
}

/// A finding before it is put into words of a report.
#[derive(Clone, Debug)]
pub(super) struct Flaw {
    /// The rule.
    pub rule: &'static Rule,
    /// What is wrong here.
    pub message: String,
    /// Where.
    pub span: Option<Span>,
    /// About which resource.
    pub subject: Subject,
    /// The place in the list of judged resources, if it is about a verdict.
    pub judged: Option<usize>,
    /// The site that a fix would change.
    pub site: Option<usize>,
}

impl Flaw {
    /// Of a site, at the place of its tokens.
    pub(super) fn of_site((at, site): (usize, &Site<'_>), rule: &'static Rule, message: String) -> Flaw {
        let subject = Subject::of(site.resource, site.role.words());
        Flaw { rule, message, span: site.tokens_span(), subject, judged: None, site: Some(at) }
    }

    /// Of a resource that is no site, and what that is for people.
    pub(super) fn of_resource(
        (resource, what): (&Resource, &'static str),
        rule: &'static Rule,
        message: String,
        span: Option<Span>,
    ) -> Flaw {
        let (subject, span) = (Subject::of(resource, what), span.or(resource.span));
        Flaw { rule, message, span, subject, judged: None, site: None }
    }
}

/// All verdicts and all flaws of one run through a language.
#[derive(Clone, Debug, Default)]
pub(super) struct Judgement {
    /// One for each resource that starts something, in the order of the code.
    pub judged: Vec<Judged>,
    /// In the order of the code.
    pub flaws: Vec<Flaw>,
}

impl Judgement {
    /// Adds a verdict, with the flaw that it is.
    pub(super) fn verdict(&mut self, judged: Judged, flaw: Option<Flaw>) {
        let place = self.judged.len();
        self.flaws.extend(flaw.map(|flaw| Flaw { judged: Some(place), ..flaw }));
        self.judged.push(judged);
    }
}
