//! What hop limit an instance needs, from what runs there. Never "more than 1 is bad" by itself.
//!
//! | what runs there | hops it needs | where from |
//! |---|---|---|
//! | nothing in containers | 1 | EC2 User Guide |
//! | Docker's bridge, ECS in bridge or `awsvpc` mode, pods of the VPC CNI | 2 | EC2 User Guide: 2 for containers |
//! | pods behind Cilium or another overlay, containers inside containers | 3 | reports to the projects: cilium#25232, eksctl#7665 |
//! | containers on the network of the host | 1: no hop limit keeps them out | ECS Developer Guide |
//! | pods with an identity of their own, tasks that the agent keeps away | 1 | they do not ask this service |
//!
//! The limit travels in the answer to a token request only. While tokens are optional it keeps nobody out: IMDSv1 answers
//! from any distance. So it is the switch to required tokens that cuts containers off, not the limit that was there before.

use crate::options::{HopLimit, Switch, Tokens};
use crate::resolve::Effective;
use crate::setting::Text;
use crate::verdict::Severity;
use serde::{Deserialize, Serialize};

/// A way in which containers run on an instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Containers {
    /// Docker, containerd or Podman behind a bridge.
    Bridge,
    /// Containers inside containers.
    Nested,
    /// Tasks of ECS behind Docker's bridge.
    EcsBridge,
    /// Tasks of ECS with a network interface of their own.
    EcsAwsvpc,
    /// Tasks of ECS whose agent keeps them away (`ECS_AWSVPC_BLOCK_IMDS`).
    EcsBlocked,
    /// An instance of an ECS cluster; the network modes of its tasks were not read.
    Ecs,
    /// Pods of the VPC CNI.
    EksVpcCni,
    /// Pods behind Cilium or another overlay network.
    Overlay,
    /// Pods with an identity of their own (IRSA, Pod Identity) that do not need the role of the host.
    PodIdentity,
    /// A node of a Kubernetes cluster; its network was not read.
    Kubernetes,
    /// Containers on the network of the host.
    HostNetwork,
}

/// One sign of containers.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Sign {
    /// What runs there.
    pub containers: Containers,
    /// What says so, e.g. `the tag eks:cluster-name`.
    pub seen_in: Text,
}

/// What is known about containers on an instance.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ContainerEvidence {
    /// Nobody could look. The reason in words.
    NotLooked(Text),
    /// What was found; nothing, if it is empty.
    Found(Vec<Sign>),
}

/// What to do about the hop limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HopAction {
    /// Leave it.
    Keep,
    /// Set it to this.
    Set(HopLimit),
    /// First find out what runs there, or what the limit is.
    FindOut,
}

/// Advice about the hop limit.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct HopAdvice {
    /// What to do.
    pub action: HopAction,
    /// How grave it is; none where nobody has to act.
    pub severity: Option<Severity>,
    /// Why, in sentences.
    pub words: String,
}

/// Above this, an answer with a token travels to places that no container explains.
const FAR: HopLimit = HopLimit::THREE;

/// Advises about the hop limit.
pub fn advise(effective: &Effective, evidence: &ContainerEvidence) -> HopAdvice {
    if effective.endpoint.value() == Some(Switch::Disabled) {
        return advice(
            HopAction::Keep,
            None,
            "The metadata service is off, so the hop limit does not matter.",
        );
    }
    let tokens = effective.tokens.value();
    let mut found = match (effective.hop_limit.value(), evidence) {
        (Some(limit), ContainerEvidence::NotLooked(reason)) => blind(limit, tokens, reason),
        (Some(limit), ContainerEvidence::Found(signs)) => informed(limit, tokens, signs),
        (None, ContainerEvidence::Found(signs)) if needed(signs) > HopLimit::ONE => advice(
            HopAction::Set(needed(signs)),
            Some(Severity::Warning),
            format!(
                "The hop limit is not known, and {} needs {}: write it down, because 1 would cut containers off.",
                seen(signs),
                needed(signs)
            ),
        ),
        (None, _) => advice(
            HopAction::FindOut,
            None,
            "The hop limit is not known, and nothing was found that needs more than 1.",
        ),
    };
    if tokens == Some(Tokens::Optional) {
        found.words.push_str(
            " While tokens are optional the limit keeps nobody out: IMDSv1 answers containers at any distance.",
        );
    }
    if let ContainerEvidence::Found(signs) = evidence
        && signs.iter().any(|sign| sign.containers == Containers::HostNetwork)
    {
        found
            .words
            .push_str(" Containers on the network of the host reach the service whatever the limit is.");
    }
    found
}

/// The hops that all containers found need.
pub fn needed(signs: &[Sign]) -> HopLimit {
    signs.iter().map(|sign| sign.containers.hops()).max().unwrap_or(HopLimit::ONE)
}

fn blind(limit: HopLimit, tokens: Option<Tokens>, reason: &str) -> HopAdvice {
    if limit > HopLimit::ONE || tokens == Some(Tokens::Required) {
        let words = format!("Whether containers run there is not known because {reason}; {limit} stays.");
        return advice(HopAction::Keep, None, words);
    }
    let words = format!(
        "Whether containers run there is not known because {reason}. Find out before tokens are required: at 1, \
         containers with a network of their own are cut off."
    );
    advice(HopAction::FindOut, Some(Severity::Note), words)
}

