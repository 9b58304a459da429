//! Auto Scaling: groups, launch configurations, instance refreshes.

use super::{capital, query_answer, unknown};
use crate::answer::{Answer, Done, Fault, Xml};
use crate::options;
use crate::place::{LiveGroup, Place, Refresh};
use crate::request::Asked;
use crate::scenario::{LaunchConfiguration, TemplateReference};
use crate::world::Scene;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

const PAGE_MAX: usize = 100;

pub(super) fn answer(scene: &Scene<'_>) -> Done<Answer> {
    match scene.asked.operation.as_str() {
        "DescribeAutoScalingGroups" => describe(scene),
        "DescribeLaunchConfigurations" => configurations(scene),
        "UpdateAutoScalingGroup" => update(scene),
        "StartInstanceRefresh" => start_refresh(scene),
        "DescribeInstanceRefreshes" => refreshes(scene),
        _ => Err(unknown(scene)),
    }
}

fn describe(scene: &Scene<'_>) -> Done<Answer> {
    let asked = &scene.asked;
    let place = scene.place()?;
    let names = asked.list("AutoScalingGroupNames.member");
    let found: Vec<&LiveGroup> = place
        .groups
        .iter()
        .filter(|group| names.is_empty() || names.contains(&group.about.name.as_str()))
        .collect();
    let (part, next) = scene.part(&found, asked.get("NextToken"), asked.get("MaxRecords"), PAGE_MAX)?;
    Ok(query_answer(scene, |xml| {
        xml.list("AutoScalingGroups", "member", part, |xml, group| write(xml, group, &place));
        xml.some("NextToken", next.as_deref());
    }))
}

fn write(xml: &mut Xml, group: &LiveGroup, place: &Place) {
    let about = &group.about;
    let arn = format!(
        "arn:aws:autoscaling:{}:{}:autoScalingGroup:00000000:autoScalingGroupName/{}",
        place.region, place.account, about.name
    );
    xml.leaf("AutoScalingGroupName", &about.name).leaf("AutoScalingGroupARN", &arn);
    xml.some("LaunchConfigurationName", about.launch_configuration.as_deref());
    if let Some(template) = &about.launch_template {
        reference(xml, "LaunchTemplate", template, place);
    }
    if let Some(template) = &about.mixed_template {
        xml.open("MixedInstancesPolicy").open("LaunchTemplate");
        reference(xml, "LaunchTemplateSpecification", template, place);
        xml.list("Overrides", "member", &about.overrides, |xml, template| {
            reference(xml, "LaunchTemplateSpecification", template, place);
        });
        xml.close("LaunchTemplate").close("MixedInstancesPolicy");
    }
    let count = group.members.len();
    xml.number("MinSize", 0).number("MaxSize", count.max(1) * 2).number("DesiredCapacity", count);
    xml.list("Instances", "member", &group.members, |xml, id| {
        xml.leaf("InstanceId", id).leaf("LifecycleState", "InService").leaf("HealthStatus", "Healthy");
        let template = place.fleet.find(id).and_then(|number| place.fleet.get(number)?.template);
        if let Some((id, number)) = template {
            let version = Some(number.to_string());
            reference(xml, "LaunchTemplate", &TemplateReference { id: Some(id), name: None, version }, place);
        } else {
            xml.some("LaunchConfigurationName", about.launch_configuration.as_deref());
        }
    });
    xml.list("Tags", "member", &about.tags, |xml, (key, value)| {
        xml.leaf("Key", key)
            .leaf("Value", value)
            .leaf("ResourceId", &about.name)
            .leaf("PropagateAtLaunch", "true");
    });
}

fn reference(xml: &mut Xml, name: &str, template: &TemplateReference, place: &Place) {
    let found = place.template(template.id.as_deref(), template.name.as_deref()).ok();
    let about = found.map(|at| &place.templates[at].about);
    xml.open(name)
        .some("LaunchTemplateId", about.map(|about| about.id.as_str()).or(template.id.as_deref()))
        .some("LaunchTemplateName", about.map(|about| about.name.as_str()).or(template.name.as_deref()))
        .some("Version", template.version.as_deref())
        .close(name);
}

fn configurations(scene: &Scene<'_>) -> Done<Answer> {
    let asked = &scene.asked;
    let place = scene.place()?;
    let (part, next) =
        scene.part(&place.configurations, asked.get("NextToken"), asked.get("MaxRecords"), PAGE_MAX)?;
    Ok(query_answer(scene, |xml| {
        xml.list("LaunchConfigurations", "member", part, |xml, it| configuration(xml, it, &place));
        xml.some("NextToken", next.as_deref());
    }))
}

fn configuration(xml: &mut Xml, it: &LaunchConfiguration, place: &Place) {
    let arn = format!(
        "arn:aws:autoscaling:{}:{}:launchConfiguration:00000000:launchConfigurationName/{}",
        place.region, place.account, it.name
    );
    xml.leaf("LaunchConfigurationName", &it.name).leaf("LaunchConfigurationARN", &arn);
    xml.leaf("ImageId", &it.image_id).some("IamInstanceProfile", it.instance_profile.as_deref());
    xml.leaf("UserData", &it.user_data.as_deref().map(|text| STANDARD.encode(text)).unwrap_or_default());
    if it.metadata_options != crate::scenario::Options::default() {
        xml.open("MetadataOptions");
        options::write(&it.metadata_options, xml, capital);
        xml.close("MetadataOptions");
    }
}

