//! `SERVICE-V1`.

use super::{Entry, Sample};
use onehop_report::{Rule, Severity};

const EXAMPLE: &str = r#"resource "aws_sagemaker_notebook_instance" "lab" {
  name          = "lab"
  instance_type = "ml.t3.medium"
  role_arn      = "arn:aws:iam::111122223333:role/lab"
}
"#;

/// A service or tool with a switch of its own allows IMDSv1.
pub static SERVICE_V1: Rule = Rule {
    id: "SERVICE-V1",
    title: "a service or tool with a switch of its own allows IMDSv1",
    severity: Severity::High,
    what: "Notebooks of SageMaker, security configurations of EMR, environments of Elastic \
          Beanstalk, fleets and builders of AppStream, node classes of Karpenter, node groups of \
          eksctl, clusters of ParallelCluster and builders of Packer whose own switch allows \
          IMDSv1, or is left out where leaving it out does.",
    why: "The instances behind them are instances as all others. Packer asks for `optional` \
          aloud where nothing is written: that beats the default of the account, and fails \
          where tokens are enforced.",
    example: EXAMPLE,
    instead: "Set the switch that the message names: version `2`, `DisableIMDSv1 = true`, \
          `httpTokens: required`, `disableIMDSv1: true`, `ImdsSupport: v2.0`, `http_tokens = \
          \"required\"`.",
    false_positives: "None known.",
    references: &[
        "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-options.html",
        "https://docs.aws.amazon.com/sagemaker/latest/dg/nbi-imds.html",
        "https://docs.aws.amazon.com/parallelcluster/latest/ug/Imds-cluster-v3.html",
    ],
    tags: &["T1552.005", "CWE-918", "CWE-1188"],
    docs_url: None,
};

/// The rule with code that breaks it and code that does not.
pub(super) static ENTRY: Entry = Entry {
    rule: &SERVICE_V1,
    found: &[
        Sample { about: "a notebook that says nothing", files: &[("main.tf", EXAMPLE)] },
        Sample {
            about: "an environment",
            files: &[(
                "main.tf",
                r#"resource "aws_elastic_beanstalk_environment" "app" {
  name        = "app"
  application = "app"
  setting {
    namespace = "aws:autoscaling:launchconfiguration"
    name      = "DisableIMDSv1"
    value     = "false"
  }
}
"#,
            )],
        },
        Sample {
            about: "a node class",
            files: &[(
                "nodes.yaml",
                r"apiVersion: karpenter.k8s.aws/v1
kind: EC2NodeClass
metadata:
  name: default
spec:
  metadataOptions:
    httpTokens: optional
",
            )],
        },
    ],
    clean: &[
        Sample {
            about: "a notebook of version 2",
            files: &[(
                "main.tf",
                r#"resource "aws_sagemaker_notebook_instance" "lab" {
  name = "lab"
  instance_metadata_service_configuration {
    minimum_instance_metadata_service_version = "2"
  }
}
"#,
            )],
        },
        Sample {
            about: "a node class that says nothing",
            files: &[(
                "nodes.yaml",
                r"apiVersion: karpenter.k8s.aws/v1
kind: EC2NodeClass
metadata:
  name: default
spec:
  role: nodes
",
            )],
        },
    ],
};
