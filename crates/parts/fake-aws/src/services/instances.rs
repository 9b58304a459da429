//! Instances: describing, changing, starting.

use super::{ec2_answer, profile_arn};
use crate::answer::{Answer, Done, Fault, Xml};
use crate::fleet::Instance;
use crate::options;
use crate::place::{Launch, Place};
use crate::request::Asked;
use crate::scenario::TemplateReference;
use crate::world::Scene;

/// When everything was started: a scenario has no clock.
const LAUNCHED: &str = "2026-01-01T00:00:00.000Z";
const PAGE_MAX: usize = 1000;

pub(super) fn describe(scene: &Scene<'_>) -> Done<Answer> {
    let asked = &scene.asked;
    let mut place = scene.place()?;
    let filters = filters(asked, &KNOWN)?;
    let ids = asked.list("InstanceId");
    if !ids.is_empty() && asked.get("MaxResults").is_some() {
        return Err(Fault::bad("InvalidParameterCombination", "MaxResults cannot be used with instance ids"));
    }
    let mut numbers = Vec::new();
    for id in ids {
        numbers.push(place.fleet.find(id).ok_or_else(|| not_found(id))?);
    }
    let (first, count) = scene.page(asked.get("NextToken"), asked.get("MaxResults"), PAGE_MAX)?;
    let total = if numbers.is_empty() { place.fleet.len() } else { numbers.len() };
    let count = if numbers.is_empty() { count } else { total };
    let (mut found, mut at) = (Vec::with_capacity(count), first);
    while at < total && found.len() < count {
        let number = numbers.get(at).copied().unwrap_or(at);
        at += 1;
        let Some(instance) = place.fleet.get(number).filter(|it| filters.iter().all(|one| one.lets(it)))
        else {
            continue;
        };
        if instance.pending > 0 {
            place.fleet.put(number, Instance { pending: instance.pending - 1, ..instance.clone() });
        }
        found.push(instance);
    }
    let next = (at < total).then(|| format!("page-{at}"));
    // Written without the lock, so that regions are described side by side.
    let (account, region) = (place.account.clone(), place.region.clone());
    drop(place);
    Ok(ec2_answer(scene, |xml| {
        xml.list("reservationSet", "item", &found, |xml, instance| {
            xml.leaf("reservationId", "r-00000000000000001")
                .leaf("ownerId", &account)
                .open("groupSet")
                .close("groupSet");
            xml.list("instancesSet", "item", [instance], |xml, it| write(xml, it, &account, &region));
        });
        xml.some("nextToken", next.as_deref());
    }))
}

fn not_found(id: &str) -> Fault {
    Fault::bad("InvalidInstanceID.NotFound", format!("the instance ID '{id}' does not exist"))
}

fn write(xml: &mut Xml, it: &Instance, account: &str, region: &str) {
    let code = match it.state.as_str() {
        "pending" => 0,
        "running" => 16,
        "shutting-down" => 32,
        "terminated" => 48,
        "stopping" => 64,
        _ => 80,
    };
    xml.leaf("instanceId", &it.id).leaf("imageId", &it.image_id);
    xml.open("instanceState").number("code", code).leaf("name", &it.state).close("instanceState");
    xml.leaf("privateDnsName", "").leaf("dnsName", "").leaf("reason", "").leaf("amiLaunchIndex", "0");
    xml.open("productCodes").close("productCodes").leaf("instanceType", &it.kind);
    xml.leaf("launchTime", LAUNCHED).open("placement").open("availabilityZone");
    xml.close_text(&[region, "a"], "availabilityZone");
    xml.leaf("groupName", "").leaf("tenancy", "default").close("placement");
    xml.open("monitoring").leaf("state", "disabled").close("monitoring");
    xml.leaf("subnetId", "subnet-00000000000000001").leaf("vpcId", "vpc-00000000000000001");
    xml.leaf("privateIpAddress", "192.0.2.10").some("ipAddress", it.public_ip.as_deref());
    xml.leaf("sourceDestCheck", "true");
    groups(xml, it);
    xml.leaf("architecture", "arm64").leaf("rootDeviceType", "ebs").leaf("rootDeviceName", "/dev/xvda");
    xml.list("blockDeviceMapping", "item", ["/dev/xvda"], |xml, device| {
        xml.leaf("deviceName", device).open("ebs").leaf("volumeId", "vol-00000000000000001");
        xml.leaf("status", "attached")
            .leaf("attachTime", LAUNCHED)
            .leaf("deleteOnTermination", "true")
            .close("ebs");
    });
    xml.leaf("virtualizationType", "hvm").leaf("clientToken", "");
    xml.list("tagSet", "item", it.tags.iter(), |xml, (key, value)| {
        xml.leaf("key", key).leaf("value", value);
    });
    xml.leaf("hypervisor", "xen").list("networkInterfaceSet", "item", [it], interface);
    if let Some(profile) = &it.profile {
        xml.open("iamInstanceProfile").leaf("arn", &profile_arn(account, profile));
        xml.leaf("id", "AIPAEXAMPLE0000000001").close("iamInstanceProfile");
    }
    xml.leaf("ebsOptimized", "true").leaf("enaSupport", "true");
    xml.open("metadataOptions");
    it.options.write(xml, if it.pending > 0 { "pending" } else { "applied" });
    xml.close("metadataOptions");
    if let Some(principal) = &it.operator {
        xml.open("operator").leaf("managed", "true").leaf("principal", principal).close("operator");
    }
}

