//! A CloudTrail record as OCSF API activity (class 6003), the form of Security Lake.
//!
//! What the schema has no field for stands in `unmapped`, by its path with dots or as objects: the role delivery of
//! instances among it (`userIdentity.sessionContext.ec2RoleDelivery`). Requests and answers stand in `api.request.data`
//! and `api.response.data`, as objects or as text, or in `unmapped`.

use super::principal::{Principal, Spelled};
use super::{Call, Facts, Origin, Place, cut, delivery, some};
use crate::details::Details;
use crate::moment::Moment;
use serde_json::{Map, Value};

/// A path in `unmapped` with more parts is left out.
const PARTS_MAX: usize = 32;

/// Total: what the record lacks is empty. `None` without an operation or a time.
pub(super) fn read(record: &Value, place: Place) -> Option<Facts> {
    let other = nested(record.get("unmapped").unwrap_or(&Value::Null));
    let of = |path: &str| text(record, path);
    let beside = |path: &str| text(&other, path);
    let delivery = delivery(&beside("userIdentity.sessionContext.ec2RoleDelivery"));
    let invoked_by = first([of("actor.invoked_by"), beside("userIdentity.invokedBy")]);
    let service = of("api.service.name");
    let event = of("api.operation");
    let call = Call::read(&service, &event);
    let principal = Principal::read(&Spelled {
        kind: &of("actor.user.type"),
        arn: &first([of("actor.user.uid"), beside("userIdentity.arn")]),
        account: &of("actor.user.account.uid"),
        issuer: &first([of("actor.session.issuer"), beside("userIdentity.sessionContext.sessionIssuer.arn")]),
        invoked_by: &invoked_by,
        delivered: delivery.is_some(),
    });
    if event.is_empty() {
        return None;
    }
    Some(Facts {
        place,
        id: cut(&first([of("metadata.uid"), of("api.request.uid")])),
        time: time(record)?,
        region: cut(&of("cloud.region")),
        account: cut(&first([of("cloud.account.uid"), beside("recipientAccountId")])),
        origin: Origin::read(&first([
            of("src_endpoint.ip"),
            of("src_endpoint.domain"),
            of("src_endpoint.svc_name"),
        ])),
        endpoint: some(&first([beside("vpcEndpointId"), vpc_endpoint(record)])),
        endpoint_account: some(&beside("vpcEndpointAccountId")),
        user_agent: cut(&of("http_request.user_agent")),
        tls: some(format!("{} {}", of("tls.version"), of("tls.cipher")).trim()),
        key: some(&first([of("actor.user.credential_uid"), of("actor.session.credential_uid")])),
        principal,
        delivery,
        issued: Moment::parse(&first([
            of("actor.session.created_time_dt"),
            beside("userIdentity.sessionContext.attributes.creationDate"),
        ])),
        error: some(&first([of("api.response.error"), beside("errorCode")])),
        invoked_by: some(&invoked_by),
        details: match call {
            Some(call) => {
                let request = data(record, "/api/request/data", &other, "requestParameters");
                Details::read(call, &request, &data(record, "/api/response/data", &other, "responseElements"))
            }
            None => Details::default(),
        },
        call,
        event: cut(&event),
        service: cut(&service),
    })
}

fn text(value: &Value, path: &str) -> String {
    match path.split('.').try_fold(value, |value, part| value.get(part)) {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Number(number)) => number.to_string(),
        _ => String::new(),
    }
}

fn first<const N: usize>(texts: [String; N]) -> String {
    texts.into_iter().find(|text| !text.is_empty()).unwrap_or_default()
}

fn time(record: &Value) -> Option<Moment> {
    let milliseconds = record.get("time").and_then(Value::as_i64);
    let seconds = milliseconds.map(|milliseconds| Moment::from_unix(milliseconds.div_euclid(1000)));
    seconds.or_else(|| Moment::parse(&text(record, "time_dt")))
}

fn vpc_endpoint(record: &Value) -> String {
    let uid = text(record, "src_endpoint.uid");
    if uid.starts_with("vpce-") { uid } else { String::new() }
}

/// A request or an answer, from its own place or from beside the mapping.
fn data(record: &Value, pointer: &str, other: &Value, name: &str) -> Value {
    match record.pointer(pointer) {
        Some(Value::String(text)) => serde_json::from_str(text).unwrap_or_default(),
        Some(value) if !value.is_null() => value.clone(),
        _ => other.get(name).cloned().unwrap_or_default(),
    }
}

/// `{"a.b": 1, "c": {"d": 2}}` as `{"a": {"b": 1}, "c": {"d": 2}}`.
fn nested(flat: &Value) -> Value {
    let mut out = Map::new();
    for (path, value) in flat.as_object().into_iter().flatten() {
        let parts: Vec<&str> = path.split('.').take(PARTS_MAX + 1).collect();
        if parts.len() <= PARTS_MAX {
            insert(&mut out, &parts, value);
        }
    }
    Value::Object(out)
}

fn insert(into: &mut Map<String, Value>, parts: &[&str], value: &Value) {
    let [part, rest @ ..] = parts else { return };
    if rest.is_empty() {
        into.insert((*part).to_owned(), value.clone());
        return;
    }
    let inner = into.entry(*part).or_insert_with(|| Value::Object(Map::new()));
    if let Value::Object(inner) = inner {
        insert(inner, rest, value);
    }
}
