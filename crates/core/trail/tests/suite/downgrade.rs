//! Metadata options by value.

use crate::record::*;
use onehop_trail::Finding;
use serde_json::{Value, json};

struct Case {
    name: &'static str,
    records: Vec<Value>,
    want: &'static [(&'static str, &'static str)],
    why: &'static str,
}

fn modify(second: u32, request: Value) -> Value {
    let mut request = request;
    request["InstanceId"] = INSTANCE.into();
    ec2(
        second,
        "ModifyInstanceMetadataOptions",
        json!({"ModifyInstanceMetadataOptionsRequest": request}),
        Value::Null,
    )
}

fn defaults(second: u32, request: Value) -> Value {
    let answer = json!({"ModifyInstanceMetadataDefaultsResponse": {"return": true}});
    ec2(
        second,
        "ModifyInstanceMetadataDefaults",
        json!({"ModifyInstanceMetadataDefaultsRequest": request}),
        answer,
    )
}

fn launch(asked: Option<&str>, effect: &[&str]) -> Value {
    let items: Vec<Value> = effect
        .iter()
        .enumerate()
        .map(|(n, tokens)| json!({"instanceId": format!("i-{n:017}"), "metadataOptions": {"httpTokens": tokens, "httpPutResponseHopLimit": 1, "httpEndpoint": "enabled"}}))
        .collect();
    let mut request = json!({"instanceType": "t3.micro"});
    if let Some(tokens) = asked {
        request["metadataOptions"] = json!({"httpTokens": tokens});
    }
    ec2(0, "RunInstances", request, json!({"instancesSet": {"items": items}}))
}

fn failed(mut record: Value, code: &str) -> Value {
    record["errorCode"] = code.into();
    record["responseElements"] = Value::Null;
    record
}

fn by_instance(mut record: Value) -> Value {
    record["userIdentity"] = USUAL.json()["userIdentity"].clone();
    record
}

fn template(second: u32, event: &str, version: i64, data: Value, answered: Value) -> Value {
    let request =
        json!({ format!("{event}Request"): {"LaunchTemplateName": "made-up", "LaunchTemplateData": data}});
    let answer = json!({ format!("{event}Response"): {"launchTemplateVersion": {
        "launchTemplateId": "lt-0", "launchTemplateName": "made-up", "versionNumber": version, "defaultVersion": false,
        "launchTemplateData": answered
    }}});
    ec2(second, event, request, answer)
}

fn move_default(second: u32, version: &str) -> Value {
    let request =
        json!({"ModifyLaunchTemplateRequest": {"LaunchTemplateId": "lt-0", "SetDefaultVersion": version}});
    ec2(second, "ModifyLaunchTemplate", request, Value::Null)
}

const OPTIONAL: (&str, &str) = ("TRAIL-TOKENS-OPTIONAL", "high");
const TEMPLATE: (&str, &str) = ("TRAIL-TEMPLATE-OPTIONAL", "medium");

fn instances() -> Vec<Case> {
    let optional = || json!({"HttpTokens": "optional", "HttpEndpoint": "enabled"});
    let required = || json!({"HttpTokens": "required", "HttpEndpoint": "enabled"});
    vec![
        Case {
            name: "optional",
            records: vec![modify(0, optional())],
            want: &[OPTIONAL],
            why: "IMDSv1 is let in",
        },
        Case { name: "required", records: vec![modify(0, required())], want: &[], why: "this closes it" },
        Case {
            name: "optional after required",
            records: vec![modify(0, required()), modify(1, optional())],
            want: &[OPTIONAL],
            why: "a step back",
        },
        Case {
            name: "optional as before",
            records: vec![modify(0, optional()), modify(1, optional())],
            want: &[OPTIONAL, ("TRAIL-TOKENS-OPTIONAL", "low")],
            why: "no change",
        },
        Case {
            name: "attempt",
            records: vec![failed(modify(0, optional()), "Client.UnauthorizedOperation")],
            want: &[("TRAIL-TOKENS-OPTIONAL", "medium")],
            why: "a call that failed is milder",
        },
        Case {
            name: "attempt is not remembered",
            records: vec![failed(modify(0, optional()), "Client.DryRunOperation"), modify(1, optional())],
            want: &[("TRAIL-TOKENS-OPTIONAL", "medium"), OPTIONAL],
            why: "it changed nothing",
        },
        Case {
            name: "by an instance",
            records: vec![by_instance(modify(0, optional()))],
            want: &[("TRAIL-TOKENS-OPTIONAL", "critical")],
            why: "instances have no business there",
        },
        Case {
            name: "older spelling",
            records: vec![ec2(
                0,
                "ModifyInstanceMetadataOptions",
                json!({"instanceId": INSTANCE, "httpTokens": "optional"}),
                Value::Null,
            )],
            want: &[OPTIONAL],
            why: "keys are compared without case",
        },
        Case {
            name: "Lightsail",
            records: vec![by_user(
                0,
                "lightsail.amazonaws.com",
                "UpdateInstanceMetadataOptions",
                json!({"instanceName": "made-up", "httpTokens": "optional"}),
                Value::Null,
            )],
            want: &[OPTIONAL],
            why: "the same under another name",
        },
        Case {
            name: "hops",
            records: vec![
                modify(0, json!({"HttpPutResponseHopLimit": 2})),
                modify(1, json!({"HttpPutResponseHopLimit": 64})),
                modify(2, json!({"HttpPutResponseHopLimit": 1})),
            ],
            want: &[("TRAIL-HOP-LIMIT", "low"), ("TRAIL-HOP-LIMIT", "medium")],
            why: "up is reported, down is not",
        },
        Case {
            name: "hops as text",
            records: vec![modify(0, json!({"HttpPutResponseHopLimit": "3"}))],
            want: &[("TRAIL-HOP-LIMIT", "medium")],
            why: "younger calls write numbers as text at times",
        },
        Case {
            name: "endpoint on again",
            records: vec![
                modify(0, json!({"HttpEndpoint": "disabled"})),
                modify(1, json!({"HttpEndpoint": "enabled"})),
            ],
            want: &[("TRAIL-ENDPOINT-ENABLED", "medium")],
            why: "it was off",
        },
        Case {
            name: "endpoint on beside tokens",
            records: vec![modify(0, json!({"HttpEndpoint": "disabled"})), modify(1, required())],
            want: &[("TRAIL-ENDPOINT-ENABLED", "medium")],
            why: "requiring tokens must not open what was closed",
        },
        Case {
            name: "endpoint on, past unknown",
            records: vec![modify(0, json!({"HttpEndpoint": "enabled"}))],
            want: &[("TRAIL-ENDPOINT-ENABLED", "low")],
            why: "alone it is meant",
        },
        Case {
            name: "another service",
            records: vec![by_user(
                0,
                "made-up.amazonaws.com",
                "ModifyInstanceMetadataOptions",
                json!({"httpTokens": "optional"}),
                Value::Null,
            )],
            want: &[],
            why: "not a call of EC2",
        },
    ]
}

