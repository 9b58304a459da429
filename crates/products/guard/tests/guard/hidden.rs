//! Credentials are hidden until a rule opens them, in every spelling, and listings do not show what is hidden.

use crate::support::{Running, Setup, get_request};
use onehop_guard::policy::{Effect, Pattern, Policy, Rule, Who};
use onehop_verdict::Code;

const ROLE: &str = "/latest/meta-data/iam/security-credentials/app-role";

fn own() -> Who {
    Who::Uid(nix::unistd::geteuid().as_raw())
}

fn rule(effect: Effect, path: &str, caller: Who) -> Rule {
    Rule {
        name: "a rule".into(),
        paths: vec![Pattern::parse(path).expect("a pattern")],
        callers: vec![caller],
        effect,
    }
}

#[test]
fn credentials_are_hidden_in_every_spelling() {
    let running = Setup::new().start();
    let token = running.token();
    for target in [
        "/latest/meta-data/iam/security-credentials",
        "/latest/meta-data/iam/security-credentials/",
        ROLE,
        "/latest/meta-data/iam/security-credentials/app-role/",
        "/latest/meta-data/iam/security-credentials/app-role?x",
        "/latest/meta-data/iam/security-credentials/app-role/deeper",
        "/latest/meta-data/iam/security-credentials-extended/",
        "/latest/meta-data/iam/security-credentials-extended/app-role",
        "/latest/meta-data/iam/security-credentialsX",
        "/latest/meta-data/identity-credentials/",
        "/latest/meta-data/identity-credentials/ec2/info",
        "/latest/meta-data/identity-credentials/ec2/security-credentials/ec2-instance",
        "/LATEST/META-DATA/IAM/SECURITY-CREDENTIALS/app-role",
        "/latest/meta-data/iam/Security-Credentials/app-role",
        "/latest/meta-data/Identity-Credentials/ec2/info",
        "//latest//meta-data//iam//security-credentials//app-role",
        "/latest/meta-data/iam/./security-credentials/app-role",
        "/latest/meta-data/iam/info/../security-credentials/app-role",
        "/latest/meta-data/iam/%73ecurity-credentials/app-role",
        "/latest/meta-data/iam%2Fsecurity-credentials%2fapp-role",
        "/latest/meta-data/%2e/iam/x/%2e%2E/security-credentials/app-role",
        "/1.0/meta-data/iam/security-credentials/app-role",
        "/2012-01-12/meta-data/iam/security-credentials/app-role",
        "/2099-12-31/meta-data/iam/security-credentials/app-role",
    ] {
        running.is_denied(&get_request(target, &token), 404, Code::PolicyDeny);
    }
    running.is_allowed(&get_request("/latest/meta-data/iam/info", &token), 200);
    let reads = running.fake.targets();
    assert_eq!(reads, ["/latest/meta-data/iam/info"]);
}

#[test]
fn an_allow_rule_opens_credentials_for_its_caller() {
    let path = "meta-data/iam/security-credentials/**";
    let running = Setup::new().rule(Effect::Allow, path, own()).start();
    let answer = running.is_allowed(&get_request(ROLE, &running.token()), 200);
    assert_eq!(answer.body, "{ \"SecretAccessKey\" : \"made-up\" }");
    let extended = "/latest/meta-data/iam/security-credentials-extended/app-role";
    running.is_denied(&get_request(extended, &running.token()), 404, Code::PolicyDeny);
    drop(running);

    let somebody = Who::Uid(nix::unistd::geteuid().as_raw() + 1);
    let running = Setup::new().rule(Effect::Allow, path, somebody).start();
    running.is_denied(&get_request(ROLE, &running.token()), 404, Code::PolicyDeny);
}

