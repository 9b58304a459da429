//! Metadata options that were changed for instances and accounts.

use super::{OPTIONS_GUIDE, rule};
use crate::rules::sigma::{Detection, Selection, Sigma, Source, Values};
use crate::rules::{Entry, Sample};
use onehop_report::{Rule, Severity};

const DEFAULTS_REFERENCE: &str =
    "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyInstanceMetadataDefaults.html";
const OPTIONS_REFERENCE: &str =
    "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyInstanceMetadataOptions.html";

const SHOWN: &[&str] = &[
    "userIdentity.arn",
    "sourceIPAddress",
    "userAgent",
    "eventName",
    "awsRegion",
    "requestParameters",
    "errorCode",
];

/// The calls that change options.
const CALLS: Selection = Selection::Every(
    "selection_call",
    &[
        ("eventSource", Values::Texts(&[&["ec2.amazonaws.com"]])),
        ("eventName", Values::Texts(&[&["ModifyInstanceMetadataOptions", "ModifyInstanceMetadataDefaults"]])),
    ],
);

macro_rules! call {
    ($event:literal, $options:literal) => {
        concat!(
            r#"{"Records":[{"eventVersion":"1.11","userIdentity":{"type":"AssumedRole","arn":"arn:aws:sts::111122223333:assumed-role/operator/made-up","accountId":"111122223333"},"eventTime":"2026-03-04T10:00:00Z","eventSource":"ec2.amazonaws.com","eventName":""#,
            $event,
            r#"","awsRegion":"us-east-1","sourceIPAddress":"203.0.113.9","userAgent":"aws-cli/2.17.0","requestParameters":{""#,
            $event,
            r#"Request":{"#,
            $options,
            r#"}},"responseElements":null,"eventID":"00000000-0000-4000-8000-000000000001","eventType":"AwsApiCall","recipientAccountId":"111122223333"}]}"#
        )
    };
}

const TOKENS_EXAMPLE: &str = call!(
    "ModifyInstanceMetadataOptions",
    r#""InstanceId":"i-0123456789abcdef0","HttpTokens":"optional","HttpEndpoint":"enabled""#
);
const REQUIRED: &str = call!(
    "ModifyInstanceMetadataOptions",
    r#""InstanceId":"i-0123456789abcdef0","HttpTokens":"required","HttpPutResponseHopLimit":1"#
);

/// IMDSv1 allowed for an instance or an account.
pub static TOKENS_OPTIONAL: Rule = rule(
    onehop_trail::Rule::TokensOptional,
    "With `optional` one GET without a token reads the credentials of the role, and a program that fetches a URL for a \
     stranger can be made to send it. Nobody needs that for long: whoever sets it is finding out which program is old, or \
     opens a door.",
    TOKENS_EXAMPLE,
    &[OPTIONS_REFERENCE, DEFAULTS_REFERENCE, OPTIONS_GUIDE],
);

