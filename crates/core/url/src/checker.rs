//! The one door: bytes in, a permit or a refusal out.

use crate::judge::{self, Answers};
use crate::ordinary;
use crate::policy::{Mode, Policy};
use crate::resolver::Resolver;
use crate::survey::{self, Oddities, Oddity, Reading, Survey};
use crate::target::{Refusal, Target};
use onehop_address::Classifier;
use onehop_address::spelling::{Folds, Host};
use onehop_verdict::{Checker, Code, Denied, Permit};
use std::borrow::Cow;
use std::net::IpAddr;

/// Longest URL that is read unless another limit is set, in bytes: what common servers accept in a request line.
pub const URL_MAX_BYTES: usize = 8 * 1024;

/// What happens to a URL on which clients may disagree.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Strictness {
    /// It is refused, with a code that names the reason.
    #[default]
    Strict,
    /// It is read as the WHATWG family reads it, and the permit says what was folded. A host that another family
    /// sees must be allowed too.
    Compat,
}

/// Decides about URLs. Cheap to share; holds the policy and what is known of the network around.
///
/// ```
/// use onehop_url::{Strictness, UrlChecker};
/// let checker = UrlChecker::new(Strictness::Strict);
/// let permit = checker.check(b"https://example.com/logo.png").unwrap();
/// assert_eq!(permit.judged().site.port, 443);
/// let refusal = checker.check(b"http://0251.0376.43518/latest/").unwrap_err();
/// assert_eq!(refusal.code().as_str(), "URL-HOST-SPELLING");
/// assert_eq!(refusal.provider.unwrap().name, "ec2");
/// ```
#[derive(Clone, Debug)]
pub struct UrlChecker {
    strictness: Strictness,
    policy: Policy,
    classifier: Classifier,
    max_bytes: usize,
}

impl Checker for UrlChecker {}

impl UrlChecker {
    /// Decides by the built-in rules: `http` and `https` to public names and addresses.
    pub fn new(strictness: Strictness) -> Self {
        UrlChecker {
            strictness,
            policy: Policy::default(),
            classifier: Classifier::new(),
            max_bytes: URL_MAX_BYTES,
        }
    }

    /// Decides by this policy.
    #[must_use]
    pub fn with_policy(mut self, policy: Policy) -> Self {
        self.policy = policy;
        self
    }

    /// Judges addresses with what is known of the network around.
    #[must_use]
    pub fn with_classifier(mut self, classifier: Classifier) -> Self {
        self.classifier = classifier;
        self
    }

    /// Refuses longer URLs, in bytes. Default [`URL_MAX_BYTES`].
    #[must_use]
    pub fn with_max_bytes(mut self, max_bytes: usize) -> Self {
        self.max_bytes = max_bytes;
        self
    }

    /// The policy that decides.
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// The longest URL that is read, in bytes.
    pub fn max_bytes(&self) -> usize {
        self.max_bytes
    }

    /// What happens to a URL on which clients may disagree.
    pub fn strictness(&self) -> Strictness {
        self.strictness
    }

    pub(crate) fn classifier(&self) -> &Classifier {
        &self.classifier
    }

