//! The file that says what a pretended organization has. YAML or JSON; unknown keys are errors.
//!
//! ```yaml
//! access_key_id: AKIDEXAMPLE          # the keys of the first account; made up
//! secret_access_key: not-a-real-key
//! verify_signatures: true             # default: only the shape of the header is looked at
//! page_size: 5                        # things in a page at most, whatever is asked for
//! pending_polls: 2                    # how often a changed instance is seen as `pending` before it is `applied`
//! latency_milliseconds: 0
//! throttle: { every: 10 }             # each tenth call of a service; or { per_second: 50, burst: 100 }
//! failures:
//!   - { operation: "ec2:DescribeInstances", region: eu-west-1, code: UnauthorizedOperation }
//!   - { operation: "ec2:ModifyInstanceMetadataOptions", code: InternalError, status: 500, times: 1 }
//! accounts:
//!   - id: "111122223333"
//!     name: main
//!     roles: [OnehopAudit]            # what other accounts may assume
//!     regions:
//!       eu-west-1:
//!         metadata_defaults: { http_tokens: required, http_tokens_enforced: enabled, managed_by: declarative-policy }
//!         images: [{ id: ami-1, imds_support: v2.0 }]
//!         launch_templates:
//!           - { id: lt-1, name: web, default_version: 1,
//!               versions: [{ image_id: ami-1, metadata_options: { http_tokens: optional } }] }
//!         auto_scaling_groups: [{ name: web, launch_template: { id: lt-1, version: $Latest }, members: 3 }]
//!         instances:
//!           - { id: i-1, image_id: ami-1, v1_calls: [12, 0], tags: { Name: web } }
//!           - { count: 100000, image_id: ami-1, optional_percent: 30, v1_percent: 5, no_data_percent: 1 }
//! ```
//!
//! What an instance says under `metadata_options` is what its launch said; the rest is resolved from its template, the
//! account defaults (unless `before_defaults`) and its image when the file is read.

use serde::Deserialize;
use std::collections::BTreeMap;

