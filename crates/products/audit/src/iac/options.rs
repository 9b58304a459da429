//! The metadata options that a block writes.

use super::block::{Block, Field, number};
use onehop_code::{Kind, Span, Value};
use onehop_posture::{Field as Option_, HopLimit, Options, Setting, Switch, Tokens};

/// How a language spells the five options. Empty: the language cannot say it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Names {
    /// `HttpTokens`.
    pub tokens: &'static str,
    /// `HttpEndpoint`.
    pub endpoint: &'static str,
    /// `HttpPutResponseHopLimit`.
    pub hop_limit: &'static str,
    /// `HttpProtocolIpv6`.
    pub ipv6: &'static str,
    /// `InstanceMetadataTags`.
    pub tags: &'static str,
}

/// Terraform, Packer, Ansible.
pub(super) const SNAKE: Names = Names {
    tokens: "http_tokens",
    endpoint: "http_endpoint",
    hop_limit: "http_put_response_hop_limit",
    ipv6: "http_protocol_ipv6",
    tags: "instance_metadata_tags",
};

/// CloudFormation.
pub(super) const CAPITAL: Names = Names {
    tokens: "HttpTokens",
    endpoint: "HttpEndpoint",
    hop_limit: "HttpPutResponseHopLimit",
    ipv6: "HttpProtocolIpv6",
    tags: "InstanceMetadataTags",
};

/// Pulumi, Karpenter.
pub(super) const CAMEL: Names = Names {
    tokens: "httpTokens",
    endpoint: "httpEndpoint",
    hop_limit: "httpPutResponseHopLimit",
    ipv6: "httpProtocolIpv6",
    tags: "instanceMetadataTags",
};

impl Names {
    /// The spelling of one option.
    pub(super) const fn of(&self, field: Option_) -> &'static str {
        match field {
            Option_::Tokens => self.tokens,
            Option_::Endpoint => self.endpoint,
            Option_::HopLimit => self.hop_limit,
            Option_::Ipv6 => self.ipv6,
            Option_::Tags => self.tags,
        }
    }
}

/// What a block says about the five options.
pub(super) fn read(block: Block<'_>, names: &Names) -> Options {
    let text = |field: Option_| written(block.field(names.of(field)));
    Options {
        tokens: text(Option_::Tokens).and_then_text(Tokens::setting),
        endpoint: text(Option_::Endpoint).and_then_text(|text| Switch::setting(text, Option_::Endpoint)),
        hop_limit: hop_limit(block.field(names.hop_limit)),
        ipv6: text(Option_::Ipv6).and_then_text(|text| Switch::setting(text, Option_::Ipv6)),
        tags: text(Option_::Tags).and_then_text(|text| Switch::setting(text, Option_::Tags)),
    }
}

/// Where a block writes the tokens option: what a fix changes.
pub(super) fn tokens_span(block: Block<'_>, names: &Names) -> Option<Span> {
    block.value()?.get(names.tokens).filter(|value| !value.is_null())?.span
}

/// A field as text.
pub(super) enum Written {
    /// Left out.
    Absent,
    /// A text.
    Text(String),
    /// Not to be known, or no text; the reason.
    Unknown(String),
}

impl Written {
    /// The setting that a text stands for.
    pub(super) fn and_then_text<T>(self, read: impl Fn(Option<&str>) -> Setting<T>) -> Setting<T> {
        match self {
            Written::Absent => Setting::Unset,
            Written::Text(text) => read(Some(&text)),
            Written::Unknown(reason) => Setting::unknown(reason),
        }
    }
}

/// A field as text.
pub(super) fn written(field: Field<'_>) -> Written {
    match field {
        Field::Absent => Written::Absent,
        Field::Unknown(unknown) => Written::Unknown(unknown.to_string()),
        Field::Written(value) => match &value.kind {
            Kind::String(text) => Written::Text(text.clone()),
            Kind::Bool(truth) => Written::Text(truth.to_string()),
            Kind::Number(number) => Written::Text(number.to_string()),
            other => Written::Unknown(shape(other)),
        },
    }
}

fn hop_limit(field: Field<'_>) -> Setting<HopLimit> {
    match field {
        Field::Absent => Setting::Unset,
        Field::Unknown(unknown) => Setting::unknown(unknown.to_string()),
        Field::Written(value) => match number(value) {
            #[expect(
                clippy::cast_possible_truncation,
                reason = "numbers beyond i64 saturate, and are no hop limits"
            )]
            Some(number) if number.fract() == 0.0 => HopLimit::setting(Some(number as i64)),
            Some(number) => Setting::unknown(format!("`{number}` is no hop limit")),
            None => Setting::unknown(shape(&value.kind)),
        },
    }
}

/// Why a value that is no text cannot be used, in words.
fn shape(kind: &Kind) -> String {
    match kind {
        Kind::Reference(reference) => {
            format!("it is `{}` of `{}`, known once that exists", reference.attribute, reference.address)
        }
        Kind::List(_) => "a list stands where a text is expected".to_owned(),
        Kind::Map(_) => "a map stands where a text is expected".to_owned(),
        _ => "it is no text".to_owned(),
    }
}

/// A text value, e.g. of a version or an id; none if it is something else.
pub(super) fn text_of(value: &Value) -> Option<String> {
    match &value.kind {
        Kind::String(text) => Some(text.clone()),
        Kind::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
