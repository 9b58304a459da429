//! Corpora of our own, advisories by name, properties, and the test data of the Web platform.

mod advisories;
mod corpus;
mod properties;
mod resolving;
mod wpt;

use onehop_url::{Strictness, UrlChecker};

/// The code of a refusal, or `allow`.
pub(crate) fn verdict(strictness: Strictness, url: &[u8]) -> String {
    match UrlChecker::new(strictness).check(url) {
        Ok(_) => "allow".to_owned(),
        Err(refusal) => refusal.code().to_string(),
    }
}
