//! What surrounds a subject: who can reach it, what its role may do, whether IMDSv1 is used, what runs in containers.

use super::scope::Scope;
use super::template::Used;
use onehop_inventory::{Instance, Metric, Tags, TemplateVersion, UserData};
use onehop_posture::{ContainerEvidence, Containers, Reach, RolePower, Sign, Usage};

impl Scope<'_> {
    /// Who can send an instance requests.
    pub(super) fn reach(&self, instance: &Instance) -> Reach {
        let is_public = instance.public_ip.is_some() || instance.ipv6;
        let is_open = instance.security_groups.iter().any(|id| self.open_groups.contains(id.as_str()));
        if is_public && is_open {
            return Reach::World;
        }
        if self.load_balanced.contains(instance.id.as_str()) {
            return Reach::LoadBalancer;
        }
        if is_public {
            return match self.region.gap("ec2:DescribeSecurityGroups") {
                Some(gap) => Reach::Unknown(gap.into()),
                None => Reach::PublicClosed,
            };
        }
        let before =
            ["elasticloadbalancing:DescribeLoadBalancers", "elasticloadbalancing:DescribeTargetGroups"];
        match self.region.gap_through("elasticloadbalancing:DescribeTargetHealth", &before) {
            Some(gap) => Reach::Unknown(gap.into()),
            None => Reach::Private,
        }
    }

    /// Who could send requests to what is started from a template.
    pub(super) fn reach_of_launch(&self, public_ip: Option<bool>, groups: &[String]) -> Reach {
        match public_ip {
            Some(true) if groups.iter().any(|id| self.open_groups.contains(id.as_str())) => Reach::World,
            Some(true) => match self.region.gap("ec2:DescribeSecurityGroups") {
                Some(gap) => Reach::Unknown(gap.into()),
                None if groups.is_empty() => Reach::Unknown("the launch names the security groups".into()),
                None => Reach::PublicClosed,
            },
            Some(false) => Reach::Private,
            None => Reach::Unknown("the subnet decides about a public address".into()),
        }
    }

    /// What the role behind an instance profile may do.
    pub(super) fn power(&self, profile: Option<&str>) -> RolePower {
        let Some(profile) = profile else { return RolePower::NoRole };
        if let Some(power) = self.role(profile).and_then(|role| role.power.clone()) {
            return power;
        }
        let operation = "iam:GetAccountAuthorizationDetails";
        let reason = self.account.gap(operation);
        RolePower::Unknown(
            reason.unwrap_or_else(|| format!("the policies of `{profile}` were not weighed")).into(),
        )
    }

    /// Whether an instance uses IMDSv1.
    pub(super) fn usage(&self, instance: &Instance) -> Usage {
        let measured = self.measured(instance.no_token.as_ref());
        match (measured, self.delivered(instance).v1_words()) {
            (measured, None) => measured,
            (Usage::Seen { count, by }, Some(words)) => {
                Usage::Seen { count, by: format!("{by}; {words}").into() }
            }
            (_, Some(words)) => Usage::Seen { count: None, by: words.into() },
        }
    }

    /// What the metric says.
    pub(super) fn measured(&self, metric: Option<&Metric>) -> Usage {
        let Some(metric) = metric else {
            let operation = "cloudwatch:GetMetricData";
            let reason = self.region.gap(operation);
            return Usage::NoData(
                reason.unwrap_or_else(|| "MetadataNoToken was not read for it".into()).into(),
            );
        };
        let over = over(metric);
        if metric.points == 0 {
            return Usage::NoData(format!("MetadataNoToken has no data {over}, which is not zero").into());
        }
        let by = format!("MetadataNoToken {over}{}", covered(metric)).into();
        match whole(metric.sum) {
            0 => Usage::Zero { by },
            count => Usage::Seen { count: Some(count), by },
        }
    }

    /// What is known about containers on an instance.
    pub(super) fn containers(&self, instance: &Instance, used: Option<&Used<'_>>) -> ContainerEvidence {
        let mut signs = tag_signs(&instance.tags);
        if let Some(host) = self.containers.get(instance.id.as_str()) {
            signs.extend(ecs_signs(host.blocks_awsvpc, &host.network_modes));
        }
        let version = used.and_then(|used| used.version);
        let found = evidence(signs, version.and_then(|version| version.user_data.as_ref()));
        if !matches!(&found, ContainerEvidence::Found(signs) if signs.is_empty()) {
            return found;
        }
        let before = ["ecs:ListClusters", "ecs:ListContainerInstances"];
        match (self.region.gap_through("ecs:DescribeContainerInstances", &before), version) {
            (Some(gap), _) => ContainerEvidence::NotLooked(gap.into()),
            (None, None) => {
                ContainerEvidence::NotLooked("its user data was not read, and no tag speaks of them".into())
            }
            (None, Some(_)) => found,
        }
    }
}

