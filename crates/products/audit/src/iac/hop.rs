//! The hop limit, judged by what runs on the instance.

use super::judgement::Flaw;
use super::site::{Role, Site};
use crate::rules;
use onehop_code::{Kind, Value};
use onehop_posture::{Effective, HopLimit, Level, Switch, Tokens};

/// Words in user data that say that containers run there.
const CONTAINERS: [&str; 8] = [
    "docker run",
    "dockerd",
    "docker-compose",
    "docker compose",
    "/etc/eks/bootstrap.sh",
    "nodeadm",
    "kubelet",
    "ECS_CLUSTER",
];

/// A hop limit of one where tokens are required cuts containers off that have a network of their own. `containers` is
/// what other resources say of those that run there.
pub(super) fn judge(
    (at, site): (usize, &Site<'_>),
    effective: &Effective,
    containers: Option<&str>,
) -> Option<Flaw> {
    let is_off = effective.endpoint.value() == Some(Switch::Disabled);
    let required = effective.tokens.value() == Some(Tokens::Required);
    let one = effective.hop_limit.value() == Some(HopLimit::ONE);
    let is_host = matches!(site.role, Role::Instance | Role::Template | Role::LaunchConfiguration);
    if is_off || !required || !one || !is_host {
        return None;
    }
    let evidence = evidence(site).or_else(|| containers.map(str::to_owned))?;
    let decided = match effective.hop_limit.level() {
        Level::Request | Level::Template => "which is written here".to_owned(),
        other => format!("from {}", other.words()),
    };
    let message = format!(
        "`{}` requires tokens with a hop limit of 1 ({decided}), and runs containers ({evidence}): those with a network of their \
         own get no token",
        site.resource.address
    );
    Some(Flaw::of_site((at, site), &rules::HOP_LIMIT, message))
}

/// What says that containers run there.
fn evidence(site: &Site<'_>) -> Option<String> {
    let text = site.user_data.and_then(plain)?;
    CONTAINERS.iter().find(|word| text.contains(**word)).map(|word| format!("its user data has `{word}`"))
}

/// User data as text, if it is known. What was encoded by a function of the language is decoded.
pub(super) fn plain(value: &Value) -> Option<String> {
    let Kind::String(text) = &value.kind else { return None };
    let decoded = super::base64::decode(text).filter(|bytes| !bytes.is_empty());
    match decoded.map(String::from_utf8) {
        Some(Ok(decoded)) if decoded.chars().all(|c| !c.is_control() || c.is_whitespace()) => Some(decoded),
        _ => Some(text.clone()),
    }
}
