//! URLs: what may be fetched, against the crate `url`, which the clients connect with, and against more rules.
//!
//! The input is the URL, any bytes. Some policies of a table are asked too, with and without a rule that denies more.

use crate::Reached;
use onehop_address::classify;
use onehop_address::spelling::{self, Host};
use onehop_url::{Look, Policy, Refusal, Strictness, Target, UrlChecker, View, explain};
use onehop_verdict::{Code, Permit};
use std::net::IpAddr;
use std::sync::OnceLock;

/// Policies, each with a rule that denies and may be added to it.
const RULES: &[(&str, &str)] = &[
    ("", "[[deny]]\nhosts = [\"*.example.com\", \"example.com\"]\n"),
    ("", "[[deny]]\nports = [\"1-1023\"]\n"),
    (
        "default = \"deny\"\n[[allow]]\nhosts = [\"*.example\", \"example.com\"]\n",
        "[[deny]]\nhosts = [\"a.example\"]\n",
    ),
    ("[[allow]]\ncidrs = [\"10.0.0.0/8\", \"::/0\"]\n", "[[deny]]\ncidrs = [\"10.1.0.0/16\"]\n"),
    (
        "[[allow]]\ncidrs = [\"0.0.0.0/0\", \"::/0\"]\nhosts = [\"localhost\"]\n",
        "[[deny]]\nhosts = [\"localhost\"]\n",
    ),
    (
        "schemes = [\"https\"]\nports = [443]\n[[allow]]\ncidrs = [\"127.0.0.0/8\"]\n",
        "[[deny]]\ncidrs = [\"127.0.0.1/32\"]\n",
    ),
    ("mode = \"report\"\n", "[[deny]]\nhosts = [\"*.com\"]\n"),
];

/// A policy without and with its rule, for one strictness.
type Pair = (UrlChecker, UrlChecker);

struct World {
    strict: UrlChecker,
    compat: UrlChecker,
    pairs: Vec<Pair>,
}

impl World {
    fn shared() -> &'static World {
        static WORLD: OnceLock<World> = OnceLock::new();
        WORLD.get_or_init(|| {
            let checker = |strictness, rules: &str| {
                let text = format!("[policy]\nid = \"p\"\n{rules}");
                let policy = Policy::parse(&text).unwrap_or_else(|error| panic!("{error}: {text}"));
                UrlChecker::new(strictness).with_policy(policy)
            };
            let pairs = RULES.iter().flat_map(|(rules, more)| {
                let pair =
                    |strictness| (checker(strictness, rules), checker(strictness, &format!("{rules}{more}")));
                [pair(Strictness::Strict), pair(Strictness::Compat)]
            });
            World {
                strict: UrlChecker::new(Strictness::Strict),
                compat: UrlChecker::new(Strictness::Compat),
                pairs: pairs.collect(),
            }
        })
    }

    /// A few of the pairs, by what the input is: asking all of them would take most of the time.
    fn some_pairs(&self, data: &[u8]) -> impl Iterator<Item = &Pair> {
        let sum =
            data.iter().fold(0_usize, |sum, byte| sum.wrapping_mul(31).wrapping_add(usize::from(*byte)));
        self.pairs.iter().cycle().skip(sum % self.pairs.len()).take(2)
    }
}

/// Judges one URL.
pub fn run(data: &[u8]) -> Reached {
    let world = World::shared();
    let strict = check(&world.strict, data);
    let compat = check(&world.compat, data);
    for target in [&strict, &compat].into_iter().flatten() {
        check_target(target);
        check_public(target);
    }
    if let Some(target) = &strict {
        let compat =
            compat.as_ref().unwrap_or_else(|| panic!("strict allows what compat denies: {target:?}"));
        assert_eq!((&compat.site, &compat.href), (&target.site, &target.href));
        check_views(target, data);
    }
    if let Some(target) = &compat {
        check_again(&world.compat, target);
        check_answers(world, data, target);
    }
    for (checker, stricter) in world.some_pairs(data) {
        let is_allowed = stricter.check(data).is_ok();
        assert!(!is_allowed || checker.check(data).is_ok(), "a rule that denies allows");
    }
    Reached::accepted_if(compat.is_some())
}