/// A template that a request names under a prefix.
fn template(asked: &Asked, prefix: &str) -> Option<TemplateReference> {
    let text = |name: &str| asked.get(&format!("{prefix}.{name}")).map(ToOwned::to_owned);
    let found = TemplateReference {
        id: text("LaunchTemplateId"),
        name: text("LaunchTemplateName"),
        version: text("Version"),
    };
    (found != TemplateReference::default()).then_some(found)
}

fn group(place: &Place, name: &str) -> Done<usize> {
    place
        .groups
        .iter()
        .position(|group| group.about.name == name)
        .ok_or_else(|| Fault::bad("ValidationError", "AutoScalingGroup name not found - null"))
}

fn known(place: &Place, reference: &TemplateReference) -> Done<()> {
    place.version(reference).map(drop).map_err(|fault| Fault::bad("ValidationError", fault.message))
}

fn update(scene: &Scene<'_>) -> Done<Answer> {
    let asked = &scene.asked;
    let mut place = scene.place()?;
    let at = group(&place, asked.need("AutoScalingGroupName")?)?;
    if let Some(template) = template(asked, "LaunchTemplate") {
        known(&place, &template)?;
        let about = &mut place.groups[at].about;
        about.launch_configuration = None;
        about.mixed_template = None;
        about.launch_template = Some(template);
    }
    if let Some(template) = template(asked, "MixedInstancesPolicy.LaunchTemplate.LaunchTemplateSpecification")
    {
        known(&place, &template)?;
        let about = &mut place.groups[at].about;
        about.launch_configuration = None;
        about.launch_template = None;
        about.mixed_template = Some(template);
    }
    Ok(query_answer(scene, |_| {}))
}

fn start_refresh(scene: &Scene<'_>) -> Done<Answer> {
    let asked = &scene.asked;
    let mut place = scene.place()?;
    let at = group(&place, asked.need("AutoScalingGroupName")?)?;
    let wanted = template(asked, "DesiredConfiguration.LaunchTemplate");
    if let Some(template) = &wanted {
        known(&place, template)?;
    } else if asked.get("Preferences.AutoRollback") == Some("true") {
        let words = "AutoRollback needs a desired configuration";
        return Err(Fault::bad("ValidationError", words));
    }
    let group = &mut place.groups[at];
    if group.refreshes.iter().any(|refresh| matches!(refresh.status, "Pending" | "InProgress")) {
        return Err(Fault::bad("InstanceRefreshInProgress", "An Instance Refresh is already in progress"));
    }
    let id = format!("00000000-0000-4000-8000-{:012}", group.refreshes.len() + 1);
    group.refreshes.push(Refresh {
        id: id.clone(),
        status: "Pending",
        reason: None,
        percentage: 0,
        template: wanted,
    });
    Ok(query_answer(scene, |xml| {
        xml.leaf("InstanceRefreshId", &id);
    }))
}

fn refreshes(scene: &Scene<'_>) -> Done<Answer> {
    let asked = &scene.asked;
    let mut place = scene.place()?;
    let at = group(&place, asked.need("AutoScalingGroupName")?)?;
    go_on(&mut place, at);
    let ids = asked.list("InstanceRefreshIds.member");
    let group = &place.groups[at];
    let found = group.refreshes.iter().rev().filter(|it| ids.is_empty() || ids.contains(&it.id.as_str()));
    Ok(query_answer(scene, |xml| {
        xml.list("InstanceRefreshes", "member", found, |xml, it| {
            xml.leaf("InstanceRefreshId", &it.id).leaf("AutoScalingGroupName", &group.about.name);
            xml.leaf("Status", it.status).some("StatusReason", it.reason.as_deref());
            xml.number("PercentageComplete", it.percentage);
        });
    }))
}

/// One step of the newest refresh: begun, then all members replaced, or failed with the reason of the first launch that
/// failed.
fn go_on(place: &mut Place, at: usize) {
    let Some(refresh) = place.groups[at].refreshes.last_mut() else { return };
    match refresh.status {
        "Pending" => (refresh.status, refresh.percentage) = ("InProgress", 50),
        "InProgress" => {
            let wanted = refresh.template.clone();
            let mut group = place.groups[at].clone();
            if wanted.is_some() {
                (group.about.launch_template, group.about.launch_configuration) = (wanted, None);
            }
            let started: Done<Vec<String>> =
                group.members.iter().map(|_| place.member(&group, false)).collect();
            let outcome = started.map(|members| {
                for id in std::mem::replace(&mut group.members, members) {
                    terminate(place, &id);
                }
            });
            let Some(refresh) = group.refreshes.last_mut() else { return };
            match outcome {
                Ok(()) => {
                    (refresh.status, refresh.percentage) = ("Successful", 100);
                    place.groups[at] = group;
                }
                Err(fault) => {
                    (refresh.status, refresh.reason) = ("Failed", Some(fault.message));
                    place.groups[at].refreshes = group.refreshes;
                }
            }
        }
        _ => {}
    }
}

fn terminate(place: &mut Place, id: &str) {
    if let Some((number, mut instance)) =
        place.fleet.find(id).and_then(|number| Some((number, place.fleet.get(number)?)))
    {
        "terminated".clone_into(&mut instance.state);
        place.fleet.put(number, instance);
    }
}
