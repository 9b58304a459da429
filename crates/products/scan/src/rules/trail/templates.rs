//! Launches, and what is written down for launches to come.

use super::{OPTIONS_GUIDE, rule};
use crate::rules::sigma::{Detection, Selection, Sigma, Source, Values};
use crate::rules::{Entry, Sample};
use onehop_report::{Rule, Severity};

const TEMPLATE_GUIDE: &str =
    "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/manage-launch-template-versions.html";

const SHOWN: &[&str] = &[
    "userIdentity.arn",
    "sourceIPAddress",
    "userAgent",
    "eventName",
    "awsRegion",
    "requestParameters",
    "errorCode",
];

macro_rules! call {
    ($event:literal, $request:literal, $response:literal) => {
        concat!(
            r#"{"Records":[{"eventVersion":"1.11","userIdentity":{"type":"AssumedRole","arn":"arn:aws:sts::111122223333:assumed-role/operator/made-up","accountId":"111122223333"},"eventTime":"2026-03-04T10:00:00Z","eventSource":"ec2.amazonaws.com","eventName":""#,
            $event,
            r#"","awsRegion":"us-east-1","sourceIPAddress":"203.0.113.9","userAgent":"aws-cli/2.17.0","requestParameters":"#,
            $request,
            r#","responseElements":"#,
            $response,
            r#","eventID":"00000000-0000-4000-8000-000000000002","eventType":"AwsApiCall","recipientAccountId":"111122223333"}]}"#
        )
    };
}

const LAUNCH_EXAMPLE: &str = call!(
    "RunInstances",
    r#"{"instancesSet":{"items":[{"imageId":"ami-0example","minCount":1,"maxCount":1}]},"instanceType":"t3.micro"}"#,
    r#"{"instancesSet":{"items":[{"instanceId":"i-0123456789abcdef0","metadataOptions":{"state":"pending","httpTokens":"optional","httpPutResponseHopLimit":1,"httpEndpoint":"enabled"}}]}}"#
);

/// An instance launched that answers IMDSv1.
pub static LAUNCH_OPTIONAL: Rule = rule(
    onehop_trail::Rule::LaunchOptional,
    "A launch that says nothing takes its options from the account, then from the image, and with old images the result \
     is `optional`. The answer holds what came of it, the request does not.",
    LAUNCH_EXAMPLE,
    &["https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RunInstances.html", OPTIONS_GUIDE],
);

/// The rule with its logs.
pub(in crate::rules) static LAUNCH_OPTIONAL_ENTRY: Entry = Entry {
    rule: &LAUNCH_OPTIONAL,
    found: &[
        Sample { about: "nobody asked for it", logs: &[LAUNCH_EXAMPLE] },
        Sample {
            about: "the launch asked for it",
            logs: &[call!(
                "RunInstances",
                r#"{"instancesSet":{"items":[{"imageId":"ami-0example"}]},"metadataOptions":{"httpTokens":"optional"}}"#,
                r#"{"instancesSet":{"items":[{"instanceId":"i-0123456789abcdef0","metadataOptions":{"httpTokens":"optional","httpEndpoint":"enabled"}}]}}"#
            )],
        },
    ],
    benign: &[Sample {
        about: "tokens are required",
        logs: &[call!(
            "RunInstances",
            r#"{"instancesSet":{"items":[{"imageId":"ami-0example"}]}}"#,
            r#"{"instancesSet":{"items":[{"instanceId":"i-0123456789abcdef0","metadataOptions":{"httpTokens":"required","httpEndpoint":"enabled"}}]}}"#
        )],
    }],
    sigma: &[Sigma {
        name: "aws_cloudtrail_onehop_imds_launch_optional",
        title: "AWS EC2 Instance Launched That Answers IMDSv1",
        description: "An instance was launched with metadata options that allow requests without a session token, whether \
                      or not the launch asked for it: the answer holds the value in effect.",
        level: Severity::Low,
        detection: Detection::Event {
            source: Source::CloudTrail,
            selections: &[
                Selection::Every(
                    "selection_call",
                    &[
                        ("eventSource", Values::Texts(&[&["ec2.amazonaws.com"]])),
                        ("eventName", Values::Texts(&[&["RunInstances"]])),
                    ],
                ),
                Selection::Every(
                    "selection_asked",
                    &[("requestParameters.metadataOptions.httpTokens", Values::Texts(&[&["optional"]]))],
                ),
                Selection::Every(
                    "selection_in_effect",
                    &[(
                        "responseElements.instancesSet.items.metadataOptions.httpTokens",
                        Values::Texts(&[&["optional"]]),
                    )],
                ),
            ],
            condition: "selection_call and (selection_asked or selection_in_effect)",
        },
        fields: SHOWN,
        false_positives: &[],
    }],
};

const TEMPLATE_EXAMPLE: &str = call!(
    "CreateLaunchTemplateVersion",
    r#"{"CreateLaunchTemplateVersionRequest":{"LaunchTemplateName":"made-up","LaunchTemplateData":{"MetadataOptions":{"HttpTokens":"optional"}}}}"#,
    "null"
);

