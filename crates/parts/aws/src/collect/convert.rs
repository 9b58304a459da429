//! Answers as records of the inventory.

use crate::ops::metadata::MetadataOptions as Answered;
use crate::ops::tags::Tag;
use crate::ops::{
    autoscaling, batch, defaults as answered_defaults, eks, emr, fleets, image_builder, images, instances,
    lightsail as sail, network, sagemaker, templates,
};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use onehop_inventory::{
    AccountDefaults, BuildConfiguration, Consumer, EmrCluster, Group, GroupMember, GroupSource, Image,
    Instance, LaunchConfiguration, LaunchTemplate, LightsailInstance, MetadataOptions, NodeGroup, Notebook,
    OpenPort, Operator, Override, SecurityGroup, Tags, TemplateSpec, TemplateVersion, UserData, Word,
};

fn word(text: Option<String>) -> Option<Word> {
    text.map(|text| Word::new(&text))
}

fn tags(tags: Vec<Tag>) -> Tags {
    Tags::keep(tags.into_iter().map(|tag| (tag.key, tag.value)))
}

fn some(text: String) -> Option<String> {
    (!text.is_empty()).then_some(text)
}

fn metadata(options: Answered) -> MetadataOptions {
    MetadataOptions {
        http_tokens: word(options.http_tokens),
        http_endpoint: word(options.http_endpoint),
        http_put_response_hop_limit: options.http_put_response_hop_limit,
        http_protocol_ipv6: word(options.http_protocol_ipv6),
        instance_metadata_tags: word(options.instance_metadata_tags),
        state: word(options.state),
    }
}

fn operator(principal: Option<String>) -> Option<Operator> {
    principal.map(|principal| Operator { managed: true, principal: Some(principal) })
}

/// What user data does; the text itself is not kept. Larger than EC2 takes, or no Base64, says nothing.
fn user_data(encoded: Option<&str>) -> Option<UserData> {
    const ENCODED_BYTES_MAX: usize = 64 << 10;
    let encoded = encoded.filter(|text| text.len() <= ENCODED_BYTES_MAX)?;
    STANDARD.decode(encoded.trim()).ok().map(|bytes| UserData::read(&bytes))
}

pub(super) fn instance(it: instances::Instance) -> Instance {
    Instance {
        id: it.id,
        state: Word::new(&it.state),
        instance_type: some(it.instance_type),
        platform: word(it.platform),
        launched_at: some(it.launch_time),
        image_id: some(it.image_id),
        metadata: metadata(it.metadata_options),
        profile: it.instance_profile,
        public_ip: it.public_ip,
        ipv6: it.has_ipv6,
        security_groups: it.security_groups,
        vpc: it.vpc_id,
        operator: operator(it.operator),
        tags: tags(it.tags),
        ..Instance::default()
    }
}

pub(super) fn defaults(it: answered_defaults::MetadataDefaults) -> AccountDefaults {
    AccountDefaults {
        http_tokens: word(it.http_tokens),
        http_endpoint: word(it.http_endpoint),
        http_put_response_hop_limit: it.http_put_response_hop_limit,
        instance_metadata_tags: word(it.instance_metadata_tags),
        http_tokens_enforced: word(it.http_tokens_enforced),
        managed_by: word(it.managed_by),
        exception_message: it.managed_exception_message,
    }
}

pub(super) fn template(it: templates::LaunchTemplate) -> LaunchTemplate {
    LaunchTemplate {
        id: it.id,
        name: it.name,
        default_version: it.default_version,
        latest_version: it.latest_version,
        operator: operator(it.operator),
        tags: tags(it.tags),
        versions: Vec::new(),
    }
}

pub(super) fn version(it: templates::TemplateVersion) -> TemplateVersion {
    TemplateVersion {
        version: it.number,
        created_at: it.created_at,
        metadata: metadata(it.metadata_options.unwrap_or_default()),
        image_id: it.image_id,
        profile: it.instance_profile,
        public_ip: it.public_ip,
        security_groups: it.security_groups,
        user_data: user_data(it.user_data.as_deref()),
    }
}

fn spec(it: autoscaling::TemplateReference) -> TemplateSpec {
    TemplateSpec { id: it.id, name: it.name, version: it.version }
}

pub(super) fn group(it: autoscaling::AutoScalingGroup) -> Group {
    let overridden = |one: autoscaling::Override| Override {
        instance_type: one.instance_type,
        template: one.template.map(spec),
        image_id: one.image_id,
    };
    let source = if let Some(template) = it.mixed_template {
        let overrides = it.overrides.into_iter().map(overridden).collect();
        GroupSource::Mixed { template: spec(template), overrides }
    } else if let Some(template) = it.launch_template {
        GroupSource::Template(spec(template))
    } else if let Some(name) = it.launch_configuration {
        GroupSource::Configuration(name)
    } else {
        GroupSource::Nothing
    };
    let member = |one: autoscaling::Member| GroupMember {
        id: one.id,
        state: Word::new(&one.lifecycle),
        template: one.launch_template.map(spec),
        configuration: one.launch_configuration,
    };
    Group {
        name: it.name,
        arn: some(it.arn),
        min: it.min_size,
        max: it.max_size,
        desired: it.desired_capacity,
        source,
        members: it.members.into_iter().map(member).collect(),
        tags: tags(it.tags),
    }
}

