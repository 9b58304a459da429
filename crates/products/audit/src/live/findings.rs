//! From a subject to findings of a report.
//!
//! | what | rule |
//! |---|---|
//! | account defaults that say `optional` | `ACCOUNT-DEFAULT-OPTIONAL` |
//! | an own image without `v2.0` that comes out as optional | `IMAGE-LEGACY` |
//! | a service with a switch of its own | `SERVICE-V1` |
//! | optional, written | `TOKENS-OPTIONAL` |
//! | optional by a level above | `TOKENS-INHERITED` |
//! | not to be known | `TOKENS-UNRESOLVED` |
//! | a policy of the organization that denies the repair to everybody | `POLICY-BLOCKS-FIX` |
//! | a hop limit that cuts off, or reaches too far | `HOP-LIMIT-CONTAINERS` |

use super::delivered::Delivered;
use super::owner::Owner;
use super::subject::{Action, Kind, Subject};
use crate::rules;
use onehop_inventory::{OrgPolicy, Snapshot};
use onehop_posture::policy::{Act, Outcome};
use onehop_posture::{HopAction, Severity as Posture, Verdict};
use onehop_report::{Excerpt, Facts, Finding, Fix, Place, Resource, Rule, Severity};
use serde_json::json;

/// The findings that a subject is; none where all is well.
pub fn findings(subject: &Subject) -> Vec<Finding> {
    let mut findings = Vec::new();
    if let Some(rule) = rule(subject) {
        findings.push(of_verdict(subject, rule));
    }
    let advice = subject.hop_advice();
    // What is only to be found out is said with the verdict, not for itself.
    if let (Some(severity), HopAction::Set(_)) = (advice.severity, advice.action) {
        let message = format!("{}: {}", title(subject), advice.words);
        let mut finding = Finding::of(&rules::HOP_LIMIT, Excerpt::sentences(&message), place(subject));
        finding.severity = severity_of(severity);
        finding.facts = facts(subject).with("advice", json!(advice.action));
        findings.push(finding);
    }
    findings
}

/// Policies of the organization that stand in the way of the repair, once for each account that they bind.
pub fn policy_findings(snapshot: &Snapshot) -> Vec<Finding> {
    let bound = snapshot.accounts.iter().flat_map(|account| {
        account.policies.iter().filter(|policy| blocks(policy)).map(move |policy| (account, policy))
    });
    bound.map(|(account, policy)| of_policy(&account.id, policy)).collect()
}

/// Whether nobody can require tokens on an instance.
pub(super) fn blocks(policy: &OrgPolicy) -> bool {
    policy.controls.iter().any(|control| control.outcome(Act::RequireTokens) == Outcome::Refused)
}

fn of_policy(account: &str, policy: &OrgPolicy) -> Finding {
    let name = policy.name.as_deref().unwrap_or(&policy.id);
    let message = format!(
        "policy `{name}` denies ModifyInstanceMetadataOptions to everybody, also to whoever closes IMDSv1"
    );
    let resource = Resource {
        account: Some(account.to_owned()),
        region: None,
        kind: "policy".into(),
        id: policy.id.clone(),
    };
    let mut finding =
        Finding::of(&rules::POLICY_BLOCKS_FIX, Excerpt::sentences(&message), Place::Resource(resource));
    finding.facts = Facts::new().with("controls", json!(policy.controls));
    let text = "Exempt the role that migrates, by a condition on `aws:PrincipalArn`.";
    finding.fix = Some(Fix { text: text.into(), command: None, edits: Vec::new() });
    finding
}

fn rule(subject: &Subject) -> Option<&'static Rule> {
    let by_verdict = match &subject.verdict {
        Verdict::OptionalExplicit => &rules::TOKENS_OPTIONAL,
        Verdict::OptionalInherited(_) => &rules::TOKENS_INHERITED,
        Verdict::Unresolved(_) => return Some(&rules::TOKENS_UNRESOLVED),
        Verdict::Required | Verdict::Disabled | Verdict::RequiredInherited(_) => return None,
    };
    Some(match subject.key.kind {
        Kind::AccountDefaults if subject.verdict == Verdict::OptionalExplicit => &rules::ACCOUNT_OPTIONAL,
        Kind::Image => &rules::IMAGE_LEGACY,
        Kind::BeanstalkEnvironment
        | Kind::Notebook
        | Kind::EmrConfiguration
        | Kind::EmrCluster
        | Kind::AppStream
        | Kind::ImageBuilder => &rules::SERVICE_V1,
        _ => by_verdict,
    })
}