fn accounts() -> Vec<Case> {
    vec![
        Case {
            name: "default optional",
            records: vec![defaults(0, json!({"HttpTokens": "optional"}))],
            want: &[OPTIONAL],
            why: "an explicit default beats the image",
        },
        Case {
            name: "default no preference",
            records: vec![defaults(0, json!({"HttpTokens": "no-preference"}))],
            want: &[("TRAIL-TOKENS-OPTIONAL", "medium")],
            why: "launch and image decide again",
        },
        Case {
            name: "default required",
            records: vec![defaults(
                0,
                json!({"HttpTokens": "required", "HttpTokensEnforced": "enabled", "HttpPutResponseHopLimit": -1}),
            )],
            want: &[],
            why: "hardening",
        },
        Case {
            name: "enforcement off",
            records: vec![defaults(0, json!({"HttpTokensEnforced": "disabled"}))],
            want: &[("TRAIL-ENFORCEMENT-OFF", "high")],
            why: "launches with IMDSv1 work again",
        },
        Case {
            name: "enforcement without preference",
            records: vec![defaults(0, json!({"HttpTokensEnforced": "no-preference"}))],
            want: &[("TRAIL-ENFORCEMENT-OFF", "high")],
            why: "the same",
        },
        Case {
            name: "enforcement off again",
            records: vec![
                defaults(0, json!({"HttpTokensEnforced": "disabled"})),
                defaults(1, json!({"HttpTokensEnforced": "disabled"})),
            ],
            want: &[("TRAIL-ENFORCEMENT-OFF", "high"), ("TRAIL-ENFORCEMENT-OFF", "low")],
            why: "no change",
        },
        Case {
            name: "all at once",
            records: vec![defaults(
                0,
                json!({"HttpTokens": "optional", "HttpTokensEnforced": "disabled", "HttpPutResponseHopLimit": 4}),
            )],
            want: &[OPTIONAL, ("TRAIL-ENFORCEMENT-OFF", "high"), ("TRAIL-HOP-LIMIT", "medium")],
            why: "each has its rule",
        },
    ]
}

