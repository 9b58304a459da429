use super::World;
use crate::answer::Answer;
use crate::scenario::{Scenario, ScenarioError};
use http::{HeaderMap, HeaderValue, Uri};
use proptest::prelude::*;

fn world(text: &str) -> World {
    World::new(Scenario::parse(text).expect("a scenario")).expect("a world")
}

fn headers(service: &str, key: &str) -> HeaderMap {
    let signature = "0".repeat(64);
    let text = format!(
        "AWS4-HMAC-SHA256 Credential={key}/20260101/us-east-1/{service}/aws4_request, SignedHeaders=host;x-amz-date, \
         Signature={signature}"
    );
    let mut headers = HeaderMap::new();
    headers.insert("authorization", HeaderValue::from_str(&text).expect("a header"));
    headers.insert("x-amz-date", HeaderValue::from_static("20260101T000000Z"));
    headers
}

fn ask(world: &World, service: &str, form: &str) -> Answer {
    world.answer("POST", &Uri::from_static("/"), &headers(service, "AKIDEXAMPLE"), form.as_bytes())
}

/// The text of the first element of a name.
fn text<'a>(answer: &'a Answer, name: &str) -> Option<&'a str> {
    answer.body.split_once(&format!("<{name}>"))?.1.split('<').next()
}

#[test]
fn a_launch_is_resolved_through_four_levels_and_a_gate() {
    struct Case {
        request: &'static str,
        account: &'static str,
        image: &'static str,
        want: Result<(&'static str, &'static str), &'static str>,
        why: &'static str,
    }
    let case = |request, account, image, want, why| Case { request, account, image, want, why };
    let enforced = "http_tokens_enforced: enabled";
    let cases = [
        case("", "", "ami-1", Ok(("optional", "1")), "nobody says anything"),
        case("", "", "ami-2", Ok(("required", "2")), "the image"),
        case("", "http_tokens: optional", "ami-2", Ok(("optional", "2")), "the account is above the image"),
        case("", "http_put_response_hop_limit: 1", "ami-2", Ok(("required", "1")), "each field alone"),
        case(
            "&MetadataOptions.HttpTokens=optional",
            "http_tokens: required",
            "ami-2",
            Ok(("optional", "2")),
            "the request",
        ),
        case(
            "&LaunchTemplate.LaunchTemplateId=lt-1",
            "http_tokens: optional",
            "ami-1",
            Ok(("required", "3")),
            "the template",
        ),
        case(
            "&LaunchTemplate.LaunchTemplateId=lt-1&MetadataOptions.HttpTokens=optional",
            "",
            "ami-1",
            Ok(("optional", "3")),
            "the request is above its template",
        ),
        case("", enforced, "ami-1", Err("UnsupportedOperation"), "the gate"),
        case("", enforced, "ami-2", Ok(("required", "2")), "the gate lets required through"),
        case(
            "&MetadataOptions.HttpTokens=optional",
            enforced,
            "ami-2",
            Err("UnsupportedOperation"),
            "the gate",
        ),
        case("", "", "ami-0", Err("InvalidAMIID.NotFound"), "no such image"),
        case(
            "&MetadataOptions.HttpPutResponseHopLimit=65",
            "",
            "ami-1",
            Err("InvalidParameterValue"),
            "out of range",
        ),
        case(
            "&LaunchTemplate.LaunchTemplateId=lt-1&LaunchTemplate.Version=9",
            "",
            "ami-1",
            Err("InvalidLaunchTemplateId.VersionNotFound"),
            "no such version",
        ),
    ];
    for Case { request, account, image, want, why } in cases {
        let world = world(&format!(
            "accounts: [{{ id: '111122223333', regions: {{ us-east-1: {{ metadata_defaults: {{ {account} }},
             images: [{{ id: ami-1 }}, {{ id: ami-2, imds_support: v2.0 }}],
             launch_templates: [{{ id: lt-1, name: t, versions: [{{ metadata_options: {{ http_tokens: required,
               http_put_response_hop_limit: 3 }} }}] }}] }} }} }}]"
        ));
        let answer = ask(&world, "ec2", &format!("Action=RunInstances&MinCount=1&ImageId={image}{request}"));
        let got = match text(&answer, "Code") {
            Some(code) => Err(code),
            None => Ok((
                text(&answer, "httpTokens").expect("tokens"),
                text(&answer, "httpPutResponseHopLimit").expect("hops"),
            )),
        };
        assert_eq!(got, want, "{why}: {request} {account} {image}");
    }
}