fn of_verdict(subject: &Subject, rule: &Rule) -> Finding {
    let mut message = format!("{}: {}", title(subject), subject.effective.explain());
    if !subject.chain.is_empty() {
        let steps: Vec<String> = subject.chain.iter().map(ToString::to_string).collect();
        message.push_str(" Through ");
        message.push_str(&steps.join(", "));
        message.push('.');
    }
    if let Some(sentence) = subject.delivered.sentence() {
        message.push(' ');
        message.push_str(&sentence);
    }
    let mut finding = Finding::of(rule, Excerpt::sentences(&message), place(subject));
    if let Some(severity) = subject.verdict.severity() {
        finding.severity = severity_of(severity);
    }
    finding.facts = facts(subject);
    finding.fix = (subject.repair.action != Action::Nothing).then(|| Fix {
        text: subject.repair.words.clone().into(),
        command: command(subject),
        edits: Vec::new(),
    });
    finding
}

fn facts(subject: &Subject) -> Facts {
    let risk = subject.risk();
    let mut facts = Facts::new()
        .with("verdict", subject.verdict.name())
        .with("decided_by", subject.level().name())
        .with("risk", risk.score)
        .with("risk_range", json!([risk.range.0, risk.range.1]))
        .with(
            "risk_parts",
            json!(
                risk.parts
                    .iter()
                    .map(|part| json!({"name": part.name, "weight": part.weight, "words": part.words}))
                    .collect::<Vec<_>>()
            ),
        )
        .with("instances", subject.instances)
        .with("action", json!(subject.repair.action));
    add_delivered(&mut facts, &subject.delivered);
    if let Some(name) = &subject.name {
        facts.set("name", name.as_str());
    }
    if subject.repair.owner != Owner::Unknown {
        facts.set(onehop_report::facts::OWNER, subject.repair.owner.to_string());
    }
    if let Some(code) = &subject.repair.code {
        facts.set("code", code.as_str());
    }
    if !subject.notes.is_empty() {
        facts.set("notes", json!(subject.notes));
    }
    facts
}

/// Counts where there are any; zero is not "no data".
fn add_delivered(facts: &mut Facts, delivered: &Delivered) {
    match delivered {
        Delivered::NotRead => {}
        Delivered::NoData => facts.set("deliveries", "no data"),
        Delivered::Calls { v1, v2 } => {
            for (count, last, calls) in [("delivered_v1", "last_v1", v1), ("delivered_v2", "last_v2", v2)] {
                facts.set(count, calls.count);
                if let Some(at) = &calls.last {
                    facts.set(last, at.as_str());
                }
            }
        }
    }
}

fn place(subject: &Subject) -> Place {
    let key = &subject.key;
    Place::Resource(Resource {
        account: Some(key.account.to_string()),
        region: Some(key.region.to_string()),
        kind: key.kind.name().into(),
        id: key.id.clone(),
    })
}

fn title(subject: &Subject) -> String {
    let (what, id) = (subject.key.kind.words(), &subject.key.id);
    match &subject.name {
        Some(name) if name != id => format!("{what} `{id}` ({name})"),
        _ => format!("{what} `{id}`"),
    }
}

/// The command that does it, where one does. It never sends what it need not: `HttpEndpoint` stays as it is.
fn command(subject: &Subject) -> Option<String> {
    let region = quoted(&subject.key.region);
    let target = quoted(&subject.repair.target);
    Some(match &subject.repair.action {
        Action::Instance if subject.key.kind == Kind::Instance => format!(
            "aws ec2 modify-instance-metadata-options --region {region} --instance-id {target} --http-tokens required"
        ),
        Action::Default => {
            format!("aws ec2 modify-instance-metadata-defaults --region {region} --http-tokens required")
        }
        Action::DefaultVersion { to } => format!(
            "aws ec2 modify-launch-template --region {region} --launch-template-id {target} --default-version {to}"
        ),
        Action::Image => format!(
            "aws ec2 modify-image-attribute --region {region} --image-id {target} --imds-support v2.0"
        ),
        _ => return None,
    })
}

/// A word of a shell's command line.
fn quoted(word: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./:".contains(&byte);
    if !word.is_empty() && word.bytes().all(is_plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', "'\\''"))
}

const fn severity_of(severity: Posture) -> Severity {
    match severity {
        Posture::Error => Severity::High,
        Posture::Warning => Severity::Medium,
        Posture::Note => Severity::Low,
    }
}
