//! Auto Scaling groups and launch configurations.

use crate::action::Action;
use crate::client::{Operation, Paged};
use crate::error::Unreadable;
use crate::ops::metadata::MetadataOptions;
use crate::ops::tags::{self, Tag};
use crate::request::{Form, Request};
use crate::xml::{self, Cursor, Read};

/// Which template, and which version of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TemplateReference {
    /// `lt-…`.
    pub id: Option<String>,
    /// The name of the template.
    pub name: Option<String>,
    /// A number, `$Latest`, `$Default`, or nothing, which is `$Default`.
    pub version: Option<String>,
}

impl TemplateReference {
    fn read(cursor: &mut Cursor<'_>) -> Read<TemplateReference> {
        let mut it = TemplateReference::default();
        cursor.children(|name, cursor| {
            match name {
                b"LaunchTemplateId" => it.id = cursor.some_text()?,
                b"LaunchTemplateName" => it.name = cursor.some_text()?,
                b"Version" => it.version = cursor.some_text()?,
                _ => {}
            }
            Ok(())
        })?;
        Ok(it)
    }

    fn put(&self, form: &mut Form, prefix: &str) {
        form.put_some(&format!("{prefix}LaunchTemplateId"), self.id.as_deref());
        if self.id.is_none() {
            form.put_some(&format!("{prefix}LaunchTemplateName"), self.name.as_deref());
        }
        form.put_some(&format!("{prefix}Version"), self.version.as_deref());
    }
}

/// `DescribeAutoScalingGroups`.
#[derive(Clone, Debug, Default)]
pub struct DescribeAutoScalingGroups {
    /// Only these; all if empty.
    pub names: Vec<String>,
    /// Groups in a page, 1 to 100.
    pub page_size: Option<u32>,
    /// Which page.
    pub next_token: Option<String>,
}

/// A page of groups.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AutoScalingGroups {
    /// The groups.
    pub groups: Vec<AutoScalingGroup>,
    /// The page after this one.
    pub next_token: Option<String>,
}

/// A group: what it starts instances from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AutoScalingGroup {
    /// Its name.
    pub name: String,
    /// Its ARN.
    pub arn: String,
    /// A launch configuration.
    pub launch_configuration: Option<String>,
    /// A template.
    pub launch_template: Option<TemplateReference>,
    /// The template of a mixed instances policy.
    pub mixed_template: Option<TemplateReference>,
    /// Overrides of the policy, in their order.
    pub overrides: Vec<Override>,
    /// Its members.
    pub members: Vec<Member>,
    /// How many it has at least.
    pub min_size: u64,
    /// How many it has at most.
    pub max_size: u64,
    /// How many it wants.
    pub desired_capacity: u64,
    /// Its tags.
    pub tags: Vec<Tag>,
}

/// An override of a mixed instances policy.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Override {
    /// E.g. `m7g.large`.
    pub instance_type: Option<String>,
    /// A template of its own.
    pub template: Option<TemplateReference>,
    /// An image of its own.
    pub image_id: Option<String>,
}

/// An instance of a group.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Member {
    /// `i-…`.
    pub id: String,
    /// What it was started from.
    pub launch_template: Option<TemplateReference>,
    /// What it was started from, if that was a launch configuration.
    pub launch_configuration: Option<String>,
    /// `InService`, …
    pub lifecycle: String,
}

impl Operation for DescribeAutoScalingGroups {
    type Output = AutoScalingGroups;
    const ACTION: Action = Action::DescribeAutoScalingGroups;

    fn request(&self) -> Request {
        Form::of(Self::ACTION)
            .list("AutoScalingGroupNames.member", &self.names)
            .put_some("MaxRecords", self.page_size)
            .put_some("NextToken", self.next_token.as_deref())
            .finish()
    }

    fn parse(body: &[u8]) -> Result<AutoScalingGroups, Unreadable> {
        let mut page = AutoScalingGroups::default();
        xml::document(body, |name, cursor| {
            match name {
                b"AutoScalingGroups" => page.groups = cursor.items(group)?,
                b"NextToken" => page.next_token = cursor.some_text()?,
                _ => {}
            }
            Ok(())
        })?;
        Ok(page)
    }
}

impl Paged for DescribeAutoScalingGroups {
    fn next(output: &AutoScalingGroups) -> Option<&str> {
        output.next_token.as_deref()
    }

    fn at(&mut self, token: String) {
        self.next_token = Some(token);
    }
}

