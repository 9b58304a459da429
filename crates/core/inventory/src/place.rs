//! Accounts, regions, and what surrounds instances there.

use crate::calls::{self, Call};
use crate::instance::Instance;
use crate::launch::{Group, Image, LaunchConfiguration, LaunchTemplate};
use crate::record::record;
use crate::services::{
    BuildConfiguration, Consumer, ContainerInstance, EmrCluster, EmrConfiguration, Environment,
    LightsailInstance, NodeGroup, Notebook, Stream,
};
use crate::tags::Tags;
use crate::trail::TrailLogs;
use crate::word::Word;
use onehop_posture::policy::Control;
use onehop_posture::{Field, HopLimit, Options, RolePower, Setting, Switch, Tokens};

record! {
    /// Everything that was read.
    pub struct Snapshot {
        /// When, by whom, and what was asked for.
        pub header: Header,
        /// The accounts.
        pub accounts: Vec<Account>,
    }
}

record! {
    /// When, by whom, and what was asked for.
    pub struct Header {
        /// RFC 3339.
        pub taken_at: String,
        /// Program and version.
        pub tool: String,
        /// `sts:GetCallerIdentity`, the ARN.
        pub caller: Option<String>,
        /// Where calls went, if not to AWS.
        pub endpoint: Option<String>,
        /// Regions that were asked for by name; none is all.
        pub regions: Vec<String>,
        /// Length of the window of metrics in seconds; 0 if they were not read.
        pub window_seconds: u64,
        /// Logs of CloudTrail that were read beside the accounts; none if none were given.
        pub trail: Option<TrailLogs>,
    }
}

record! {
    /// An account.
    pub struct Account {
        /// Twelve digits.
        pub id: String,
        /// Its name in the organization.
        pub name: Option<String>,
        /// The role that was assumed to read it.
        pub role: Option<String>,
        /// Calls that belong to no region, such as `iam:…`, `organizations:…`, `sts:AssumeRole`.
        pub calls: Vec<Call>,
        /// Roles of instances.
        pub roles: Vec<Role>,
        /// Policies of the organization that apply to it.
        pub policies: Vec<OrgPolicy>,
        /// Its regions.
        pub regions: Vec<Region>,
    }
}

record! {
    /// A role that instances have.
    pub struct Role {
        /// ARN of the role.
        pub arn: String,
        /// ARNs of the instance profiles that hold it.
        pub profiles: Vec<String>,
        /// What it may do; none if nobody asked.
        pub power: Option<RolePower>,
        /// What says so, e.g. `AdministratorAccess is attached`.
        pub because: Option<String>,
    }
}

record! {
    /// A policy of the organization, as far as it matters here.
    pub struct OrgPolicy {
        /// Its id.
        pub id: String,
        /// Its name.
        pub name: Option<String>,
        /// `SERVICE_CONTROL_POLICY` or `DECLARATIVE_POLICY_EC2`.
        pub kind: Word,
        /// What it is.
        pub controls: Vec<Control>,
    }
}

record! {
    /// One region of an account.
    pub struct Region {
        /// Its name, e.g. `eu-central-1`.
        pub name: String,
        /// Every operation that was made there, or left out.
        pub calls: Vec<Call>,
        /// `ec2:GetInstanceMetadataDefaults`; none if it was not answered.
        pub defaults: Option<AccountDefaults>,
        /// Security groups that are open to the world. Others need not be listed.
        pub security_groups: Vec<SecurityGroup>,
        /// Instances that a load balancer facing the internet sends requests to, by id.
        pub load_balanced: Vec<String>,
        /// Whether credentials were delivered by IMDSv1 or IMDSv2, from CloudTrail.
        pub deliveries: Vec<RoleDelivery>,
        /// Instances, stopped ones too.
        pub instances: Vec<Instance>,
        /// Launch templates.
        pub templates: Vec<LaunchTemplate>,
        /// Auto Scaling groups.
        pub groups: Vec<Group>,
        /// Launch configurations.
        pub configurations: Vec<LaunchConfiguration>,
        /// Images.
        pub images: Vec<Image>,
        /// Node groups of EKS.
        pub node_groups: Vec<NodeGroup>,
        /// Container instances of ECS.
        pub container_instances: Vec<ContainerInstance>,
        /// Environments of Elastic Beanstalk.
        pub environments: Vec<Environment>,
        /// Notebooks of `SageMaker`.
        pub notebooks: Vec<Notebook>,
        /// Security configurations of EMR.
        pub emr_configurations: Vec<EmrConfiguration>,
        /// Clusters of EMR.
        pub emr_clusters: Vec<EmrCluster>,
        /// Instances of Lightsail.
        pub lightsail: Vec<LightsailInstance>,
        /// Infrastructure configurations of Image Builder.
        pub builds: Vec<BuildConfiguration>,
        /// Fleets and builders of `AppStream`.
        pub streams: Vec<Stream>,
        /// Other consumers of launch templates.
        pub consumers: Vec<Consumer>,
    }
}

