//! Regions, defaults of the account, images, security groups.

use super::ec2_answer;
use crate::answer::{Answer, Done, Fault, Xml};
use crate::options;
use crate::scenario::{Allow, Image};
use crate::world::Scene;

const PAGE_MAX: usize = 1000;

pub(super) fn regions(scene: &Scene<'_>) -> Answer {
    ec2_answer(scene, |xml| {
        xml.list("regionInfo", "item", scene.account.regions(), |xml, region| {
            xml.leaf("regionName", region).leaf("regionEndpoint", &format!("ec2.{region}.amazonaws.com"));
            xml.leaf("optInStatus", "opt-in-not-required");
        });
    })
}

pub(super) fn get(scene: &Scene<'_>) -> Done<Answer> {
    let place = scene.place()?;
    let it = &place.defaults;
    Ok(ec2_answer(scene, |xml| {
        xml.open("accountLevel").some("httpTokens", it.http_tokens.as_deref());
        if let Some(limit) = it.http_put_response_hop_limit {
            xml.number("httpPutResponseHopLimit", limit);
        }
        xml.some("httpEndpoint", it.http_endpoint.as_deref())
            .some("instanceMetadataTags", it.instance_metadata_tags.as_deref())
            .some("httpTokensEnforced", it.http_tokens_enforced.as_deref())
            .leaf("managedBy", it.managed_by.as_deref().unwrap_or("account"))
            .some("managedExceptionMessage", it.managed_exception_message.as_deref())
            .close("accountLevel");
    }))
}

pub(super) fn modify(scene: &Scene<'_>) -> Done<Answer> {
    let asked = &scene.asked;
    let mut place = scene.place()?;
    let defaults = &mut place.defaults;
    if defaults.managed_by.as_deref() == Some("declarative-policy") {
        let own =
            defaults.managed_exception_message.as_deref().unwrap_or("ask the owner of the organization");
        let words = format!("the attribute is managed by a declarative policy: {own}");
        return Err(Fault::new(403, "DeclarativePolicyViolation", words));
    }
    // `no-preference` and -1 take a value away; what is not asked for stays.
    let mut plain = asked.clone();
    plain.parameters.retain(|_, value| value != "no-preference" && value != "-1");
    let enforced = plain.parameters.remove("HttpTokensEnforced");
    let said = options::asked(&plain, "")?;
    let change = |name: &str, to: &mut Option<String>, said: Option<String>| {
        if asked.get(name).is_some() {
            *to = said;
        }
    };
    change("HttpTokens", &mut defaults.http_tokens, said.http_tokens);
    change("HttpEndpoint", &mut defaults.http_endpoint, said.http_endpoint);
    change("InstanceMetadataTags", &mut defaults.instance_metadata_tags, said.instance_metadata_tags);
    change("HttpTokensEnforced", &mut defaults.http_tokens_enforced, enforced);
    if asked.get("HttpPutResponseHopLimit").is_some() {
        defaults.http_put_response_hop_limit = said.http_put_response_hop_limit;
    }
    Ok(ec2_answer(scene, |xml| {
        xml.leaf("return", "true");
    }))
}

pub(super) fn images(scene: &Scene<'_>) -> Done<Answer> {
    let asked = &scene.asked;
    let place = scene.place()?;
    let owner = |image: &Image| image.owner.clone().unwrap_or_else(|| place.account.clone());
    let ids = asked.list("ImageId");
    if let Some(missing) = ids.iter().find(|id| !place.images.iter().any(|image| image.id == **id)) {
        let words = format!("The image id '[{missing}]' does not exist");
        return Err(Fault::bad("InvalidAMIID.NotFound", words));
    }
    let filters = super::instances::filters(asked, &["image-id"])?;
    let owners = asked.list("Owner");
    let is_of = |image: &Image| {
        owners.is_empty()
            || owners
                .iter()
                .any(|one| *one == owner(image) || (*one == "self" && owner(image) == place.account))
    };
    let found: Vec<_> = place
        .images
        .iter()
        .filter(|image| ids.is_empty() || ids.contains(&image.id.as_str()))
        .filter(|image| is_of(image))
        .filter(|image| filters.iter().all(|one| one.values.contains(&image.id.as_str())))
        .collect();
    let (part, next) = scene.part(&found, asked.get("NextToken"), asked.get("MaxResults"), PAGE_MAX)?;
    Ok(ec2_answer(scene, |xml| {
        xml.list("imagesSet", "item", part, |xml, image| {
            xml.leaf("imageId", &image.id).leaf("name", &image.name).leaf("imageOwnerId", &owner(image));
            xml.leaf("imageState", "available").leaf("creationDate", "2026-01-01T00:00:00.000Z");
            xml.some("imdsSupport", image.imds_support.as_deref());
        });
        xml.some("nextToken", next.as_deref());
    }))
}

pub(super) fn modify_image(scene: &Scene<'_>) -> Done<Answer> {
    let mut place = scene.place()?;
    let id = scene.asked.need("ImageId")?;
    let account = place.account.clone();
    let image = place.images.iter_mut().find(|image| image.id == id);
    let image = image.ok_or_else(|| {
        Fault::bad("InvalidAMIID.NotFound", format!("The image id '[{id}]' does not exist"))
    })?;
    if image.owner.as_ref().is_some_and(|owner| *owner != account) {
        return Err(Fault::new(403, "AuthFailure", format!("Not authorized for image:{id}")));
    }
    if scene.asked.get("ImdsSupport.Value") != Some("v2.0") {
        return Err(Fault::bad("InvalidParameterValue", "ImdsSupport can only be `v2.0`"));
    }
    image.imds_support = Some("v2.0".to_owned());
    Ok(ec2_answer(scene, |xml| {
        xml.leaf("return", "true");
    }))
}

pub(super) fn security_groups(scene: &Scene<'_>) -> Done<Answer> {
    let place = scene.place()?;
    let all = &place.about.security_groups;
    let (part, next) =
        scene.part(all, scene.asked.get("NextToken"), scene.asked.get("MaxResults"), PAGE_MAX)?;
    Ok(ec2_answer(scene, |xml| {
        xml.list("securityGroupInfo", "item", part, |xml, group| {
            xml.leaf("ownerId", &place.account).leaf("groupId", &group.id).leaf("groupName", &group.name);
            xml.list("ipPermissions", "item", &group.allow, permission);
        });
        xml.some("nextToken", next.as_deref());
    }))
}

fn permission(xml: &mut Xml, allow: &Allow) {
    xml.leaf("ipProtocol", &allow.protocol);
    if let Some((from, to)) = allow.from.zip(allow.to.or(allow.from)) {
        xml.number("fromPort", from).number("toPort", to);
    }
    let is_v6 = allow.network.contains(':');
    xml.list("ipRanges", "item", (!is_v6).then_some(&allow.network), |xml, network| {
        xml.leaf("cidrIp", network);
    });
    xml.list("ipv6Ranges", "item", is_v6.then_some(&allow.network), |xml, network| {
        xml.leaf("cidrIpv6", network);
    });
}