fn group(cursor: &mut Cursor<'_>) -> Read<AutoScalingGroup> {
    let mut it = AutoScalingGroup::default();
    cursor.children(|name, cursor| {
        match name {
            b"AutoScalingGroupName" => it.name = cursor.text()?,
            b"AutoScalingGroupARN" => it.arn = cursor.text()?,
            b"LaunchConfigurationName" => it.launch_configuration = cursor.some_text()?,
            b"LaunchTemplate" => it.launch_template = Some(TemplateReference::read(cursor)?),
            b"MixedInstancesPolicy" => mixed(cursor, &mut it)?,
            b"Instances" => it.members = cursor.items(member)?,
            b"MinSize" => it.min_size = cursor.parsed()?.unwrap_or_default(),
            b"MaxSize" => it.max_size = cursor.parsed()?.unwrap_or_default(),
            b"DesiredCapacity" => it.desired_capacity = cursor.parsed()?.unwrap_or_default(),
            b"Tags" => it.tags = tags::read(cursor)?,
            _ => {}
        }
        Ok(())
    })?;
    Ok(it)
}

fn mixed(cursor: &mut Cursor<'_>, it: &mut AutoScalingGroup) -> Read<()> {
    cursor.children(|name, cursor| match name {
        b"LaunchTemplate" => cursor.children(|name, cursor| {
            match name {
                b"LaunchTemplateSpecification" => it.mixed_template = Some(TemplateReference::read(cursor)?),
                b"Overrides" => it.overrides = cursor.items(override_of)?,
                _ => {}
            }
            Ok(())
        }),
        _ => Ok(()),
    })
}

fn override_of(cursor: &mut Cursor<'_>) -> Read<Override> {
    let mut it = Override::default();
    cursor.children(|name, cursor| {
        match name {
            b"InstanceType" => it.instance_type = cursor.some_text()?,
            b"LaunchTemplateSpecification" => it.template = Some(TemplateReference::read(cursor)?),
            b"ImageId" => it.image_id = cursor.some_text()?,
            _ => {}
        }
        Ok(())
    })?;
    Ok(it)
}

fn member(cursor: &mut Cursor<'_>) -> Read<Member> {
    let mut it = Member::default();
    cursor.children(|name, cursor| {
        match name {
            b"InstanceId" => it.id = cursor.text()?,
            b"LaunchTemplate" => it.launch_template = Some(TemplateReference::read(cursor)?),
            b"LaunchConfigurationName" => it.launch_configuration = cursor.some_text()?,
            b"LifecycleState" => it.lifecycle = cursor.text()?,
            _ => {}
        }
        Ok(())
    })?;
    Ok(it)
}

/// `DescribeLaunchConfigurations`.
#[derive(Clone, Debug, Default)]
pub struct DescribeLaunchConfigurations {
    /// Configurations in a page, 1 to 100.
    pub page_size: Option<u32>,
    /// Which page.
    pub next_token: Option<String>,
}

/// A page of launch configurations.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LaunchConfigurations {
    /// The configurations.
    pub configurations: Vec<LaunchConfiguration>,
    /// The page after this one.
    pub next_token: Option<String>,
}

/// A launch configuration.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LaunchConfiguration {
    /// Its name.
    pub name: String,
    /// Its ARN.
    pub arn: String,
    /// `ami-…`.
    pub image_id: Option<String>,
    /// The name or ARN of the instance profile.
    pub instance_profile: Option<String>,
    /// Base64, as it is sent.
    pub user_data: Option<String>,
    /// Whether instances get a public address; the subnet decides if `None`.
    pub public_ip: Option<bool>,
    /// `sg-…`.
    pub security_groups: Vec<String>,
    /// What it says about the metadata service.
    pub metadata_options: Option<MetadataOptions>,
}

impl Operation for DescribeLaunchConfigurations {
    type Output = LaunchConfigurations;
    const ACTION: Action = Action::DescribeLaunchConfigurations;

    fn request(&self) -> Request {
        Form::of(Self::ACTION)
            .put_some("MaxRecords", self.page_size)
            .put_some("NextToken", self.next_token.as_deref())
            .finish()
    }

    fn parse(body: &[u8]) -> Result<LaunchConfigurations, Unreadable> {
        let mut page = LaunchConfigurations::default();
        xml::document(body, |name, cursor| {
            match name {
                b"LaunchConfigurations" => page.configurations = cursor.items(configuration)?,
                b"NextToken" => page.next_token = cursor.some_text()?,
                _ => {}
            }
            Ok(())
        })?;
        Ok(page)
    }
}

impl Paged for DescribeLaunchConfigurations {
    fn next(output: &LaunchConfigurations) -> Option<&str> {
        output.next_token.as_deref()
    }

    fn at(&mut self, token: String) {
        self.next_token = Some(token);
    }
}

fn configuration(cursor: &mut Cursor<'_>) -> Read<LaunchConfiguration> {
    let mut it = LaunchConfiguration::default();
    cursor.children(|name, cursor| {
        match name {
            b"LaunchConfigurationName" => it.name = cursor.text()?,
            b"LaunchConfigurationARN" => it.arn = cursor.text()?,
            b"ImageId" => it.image_id = cursor.some_text()?,
            b"IamInstanceProfile" => it.instance_profile = cursor.some_text()?,
            b"AssociatePublicIpAddress" => it.public_ip = cursor.parsed()?,
            b"SecurityGroups" => it.security_groups = cursor.texts()?,
            b"UserData" => it.user_data = cursor.some_text()?,
            b"MetadataOptions" => {
                it.metadata_options =
                    Some(MetadataOptions::read(cursor)?).filter(|options| !options.is_empty());
            }
            _ => {}
        }
        Ok(())
    })?;
    Ok(it)
}