/// The rule with its logs.
pub(in crate::rules) static TOKENS_OPTIONAL_ENTRY: Entry = Entry {
    rule: &TOKENS_OPTIONAL,
    found: &[
        Sample { about: "one instance", logs: &[TOKENS_EXAMPLE] },
        Sample {
            about: "the default of an account",
            logs: &[call!("ModifyInstanceMetadataDefaults", r#""HttpTokens":"no-preference""#)],
        },
    ],
    benign: &[Sample { about: "tokens are required", logs: &[REQUIRED] }],
    sigma: &[Sigma {
        name: "aws_cloudtrail_onehop_imds_tokens_optional",
        title: "AWS EC2 Metadata Options Changed to Allow IMDSv1",
        description: "The metadata options of an instance, or the defaults of an account, were set so that requests \
                      without a session token are answered.",
        level: Severity::High,
        detection: Detection::Event {
            source: Source::CloudTrail,
            selections: &[
                CALLS,
                Selection::Every(
                    "selection_instance",
                    &[(
                        "requestParameters.ModifyInstanceMetadataOptionsRequest.HttpTokens",
                        Values::Texts(&[&["optional"]]),
                    )],
                ),
                Selection::Every(
                    "selection_account",
                    &[(
                        "requestParameters.ModifyInstanceMetadataDefaultsRequest.HttpTokens",
                        Values::Texts(&[&["optional", "no-preference"]]),
                    )],
                ),
                Selection::Every(
                    "selection_older_record",
                    &[("requestParameters.httpTokens", Values::Texts(&[&["optional", "no-preference"]]))],
                ),
            ],
            condition: "selection_call and (selection_instance or selection_account or selection_older_record)",
        },
        fields: SHOWN,
        false_positives: &[],
    }],
};

const ENFORCEMENT_EXAMPLE: &str =
    call!("ModifyInstanceMetadataDefaults", r#""HttpTokensEnforced":"disabled""#);

/// Enforcement of IMDSv2 taken off an account.
pub static ENFORCEMENT_OFF: Rule = rule(
    onehop_trail::Rule::EnforcementOff,
    "Enforcement makes launches fail that would answer IMDSv1, whatever a template or an image says. Without it one old \
     template is enough to bring IMDSv1 back.",
    ENFORCEMENT_EXAMPLE,
    &[DEFAULTS_REFERENCE, OPTIONS_GUIDE],
);

/// The rule with its logs.
pub(in crate::rules) static ENFORCEMENT_OFF_ENTRY: Entry = Entry {
    rule: &ENFORCEMENT_OFF,
    found: &[Sample { about: "an account", logs: &[ENFORCEMENT_EXAMPLE] }],
    benign: &[Sample {
        about: "enforcement is switched on",
        logs: &[call!("ModifyInstanceMetadataDefaults", r#""HttpTokensEnforced":"enabled""#)],
    }],
    sigma: &[Sigma {
        name: "aws_cloudtrail_onehop_imds_enforcement_off",
        title: "AWS Account Enforcement of IMDSv2 Taken Off",
        description: "The defaults of an account were set so that launches of instances that answer IMDSv1 are no longer \
                      refused.",
        level: Severity::High,
        detection: Detection::Event {
            source: Source::CloudTrail,
            selections: &[
                CALLS,
                Selection::Every(
                    "selection_value",
                    &[(
                        "requestParameters.ModifyInstanceMetadataDefaultsRequest.HttpTokensEnforced",
                        Values::Texts(&[&["disabled", "no-preference"]]),
                    )],
                ),
            ],
            condition: "all of selection_*",
        },
        fields: SHOWN,
        false_positives: &[],
    }],
};

const HOPS_EXAMPLE: &str = call!(
    "ModifyInstanceMetadataOptions",
    r#""InstanceId":"i-0123456789abcdef0","HttpPutResponseHopLimit":3"#
);

/// The hop limit raised.
pub static HOP_LIMIT: Rule = rule(
    onehop_trail::Rule::HopLimit,
    "The answer with a session token dies after so many hops. With 1 it reaches the host alone; with more it reaches \
     containers, and machines behind a host that forwards.",
    HOPS_EXAMPLE,
    &[OPTIONS_REFERENCE, OPTIONS_GUIDE],
);

/// The rule with its logs.
pub(in crate::rules) static HOP_LIMIT_ENTRY: Entry = Entry {
    rule: &HOP_LIMIT,
    found: &[
        Sample { about: "three hops", logs: &[HOPS_EXAMPLE] },
        Sample {
            about: "two hops as the default of an account",
            logs: &[call!("ModifyInstanceMetadataDefaults", r#""HttpPutResponseHopLimit":2"#)],
        },
    ],
    benign: &[Sample { about: "one hop", logs: &[REQUIRED] }],
    sigma: &[Sigma {
        name: "aws_cloudtrail_onehop_imds_hop_limit",
        title: "AWS EC2 Metadata Hop Limit Raised Beyond Two",
        description: "Answers with session tokens of the metadata service may travel over more than two hops: containers \
                      in networks of their own and machines behind the host can obtain tokens.",
        level: Severity::Medium,
        detection: Detection::Event {
            source: Source::CloudTrail,
            selections: &[
                CALLS,
                Selection::Every(
                    "selection_instance",
                    &[(
                        "requestParameters.ModifyInstanceMetadataOptionsRequest.HttpPutResponseHopLimit|gt",
                        Values::Number(2),
                    )],
                ),
                Selection::Every(
                    "selection_account",
                    &[(
                        "requestParameters.ModifyInstanceMetadataDefaultsRequest.HttpPutResponseHopLimit|gt",
                        Values::Number(2),
                    )],
                ),
            ],
            condition: "selection_call and (selection_instance or selection_account)",
        },
        fields: SHOWN,
        false_positives: &["Hosts with nested containers, whose owner chose the limit"],
    }],
};

const ENDPOINT_EXAMPLE: &str =
    call!("ModifyInstanceMetadataOptions", r#""InstanceId":"i-0123456789abcdef0","HttpEndpoint":"enabled""#);

/// The metadata service switched on.
pub static ENDPOINT_ENABLED: Rule = rule(
    onehop_trail::Rule::EndpointEnabled,
    "Somebody had switched the service off because nothing on the instance needs it. Now whoever runs code there can \
     read the credentials of its role.",
    ENDPOINT_EXAMPLE,
    &[OPTIONS_REFERENCE, OPTIONS_GUIDE],
);

/// The rule with its logs.
pub(in crate::rules) static ENDPOINT_ENABLED_ENTRY: Entry = Entry {
    rule: &ENDPOINT_ENABLED,
    found: &[Sample { about: "one instance", logs: &[ENDPOINT_EXAMPLE] }],
    benign: &[
        Sample {
            about: "the value is sent along with a change of another option",
            logs: &[call!(
                "ModifyInstanceMetadataOptions",
                r#""InstanceId":"i-0123456789abcdef0","HttpEndpoint":"enabled","HttpTokens":"required""#
            )],
        },
        Sample {
            about: "the service is switched off",
            logs: &[call!(
                "ModifyInstanceMetadataOptions",
                r#""InstanceId":"i-0123456789abcdef0","HttpEndpoint":"disabled""#
            )],
        },
    ],
    sigma: &[Sigma {
        name: "aws_cloudtrail_onehop_imds_endpoint_enabled",
        title: "AWS EC2 Metadata Service Switched On",
        description: "The metadata service of an instance was switched on, and no other option was named.",
        level: Severity::Low,
        detection: Detection::Event {
            source: Source::CloudTrail,
            selections: &[
                CALLS,
                Selection::Every(
                    "selection_value",
                    &[
                        (
                            "requestParameters.ModifyInstanceMetadataOptionsRequest.HttpEndpoint",
                            Values::Texts(&[&["enabled"]]),
                        ),
                        ("requestParameters.ModifyInstanceMetadataOptionsRequest.HttpTokens", Values::Absent),
                    ],
                ),
            ],
            condition: "all of selection_*",
        },
        fields: SHOWN,
        false_positives: &["Instances where the service was on before: the record does not say"],
    }],
};
