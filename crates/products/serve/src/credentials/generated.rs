//! Made-up credentials that look right to every client and to nobody's security team.
//!
//! ```text
//! life 6 h, lead 5 min:
//! set 0  ├──────────────────────────────────────┤ expires
//! set 1                                    ├──────────────────────────────────────┤
//!                                          ▲ served from here on, 5 min before set 0 expires
//! ```
//!
//! Lives shorter than ten minutes, for tests of rotation, have a lead of half the life. Every set follows from a
//! random seed and its number, so nothing is stored but the three documents in force.

use super::{CredentialSource, Identity, Issued};
use hmac::{Hmac, KeyInit as _, Mac as _};
use onehop_imds::credentials::Credentials;
use onehop_imds::request::ImdsVersion;
use onehop_imds::time::UnixSeconds;
use onehop_verdict::Secret;
use sha2::Sha256;
use std::sync::{PoisonError, RwLock};

/// How long a set lives unless told otherwise: six hours, as on instances.
pub const LIFE_DEFAULT_SECONDS: u64 = 21_600;
/// Shortest life: below it a client could not use what it fetched.
pub const LIFE_MIN_SECONDS: u64 = 2;

/// Before a set expires, its successor is there at least this long (EC2 User Guide, "Retrieve security credentials").
const LEAD_SECONDS: u64 = 300;

/// A source of made-up credentials.
#[derive(Debug)]
pub struct Generated {
    seed: Secret<[u8; 32]>,
    start: UnixSeconds,
    life: u64,
    period: u64,
    in_force: RwLock<Option<InForce>>,
}

#[derive(Clone, Debug)]
struct InForce {
    number: u64,
    v1: Issued,
    v2: Issued,
    instance: Issued,
}

impl Generated {
    /// A source whose first set is issued at `start`. A life below [`LIFE_MIN_SECONDS`] is raised to it.
    pub fn new(seed: Secret<[u8; 32]>, start: UnixSeconds, life_seconds: u64) -> Self {
        let life = life_seconds.max(LIFE_MIN_SECONDS);
        let lead = LEAD_SECONDS.min(life / 2);
        Generated { seed, start, life, period: life - lead, in_force: RwLock::new(None) }
    }

    fn issue(&self, number: u64) -> InForce {
        let issued = |word: &str| Issued::from(&self.credentials(number, word));
        InForce { number, v1: issued("V1"), v2: issued("V2"), instance: issued("ID") }
    }

    fn credentials(&self, number: u64, word: &str) -> Credentials {
        let last_updated = self.start.plus(number.saturating_mul(self.period));
        let text = |label: &str, length: usize| self.derive(&format!("{label} {word} {number}"), length);
        Credentials {
            last_updated,
            // 20 characters as real ones; `ASIA` means temporary.
            access_key_id: format!("ASIAONEHOP{word}{}", text("id", 8)),
            // 40 characters as real ones.
            secret_access_key: Secret::new(format!("onehop/EXAMPLE/not/a/secret/{}", text("secret", 12))),
            session_token: Secret::new(format!("onehop-example-session-token-{word}-{}", text("token", 64))),
            expiration: last_updated.plus(self.life),
        }
    }

    /// Upper-case base32 text that follows from the seed.
    fn derive(&self, label: &str, length: usize) -> String {
        const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
        let mut text = String::with_capacity(length);
        for block in 0u8..=u8::MAX {
            let mut mac =
                Hmac::<Sha256>::new_from_slice(self.seed.expose()).expect("HMAC takes keys of any length");
            mac.update(label.as_bytes());
            mac.update(&[block]);
            for byte in mac.finalize().into_bytes() {
                if text.len() == length {
                    return text;
                }
                text.push(char::from(ALPHABET[usize::from(byte & 31)]));
            }
        }
        text
    }
}

impl CredentialSource for Generated {
    fn current(&self, identity: Identity, now: UnixSeconds) -> Issued {
        let number = self.start.until(now) / self.period;
        let pick = |set: &InForce| match identity {
            Identity::Role(ImdsVersion::V1) => set.v1.clone(),
            Identity::Role(ImdsVersion::V2) => set.v2.clone(),
            Identity::Instance => set.instance.clone(),
        };
        if let Some(set) = &*self.in_force.read().unwrap_or_else(PoisonError::into_inner)
            && set.number == number
        {
            return pick(set);
        }
        let set = self.issue(number);
        let issued = pick(&set);
        *self.in_force.write().unwrap_or_else(PoisonError::into_inner) = Some(set);
        issued
    }
}

#[cfg(test)]
mod tests {
    use super::{CredentialSource as _, Generated, Identity};
    use onehop_imds::request::ImdsVersion;
    use onehop_imds::time::UnixSeconds;
    use onehop_verdict::Secret;
    use std::collections::HashMap;

    const START: UnixSeconds = UnixSeconds::new(1_700_000_000);
    const V1: Identity = Identity::Role(ImdsVersion::V1);
    const V2: Identity = Identity::Role(ImdsVersion::V2);

    fn source(life: u64) -> Generated {
        Generated::new(Secret::new([9; 32]), START, life)
    }

    fn fields(source: &Generated, identity: Identity, after: u64) -> HashMap<String, String> {
        let document = source.current(identity, START.plus(after)).document;
        serde_json::from_slice(&document).expect("a JSON object of strings")
    }

    #[test]
    fn a_set_has_the_lengths_of_real_ones_and_says_what_it_is() {
        let set = fields(&source(21_600), V2, 0);
        assert_eq!(set["Code"], "Success");
        assert_eq!(set["AccessKeyId"].len(), 20);
        assert!(set["AccessKeyId"].starts_with("ASIAONEHOP"));
        assert_eq!(set["SecretAccessKey"].len(), 40);
        assert!(set["SecretAccessKey"].contains("EXAMPLE"));
        assert!(set["Token"].starts_with("onehop-example"));
    }

    #[test]
    fn the_versions_and_the_instance_have_distinct_sets() {
        let source = source(21_600);
        let keys: Vec<_> = [V1, V2, Identity::Instance]
            .iter()
            .map(|i| fields(&source, *i, 0)["AccessKeyId"].clone())
            .collect();
        assert!(keys[0] != keys[1] && keys[1] != keys[2] && keys[0] != keys[2], "{keys:?}");
    }

    #[test]
    fn a_successor_is_served_five_minutes_before_the_end_and_nothing_expired_ever() {
        let source = source(21_600);
        let first = fields(&source, V2, 0);
        assert_eq!(fields(&source, V2, 21_299), first, "served until five minutes before its end");
        let second = fields(&source, V2, 21_300);
        assert_ne!(second["AccessKeyId"], first["AccessKeyId"]);
        for life in [2, 3, 10, 599, 600, 900, 21_600] {
            let source = super::tests::source(life);
            for after in (0..life * 3).step_by(usize::try_from(life / 2).expect("small")) {
                let set = fields(&source, V2, after);
                let now = START.plus(after).to_string();
                assert!(
                    set["Expiration"] > now,
                    "life {life}, after {after}: {} <= {now}",
                    set["Expiration"]
                );
                assert!(set["LastUpdated"] <= now);
            }
        }
    }

    #[test]
    fn a_clock_that_went_back_is_answered_with_the_first_set() {
        let source = source(600);
        let first = fields(&source, V2, 0);
        let early = source.current(V2, START.minus(1_000)).document;
        let early: HashMap<String, String> = serde_json::from_slice(&early).expect("JSON");
        assert_eq!(early["AccessKeyId"], first["AccessKeyId"]);
    }
}
