//! What one record says, in typed form.
//!
//! ```text
//! record ──parse──▶ a CloudTrail record ───────────────────────────────▶ Facts
//!            ├────▶ OCSF API activity: `raw_data`, else its fields and `unmapped` ──▶ Facts
//!            └────▶ an envelope: `detail`, `message`, `logEvents`, `CloudTrailEvent` ──parse──▶ …
//! ```
//! Only calls that matter to the rules yield facts: those made with credentials of an instance, and the watched ones
//! ([`Call`]). Texts are cut to [`TEXT_MAX_CHARS`]; no secret is read.
//!
//! # Failure
//! A record that is not JSON, or holds a value of a wrong shape where CloudTrail has an object, is [`Unreadable`]. What
//! an envelope wraps may be anything: what is no record in it is passed over.

mod agent;
mod call;
mod ocsf;
mod principal;
mod raw;
mod source;

pub use agent::{Agent, System};
pub use call::Call;
pub use principal::{Kind, Principal};
pub use source::{Origin, Reach};

use crate::details::Details;
use crate::moment::Moment;
use raw::{Identity, Raw};
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Longer texts of a record are cut.
pub const TEXT_MAX_CHARS: usize = 256;
/// Envelopes inside one another beyond this are not opened.
const ENVELOPES_MAX: usize = 3;

/// Where a record stands: which text, by the caller's numbering, and at which byte of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The text, as the caller numbers them.
    pub text: u32,
    /// The line in which it begins, from 1; 0 if nobody counted.
    pub line: u64,
    /// Bytes from its start.
    pub offset: u64,
}

/// How credentials of a role were delivered to an instance (`userIdentity.sessionContext.ec2RoleDelivery`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Delivery {
    /// `1.0`: by IMDSv1.
    V1,
    /// `2.0`: by IMDSv2.
    V2,
    /// A value that is not known here.
    Other,
}

/// What one record says.
#[derive(Clone, Debug)]
pub struct Facts {
    /// Where the record stands.
    pub place: Place,
    /// `eventID`; empty if the record has none.
    pub id: String,
    /// `eventTime`.
    pub time: Moment,
    /// `eventName`, e.g. `RunInstances`.
    pub event: String,
    /// `eventSource`, e.g. `ec2.amazonaws.com`.
    pub service: String,
    /// `awsRegion`.
    pub region: String,
    /// The account the record was written for.
    pub account: String,
    /// Where the call came from.
    pub origin: Origin,
    /// The VPC endpoint it came through.
    pub endpoint: Option<String>,
    /// The account that owns that endpoint.
    pub endpoint_account: Option<String>,
    /// The program that made the call, as it names itself.
    pub user_agent: String,
    /// TLS version and cipher suite.
    pub tls: Option<String>,
    /// The access key id. Not a secret.
    pub key: Option<String>,
    /// Who made the call.
    pub principal: Principal,
    /// How its credentials reached the instance; set for credentials of instances alone.
    pub delivery: Option<Delivery>,
    /// When the session was made.
    pub issued: Option<Moment>,
    /// `errorCode` of a call that failed.
    pub error: Option<String>,
    /// The service that made the call for somebody.
    pub invoked_by: Option<String>,
    /// Which watched call it is, if it is one.
    pub call: Option<Call>,
    /// What the watched call asked for and brought about.
    pub details: Details,
}

impl Facts {
    /// Whether the call was made with credentials that a metadata service delivered.
    pub fn with_instance_credentials(&self) -> bool {
        self.delivery.is_some() || self.principal.kind == Kind::InstanceIdentity
    }

    fn matter(&self) -> bool {
        self.call.is_some() || self.with_instance_credentials()
    }
}

/// A record that cannot be read.
#[derive(Debug, Error)]
#[error("record is not a JSON object of the expected shape")]
pub struct Unreadable(#[from] serde_json::Error);

/// The facts of a record that matter to the rules: none, one, or many if it wraps others.
///
/// # Errors
/// The bytes are not JSON, or no object of a known shape.
pub fn read(record: &[u8], place: Place) -> Result<Vec<Facts>, Unreadable> {
    let mut out = Vec::new();
    open(record, place, ENVELOPES_MAX, &mut out)?;
    Ok(out)
}

fn open(record: &[u8], place: Place, envelopes: usize, out: &mut Vec<Facts>) -> Result<(), Unreadable> {
    let raw: Raw<'_> = serde_json::from_slice(record)?;
    if !raw.event_name.is_empty() {
        out.extend(of_raw(&raw, place).filter(Facts::matter));
        return Ok(());
    }
    let Some(envelopes) = envelopes.checked_sub(1) else { return Ok(()) };
    let before = out.len();
    for inner in raw.wrapped() {
        // A message of a log group may be anything.
        let _not_a_record = open(inner.as_bytes(), place, envelopes, out);
    }
    if out.len() == before && raw.is_ocsf() {
        let value = serde_json::from_slice(record)?;
        out.extend(ocsf::read(&value, place).filter(Facts::matter));
    }
    Ok(())
}

fn of_raw(raw: &Raw<'_>, place: Place) -> Option<Facts> {
    let identity = raw.user_identity.as_ref().unwrap_or(&Identity::NONE);
    let session = identity.session_context.as_ref();
    let delivery = session.and_then(|session| delivery(&session.ec2_role_delivery));
    let issuer = session.and_then(|session| session.session_issuer.as_ref());
    let principal = Principal::read(&principal::Spelled {
        kind: &identity.kind,
        arn: &identity.arn,
        account: &identity.account_id,
        issuer: issuer.map_or("", |issuer| &issuer.arn),
        invoked_by: &identity.invoked_by,
        delivered: delivery.is_some(),
    });
    let call = Call::read(&raw.event_source, &raw.event_name);
    Some(Facts {
        place,
        id: cut(&raw.event_id),
        time: Moment::parse(&raw.event_time)?,
        event: cut(&raw.event_name),
        service: cut(&raw.event_source),
        region: cut(&raw.aws_region),
        account: cut(raw.recipient_account_id.or(&identity.account_id)),
        origin: Origin::read(&raw.source_address),
        endpoint: some(&raw.vpc_endpoint_id),
        endpoint_account: some(&raw.vpc_endpoint_account_id),
        user_agent: cut(&raw.user_agent),
        tls: raw
            .tls_details
            .as_ref()
            .and_then(|tls| some(format!("{} {}", &*tls.tls_version, &*tls.cipher_suite).trim())),
        key: some(&identity.access_key_id),
        issued: session.and_then(|session| Moment::parse(&session.attributes.as_ref()?.creation_date)),
        principal,
        delivery,
        error: some(&raw.error_code),
        invoked_by: some(&identity.invoked_by),
        details: match call {
            Some(call) => Details::read(call, &raw.request(), &raw.response()),
            None => Details::default(),
        },
        call,
    })
}

fn delivery(text: &str) -> Option<Delivery> {
    match text {
        "" => None,
        "1.0" => Some(Delivery::V1),
        "2.0" => Some(Delivery::V2),
        _ => Some(Delivery::Other),
    }
}

fn some(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| cut(text))
}

/// The text, or its first [`TEXT_MAX_CHARS`] characters.
pub(crate) fn cut(text: &str) -> String {
    if text.len() <= TEXT_MAX_CHARS {
        return text.to_owned();
    }
    let end = text.char_indices().nth(TEXT_MAX_CHARS).map_or(text.len(), |(end, _)| end);
    text.get(..end).unwrap_or(text).to_owned()
}

#[cfg(test)]
mod tests;