    /// Decides without resolving: a name is judged by its text, and the permit then holds no address.
    ///
    /// # Errors
    /// The refusal, with its code and everything that could be read.
    pub fn check<'a>(&'a self, url: &'a [u8]) -> Result<Permit<Target<'a>>, Refusal<'a>> {
        self.decide(url, Answers::Offline)
    }

    /// Decides with a resolver: a name is judged by its text, then by every answer.
    ///
    /// # Errors
    /// The refusal. A name without an answer is refused with `DNS-FAILED`.
    pub fn check_resolving<'a>(
        &'a self,
        url: &'a [u8],
        resolver: &dyn Resolver,
    ) -> Result<Permit<Target<'a>>, Refusal<'a>> {
        self.decide(url, Answers::Resolver(resolver))
    }

    /// Decides with answers that somebody has: what a client does right before it connects.
    ///
    /// # Errors
    /// The refusal.
    pub fn check_answers<'a>(
        &'a self,
        url: &'a [u8],
        answers: &[IpAddr],
    ) -> Result<Permit<Target<'a>>, Refusal<'a>> {
        self.decide(url, Answers::Given(answers))
    }

    fn decide<'a>(&'a self, url: &'a [u8], answers: Answers<'_>) -> Result<Permit<Target<'a>>, Refusal<'a>> {
        if url.len() > self.max_bytes {
            let detail = format!("the URL has {} bytes, more than {}", url.len(), self.max_bytes);
            return Err(self.unread(Denied::with_detail(Code::UrlTooLong, detail)));
        }
        if let Some((site, href)) = ordinary::read(url) {
            let href = Cow::Borrowed(href);
            let reading = Reading { site, href, oddities: Oddities::NONE, folds: Folds::NONE };
            return self.settle(reading, answers, None);
        }
        let text = std::str::from_utf8(url)
            .map_err(|_| self.unread(Denied::with_detail(Code::UrlMalformed, "the URL is not UTF-8")))?;
        self.with_care(text, Survey::of(text), answers)
    }

    fn unread(&self, denied: Denied) -> Refusal<'_> {
        judge::blank(self, denied, Oddities::NONE, Folds::NONE)
    }

    /// Decides about what is not plainly ordinary.
    fn with_care(
        &self,
        text: &str,
        survey: Survey,
        answers: Answers<'_>,
    ) -> Result<Permit<Target<'_>>, Refusal<'_>> {
        if let Some(refusal) = self.other_host(&survey).or_else(|| self.legacy_host(text, &survey)) {
            return Err(refusal);
        }
        let wrong = match self.strictness {
            Strictness::Strict => wrong_form(&survey),
            Strictness::Compat => None,
        };
        // Older clients see no host there and dial this machine, so that browsers' reading does not help. What the
        // host is comes first: it says more.
        let is_lenient = self.strictness == Strictness::Compat;
        let no_host = slashes(&survey).filter(|_| is_lenient).map(|denied| self.described(denied, &survey));
        match survey.reading {
            Err(ref denied) => Err(self.described(wrong.unwrap_or_else(|| denied.clone()), &survey)),
            Ok(_) if wrong.is_some() && self.policy.mode() == Mode::Enforce => {
                Err(self.described(wrong.unwrap_or(Denied::new(Code::UrlMalformed)), &survey))
            }
            Ok(reading) => match (self.settle(reading, answers, wrong), no_host) {
                (Ok(_), Some(refusal)) => Err(refusal),
                (settled, _) => settled,
            },
        }
    }

    /// A host that another family sees, and that is refused, refuses the URL whatever the mode.
    fn other_host(&self, survey: &Survey) -> Option<Refusal<'_>> {
        let first = survey.hosts().next()?;
        let mut rest = survey.hosts().skip(1).peekable();
        let next = *rest.peek()?;
        let is_lenient = self.strictness == Strictness::Compat;
        if survey.reading.is_err() && is_lenient {
            return None;
        }
        let bad = rest.find(|(_, host)| self.is_refused(survey, host));
        if bad.is_none() && (is_lenient || self.policy.mode() == Mode::Report) {
            return None;
        }
        let other = bad.unwrap_or(next);
        let (one, another) = (first.1.to_string(), other.1.to_string());
        let detail =
            [first.0.as_str(), " sees the host `", &one, "`, ", other.0.as_str(), " sees `", &another, "`"]
                .concat();
        let mut refusal = self.described(Denied::with_detail(Code::UrlAmbiguous, detail), survey);
        if refusal.provider.is_none() {
            judge::describe(self, other.1, survey.port, &mut refusal);
            refusal.host = Some(other.1.clone());
        }
        Some(refusal)
    }

    /// A host that an older client sees, where the URL would be allowed in compat mode.
    fn legacy_host(&self, text: &str, survey: &Survey) -> Option<Refusal<'_>> {
        let site = &survey.reading.as_ref().ok()?.site;
        let is_strict = self.strictness == Strictness::Strict;
        let has_slashes = survey.oddities.contains(Oddity::Slashes);
        let has_other_code = match self.policy.mode() {
            Mode::Enforce => is_strict || has_slashes || self.is_refused(survey, &site.host),
            // What is only reported is let through.
            Mode::Report => has_slashes && !is_strict || judge::is_on_floor(self, site),
        };
        if has_other_code {
            return None;
        }
        let mut others = Survey::legacy_hosts(text).into_iter().filter(|host| *host != site.host);
        let bad = others.find(|host| self.is_refused(survey, host))?;
        let detail = format!("the host is `{}`, and older clients see `{bad}`", site.host);
        let mut refusal = self.described(Denied::with_detail(Code::UrlAmbiguous, detail), survey);
        judge::describe(self, &bad, survey.port, &mut refusal);
        refusal.host = Some(bad);
        Some(refusal)
    }

    fn is_refused(&self, survey: &Survey, host: &Host<'static>) -> bool {
        let Ok(reading) = &survey.reading else {
            return true;
        };
        // What no policy opens needs no words.
        if matches!(host, Host::Address(address) if self.classifier.classify(*address).provider().is_some()) {
            return true;
        }
        let site = crate::Site { host: host.clone(), ..reading.site };
        judge::decide(self, &site, Answers::Offline).is_err()
    }

    fn described(&self, denied: Denied, survey: &Survey) -> Refusal<'_> {
        let mut refusal = judge::blank(self, denied, survey.oddities, survey.folds);
        refusal.port = survey.port;
        if let Some((_, host)) = survey.hosts().next() {
            judge::describe(self, host, survey.port, &mut refusal);
            refusal.host = Some(host.clone());
        }
        refusal
    }

    /// Judges a reading, and in report-only mode lets through what is not on the floor.
    fn settle<'a>(
        &'a self,
        reading: Reading<'a>,
        answers: Answers<'_>,
        wrong: Option<Denied>,
    ) -> Result<Permit<Target<'a>>, Refusal<'a>> {
        if self.policy.mode() == Mode::Enforce {
            return judge::judge(self, reading, answers).map(|target| self.grant(target));
        }
        let spare = reading.clone();
        let mut target = match judge::judge(self, reading, answers) {
            Ok(target) => target,
            Err(refusal) if is_never_opened(&refusal) => return Err(refusal),
            Err(mut refusal) => {
                if refusal.addresses.as_slice().is_empty() {
                    refusal.addresses = judge::floor_of_answers(self, &spare, answers)?;
                }
                reported(spare, refusal)
            }
        };
        if let Some(wrong) = wrong {
            target.reported = Some(Box::new(wrong));
        }
        Ok(self.grant(target))
    }
}

