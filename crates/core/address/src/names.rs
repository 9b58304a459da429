//! Judges a host name by its text, before anything is resolved.
//!
//! ```text
//! name                                          finding
//! localhost, *.localhost, ip6-localhost …       Localhost
//! metadata.google.internal, instance-data …     Metadata(service)
//! 10-0-0-1.nip.io, 7f000001.c0a80001.rbndr.us   Carried(addresses, worst first)
//! router, intranet                              SingleLabel
//! db.internal, printer.local, a.home.arpa       Internal
//! anything else                                 Ordinary: resolve it, and judge every answer
//! ```
//! The first row that fits wins. A name that is ordinary may still lead anywhere: anybody can point a name of their
//! own at any address, or delegate it to such a service. The name is canonical, as [`read`](crate::spelling::read)
//! gives it. Total; nothing fails.

mod sieve;
mod wildcard;

pub use wildcard::{CARRIED_MAX, Carried, WILDCARD_SERVICES, WildcardService, carried_address};

use crate::catalogue::{self, Provider, is_or_below};
use crate::{Classifier, Judged};
use onehop_verdict::Code;

/// Names that mean the machine itself (RFC 6761 §6.3, and the hosts files of Linux, macOS and others). Names below
/// them count too.
const LOCALHOST: &[&str] = &[
    "localhost",
    "localhost.localdomain",
    "localhost4",
    "localhost4.localdomain4",
    "localhost6",
    "localhost6.localdomain6",
    "ip6-localhost",
    "ip6-loopback",
    "ip6-localnet",
    "loopback",
    "broadcasthost",
];

/// Suffixes that are used inside networks only: reserved by ICANN or RFCs (`internal`, `local` RFC 6762, `home.arpa`
/// RFC 8375, `test` and `invalid` RFC 6761, `onion` RFC 7686, `alt` RFC 9476), left undelegated because networks use
/// them (`corp`, `home`, `mail`), or the habit of routers and clusters.
const INTERNAL: &[&str] = &[
    "internal",
    "local",
    "localdomain",
    "home.arpa",
    "intranet",
    "private",
    "corp",
    "home",
    "lan",
    "mail",
    "test",
    "invalid",
    "onion",
    "alt",
    "svc",
    "consul",
    "in-addr.arpa",
    "ip6.arpa",
];

/// What a name is.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[must_use = "a judgement must decide something"]
pub enum NameFinding {
    /// The machine itself.
    Localhost,
    /// A catalogued service.
    Metadata(&'static Provider),
    /// Under a service that answers with addresses written in the name; the judgement is of the worst of them.
    Carried(Carried, Judged),
    /// One label: search domains decide.
    SingleLabel,
    /// Inside a network, under this suffix.
    Internal(&'static str),
    /// Nothing that the text gives away.
    Ordinary,
}

impl NameFinding {
    /// The code of a denial. An address in a name is denied if it is not global, or if the service changes its
    /// answers.
    pub fn code(&self) -> Option<Code> {
        match self {
            NameFinding::Localhost => Some(Code::NameLocalhost),
            NameFinding::Metadata(_) => Some(Code::NameMetadata),
            NameFinding::Carried(carried, judged) => {
                let denied = carried.service.changes || !judged.is_global();
                denied.then_some(Code::NameCarriesAddress)
            }
            NameFinding::SingleLabel => Some(Code::NameSingleLabel),
            NameFinding::Internal(_) => Some(Code::NameInternal),
            NameFinding::Ordinary => None,
        }
    }

    /// The catalogued service that the name leads to.
    pub fn provider(&self) -> Option<&'static Provider> {
        match self {
            NameFinding::Metadata(provider) => Some(provider),
            NameFinding::Carried(_, judged) => judged.provider(),
            _ => None,
        }
    }
}

/// Judges a canonical name. The classifier judges an address that it carries.
///
/// ```
/// use onehop_address::{Classifier, names};
/// let found = names::judge("www.169-254-169-254.sslip.io", &Classifier::new());
/// assert_eq!(found.provider().unwrap().name, "ec2");
/// ```
pub fn judge(name: &str, classifier: &Classifier) -> NameFinding {
    if sieve::SIEVE.may_hold(name) {
        return by_tables(name, classifier);
    }
    if name.contains('.') { NameFinding::Ordinary } else { NameFinding::SingleLabel }
}

/// Compares the name with every suffix.
fn by_tables(name: &str, classifier: &Classifier) -> NameFinding {
    if is_localhost(name) {
        return NameFinding::Localhost;
    }
    if let Some(provider) = catalogue::named(name) {
        return NameFinding::Metadata(provider);
    }
    if let Some((carried, judged)) = worst(name, classifier) {
        return NameFinding::Carried(carried, judged);
    }
    if !name.contains('.') {
        return NameFinding::SingleLabel;
    }
    match INTERNAL.iter().find(|suffix| is_or_below(name, suffix)) {
        Some(suffix) => NameFinding::Internal(suffix),
        None => NameFinding::Ordinary,
    }
}

/// Whether a canonical name means the machine itself.
pub fn is_localhost(name: &str) -> bool {
    LOCALHOST.iter().any(|known| is_or_below(name, known))
}

fn worst(name: &str, classifier: &Classifier) -> Option<(Carried, Judged)> {
    let carried = carried_address(name)?;
    let judged = carried.addresses().iter().map(|address| classifier.classify(*address));
    let worst = judged.max_by_key(Judged::danger)?;
    Some((carried, worst))
}

#[cfg(test)]
mod tests {
    use super::{INTERNAL, LOCALHOST, NameFinding, WILDCARD_SERVICES, by_tables, judge};
    use crate::Classifier;
    use crate::catalogue::CATALOGUE;
    use proptest::prelude::*;

    fn suffixes() -> impl Iterator<Item = &'static str> {
        let of_clouds = CATALOGUE.iter().flat_map(|provider| provider.names.iter().copied());
        let of_services = WILDCARD_SERVICES.iter().map(|service| service.suffix);
        LOCALHOST.iter().chain(INTERNAL).copied().chain(of_clouds).chain(of_services)
    }

    #[test]
    fn every_suffix_is_compared() {
        let classifier = Classifier::new();
        for suffix in suffixes() {
            let long = format!("{}{suffix}", "a.".repeat((253 - suffix.len()) / 2));
            for name in [suffix.to_owned(), format!("10-0-0-1.{suffix}"), format!(".{suffix}"), long] {
                let found = judge(&name, &classifier);
                assert_eq!(found, by_tables(&name, &classifier), "{name}");
            }
            assert_ne!(judge(&format!("10-0-0-1.{suffix}"), &classifier), NameFinding::Ordinary, "{suffix}");
        }
    }

    proptest! {
        #[test]
        fn the_sieve_changes_no_judgement(
            head in "[a-z0-9.\\-é]{0,12}",
            suffix in prop::sample::select(suffixes().collect::<Vec<_>>()),
            cut in 0_usize..8,
            tail in "[.a-z]{0,2}",
        ) {
            let name = format!("{head}{}{tail}", &suffix[cut.min(suffix.len())..]);
            let classifier = Classifier::new();
            prop_assert_eq!(judge(&name, &classifier), by_tables(&name, &classifier), "{}", name);
        }
    }
}
