//! What to read, and being told how far it is.

use crate::error::CallError;
use std::collections::BTreeSet;
use std::time::Duration;

/// What to read.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Regions; all that are enabled if empty.
    pub regions: Vec<String>,
    /// Accounts.
    pub accounts: Accounts,
    /// What to look at. Default: everything.
    pub topics: BTreeSet<Topic>,
    /// How far metrics look back; not read if `None`. Default 14 days.
    pub window: Option<Duration>,
    /// How many regions are read at once, over all accounts. Default 16.
    pub parallel: usize,
    /// Instances in a page, 5 to 1000. Default 1000.
    pub page_size: u32,
}

/// Which accounts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Accounts {
    /// That of the credentials.
    #[default]
    Own,
    /// These, through a role of this name in each. The own one is read without it.
    Listed {
        /// Twelve digits each.
        ids: Vec<String>,
        /// The name of the role, with its path if it has one.
        role: String,
        /// What the trust of the role may ask for.
        external_id: Option<String>,
    },
    /// All active ones of the organization, through a role of this name in each.
    Organization {
        /// The name of the role, with its path if it has one.
        role: String,
        /// What the trust of the role may ask for.
        external_id: Option<String>,
    },
}

/// A part of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Topic {
    /// Instances.
    Instances,
    /// Defaults of the account.
    Defaults,
    /// Launch templates, groups and launch configurations.
    Templates,
    /// Images.
    Images,
    /// Security groups and load balancers.
    Network,
    /// Roles.
    Roles,
    /// Node groups of EKS.
    Eks,
    /// Container instances of ECS.
    Ecs,
    /// Elastic Beanstalk.
    Beanstalk,
    /// `SageMaker`.
    SageMaker,
    /// EMR.
    Emr,
    /// Lightsail.
    Lightsail,
    /// Image Builder.
    ImageBuilder,
    /// Fleets of EC2, of either kind.
    Fleets,
    /// Batch.
    Batch,
    /// `AppStream`.
    AppStream,
}

impl Topic {
    /// All of them.
    pub const ALL: [Topic; 16] = [
        Topic::Instances,
        Topic::Defaults,
        Topic::Templates,
        Topic::Images,
        Topic::Network,
        Topic::Roles,
        Topic::Eks,
        Topic::Ecs,
        Topic::Beanstalk,
        Topic::SageMaker,
        Topic::Emr,
        Topic::Lightsail,
        Topic::ImageBuilder,
        Topic::Fleets,
        Topic::Batch,
        Topic::AppStream,
    ];

    /// A stable name, e.g. `image-builder`.
    pub const fn name(self) -> &'static str {
        match self {
            Topic::Instances => "instances",
            Topic::Defaults => "defaults",
            Topic::Templates => "templates",
            Topic::Images => "images",
            Topic::Network => "network",
            Topic::Roles => "roles",
            Topic::Eks => "eks",
            Topic::Ecs => "ecs",
            Topic::Beanstalk => "beanstalk",
            Topic::SageMaker => "sagemaker",
            Topic::Emr => "emr",
            Topic::Lightsail => "lightsail",
            Topic::ImageBuilder => "image-builder",
            Topic::Fleets => "fleets",
            Topic::Batch => "batch",
            Topic::AppStream => "app-stream",
        }
    }
}

impl Default for Plan {
    fn default() -> Self {
        Plan {
            regions: Vec::new(),
            accounts: Accounts::Own,
            topics: Topic::ALL.into(),
            window: Some(Duration::from_secs(14 * 24 * 3600)),
            parallel: 16,
            page_size: 1000,
        }
    }
}

/// What happened on the way.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Event<'e> {
    /// An account is entered, with so many regions.
    Account {
        /// Its id.
        account: &'e str,
        /// How many regions will be read.
        regions: usize,
    },
    /// More was read.
    Read {
        /// The account.
        account: &'e str,
        /// The region.
        region: &'e str,
        /// The operation, as IAM names it.
        operation: &'e str,
        /// How many things there are by now.
        items: u64,
    },
    /// A call failed for good.
    Failed {
        /// The account.
        account: &'e str,
        /// Why, and where.
        error: &'e CallError,
    },
    /// A region is done.
    Region {
        /// The account.
        account: &'e str,
        /// The region.
        region: &'e str,
    },
}

/// Is told how far it is. Called from several threads.
pub trait Progress: Send + Sync {
    /// Something happened.
    fn tell(&self, event: Event<'_>);
}

/// Tells nobody.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoProgress;

impl Progress for NoProgress {
    fn tell(&self, _: Event<'_>) {}
}