/// What is known about containers on what is started from a version of a template.
pub(super) fn containers_of_version(tags: &Tags, version: Option<&TemplateVersion>) -> ContainerEvidence {
    let signs = tag_signs(tags);
    match version {
        Some(version) => evidence(signs, version.user_data.as_ref()),
        None if signs.is_empty() => ContainerEvidence::NotLooked("the template was not read".into()),
        None => evidence(signs, None),
    }
}

fn evidence(mut signs: Vec<Sign>, user_data: Option<&UserData>) -> ContainerEvidence {
    if let Some(user_data) = user_data {
        signs.extend(user_data.signs.iter().cloned());
        if user_data.ecs_blocks_awsvpc {
            signs.retain(|sign| sign.containers != Containers::Ecs);
            signs.push(Sign { containers: Containers::EcsBlocked, seen_in: "the user data".into() });
        }
    }
    ContainerEvidence::Found(signs)
}

fn tag_signs(tags: &Tags) -> Vec<Sign> {
    let found = tags.iter().find_map(|(key, _)| {
        let kubernetes = key == "eks:cluster-name"
            || key.starts_with("kubernetes.io/cluster/")
            || key.starts_with("k8s.io/")
            || key.starts_with("karpenter.")
            || key.starts_with("alpha.eksctl.io/");
        if kubernetes {
            return Some((Containers::Kubernetes, key));
        }
        key.to_ascii_lowercase().contains("ecsmanaged").then_some((Containers::Ecs, key))
    });
    let sign =
        |(containers, key): (Containers, &str)| Sign { containers, seen_in: format!("the tag {key}").into() };
    found.map(sign).into_iter().collect()
}

fn ecs_signs(blocks: Option<bool>, modes: &[onehop_inventory::Word]) -> Vec<Sign> {
    let blocked = blocks == Some(true);
    let mut kinds: Vec<Containers> = modes
        .iter()
        .filter_map(|mode| match mode.as_str() {
            "bridge" | "default" => Some(Containers::EcsBridge),
            "awsvpc" if blocked => Some(Containers::EcsBlocked),
            "awsvpc" => Some(Containers::EcsAwsvpc),
            "host" => Some(Containers::HostNetwork),
            _ => None,
        })
        .collect();
    if kinds.is_empty() {
        kinds.push(if blocked { Containers::EcsBlocked } else { Containers::Ecs });
    }
    kinds.dedup();
    kinds.into_iter().map(|containers| Sign { containers, seen_in: "its ECS cluster".into() }).collect()
}

/// The window of a metric in words, e.g. `over 14 days`.
pub(super) fn over(metric: &Metric) -> String {
    let hours = metric.window_seconds / 3_600;
    match hours {
        48.. => format!("over {} days", hours / 24),
        1 => "over 1 hour".to_owned(),
        hours => format!("over {hours} hours"),
    }
}

/// How much of its window a metric has data for, where that is not nearly all of it.
fn covered(metric: &Metric) -> String {
    let covered = metric.points.saturating_mul(metric.period_seconds).saturating_mul(100);
    match covered.checked_div(metric.window_seconds) {
        Some(percent @ 0..90) => format!(", with data for {percent} % of it"),
        _ => String::new(),
    }
}

/// A sum of a metric as a whole number; what is above zero is at least one.
pub(super) fn whole(sum: f64) -> u64 {
    if sum.is_nan() || sum <= 0.0 {
        return 0;
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "it is above zero, and a cast from a float saturates"
    )]
    let whole = sum.ceil() as u64;
    whole
}
