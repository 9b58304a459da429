//! A second formulation: everything unknown is replaced by everything that it could be, and each of these worlds is read
//! from the published table as one expression. What holds in all worlds is known.

use onehop_posture::{
    Effective, Gate, HopLimit, ImageSupport, Layers, Options, Setting, Switch, Tokens, Verdict, resolve,
};
use proptest::prelude::*;

/// One world: nothing is unknown in it.
#[derive(Clone, Copy, Debug)]
struct World {
    tokens: [Option<bool>; 3],
    off: [Option<bool>; 3],
    hop: [Option<i64>; 3],
    v2: bool,
    enforced: bool,
}

impl World {
    fn required(self) -> bool {
        let [request, template, account] = self.tokens;
        request.unwrap_or(template.unwrap_or(account.unwrap_or(self.v2)))
    }

    fn off(self) -> bool {
        let [request, template, account] = self.off;
        request.unwrap_or(template.unwrap_or(account.unwrap_or(false)))
    }

    fn hop(self) -> i64 {
        let [request, template, account] = self.hop;
        request.unwrap_or(template.unwrap_or(account.unwrap_or(if self.v2 { 2 } else { 1 })))
    }

    fn state(self) -> &'static str {
        match (self.off(), self.required()) {
            (true, _) => "disabled",
            (false, true) => "required",
            (false, false) => "optional",
        }
    }
}

/// All that a setting could be.
fn could_be<T: Copy, U: Copy>(setting: &Setting<T>, all: &[U], read: impl Fn(T) -> U) -> Vec<Option<U>> {
    match setting {
        Setting::Unset => vec![None],
        Setting::Set(value) => vec![Some(read(*value))],
        Setting::Unknown(_) => std::iter::once(None).chain(all.iter().copied().map(Some)).collect(),
    }
}

fn product<T: Clone>(parts: [Vec<T>; 3]) -> Vec<[T; 3]> {
    let [first, second, third] = parts;
    let mut all = Vec::new();
    for one in &first {
        for two in &second {
            for three in &third {
                all.push([one.clone(), two.clone(), three.clone()]);
            }
        }
    }
    all
}

fn worlds(layers: &Layers) -> Vec<World> {
    let levels = [&layers.request, &layers.template, &layers.account];
    let tokens =
        product(levels.map(|level| could_be(&level.tokens, &[true, false], |t| t == Tokens::Required)));
    let off =
        product(levels.map(|level| could_be(&level.endpoint, &[true, false], |e| e == Switch::Disabled)));
    let hop = product(levels.map(|level| could_be(&level.hop_limit, &[1, 2, 3], |h: HopLimit| i64::from(h))));
    let images = match layers.image {
        ImageSupport::V2 => vec![true],
        ImageSupport::Legacy => vec![false],
        _ => vec![true, false],
    };
    let gates = could_be(&layers.enforced, &[true, false], |enforced| enforced);
    let mut all = Vec::new();
    for tokens in &tokens {
        for off in &off {
            for v2 in &images {
                for gate in &gates {
                    // Hop limits are independent of the rest but for the image; one of them is enough per world.
                    let hop = hop[all.len() % hop.len()];
                    let enforced = gate.unwrap_or(false);
                    all.push(World { tokens: *tokens, off: *off, hop, v2: *v2, enforced });
                }
            }
        }
    }
    all
}

/// What holds in all worlds.
fn naive(layers: &Layers) -> &'static str {
    let states: Vec<&str> = worlds(layers).into_iter().map(World::state).collect();
    let first = states[0];
    if states.iter().all(|state| *state == first) {
        return first;
    }
    if states.contains(&"optional") { "several" } else { "required" }
}

fn agrees(layers: &Layers) {
    let got = resolve(layers);
    let verdict = got.verdict();
    let written = [&layers.request.tokens, &layers.template.tokens];
    let explicit = written.into_iter().find(|tokens| !tokens.is_unset());
    match (naive(layers), &verdict) {
        // Stays wrong until the endpoint is known to be off.
        ("several", Verdict::OptionalExplicit) => assert_eq!(explicit, Some(&Setting::Set(Tokens::Optional))),
        ("disabled", Verdict::Disabled)
        | ("required", Verdict::Required | Verdict::RequiredInherited(_))
        | ("optional", Verdict::OptionalExplicit | Verdict::OptionalInherited(_))
        | ("several", Verdict::Unresolved(_)) => {}
        (naive, verdict) => panic!("{verdict:?} where all worlds say {naive}: {layers:?}"),
    }
    let is_explicit = matches!(verdict, Verdict::Required | Verdict::OptionalExplicit);
    if is_explicit {
        assert!(matches!(explicit, Some(Setting::Set(_))), "{layers:?}");
    }
    if let Verdict::RequiredInherited(_) | Verdict::OptionalInherited(_) = verdict {
        assert_eq!(explicit, None, "{layers:?}");
    }
    gate_agrees(layers, &got);
}

