//! The published tables: order of precedence of the metadata options (EC2 User Guide), row by row.

use onehop_posture::{
    Effective, Gate, HopLimit, ImageSupport, Layers, Level, Options, Setting, Switch, Tokens, Verdict,
};
use onehop_posture::{Field, Severity, resolve};

const OPTIONAL: Setting<Tokens> = Setting::Set(Tokens::Optional);
const REQUIRED: Setting<Tokens> = Setting::Set(Tokens::Required);
const UNSET: Setting<Tokens> = Setting::Unset;

fn layers(request: Setting<Tokens>, account: Setting<Tokens>, image: ImageSupport) -> Layers {
    Layers {
        request: Options { tokens: request, ..Options::default() },
        account: Options { tokens: account, ..Options::default() },
        image,
        ..Layers::default()
    }
}

#[test]
fn tokens_follow_the_published_table() {
    struct Case {
        request: Setting<Tokens>,
        account: Setting<Tokens>,
        image: ImageSupport,
        want: Verdict,
    }
    use ImageSupport::{Legacy, V2};
    use Verdict::{OptionalExplicit, OptionalInherited, Required, RequiredInherited};
    let case = |request, account, image, want| Case { request, account, image, want };
    let cases = [
        case(REQUIRED, REQUIRED, V2, Required),
        case(REQUIRED, REQUIRED, Legacy, Required),
        case(REQUIRED, OPTIONAL, V2, Required),
        case(REQUIRED, OPTIONAL, Legacy, Required),
        case(REQUIRED, UNSET, V2, Required),
        case(REQUIRED, UNSET, Legacy, Required),
        case(OPTIONAL, REQUIRED, V2, OptionalExplicit),
        case(OPTIONAL, REQUIRED, Legacy, OptionalExplicit),
        case(OPTIONAL, OPTIONAL, V2, OptionalExplicit),
        case(OPTIONAL, OPTIONAL, Legacy, OptionalExplicit),
        case(OPTIONAL, UNSET, V2, OptionalExplicit),
        case(OPTIONAL, UNSET, Legacy, OptionalExplicit),
        case(UNSET, REQUIRED, V2, RequiredInherited(Level::Account)),
        case(UNSET, REQUIRED, Legacy, RequiredInherited(Level::Account)),
        // An explicit "V1 or V2" of the account beats an image that asks for v2.0.
        case(UNSET, OPTIONAL, V2, OptionalInherited(Level::Account)),
        case(UNSET, OPTIONAL, Legacy, OptionalInherited(Level::Account)),
        case(UNSET, UNSET, V2, RequiredInherited(Level::Image)),
        case(UNSET, UNSET, Legacy, OptionalInherited(Level::BuiltIn)),
    ];
    for Case { request, account, image, want } in cases {
        let got = resolve(&layers(request.clone(), account.clone(), image.clone()));
        assert_eq!(got.verdict(), want, "{request:?} {account:?} {image:?}");
        assert_eq!(got.gate, Gate::Open);
    }
}

#[test]
fn enforcement_refuses_what_is_not_required() {
    struct Case {
        request: Setting<Tokens>,
        enforced: Setting<bool>,
        want: Gate,
        v1: Option<bool>,
    }
    let why = || Setting::unknown("nobody said");
    let case = |request, enforced, want, v1| Case { request, enforced, want, v1 };
    let cases = [
        case(OPTIONAL, Setting::Set(true), Gate::Fails, Some(false)),
        case(UNSET, Setting::Set(true), Gate::Fails, Some(false)),
        case(REQUIRED, Setting::Set(true), Gate::Open, Some(false)),
        case(why(), Setting::Set(true), Gate::FailsUnlessRequired, Some(false)),
        case(OPTIONAL, Setting::Set(false), Gate::Open, Some(true)),
        case(OPTIONAL, Setting::Unset, Gate::Open, Some(true)),
        case(why(), Setting::Unset, Gate::Open, None),
        case(OPTIONAL, Setting::unknown("nobody said"), Gate::Unknown("nobody said".into()), None),
        case(REQUIRED, Setting::unknown("nobody said"), Gate::Open, Some(false)),
    ];
    for Case { request, enforced, want, v1 } in cases {
        let layers = Layers { enforced, ..layers(request, UNSET, ImageSupport::Legacy) };
        let got = resolve(&layers);
        assert_eq!(got.gate, want, "{layers:?}");
        assert_eq!(got.allows_v1(), v1, "{layers:?}");
    }
}

