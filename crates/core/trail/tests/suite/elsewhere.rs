//! `TRAIL-ELSEWHERE`: who is reported, and who is not.

use crate::record::*;
use onehop_trail::elsewhere::Part;
use onehop_trail::{Finding, Rule, Settings, Severity, Trail};
use serde_json::{Value, json};

/// What a thief does first.
const THEFT: Use = Use {
    second: 7200,
    event: "GetCallerIdentity",
    service: "sts.amazonaws.com",
    from: "192.0.2.66",
    agent: "aws-cli/2.17 md/awscrt os/linux lang/python#3.11 kali",
    key: "ASIAMADEUPTAKEN00001",
    delivery: Some("1.0"),
    ..USUAL
};

fn at(second: u32, of: Use) -> Value {
    Use { second, ..of }.json()
}

/// A morning of the agent, then what is tried.
fn after_a_morning(tried: impl IntoIterator<Item = Value>) -> Vec<Finding> {
    let mut records: Vec<Value> = (0..30).map(|n| at(n * 60, USUAL)).collect();
    records.extend(tried);
    run(&records).into_iter().filter(|finding| finding.rule == Rule::Elsewhere).collect()
}

fn launch(addresses: &[&str]) -> Value {
    let interfaces: Vec<Value> = addresses.iter().map(|a| json!({"privateIpAddress": a})).collect();
    ec2(
        0,
        "RunInstances",
        json!({"instanceType": "t3.micro"}),
        json!({"instancesSet": {"items": [{
            "instanceId": INSTANCE, "privateIpAddress": addresses[0],
            "networkInterfaceSet": {"items": interfaces},
            "metadataOptions": {"httpTokens": "required", "httpPutResponseHopLimit": 1, "httpEndpoint": "enabled"}
        }]}}),
    )
}

const INSIDE: Use = Use { from: "10.0.1.10", endpoint: Some(("vpce-0aaa", ACCOUNT)), ..USUAL };

struct Case {
    name: &'static str,
    records: Vec<Value>,
    /// Parts of the first finding; empty if there must be none.
    want: &'static [Part],
    why: &'static str,
}

fn reported() -> Vec<Case> {
    use Part::{
        AnotherPrivate, AnotherPublic, AsksWho, AttackersSystem, FirstPublic, ForeignEndpoint, NoEndpoint,
    };
    use Part::{NotItsAddress, OddClient, Operator, OtherSystem, OtherTls, OtherTool, Refused, WeakDelivery};
    vec![
        Case {
            name: "stolen and used at once",
            records: vec![at(0, USUAL), THEFT.json()],
            want: &[AnotherPublic, AttackersSystem, AsksWho, OtherTool, WeakDelivery],
            why: "another public address, another tool, an attackers' system",
        },
        Case {
            name: "quiet theft",
            records: vec![at(0, USUAL), at(9, Use { from: "192.0.2.66", ..USUAL })],
            want: &[AnotherPublic],
            why: "a second public address that nothing explains is enough",
        },
        Case {
            name: "moved to another system",
            records: vec![
                at(0, USUAL),
                at(
                    9,
                    Use {
                        from: "192.0.2.66",
                        agent: "aws-cli/2.1 Windows/10",
                        tls: "TLSv1.2",
                        error: Some("AccessDenied"),
                        ..USUAL
                    },
                ),
            ],
            want: &[AnotherPublic, OtherSystem, OtherTool, OtherTls, Refused],
            why: "Linux at home, Windows there",
        },
        Case {
            name: "used inside another account",
            records: vec![
                at(0, INSIDE),
                at(9, Use { from: "10.9.9.9", endpoint: Some(("vpce-0bbb", OTHER_ACCOUNT)), ..USUAL }),
            ],
            want: &[AnotherPrivate, ForeignEndpoint],
            why: "an endpoint that the account does not own and never used",
        },
        Case {
            name: "not one of its addresses",
            records: vec![
                launch(&["10.0.1.10"]),
                at(1, INSIDE),
                at(9, Use { from: "10.0.7.7", agent: "curl/8", ..INSIDE }),
            ],
            want: &[NotItsAddress, OddClient, OtherTool],
            why: "the launch says which addresses it has",
        },
        Case {
            name: "private without an endpoint",
            records: vec![at(0, USUAL), Use { from: "192.168.10.20", agent: BOTO, ..THEFT }.json()],
            want: &[NoEndpoint, AsksWho, OtherTool, WeakDelivery],
            why: "the one step between public and private needs an endpoint",
        },
        Case {
            name: "first public address of an odd client",
            records: vec![at(0, INSIDE), at(9, Use { from: "192.0.2.66", agent: "curl/8", ..USUAL })],
            want: &[FirstPublic, OddClient, OtherTool],
            why: "the step is allowed, the company is not",
        },
        Case {
            name: "from where it is managed, without a past",
            records: vec![
                by_user(
                    0,
                    "ssm.amazonaws.com",
                    "SendCommand",
                    json!({"instanceIds": [INSTANCE]}),
                    Value::Null,
                ),
                Use { from: "198.51.100.20", agent: "made-up-tool", ..THEFT }.json(),
            ],
            want: &[Operator, AsksWho, OddClient],
            why: "the instance calls from the machine of somebody who sent it a command",
        },
        Case {
            name: "identity role of the instance",
            records: vec![
                at(0, Use { role: "aws:ec2-instance", delivery: None, ..USUAL }),
                at(9, Use { role: "aws:ec2-instance", delivery: None, from: "192.0.2.66", ..USUAL }),
            ],
            want: &[AnotherPublic],
            why: "its credentials come from the metadata service too",
        },
    ]
}

