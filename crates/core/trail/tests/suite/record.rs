//! Made-up records, and runs over them.

use onehop_trail::{Finding, Settings, Tally, Trail};
use serde_json::{Value, json};

pub(crate) const ACCOUNT: &str = "111122223333";
pub(crate) const OTHER_ACCOUNT: &str = "444455556666";
pub(crate) const INSTANCE: &str = "i-0123456789abcdef0";
pub(crate) const SSM: &str = "aws-sdk-go/1.55.5 (go1.22; linux; amd64) amazon-ssm-agent/3.3";
pub(crate) const BOTO: &str = "Boto3/1.35.0 md/Botocore#1.35.0 ua/2.0 os/linux lang/python#3.12";

/// A call with the credentials of an instance, at a second of the day.
#[derive(Clone)]
pub(crate) struct Use {
    pub(crate) second: u32,
    pub(crate) instance: &'static str,
    pub(crate) event: &'static str,
    pub(crate) service: &'static str,
    pub(crate) from: &'static str,
    pub(crate) agent: &'static str,
    pub(crate) key: &'static str,
    pub(crate) delivery: Option<&'static str>,
    pub(crate) region: &'static str,
    pub(crate) endpoint: Option<(&'static str, &'static str)>,
    pub(crate) error: Option<&'static str>,
    pub(crate) invoked_by: Option<&'static str>,
    pub(crate) role: &'static str,
    pub(crate) tls: &'static str,
}

/// What the agent of Systems Manager does all day, from the address of a NAT gateway.
pub(crate) const USUAL: Use = Use {
    second: 0,
    instance: INSTANCE,
    event: "UpdateInstanceInformation",
    service: "ssm.amazonaws.com",
    from: "203.0.113.7",
    agent: SSM,
    key: "ASIAMADEUPHOME000001",
    delivery: Some("2.0"),
    region: "us-east-1",
    endpoint: None,
    error: None,
    invoked_by: None,
    role: "made-up-role",
    tls: "TLSv1.3",
};

impl Use {
    pub(crate) fn json(&self) -> Value {
        let mut record = base(self.second, self.service, self.event);
        record["awsRegion"] = self.region.into();
        record["sourceIPAddress"] = self.from.into();
        record["userAgent"] = self.agent.into();
        record["tlsDetails"] = json!({"tlsVersion": self.tls, "cipherSuite": "MADE-UP"});
        record["userIdentity"] = json!({
            "type": "AssumedRole", "accountId": ACCOUNT, "accessKeyId": self.key,
            "principalId": format!("AROAMADEUP:{}", self.instance),
            "arn": format!("arn:aws:sts::{ACCOUNT}:assumed-role/{}/{}", self.role, self.instance),
            "sessionContext": {
                "sessionIssuer": {"type": "Role", "arn": format!("arn:aws:iam::{ACCOUNT}:role/path/{}", self.role)},
                "attributes": {"creationDate": "2026-01-02T00:00:00Z", "mfaAuthenticated": "false"}
            }
        });
        if let Some(delivery) = self.delivery {
            record["userIdentity"]["sessionContext"]["ec2RoleDelivery"] = delivery.into();
        }
        if let Some(service) = self.invoked_by {
            record["userIdentity"]["invokedBy"] = service.into();
        }
        if let Some((endpoint, account)) = self.endpoint {
            record["vpcEndpointId"] = endpoint.into();
            record["vpcEndpointAccountId"] = account.into();
        }
        if let Some(error) = self.error {
            record["errorCode"] = error.into();
        }
        record
    }
}

fn base(second: u32, service: &str, event: &str) -> Value {
    use std::sync::atomic::{AtomicU64, Ordering};
    // Ids only have to differ.
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let (hour, minute, left) = (second / 3600, second / 60 % 60, second % 60);
    json!({
        "eventVersion": "1.11", "eventType": "AwsApiCall",
        "eventID": format!("00000000-0000-4000-8000-{:012}", NEXT.fetch_add(1, Ordering::Relaxed)),
        "eventTime": format!("2026-01-02T{hour:02}:{minute:02}:{left:02}Z"),
        "eventSource": service, "eventName": event, "awsRegion": "us-east-1", "recipientAccountId": ACCOUNT
    })
}

/// A call by a user from their own machine.
pub(crate) fn by_user(second: u32, service: &str, event: &str, request: Value, response: Value) -> Value {
    let mut record = base(second, service, event);
    record["sourceIPAddress"] = "198.51.100.20".into();
    record["userAgent"] = "APN/1.0 HashiCorp/1.0 Terraform/1.9".into();
    record["userIdentity"] = json!({
        "type": "IAMUser", "accountId": ACCOUNT, "userName": "made-up", "accessKeyId": "AKIAMADEUPUSER000001",
        "arn": format!("arn:aws:iam::{ACCOUNT}:user/made-up")
    });
    record["requestParameters"] = request;
    record["responseElements"] = response;
    record
}

pub(crate) fn ec2(second: u32, event: &str, request: Value, response: Value) -> Value {
    by_user(second, "ec2.amazonaws.com", event, request, response)
}

/// Findings of records in a file, and the counts.
pub(crate) fn run_with(settings: Settings, records: &[Value]) -> (Vec<Finding>, Tally) {
    let text = json!({ "Records": records }).to_string();
    let (mut trail, mut found) = (Trail::new(settings), Vec::new());
    let tally = trail.read(7, text.as_bytes(), &mut |finding| found.push(finding));
    trail.finish(&mut |finding| found.push(finding));
    (found, tally)
}

pub(crate) fn run(records: &[Value]) -> Vec<Finding> {
    run_with(Settings::default(), records).0
}

/// The ids of the rules that found something, with severity.
pub(crate) fn ids(found: &[Finding]) -> Vec<(&'static str, &'static str)> {
    found.iter().map(|finding| (finding.rule.id(), finding.severity.as_str())).collect()
}
