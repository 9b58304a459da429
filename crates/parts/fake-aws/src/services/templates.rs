//! Launch templates and their versions.

use super::{ec2_answer, plain};
use crate::answer::{Answer, Done, Fault, Xml};
use crate::options;
use crate::place::Template;
use crate::scenario::TemplateData;
use crate::world::Scene;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

const PAGE_MAX: usize = 200;
const CREATED: &str = "2026-01-01T00:00:00.000Z";

pub(super) fn describe(scene: &Scene<'_>) -> Done<Answer> {
    let asked = &scene.asked;
    let place = scene.place()?;
    let mut found = Vec::new();
    let ids = asked.list("LaunchTemplateId");
    for id in &ids {
        found.push(&place.templates[place.template(Some(id), None)?]);
    }
    if ids.is_empty() {
        found.extend(&place.templates);
    }
    let (part, next) = scene.part(&found, asked.get("NextToken"), asked.get("MaxResults"), PAGE_MAX)?;
    Ok(ec2_answer(scene, |xml| {
        xml.list("launchTemplates", "item", part, |xml, template| write(xml, template));
        xml.some("nextToken", next.as_deref());
    }))
}

fn write(xml: &mut Xml, template: &Template) {
    let about = &template.about;
    xml.leaf("launchTemplateId", &about.id)
        .leaf("launchTemplateName", &about.name)
        .leaf("createTime", CREATED);
    xml.number("defaultVersionNumber", template.default_version)
        .number("latestVersionNumber", template.versions.len());
    if let Some(principal) = &about.operator {
        xml.open("operator").leaf("managed", "true").leaf("principal", principal).close("operator");
    }
    xml.list("tagSet", "item", &about.tags, |xml, (key, value)| {
        xml.leaf("key", key).leaf("value", value);
    });
}

pub(super) fn versions(scene: &Scene<'_>) -> Done<Answer> {
    let asked = &scene.asked;
    let place = scene.place()?;
    let wanted = asked.list("LaunchTemplateVersion");
    let (id, name) = (asked.get("LaunchTemplateId"), asked.get("LaunchTemplateName"));
    let templates: Vec<&Template> = if id.is_some() || name.is_some() {
        vec![&place.templates[place.template(id, name)?]]
    } else if wanted.is_empty() || wanted.iter().any(|version| !version.starts_with('$')) {
        let words = "without a launch template, versions can only be $Default and $Latest";
        return Err(Fault::bad("MissingParameter", words));
    } else {
        place.templates.iter().collect()
    };
    let mut found = Vec::new();
    for template in templates {
        let mut numbers = Vec::new();
        for version in &wanted {
            numbers.push(template.version(version)?.0);
        }
        if wanted.is_empty() {
            numbers.extend(1..=template.versions.len() as u64);
        }
        numbers.sort_unstable_by(|one, other| other.cmp(one));
        numbers.dedup();
        found.extend(numbers.into_iter().map(|number| (template, number)));
    }
    let (part, next) = scene.part(&found, asked.get("NextToken"), asked.get("MaxResults"), PAGE_MAX)?;
    Ok(ec2_answer(scene, |xml| {
        xml.list("launchTemplateVersionSet", "item", part, |xml, (template, number)| {
            write_version(xml, template, *number);
        });
        xml.some("nextToken", next.as_deref());
    }))
}

fn write_version(xml: &mut Xml, template: &Template, number: u64) {
    let Ok((_, data)) = template.version(&number.to_string()) else { return };
    xml.leaf("launchTemplateId", &template.about.id).leaf("launchTemplateName", &template.about.name);
    xml.number("versionNumber", number).some("versionDescription", data.description.as_deref());
    xml.leaf("createTime", CREATED).number("defaultVersion", number == template.default_version);
    xml.open("launchTemplateData").some("imageId", data.image_id.as_deref());
    xml.some("instanceType", data.instance_type.as_deref());
    if let Some(name) = &data.instance_profile {
        xml.open("iamInstanceProfile").leaf("name", name).close("iamInstanceProfile");
    }
    if let Some(text) = &data.user_data {
        xml.leaf("userData", &STANDARD.encode(text));
    }
    if !data.security_groups.is_empty() {
        xml.open("securityGroupIdSet");
        for group in &data.security_groups {
            xml.leaf("item", group);
        }
        xml.close("securityGroupIdSet");
    }
    if data.metadata_options != crate::scenario::Options::default() {
        xml.open("metadataOptions");
        options::write(&data.metadata_options, xml, plain);
        xml.close("metadataOptions");
    }
    xml.close("launchTemplateData");
}

/// What is left out is taken from the source version.
pub(super) fn create_version(scene: &Scene<'_>) -> Done<Answer> {
    let asked = &scene.asked;
    let mut place = scene.place()?;
    let at = place.template(asked.get("LaunchTemplateId"), asked.get("LaunchTemplateName"))?;
    let template = &mut place.templates[at];
    refuse_managed(template)?;
    let token = asked.get("ClientToken").map(ToOwned::to_owned);
    let done = token.as_ref().and_then(|token| template.made.get(token).copied());
    let number = if let Some(number) = done {
        number
    } else {
        let source = match asked.get("SourceVersion") {
            Some(version) => template.version(version)?.1.clone(),
            None => TemplateData::default(),
        };
        let said = options::asked(asked, "LaunchTemplateData.MetadataOptions.")?;
        let text = |name: &str| asked.get(&format!("LaunchTemplateData.{name}")).map(ToOwned::to_owned);
        template.versions.push(TemplateData {
            metadata_options: options::over(&said, &source.metadata_options),
            description: asked.get("VersionDescription").map(ToOwned::to_owned),
            image_id: text("ImageId").or(source.image_id),
            instance_type: text("InstanceType").or(source.instance_type),
            ..source
        });
        let number = template.versions.len() as u64;
        template.made.extend(token.map(|token| (token, number)));
        number
    };
    let template = &place.templates[at];
    Ok(ec2_answer(scene, |xml| {
        xml.open("launchTemplateVersion");
        write_version(xml, template, number);
        xml.close("launchTemplateVersion");
    }))
}

fn refuse_managed(template: &Template) -> Done<()> {
    match &template.about.operator {
        Some(principal) => {
            let words = format!("the launch template is managed by {principal}, which alone can change it");
            Err(Fault::bad("OperationNotPermitted", words))
        }
        None => Ok(()),
    }
}

pub(super) fn modify(scene: &Scene<'_>) -> Done<Answer> {
    let asked = &scene.asked;
    let mut place = scene.place()?;
    let at = place.template(asked.get("LaunchTemplateId"), asked.get("LaunchTemplateName"))?;
    let template = &mut place.templates[at];
    refuse_managed(template)?;
    let wanted = asked.get("SetDefaultVersion").or_else(|| asked.get("DefaultVersion"));
    template.default_version = template
        .version(wanted.ok_or_else(|| Fault::bad("MissingParameter", "DefaultVersion is missing"))?)?
        .0;
    let template = &place.templates[at];
    Ok(ec2_answer(scene, |xml| {
        xml.open("launchTemplate");
        write(xml, template);
        xml.close("launchTemplate");
    }))
}