/// What report-only mode refuses all the same: the floor, and a name that leads nowhere.
fn is_never_opened(refusal: &Refusal<'_>) -> bool {
    let on_floor = matches!(refusal.code(), Code::AddrMetadata | Code::NameMetadata | Code::DnsFailed);
    on_floor || refusal.provider.is_some()
}

fn reported<'a>(reading: Reading<'a>, refusal: Refusal<'a>) -> Target<'a> {
    Target {
        site: reading.site,
        addresses: refusal.addresses,
        href: reading.href,
        oddities: refusal.oddities,
        folds: refusal.folds,
        policy: refusal.policy,
        rule: refusal.rule,
        reported: Some(Box::new(refusal.denied)),
    }
}

/// What strict mode refuses about the form of a URL.
fn slashes(survey: &Survey) -> Option<Denied> {
    let (code, detail) = Oddity::Slashes.denial()?;
    (survey.reading.is_ok() && survey.oddities.contains(Oddity::Slashes))
        .then(|| Denied::with_detail(code, detail))
}

fn wrong_form(survey: &Survey) -> Option<Denied> {
    if matches!(&survey.reading, Err(denied) if matches!(denied.code(), Code::UrlRelative | Code::UrlScheme))
    {
        return None;
    }
    if let Some((code, detail)) = survey.oddities.iter().find_map(survey::Oddity::denial) {
        return Some(Denied::with_detail(code, detail));
    }
    let host = &survey.reading.as_ref().ok()?.site.host;
    if !survey::is_odd(survey.folds) {
        return None;
    }
    let mut folds = String::with_capacity(survey.folds.iter().map(|fold| 1 + fold.as_str().len()).sum());
    for fold in survey.folds.iter() {
        folds.push(' ');
        folds.push_str(fold.as_str());
    }
    // Joined, not formatted: the text has its exact room from the start.
    let detail = ["the host is `", &host.to_string(), "` in another spelling:", &folds].concat();
    Some(Denied::with_detail(Code::UrlHostSpelling, detail))
}