record! {
    /// Defaults of account and region. A field that is not there is "no preference".
    pub struct AccountDefaults {
        /// `HttpTokens`.
        pub http_tokens: Option<Word>,
        /// `HttpEndpoint`.
        pub http_endpoint: Option<Word>,
        /// `HttpPutResponseHopLimit`; -1 is "no preference".
        pub http_put_response_hop_limit: Option<i64>,
        /// `InstanceMetadataTags`.
        pub instance_metadata_tags: Option<Word>,
        /// `HttpTokensEnforced`.
        pub http_tokens_enforced: Option<Word>,
        /// `ManagedBy`: `account` or `declarative-policy`.
        pub managed_by: Option<Word>,
        /// `ManagedExceptionMessage`.
        pub exception_message: Option<String>,
    }
}

record! {
    /// A security group that is open to the world.
    pub struct SecurityGroup {
        /// Its id.
        pub id: String,
        /// Its name.
        pub name: Option<String>,
        /// What is open.
        pub open: Vec<OpenPort>,
        /// Tags that say who made it.
        pub tags: Tags,
    }
}

record! {
    /// Ports that are open to the world.
    pub struct OpenPort {
        /// `tcp`, `udp`, `-1` for all.
        pub protocol: Word,
        /// The first port.
        pub from: Option<i64>,
        /// The last port.
        pub to: Option<i64>,
        /// Who may come: `0.0.0.0/0` or `::/0`.
        pub network: Word,
    }
}

record! {
    /// How credentials of an instance were delivered, from `sessionContext.ec2RoleDelivery` of CloudTrail records.
    pub struct RoleDelivery {
        /// The instance, which is the session's name.
        pub instance_id: String,
        /// `1.0` or `2.0`.
        pub version: Word,
        /// How many records said so.
        pub records: u64,
        /// The last of them, RFC 3339.
        pub last_seen: Option<String>,
    }
}

impl Region {
    /// Why the answer of an operation is not known in full, as the rest of a sentence that begins with "because"; none if
    /// it is known.
    pub fn gap(&self, operation: &str) -> Option<String> {
        calls::gap(&self.calls, operation)
    }

    /// The same for an operation and those whose answers it builds on: where one of these has a gap, it was asked about too
    /// little. The latter need not be on record.
    pub fn gap_through(&self, operation: &str, before: &[&str]) -> Option<String> {
        let before = before.iter().find_map(|operation| {
            self.calls.iter().filter(|call| call.operation == *operation).find_map(Call::gap)
        });
        before.or_else(|| self.gap(operation))
    }

    /// What the account defaults say, and whether tokens are enforced; unknown where the call was not answered.
    pub fn defaults(&self) -> (Options, Setting<bool>) {
        if let Some(defaults) = &self.defaults {
            return (defaults.options(), defaults.enforced());
        }
        let operation = "ec2:GetInstanceMetadataDefaults";
        let reason = self.gap(operation).unwrap_or_else(|| format!("{operation} was not answered"));
        (Options::unknown(reason.clone()), Setting::unknown(reason))
    }
}

impl Account {
    /// Why the answer of an operation that belongs to no region is not known in full; none if it is known.
    pub fn gap(&self, operation: &str) -> Option<String> {
        calls::gap(&self.calls, operation)
    }
}

impl AccountDefaults {
    /// What they say. There is no default for the IPv6 endpoint.
    pub fn options(&self) -> Options {
        Options {
            tokens: Tokens::setting(self.http_tokens.as_ref().map(Word::as_str)),
            endpoint: Switch::setting(self.http_endpoint.as_ref().map(Word::as_str), Field::Endpoint),
            hop_limit: HopLimit::setting(self.http_put_response_hop_limit),
            ipv6: Setting::Unset,
            tags: Switch::setting(self.instance_metadata_tags.as_ref().map(Word::as_str), Field::Tags),
        }
    }

    /// Whether tokens are enforced.
    pub fn enforced(&self) -> Setting<bool> {
        match self.http_tokens_enforced.as_ref().map(Word::as_str) {
            None | Some("no-preference") => Setting::Unset,
            Some("enabled") => Setting::Set(true),
            Some("disabled") => Setting::Set(false),
            Some(_) => Setting::unknown("HttpTokensEnforced has a value that is not known here"),
        }
    }

    /// Whether only the organization can change them.
    pub fn is_declared(&self) -> bool {
        self.managed_by.as_ref().is_some_and(|by| *by == "declarative-policy")
    }
}