#[test]
fn a_deny_rule_wins_over_an_allow_rule() {
    let running = Setup::new()
        .rule(Effect::Allow, "meta-data/iam/**", own())
        .rule(Effect::Deny, "meta-data/iam/security-credentials/*", Who::AnyLocal)
        .start();
    let token = running.token();
    running.is_denied(&get_request(ROLE, &token), 404, Code::PolicyDeny);
    let list = "/latest/meta-data/iam/security-credentials/";
    running.is_allowed(&get_request(list, &token), 200);
}

#[test]
fn what_is_hidden_looks_like_what_is_absent() {
    let running = Setup::new().start();
    let token = running.token();
    let hidden = running.is_denied(&get_request(ROLE, &token), 404, Code::PolicyDeny);
    let absent = running.is_allowed(&get_request("/latest/meta-data/absent", &token), 404);
    let without_changing = |head: &str| -> Vec<String> {
        let lines = head.lines().filter(|line| !line.starts_with("Date") && !line.contains("Ttl-Seconds"));
        lines.map(str::to_owned).collect()
    };
    assert_eq!(without_changing(&hidden.head), without_changing(&absent.head));
    assert_eq!(hidden.head.lines().count(), absent.head.lines().count());
    assert_eq!(hidden.body, absent.body);
    assert_eq!(hidden.body.len(), 339);
}

fn lines(running: &Running, target: &str) -> Vec<String> {
    running.get(target).body.lines().map(str::to_owned).collect()
}

#[test]
fn listings_leave_out_what_is_hidden() {
    let running = Setup::new().start();
    assert_eq!(lines(&running, "/latest/"), ["dynamic", "meta-data", "user-data"]);
    for list in ["/latest/meta-data/", "/latest/meta-data", "//latest/meta-data/.", "/2021-03-23/meta-data/"]
    {
        assert_eq!(lines(&running, list), ["ami-id", "iam/", "instance-id", "tags/"], "{list}");
    }
    assert_eq!(lines(&running, "/latest/meta-data/iam/"), ["info"]);
    let listing = running.get("/latest/meta-data/iam/");
    assert_eq!(listing.header("Content-Length"), Some("4"), "the length is that of what is shown");
    drop(running);

    let opened = Setup::new()
        .rule(Effect::Allow, "meta-data/identity-credentials/**", own())
        .rule(Effect::Allow, "meta-data/iam/security-credentials/**", own())
        .rule(Effect::Deny, "user-data", own())
        .rule(Effect::Deny, "meta-data/tags/**", own())
        .start();
    assert_eq!(lines(&opened, "/latest/"), ["dynamic", "meta-data"]);
    let shown = ["ami-id", "iam/", "identity-credentials/", "instance-id"];
    assert_eq!(lines(&opened, "/latest/meta-data/"), shown);
    assert_eq!(lines(&opened, "/latest/meta-data/iam/"), ["info", "security-credentials/"]);
}

#[test]
fn a_kept_answer_is_judged_anew_for_every_read() {
    let mut setup = Setup::new().rule(Effect::Allow, "meta-data/iam/**", own());
    setup.upstream.keep = std::time::Duration::from_secs(3600);
    let running = setup.start();
    let token = running.token();
    running.is_allowed(&get_request(ROLE, &token), 200);
    running.is_allowed(&get_request(ROLE, &token), 200);
    let list = "/latest/meta-data/iam/";
    assert_eq!(lines(&running, list).len(), 3);
    assert_eq!(running.fake.targets(), [ROLE, list]);

    let closed = Policy::new(vec![Who::AnyLocal], Vec::new()).expect("a policy");
    running.guard.replace_policy(closed);
    running.is_denied(&get_request(ROLE, &token), 404, Code::PolicyDeny);
    assert_eq!(lines(&running, list), ["info"]);

    let nobody = Policy::new(Vec::new(), vec![rule(Effect::Allow, "**", own())]).expect("a policy");
    running.guard.replace_policy(nobody);
    running.is_denied(&get_request(ROLE, &token), 401, Code::CallerDenied);
    assert_eq!(running.fake.targets(), [ROLE, list]);
}
