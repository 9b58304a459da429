//! How credentials of instances were delivered, and who uses them.

use super::{RECORD_GUIDE, rule};
use crate::rules::sigma::{Detection, Selection, Sigma, Source, Together, Values};
use crate::rules::{Entry, Sample};
use onehop_report::{Rule, Severity};

const SHOWN: &[&str] = &[
    "userIdentity.arn",
    "userIdentity.accessKeyId",
    "sourceIPAddress",
    "userAgent",
    "eventSource",
    "eventName",
    "errorCode",
    "vpcEndpointId",
];

/// A call with credentials that a metadata service delivered.
macro_rules! call {
    ($version:literal, $time:literal, $source:literal, $address:literal, $agent:literal, $event:literal) => {
        concat!(
            r#"{"Records":[{"eventVersion":"1.11","userIdentity":{"type":"AssumedRole","principalId":"AROAEXAMPLEEXAMPLE000:i-0123456789abcdef0","arn":"arn:aws:sts::111122223333:assumed-role/web/i-0123456789abcdef0","accountId":"111122223333","accessKeyId":"ASIAEXAMPLEEXAMPLE00","sessionContext":{"sessionIssuer":{"type":"Role","arn":"arn:aws:iam::111122223333:role/web","accountId":"111122223333","userName":"web"},"attributes":{"creationDate":"2026-03-04T08:00:00Z","mfaAuthenticated":"false"},"ec2RoleDelivery":""#,
            $version,
            r#""}},"eventTime":""#,
            $time,
            r#"","eventSource":""#,
            $source,
            r#"","eventName":""#,
            $event,
            r#"","awsRegion":"us-east-1","sourceIPAddress":""#,
            $address,
            r#"","userAgent":""#,
            $agent,
            r#"","requestParameters":null,"responseElements":null,"eventID":"00000000-0000-4000-8000-000000000003","eventType":"AwsApiCall","recipientAccountId":"111122223333"}]}"#
        )
    };
}

const V1_EXAMPLE: &str = call!(
    "1.0",
    "2026-03-04T09:00:00Z",
    "s3.amazonaws.com",
    "10.0.0.7",
    "[aws-sdk-java/1.11.0 Linux/4.14]",
    "ListBuckets"
);
const AT_HOME: &str = call!(
    "2.0",
    "2026-03-04T09:00:00Z",
    "s3.amazonaws.com",
    "10.0.0.7",
    "[aws-sdk-java/2.25.0 Linux/6.1]",
    "ListBuckets"
);

/// Credentials delivered by IMDSv1.
pub static V1_DELIVERY: Rule = rule(
    onehop_trail::Rule::V1Delivery,
    "It names the roles and instances that would stop working, or be safe, once tokens are required: the list to work \
     through before the change. After the change a new entry is an alarm.",
    V1_EXAMPLE,
    &[
        RECORD_GUIDE,
        "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-metadata-transition-to-version-2.html",
    ],
);

/// The rule with its logs.
pub(in crate::rules) static V1_DELIVERY_ENTRY: Entry = Entry {
    rule: &V1_DELIVERY,
    found: &[Sample { about: "an old SDK on an instance", logs: &[V1_EXAMPLE] }],
    benign: &[Sample { about: "IMDSv2", logs: &[AT_HOME] }],
    sigma: &[Sigma {
        name: "aws_cloudtrail_onehop_imds_v1_delivery",
        title: "AWS Role Credentials Delivered by IMDSv1",
        description: "A call was made with credentials that the metadata service delivered without a session token. It is \
                      an inventory of what needs IMDSv1 while it is open, and an alarm once it should be closed.",
        level: Severity::Low,
        detection: Detection::Event {
            source: Source::CloudTrail,
            selections: &[Selection::Every(
                "selection",
                &[("userIdentity.sessionContext.ec2RoleDelivery", Values::Texts(&[&["1.0"]]))],
            )],
            condition: "selection",
        },
        fields: SHOWN,
        false_positives: &["Old software that was not updated yet: group by role and instance"],
    }],
};

macro_rules! launch {
    () => {
        r#"{"Records":[{"eventVersion":"1.11","userIdentity":{"type":"AssumedRole","arn":"arn:aws:sts::111122223333:assumed-role/operator/made-up","accountId":"111122223333"},"eventTime":"2026-03-04T07:59:00Z","eventSource":"ec2.amazonaws.com","eventName":"RunInstances","awsRegion":"us-east-1","sourceIPAddress":"203.0.113.20","userAgent":"aws-cli/2.17.0","requestParameters":{},"responseElements":{"instancesSet":{"items":[{"instanceId":"i-0123456789abcdef0","privateIpAddress":"10.0.0.7","metadataOptions":{"httpTokens":"required","httpEndpoint":"enabled"}}]}},"eventID":"00000000-0000-4000-8000-000000000004","eventType":"AwsApiCall","recipientAccountId":"111122223333"}]}"#
    };
}

macro_rules! abroad {
    () => {
        call!(
            "2.0",
            "2026-03-04T09:20:00Z",
            "sts.amazonaws.com",
            "203.0.113.9",
            "aws-cli/2.17.0 md/Botocore#2.17.0 ua/2.0 os/linux#6.8.11-kali1-amd64 lang/python#3.11.9",
            "GetCallerIdentity"
        )
    };
}