macro_rules! parts {
    ($($(#[doc = $doc:literal])+ pub struct $name:ident { $($(#[doc = $about:literal])+ $field:ident: $kind:ty,)+ })+) => {
        $($(#[doc = $doc])+
        #[derive(Clone, Debug, Default, PartialEq, Deserialize)]
        #[serde(default, deny_unknown_fields)]
        pub struct $name { $($(#[doc = $about])+ pub $field: $kind,)+ })+
    };
}

type Tags = BTreeMap<String, String>;

parts! {
    /// The whole file.
    pub struct Scenario {
        /// The key of the first account; `AKIDEXAMPLE` if left out.
        access_key_id: Option<String>,
        /// Its secret; `not-a-real-key` if left out.
        secret_access_key: Option<String>,
        /// Whether signatures are computed and compared.
        verify_signatures: bool,
        /// Things in a page at most.
        page_size: Option<usize>,
        /// How often a changed instance is seen as `pending`.
        pending_polls: u32,
        /// How long every answer takes.
        latency_milliseconds: u64,
        /// How calls are throttled.
        throttle: Option<Throttle>,
        /// Calls that fail.
        failures: Vec<InjectedFailure>,
        /// Policies of the organization.
        policies: Vec<OrgPolicy>,
        /// Units of the organization (`ou-…`), each with the unit that it is in; the root `r-fake` if that is empty.
        units: BTreeMap<String, String>,
        /// The accounts; the first is the management account.
        accounts: Vec<Account>,
    }

    /// How calls of one service in one region are throttled.
    pub struct Throttle {
        /// Each call of this number is refused.
        every: Option<u64>,
        /// So many calls in a second.
        per_second: Option<f64>,
        /// So many at once.
        burst: Option<f64>,
    }

    /// A call that fails.
    pub struct InjectedFailure {
        /// Only in this account.
        account: Option<String>,
        /// Only in this region.
        region: Option<String>,
        /// As IAM names it, e.g. `ec2:DescribeInstances`.
        operation: String,
        /// The code of the error. `html` is a page of HTML, as from an emulator that lacks the operation; `drop` closes the
        /// connection.
        code: String,
        /// What the error says.
        message: Option<String>,
        /// The HTTP status; 403 if left out.
        status: Option<u16>,
        /// How many calls pass before the first that fails.
        after: u64,
        /// How many fail; all if left out.
        times: Option<u64>,
    }

    /// A policy of the organization.
    pub struct OrgPolicy {
        /// `p-…`.
        id: String,
        /// Its name.
        name: String,
        /// `SERVICE_CONTROL_POLICY` or `DECLARATIVE_POLICY_EC2`.
        kind: String,
        /// JSON.
        content: String,
        /// What it is attached to: accounts, units, or the root, which is meant if it is left out.
        targets: Vec<String>,
    }

    /// An account.
    pub struct Account {
        /// Twelve digits.
        id: String,
        /// Its name.
        name: String,
        /// `ACTIVE` if left out.
        status: Option<String>,
        /// The unit that it is in; the root if left out.
        unit: Option<String>,
        /// Roles that other accounts may assume.
        roles: Vec<String>,
        /// What trusts of these roles ask for.
        external_id: Option<String>,
        /// Roles of instances.
        iam_roles: Vec<IamRole>,
        /// Managed policies by name: a name with `AWS` before a slash is of AWS, e.g. `aws/AdministratorAccess`.
        iam_policies: BTreeMap<String, serde_json::Value>,
        /// The regions that are enabled.
        regions: BTreeMap<String, Region>,
    }

    /// A role.
    pub struct IamRole {
        /// Its name, which is also that of its instance profile.
        name: String,
        /// Names of `iam_policies`.
        attached: Vec<String>,
        /// Own policies.
        inline: Vec<serde_json::Value>,
    }

    /// A region of an account.
    pub struct Region {
        /// Defaults of the account.
        metadata_defaults: Defaults,
        /// Images that can be described.
        images: Vec<Image>,
        /// Launch templates.
        launch_templates: Vec<LaunchTemplate>,
        /// Launch configurations.
        launch_configurations: Vec<LaunchConfiguration>,
        /// Auto Scaling groups.
        auto_scaling_groups: Vec<Group>,
        /// Instances.
        instances: Vec<Instances>,
        /// Security groups.
        security_groups: Vec<SecurityGroup>,
        /// EKS clusters by name.
        eks: BTreeMap<String, Vec<NodeGroup>>,
        /// ECS clusters by name, with the ids of their instances.
        ecs: BTreeMap<String, Vec<String>>,
        /// Tasks of ECS.
        ecs_tasks: Vec<EcsTask>,
        /// Elastic Beanstalk environments.
        environments: Vec<Environment>,
        /// `SageMaker` notebooks.
        notebooks: Vec<Notebook>,
        /// EMR security configurations: name and JSON.
        emr: BTreeMap<String, serde_json::Value>,
        /// EMR clusters.
        emr_clusters: Vec<EmrCluster>,
        /// Fleets of EC2.
        fleets: Vec<Fleet>,
        /// Fleets of the older Spot calls.
        spot_fleets: Vec<SpotFleet>,
        /// Compute environments of Batch.
        batch: Vec<ComputeEnvironment>,
        /// Fleets and builders of `AppStream`.
        streams: Vec<Stream>,
        /// Lightsail instances.
        lightsail: Vec<Lightsail>,
        /// Image Builder infrastructure configurations.
        builds: Vec<Build>,
        /// Load balancers, each with one group of targets.
        load_balancers: Vec<LoadBalancer>,
        /// Parameters of Systems Manager.
        parameters: BTreeMap<String, String>,
    }

    /// Metadata options. What is left out is not said.
    pub struct Options {
        /// `optional` or `required`.
        http_tokens: Option<String>,
        /// `enabled` or `disabled`.
        http_endpoint: Option<String>,
        /// 1 to 64.
        http_put_response_hop_limit: Option<i64>,
        /// `enabled` or `disabled`.
        http_protocol_ipv6: Option<String>,
        /// `enabled` or `disabled`.
        instance_metadata_tags: Option<String>,
    }

    /// Defaults of an account in a region. What is left out is no preference.
    pub struct Defaults {
        /// `optional` or `required`.
        http_tokens: Option<String>,
        /// `enabled` or `disabled`.
        http_endpoint: Option<String>,
        /// 1 to 64.
        http_put_response_hop_limit: Option<i64>,
        /// `enabled` or `disabled`.
        instance_metadata_tags: Option<String>,
        /// `enabled` or `disabled`.
        http_tokens_enforced: Option<String>,
        /// `declarative-policy`, or `account` if left out.
        managed_by: Option<String>,
        /// What the policy tells people who try to change it.
        managed_exception_message: Option<String>,
    }

    /// An image.
    pub struct Image {
        /// `ami-…`.
        id: String,
        /// Its name.
        name: String,
        /// The account that owns it; this one if left out.
        owner: Option<String>,
        /// `v2.0` or nothing.
        imds_support: Option<String>,
    }

    /// A launch template.
    pub struct LaunchTemplate {
        /// `lt-…`.
        id: String,
        /// Its name.
        name: String,
        /// 1 if left out.
        default_version: Option<u64>,
        /// The first is number 1.
        versions: Vec<TemplateData>,
        /// The service that manages it.
        operator: Option<String>,
        /// Its tags.
        tags: Tags,
    }

    /// What a version of a template says.
    pub struct TemplateData {
        /// `ami-…`.
        image_id: Option<String>,
        /// E.g. `m7g.large`.
        instance_type: Option<String>,
        /// The name of an instance profile.
        instance_profile: Option<String>,
        /// As people write it, not Base64.
        user_data: Option<String>,
        /// `sg-…`.
        security_groups: Vec<String>,
        /// What it says about the metadata service.
        metadata_options: Options,
        /// What people wrote about the version.
        description: Option<String>,
    }

    /// A launch configuration.
    pub struct LaunchConfiguration {
        /// Its name.
        name: String,
        /// `ami-…`.
        image_id: String,
        /// The name of an instance profile.
        instance_profile: Option<String>,
        /// As people write it, not Base64.
        user_data: Option<String>,
        /// What it says about the metadata service.
        metadata_options: Options,
    }

    /// Which version of which template.
    pub struct TemplateReference {
        /// `lt-…`.
        id: Option<String>,
        /// Its name.
        name: Option<String>,
        /// A number, `$Latest`, `$Default`; the default if left out.
        version: Option<String>,
    }

    /// An Auto Scaling group.
    pub struct Group {
        /// Its name.
        name: String,
        /// A launch configuration.
        launch_configuration: Option<String>,
        /// A template.
        launch_template: Option<TemplateReference>,
        /// The template of a mixed instances policy.
        mixed_template: Option<TemplateReference>,
        /// Templates of its overrides.
        overrides: Vec<TemplateReference>,
        /// How many instances are started for it when the file is read.
        members: u64,
        /// Its tags.
        tags: Tags,
    }

    /// An instance, or many that are alike.
    pub struct Instances {
        /// `i-…`; made up if left out.
        id: Option<String>,
        /// So many, made when they are asked for; one if left out.
        count: Option<u64>,
        /// `running` if left out.
        state: Option<String>,
        /// `ami-…`.
        image_id: Option<String>,
        /// `m7g.large` if left out.
        instance_type: Option<String>,
        /// What it was started from.
        launch_template: Option<TemplateReference>,
        /// What its launch said.
        metadata_options: Options,
        /// It was started before the account had defaults.
        before_defaults: bool,
        /// The name of an instance profile.
        instance_profile: Option<String>,
        /// A public IPv4 address.
        public_ip: Option<String>,
        /// Has an IPv6 address.
        ipv6: bool,
        /// `sg-…`.
        security_groups: Vec<String>,
        /// The service that manages it, e.g. `eks.amazonaws.com`.
        operator: Option<String>,
        /// Requests without a token, the newest hour first; no data if left out.
        v1_calls: Option<Vec<f64>>,
        /// Of many: how many allow IMDSv1, in percent.
        optional_percent: Option<u64>,
        /// Of many: how many have requests without a token.
        v1_percent: Option<u64>,
        /// Of many: how many have no metrics.
        no_data_percent: Option<u64>,
        /// Its tags.
        tags: Tags,
    }

    /// A security group.
    pub struct SecurityGroup {
        /// `sg-…`.
        id: String,
        /// Its name.
        name: String,
        /// What it lets in.
        allow: Vec<Allow>,
    }

    /// What a security group lets in.
    pub struct Allow {
        /// `tcp`, `udp`, or `-1` for all.
        protocol: String,
        /// The first port.
        from: Option<i64>,
        /// The last port.
        to: Option<i64>,
        /// From where, e.g. `0.0.0.0/0`.
        network: String,
    }

    /// A load balancer.
    pub struct LoadBalancer {
        /// Its name.
        name: String,
        /// Whether it is not reached from the internet.
        internal: bool,
        /// Ids of instances.
        targets: Vec<String>,
    }

    /// A node group of EKS.
    pub struct NodeGroup {
        /// Its name.
        name: String,
        /// E.g. `AL2023_x86_64_STANDARD`.
        ami_type: Option<String>,
        /// Its own template.
        launch_template: Option<TemplateReference>,
        /// The groups behind it.
        auto_scaling_groups: Vec<String>,
        /// Its tags.
        tags: Tags,
    }

    /// An environment of Elastic Beanstalk.
    pub struct Environment {
        /// Its application.
        application: String,
        /// Its name.
        name: String,
        /// Its platform.
        platform: String,
        /// `true`, `false` or left out.
        disable_imdsv1: Option<String>,
        /// The name of an instance profile.
        instance_profile: Option<String>,
    }

    /// A notebook of `SageMaker`.
    pub struct Notebook {
        /// Its name.
        name: String,
        /// `1`, `2` or left out.
        minimum_version: Option<String>,
        /// The name of its role.
        role: String,
    }

    /// A task of ECS.
    pub struct EcsTask {
        /// The name of its cluster.
        cluster: String,
        /// Where it runs; on Fargate if left out.
        instance: Option<String>,
        /// What its definition says: `bridge`, `host`, `awsvpc`, `none`, or nothing.
        network_mode: Option<String>,
    }

    /// A cluster of EMR.
    pub struct EmrCluster {
        /// `j-…`.
        id: String,
        /// Its name.
        name: String,
        /// `WAITING` if left out.
        state: Option<String>,
        /// E.g. `emr-7.1.0`.
        release: Option<String>,
        /// One of `emr`.
        security_configuration: Option<String>,
        /// Its tags.
        tags: Tags,
    }

    /// A fleet of EC2.
    pub struct Fleet {
        /// `fleet-…`.
        id: String,
        /// `active` if left out.
        state: Option<String>,
        /// `maintain` if left out. One that is `instant` is told by its id alone.
        kind: Option<String>,
        /// Templates that it names.
        templates: Vec<TemplateReference>,
        /// Its tags.
        tags: Tags,
    }

    /// A fleet of the older Spot calls.
    pub struct SpotFleet {
        /// `sfr-…`.
        id: String,
        /// `active` if left out.
        state: Option<String>,
        /// Templates that it names.
        templates: Vec<TemplateReference>,
        /// Images of launch specifications, which name no template.
        specifications: Vec<String>,
    }

    /// A compute environment of Batch.
    pub struct ComputeEnvironment {
        /// Its name.
        name: String,
        /// `EC2` if left out.
        kind: Option<String>,
        /// Its template.
        launch_template: Option<TemplateReference>,
        /// Templates for some types of instances.
        overrides: Vec<TemplateReference>,
        /// Its tags.
        tags: Tags,
    }

    /// Something of `AppStream`.
    pub struct Stream {
        /// `fleet`, `image-builder` or `app-block-builder`.
        kind: String,
        /// Its name.
        name: String,
        /// Whether IMDSv1 is off.
        disable_imdsv1: Option<bool>,
    }

    /// An instance of Lightsail.
    pub struct Lightsail {
        /// Its name.
        name: String,
        /// A public IPv4 address.
        public_ip: Option<String>,
        /// The values in effect.
        metadata_options: Options,
    }

    /// An infrastructure configuration of Image Builder.
    pub struct Build {
        /// Its name.
        name: String,
        /// The name of an instance profile.
        instance_profile: String,
        /// What it says about the metadata service.
        metadata_options: Options,
    }
}

/// What is wrong with a scenario.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ScenarioError {
    /// It cannot be read.
    #[error("the scenario cannot be read: {0}")]
    Unreadable(String),
    /// It has no account.
    #[error("the scenario has no account")]
    NoAccount,
    /// Two things have one name.
    #[error("{kind} `{name}` is there twice")]
    Twice {
        /// What it is.
        kind: &'static str,
        /// Its name.
        name: String,
    },
    /// Something names what is not there.
    #[error("`{by}` names `{missing}`, which is not there")]
    Missing {
        /// What names it.
        by: String,
        /// What is missing.
        missing: String,
    },
    /// A bound is passed.
    #[error("{0}")]
    Bound(&'static str),
}

impl Scenario {
    /// The largest file that is read.
    pub const BYTES_MAX: usize = 16 << 20;

    /// Reads YAML or JSON.
    ///
    /// # Errors
    /// It is neither, has an unknown key, or too large.
    pub fn parse(text: &str) -> Result<Scenario, ScenarioError> {
        if text.len() > Scenario::BYTES_MAX {
            return Err(ScenarioError::Bound("the scenario has more than 16 MiB"));
        }
        let unreadable =
            |words: String| ScenarioError::Unreadable(words.lines().next().unwrap_or("no reason").to_owned());
        let scenario: Scenario = if text.trim_start().starts_with('{') {
            serde_json::from_str(text).map_err(|error| unreadable(error.to_string()))?
        } else {
            serde_saphyr::from_str(text).map_err(|error| unreadable(error.to_string()))?
        };
        if scenario.accounts.is_empty() {
            return Err(ScenarioError::NoAccount);
        }
        Ok(scenario)
    }

    /// The key that requests are signed with.
    pub fn access_key_id(&self) -> &str {
        self.access_key_id.as_deref().unwrap_or("AKIDEXAMPLE")
    }

    /// Its secret, made up.
    pub fn secret_access_key(&self) -> &str {
        self.secret_access_key.as_deref().unwrap_or("not-a-real-key")
    }
}
