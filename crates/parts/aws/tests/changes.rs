//! Changes, as a migration makes them, against a pretended account with the semantics of the real one.

#[path = "common/fake.rs"]
mod common;

use common::{ORGANIZATION, run, start};
use onehop_aws::ops::autoscaling::{
    DescribeAutoScalingGroups, DescribeInstanceRefreshes, StartInstanceRefresh, TemplateReference,
    UpdateAutoScalingGroup,
};
use onehop_aws::ops::defaults::{GetInstanceMetadataDefaults, ModifyInstanceMetadataDefaults};
use onehop_aws::ops::images::{DescribeImages, RequireTokensOfImage};
use onehop_aws::ops::instances::{DescribeInstances, Instance, ModifyInstanceMetadataOptions};
use onehop_aws::ops::metadata::MetadataOptions;
use onehop_aws::ops::templates::{
    CreateLaunchTemplateVersion, DescribeLaunchTemplates, ModifyLaunchTemplate,
};
use onehop_aws::{CallError, Client, Filter, Problem};

const WEB: &str = "i-00000000000000a01";

fn tokens(value: &str) -> MetadataOptions {
    MetadataOptions { http_tokens: Some(value.to_owned()), ..MetadataOptions::default() }
}

fn change(id: &str, options: MetadataOptions) -> ModifyInstanceMetadataOptions {
    ModifyInstanceMetadataOptions { instance_id: id.to_owned(), options, dry_run: false }
}

async fn instance(client: &Client, id: &str) -> Instance {
    let ask = DescribeInstances { ids: vec![id.to_owned()], ..DescribeInstances::default() };
    client.call(&ask).await.expect("it is there").instances.remove(0)
}

fn code(result: Result<impl Sized, CallError>) -> (Problem, String) {
    let error = result.map(|_| ()).expect_err("it is refused");
    (error.problem, error.code)
}

#[test]
fn a_change_is_partial_and_first_pending() {
    let (_fake, client) = start(ORGANIZATION);
    run(async {
        let hops = MetadataOptions { http_put_response_hop_limit: Some(3), ..MetadataOptions::default() };
        client.call(&change(WEB, hops)).await.expect("it is changed");
        let answer = client.call(&change(WEB, tokens("required"))).await.expect("it is changed");
        assert_eq!(answer.http_put_response_hop_limit, Some(3), "what is left out keeps its value");
        let mut states = Vec::new();
        for _ in 0..4 {
            let seen = instance(&client, WEB).await.metadata_options;
            assert_eq!(seen.http_tokens.as_deref(), Some("required"));
            states.push(seen.state.expect("a state"));
        }
        assert_eq!(states, ["pending", "pending", "applied", "applied"]);
    });
}

#[test]
fn a_dry_run_changes_nothing_and_says_whether_it_would_be_allowed() {
    let failing = format!(
        "{ORGANIZATION}\nfailures: [{{ operation: 'ec2:ModifyLaunchTemplate', code: UnauthorizedOperation }}]\n"
    );
    let (_fake, client) = start(&failing);
    run(async {
        let ask = ModifyInstanceMetadataOptions { dry_run: true, ..change(WEB, tokens("required")) };
        assert_eq!(code(client.call(&ask).await), (Problem::DryRun, "DryRunOperation".to_owned()));
        assert_eq!(instance(&client, WEB).await.metadata_options.http_tokens.as_deref(), Some("optional"));
        let template = "lt-00000000000000001".to_owned();
        let ask =
            ModifyLaunchTemplate { template_id: template, default_version: "3".to_owned(), dry_run: true };
        assert_eq!(code(client.call(&ask).await), (Problem::Denied, "UnauthorizedOperation".to_owned()));
    });
}

#[test]
fn enforcement_refuses_the_way_back() {
    let (_fake, client) = start(ORGANIZATION);
    let client = client.in_region("eu-west-1");
    run(async {
        let old = "i-00000000000000b02";
        client.call(&change(old, tokens("required"))).await.expect("requiring tokens is allowed");
        let (problem, _) = code(client.call(&change(old, tokens("optional"))).await);
        assert_eq!(problem, Problem::Refused);
        assert_eq!(instance(&client, old).await.metadata_options.http_tokens.as_deref(), Some("required"));
    });
}

#[test]
fn what_others_manage_cannot_be_changed() {
    let (_fake, client) = start(ORGANIZATION);
    run(async {
        let theirs = change("i-00000000000000a04", tokens("optional"));
        assert_eq!(code(client.call(&theirs).await).1, "OperationNotPermitted");
        let ask = ModifyInstanceMetadataDefaults {
            http_tokens: Some("optional".to_owned()),
            ..ModifyInstanceMetadataDefaults::default()
        };
        let error = client.in_region("eu-west-1").call(&ask).await.expect_err("the policy decides");
        assert!(error.message.contains("ask platform@example.com"), "{error}");
        let missing = change("i-0123456789abcdef0", tokens("required"));
        assert_eq!(code(client.call(&missing).await).1, "InvalidInstanceID.NotFound");
        let nonsense = change(WEB, tokens("sometimes"));
        assert_eq!(code(client.call(&nonsense).await).1, "InvalidParameterValue");
    });
}

#[test]
fn defaults_are_changed_one_by_one_and_taken_away() {
    let (_fake, client) = start(ORGANIZATION);
    run(async {
        let ask = ModifyInstanceMetadataDefaults {
            http_tokens: Some("required".to_owned()),
            http_put_response_hop_limit: Some(2),
            http_tokens_enforced: Some("enabled".to_owned()),
            ..ModifyInstanceMetadataDefaults::default()
        };
        client.call(&ask).await.expect("it is changed");
        let ask = ModifyInstanceMetadataDefaults {
            http_tokens: Some("no-preference".to_owned()),
            ..ModifyInstanceMetadataDefaults::default()
        };
        client.call(&ask).await.expect("it is changed");
        let after = client.call(&GetInstanceMetadataDefaults).await.expect("an answer");
        assert_eq!((after.http_tokens, after.http_put_response_hop_limit), (None, Some(2)));
        assert_eq!(after.http_tokens_enforced.as_deref(), Some("enabled"));
    });
}