fn passed() -> Vec<Case> {
    let association =
        |second, request| ec2(second, "AssociateAddress", request, json!({"associationId": "eipassoc-0"}));
    let case = |name, records, why| Case { name, records, want: &[], why };
    vec![
        case(
            "endpoint beside a NAT gateway",
            vec![at(0, USUAL), at(9, INSIDE), at(10, USUAL), at(11, INSIDE)],
            "one step to private addresses",
        ),
        case(
            "NAT gateway beside an endpoint",
            vec![at(0, INSIDE), at(9, USUAL)],
            "one step to public addresses",
        ),
        case(
            "IPv6 beside IPv4",
            vec![at(0, USUAL), at(9, Use { from: "2001:db8::7", ..USUAL })],
            "the first address of its family",
        ),
        case(
            "a service calls",
            vec![
                at(0, USUAL),
                at(9, Use { from: "ec2.amazonaws.com", ..THEFT }),
                at(9, Use { from: "AWS Internal", ..THEFT }),
            ],
            "the caller is a service of AWS",
        ),
        case(
            "a service calls for it",
            vec![at(0, USUAL), at(9, Use { invoked_by: Some("cloudformation.amazonaws.com"), ..THEFT })],
            "the same, with the address of the instance or not",
        ),
        case(
            "address associated",
            vec![
                at(0, USUAL),
                association(5, json!({"instanceId": INSTANCE, "publicIp": "192.0.2.66"})),
                at(9, THEFT),
            ],
            "the address is its own from then on",
        ),
        case(
            "association by allocation",
            vec![
                at(0, USUAL),
                association(5, json!({"instanceId": INSTANCE, "allocationId": "eipalloc-0"})),
                at(9, Use { from: "192.0.2.66", ..USUAL }),
            ],
            "the next public address is the first again",
        ),
        case(
            "stopped and started",
            vec![
                at(0, USUAL),
                ec2(
                    5,
                    "StartInstances",
                    json!({"instancesSet": {"items": [{"instanceId": INSTANCE}]}}),
                    Value::Null,
                ),
                at(9, Use { from: "192.0.2.66", ..USUAL }),
            ],
            "it gets another public address",
        ),
        case(
            "interface attached",
            vec![
                launch(&["10.0.1.10"]),
                at(1, INSIDE),
                ec2(
                    5,
                    "AttachNetworkInterface",
                    json!({"instanceId": INSTANCE, "networkInterfaceId": "eni-0"}),
                    Value::Null,
                ),
                at(9, Use { from: "10.0.7.7", ..INSIDE }),
            ],
            "it has addresses that the launch does not name",
        ),
        case(
            "elastic address of the account",
            vec![
                ec2(
                    0,
                    "AllocateAddress",
                    json!({"domain": "vpc"}),
                    json!({"publicIp": "192.0.2.66", "allocationId": "eipalloc-0"}),
                ),
                at(5, USUAL),
                at(9, Use { from: "192.0.2.66", ..USUAL }),
            ],
            "another NAT gateway of the account",
        ),
        case(
            "its own addresses",
            vec![
                launch(&["10.0.1.10", "10.0.1.11"]),
                at(1, INSIDE),
                at(9, Use { from: "10.0.1.11", agent: "curl/8", ..INSIDE }),
            ],
            "the launch names both",
        ),
        case(
            "managed from an elastic address of the account",
            vec![
                ec2(0, "AllocateAddress", Value::Null, json!({"publicIp": "198.51.100.20"})),
                by_user(
                    1,
                    "ssm.amazonaws.com",
                    "SendCommand",
                    json!({"instanceIds": [INSTANCE]}),
                    Value::Null,
                ),
                at(9, Use { from: "198.51.100.20", agent: "made-up-tool", ..THEFT }),
            ],
            "people and instances leave by one NAT gateway",
        ),
        case(
            "a neighbour behind the same endpoint",
            vec![at(0, INSIDE), at(9, Use { from: "10.0.1.99", ..INSIDE })],
            "pods have addresses of their own",
        ),
        case(
            "a tool on the instance",
            vec![at(0, USUAL), at(9, Use { from: "203.0.113.7", ..THEFT })],
            "home is never reported",
        ),
        case(
            "other credentials",
            vec![at(0, USUAL), at(9, Use { delivery: None, role: "made-up-other", ..THEFT })],
            "no metadata service delivered them",
        ),
    ]
}