fn groups(xml: &mut Xml, it: &Instance) {
    xml.list("groupSet", "item", it.security_groups.iter(), |xml, group| {
        xml.leaf("groupId", group).leaf("groupName", group);
    });
}

fn interface(xml: &mut Xml, it: &Instance) {
    xml.leaf("networkInterfaceId", "eni-00000000000000001").leaf("status", "in-use");
    groups(xml, it);
    if let Some(address) = &it.public_ip {
        xml.open("association").leaf("publicIp", address).leaf("ipOwnerId", "amazon").close("association");
    }
    xml.list("ipv6AddressesSet", "item", it.has_ipv6.then_some("2001:db8::1"), |xml, address| {
        xml.leaf("ipv6Address", address);
    });
}

pub(super) fn modify(scene: &Scene<'_>) -> Done<Answer> {
    let mut place = scene.place()?;
    let id = scene.asked.need("InstanceId")?;
    let number = place.fleet.find(id).ok_or_else(|| not_found(id))?;
    let mut instance = place.fleet.get(number).ok_or_else(|| not_found(id))?;
    if let Some(principal) = &instance.operator {
        let words = format!("the instance is managed by {principal}, which alone can change it");
        return Err(Fault::bad("OperationNotPermitted", words));
    }
    if instance.state == "terminated" {
        return Err(Fault::bad("IncorrectInstanceState", "the instance is terminated"));
    }
    instance.options = instance.options.change(&options::asked(&scene.asked, "")?, &place.defaults)?;
    instance.pending = place.pending_polls;
    place.fleet.put(number, instance.clone());
    Ok(ec2_answer(scene, |xml| {
        xml.leaf("instanceId", &instance.id).open("instanceMetadataOptions");
        instance.options.write(xml, "pending");
        xml.close("instanceMetadataOptions");
    }))
}

pub(super) fn run(scene: &Scene<'_>) -> Done<Answer> {
    let asked = &scene.asked;
    let mut place = scene.place()?;
    let text = |name: &str| asked.get(name).map(ToOwned::to_owned);
    let template = TemplateReference {
        id: text("LaunchTemplate.LaunchTemplateId"),
        name: text("LaunchTemplate.LaunchTemplateName"),
        version: text("LaunchTemplate.Version"),
    };
    let launch = Launch {
        template: (template != TemplateReference::default()).then_some(template),
        options: options::asked(asked, "MetadataOptions.")?,
        image_id: text("ImageId"),
        instance_type: text("InstanceType"),
        profile: text("IamInstanceProfile.Name"),
        ..Launch::default()
    };
    let count: usize = text("MinCount").and_then(|count| count.parse().ok()).unwrap_or(1).min(100);
    let started = start(&mut place, &launch, count)?;
    let (account, region) = (place.account.clone(), place.region.clone());
    Ok(ec2_answer(scene, |xml| {
        xml.leaf("reservationId", "r-00000000000000001").leaf("ownerId", &account);
        xml.list("instancesSet", "item", &started, |xml, it| write(xml, it, &account, &region));
    }))
}

fn start(place: &mut Place, launch: &Launch, count: usize) -> Done<Vec<Instance>> {
    let mut instance = place.launched(launch)?;
    instance.pending = place.pending_polls;
    let ids: Vec<_> = (0..count).map(|_| place.fleet.push(instance.clone())).collect();
    Ok(ids.into_iter().map(|id| Instance { id, ..instance.clone() }).collect())
}

/// A filter with its values.
pub(super) struct Filter<'a> {
    pub(super) name: &'a str,
    pub(super) values: Vec<&'a str>,
}

const KNOWN: [&str; 9] = [
    "image-id",
    "instance-id",
    "instance-state-name",
    "instance-type",
    "metadata-options.http-endpoint",
    "metadata-options.http-put-response-hop-limit",
    "metadata-options.http-tokens",
    "metadata-options.state",
    "tag-key",
];

/// The filters of a request, all of a kind that is known.
pub(super) fn filters<'a>(asked: &'a Asked, known: &[&str]) -> Done<Vec<Filter<'a>>> {
    let mut filters = Vec::new();
    for index in 1.. {
        let Some(name) = asked.get(&format!("Filter.{index}.Name")) else { break };
        if !known.contains(&name) && !name.starts_with("tag:") {
            return Err(Fault::bad("InvalidParameterValue", format!("The filter '{name}' is invalid")));
        }
        filters.push(Filter { name, values: asked.list(&format!("Filter.{index}.Value")) });
    }
    Ok(filters)
}

impl Filter<'_> {
    fn lets(&self, it: &Instance) -> bool {
        let hops = it.options.hop_limit.to_string();
        let value = match self.name {
            "image-id" => it.image_id.as_str(),
            "instance-id" => &it.id,
            "instance-state-name" => &it.state,
            "instance-type" => &it.kind,
            "metadata-options.http-endpoint" => it.options.endpoint.name(),
            "metadata-options.http-put-response-hop-limit" => &hops,
            "metadata-options.http-tokens" => it.options.tokens.name(),
            "metadata-options.state" if it.pending > 0 => "pending",
            "metadata-options.state" => "applied",
            "tag-key" => return self.values.iter().any(|key| it.tags.contains_key(*key)),
            name => {
                let key = name.strip_prefix("tag:").unwrap_or_default();
                match it.tags.get(key) {
                    Some(value) => value,
                    None => return false,
                }
            }
        };
        self.values.contains(&value)
    }
}