/// A launch template that allows IMDSv1.
pub static TEMPLATE_OPTIONAL: Rule = rule(
    onehop_trail::Rule::TemplateOptional,
    "What a template says wins over the defaults of the account. Every instance of an Auto Scaling group that starts from \
     it answers IMDSv1, and instances that were set right are replaced by ones that are not.",
    TEMPLATE_EXAMPLE,
    &[
        "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateLaunchTemplateVersion.html",
        TEMPLATE_GUIDE,
    ],
);

/// The rule with its logs.
pub(in crate::rules) static TEMPLATE_OPTIONAL_ENTRY: Entry = Entry {
    rule: &TEMPLATE_OPTIONAL,
    found: &[Sample { about: "a version of a template", logs: &[TEMPLATE_EXAMPLE] }],
    benign: &[Sample {
        about: "tokens are required",
        logs: &[call!(
            "CreateLaunchTemplateVersion",
            r#"{"CreateLaunchTemplateVersionRequest":{"LaunchTemplateName":"made-up","LaunchTemplateData":{"MetadataOptions":{"HttpTokens":"required"}}}}"#,
            "null"
        )],
    }],
    sigma: &[Sigma {
        name: "aws_cloudtrail_onehop_imds_template_optional",
        title: "AWS Launch Template or Launch Configuration That Allows IMDSv1",
        description: "A launch template, a version of one, or a launch configuration was made that allows requests without \
                      a session token to all instances that start from it.",
        level: Severity::Medium,
        detection: Detection::Event {
            source: Source::CloudTrail,
            selections: &[
                Selection::Every(
                    "selection_call",
                    &[(
                        "eventName",
                        Values::Texts(&[&[
                            "CreateLaunchTemplate",
                            "CreateLaunchTemplateVersion",
                            "CreateLaunchConfiguration",
                        ]]),
                    )],
                ),
                Selection::Every(
                    "selection_template",
                    &[(
                        "requestParameters.CreateLaunchTemplateRequest.LaunchTemplateData.MetadataOptions.HttpTokens",
                        Values::Texts(&[&["optional"]]),
                    )],
                ),
                Selection::Every(
                    "selection_version",
                    &[(
                        "requestParameters.CreateLaunchTemplateVersionRequest.LaunchTemplateData.MetadataOptions.HttpTokens",
                        Values::Texts(&[&["optional"]]),
                    )],
                ),
                Selection::Every(
                    "selection_configuration",
                    &[("requestParameters.metadataOptions.httpTokens", Values::Texts(&[&["optional"]]))],
                ),
            ],
            condition: "selection_call and (selection_template or selection_version or selection_configuration)",
        },
        fields: SHOWN,
        false_positives: &[],
    }],
};

const DEFAULT_EXAMPLE: &str = call!(
    "ModifyLaunchTemplate",
    r#"{"ModifyLaunchTemplateRequest":{"LaunchTemplateId":"lt-0123456789abcdef0","SetDefaultVersion":"1"}}"#,
    "null"
);

/// Another version of a launch template became the default.
pub static TEMPLATE_DEFAULT: Rule = rule(
    onehop_trail::Rule::TemplateDefault,
    "Nobody has to write `optional` to bring IMDSv1 back: it is enough to make an old version the default again. Where the \
     records read so far hold that version, its options decide how grave it is.",
    DEFAULT_EXAMPLE,
    &["https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyLaunchTemplate.html", TEMPLATE_GUIDE],
);

/// The rule with its logs.
pub(in crate::rules) static TEMPLATE_DEFAULT_ENTRY: Entry = Entry {
    rule: &TEMPLATE_DEFAULT,
    found: &[Sample { about: "a version that no record describes", logs: &[DEFAULT_EXAMPLE] }],
    benign: &[Sample {
        about: "the template is changed in no other way",
        logs: &[call!(
            "ModifyLaunchTemplate",
            r#"{"ModifyLaunchTemplateRequest":{"LaunchTemplateId":"lt-0123456789abcdef0"}}"#,
            "null"
        )],
    }],
    sigma: &[Sigma {
        name: "aws_cloudtrail_onehop_imds_template_default",
        title: "AWS Launch Template Default Version Moved",
        description: "Another version of a launch template became the default. An old version may allow requests without a \
                      session token: look at its metadata options.",
        level: Severity::Info,
        detection: Detection::Event {
            source: Source::CloudTrail,
            selections: &[
                Selection::Every(
                    "selection_call",
                    &[
                        ("eventSource", Values::Texts(&[&["ec2.amazonaws.com"]])),
                        ("eventName", Values::Texts(&[&["ModifyLaunchTemplate"]])),
                    ],
                ),
                Selection::Every(
                    "filter_same",
                    &[("requestParameters.ModifyLaunchTemplateRequest.SetDefaultVersion", Values::Absent)],
                ),
            ],
            condition: "selection_call and not filter_same",
        },
        fields: SHOWN,
        false_positives: &["Ordinary roll-outs: Sigma cannot look up what the version says"],
    }],
};