pub(super) fn configuration(it: autoscaling::LaunchConfiguration) -> LaunchConfiguration {
    LaunchConfiguration {
        name: it.name,
        metadata: metadata(it.metadata_options.unwrap_or_default()),
        image_id: it.image_id,
        profile: it.instance_profile,
        public_ip: it.public_ip,
        security_groups: it.security_groups,
        user_data: user_data(it.user_data.as_deref()),
    }
}

pub(super) fn image(it: images::Image) -> Image {
    Image {
        id: it.id,
        name: some(it.name),
        owner: some(it.owner_id),
        imds_support: word(it.imds_support),
        state: word(it.state),
        ..Image::default()
    }
}

pub(super) fn security_group(it: network::SecurityGroup) -> SecurityGroup {
    let port = |open: network::OpenPorts| OpenPort {
        protocol: Word::new(&open.protocol),
        from: open.ports.map(|(from, _)| from),
        to: open.ports.map(|(_, to)| to),
        network: Word::new(open.network),
    };
    SecurityGroup {
        id: it.id,
        name: some(it.name),
        open: it.open.into_iter().map(port).collect(),
        tags: Tags::default(),
    }
}

pub(super) fn node_group(it: eks::Nodegroup) -> NodeGroup {
    let template =
        it.launch_template.map(|it| TemplateSpec { id: it.id, name: it.name, version: it.version });
    NodeGroup {
        cluster: it.cluster_name,
        name: it.nodegroup_name,
        ami_type: it.ami_type,
        template,
        groups: it.resources.auto_scaling_groups.into_iter().map(|group| group.name).collect(),
        status: word(it.status),
        tags: Tags::keep(it.tags),
    }
}

pub(super) fn notebook(it: sagemaker::Notebook) -> Notebook {
    let metadata = it.instance_metadata_service_configuration.unwrap_or_default();
    Notebook {
        name: it.notebook_instance_name,
        status: some(it.notebook_instance_status).as_deref().map(Word::new),
        minimum_version: metadata.minimum_instance_metadata_service_version,
        role: it.role_arn,
        internet: word(it.direct_internet_access),
        tags: Tags::default(),
    }
}

pub(super) fn lightsail(it: sail::LightsailInstance) -> LightsailInstance {
    let options = it.metadata_options.unwrap_or_default();
    LightsailInstance {
        name: it.name,
        state: it.state.map(|state| Word::new(&state.name)),
        metadata: MetadataOptions {
            http_tokens: word(options.http_tokens),
            http_endpoint: word(options.http_endpoint),
            http_put_response_hop_limit: options.http_put_response_hop_limit,
            http_protocol_ipv6: word(options.http_protocol_ipv6),
            instance_metadata_tags: None,
            state: word(options.state),
        },
        public_ip: it.public_ip_address,
        ..LightsailInstance::default()
    }
}

pub(super) fn build(it: image_builder::InfrastructureConfiguration) -> BuildConfiguration {
    let options = it.instance_metadata_options.unwrap_or_default();
    BuildConfiguration {
        arn: it.arn,
        name: it.name,
        metadata: MetadataOptions {
            http_tokens: word(options.http_tokens),
            http_put_response_hop_limit: options.http_put_response_hop_limit,
            ..MetadataOptions::default()
        },
        builds_containers: None,
        profile: it.instance_profile_name,
        tags: Tags::keep(it.tags),
    }
}

pub(super) fn emr_cluster(it: emr::EmrCluster) -> EmrCluster {
    EmrCluster {
        id: it.id,
        name: it.name,
        release: it.release_label,
        configuration: it.security_configuration,
        tags: Tags::keep(it.tags.into_iter().map(|tag| (tag.key, tag.value))),
    }
}

pub(super) fn fleet(it: fleets::Fleet, kind: &str) -> Consumer {
    let named = |it: fleets::FleetTemplate| TemplateSpec { id: it.id, name: it.name, version: it.version };
    Consumer {
        kind: Word::new(kind),
        name: it.id,
        templates: it.templates.into_iter().map(named).collect(),
        bare: it.bare > 0,
        tags: tags(it.tags),
        ..Consumer::default()
    }
}

/// None where it starts no instances of EC2, or where somebody else starts them.
pub(super) fn compute_environment(it: batch::ComputeEnvironment) -> Option<Consumer> {
    let resources = it.compute_resources?;
    if resources.kind.starts_with("FARGATE") || it.status.as_deref() == Some("DELETED") {
        return None;
    }
    let named = |it: &batch::BatchTemplate| TemplateSpec {
        id: it.launch_template_id.clone(),
        name: it.launch_template_name.clone(),
        version: it.version.clone(),
    };
    let templates = resources.launch_template.iter().flat_map(|it| std::iter::once(it).chain(&it.overrides));
    Some(Consumer {
        kind: Word::new("batch"),
        name: it.name,
        templates: templates.map(named).collect(),
        tags: Tags::keep(it.tags),
        ..Consumer::default()
    })
}
