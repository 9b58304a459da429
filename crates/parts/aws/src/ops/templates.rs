//! Launch templates and their versions.

use crate::action::Action;
use crate::client::{Operation, Paged};
use crate::error::Unreadable;
use crate::ops::instances::inner;
use crate::ops::metadata::MetadataOptions;
use crate::ops::tags::{self, Tag};
use crate::request::{Form, Request};
use crate::xml::{self, Cursor, Read};

/// `DescribeLaunchTemplates`.
#[derive(Clone, Debug, Default)]
pub struct DescribeLaunchTemplates {
    /// Only these; all if empty.
    pub ids: Vec<String>,
    /// Templates in a page, 1 to 200. Not together with `ids`.
    pub page_size: Option<u32>,
    /// Which page.
    pub next_token: Option<String>,
}

/// A page of templates.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LaunchTemplates {
    /// The templates.
    pub templates: Vec<LaunchTemplate>,
    /// The page after this one.
    pub next_token: Option<String>,
}

/// A template without its versions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LaunchTemplate {
    /// `lt-…`.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The version that `$Default` is.
    pub default_version: u64,
    /// The version that `$Latest` is.
    pub latest_version: u64,
    /// The service that manages it, which alone may change it.
    pub operator: Option<String>,
    /// Its tags.
    pub tags: Vec<Tag>,
}

impl Operation for DescribeLaunchTemplates {
    type Output = LaunchTemplates;
    const ACTION: Action = Action::DescribeLaunchTemplates;

    fn request(&self) -> Request {
        Form::of(Self::ACTION)
            .list("LaunchTemplateId", &self.ids)
            .put_some("MaxResults", self.page_size)
            .put_some("NextToken", self.next_token.as_deref())
            .finish()
    }

    fn parse(body: &[u8]) -> Result<LaunchTemplates, Unreadable> {
        let mut page = LaunchTemplates::default();
        xml::document(body, |name, cursor| {
            match name {
                b"launchTemplates" => page.templates = cursor.items(template)?,
                b"nextToken" => page.next_token = cursor.some_text()?,
                _ => {}
            }
            Ok(())
        })?;
        Ok(page)
    }
}

impl Paged for DescribeLaunchTemplates {
    fn next(output: &LaunchTemplates) -> Option<&str> {
        output.next_token.as_deref()
    }

    fn at(&mut self, token: String) {
        self.next_token = Some(token);
    }
}

fn template(cursor: &mut Cursor<'_>) -> Read<LaunchTemplate> {
    let mut it = LaunchTemplate::default();
    cursor.children(|name, cursor| {
        match name {
            b"launchTemplateId" => it.id = cursor.text()?,
            b"launchTemplateName" => it.name = cursor.text()?,
            b"defaultVersionNumber" => it.default_version = cursor.parsed()?.unwrap_or_default(),
            b"latestVersionNumber" => it.latest_version = cursor.parsed()?.unwrap_or_default(),
            b"operator" => it.operator = inner(cursor, b"principal")?,
            b"tagSet" => it.tags = tags::read(cursor)?,
            _ => {}
        }
        Ok(())
    })?;
    Ok(it)
}

/// `DescribeLaunchTemplateVersions`. Without a template and with `$Default` or `$Latest` it lists all templates.
#[derive(Clone, Debug, Default)]
pub struct DescribeLaunchTemplateVersions {
    /// Which template; all if `None`.
    pub template_id: Option<String>,
    /// Numbers, `$Default`, `$Latest`; all versions if empty.
    pub versions: Vec<String>,
    /// Versions in a page, 1 to 200.
    pub page_size: Option<u32>,
    /// Which page.
    pub next_token: Option<String>,
}

/// A page of versions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TemplateVersions {
    /// The versions.
    pub versions: Vec<TemplateVersion>,
    /// The page after this one.
    pub next_token: Option<String>,
}

/// One version of a template.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TemplateVersion {
    /// `lt-…`.
    pub template_id: String,
    /// The name of the template.
    pub template_name: String,
    /// Its number.
    pub number: u64,
    /// Whether `$Default` is this one.
    pub is_default: bool,
    /// What people wrote about it.
    pub description: Option<String>,
    /// `ami-…` or `resolve:ssm:…`.
    pub image_id: Option<String>,
    /// E.g. `m7g.large`.
    pub instance_type: Option<String>,
    /// The ARN, or else the name, of the instance profile.
    pub instance_profile: Option<String>,
    /// ISO 8601.
    pub created_at: Option<String>,
    /// Whether an interface asks for a public address.
    pub public_ip: Option<bool>,
    /// `sg-…`, of all interfaces.
    pub security_groups: Vec<String>,
    /// Base64, as it is sent.
    pub user_data: Option<String>,
    /// What it says about the metadata service; `None` if it has no such block.
    pub metadata_options: Option<MetadataOptions>,
}

impl Operation for DescribeLaunchTemplateVersions {
    type Output = TemplateVersions;
    const ACTION: Action = Action::DescribeLaunchTemplateVersions;

    fn request(&self) -> Request {
        Form::of(Self::ACTION)
            .put_some("LaunchTemplateId", self.template_id.as_deref())
            .list("LaunchTemplateVersion", &self.versions)
            .put_some("MaxResults", self.page_size)
            .put_some("NextToken", self.next_token.as_deref())
            .finish()
    }

