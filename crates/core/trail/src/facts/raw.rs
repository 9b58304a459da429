//! The JSON of a record, and of what may wrap it, without copying.
//!
//! Texts are read leniently: a number or a truth value becomes its text, anything else is as good as absent.

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::fmt;
use std::ops::Deref;

#[derive(serde::Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Raw<'a> {
    #[serde(borrow, rename = "eventID")]
    pub(super) event_id: Text<'a>,
    #[serde(borrow)]
    pub(super) event_time: Text<'a>,
    #[serde(borrow)]
    pub(super) event_name: Text<'a>,
    #[serde(borrow)]
    pub(super) event_source: Text<'a>,
    #[serde(borrow)]
    pub(super) aws_region: Text<'a>,
    #[serde(borrow, rename = "sourceIPAddress")]
    pub(super) source_address: Text<'a>,
    #[serde(borrow)]
    pub(super) user_agent: Text<'a>,
    #[serde(borrow)]
    pub(super) error_code: Text<'a>,
    #[serde(borrow)]
    pub(super) recipient_account_id: Text<'a>,
    #[serde(borrow)]
    pub(super) vpc_endpoint_id: Text<'a>,
    #[serde(borrow)]
    pub(super) vpc_endpoint_account_id: Text<'a>,
    #[serde(borrow)]
    pub(super) user_identity: Option<Identity<'a>>,
    #[serde(borrow)]
    pub(super) tls_details: Option<Tls<'a>>,
    #[serde(borrow)]
    request_parameters: Option<&'a RawValue>,
    #[serde(borrow)]
    response_elements: Option<&'a RawValue>,
    /// An `EventBridge` event.
    #[serde(borrow)]
    detail: Option<&'a RawValue>,
    /// A line of an exported log group.
    #[serde(borrow)]
    message: Text<'a>,
    /// A batch of a log group.
    #[serde(borrow)]
    log_events: Option<Vec<LogEvent<'a>>>,
    /// An event of `aws cloudtrail lookup-events`.
    #[serde(borrow, rename = "CloudTrailEvent")]
    cloud_trail_event: Text<'a>,
    /// OCSF: the record as it was.
    #[serde(borrow, rename = "raw_data")]
    as_it_was: Text<'a>,
    #[serde(borrow, rename = "class_uid")]
    class_uid: Text<'a>,
}

#[derive(serde::Deserialize, Default)]
#[serde(default)]
struct LogEvent<'a> {
    #[serde(borrow)]
    message: Text<'a>,
}

#[derive(serde::Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Identity<'a> {
    #[serde(borrow, rename = "type")]
    pub(super) kind: Text<'a>,
    #[serde(borrow)]
    pub(super) arn: Text<'a>,
    #[serde(borrow)]
    pub(super) account_id: Text<'a>,
    #[serde(borrow)]
    pub(super) access_key_id: Text<'a>,
    #[serde(borrow)]
    pub(super) invoked_by: Text<'a>,
    #[serde(borrow)]
    pub(super) session_context: Option<SessionContext<'a>>,
}

impl Identity<'_> {
    pub(super) const NONE: Identity<'static> = Identity {
        kind: Text::NONE,
        arn: Text::NONE,
        account_id: Text::NONE,
        access_key_id: Text::NONE,
        invoked_by: Text::NONE,
        session_context: None,
    };
}

#[derive(serde::Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct SessionContext<'a> {
    #[serde(borrow)]
    pub(super) ec2_role_delivery: Text<'a>,
    #[serde(borrow)]
    pub(super) session_issuer: Option<Issuer<'a>>,
    #[serde(borrow)]
    pub(super) attributes: Option<Attributes<'a>>,
}

#[derive(serde::Deserialize, Default)]
#[serde(default)]
pub(super) struct Issuer<'a> {
    #[serde(borrow)]
    pub(super) arn: Text<'a>,
}

#[derive(serde::Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Attributes<'a> {
    #[serde(borrow)]
    pub(super) creation_date: Text<'a>,
}

#[derive(serde::Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Tls<'a> {
    #[serde(borrow)]
    pub(super) tls_version: Text<'a>,
    #[serde(borrow)]
    pub(super) cipher_suite: Text<'a>,
}

impl Raw<'_> {
    pub(super) fn request(&self) -> Value {
        value(self.request_parameters)
    }

    pub(super) fn response(&self) -> Value {
        value(self.response_elements)
    }

    /// The texts inside that may be records.
    pub(super) fn wrapped(&self) -> impl Iterator<Item = &str> {
        let texts = [&*self.message, &*self.cloud_trail_event, &*self.as_it_was];
        let batch = self.log_events.iter().flatten().map(|event| &*event.message);
        let inner = self.detail.map(RawValue::get).into_iter().chain(texts).chain(batch);
        inner.filter(|text| text.trim_ascii_start().starts_with('{'))
    }

    pub(super) fn is_ocsf(&self) -> bool {
        !self.class_uid.is_empty()
    }
}

fn value(raw: Option<&RawValue>) -> Value {
    raw.and_then(|raw| serde_json::from_str(raw.get()).ok()).unwrap_or_default()
}

/// A text; empty if absent or no text.
#[derive(Default)]
pub(super) struct Text<'a>(Cow<'a, str>);

impl Text<'_> {
    const NONE: Text<'static> = Text(Cow::Borrowed(""));

    /// This text, or another one if this is empty.
    pub(super) fn or<'s>(&'s self, other: &'s str) -> &'s str {
        if self.is_empty() { other } else { self }
    }
}

impl Deref for Text<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Lenient).map(Text)
    }
}

struct Lenient;

impl<'de> Visitor<'de> for Lenient {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(text))
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(text.to_owned()))
    }

    fn visit_bool<E>(self, value: bool) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(if value { "true" } else { "false" }))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Self::Value, E> {
        Ok(Cow::Owned(value.to_string()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Self::Value, E> {
        Ok(Cow::Owned(value.to_string()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Self::Value, E> {
        Ok(Cow::Owned(value.to_string()))
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(""))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Cow::Borrowed(""))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Cow::Borrowed(""))
    }
}
