//! The path that calls take: signatures, roles, attempts, bounds.

#[path = "common/fake.rs"]
mod common;

use common::{ORGANIZATION, run, start, start_with};
use onehop_aws::ops::instances::DescribeInstances;
use onehop_aws::ops::organizations::ListRoots;
use onehop_aws::ops::regions::DescribeRegions;
use onehop_aws::ops::reports::{
    DescribeDeclarativePoliciesReports, GetDeclarativePoliciesReportSummary, StartDeclarativePoliciesReport,
};
use onehop_aws::ops::sts::{AssumeRole, GetCallerIdentity};
use onehop_aws::{Client, Keys, Problem, Settings};

const ONE: &str =
    "accounts: [{ id: '111122223333', regions: { us-east-1: { instances: [{ count: 12 }] } } }]";

fn failing(operation: &str, rest: &str) -> String {
    format!("{ONE}\nfailures: [{{ operation: '{operation}', {rest} }}]\n")
}

#[test]
fn a_role_is_assumed_once_and_used_with_its_own_keys() {
    let (fake, client) = start(ORGANIZATION);
    let ask = AssumeRole {
        role_arn: "arn:aws:iam::444455556666:role/OnehopAudit".to_owned(),
        session_name: "test".to_owned(),
        external_id: Some("made-up".to_owned()),
    };
    let (own, theirs) = (client.clone(), client.with_role(ask.clone()));
    run(async {
        assert_eq!(own.call(&GetCallerIdentity).await.expect("own").account, "111122223333");
        for _ in 0..3 {
            assert_eq!(theirs.call(&GetCallerIdentity).await.expect("theirs").account, "444455556666");
        }
        let without = client.with_role(AssumeRole { external_id: None, ..ask });
        let error = without.call(&GetCallerIdentity).await.expect_err("the trust asks for an external id");
        assert_eq!((error.problem, error.code.as_str()), (Problem::Denied, "AccessDenied"));
    });
    assert_eq!(fake.calls()["sts:AssumeRole"], 2);
}

#[test]
fn a_signature_with_another_secret_is_refused() {
    let (fake, client) = start(ORGANIZATION);
    let settings = Settings { endpoint_url: Some(fake.endpoint_url()), ..Settings::default() };
    let other = Client::new(Keys::fixed("AKIDEXAMPLE", "another-made-up-key", None), "us-east-1", settings);
    run(async {
        client.call(&GetCallerIdentity).await.expect("the right secret");
        let error = other.call(&GetCallerIdentity).await.expect_err("the wrong secret");
        assert_eq!((error.problem, error.code.as_str()), (Problem::Denied, "SignatureDoesNotMatch"));
        assert_eq!(error.attempts, 1, "asking again would not help");
    });
}

#[test]
fn failures_are_tried_again_when_they_may_pass() {
    struct Case {
        name: &'static str,
        failure: &'static str,
        want: Result<(), Problem>,
        calls: u64,
    }
    let cases = [
        Case {
            name: "server once",
            failure: "code: InternalError, status: 500, times: 1",
            want: Ok(()),
            calls: 2,
        },
        Case {
            name: "throttled thrice",
            failure: "code: RequestLimitExceeded, status: 503, times: 3",
            want: Ok(()),
            calls: 4,
        },
        Case { name: "dropped once", failure: "code: drop, times: 1", want: Ok(()), calls: 2 },
        Case {
            name: "server forever",
            failure: "code: Unavailable, status: 503",
            want: Err(Problem::Server),
            calls: 6,
        },
        Case { name: "denied", failure: "code: UnauthorizedOperation", want: Err(Problem::Denied), calls: 1 },
        Case {
            name: "page of an emulator",
            failure: "code: html",
            want: Err(Problem::NotImplemented),
            calls: 1,
        },
        Case {
            name: "refused",
            failure: "code: InvalidParameterValue, status: 400",
            want: Err(Problem::Refused),
            calls: 1,
        },
    ];
    for Case { name, failure, want, calls } in cases {
        let (fake, client) = start(&failing("ec2:DescribeRegions", failure));
        let got = run(client.call(&DescribeRegions)).map(drop).map_err(|error| error.problem);
        assert_eq!(got, want, "{name}");
        assert_eq!(fake.calls()["ec2:DescribeRegions"], calls, "{name}");
    }
}

#[test]
fn pages_are_asked_for_ahead_and_each_only_once() {
    let (fake, client) = start(&format!("page_size: 5\n{ONE}"));
    let pages = run(async {
        let mut pages = Vec::new();
        client
            .pages(DescribeInstances::default(), |page| pages.push(page.instances.len()))
            .await
            .expect("all");
        pages
    });
    assert_eq!(pages, [5, 5, 2]);
    assert_eq!(fake.calls()["ec2:DescribeInstances"], 3);
}