fn gate_agrees(layers: &Layers, got: &Effective) {
    let refused: Vec<bool> =
        worlds(layers).into_iter().map(|world| world.enforced && !world.required()).collect();
    match got.gate {
        Gate::Open => assert!(refused.iter().all(|fails| !fails), "{layers:?}"),
        Gate::Fails => assert!(refused.iter().all(|fails| *fails), "{layers:?}"),
        Gate::FailsUnlessRequired | Gate::Unknown(_) => {
            assert!(refused.iter().any(|fails| *fails), "{layers:?}");
        }
    }
    let answered: Vec<bool> = worlds(layers)
        .into_iter()
        .map(|world| !world.off() && !world.required() && !world.enforced)
        .collect();
    match got.allows_v1() {
        Some(true) => assert!(answered.iter().all(|answered| *answered), "{layers:?}"),
        Some(false) => assert!(answered.iter().all(|answered| !answered), "{layers:?}"),
        None => assert!(answered.contains(&true), "{layers:?}"),
    }
}

fn four<T: Clone>(one: &T, other: &T) -> [Setting<T>; 4] {
    [Setting::Unset, Setting::Set(one.clone()), Setting::Set(other.clone()), Setting::unknown("a variable")]
}

fn images() -> [ImageSupport; 4] {
    [
        ImageSupport::V2,
        ImageSupport::Legacy,
        ImageSupport::Unnamed,
        ImageSupport::Unknown("it is gone".into()),
    ]
}

#[test]
fn every_combination_agrees_with_all_worlds() {
    let tokens = four(&Tokens::Optional, &Tokens::Required);
    let switches = four(&Switch::Enabled, &Switch::Disabled);
    let gates = [Setting::Unset, Setting::Set(true), Setting::Set(false), Setting::unknown("nobody said")];
    let mut seen = 0;
    for (request, template, account) in triples(&tokens) {
        for image in images() {
            for enforced in &gates {
                for (on_request, on_account) in pairs(&switches) {
                    let layers = Layers {
                        request: options(&request, &on_request),
                        template: options(&template, &Setting::Unset),
                        account: options(&account, &on_account),
                        image: image.clone(),
                        enforced: enforced.clone(),
                    };
                    agrees(&layers);
                    seen += 1;
                }
            }
        }
    }
    assert_eq!(seen, 64 * 4 * 4 * 16);
}

#[test]
fn every_hop_limit_agrees_with_all_worlds() {
    let limits = four(&HopLimit::ONE, &HopLimit::THREE);
    for (request, template, account) in triples(&limits) {
        for image in images() {
            let mut layers = Layers { image, ..Layers::default() };
            layers.request.hop_limit = request.clone();
            layers.template.hop_limit = template.clone();
            layers.account.hop_limit = account.clone();
            let levels = [&request, &template, &account];
            let all =
                product(levels.map(|level| could_be(level, &[1, 2, 3, 64], |h: HopLimit| i64::from(h))));
            let v2 = match layers.image {
                ImageSupport::V2 => vec![true],
                ImageSupport::Legacy => vec![false],
                _ => vec![true, false],
            };
            let base = worlds(&Layers::default())[0];
            let mut limits: Vec<i64> = all
                .iter()
                .flat_map(|hop| v2.iter().map(|v2| World { hop: *hop, v2: *v2, ..base }.hop()))
                .collect();
            limits.sort_unstable();
            limits.dedup();
            let got = resolve(&layers).hop_limit.value().map(i64::from);
            assert_eq!(got, (limits.len() == 1).then_some(limits[0]), "{layers:?}");
        }
    }
}

fn options(tokens: &Setting<Tokens>, endpoint: &Setting<Switch>) -> Options {
    Options { tokens: tokens.clone(), endpoint: endpoint.clone(), ..Options::default() }
}

fn pairs<T: Clone>(all: &[T]) -> Vec<(T, T)> {
    all.iter().flat_map(|one| all.iter().map(|two| (one.clone(), two.clone()))).collect()
}

fn triples<T: Clone>(all: &[T]) -> Vec<(T, T, T)> {
    pairs(all)
        .into_iter()
        .flat_map(|(one, two)| all.iter().map(move |three| (one.clone(), two.clone(), three.clone())))
        .collect()
}

fn setting<T: Clone + std::fmt::Debug + 'static>(values: Vec<T>) -> impl Strategy<Value = Setting<T>> {
    prop_oneof![
        Just(Setting::Unset),
        proptest::sample::select(values).prop_map(Setting::Set),
        Just(Setting::unknown("a variable")),
    ]
}