/// The launch of an instance with a private address.
pub(in crate::rules) const LAUNCH: &str = launch!();
/// A use of its credentials from somewhere else.
pub(in crate::rules) const ABROAD_LOG: &str = abroad!();

/// Credentials of an instance used from somewhere else.
pub static ELSEWHERE: Rule = rule(
    onehop_trail::Rule::Elsewhere,
    "Credentials of an instance are used by the instance, from its own addresses. Another source means that somebody read \
     them there and took them along; they stay valid for hours. One call proves little, so what speaks against it is \
     weighed and named in the finding.",
    concat!(launch!(), "\n", abroad!()),
    &[
        RECORD_GUIDE,
        "https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_finding-types-iam.html",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_revoke-sessions.html",
    ],
);

/// The rule with its logs.
pub(in crate::rules) static ELSEWHERE_ENTRY: Entry = Entry {
    rule: &ELSEWHERE,
    found: &[Sample {
        about: "the instance has a private address, and a system made for attacks asks from a public one who it is",
        logs: &[LAUNCH, ABROAD_LOG],
    }],
    benign: &[Sample { about: "a call from the address of the instance", logs: &[LAUNCH, AT_HOME] }],
    sigma: &[ABROAD, USED, SOURCES],
};

/// How events say that credentials of an instance were used.
const DELIVERED: Selection = Selection::Every(
    "selection_delivered",
    &[("userIdentity.sessionContext.ec2RoleDelivery", Values::Texts(&[&["1.0", "2.0"]]))],
);
/// The same in records that do not tell the delivery.
const SESSION: Selection = Selection::Every(
    "selection_session",
    &[("userIdentity.principalId|re", Values::Pattern("A[A-Z0-9]+:i-[0-9a-f]{8}([0-9a-f]{9})?"))],
);
/// The instance identity role, and calls that services of AWS make.
const SERVICES: Selection = Selection::Every(
    "filter_identity",
    &[("userIdentity.arn|contains", Values::Texts(&[&[":assumed-role/aws:ec2-instance/"]]))],
);
const BY_SERVICE: Selection = Selection::Every(
    "filter_service",
    &[("sourceIPAddress|endswith", Values::Texts(&[&[".amazonaws.com", "AWS Internal"]]))],
);

const ABROAD: Sigma = Sigma {
    name: "aws_cloudtrail_onehop_instance_credentials_abroad",
    title: "AWS Instance Credentials Used From a Public Address in an Unusual Way",
    description: "Credentials of an instance were used from a public address by a client that no instance has, or for a \
                  call that asks who it is or was refused. Sigma does not know the addresses of the instance.",
    level: Severity::Medium,
    detection: Detection::Event {
        source: Source::CloudTrail,
        selections: &[
            DELIVERED,
            SESSION,
            Selection::Every("unusual_question", &[("eventName", Values::Texts(&[&["GetCallerIdentity"]]))]),
            Selection::Every(
                "unusual_client",
                &[(
                    "userAgent|contains",
                    Values::Texts(&[&[
                        "kali",
                        "parrot",
                        "pentoo",
                        "blackarch",
                        "pacu",
                        "python-requests",
                        "go-http-client",
                        "curl/",
                    ]]),
                )],
            ),
            Selection::Every(
                "unusual_refusal",
                &[("errorCode|contains", Values::Texts(&[&["AccessDenied", "UnauthorizedOperation"]]))],
            ),
            Selection::Every(
                "filter_private",
                &[(
                    "sourceIPAddress|cidr",
                    Values::Texts(&[&["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"]]),
                )],
            ),
            SERVICES,
            BY_SERVICE,
        ],
        condition: "1 of selection_* and 1 of unusual_* and not 1 of filter_*",
    },
    fields: SHOWN,
    false_positives: &[
        "Instances with public addresses of their own, or behind a NAT gateway, that ask who they are: list their addresses",
        "Roles without a permission that the program tries",
    ],
};

const USED: Sigma = Sigma {
    name: "aws_cloudtrail_onehop_instance_credentials_used",
    title: "AWS Instance Credentials Used",
    description: "Half of a correlation, of no use by itself: a call with credentials of an instance, not by a service of \
                  AWS.",
    level: Severity::Info,
    detection: Detection::Event {
        source: Source::CloudTrail,
        selections: &[DELIVERED, SESSION, SERVICES, BY_SERVICE],
        condition: "1 of selection_* and not 1 of filter_*",
    },
    fields: SHOWN,
    false_positives: &["Every call of every instance: do not alert on this rule"],
};

const SOURCES: Sigma = Sigma {
    name: "correlation_onehop_instance_credentials_sources",
    title: "AWS Instance Credentials Used From Many Addresses",
    description: "Within a day the credentials of one instance were used from three addresses or more. An instance has a \
                  private address, by a VPC endpoint, and a public one, its own or that of a NAT gateway.",
    level: Severity::High,
    detection: Detection::Together(Together {
        rules: &["aws_cloudtrail_onehop_instance_credentials_used"],
        group_by: &["userIdentity.arn"],
        within: "1d",
        distinct: Some(("sourceIPAddress", 3)),
    }),
    fields: &[],
    false_positives: &[
        "Instances that leave by several NAT gateways or proxies, or that were given another address",
    ],
};
