//! What is written is read back, and what cannot be read is told.

use onehop_inventory::file::{FileError, Loaded, MAX_PROBLEMS, Reader};
use onehop_inventory::*;
use onehop_posture::{Containers, ImageSupport, Setting, Tokens};
use proptest::prelude::*;

fn read(lines: impl IntoIterator<Item = impl AsRef<str>>) -> Result<Loaded, FileError> {
    let mut reader = Reader::new();
    for line in lines {
        reader.line(line.as_ref())?;
    }
    reader.finish()
}

fn sample() -> Snapshot {
    let spec = |id: &str, version: &str| TemplateSpec {
        id: Some(id.into()),
        name: None,
        version: Some(version.into()),
    };
    let metadata = |tokens: &str| MetadataOptions {
        http_tokens: Some(tokens.into()),
        http_endpoint: Some("enabled".into()),
        http_put_response_hop_limit: Some(1),
        state: Some("applied".into()),
        ..Default::default()
    };
    let instance = Instance {
        id: "i-0123456789abcdef0".into(),
        state: "running".into(),
        metadata: metadata("optional"),
        tags: [("Name".to_owned(), "web".to_owned())].into_iter().collect(),
        no_token: Some(Metric {
            window_seconds: 86_400,
            period_seconds: 300,
            points: 288,
            sum: 3.5,
            ..Default::default()
        }),
        ..Default::default()
    };
    let template = LaunchTemplate {
        id: "lt-1".into(),
        default_version: 1,
        latest_version: 2,
        versions: vec![TemplateVersion { version: 1, metadata: metadata("strange"), ..Default::default() }],
        ..Default::default()
    };
    let group = Group {
        name: "web".into(),
        source: GroupSource::Mixed {
            template: spec("lt-1", "1"),
            overrides: vec![Override { template: Some(spec("lt-2", "$Latest")), ..Default::default() }],
        },
        members: vec![GroupMember {
            id: instance.id.clone(),
            template: Some(spec("lt-1", "1")),
            ..Default::default()
        }],
        ..Default::default()
    };
    let region = Region {
        name: "eu-central-1".into(),
        calls: vec![
            Call::done("ec2:DescribeInstances", 1),
            Call::failed("ec2:DescribeImages", "UnauthorizedOperation", &"x".repeat(1_000), 0),
            Call::skipped("cloudwatch:GetMetricData", "metrics were not asked for"),
        ],
        defaults: Some(AccountDefaults { http_tokens: Some("required".into()), ..Default::default() }),
        instances: vec![instance],
        templates: vec![template],
        groups: vec![group],
        ..Default::default()
    };
    let account = Account { id: "111122223333".into(), regions: vec![region], ..Default::default() };
    let header =
        Header { taken_at: "2026-01-02T03:04:05Z".into(), tool: "onehop".into(), ..Default::default() };
    Snapshot { header, accounts: vec![account] }
}