#[test]
fn what_is_from_elsewhere_is_reported() {
    for case in reported() {
        let found = run(&case.records);
        let found: Vec<_> = found.iter().filter(|f| f.rule == Rule::Elsewhere).collect();
        assert_eq!(found.len(), 1, "{}: {}: {found:#?}", case.name, case.why);
        assert_eq!(found[0].parts, case.want, "{}: {}", case.name, case.why);
        assert_eq!(found[0].score, Some(case.want.iter().map(|part| part.weight()).sum()), "{}", case.name);
    }
}

#[test]
fn what_may_be_the_instance_is_not() {
    for case in passed() {
        let found = run(&case.records);
        assert!(found.iter().all(|f| f.rule != Rule::Elsewhere), "{}: {}: {found:#?}", case.name, case.why);
    }
}

/// The twin of the table above: each case is silent for its own reason, not because nothing would be found there.
#[test]
fn silence_has_its_reason() {
    let theft = at(20, Use { from: "192.0.2.99", ..THEFT });
    for case in passed().into_iter().filter(|case| case.name != "other credentials") {
        let mut records = case.records;
        records.push(theft.clone());
        let found = run(&records);
        assert!(found.iter().any(|f| f.rule == Rule::Elsewhere), "{}", case.name);
    }
}

#[test]
fn a_finding_says_what_it_rests_on() {
    let found = after_a_morning([THEFT.json()]);
    let finding = &found[0];
    assert_eq!(finding.severity, Severity::Critical);
    assert_eq!(finding.place.text, 7);
    assert!(
        finding.summary.starts_with(&format!("role credentials of {INSTANCE} were used from 192.0.2.66: "))
    );
    for (name, want) in [
        ("instance", INSTANCE),
        ("source-address", "192.0.2.66"),
        ("homes", "203.0.113.7"),
        ("delivery", "1.0"),
        ("access-key", "ASIAMADEUPTAKEN00001"),
        ("role", "arn:aws:iam::111122223333:role/path/made-up-role"),
        ("event", "GetCallerIdentity"),
        ("uses", "1"),
    ] {
        assert_eq!(finding.evidence(name), Some(want), "{name}");
    }
    assert!(finding.parts.contains(&Part::OtherCall), "thirty calls at home are a habit");
    assert_eq!(finding.evidence("own-addresses"), None);
}

