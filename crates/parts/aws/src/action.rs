//! Every operation that is called, in one table. Policies are made from it, so that they cannot ask for more or less.

use crate::service::Service;
use std::fmt;

/// What an operation is called for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Purpose {
    /// Reads the account that the credentials are of.
    Scan,
    /// Reads the organization, and goes into its accounts.
    Organization,
    /// Changes instances, templates, groups and images.
    Apply,
    /// Has the organization report on the defaults of all its accounts.
    Report,
    /// Changes what the whole account defaults to.
    Enforce,
}

macro_rules! actions {
    ($($service:ident, $prefix:literal: $($name:ident $purpose:ident),+ $(,)?;)+) => {
        /// An operation of a service.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Action { $($(
            #[doc = concat!("`", $prefix, ":", stringify!($name), "`")]
            $name,
        )+)+ }

        impl Action {
            /// All of them, by service.
            pub const ALL: &'static [Action] = &[$($(Action::$name,)+)+];

            const fn own_name(self) -> &'static str {
                match self { $($(Action::$name => stringify!($name),)+)+ }
            }

            const fn own_permission(self) -> &'static str {
                match self { $($(Action::$name => concat!($prefix, ":", stringify!($name)),)+)+ }
            }

            /// The service that it is of.
            pub const fn service(self) -> Service {
                match self { $($(Action::$name => Service::$service,)+)+ }
            }

            /// What it is called for.
            pub const fn purpose(self) -> Purpose {
                match self { $($(Action::$name => Purpose::$purpose,)+)+ }
            }
        }
    };
}

actions! {
    Ec2, "ec2":
        DescribeRegions Scan, DescribeInstances Scan, DescribeLaunchTemplates Scan,
        DescribeLaunchTemplateVersions Scan, DescribeImages Scan, GetInstanceMetadataDefaults Scan,
        DescribeSecurityGroups Scan, DescribeFleets Scan, DescribeSpotFleetRequests Scan,
        StartDeclarativePoliciesReport Report, DescribeDeclarativePoliciesReports Report,
        GetDeclarativePoliciesReportSummary Report,
        ModifyInstanceMetadataOptions Apply, CreateLaunchTemplateVersion Apply, ModifyLaunchTemplate Apply,
        ModifyImageAttribute Apply, ModifyInstanceMetadataDefaults Enforce;
    AutoScaling, "autoscaling":
        DescribeAutoScalingGroups Scan, DescribeLaunchConfigurations Scan, DescribeInstanceRefreshes Apply,
        UpdateAutoScalingGroup Apply, StartInstanceRefresh Apply;
    Sts, "sts": GetCallerIdentity Scan, AssumeRole Organization;
    CloudWatch, "cloudwatch": GetMetricData Scan;
    Iam, "iam": GetAccountAuthorizationDetails Scan;
    Organizations, "organizations":
        ListAccounts Organization, ListPolicies Organization, DescribePolicy Organization,
        ListTargetsForPolicy Organization, ListParents Organization, ListRoots Report, DescribeEffectivePolicy Scan;
    Beanstalk, "elasticbeanstalk": DescribeEnvironments Scan, DescribeConfigurationSettings Scan;
    SageMaker, "sagemaker": ListNotebookInstances Scan, DescribeNotebookInstance Scan;
    Emr, "elasticmapreduce":
        ListSecurityConfigurations Scan, DescribeSecurityConfiguration Scan, ListEmrClusters Scan, DescribeCluster Scan;
    Lightsail, "lightsail": GetInstances Scan;
    Eks, "eks": ListClusters Scan, ListNodegroups Scan, DescribeNodegroup Scan;
    Ecs, "ecs":
        ListEcsClusters Scan, ListContainerInstances Scan, DescribeContainerInstances Scan, ListTasks Scan,
        DescribeTasks Scan, DescribeTaskDefinition Scan;
    AppStream, "appstream": DescribeStreamFleets Scan, DescribeImageBuilders Scan, DescribeAppBlockBuilders Scan;
    Batch, "batch": DescribeComputeEnvironments Scan;
    ImageBuilder, "imagebuilder": ListInfrastructureConfigurations Scan, GetInfrastructureConfiguration Scan;
    LoadBalancing, "elasticloadbalancing": DescribeLoadBalancers Scan, DescribeTargetGroups Scan, DescribeTargetHealth Scan;
    Ssm, "ssm": GetParameters Scan;
}

impl Action {
    /// Its name on the wire, e.g. `DescribeInstances`. Three services have a `ListClusters`, two a `DescribeFleets`.
    pub const fn name(self) -> &'static str {
        match self {
            Action::ListEcsClusters | Action::ListEmrClusters => "ListClusters",
            Action::DescribeStreamFleets => "DescribeFleets",
            _ => self.own_name(),
        }
    }

    /// Its name in IAM, e.g. `ec2:DescribeInstances`.
    pub const fn permission(self) -> &'static str {
        match self {
            Action::ListEcsClusters => "ecs:ListClusters",
            Action::ListEmrClusters => "elasticmapreduce:ListClusters",
            Action::DescribeStreamFleets => "appstream:DescribeFleets",
            _ => self.own_permission(),
        }
    }

    /// The operation of a service by its name on the wire.
    pub fn of(service: Service, name: &str) -> Option<Action> {
        Action::ALL.iter().copied().find(|action| action.service() == service && action.name() == name)
    }

    /// Whether doing it twice is the same as doing it once, so that a lost answer may be asked for again.
    pub const fn is_idempotent(self) -> bool {
        !matches!(self, Action::StartInstanceRefresh | Action::StartDeclarativePoliciesReport)
    }
}

impl fmt::Display for Action {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(self.permission())
    }
}