fn informed(limit: HopLimit, tokens: Option<Tokens>, signs: &[Sign]) -> HopAdvice {
    let needed = needed(signs);
    if limit < needed {
        return too_short(limit, needed, tokens, signs);
    }
    if signs.is_empty() {
        return no_containers(limit);
    }
    if limit > FAR {
        let words = format!(
            "{} needs {needed}; at {limit} a token also travels to what lies behind other routers.",
            capital(&seen(signs))
        );
        return advice(HopAction::Set(needed), Some(Severity::Note), words);
    }
    if needed == HopLimit::ONE
        && limit > HopLimit::ONE
        && signs.iter().all(|sign| sign.containers.has_its_own())
    {
        let words = format!(
            "{} does not need the role of the host: 1 keeps it away from that role, {limit} lets it in.",
            capital(&seen(signs))
        );
        return advice(HopAction::Set(HopLimit::ONE), Some(Severity::Note), words);
    }
    advice(
        HopAction::Keep,
        None,
        format!("{} needs {needed}, and the limit is {limit}.", capital(&seen(signs))),
    )
}

fn no_containers(limit: HopLimit) -> HopAdvice {
    if limit > FAR {
        let words = format!(
            "No containers were found, and at {limit} a token travels far beyond the instance; 2 is what EC2 recommends at most for containers."
        );
        return advice(HopAction::Set(HopLimit::TWO), Some(Severity::Note), words);
    }
    let words = if limit == HopLimit::ONE {
        "No containers were found, so 1 is enough.".to_owned()
    } else {
        format!("No containers were found. {limit} is no fault by itself; 1 would do if none are planned.")
    };
    advice(HopAction::Keep, None, words)
}

fn too_short(limit: HopLimit, needed: HopLimit, tokens: Option<Tokens>, signs: &[Sign]) -> HopAdvice {
    let seen = seen(signs);
    let (severity, words) = match tokens {
        Some(Tokens::Required) => (
            Severity::Warning,
            format!(
                "Tokens are required and the hop limit is {limit}, but {seen} needs {needed}: pods and containers there are cut off. Raise it to {needed}, or give them an identity of their own."
            ),
        ),
        Some(Tokens::Optional) => (
            Severity::Note,
            format!(
                "The hop limit is {limit} and {seen} needs {needed}. It works by IMDSv1 until tokens are required, then it is cut off; SDKs there fall back to IMDSv1 and are counted as its users although they are recent. Raise the limit together with the switch."
            ),
        ),
        None => (
            Severity::Warning,
            format!(
                "The hop limit is {limit} and {seen} needs {needed}: where tokens come out as required, pods and containers there are cut off."
            ),
        ),
    };
    advice(HopAction::Set(needed), Some(severity), words)
}

fn seen(signs: &[Sign]) -> String {
    let most = needed(signs);
    let sign = signs.iter().find(|sign| sign.containers.hops() == most);
    sign.map_or_else(
        || "nothing".to_owned(),
        |sign| format!("{} (seen in {})", sign.containers.words(), sign.seen_in),
    )
}

fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn advice(action: HopAction, severity: Option<Severity>, words: impl Into<String>) -> HopAdvice {
    HopAdvice { action, severity, words: words.into() }
}

impl Containers {
    /// All of them.
    pub const ALL: [Containers; 11] = [
        Containers::Bridge,
        Containers::Nested,
        Containers::EcsBridge,
        Containers::EcsAwsvpc,
        Containers::EcsBlocked,
        Containers::Ecs,
        Containers::EksVpcCni,
        Containers::Overlay,
        Containers::PodIdentity,
        Containers::Kubernetes,
        Containers::HostNetwork,
    ];

    /// The hops that a token has to travel to get there.
    pub const fn hops(self) -> HopLimit {
        match self {
            Containers::EcsBlocked | Containers::PodIdentity | Containers::HostNetwork => HopLimit::ONE,
            Containers::Bridge
            | Containers::EcsBridge
            | Containers::EcsAwsvpc
            | Containers::Ecs
            | Containers::EksVpcCni
            | Containers::Kubernetes => HopLimit::TWO,
            Containers::Nested | Containers::Overlay => HopLimit::THREE,
        }
    }

    /// Its name for people.
    pub const fn words(self) -> &'static str {
        match self {
            Containers::Bridge => "a container behind a bridge",
            Containers::Nested => "a container inside a container",
            Containers::EcsBridge => "an ECS task in bridge mode",
            Containers::EcsAwsvpc => "an ECS task in awsvpc mode",
            Containers::EcsBlocked => "an ECS task that the agent keeps away",
            Containers::Ecs => "an ECS task",
            Containers::EksVpcCni => "a pod of the VPC CNI",
            Containers::Overlay => "a pod behind an overlay network",
            Containers::PodIdentity => "a pod with an identity of its own",
            Containers::Kubernetes => "a pod",
            Containers::HostNetwork => "a container on the network of the host",
        }
    }

    const fn has_its_own(self) -> bool {
        matches!(self, Containers::PodIdentity | Containers::EcsBlocked)
    }
}
