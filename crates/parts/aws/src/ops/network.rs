//! What can be reached: security groups.

use crate::action::Action;
use crate::client::{Operation, Paged};
use crate::error::Unreadable;
use crate::ops::instances::inner;
use crate::request::{Form, Request};
use crate::xml::{self, Cursor, Read};

/// `DescribeSecurityGroups`.
#[derive(Clone, Debug, Default)]
pub struct DescribeSecurityGroups {
    /// Groups in a page, 5 to 1000.
    pub page_size: Option<u32>,
    /// Which page.
    pub next_token: Option<String>,
}

/// A page of groups.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SecurityGroups {
    /// The groups.
    pub groups: Vec<SecurityGroup>,
    /// The page after this one.
    pub next_token: Option<String>,
}

/// A group, as far as it lets the world in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SecurityGroup {
    /// `sg-…`.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What any address may connect to.
    pub open: Vec<OpenPorts>,
}

/// Ports that any address may connect to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OpenPorts {
    /// `tcp`, `udp`, `icmp`, … or `-1` for all.
    pub protocol: String,
    /// First and last; `None` for all.
    pub ports: Option<(i64, i64)>,
    /// `0.0.0.0/0` or `::/0`.
    pub network: &'static str,
}

impl Operation for DescribeSecurityGroups {
    type Output = SecurityGroups;
    const ACTION: Action = Action::DescribeSecurityGroups;

    fn request(&self) -> Request {
        Form::of(Self::ACTION)
            .put_some("MaxResults", self.page_size)
            .put_some("NextToken", self.next_token.as_deref())
            .finish()
    }

    fn parse(body: &[u8]) -> Result<SecurityGroups, Unreadable> {
        let mut page = SecurityGroups::default();
        xml::document(body, |name, cursor| {
            match name {
                b"securityGroupInfo" => page.groups = cursor.items(group)?,
                b"nextToken" => page.next_token = cursor.some_text()?,
                _ => {}
            }
            Ok(())
        })?;
        Ok(page)
    }
}

impl Paged for DescribeSecurityGroups {
    fn next(output: &SecurityGroups) -> Option<&str> {
        output.next_token.as_deref()
    }

    fn at(&mut self, token: String) {
        self.next_token = Some(token);
    }
}

fn group(cursor: &mut Cursor<'_>) -> Read<SecurityGroup> {
    let mut it = SecurityGroup::default();
    cursor.children(|name, cursor| {
        match name {
            b"groupId" => it.id = cursor.text()?,
            b"groupName" => it.name = cursor.text()?,
            b"ipPermissions" => it.open = cursor.items(permission)?.into_iter().flatten().collect(),
            _ => {}
        }
        Ok(())
    })?;
    Ok(it)
}

fn permission(cursor: &mut Cursor<'_>) -> Read<Vec<OpenPorts>> {
    let (mut protocol, mut from, mut to, mut open) = (String::new(), None, None, Vec::new());
    cursor.children(|name, cursor| {
        match name {
            b"ipProtocol" => protocol = cursor.text()?,
            b"fromPort" => from = cursor.parsed()?,
            b"toPort" => to = cursor.parsed()?,
            b"ipRanges" => open.extend(world(cursor, b"cidrIp", "0.0.0.0/0")?),
            b"ipv6Ranges" => open.extend(world(cursor, b"cidrIpv6", "::/0")?),
            _ => {}
        }
        Ok(())
    })?;
    let ports = from.zip(to);
    Ok(open.into_iter().map(|network| OpenPorts { protocol: protocol.clone(), ports, network }).collect())
}

fn world(cursor: &mut Cursor<'_>, name: &[u8], world: &'static str) -> Read<Option<&'static str>> {
    let ranges = cursor.items(|cursor| inner(cursor, name))?;
    Ok(ranges.iter().any(|range| range.as_deref() == Some(world)).then_some(world))
}
