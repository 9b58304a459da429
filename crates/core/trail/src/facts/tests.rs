use super::*;
use serde_json::{Value, json};

fn record() -> Value {
    json!({
        "eventID": "00000000-0000-4000-8000-000000000001", "eventTime": "2026-01-02T03:04:05Z",
        "eventSource": "sts.amazonaws.com", "eventName": "GetCallerIdentity", "awsRegion": "us-east-1",
        "sourceIPAddress": "192.0.2.66", "userAgent": "curl/8", "recipientAccountId": "111122223333",
        "vpcEndpointId": "vpce-0aaa", "vpcEndpointAccountId": "111122223333",
        "userIdentity": {
            "type": "AssumedRole", "arn": "arn:aws:sts::111122223333:assumed-role/made-up/i-0123456789abcdef0",
            "accountId": "111122223333", "accessKeyId": "ASIAMADEUP0000000001",
            "sessionContext": {
                "ec2RoleDelivery": "1.0",
                "sessionIssuer": {"arn": "arn:aws:iam::111122223333:role/path/made-up"},
                "attributes": {"creationDate": "2026-01-02T03:00:00Z"}
            }
        },
        "tlsDetails": {"tlsVersion": "TLSv1.3", "cipherSuite": "MADE-UP"}
    })
}

fn read_value(value: &Value) -> Vec<Facts> {
    read(value.to_string().as_bytes(), Place { text: 3, line: 2, offset: 9 }).expect("a readable record")
}

fn check(facts: &Facts, how: &str) {
    assert_eq!(facts.place, Place { text: 3, line: 2, offset: 9 }, "{how}");
    assert_eq!(
        (facts.event.as_str(), facts.service.as_str()),
        ("GetCallerIdentity", "sts.amazonaws.com"),
        "{how}"
    );
    assert_eq!(facts.time.to_string(), "2026-01-02T03:04:05Z", "{how}");
    assert_eq!(facts.delivery, Some(Delivery::V1), "{how}");
    assert_eq!(facts.key.as_deref(), Some("ASIAMADEUP0000000001"), "{how}");
    assert_eq!(facts.origin, Origin::Address("192.0.2.66".parse().expect("an address")), "{how}");
    assert_eq!(
        (facts.endpoint.as_deref(), facts.endpoint_account.as_deref()),
        (Some("vpce-0aaa"), Some("111122223333")),
        "{how}"
    );
    assert_eq!((facts.user_agent.as_str(), facts.region.as_str()), ("curl/8", "us-east-1"), "{how}");
    assert_eq!(facts.principal.kind, Kind::InstanceRole, "{how}");
    assert_eq!(facts.principal.role.as_deref(), Some("arn:aws:iam::111122223333:role/path/made-up"), "{how}");
    assert_eq!(facts.principal.instance(), Some("i-0123456789abcdef0"), "{how}");
    assert_eq!(facts.tls.as_deref(), Some("TLSv1.3 MADE-UP"), "{how}");
    assert_eq!(facts.issued.map(|at| at.to_string()).as_deref(), Some("2026-01-02T03:00:00Z"), "{how}");
}

fn ocsf(unmapped: &Value) -> Value {
    json!({
        "class_uid": 6003, "time": 1_767_323_045_000_i64, "metadata": {"uid": "00000000-0000-4000-8000-000000000001"},
        "api": {"operation": "GetCallerIdentity", "service": {"name": "sts.amazonaws.com"}},
        "cloud": {"region": "us-east-1", "account": {"uid": "111122223333"}},
        "actor": {
            "user": {
                "type": "AssumedRole", "uid": "arn:aws:sts::111122223333:assumed-role/made-up/i-0123456789abcdef0",
                "credential_uid": "ASIAMADEUP0000000001", "account": {"uid": "111122223333"}
            },
            "session": {"issuer": "arn:aws:iam::111122223333:role/path/made-up", "created_time_dt": "2026-01-02T03:00:00Z"}
        },
        "src_endpoint": {"ip": "192.0.2.66", "uid": "vpce-0aaa"}, "http_request": {"user_agent": "curl/8"},
        "tls": {"version": "TLSv1.3", "cipher": "MADE-UP"}, "unmapped": unmapped
    })
}

#[test]
fn every_wrapping_gives_the_same_facts() {
    let text = record().to_string();
    let flat =
        json!({"userIdentity.sessionContext.ec2RoleDelivery": "1.0", "vpcEndpointAccountId": "111122223333"});
    let deep = json!({"userIdentity": {"sessionContext": {"ec2RoleDelivery": "1.0"}}, "vpcEndpointAccountId": "111122223333"});
    for (how, wrapped) in [
        ("bare", record()),
        (
            "EventBridge",
            json!({"version": "0", "detail-type": "AWS API Call via CloudTrail", "source": "aws.sts", "detail": record()}),
        ),
        ("log line", json!({"@timestamp": 0, "message": text})),
        (
            "log batch",
            json!({"messageType": "DATA_MESSAGE", "logEvents": [{"id": "1", "message": "no record"}, {"id": "2", "message": text}]}),
        ),
        ("lookup", json!({"EventId": "x", "EventName": "GetCallerIdentity", "CloudTrailEvent": text})),
        ("batch in an event", json!({"detail": {"logEvents": [{"message": text}]}})),
        ("OCSF, flat", ocsf(&flat)),
        ("OCSF, deep", ocsf(&deep)),
        ("OCSF with the record", json!({"class_uid": 6003, "raw_data": text})),
    ] {
        let facts = read_value(&wrapped);
        assert_eq!(facts.len(), 1, "{how}");
        check(&facts[0], how);
    }
}