#[test]
fn scenarios_that_contradict_themselves_do_not_start() {
    let start = |text: &str| Scenario::parse(text).and_then(|scenario| World::new(scenario).map(drop));
    assert_eq!(start("accounts: []"), Err(ScenarioError::NoAccount));
    assert!(matches!(start("acounts: []"), Err(ScenarioError::Unreadable(_))));
    assert!(matches!(start("{\"accounts\": [{\"identity\": \"1\"}]}"), Err(ScenarioError::Unreadable(_))));
    let twice = "accounts: [{ id: '1' }, { id: '1' }]";
    assert!(matches!(start(twice), Err(ScenarioError::Twice { kind: "account", .. })));
    let missing = "accounts: [{ id: '1', regions: { r: { instances: [{ id: i-1, launch_template: { id: lt-1 } }] } } }]";
    assert!(matches!(start(missing), Err(ScenarioError::Missing { .. })));
    let crowd = "accounts: [{ id: '1', regions: { r: { instances: [{ count: 10000001 }] } } }]";
    assert!(matches!(start(crowd), Err(ScenarioError::Bound(_))));
    assert_eq!(start("{\"accounts\": [{\"id\": \"1\"}]}"), Ok(()), "JSON as well");
}

#[test]
fn a_crowd_is_the_same_each_time_and_can_be_changed() {
    let world = world(
        "accounts: [{ id: '1', regions: { us-east-1: { instances: [{ count: 1000, optional_percent: 30 }] } } }]",
    );
    let listing = |world: &World| ask(world, "ec2", "Action=DescribeInstances&MaxResults=1000").body;
    let before = listing(&world);
    assert_eq!(before, listing(&world));
    let optional = before.matches("<httpTokens>optional").count();
    assert!((250..350).contains(&optional), "{optional}");
    let id = before.split("<instanceId>").nth(500).and_then(|rest| rest.split('<').next()).expect("an id");
    let form = format!("Action=ModifyInstanceMetadataOptions&InstanceId={id}&HttpPutResponseHopLimit=5");
    assert_eq!(ask(&world, "ec2", &form).status, 200);
    assert_eq!(listing(&world).matches("<httpPutResponseHopLimit>5").count(), 1);
}

#[test]
fn what_is_not_signed_or_not_known_is_refused() {
    let world = world("accounts: [{ id: '1', regions: { us-east-1: {} } }]");
    let unsigned = world.answer("POST", &Uri::from_static("/"), &HeaderMap::new(), b"Action=DescribeRegions");
    assert_eq!(text(&unsigned, "Code"), Some("MissingAuthenticationToken"));
    let other =
        world.answer("POST", &Uri::from_static("/"), &headers("ec2", "AKIDOTHER"), b"Action=DescribeRegions");
    assert_eq!(text(&other, "Code"), Some("InvalidClientTokenId"));
    assert_eq!(text(&ask(&world, "ec2", "Action=TerminateInstances"), "Code"), Some("InvalidAction"));
    assert_eq!(text(&ask(&world, "s3", "Action=ListBuckets"), "Code"), Some("InvalidAction"));
    assert_eq!(text(&ask(&world, "ec2", "Action=DescribeRegions"), "regionName"), Some("us-east-1"));
    let elsewhere = headers("ec2", "AKIDEXAMPLE");
    let text_of = elsewhere["authorization"].to_str().expect("text").replace("us-east-1", "eu-west-9");
    let mut elsewhere = elsewhere;
    elsewhere.insert("authorization", HeaderValue::from_str(&text_of).expect("a header"));
    let answer = world.answer("POST", &Uri::from_static("/"), &elsewhere, b"Action=DescribeInstances");
    assert_eq!(text(&answer, "Code"), Some("AuthFailure"), "a region that is not enabled");
}

proptest! {
    #[test]
    fn any_request_is_answered(
        service in prop::sample::select(vec!["ec2", "autoscaling", "sts", "monitoring", "iam", "organizations", "eks", "ssm"]),
        name in prop::sample::select(vec!["Action", "NextToken", "MaxResults", "InstanceId", "Filter.1.Name"]),
        value in "[ -~]{0,20}",
        body in proptest::collection::vec(any::<u8>(), 0..64),
    ) {
        let world = world("accounts: [{ id: '1', regions: { us-east-1: { instances: [{ count: 3 }] } } }]");
        let mut form = format!("Action=DescribeInstances&{name}={value}&").into_bytes();
        form.extend(body);
        let answer = world.answer("POST", &Uri::from_static("/"), &headers(service, "AKIDEXAMPLE"), &form);
        prop_assert!(answer.status >= 200);
    }
}
