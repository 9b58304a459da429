//! Instances.

use crate::record::record;
use crate::tags::Tags;
use crate::word::Word;
use onehop_posture::{Field, HopLimit, Options, Switch, Tokens};

record! {
    /// Metadata options as an API spells them. What it does not say is none, which is not the same as a default.
    pub struct MetadataOptions {
        /// `HttpTokens`.
        pub http_tokens: Option<Word>,
        /// `HttpEndpoint`.
        pub http_endpoint: Option<Word>,
        /// `HttpPutResponseHopLimit`.
        pub http_put_response_hop_limit: Option<i64>,
        /// `HttpProtocolIpv6`.
        pub http_protocol_ipv6: Option<Word>,
        /// `InstanceMetadataTags`.
        pub instance_metadata_tags: Option<Word>,
        /// `State`: `pending` or `applied`. Of instances only.
        pub state: Option<Word>,
    }
}

record! {
    /// An instance (`ec2:DescribeInstances`). Its options are those in effect.
    pub struct Instance {
        /// `InstanceId`.
        pub id: String,
        /// `State.Name`.
        pub state: Word,
        /// `InstanceType`.
        pub instance_type: Option<String>,
        /// `Platform`: `windows`, or none.
        pub platform: Option<Word>,
        /// `LaunchTime`, RFC 3339.
        pub launched_at: Option<String>,
        /// `ImageId`.
        pub image_id: Option<String>,
        /// `MetadataOptions`.
        pub metadata: MetadataOptions,
        /// `IamInstanceProfile.Arn`.
        pub profile: Option<String>,
        /// `PublicIpAddress`.
        pub public_ip: Option<String>,
        /// Whether it has a public IPv6 address.
        pub ipv6: bool,
        /// Ids of its security groups, of all interfaces.
        pub security_groups: Vec<String>,
        /// `VpcId`.
        pub vpc: Option<String>,
        /// `Operator`, where a service manages it.
        pub operator: Option<Operator>,
        /// Tags that say who made it ([`Tags::keep`]).
        pub tags: Tags,
        /// `MetadataNoToken` of `AWS/EC2`: requests without a token. None if nobody asked.
        pub no_token: Option<Metric>,
        /// `MetadataNoTokenRejected`: requests without a token that were refused. None if nobody asked.
        pub no_token_rejected: Option<Metric>,
    }
}

record! {
    /// Who manages an instance in the owner's stead.
    pub struct Operator {
        /// `Managed`.
        pub managed: bool,
        /// `Principal`, e.g. `eks.amazonaws.com`.
        pub principal: Option<String>,
    }
}

record! {
    /// What a metric said over a window that ends with [`Header::taken_at`](crate::Header). No points is no data, which is not
    /// zero.
    pub struct Metric {
        /// Length of the window in seconds.
        pub window_seconds: u64,
        /// What one point covers, in seconds.
        pub period_seconds: u64,
        /// How many points there were.
        pub points: u64,
        /// Their sum.
        pub sum: f64,
        /// The last point above zero, RFC 3339.
        pub last_seen: Option<String>,
    }
}

impl MetadataOptions {
    /// What they say.
    pub fn options(&self) -> Options {
        let word = |word: &Option<Word>| word.as_ref().map(|word| word.as_str().to_owned());
        let switch = |value: &Option<Word>, field| Switch::setting(word(value).as_deref(), field);
        Options {
            tokens: Tokens::setting(word(&self.http_tokens).as_deref()),
            endpoint: switch(&self.http_endpoint, Field::Endpoint),
            hop_limit: HopLimit::setting(self.http_put_response_hop_limit),
            ipv6: switch(&self.http_protocol_ipv6, Field::Ipv6),
            tags: switch(&self.instance_metadata_tags, Field::Tags),
        }
    }

    /// Whether a change has not reached the instance yet.
    pub fn is_pending(&self) -> bool {
        self.state.as_ref().is_some_and(|state| *state == "pending")
    }
}

impl Instance {
    /// Whether it exists in a way that matters: it runs, or can be started.
    pub fn is_alive(&self) -> bool {
        !matches!(self.state.as_str(), "terminated" | "shutting-down")
    }

    /// The service that manages it, so that its owner cannot change it.
    pub fn managed_by(&self) -> Option<&str> {
        let operator = self.operator.as_ref().filter(|operator| operator.managed)?;
        Some(operator.principal.as_deref().unwrap_or("a service of AWS"))
    }
}
