//! Which files of JSON and YAML are worth reading: those that name something that is judged.

use aho_corasick::AhoCorasick;
use std::sync::LazyLock;

/// Words without which a document says nothing about metadata options.
const MARKERS: [&str; 24] = [
    "AWS::",
    "karpenter",
    "eksctl.io/",
    "ImdsSupport",
    "SlurmQueues",
    "ec2_",
    "autoscaling_group",
    "autoscaling_launch_config",
    "eks_nodegroup",
    "aws-native:",
    "aws:autoscaling",
    "aws:batch",
    "aws:ec2",
    "aws:ecs",
    "aws:eks",
    "aws:elasticbeanstalk",
    "aws:emr",
    "aws:imagebuilder",
    "aws:sagemaker",
    "builders",
    "ec2:",
    "terraform_version",
    "community.aws",
    "ClusterConfig",
];

static WORTH: LazyLock<AhoCorasick> =
    LazyLock::new(|| AhoCorasick::new(MARKERS).expect("a few short words make an automaton"));

/// Whether a document may say something.
pub(super) fn is_worth_reading(bytes: &[u8]) -> bool {
    WORTH.is_match(bytes)
}

/// Bytes at the beginning in which a plan and a state name themselves.
const HEAD_BYTES: usize = 4 << 10;

/// Whether a file of JSON is a plan or a state of Terraform.
pub(super) fn terraform_json(bytes: &[u8]) -> Option<TerraformJson> {
    let head = &bytes[..bytes.len().min(HEAD_BYTES)];
    let has = |word: &str| memchr::memmem::find(head, word.as_bytes()).is_some();
    if !has("\"terraform_version\"") {
        None
    } else if has("\"format_version\"") {
        Some(TerraformJson::Plan)
    } else if has("\"version\"") {
        Some(TerraformJson::State)
    } else {
        None
    }
}

/// What Terraform writes as JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TerraformJson {
    /// `terraform show -json` of a plan.
    Plan,
    /// A state.
    State,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_that_is_judged_is_worth_reading() {
        let kinds: Vec<&str> = crate::iac::kinds::of_documents().collect();
        assert!(kinds.len() > 30);
        for kind in kinds {
            assert!(is_worth_reading(kind.as_bytes()), "{kind}");
        }
        assert!(!is_worth_reading(b"kind: Deployment"));
    }
}