#[test]
fn what_was_reported_is_not_learnt_and_stays_reported() {
    let later =
        (0..5000).map(|n| at(8000 + n, Use { event: "ListBuckets", service: "s3.amazonaws.com", ..THEFT }));
    let found = after_a_morning(std::iter::once(THEFT.json()).chain(later));
    // 1 to 16, then 32, 64 … 4096.
    assert_eq!(found.len(), 16 + 8);
    assert_eq!(found.last().and_then(|f| f.evidence("uses")), Some("4096"));
    assert!(
        found.iter().all(|f| f.parts.contains(&Part::AsksWho)),
        "what spoke against the source stays with it"
    );
}

#[test]
fn the_order_of_reading_does_not_matter() {
    let mut records: Vec<Value> = (0..30).map(|n| at(n * 60, USUAL)).collect();
    records.push(launch(&["10.0.1.10"]));
    records.push(THEFT.json());
    let forward = run(&records);
    records.reverse();
    let backward = run(&records);
    let key = |f: &Finding| (f.event_id.clone(), f.parts.clone(), f.summary.clone());
    assert_eq!(forward.iter().map(key).collect::<Vec<_>>(), backward.iter().map(key).collect::<Vec<_>>());
    assert_eq!(forward.len(), 1);
}

#[test]
fn several_instances_that_moved_make_a_way_out() {
    const IDS: [&str; 4] =
        ["i-0000000000000000a", "i-0000000000000000b", "i-0000000000000000c", "i-0000000000000000d"];
    let mut records: Vec<Value> =
        IDS[..3].iter().map(|instance| at(0, Use { instance, from: "198.51.100.1", ..USUAL })).collect();
    records.push(at(0, Use { instance: IDS[3], ..USUAL }));
    records.push(at(9, Use { instance: IDS[3], from: "198.51.100.1", ..USUAL }));
    assert!(run(&records).is_empty(), "three others are at home there");
    records.remove(0);
    assert_eq!(run(&records).len(), 1, "two are not enough");
}

#[test]
fn the_same_event_delivered_twice_is_one() {
    let theft = THEFT.json();
    assert_eq!(after_a_morning([theft.clone(), theft]).len(), 1);
}

/// Also when the first is judged before the second comes.
#[test]
fn a_run_that_goes_on_tells_what_has_waited_and_tells_it_once() {
    let theft = THEFT.json();
    let mut trail = Trail::new(Settings::default());
    let mut told = Vec::new();
    let read = |trail: &mut Trail, record: &Value| {
        let text = json!({ "Records": [record] }).to_string();
        trail.read(0, text.as_bytes(), &mut |_| panic!("nothing is judged as it comes"));
    };
    read(&mut trail, &theft);
    trail.settle(&mut |finding| told.push(finding.rule));
    assert_eq!(told, [], "what happened before it may still come");
    read(&mut trail, &USUAL.json());
    trail.settle(&mut |finding| told.push(finding.rule));
    assert_eq!(told, [Rule::Elsewhere]);
    read(&mut trail, &theft);
    trail.settle(&mut |finding| told.push(finding.rule));
    trail.settle(&mut |finding| told.push(finding.rule));
    assert_eq!(told, [Rule::Elsewhere]);
}