    fn parse(body: &[u8]) -> Result<TemplateVersions, Unreadable> {
        let mut page = TemplateVersions::default();
        xml::document(body, |name, cursor| {
            match name {
                b"launchTemplateVersionSet" => page.versions = cursor.items(version)?,
                b"nextToken" => page.next_token = cursor.some_text()?,
                _ => {}
            }
            Ok(())
        })?;
        Ok(page)
    }
}

impl Paged for DescribeLaunchTemplateVersions {
    fn next(output: &TemplateVersions) -> Option<&str> {
        output.next_token.as_deref()
    }

    fn at(&mut self, token: String) {
        self.next_token = Some(token);
    }
}

fn version(cursor: &mut Cursor<'_>) -> Read<TemplateVersion> {
    let mut it = TemplateVersion::default();
    cursor.children(|name, cursor| {
        match name {
            b"launchTemplateId" => it.template_id = cursor.text()?,
            b"launchTemplateName" => it.template_name = cursor.text()?,
            b"versionNumber" => it.number = cursor.parsed()?.unwrap_or_default(),
            b"defaultVersion" => it.is_default = cursor.flag()?,
            b"createTime" => it.created_at = cursor.some_text()?,
            b"versionDescription" => it.description = cursor.some_text()?,
            b"launchTemplateData" => template_data(cursor, &mut it)?,
            _ => {}
        }
        Ok(())
    })?;
    Ok(it)
}

fn template_data(cursor: &mut Cursor<'_>, it: &mut TemplateVersion) -> Read<()> {
    cursor.children(|name, cursor| {
        match name {
            b"imageId" => it.image_id = cursor.some_text()?,
            b"instanceType" => it.instance_type = cursor.some_text()?,
            b"userData" => it.user_data = cursor.some_text()?,
            b"iamInstanceProfile" => it.instance_profile = profile(cursor)?,
            b"securityGroupIdSet" => it.security_groups.append(&mut cursor.texts()?),
            b"networkInterfaceSet" => {
                cursor.items(|cursor| interface(cursor, it))?;
            }
            b"metadataOptions" => {
                // An empty element says nothing, the same as none.
                it.metadata_options =
                    Some(MetadataOptions::read(cursor)?).filter(|options| !options.is_empty());
            }
            _ => {}
        }
        Ok(())
    })
}

fn interface(cursor: &mut Cursor<'_>, it: &mut TemplateVersion) -> Read<()> {
    cursor.children(|name, cursor| {
        match name {
            b"associatePublicIpAddress" => it.public_ip = Some(it.public_ip == Some(true) || cursor.flag()?),
            b"groupSet" => it.security_groups.append(&mut cursor.texts()?),
            _ => {}
        }
        Ok(())
    })
}

fn profile(cursor: &mut Cursor<'_>) -> Read<Option<String>> {
    let (mut arn, mut own_name) = (None, None);
    cursor.children(|name, cursor| {
        match name {
            b"arn" => arn = cursor.some_text()?,
            b"name" => own_name = cursor.some_text()?,
            _ => {}
        }
        Ok(())
    })?;
    Ok(arn.or(own_name))
}

/// `CreateLaunchTemplateVersion` from an existing version: all but the metadata options stays as it is there.
#[derive(Clone, Debug, Default)]
pub struct CreateLaunchTemplateVersion {
    /// Which template.
    pub template_id: String,
    /// The version to start from.
    pub source_version: String,
    /// What people read about it.
    pub description: Option<String>,
    /// What to say about the metadata service. What is left out is taken from the source.
    pub options: MetadataOptions,
    /// Makes asking twice the same as once. At most 64 characters.
    pub client_token: String,
    /// Only ask whether it would be allowed.
    pub dry_run: bool,
}

impl Operation for CreateLaunchTemplateVersion {
    type Output = TemplateVersion;
    const ACTION: Action = Action::CreateLaunchTemplateVersion;

    fn request(&self) -> Request {
        let mut form = Form::of(Self::ACTION);
        form.put("LaunchTemplateId", &self.template_id)
            .put("SourceVersion", &self.source_version)
            .put_some("VersionDescription", self.description.as_deref())
            .put("ClientToken", &self.client_token)
            .put_some("DryRun", self.dry_run.then_some(true));
        self.options.put(&mut form, "LaunchTemplateData.MetadataOptions.");
        form.finish()
    }

    fn parse(body: &[u8]) -> Result<TemplateVersion, Unreadable> {
        let mut made = TemplateVersion::default();
        xml::document(body, |name, cursor| {
            if name == b"launchTemplateVersion" {
                made = version(cursor)?;
            }
            Ok(())
        })?;
        Ok(made)
    }
}

/// `ModifyLaunchTemplate`: moves `$Default`.
#[derive(Clone, Debug, Default)]
pub struct ModifyLaunchTemplate {
    /// Which template.
    pub template_id: String,
    /// The version that becomes the default.
    pub default_version: String,
    /// Only ask whether it would be allowed.
    pub dry_run: bool,
}

impl Operation for ModifyLaunchTemplate {
    type Output = LaunchTemplate;
    const ACTION: Action = Action::ModifyLaunchTemplate;

    fn request(&self) -> Request {
        Form::of(Self::ACTION)
            .put("LaunchTemplateId", &self.template_id)
            .put("SetDefaultVersion", &self.default_version)
            .put_some("DryRun", self.dry_run.then_some(true))
            .finish()
    }

    fn parse(body: &[u8]) -> Result<LaunchTemplate, Unreadable> {
        let mut changed = LaunchTemplate::default();
        xml::document(body, |name, cursor| {
            if name == b"launchTemplate" {
                changed = template(cursor)?;
            }
            Ok(())
        })?;
        Ok(changed)
    }
}