#[test]
fn a_group_is_moved_to_a_version_that_inherits_from_its_source() {
    let (_fake, client) = start(ORGANIZATION);
    run(async {
        let create = CreateLaunchTemplateVersion {
            template_id: "lt-00000000000000001".to_owned(),
            source_version: "2".to_owned(),
            options: tokens("required"),
            client_token: "token-1".to_owned(),
            ..CreateLaunchTemplateVersion::default()
        };
        let made = client.call(&create).await.expect("it is made");
        assert_eq!((made.number, made.instance_profile.as_deref()), (4, Some("web")), "inherited");
        assert!(made.user_data.is_some(), "inherited");
        assert_eq!(client.call(&create).await.expect("it is there").number, 4, "asking twice makes one");
        let set = ModifyLaunchTemplate {
            template_id: create.template_id.clone(),
            default_version: "4".to_owned(),
            dry_run: false,
        };
        assert_eq!(client.call(&set).await.expect("it is moved").default_version, 4);
        let ask = DescribeLaunchTemplates {
            ids: vec![create.template_id.clone()],
            ..DescribeLaunchTemplates::default()
        };
        assert_eq!(client.call(&ask).await.expect("it is there").templates[0].latest_version, 4);

        let wanted = TemplateReference {
            id: Some(create.template_id.clone()),
            name: None,
            version: Some("4".to_owned()),
        };
        let update = UpdateAutoScalingGroup {
            name: "pinned".to_owned(),
            launch_template: Some(wanted.clone()),
            mixed_template: None,
        };
        client.call(&update).await.expect("it is moved");
        let start = StartInstanceRefresh {
            name: "pinned".to_owned(),
            launch_template: Some(wanted),
            auto_rollback: true,
            ..StartInstanceRefresh::default()
        };
        let id = client.call(&start).await.expect("it is begun");
        assert_eq!(code(client.call(&start).await).1, "InstanceRefreshInProgress");
        let ask = DescribeInstanceRefreshes { name: "pinned".to_owned(), ids: vec![id] };
        let mut statuses = Vec::new();
        for _ in 0..2 {
            statuses.push(client.call(&ask).await.expect("an answer")[0].status.clone());
        }
        assert_eq!(statuses, ["InProgress", "Successful"]);
        let ask = DescribeAutoScalingGroups {
            names: vec!["pinned".to_owned()],
            ..DescribeAutoScalingGroups::default()
        };
        let group = client.call(&ask).await.expect("it is there").groups.remove(0);
        assert_eq!(group.members.len(), 2);
        for member in group.members {
            let options = instance(&client, &member.id).await.metadata_options;
            assert_eq!(options.http_tokens.as_deref(), Some("required"));
        }
    });
}

#[test]
fn a_refresh_fails_where_the_account_enforces_tokens() {
    let (_fake, client) = start(ORGANIZATION);
    let client = client.in_region("eu-west-1");
    run(async {
        let start = StartInstanceRefresh { name: "old".to_owned(), ..StartInstanceRefresh::default() };
        let id = client.call(&start).await.expect("it is begun");
        let ask = DescribeInstanceRefreshes { name: "old".to_owned(), ids: vec![id] };
        client.call(&ask).await.expect("an answer");
        let refresh = client.call(&ask).await.expect("an answer").remove(0);
        assert_eq!(refresh.status, "Failed");
        assert!(refresh.reason.is_some_and(|reason| reason.contains("IMDSv2")));
    });
}

#[test]
fn an_image_is_marked_and_others_images_are_not() {
    let (_fake, client) = start(ORGANIZATION);
    run(async {
        let own = RequireTokensOfImage { image_id: "ami-00000000000000003".to_owned(), dry_run: false };
        client.call(&own).await.expect("it is marked");
        let ask = DescribeImages { ids: vec![own.image_id.clone()], ..DescribeImages::default() };
        let image = client.call(&ask).await.expect("it is there").images.remove(0);
        assert_eq!(image.imds_support.as_deref(), Some("v2.0"));
        let theirs = RequireTokensOfImage { image_id: "ami-00000000000000001".to_owned(), dry_run: false };
        assert_eq!(code(client.call(&theirs).await).0, Problem::Denied);
    });
}

#[test]
fn the_service_filters_by_options() {
    let (_fake, client) = start(ORGANIZATION);
    run(async {
        let filtered = |name: &str, value: &str| DescribeInstances {
            filters: vec![Filter::new(name, value)],
            ..DescribeInstances::default()
        };
        let ids = |page: onehop_aws::ops::instances::Instances| {
            page.instances.into_iter().map(|it| it.id).collect()
        };
        let required: Vec<String> =
            client.all(filtered("metadata-options.http-tokens", "required"), ids).await.expect("a listing");
        assert_eq!(required[..2], ["i-00000000000000a02", "i-00000000000000a04"]);
        assert_eq!(required.len(), 3, "and the member of the group that follows $Latest");
        let disabled: Vec<String> =
            client.all(filtered("metadata-options.http-endpoint", "disabled"), ids).await.expect("a listing");
        assert_eq!(disabled, ["i-00000000000000a05"]);
        assert_eq!(code(client.call(&filtered("no-such-filter", "x")).await).1, "InvalidParameterValue");
    });
}
