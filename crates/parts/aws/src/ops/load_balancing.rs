//! What load balancers send requests to.

use crate::action::Action;
use crate::client::{Operation, Paged};
use crate::error::Unreadable;
use crate::ops::instances::inner;
use crate::request::{Form, Request};
use crate::xml::{self, Cursor, Read};

/// `DescribeLoadBalancers` of applications, networks and gateways.
#[derive(Clone, Debug, Default)]
pub struct DescribeLoadBalancers {
    /// Which page.
    pub marker: Option<String>,
}

/// A page of load balancers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LoadBalancers {
    /// The load balancers.
    pub balancers: Vec<LoadBalancer>,
    /// The page after this one.
    pub marker: Option<String>,
}

/// A load balancer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LoadBalancer {
    /// Its ARN.
    pub arn: String,
    /// `internet-facing` or `internal`.
    pub scheme: Option<String>,
}

impl Operation for DescribeLoadBalancers {
    type Output = LoadBalancers;
    const ACTION: Action = Action::DescribeLoadBalancers;

    fn request(&self) -> Request {
        Form::of(Self::ACTION).put_some("Marker", self.marker.as_deref()).finish()
    }

    fn parse(body: &[u8]) -> Result<LoadBalancers, Unreadable> {
        let mut page = LoadBalancers::default();
        xml::document(body, |name, cursor| {
            match name {
                b"LoadBalancers" => page.balancers = cursor.items(balancer)?,
                b"NextMarker" => page.marker = cursor.some_text()?,
                _ => {}
            }
            Ok(())
        })?;
        Ok(page)
    }
}

impl Paged for DescribeLoadBalancers {
    fn next(output: &LoadBalancers) -> Option<&str> {
        output.marker.as_deref()
    }

    fn at(&mut self, token: String) {
        self.marker = Some(token);
    }
}

fn balancer(cursor: &mut Cursor<'_>) -> Read<LoadBalancer> {
    let mut it = LoadBalancer::default();
    cursor.children(|name, cursor| {
        match name {
            b"LoadBalancerArn" => it.arn = cursor.text()?,
            b"Scheme" => it.scheme = cursor.some_text()?,
            _ => {}
        }
        Ok(())
    })?;
    Ok(it)
}

/// `DescribeTargetGroups`.
#[derive(Clone, Debug, Default)]
pub struct DescribeTargetGroups {
    /// Which page.
    pub marker: Option<String>,
}

/// A page of target groups.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TargetGroups {
    /// The groups.
    pub groups: Vec<TargetGroup>,
    /// The page after this one.
    pub marker: Option<String>,
}

/// A target group.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TargetGroup {
    /// Its ARN.
    pub arn: String,
    /// `instance`, `ip`, …
    pub target_type: Option<String>,
    /// ARNs of the load balancers that use it.
    pub balancers: Vec<String>,
}

impl Operation for DescribeTargetGroups {
    type Output = TargetGroups;
    const ACTION: Action = Action::DescribeTargetGroups;

    fn request(&self) -> Request {
        Form::of(Self::ACTION).put_some("Marker", self.marker.as_deref()).finish()
    }

    fn parse(body: &[u8]) -> Result<TargetGroups, Unreadable> {
        let mut page = TargetGroups::default();
        xml::document(body, |name, cursor| {
            match name {
                b"TargetGroups" => page.groups = cursor.items(target_group)?,
                b"NextMarker" => page.marker = cursor.some_text()?,
                _ => {}
            }
            Ok(())
        })?;
        Ok(page)
    }
}

impl Paged for DescribeTargetGroups {
    fn next(output: &TargetGroups) -> Option<&str> {
        output.marker.as_deref()
    }

    fn at(&mut self, token: String) {
        self.marker = Some(token);
    }
}

fn target_group(cursor: &mut Cursor<'_>) -> Read<TargetGroup> {
    let mut it = TargetGroup::default();
    cursor.children(|name, cursor| {
        match name {
            b"TargetGroupArn" => it.arn = cursor.text()?,
            b"TargetType" => it.target_type = cursor.some_text()?,
            b"LoadBalancerArns" => it.balancers = cursor.texts()?,
            _ => {}
        }
        Ok(())
    })?;
    Ok(it)
}

/// `DescribeTargetHealth` of a group: what is registered.
#[derive(Clone, Debug, Default)]
pub struct DescribeTargetHealth {
    /// The ARN of the group.
    pub target_group: String,
}

impl Operation for DescribeTargetHealth {
    /// Ids of the targets.
    type Output = Vec<String>;
    const ACTION: Action = Action::DescribeTargetHealth;

    fn request(&self) -> Request {
        Form::of(Self::ACTION).put("TargetGroupArn", &self.target_group).finish()
    }

    fn parse(body: &[u8]) -> Result<Vec<String>, Unreadable> {
        let mut found = Vec::new();
        xml::document(body, |name, cursor| {
            if name == b"TargetHealthDescriptions" {
                found = cursor.items(target)?.into_iter().flatten().collect();
            }
            Ok(())
        })?;
        Ok(found)
    }
}

fn target(cursor: &mut Cursor<'_>) -> Read<Option<String>> {
    let mut id = None;
    cursor.children(|name, cursor| {
        if name == b"Target" {
            id = inner(cursor, b"Id")?;
        }
        Ok(())
    })?;
    Ok(id)
}
