//! Fleets of EC2, and those of the older Spot calls.

use super::ec2_answer;
use crate::answer::{Answer, Done, Xml};
use crate::scenario::TemplateReference;
use crate::world::Scene;

const PAGE_MAX: usize = 1000;

pub(super) fn fleets(scene: &Scene<'_>) -> Done<Answer> {
    let place = scene.place()?;
    let ids = scene.asked.list("FleetId");
    let kind = |kind: &Option<String>| kind.clone().unwrap_or_else(|| "maintain".to_owned());
    // One that is instant is described by its id alone.
    let is_told = |id: &str, kind: &str| if ids.is_empty() { kind != "instant" } else { ids.contains(&id) };
    let found: Vec<_> = place.about.fleets.iter().filter(|it| is_told(&it.id, &kind(&it.kind))).collect();
    let (part, next) =
        scene.part(&found, scene.asked.get("NextToken"), scene.asked.get("MaxResults"), PAGE_MAX)?;
    Ok(ec2_answer(scene, |xml| {
        xml.list("fleetSet", "item", part, |xml, it| {
            xml.leaf("fleetId", &it.id).leaf("fleetState", it.state.as_deref().unwrap_or("active"));
            xml.leaf("type", &kind(&it.kind));
            templates(xml, &it.templates);
            xml.list("tagSet", "item", &it.tags, |xml, (key, value)| {
                xml.leaf("key", key).leaf("value", value);
            });
        });
        xml.some("nextToken", next.as_deref());
    }))
}

pub(super) fn spot_fleets(scene: &Scene<'_>) -> Done<Answer> {
    let place = scene.place()?;
    let asked = &scene.asked;
    let (part, next) =
        scene.part(&place.about.spot_fleets, asked.get("NextToken"), asked.get("MaxResults"), PAGE_MAX)?;
    Ok(ec2_answer(scene, |xml| {
        xml.list("spotFleetRequestConfigSet", "item", part, |xml, it| {
            xml.leaf("spotFleetRequestId", &it.id);
            xml.leaf("spotFleetRequestState", it.state.as_deref().unwrap_or("active"));
            xml.open("spotFleetRequestConfig").leaf("type", "maintain");
            if !it.specifications.is_empty() {
                xml.list("launchSpecifications", "item", &it.specifications, |xml, image| {
                    xml.leaf("imageId", image).leaf("instanceType", "m7g.large");
                });
            }
            templates(xml, &it.templates);
            xml.close("spotFleetRequestConfig");
        });
        xml.some("nextToken", next.as_deref());
    }))
}

fn templates(xml: &mut Xml, named: &[TemplateReference]) {
    if named.is_empty() {
        return;
    }
    xml.list("launchTemplateConfigs", "item", named, |xml, it| {
        xml.open("launchTemplateSpecification");
        xml.some("launchTemplateId", it.id.as_deref()).some("launchTemplateName", it.name.as_deref());
        xml.some("version", it.version.as_deref()).close("launchTemplateSpecification");
        xml.list("overrides", "item", ["m7g.large"], |xml, kind| {
            xml.leaf("instanceType", kind);
        });
    });
}