fn launches() -> Vec<Case> {
    let options = |tokens: &str| json!({"MetadataOptions": {"HttpTokens": tokens}});
    let answered = |tokens: &str| json!({"metadataOptions": {"httpTokens": tokens}});
    let version =
        |second, n, asked: Value, told| template(second, "CreateLaunchTemplateVersion", n, asked, told);
    let group =
        |request| by_user(0, "autoscaling.amazonaws.com", "CreateLaunchConfiguration", request, Value::Null);
    vec![
        Case {
            name: "inherited",
            records: vec![launch(None, &["optional"])],
            want: &[("TRAIL-LAUNCH-OPTIONAL", "low")],
            why: "the answer has the value in effect",
        },
        Case {
            name: "asked for",
            records: vec![launch(Some("optional"), &["optional"])],
            want: &[("TRAIL-LAUNCH-OPTIONAL", "medium")],
            why: "meant",
        },
        Case {
            name: "required",
            records: vec![launch(None, &["required"])],
            want: &[],
            why: "closed by default",
        },
        Case {
            name: "many",
            records: vec![launch(None, &["required", "optional", "optional"])],
            want: &[("TRAIL-LAUNCH-OPTIONAL", "low")],
            why: "one finding a launch",
        },
        Case {
            name: "refused",
            records: vec![failed(launch(Some("optional"), &[]), "Client.InvalidParameterCombination")],
            want: &[("TRAIL-LAUNCH-OPTIONAL", "low")],
            why: "enforced accounts refuse it",
        },
        Case {
            name: "failed otherwise",
            records: vec![failed(launch(None, &[]), "Client.VcpuLimitExceeded")],
            want: &[],
            why: "nothing was asked for",
        },
        Case {
            name: "then required",
            records: vec![
                launch(None, &["optional"]),
                ec2(
                    1,
                    "ModifyInstanceMetadataOptions",
                    json!({"instanceId": "i-00000000000000000", "httpTokens": "optional"}),
                    Value::Null,
                ),
            ],
            want: &[("TRAIL-LAUNCH-OPTIONAL", "low"), ("TRAIL-TOKENS-OPTIONAL", "low")],
            why: "the launch is remembered",
        },
        Case {
            name: "template",
            records: vec![ec2(
                0,
                "CreateLaunchTemplate",
                json!({"CreateLaunchTemplateRequest": {"LaunchTemplateName": "made-up", "LaunchTemplateData": options("optional")}}),
                Value::Null,
            )],
            want: &[TEMPLATE],
            why: "for all that start from it",
        },
        Case {
            name: "version inherits",
            records: vec![version(0, 2, json!({"InstanceType": "t3.micro"}), answered("optional"))],
            want: &[("TRAIL-TEMPLATE-OPTIONAL", "low")],
            why: "the source version has it",
        },
        Case {
            name: "default moved to optional",
            records: vec![version(0, 2, options("optional"), answered("optional")), move_default(1, "2")],
            want: &[TEMPLATE, ("TRAIL-TEMPLATE-DEFAULT", "medium")],
            why: "now launches use it",
        },
        Case {
            name: "default moved to required",
            records: vec![version(0, 2, options("required"), answered("required")), move_default(1, "2")],
            want: &[],
            why: "the way to go",
        },
        Case {
            name: "default moved to silence",
            records: vec![version(0, 2, json!({}), json!({})), move_default(1, "2")],
            want: &[("TRAIL-TEMPLATE-DEFAULT", "low")],
            why: "account and image decide",
        },
        Case {
            name: "default moved to the unknown",
            records: vec![move_default(1, "9")],
            want: &[("TRAIL-TEMPLATE-DEFAULT", "info")],
            why: "made before the records begin",
        },
        Case {
            name: "launch configuration",
            records: vec![group(
                json!({"launchConfigurationName": "made-up", "metadataOptions": {"httpTokens": "optional"}}),
            )],
            want: &[TEMPLATE],
            why: "likewise",
        },
        Case {
            name: "silent launch configuration",
            records: vec![group(json!({"launchConfigurationName": "made-up"}))],
            want: &[],
            why: "unset is not optional",
        },
        Case {
            name: "fleet",
            records: vec![ec2(
                0,
                "CreateFleet",
                json!({"CreateFleetRequest": {"LaunchTemplateConfigs": {"Overrides": {"MetadataOptions": {"HttpTokens": "optional"}}}}}),
                Value::Null,
            )],
            want: &[TEMPLATE],
            why: "overrides of instant fleets",
        },
    ]
}

#[test]
fn values_are_judged() {
    for case in instances().into_iter().chain(accounts()).chain(launches()) {
        let found = run(&case.records);
        assert_eq!(ids(&found), case.want, "{}: {}: {found:#?}", case.name, case.why);
    }
}

#[test]
fn attempts_and_evidence_are_marked() {
    let found = run(&[
        modify(0, json!({"HttpTokens": "required"})),
        failed(modify(1, json!({"HttpTokens": "optional"})), "Client.UnauthorizedOperation"),
    ]);
    let Finding { attempt, summary, actor, .. } = &found[0];
    assert!(attempt);
    assert_eq!(summary, &format!("`HttpTokens` of {INSTANCE} was asked to be set to `optional`"));
    assert_eq!(actor, "arn:aws:iam::111122223333:user/made-up");
    assert_eq!(found[0].evidence("before"), Some("httpTokens=required"));
    assert_eq!(found[0].evidence("error"), Some("Client.UnauthorizedOperation"));
}

#[test]
fn launches_name_their_instances() {
    let many = vec!["optional"; 12];
    let found = run(&[launch(None, &many)]);
    let named = found[0].evidence("instances").expect("a list");
    assert!(named.starts_with("i-00000000000000000, ") && named.ends_with("and 4 more"), "{named}");
    assert!(found[0].summary.starts_with("12 instances were launched"), "{}", found[0].summary);
}
