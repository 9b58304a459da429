//! What can be reached: security groups and network interfaces.

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

fn permission(cursor: &mut Cursor<'_>) -> Read<Option<OpenPorts>> {
    let (mut protocol, mut from, mut to, mut is_open) = (String::new(), None, None, false);
    cursor.children(|name, cursor| {
        match name {
            b"ipProtocol" => protocol = cursor.text()?,
            b"fromPort" => from = cursor.parsed()?,
            b"toPort" => to = cursor.parsed()?,
            b"ipRanges" => is_open |= holds(cursor, b"cidrIp", "0.0.0.0/0")?,
            b"ipv6Ranges" => is_open |= holds(cursor, b"cidrIpv6", "::/0")?,
            _ => {}
        }
        Ok(())
    })?;
    Ok(is_open.then(|| OpenPorts { protocol, ports: from.zip(to) }))
}

fn holds(cursor: &mut Cursor<'_>, name: &[u8], world: &str) -> Read<bool> {
    let ranges = cursor.items(|cursor| inner(cursor, name))?;
    Ok(ranges.iter().any(|range| range.as_deref() == Some(world)))
}

/// `DescribeNetworkInterfaces`.
#[derive(Clone, Debug, Default)]
pub struct DescribeNetworkInterfaces {
    /// Interfaces in a page, 5 to 1000.
    pub page_size: Option<u32>,
    /// Which page.
    pub next_token: Option<String>,
}

/// A page of interfaces.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NetworkInterfaces {
    /// The interfaces.
    pub interfaces: Vec<NetworkInterface>,
    /// The page after this one.
    pub next_token: Option<String>,
}

/// A network interface.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NetworkInterface {
    /// `eni-…`.
    pub id: String,
    /// The instance that it is attached to.
    pub instance_id: Option<String>,
    /// A public IPv4 address.
    pub public_ip: Option<String>,
    /// Whether it has an IPv6 address.
    pub has_ipv6: bool,
    /// `sg-…`.
    pub security_groups: Vec<String>,
}

impl Operation for DescribeNetworkInterfaces {
    type Output = NetworkInterfaces;
    const ACTION: Action = Action::DescribeNetworkInterfaces;

    fn request(&self) -> Request {
        Form::of(Self::ACTION)
            .put_some("MaxResults", self.page_size)
            .put_some("NextToken", self.next_token.as_deref())
            .finish()
    }

    fn parse(body: &[u8]) -> Result<NetworkInterfaces, Unreadable> {
        let mut page = NetworkInterfaces::default();
        xml::document(body, |name, cursor| {
            match name {
                b"networkInterfaceSet" => page.interfaces = cursor.items(interface)?,
                b"nextToken" => page.next_token = cursor.some_text()?,
                _ => {}
            }
            Ok(())
        })?;
        Ok(page)
    }
}

impl Paged for DescribeNetworkInterfaces {
    fn next(output: &NetworkInterfaces) -> Option<&str> {
        output.next_token.as_deref()
    }

    fn at(&mut self, token: String) {
        self.next_token = Some(token);
    }
}

fn interface(cursor: &mut Cursor<'_>) -> Read<NetworkInterface> {
    let mut it = NetworkInterface::default();
    cursor.children(|name, cursor| {
        match name {
            b"networkInterfaceId" => it.id = cursor.text()?,
            b"attachment" => it.instance_id = inner(cursor, b"instanceId")?,
            b"association" => it.public_ip = inner(cursor, b"publicIp")?,
            b"ipv6AddressesSet" => it.has_ipv6 = !cursor.items(|_| Ok(()))?.is_empty(),
            b"groupSet" => {
                it.security_groups =
                    cursor.items(|cursor| inner(cursor, b"groupId"))?.into_iter().flatten().collect();
            }
            _ => {}
        }
        Ok(())
    })?;
    Ok(it)
}
