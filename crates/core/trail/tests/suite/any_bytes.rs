//! Any bytes, and records with anything in their fields, are read without a panic.

use crate::record::*;
use onehop_trail::{Settings, Trail};
use proptest::prelude::*;
use serde_json::{Value, json};

fn run_text(text: &[u8]) -> usize {
    let (mut trail, mut found) = (Trail::new(Settings { waiting: 4, ..Settings::default() }), 0);
    trail.read(0, text, &mut |_| found += 1);
    trail.finish(&mut |_| found += 1);
    found
}

fn anything() -> impl Strategy<Value = Value> {
    let text = prop_oneof![
        Just("10.0.0.1".to_owned()),
        Just("optional".to_owned()),
        Just("enabled".to_owned()),
        Just(INSTANCE.to_owned()),
        Just("arn:aws:sts::111122223333:assumed-role/a/b".to_owned()),
        ".{0,12}",
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        text.prop_map(Value::from)
    ];
    let names = prop::sample::select(vec![
        "instanceId",
        "HttpTokens",
        "httpEndpoint",
        "HttpPutResponseHopLimit",
        "httpTokensEnforced",
        "privateIpAddress",
        "versionNumber",
        "launchTemplateId",
        "sessionContext",
        "ec2RoleDelivery",
        "arn",
        "accountId",
        "items",
        "message",
        "attributes",
        "creationDate",
    ]);
    leaf.prop_recursive(3, 24, 5, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(names.clone().prop_map(str::to_owned), inner, 0..5)
                .prop_map(|map| map.into_iter().collect()),
        ]
    })
}

const EVENTS: [&str; 10] = [
    "ModifyInstanceMetadataOptions",
    "ModifyInstanceMetadataDefaults",
    "RunInstances",
    "CreateLaunchTemplateVersion",
    "ModifyLaunchTemplate",
    "CreateFleet",
    "AssociateAddress",
    "AttachNetworkInterface",
    "StartInstances",
    "GetCallerIdentity",
];
const FIELDS: [&str; 12] = [
    "eventTime",
    "sourceIPAddress",
    "userAgent",
    "userIdentity",
    "requestParameters",
    "responseElements",
    "errorCode",
    "tlsDetails",
    "vpcEndpointId",
    "vpcEndpointAccountId",
    "detail",
    "logEvents",
];

proptest! {
    #[test]
    fn any_bytes_never_panic(text in prop::collection::vec(any::<u8>(), 0..600)) {
        run_text(&text);
    }

    #[test]
    fn any_values_never_panic(
        changes in prop::collection::vec((prop::sample::select(&EVENTS), prop::sample::select(&FIELDS), anything()), 1..6)
    ) {
        let records: Vec<Value> = changes.iter().map(|(event, field, value)| {
            let mut record = USUAL.json();
            record["eventName"] = (*event).into();
            record["eventSource"] = "ec2.amazonaws.com".into();
            record[*field] = value.clone();
            record
        }).collect();
        run_text(json!({"Records": records}).to_string().as_bytes());
    }

    /// Cutting a text anywhere costs the record that is cut, and no other.
    #[test]
    fn a_cut_text_loses_one_record(cut in 0_usize..3000) {
        let texts: Vec<String> = (0..4).map(|n| Use { second: n, ..USUAL }.json().to_string()).collect();
        let whole = format!("{{\"Records\":[{}]}}", texts.join(","));
        let cut = cut.min(whole.len());
        let mut trail = Trail::new(Settings::default());
        let tally = trail.read(0, &whole.as_bytes()[..cut], &mut |_| {});
        let mut end = "{\"Records\":[".len();
        let ends = texts.iter().map(|text| { end += text.len() + 1; end - 1 });
        prop_assert_eq!(tally.facts, ends.filter(|end| *end <= cut).count() as u64);
    }
}