/// The verdict, its explanation, and what goes with a refusal.
fn check<'a>(checker: &'a UrlChecker, data: &'a [u8]) -> Option<Target<'a>> {
    let verdict = checker.check(data).map(Permit::consume);
    assert!(explain(checker, data, &verdict).contains("verdict"));
    match verdict {
        Ok(target) => Some(target),
        Err(refusal) => {
            check_refusal(&refusal);
            None
        }
    }
}

fn check_refusal(refusal: &Refusal<'_>) {
    assert!(!refusal.denied.to_string().is_empty());
    let on_floor = matches!(refusal.code(), Code::AddrMetadata | Code::NameMetadata);
    assert!(!on_floor || refusal.provider.is_some(), "{refusal:?}");
}

/// The client that connects sees the site that was judged, and the URL to fetch is in its last form.
fn check_target(target: &Target<'_>) {
    let read = url::Url::parse(&target.href).unwrap_or_else(|error| panic!("`{}`: {error}", target.href));
    let host = match read.host() {
        Some(url::Host::Ipv4(v4)) => v4.to_string(),
        Some(url::Host::Ipv6(v6)) => format!("[{v6}]"),
        Some(url::Host::Domain(name)) => name.strip_suffix('.').unwrap_or(name).to_owned(),
        None => panic!("`{}` has no host", target.href),
    };
    assert_eq!(target.site.host.to_string(), host, "`{}`", target.href);
    assert_eq!(Some(target.site.port), read.port_or_known_default(), "`{}`", target.href);
    assert_eq!(target.site.scheme.as_str(), read.scheme(), "`{}`", target.href);
    let again = spelling::read(&host).unwrap_or_else(|error| panic!("`{host}`: {error}"));
    assert_eq!(again.host, target.site.host);
    assert!(again.folds.is_empty(), "`{host}` is not canonical: {:?}", again.folds);
}

/// Without a policy nothing but the public Internet is reached.
fn check_public(target: &Target<'_>) {
    match &target.site.host {
        Host::Address(address) => {
            assert!(classify(*address).is_global(), "{address}");
            assert_eq!(target.addresses.as_slice(), [*address]);
        }
        Host::Name(name) => {
            assert!(name.contains('.') && !name.ends_with(".internal") && !name.ends_with(".localhost"));
            assert!(target.addresses.as_slice().is_empty());
        }
    }
}

/// What strict mode allows has one host for every family.
fn check_views(target: &Target<'_>, data: &[u8]) {
    let text = std::str::from_utf8(data).unwrap_or_else(|error| panic!("allowed: {error}"));
    assert!(!text.contains(['\\', '\t', '\n', '\r', ' ', '\0']), "`{text}`");
    for view in View::ALL {
        if let Look::Host(host) = view.look(text) {
            let read = spelling::read(&host).map(|reading| reading.host);
            assert_eq!(read.as_ref(), Ok(&target.site.host), "{view} of `{text}`");
        }
    }
}

/// What is allowed is allowed again, and means the same.
fn check_again(checker: &UrlChecker, target: &Target<'_>) {
    if target.href.len() > checker.max_bytes() {
        return;
    }
    let again = checker.check(target.href.as_bytes()).map(Permit::consume);
    let again = again.unwrap_or_else(|refusal| panic!("`{}`: {refusal}", target.href));
    assert_eq!((&again.site, &again.href), (&target.site, &target.href));
}

/// Every answer of a name counts.
fn check_answers(world: &World, data: &[u8], target: &Target<'_>) {
    let Host::Name(_) = target.site.host else {
        return;
    };
    let good = IpAddr::from([8, 8, 8, 8]);
    let service = IpAddr::from([169, 254, 169, 254]);
    let allowed = world.compat.check_answers(data, &[good]);
    let allowed = allowed.unwrap_or_else(|refusal| panic!("{refusal}")).consume();
    assert_eq!(allowed.addresses.as_slice(), [good]);
    for bad in [service, IpAddr::from([10, 0, 0, 1]), IpAddr::from([0_u16, 0, 0, 0, 0, 0xffff, 0x7f00, 1])] {
        assert!(world.compat.check_answers(data, &[good, bad]).is_err(), "{bad}");
    }
    assert!(world.compat.check_answers(data, &[]).is_err());
    for checker in world.some_pairs(data).flat_map(|(checker, stricter)| [checker, stricter]) {
        assert!(checker.check_answers(data, &[good, service]).is_err(), "the floor is open");
    }
}