#[test]
fn hop_limits_come_from_the_first_level_that_has_one() {
    let limit = |number| Setting::Set(HopLimit::new(number).unwrap());
    let none = Setting::Unset;
    let cases = [
        (none.clone(), none.clone(), ImageSupport::Legacy, 1, Level::BuiltIn),
        (none.clone(), none.clone(), ImageSupport::V2, 2, Level::Image),
        (none.clone(), limit(1), ImageSupport::V2, 1, Level::Account),
        (none.clone(), limit(64), ImageSupport::Legacy, 64, Level::Account),
        (limit(3), limit(1), ImageSupport::V2, 3, Level::Request),
        (limit(3), none.clone(), ImageSupport::Unknown("lost".into()), 3, Level::Request),
        (none, HopLimit::setting(Some(-1)), ImageSupport::V2, 2, Level::Image),
    ];
    for (request, account, image, want, level) in cases {
        let mut layers = Layers { image, ..Layers::default() };
        layers.request.hop_limit = request;
        layers.account.hop_limit = account;
        let got = resolve(&layers).hop_limit;
        assert_eq!((got.value().map(HopLimit::get), got.level()), (Some(want), level), "{layers:?}");
    }
}

/// Example 1 of the guide: the account says hop limit 1, the image v2.0. Tokens come out as required with a hop limit of
/// 1, which is how a new image cuts containers off.
#[test]
fn an_account_hop_limit_and_an_image_are_combined_field_by_field() {
    let mut layers = Layers { image: ImageSupport::V2, ..Layers::default() };
    layers.account.hop_limit = Setting::Set(HopLimit::ONE);
    let got = resolve(&layers);
    assert_eq!(got.verdict(), Verdict::RequiredInherited(Level::Image));
    assert_eq!((got.hop_limit.value(), got.hop_limit.level()), (Some(HopLimit::ONE), Level::Account));
    assert_eq!(
        got.explain(),
        "tokens are required by the image: tokens required (from the image), endpoint enabled (from the built-in \
         default of EC2), hop limit 1 (from the account default of the region), IPv6 endpoint disabled, tags in \
         metadata disabled (all from the built-in default of EC2)."
    );
}

#[test]
fn the_request_wins_over_the_template_field_by_field() {
    let mut layers = Layers::default();
    layers.template.tokens = REQUIRED;
    layers.template.endpoint = Setting::Set(Switch::Disabled);
    layers.request.tokens = OPTIONAL;
    let got = resolve(&layers);
    assert_eq!((got.tokens.value(), got.tokens.level()), (Some(Tokens::Optional), Level::Request));
    assert_eq!((got.endpoint.value(), got.endpoint.level()), (Some(Switch::Disabled), Level::Template));
    assert_eq!(got.verdict(), Verdict::Disabled);
    layers.request.endpoint = Setting::Set(Switch::Enabled);
    assert_eq!(resolve(&layers).verdict(), Verdict::OptionalExplicit);
    layers.request.tokens = UNSET;
    assert_eq!(resolve(&layers).verdict(), Verdict::Required);
}

#[test]
fn accounts_have_no_default_for_ipv6_and_images_none_for_endpoint_and_tags() {
    let layers = Layers {
        account: Options {
            ipv6: Setting::Set(Switch::Enabled),
            tags: Setting::Set(Switch::Enabled),
            endpoint: Setting::Set(Switch::Disabled),
            ..Options::default()
        },
        image: ImageSupport::Unknown("it was deregistered".into()),
        ..Layers::default()
    };
    let got = resolve(&layers);
    assert_eq!((got.ipv6.value(), got.ipv6.level()), (Some(Switch::Disabled), Level::BuiltIn));
    assert_eq!((got.tags.value(), got.tags.level()), (Some(Switch::Enabled), Level::Account));
    assert_eq!(got.verdict(), Verdict::Disabled);
}

#[test]
fn the_truth_table_of_endpoint_and_tokens() {
    let unknown = || Setting::unknown("a variable");
    let on = || Setting::Set(Switch::Enabled);
    let off = || Setting::Set(Switch::Disabled);
    let cases = [
        (off(), OPTIONAL, "disabled"),
        (off(), REQUIRED, "disabled"),
        (off(), Setting::unknown("a variable"), "disabled"),
        (on(), REQUIRED, "required"),
        (unknown(), REQUIRED, "required"),
        (on(), OPTIONAL, "optional-explicit"),
        (unknown(), OPTIONAL, "optional-explicit"),
        (on(), UNSET, "optional-inherited"),
        (unknown(), UNSET, "unresolved"),
        (on(), Setting::unknown("a variable"), "unresolved"),
        (unknown(), Setting::unknown("a variable"), "unresolved"),
    ];
    for (endpoint, tokens, want) in cases {
        let request = Options { endpoint, tokens, ..Options::default() };
        let got = resolve(&Layers { request: request.clone(), ..Layers::default() });
        assert_eq!(got.verdict().name(), want, "{request:?}");
    }
}

