//! Metadata options: what is said, what is resolved, and the rules for changing them.

use crate::answer::{Done, Fault, Xml};
use crate::request::Asked;
use crate::scenario::{Defaults, Options};
use onehop_posture::{
    Effective, Field, Gate, HopLimit, ImageSupport, Layers, Options as Said, Setting, Switch, Tokens, resolve,
};

/// The five values in effect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct InEffect {
    pub(crate) tokens: Tokens,
    pub(crate) endpoint: Switch,
    pub(crate) hop_limit: u8,
    pub(crate) ipv6: Switch,
    pub(crate) tags: Switch,
}

/// What there is to resolve from.
pub(crate) struct Levels<'s> {
    pub(crate) request: &'s Options,
    pub(crate) template: &'s Options,
    pub(crate) account: &'s Defaults,
    pub(crate) imds_support: Option<&'s str>,
    /// Whether the gate of the account is asked.
    pub(crate) is_launch: bool,
}

impl InEffect {
    /// Resolves the four levels as `onehop-posture` does; the launch fails where the account enforces tokens.
    pub(crate) fn resolve(levels: &Levels<'_>) -> Done<InEffect> {
        let is_enforced = levels.account.http_tokens_enforced.as_deref() == Some("enabled");
        let effective = resolve(&Layers {
            request: said(levels.request),
            template: said(levels.template),
            account: of_account(levels.account),
            image: ImageSupport::of(levels.imds_support),
            enforced: Setting::Set(is_enforced && levels.is_launch),
        });
        if matches!(effective.gate, Gate::Fails) {
            return Err(Fault::bad(
                "UnsupportedOperation",
                "The account requires IMDSv2: an instance whose HttpTokens is not `required` cannot be launched.",
            ));
        }
        values(&effective)
            .ok_or_else(|| Fault::bad("InvalidParameterValue", "a metadata option has no such value"))
    }

    /// Applies a change: what is left out keeps its value. An account that enforces tokens does not let IMDSv1 be
    /// turned on again.
    pub(crate) fn change(&self, to: &Options, account: &Defaults) -> Done<InEffect> {
        check(to)?;
        let enforced = account.http_tokens_enforced.as_deref() == Some("enabled");
        let switch = |text: &Option<String>, field, kept| {
            *Switch::setting(text.as_deref(), field).value().unwrap_or(&kept)
        };
        let changed = InEffect {
            tokens: *Tokens::setting(to.http_tokens.as_deref()).value().unwrap_or(&self.tokens),
            endpoint: switch(&to.http_endpoint, Field::Endpoint, self.endpoint),
            hop_limit: to
                .http_put_response_hop_limit
                .and_then(|limit| u8::try_from(limit).ok())
                .unwrap_or(self.hop_limit),
            ipv6: switch(&to.http_protocol_ipv6, Field::Ipv6, self.ipv6),
            tags: switch(&to.instance_metadata_tags, Field::Tags, self.tags),
        };
        if enforced && self.tokens == Tokens::Required && changed.tokens == Tokens::Optional {
            return Err(Fault::bad(
                "UnsupportedOperation",
                "The account requires IMDSv2: HttpTokens cannot be set to `optional`.",
            ));
        }
        Ok(changed)
    }

    pub(crate) fn write(&self, xml: &mut Xml, state: &str) {
        xml.leaf("state", state)
            .leaf("httpTokens", self.tokens.name())
            .number("httpPutResponseHopLimit", self.hop_limit)
            .leaf("httpEndpoint", self.endpoint.name())
            .leaf("httpProtocolIpv6", self.ipv6.name())
            .leaf("instanceMetadataTags", self.tags.name());
    }
}

fn values(effective: &Effective) -> Option<InEffect> {
    Some(InEffect {
        tokens: effective.tokens.value()?,
        endpoint: effective.endpoint.value()?,
        hop_limit: effective.hop_limit.value()?.get(),
        ipv6: effective.ipv6.value()?,
        tags: effective.tags.value()?,
    })
}