#[test]
fn envelopes_are_opened_to_a_depth() {
    let mut wrapped = record();
    for _ in 0..ENVELOPES_MAX {
        wrapped = json!({ "detail": wrapped });
    }
    assert_eq!(read_value(&wrapped).len(), 1);
    assert_eq!(read_value(&json!({ "detail": wrapped })).len(), 0);
}

#[test]
fn requests_in_ocsf_are_read_from_text_objects_and_beside_the_mapping() {
    let asked = json!({"ModifyInstanceMetadataOptionsRequest": {"InstanceId": "i-0123456789abcdef0", "HttpTokens": "optional"}});
    let mut as_text = ocsf(&Value::Null);
    as_text["api"] = json!({"operation": "ModifyInstanceMetadataOptions", "service": {"name": "ec2.amazonaws.com"}, "request": {"data": asked.to_string()}});
    let mut as_object = as_text.clone();
    as_object["api"]["request"]["data"] = asked;
    let mut beside = as_text.clone();
    beside["api"]["request"] = Value::Null;
    beside["unmapped"] = json!({
        "requestParameters.ModifyInstanceMetadataOptionsRequest.HttpTokens": "optional",
        "requestParameters.ModifyInstanceMetadataOptionsRequest.InstanceId": "i-0123456789abcdef0"
    });
    for value in [as_text, as_object, beside] {
        let facts = read_value(&value);
        assert_eq!(facts[0].details.asked().tokens, Some(crate::details::Tokens::Optional), "{value}");
        assert_eq!(facts[0].details.instances, ["i-0123456789abcdef0"], "{value}");
    }
}

#[test]
fn what_does_not_matter_gives_nothing() {
    let mut other = record();
    other["userIdentity"]["sessionContext"]["ec2RoleDelivery"] = Value::Null;
    for value in [
        other,
        json!({}),
        json!({"message": "no record"}),
        json!({"detail": 3}),
        json!({"eventName": "RunInstances"}),
    ] {
        assert!(read_value(&value).is_empty(), "{value}");
    }
}

#[test]
fn what_is_no_record_is_unreadable() {
    for text in ["", "{", "{\"userIdentity\":3}", "{\"a\":\"\u{1}\"}"] {
        assert!(read(text.as_bytes(), Place::default()).is_err(), "{text}");
    }
    assert!(read(b"{\"eventName\":\"\xff\"}", Place::default()).is_err());
}

#[test]
fn principals_are_told_apart() {
    let role = "arn:aws:sts::111122223333:assumed-role/made-up/i-0123456789abcdef0";
    let identity = "arn:aws:sts::111122223333:assumed-role/aws:ec2-instance/i-0123456789abcdef0";
    for (kind, arn, delivered, want) in [
        ("AssumedRole", role, true, Kind::InstanceRole),
        ("AssumedRole", role, false, Kind::AssumedRole),
        ("AssumedRole", identity, true, Kind::InstanceIdentity),
        ("AssumedRole", identity, false, Kind::InstanceIdentity),
        ("AssumedRole", "arn:aws-cn:sts::111122223333:assumed-role/made-up/person", false, Kind::AssumedRole),
        ("IAMUser", "arn:aws:iam::111122223333:user/made-up", false, Kind::User),
        ("Root", "arn:aws:iam::111122223333:root", false, Kind::Root),
        ("AWSService", "", false, Kind::Service),
        ("", "", false, Kind::Other),
    ] {
        let spelled =
            principal::Spelled { kind, arn, account: "111122223333", issuer: "", invoked_by: "", delivered };
        assert_eq!(Principal::read(&spelled).kind, want, "{arn} {delivered}");
    }
}

#[test]
fn origins_are_told_apart() {
    let address = |text: &str| Origin::Address(text.parse().expect("an address"));
    assert_eq!(Origin::read("192.0.2.66"), address("192.0.2.66"));
    assert_eq!(Origin::read("2001:db8::7"), address("2001:db8::7"));
    assert_eq!(Origin::read("ec2.amazonaws.com"), Origin::Service("ec2.amazonaws.com".to_owned()));
    assert_eq!(Origin::read("AWS Internal"), Origin::Service("AWS Internal".to_owned()));
    assert_eq!(Origin::read(""), Origin::Unknown(String::new()));
    for (text, want) in [
        ("10.0.0.1", Reach::Inside),
        ("100.64.0.1", Reach::Inside),
        ("fd00::1", Reach::Inside),
        ("198.51.100.1", Reach::Public),
        ("8.8.8.8", Reach::Public),
    ] {
        assert_eq!(Reach::of(text.parse().expect("an address")), want, "{text}");
    }
}

#[test]
fn texts_are_cut() {
    let mut long = record();
    long["userAgent"] = "é".repeat(5000).into();
    assert_eq!(read_value(&long)[0].user_agent.chars().count(), TEXT_MAX_CHARS);
}