#[test]
fn an_image_that_is_not_named_is_not_one_that_is_not_known() {
    let why = |image| match resolve(&layers(UNSET, UNSET, image)).verdict() {
        Verdict::Unresolved(why) => why,
        other => panic!("{other:?} is decided"),
    };
    let unnamed = why(ImageSupport::Unnamed);
    let unknown = why(ImageSupport::Unknown("DescribeImages was denied".into()));
    assert_eq!((unnamed.field, unnamed.level), (Field::Tokens, Level::Image));
    assert_eq!((unknown.field, unknown.level), (Field::Tokens, Level::Image));
    assert_eq!(unnamed.reason, "no image is named here: the launch names one");
    assert_eq!(
        unknown.to_string(),
        "HttpTokens depends on the image, which is not known because DescribeImages was denied"
    );
    assert!(matches!(
        resolve(&layers(UNSET, UNSET, ImageSupport::Legacy)).verdict(),
        Verdict::OptionalInherited(_)
    ));
}

#[test]
fn code_without_an_account_names_the_account_as_what_decides() {
    let layers = Layers::without_account("no account defaults were given");
    let verdict = resolve(&layers).verdict();
    assert_eq!((verdict.name(), verdict.level()), ("unresolved", Some(Level::Account)));
    assert_eq!(verdict.severity(), Some(Severity::Warning));
    let mut written = layers.clone();
    written.request.tokens = REQUIRED;
    assert_eq!(resolve(&written).verdict(), Verdict::Required);
    written.request.tokens = OPTIONAL;
    assert_eq!(
        resolve(&written).verdict(),
        Verdict::OptionalExplicit,
        "the endpoint may be off by the account"
    );
}

#[test]
fn what_is_read_from_an_instance_is_in_effect() {
    let options = Options {
        tokens: OPTIONAL,
        endpoint: Setting::Set(Switch::Enabled),
        hop_limit: Setting::Set(HopLimit::TWO),
        ..Options::default()
    };
    let got = Effective::observed(&options);
    assert_eq!(got.verdict(), Verdict::OptionalExplicit);
    assert_eq!(got.allows_v1(), Some(true));
    assert_eq!(got.tags.value(), None, "what EC2 does not say is not guessed");
    assert_eq!(Effective::observed(&Options::default()).verdict().name(), "unresolved");
}

#[test]
fn severities_follow_from_who_decided() {
    let why = onehop_posture::Why { field: Field::Tokens, level: Level::Account, reason: "x".into() };
    let cases = [
        (Verdict::Required, None),
        (Verdict::Disabled, None),
        (Verdict::RequiredInherited(Level::Image), None),
        (Verdict::OptionalInherited(Level::BuiltIn), Some(Severity::Warning)),
        (Verdict::Unresolved(why), Some(Severity::Warning)),
        (Verdict::OptionalExplicit, Some(Severity::Error)),
    ];
    for (verdict, want) in cases {
        assert_eq!(verdict.severity(), want, "{verdict:?}");
        assert_eq!(verdict.is_finding(), want.is_some());
    }
}

#[test]
fn values_are_read_as_the_service_spells_them() {
    assert_eq!(Tokens::setting(Some("required")), REQUIRED);
    assert_eq!(Tokens::setting(Some("no-preference")), UNSET);
    assert_eq!(Tokens::setting(None), UNSET);
    assert!(Tokens::setting(Some("Required")).reason().is_some(), "EC2 takes lower case only");
    assert!(Tokens::setting(Some("")).reason().is_some());
    assert!(Switch::setting(Some("true"), Field::Endpoint).reason().unwrap().contains("HttpEndpoint"));
    for (number, want) in [(1, true), (64, true), (0, false), (65, false), (-2, false), (i64::MAX, false)] {
        assert_eq!(HopLimit::setting(Some(number)).value().is_some(), want, "{number}");
        assert_eq!(HopLimit::setting(Some(number)).reason().is_none(), want, "{number}");
    }
    assert_eq!(ImageSupport::of(Some("v2.0")), ImageSupport::V2);
    assert_eq!(ImageSupport::of(None), ImageSupport::Legacy);
    assert!(matches!(ImageSupport::of(Some("v3.0")), ImageSupport::Unknown(_)));
}
