//! Instances, and changing their metadata options.

use crate::action::Action;
use crate::client::{Operation, Paged};
use crate::error::Unreadable;
use crate::ops::metadata::MetadataOptions;
use crate::ops::tags::{self, Tag};
use crate::request::{Filter, Form, Request};
use crate::xml::{self, Cursor, Read};

/// `DescribeInstances`: also those that are stopped or belong to a service.
#[derive(Clone, Debug, Default)]
pub struct DescribeInstances {
    /// Only these; all if empty. Not together with `page_size`.
    pub ids: Vec<String>,
    /// Only what passes all of them.
    pub filters: Vec<Filter>,
    /// Instances in a page, 5 to 1000.
    pub page_size: Option<u32>,
    /// Which page.
    pub next_token: Option<String>,
}

/// A page of instances.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Instances {
    /// The instances.
    pub instances: Vec<Instance>,
    /// The page after this one.
    pub next_token: Option<String>,
}

/// An instance, as far as its metadata service matters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_field_names, reason = "names of the API")]
pub struct Instance {
    /// `i-…`.
    pub id: String,
    /// `pending`, `running`, `stopped`, …
    pub state: String,
    /// `ami-…`.
    pub image_id: String,
    /// E.g. `m7g.large`.
    pub instance_type: String,
    /// ISO 8601.
    pub launch_time: String,
    /// `vpc-…`.
    pub vpc_id: Option<String>,
    /// A public IPv4 address.
    pub public_ip: Option<String>,
    /// Whether it has an IPv6 address.
    pub has_ipv6: bool,
    /// `windows` or nothing.
    pub platform: Option<String>,
    /// The ARN of its instance profile.
    pub instance_profile: Option<String>,
    /// `sg-…`.
    pub security_groups: Vec<String>,
    /// The values in effect.
    pub metadata_options: MetadataOptions,
    /// The service that manages it, which alone may change it.
    pub operator: Option<String>,
    /// Its tags.
    pub tags: Vec<Tag>,
}

impl Operation for DescribeInstances {
    type Output = Instances;
    const ACTION: Action = Action::DescribeInstances;

    fn request(&self) -> Request {
        Form::of(Self::ACTION)
            .list("InstanceId", &self.ids)
            .filters(&self.filters)
            .put_some("MaxResults", self.page_size)
            .put_some("NextToken", self.next_token.as_deref())
            .finish()
    }

    fn parse(body: &[u8]) -> Result<Instances, Unreadable> {
        let mut page = Instances::default();
        xml::document(body, |name, cursor| {
            match name {
                b"reservationSet" => {
                    cursor.items(|cursor| reservation(cursor, &mut page.instances))?;
                }
                b"nextToken" => page.next_token = cursor.some_text()?,
                _ => {}
            }
            Ok(())
        })?;
        Ok(page)
    }
}

impl Paged for DescribeInstances {
    fn next(output: &Instances) -> Option<&str> {
        output.next_token.as_deref()
    }

    fn at(&mut self, token: String) {
        self.next_token = Some(token);
    }
}

fn reservation(cursor: &mut Cursor<'_>, to: &mut Vec<Instance>) -> Read<()> {
    cursor.children(|name, cursor| {
        if name == b"instancesSet" {
            cursor.items(|cursor| {
                to.push(instance(cursor)?);
                Ok(())
            })?;
        }
        Ok(())
    })
}

fn instance(cursor: &mut Cursor<'_>) -> Read<Instance> {
    let mut it = Instance::default();
    cursor.children(|name, cursor| {
        match name {
            b"instanceId" => it.id = cursor.text()?,
            b"imageId" => it.image_id = cursor.text()?,
            b"instanceType" => it.instance_type = cursor.text()?,
            b"launchTime" => it.launch_time = cursor.text()?,
            b"vpcId" => it.vpc_id = cursor.some_text()?,
            b"ipAddress" => it.public_ip = cursor.some_text()?,
            b"ipv6Address" => it.has_ipv6 |= cursor.some_text()?.is_some(),
            b"platform" => it.platform = cursor.some_text()?,
            b"instanceState" => it.state = inner(cursor, b"name")?.unwrap_or_default(),
            b"iamInstanceProfile" => it.instance_profile = inner(cursor, b"arn")?,
            b"groupSet" => {
                it.security_groups =
                    cursor.items(|cursor| inner(cursor, b"groupId"))?.into_iter().flatten().collect();
            }
            b"metadataOptions" => it.metadata_options = MetadataOptions::read(cursor)?,
            b"operator" => it.operator = operator(cursor)?,
            b"networkInterfaceSet" => interfaces(cursor, &mut it)?,
            b"tagSet" => it.tags = tags::read(cursor)?,
            _ => {}
        }
        Ok(())
    })?;
    Ok(it)
}

/// The text of one child.
pub(crate) fn inner(cursor: &mut Cursor<'_>, wanted: &[u8]) -> Read<Option<String>> {
    let mut found = None;
    cursor.children(|name, cursor| {
        if name == wanted {
            found = cursor.some_text()?;
        }
        Ok(())
    })?;
    Ok(found)
}

fn operator(cursor: &mut Cursor<'_>) -> Read<Option<String>> {
    let (mut managed, mut principal) = (false, None);
    cursor.children(|name, cursor| {
        match name {
            b"managed" => managed = cursor.flag()?,
            b"principal" => principal = cursor.some_text()?,
            _ => {}
        }
        Ok(())
    })?;
    Ok(managed.then(|| principal.unwrap_or_else(|| "a service".to_owned())))
}

fn interfaces(cursor: &mut Cursor<'_>, it: &mut Instance) -> Read<()> {
    cursor.items(|cursor| {
        cursor.children(|name, cursor| {
            match name {
                b"ipv6AddressesSet" => it.has_ipv6 |= !cursor.items(|_| Ok(()))?.is_empty(),
                b"association" if it.public_ip.is_none() => it.public_ip = inner(cursor, b"publicIp")?,
                _ => {}
            }
            Ok(())
        })
    })?;
    Ok(())
}

/// `ModifyInstanceMetadataOptions`. What is left out keeps its value.
#[derive(Clone, Debug, Default)]
pub struct ModifyInstanceMetadataOptions {
    /// Which instance.
    pub instance_id: String,
    /// What to set.
    pub options: MetadataOptions,
    /// Only ask whether it would be allowed; the answer is then an error of [`Problem::DryRun`](crate::Problem::DryRun).
    pub dry_run: bool,
}

impl Operation for ModifyInstanceMetadataOptions {
    type Output = MetadataOptions;
    const ACTION: Action = Action::ModifyInstanceMetadataOptions;

    fn request(&self) -> Request {
        let mut form = Form::of(Self::ACTION);
        form.put("InstanceId", &self.instance_id);
        self.options.put(&mut form, "");
        form.put_some("DryRun", self.dry_run.then_some(true)).finish()
    }

    fn parse(body: &[u8]) -> Result<MetadataOptions, Unreadable> {
        let mut options = MetadataOptions::default();
        xml::document(body, |name, cursor| {
            if name == b"instanceMetadataOptions" {
                options = MetadataOptions::read(cursor)?;
            }
            Ok(())
        })?;
        Ok(options)
    }
}