/// `UpdateAutoScalingGroup`: what the group starts instances from.
#[derive(Clone, Debug, Default)]
pub struct UpdateAutoScalingGroup {
    /// Which group.
    pub name: String,
    /// The template of a group without a mixed instances policy.
    pub launch_template: Option<TemplateReference>,
    /// The template of its mixed instances policy. Overrides stay as they are.
    pub mixed_template: Option<TemplateReference>,
}

impl Operation for UpdateAutoScalingGroup {
    type Output = ();
    const ACTION: Action = Action::UpdateAutoScalingGroup;

    fn request(&self) -> Request {
        let mut form = Form::of(Self::ACTION);
        form.put("AutoScalingGroupName", &self.name);
        if let Some(template) = &self.launch_template {
            template.put(&mut form, "LaunchTemplate.");
        }
        if let Some(template) = &self.mixed_template {
            template.put(&mut form, "MixedInstancesPolicy.LaunchTemplate.LaunchTemplateSpecification.");
        }
        form.finish()
    }

    fn parse(body: &[u8]) -> Result<(), Unreadable> {
        xml::document(body, |_, _| Ok(()))
    }
}

/// `StartInstanceRefresh`: replaces the members by and by.
#[derive(Clone, Debug, Default)]
pub struct StartInstanceRefresh {
    /// Which group.
    pub name: String,
    /// What the members shall be started from; needed for `auto_rollback`.
    pub launch_template: Option<TemplateReference>,
    /// How much of the group stays healthy, in percent.
    pub min_healthy_percentage: Option<u8>,
    /// Go back when it fails.
    pub auto_rollback: bool,
    /// Leave members that already are as wanted.
    pub skip_matching: bool,
}

impl Operation for StartInstanceRefresh {
    /// The id of the refresh.
    type Output = String;
    const ACTION: Action = Action::StartInstanceRefresh;

    fn request(&self) -> Request {
        let mut form = Form::of(Self::ACTION);
        form.put("AutoScalingGroupName", &self.name)
            .put_some("Preferences.MinHealthyPercentage", self.min_healthy_percentage)
            .put_some("Preferences.AutoRollback", self.auto_rollback.then_some(true))
            .put_some("Preferences.SkipMatching", self.skip_matching.then_some(true));
        if let Some(template) = &self.launch_template {
            template.put(&mut form, "DesiredConfiguration.LaunchTemplate.");
        }
        form.finish()
    }

    fn parse(body: &[u8]) -> Result<String, Unreadable> {
        let mut id = String::new();
        xml::document(body, |name, cursor| {
            if name == b"InstanceRefreshId" {
                id = cursor.text()?;
            }
            Ok(())
        })?;
        Ok(id)
    }
}

/// `DescribeInstanceRefreshes` of a group: the newest first.
#[derive(Clone, Debug, Default)]
pub struct DescribeInstanceRefreshes {
    /// Which group.
    pub name: String,
    /// Only these.
    pub ids: Vec<String>,
}

/// A refresh.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InstanceRefresh {
    /// Its id.
    pub id: String,
    /// `Pending`, `InProgress`, `Successful`, `Failed`, `RollbackInProgress`, …
    pub status: String,
    /// Why it is so.
    pub reason: Option<String>,
    /// How far it is.
    pub percentage: Option<u8>,
}

impl Operation for DescribeInstanceRefreshes {
    type Output = Vec<InstanceRefresh>;
    const ACTION: Action = Action::DescribeInstanceRefreshes;

    fn request(&self) -> Request {
        Form::of(Self::ACTION)
            .put("AutoScalingGroupName", &self.name)
            .list("InstanceRefreshIds.member", &self.ids)
            .finish()
    }

    fn parse(body: &[u8]) -> Result<Vec<InstanceRefresh>, Unreadable> {
        let mut found = Vec::new();
        xml::document(body, |name, cursor| {
            if name == b"InstanceRefreshes" {
                found = cursor.items(refresh)?;
            }
            Ok(())
        })?;
        Ok(found)
    }
}

fn refresh(cursor: &mut Cursor<'_>) -> Read<InstanceRefresh> {
    let mut it = InstanceRefresh::default();
    cursor.children(|name, cursor| {
        match name {
            b"InstanceRefreshId" => it.id = cursor.text()?,
            b"Status" => it.status = cursor.text()?,
            b"StatusReason" => it.reason = cursor.some_text()?,
            b"PercentageComplete" => it.percentage = cursor.parsed()?,
            _ => {}
        }
        Ok(())
    })?;
    Ok(it)
}