#[test]
fn a_snapshot_is_read_back_as_it_was_written() {
    let snapshot = sample();
    let lines: Vec<String> = snapshot.lines().collect();
    assert_eq!(lines.len(), 6, "head, account, region, three items");
    assert!(lines[0].starts_with(r#"{"type":"snapshot","v":1,"#), "{}", lines[0]);
    assert_eq!(
        lines[3],
        r#"{"type":"instance","account":"111122223333","region":"eu-central-1","value":{"id":"i-0123456789abcdef0","state":"running","metadata":{"http_tokens":"optional","http_endpoint":"enabled","http_put_response_hop_limit":1,"state":"applied"},"tags":{"Name":"web"},"no_token":{"window_seconds":86400,"period_seconds":300,"points":288,"sum":3.5}}}"#
    );
    let loaded = read(&lines).expect("a snapshot");
    assert_eq!(loaded.snapshot, snapshot);
    assert_eq!((loaded.problems, loaded.untold), (vec![], 0));
}

#[test]
fn items_may_stand_before_their_region() {
    let snapshot = sample();
    let mut lines: Vec<String> = snapshot.lines().collect();
    lines[1..].reverse();
    assert_eq!(read(&lines).expect("a snapshot").snapshot, snapshot);
}

#[test]
fn other_files_are_refused() {
    let cases = [
        (vec![], FileError::NoSnapshot),
        (vec!["", "  "], FileError::NoSnapshot),
        (vec!["hello"], FileError::NoSnapshot),
        (vec![r#"{"type":"finding","v":1,"value":{}}"#], FileError::NoSnapshot),
        (vec![r#"{"type":"snapshot","v":2,"value":{}}"#], FileError::Version(2)),
        (vec![r#"{"type":"snapshot","value":{}}"#], FileError::Version(0)),
        (vec![r#"{"type":"snapshot","v":1,"value":7}"#], FileError::NoSnapshot),
    ];
    for (lines, want) in cases {
        assert_eq!(read(&lines).expect_err("no snapshot"), want, "{lines:?}");
    }
}

#[test]
fn broken_lines_are_told_and_the_rest_is_read() {
    let head = "\u{feff}{\"type\":\"snapshot\",\"v\":1,\"value\":{}}\r";
    let place = r#""account":"1","region":"r""#;
    let cases = [
        ("{".to_owned(), "no record"),
        (r#"{"type":"instance","value":{}}"#.to_owned(), "names its account"),
        (r#"{"type":"instance","account":"1","value":{}}"#.to_owned(), "names its region"),
        (format!(r#"{{"type":"comet",{place},"value":{{}}}}"#), "no kind of record"),
        (format!(r#"{{"type":"instance",{place},"value":[7]}}"#), "cannot be read"),
        (head.trim().to_owned(), "one head"),
    ];
    for (line, want) in cases {
        let good = format!(r#"{{"type":"instance",{place},"value":{{"id":"i-1","grown":"field"}}}}"#);
        let loaded = read([head, &line, &good]).expect("a snapshot");
        assert_eq!((loaded.problems[0].line, loaded.problems.len()), (2, 1), "{line}");
        assert!(loaded.problems[0].message.contains(want), "{:?}", loaded.problems);
        assert_eq!(loaded.snapshot.accounts[0].regions[0].instances[0].id, "i-1");
    }
}

#[test]
fn problems_are_bounded() {
    let head = r#"{"type":"snapshot","v":1,"value":{}}"#;
    let loaded =
        read(std::iter::once(head).chain(std::iter::repeat_n("{", MAX_PROBLEMS + 7))).expect("a snapshot");
    assert_eq!((loaded.problems.len(), loaded.untold), (MAX_PROBLEMS, 7));
}

#[test]
fn answered_failed_and_not_called_are_kept_apart() {
    let snapshot = sample();
    let region = &snapshot.accounts[0].regions[0];
    assert_eq!(region.gap("ec2:DescribeInstances"), None);
    assert_eq!(
        region.gap("ec2:DescribeImages").as_deref(),
        Some("ec2:DescribeImages failed with UnauthorizedOperation")
    );
    assert_eq!(
        region.gap("cloudwatch:GetMetricData").as_deref(),
        Some("cloudwatch:GetMetricData was not called: metrics were not asked for")
    );
    assert_eq!(region.gap("eks:DescribeNodegroup").as_deref(), Some("eks:DescribeNodegroup was not called"));
    assert!(region.calls[1].is_failure());
    let Outcome::Failed { message, .. } = &region.calls[1].outcome else { panic!("it failed") };
    assert_eq!(message.len(), 300);
}

#[test]
fn defaults_that_were_not_read_are_unknown() {
    let mut region = Region::default();
    let (options, enforced) = region.defaults();
    assert_eq!(options.tokens.reason(), Some("ec2:GetInstanceMetadataDefaults was not called"));
    assert!(enforced.reason().is_some());
    region.calls.push(Call::failed("ec2:GetInstanceMetadataDefaults", "RequestLimitExceeded", "", 0));
    assert!(region.defaults().0.tokens.reason().is_some_and(|why| why.ends_with("RequestLimitExceeded")));
    region.defaults = Some(AccountDefaults::default());
    assert_eq!(region.defaults(), (onehop_posture::Options::default(), Setting::Unset));
    let cases =
        [("enabled", Some(true)), ("disabled", Some(false)), ("no-preference", None), ("later", None)];
    for (word, want) in cases {
        let defaults = AccountDefaults { http_tokens_enforced: Some(word.into()), ..Default::default() };
        assert_eq!(defaults.enforced().value().copied(), want, "{word}");
        assert_eq!(defaults.enforced().is_unset(), word == "no-preference");
    }
    let declared = AccountDefaults { managed_by: Some("declarative-policy".into()), ..Default::default() };
    assert!(declared.is_declared() && !AccountDefaults::default().is_declared());
}

#[test]
fn versions_of_templates_are_counted_as_consumers_name_them() {
    let template = LaunchTemplate { default_version: 3, latest_version: 9, ..Default::default() };
    let cases = [
        (None, Some(3)),
        (Some("$Default"), Some(3)),
        (Some("$Latest"), Some(9)),
        (Some("1"), Some(1)),
        (Some("one"), None),
        (Some("-1"), None),
    ];
    for (version, want) in cases {
        assert_eq!(template.number(version), want, "{version:?}");
    }
}

#[test]
fn words_that_nobody_knew_stay_unknown() {
    let options = sample().accounts[0].regions[0].templates[0].versions[0].metadata.options();
    assert!(options.tokens.reason().is_some_and(|why| why.contains("strange")));
    assert_eq!(Tokens::setting(None), Setting::Unset);
    let image = Image { imds_support: Some("v2.0".into()), ..Default::default() };
    assert_eq!(ImageSupport::of(image.imds_support.as_ref().map(Word::as_str)), ImageSupport::V2);
}

#[test]
fn tags_that_say_nothing_are_dropped() {
    let tags = Tags::keep(
        [
            ("aws:autoscaling:groupName", "web"),
            ("Name", "web-1"),
            ("TerraformModule", "network"),
            ("cost-center", "17"),
            ("password", "made-up"),
            ("eks:cluster-name", "blue"),
        ]
        .map(|(key, value)| (key.to_owned(), value.to_owned())),
    );
    let keys: Vec<&str> = tags.iter().map(|(key, _)| key).collect();
    assert_eq!(keys, ["Name", "TerraformModule", "aws:autoscaling:groupName", "eks:cluster-name"]);
    assert_eq!((tags.get("Name"), tags.get("cost-center")), (Some("web-1"), None));
    let twice: Tags =
        [("a".to_owned(), "1".to_owned()), ("a".to_owned(), "2".to_owned())].into_iter().collect();
    assert_eq!((twice.get("a"), twice.iter().count()), (Some("2"), 1));
}

#[test]
fn user_data_is_read_for_signs_only() {
    struct Case {
        text: &'static str,
        want: &'static [Containers],
        blocks: bool,
        reads: &'static [u32],
    }
    let case = |text, want, blocks, reads| Case { text, want, blocks, reads };
    let cases = [
        case("", &[], false, &[]),
        case("#!/bin/bash\n/etc/eks/bootstrap.sh blue --use-max-pods", &[Containers::Kubernetes], false, &[]),
        case("echo ECS_CLUSTER=a >> /etc/ecs/ecs.config", &[Containers::Ecs], false, &[]),
        case("echo 'ECS_AWSVPC_BLOCK_IMDS=true' >> /etc/ecs/ecs.config", &[], true, &[]),
        case("echo ECS_AWSVPC_BLOCK_IMDS=false", &[], false, &[]),
        case("docker run --network host app", &[Containers::HostNetwork], false, &[]),
        case("docker run -d app\ndocker run -d other", &[Containers::Bridge], false, &[]),
        case("# docker run -d app", &[], false, &[]),
        case("ID=$(curl -s http://169.254.169.254/latest/meta-data/instance-id)", &[], false, &[1]),
        case(
            "curl -H \"X-aws-ec2-metadata-token: $T\" http://169.254.169.254/latest/meta-data/",
            &[],
            false,
            &[],
        ),
        case(
            "curl -X PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: 60' http://169.254.169.254/latest/api/token",
            &[],
            false,
            &[],
        ),
        case("iptables -d 169.254.169.254 -j DROP", &[], false, &[]),
    ];
    for Case { text, want, blocks, reads } in cases {
        let got = UserData::read(text.as_bytes());
        let containers: Vec<Containers> = got.signs.iter().map(|sign| sign.containers).collect();
        assert_eq!((containers.as_slice(), got.ecs_blocks_awsvpc), (want, blocks), "{text}");
        assert_eq!(got.reads_without_token, reads, "{text}");
    }
}

#[test]
fn security_configurations_of_emr_are_json_in_a_string() {
    let text = r#"{"InstanceMetadataServiceConfiguration":{"MinimumInstanceMetadataServiceVersion":2,"HttpPutResponseHopLimit":1}}"#;
    let got = EmrConfiguration::read("a", text);
    assert_eq!((got.minimum_version, got.hop_limit, got.unread), (Some(2), Some(1), None));
    let got = EmrConfiguration::read("a", "{}");
    assert_eq!((got.minimum_version, got.hop_limit, got.unread), (None, None, None));
    assert!(EmrConfiguration::read("a", "{").unread.is_some());
    assert_eq!(EmrConfiguration::read("a", "[]").minimum_version, None);
}

proptest! {
    #[test]
    fn no_line_breaks_the_reader(lines in proptest::collection::vec(".{0,80}", 0..8)) {
        let head = r#"{"type":"snapshot","v":1,"value":{}}"#.to_owned();
        let all = std::iter::once(head).chain(lines);
        prop_assert!(read(all).is_ok());
    }

    #[test]
    fn a_line_with_one_byte_changed_is_told_or_read(at in 0usize..2_000, byte in 32u8..127) {
        let lines: Vec<String> = sample().lines().collect();
        for number in 1..lines.len() {
            let mut bytes = lines[number].clone().into_bytes();
            let place = at % bytes.len();
            bytes[place] = byte;
            let Ok(changed) = String::from_utf8(bytes) else { continue };
            let mut all = lines.clone();
            all[number] = changed;
            prop_assert!(read(&all).is_ok());
        }
    }

    #[test]
    fn user_data_never_breaks(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let got = UserData::read(&bytes);
        prop_assert!(got.reads_without_token.len() <= 20);
    }
}

#[test]
fn deliveries_go_to_the_region_of_their_instance_and_stay_in_the_file() {
    let delivery = |id: &str, version: &str, records| RoleDelivery {
        instance_id: id.into(),
        version: version.into(),
        records,
        last_seen: Some("2026-03-04T09:14:10Z".into()),
    };
    let here = "i-0123456789abcdef0";
    let mut snapshot = sample();
    let logs = TrailLogs { records: 40, lost: vec!["`a.gz`: damaged".into()], ..Default::default() };
    let found = [delivery(here, "1.0", 12), delivery(here, "2.0", 3), delivery("i-00000000", "1.0", 9)];
    snapshot.join_deliveries(logs.clone(), found);
    let want = [delivery(here, "1.0", 12), delivery(here, "2.0", 3)];
    assert_eq!(snapshot.accounts[0].regions[0].deliveries, want);
    let told = TrailLogs { joined: 1, strangers: 1, ..logs };
    assert_eq!(snapshot.header.trail.as_ref(), Some(&told));
    let lines: Vec<String> = snapshot.lines().collect();
    assert_eq!(read(&lines).expect("a snapshot").snapshot, snapshot);

    snapshot.join_deliveries(TrailLogs::default(), [delivery(here, "1.0", 1)]);
    assert_eq!(snapshot.accounts[0].regions[0].deliveries, [delivery(here, "1.0", 1)], "not counted twice");
    let lines: Vec<String> = snapshot.lines().collect();
    let again = read(&lines).expect("a snapshot").snapshot;
    assert!(again.header.trail.is_some(), "logs without a record were read all the same");
}
