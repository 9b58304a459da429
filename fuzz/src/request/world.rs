//! The fixed surroundings of a request: one key, four tokens, four callers. All made up.

use onehop_guard::caller::Caller;
use onehop_guard::host::Hosts;
use onehop_guard::policy::{Policy, Who};
use onehop_guard::{Limit, Limits};
use onehop_imds::time::UnixSeconds;
use onehop_imds::token::{TokenKey, TokenTtl};
use onehop_verdict::Secret;
use std::net::{IpAddr, Ipv4Addr};
use std::num::NonZeroU32;
use std::sync::LazyLock;

/// The time of every request.
pub(super) const NOW: UnixSeconds = UnixSeconds::new(1_700_000_000);
/// What every good token has left.
pub(super) const LEFT_SECONDS: u32 = 300;
/// Whom the service issues tokens to.
pub(super) const SERVICE: &[u8] = b"i-0e0c0ffee00000001";

/// More requests a second than a fuzzer makes, so that no result depends on its speed.
const RATE: NonZeroU32 = NonZeroU32::new(1_000_000).expect("not zero");

/// A caller of the guard.
#[derive(Debug)]
pub(super) struct Guest {
    pub(super) caller: Caller,
    /// The token it holds; `None` if it is not admitted at all.
    pub(super) token: Option<String>,
}

/// Everything but the request.
#[derive(Debug)]
pub(super) struct World {
    pub(super) key: TokenKey,
    pub(super) hosts: Hosts,
    pub(super) policy: Policy,
    pub(super) limits: Limits,
    pub(super) guests: [Guest; 4],
    /// Issued by the service.
    pub(super) service: String,
    expired: String,
}

impl World {
    /// The one world: nothing in it changes a result.
    pub(super) fn shared() -> &'static World {
        static WORLD: LazyLock<World> = LazyLock::new(World::new);
        &WORLD
    }

    fn new() -> World {
        let key = TokenKey::new(&Secret::new([7; 32]));
        let lifetime = TokenTtl::new(LEFT_SECONDS).expect("within the bounds");
        let mint = |at, audience: &[u8]| key.mint(at, lifetime, audience, [1; 8]).as_str().to_owned();
        let limits = Limits::new(Limit { rate: RATE, connections: usize::MAX });
        let (app, other) = (Caller::Local { uid: 1000 }, Caller::Local { uid: 1001 });
        let remote = Caller::Remote(IpAddr::V4(Ipv4Addr::new(192, 0, 2, 7)));
        let guest = |caller: Caller, admitted: bool| Guest {
            caller,
            token: admitted.then(|| mint(NOW, caller.audience().as_bytes())),
        };
        let guests =
            [guest(app, true), guest(other, true), guest(remote, false), guest(Caller::Unknown, false)];
        let policy = Policy::new(vec![Who::AnyLocal], Vec::new()).expect("no rules, no contradiction");
        let (service, expired) = (mint(NOW, SERVICE), mint(NOW.minus(u64::from(LEFT_SECONDS)), SERVICE));
        World { hosts: Hosts::default(), policy, limits, guests, service, expired, key }
    }

    /// Every token there is.
    pub(super) fn tokens(&self) -> impl Iterator<Item = &str> {
        let held = self.guests.iter().filter_map(|guest| guest.token.as_deref());
        held.chain([self.service.as_str(), self.expired.as_str()])
    }

    /// Puts tokens in the place of their names.
    pub(super) fn fill(&self, text: &str) -> String {
        let [app, other, ..] = &self.guests;
        let names = [
            ("{service}", Some(&self.service)),
            ("{expired}", Some(&self.expired)),
            ("{app}", app.token.as_ref()),
            ("{other}", other.token.as_ref()),
        ];
        names.iter().fold(text.to_owned(), |text, (name, token)| match token {
            Some(token) if text.contains(name) => text.replace(name, token),
            _ => text,
        })
    }
}