fn said(options: &Options) -> Said {
    Said {
        tokens: Tokens::setting(options.http_tokens.as_deref()),
        endpoint: Switch::setting(options.http_endpoint.as_deref(), Field::Endpoint),
        hop_limit: HopLimit::setting(options.http_put_response_hop_limit),
        ipv6: Switch::setting(options.http_protocol_ipv6.as_deref(), Field::Ipv6),
        tags: Switch::setting(options.instance_metadata_tags.as_deref(), Field::Tags),
    }
}

fn of_account(defaults: &Defaults) -> Said {
    Said {
        tokens: Tokens::setting(defaults.http_tokens.as_deref()),
        endpoint: Switch::setting(defaults.http_endpoint.as_deref(), Field::Endpoint),
        hop_limit: HopLimit::setting(defaults.http_put_response_hop_limit),
        ipv6: Setting::Unset,
        tags: Switch::setting(defaults.instance_metadata_tags.as_deref(), Field::Tags),
    }
}

/// The parameters of a request under a prefix, with values that exist.
pub(crate) fn asked(asked: &Asked, prefix: &str) -> Done<Options> {
    let text = |name: &str| asked.get(&format!("{prefix}{name}")).map(ToOwned::to_owned);
    let hop_limit = text("HttpPutResponseHopLimit").map(|text| text.parse::<i64>());
    let options = Options {
        http_tokens: text("HttpTokens"),
        http_endpoint: text("HttpEndpoint"),
        http_put_response_hop_limit: hop_limit
            .transpose()
            .map_err(|_| Fault::bad("InvalidParameterValue", "HttpPutResponseHopLimit is no number"))?,
        http_protocol_ipv6: text("HttpProtocolIpv6"),
        instance_metadata_tags: text("InstanceMetadataTags"),
    };
    check(&options)?;
    Ok(options)
}

fn check(options: &Options) -> Done<()> {
    let allowed: [(&str, &Option<String>, [&str; 2]); 4] = [
        ("HttpTokens", &options.http_tokens, ["optional", "required"]),
        ("HttpEndpoint", &options.http_endpoint, ["enabled", "disabled"]),
        ("HttpProtocolIpv6", &options.http_protocol_ipv6, ["enabled", "disabled"]),
        ("InstanceMetadataTags", &options.instance_metadata_tags, ["enabled", "disabled"]),
    ];
    for (name, value, values) in allowed {
        if let Some(value) = value.as_deref().filter(|value| !values.contains(value)) {
            return Err(Fault::bad("InvalidParameterValue", format!("{name} cannot be `{value}`")));
        }
    }
    match options.http_put_response_hop_limit {
        Some(limit) if !(1..=64).contains(&limit) => {
            Err(Fault::bad("InvalidParameterValue", format!("HttpPutResponseHopLimit cannot be {limit}")))
        }
        _ => Ok(()),
    }
}

/// Options over others, each alone.
pub(crate) fn over(above: &Options, below: &Options) -> Options {
    let text = |above: &Option<String>, below: &Option<String>| above.clone().or_else(|| below.clone());
    Options {
        http_tokens: text(&above.http_tokens, &below.http_tokens),
        http_endpoint: text(&above.http_endpoint, &below.http_endpoint),
        http_put_response_hop_limit: above.http_put_response_hop_limit.or(below.http_put_response_hop_limit),
        http_protocol_ipv6: text(&above.http_protocol_ipv6, &below.http_protocol_ipv6),
        instance_metadata_tags: text(&above.instance_metadata_tags, &below.instance_metadata_tags),
    }
}

/// Writes what is said.
pub(crate) fn write(options: &Options, xml: &mut Xml, first: fn(&str) -> String) {
    xml.some(&first("httpTokens"), options.http_tokens.as_deref())
        .some(&first("httpEndpoint"), options.http_endpoint.as_deref());
    if let Some(limit) = options.http_put_response_hop_limit {
        xml.number(&first("httpPutResponseHopLimit"), limit);
    }
    xml.some(&first("httpProtocolIpv6"), options.http_protocol_ipv6.as_deref())
        .some(&first("instanceMetadataTags"), options.instance_metadata_tags.as_deref());
}