#[test]
fn a_page_that_fails_ends_the_listing_and_keeps_what_was_read() {
    let text = failing("ec2:DescribeInstances", "code: UnauthorizedOperation, after: 1");
    let (_fake, client) = start(&format!("page_size: 5\n{text}"));
    let mut read = 0;
    let error = run(client.pages(DescribeInstances::default(), |page| read += page.instances.len()))
        .expect_err("the second page fails");
    assert_eq!((read, error.problem), (5, Problem::Denied));
    let (_fake, client) =
        start_with(&format!("page_size: 1\n{ONE}"), |settings| Settings { pages_max: 3, ..settings });
    let error = run(client.pages(DescribeInstances::default(), drop)).expect_err("there are twelve pages");
    assert_eq!(error.problem, Problem::Unreadable);
}

#[test]
fn answers_are_bounded_in_size_and_time() {
    let (_fake, client) = start_with(ONE, |settings| Settings { answer_bytes_max: 1000, ..settings });
    let error = run(client.call(&DescribeInstances::default())).expect_err("it is larger");
    assert_eq!(error.problem, Problem::Unreadable);
    let (_fake, client) = start_with(&format!("latency_milliseconds: 60000\n{ONE}"), |settings| Settings {
        attempt_timeout: std::time::Duration::from_millis(50),
        attempts_max: 2,
        ..settings
    });
    let error = run(client.call(&DescribeRegions)).expect_err("it takes a minute");
    assert_eq!((error.problem, error.attempts), (Problem::Unreachable, 2));
}

#[test]
fn nothing_secret_is_in_words_about_keys_and_errors() {
    let (_fake, client) = start(&failing("ec2:DescribeRegions", "code: UnauthorizedOperation"));
    let error = run(client.call(&DescribeRegions)).expect_err("denied");
    let words = format!(
        "{client:?} {error:?} {error} {:?}",
        Keys::fixed("AKIDEXAMPLE", "not-a-real-key", Some("t0ken"))
    );
    assert!(!words.contains("not-a-real-key") && !words.contains("t0ken"), "{words}");
}

#[test]
fn without_credentials_nothing_is_sent() {
    let (fake, _) = start(ONE);
    let settings = Settings { endpoint_url: Some(fake.endpoint_url()), ..Settings::default() };
    let named = onehop_aws::ChainSettings {
        profile: Some("no-such-profile-of-tests".to_owned()),
        instance_role: false,
    };
    let error = run(async {
        let keys = Keys::chain(&named, "us-east-1").await;
        Client::new(keys, "us-east-1", settings).call(&DescribeRegions).await.expect_err("no such profile")
    });
    assert_eq!(error.problem, Problem::Credentials, "{error}");
    assert!(fake.calls().is_empty());
}

#[test]
fn the_report_of_an_organization_is_started_waited_for_and_read() {
    let (fake, client) = start(ORGANIZATION);
    run(async {
        let root = client.all(ListRoots::default(), |page| page.roots).await.expect("the root");
        let ask = StartDeclarativePoliciesReport {
            bucket: "made-up".to_owned(),
            prefix: None,
            target_id: root[0].id.clone(),
        };
        let id = client.call(&ask).await.expect("it starts");
        let again = client.call(&ask).await.expect_err("one at a time");
        assert_eq!(again.code, "IncorrectState");
        let summary = GetDeclarativePoliciesReportSummary { id: id.clone() };
        assert!(client.call(&summary).await.is_err(), "it is running");
        let look = DescribeDeclarativePoliciesReports::default;
        let mut seen = Vec::new();
        for _ in 0..3 {
            let reports = client.all(look(), |page| page.reports).await.expect("reports");
            seen.push(reports[0].status.clone());
        }
        assert_eq!(seen, ["running", "running", "complete"]);
        let summary = client.call(&summary).await.expect("it is complete");
        assert_eq!((summary.id, summary.target_id.as_str(), summary.accounts), (id, "r-fake", 4));
        let tokens = summary.attributes.iter().find(|it| it.name.ends_with("tokens")).expect("an attribute");
        assert_eq!(
            (tokens.most_frequent.as_str(), tokens.matched, tokens.unmatched),
            ("no-preference", 2, 1)
        );
        assert_eq!(tokens.regions, [("eu-west-1".to_owned(), 0, 1), ("us-east-1".to_owned(), 3, 0)]);
    });
    assert!(!fake.calls().contains_key("sts:AssumeRole"), "it needs no role in the accounts");
}