prop_compose! {
    fn any_options()(
        tokens in setting(vec![Tokens::Optional, Tokens::Required]),
        endpoint in setting(vec![Switch::Enabled, Switch::Disabled]),
        hop in setting((1..=64).filter_map(|n| HopLimit::new(n).ok()).collect()),
        ipv6 in setting(vec![Switch::Enabled, Switch::Disabled]),
        tags in setting(vec![Switch::Enabled, Switch::Disabled]),
    ) -> Options {
        Options { tokens, endpoint, hop_limit: hop, ipv6, tags }
    }
}

prop_compose! {
    fn any_layers()(
        request in any_options(), template in any_options(), account in any_options(),
        image in proptest::sample::select(images().to_vec()),
        enforced in setting(vec![true, false]),
    ) -> Layers {
        Layers { request, template, account, image, enforced }
    }
}

/// What is unknown becomes known, to one of the things that it could be.
fn learn(layers: &Layers, which: u8, to: u8) -> Layers {
    let mut learnt = layers.clone();
    let levels = [&mut learnt.request, &mut learnt.template, &mut learnt.account];
    for (at, level) in levels.into_iter().enumerate() {
        if which & (1 << at) == 0 {
            continue;
        }
        replace(&mut level.tokens, to, Tokens::Optional, Tokens::Required);
        replace(&mut level.endpoint, to / 3, Switch::Enabled, Switch::Disabled);
        replace(&mut level.hop_limit, to / 9, HopLimit::ONE, HopLimit::THREE);
    }
    if which & 8 != 0 && learnt.image.reason().is_some() {
        learnt.image = if to.is_multiple_of(2) { ImageSupport::V2 } else { ImageSupport::Legacy };
    }
    learnt
}

fn replace<T: Clone>(setting: &mut Setting<T>, to: u8, one: T, other: T) {
    if setting.reason().is_some() {
        *setting = match to % 3 {
            0 => Setting::Unset,
            1 => Setting::Set(one),
            _ => Setting::Set(other),
        };
    }
}

proptest! {
    #[test]
    fn knowledge_never_flips_what_is_decided(layers in any_layers(), which in 0u8..16, to in 0u8..27) {
        let (before, after) = (resolve(&layers), resolve(&learn(&layers, which, to)));
        match (before.verdict(), after.verdict()) {
            (Verdict::Unresolved(_), _) => {}
            (before, after) if before == after => {}
            // The one exception: what is written as optional stays wrong until the endpoint is known to be off. And what
            // is required may turn out to be off altogether.
            (Verdict::OptionalExplicit | Verdict::Required | Verdict::RequiredInherited(_), Verdict::Disabled) => {}
            (before, after) => prop_assert!(false, "{before:?} became {after:?}: {layers:?}"),
        }
        if let Some(limit) = before.hop_limit.value() {
            prop_assert_eq!(after.hop_limit.value(), Some(limit));
        }
        if let Some(v1) = before.allows_v1() {
            prop_assert_eq!(after.allows_v1(), Some(v1));
        }
    }

    #[test]
    fn the_highest_level_that_is_set_decides(layers in any_layers(), request in any_options()) {
        let written = Layers { request: request.clone(), ..layers.clone() };
        let (below, got) = (resolve(&layers), resolve(&written));
        if let Setting::Set(value) = request.tokens {
            prop_assert_eq!(got.tokens.value(), Some(value));
        }
        if let Setting::Set(value) = request.hop_limit {
            prop_assert_eq!(got.hop_limit.value(), Some(value));
        }
        if let Setting::Set(value) = request.ipv6 {
            prop_assert_eq!(got.ipv6.value(), Some(value));
        }
        if request.tags.is_unset() && layers.request.tags.is_unset() {
            prop_assert_eq!(&got.tags, &below.tags);
        }
    }

    #[test]
    fn requiring_tokens_anywhere_never_opens(layers in any_layers(), level in 0usize..3) {
        let mut stricter = layers.clone();
        let at = [&mut stricter.request, &mut stricter.template, &mut stricter.account];
        for (index, options) in at.into_iter().enumerate() {
            if index == level {
                options.tokens = Setting::Set(Tokens::Required);
            }
        }
        if resolve(&layers).allows_v1() == Some(false) {
            prop_assert_eq!(resolve(&stricter).allows_v1(), Some(false));
        }
    }

    #[test]
    fn explanations_name_every_field(layers in any_layers()) {
        let words = resolve(&layers).explain();
        for field in onehop_posture::Field::ALL {
            prop_assert!(words.contains(field.words()), "{words}");
        }
        prop_assert!(words.ends_with('.'));
    }
}
