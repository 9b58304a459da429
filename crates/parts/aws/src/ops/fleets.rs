//! Fleets of EC2, and those of the older Spot calls.

use crate::action::Action;
use crate::client::{Operation, Paged};
use crate::error::Unreadable;
use crate::ops::tags::{self, Tag};
use crate::request::{Form, Request};
use crate::xml::{self, Cursor, Read};

/// `DescribeFleets`: those that are requested or maintained. One of type `instant` is told by its id alone.
#[derive(Clone, Debug, Default)]
pub struct DescribeFleets {
    /// Which page.
    pub next_token: Option<String>,
}

/// `DescribeSpotFleetRequests`.
#[derive(Clone, Debug, Default)]
pub struct DescribeSpotFleetRequests {
    /// Which page.
    pub next_token: Option<String>,
}

/// A page of fleets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fleets {
    /// The fleets.
    pub fleets: Vec<Fleet>,
    /// The page after this one.
    pub next_token: Option<String>,
}

/// A fleet, of either kind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fleet {
    /// `fleet-…` or `sfr-…`.
    pub id: String,
    /// `active`, `deleted_running`, `cancelled`, …
    pub state: String,
    /// `request`, `maintain`, `instant`; of the older calls none.
    pub kind: Option<String>,
    /// Templates that it names.
    pub templates: Vec<FleetTemplate>,
    /// Launch specifications that name no template; of the older calls only.
    pub bare: usize,
    /// Its tags.
    pub tags: Vec<Tag>,
}

/// A template that a fleet names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FleetTemplate {
    /// `lt-…`.
    pub id: Option<String>,
    /// Its name.
    pub name: Option<String>,
    /// A number, `$Latest` or `$Default`.
    pub version: Option<String>,
}

impl Fleet {
    /// Whether it may start instances, now or later.
    pub fn is_alive(&self) -> bool {
        matches!(self.state.as_str(), "submitted" | "active" | "modifying")
    }
}

impl Operation for DescribeFleets {
    type Output = Fleets;
    const ACTION: Action = Action::DescribeFleets;

    fn request(&self) -> Request {
        Form::of(Self::ACTION).put_some("NextToken", self.next_token.as_deref()).finish()
    }

    fn parse(body: &[u8]) -> Result<Fleets, Unreadable> {
        page(body, b"fleetSet", fleet)
    }
}

impl Paged for DescribeFleets {
    fn next(output: &Fleets) -> Option<&str> {
        output.next_token.as_deref()
    }

    fn at(&mut self, token: String) {
        self.next_token = Some(token);
    }
}

impl Operation for DescribeSpotFleetRequests {
    type Output = Fleets;
    const ACTION: Action = Action::DescribeSpotFleetRequests;

    fn request(&self) -> Request {
        Form::of(Self::ACTION).put_some("NextToken", self.next_token.as_deref()).finish()
    }

    fn parse(body: &[u8]) -> Result<Fleets, Unreadable> {
        page(body, b"spotFleetRequestConfigSet", spot_fleet)
    }
}

impl Paged for DescribeSpotFleetRequests {
    fn next(output: &Fleets) -> Option<&str> {
        output.next_token.as_deref()
    }

    fn at(&mut self, token: String) {
        self.next_token = Some(token);
    }
}

fn page(body: &[u8], list: &[u8], read: fn(&mut Cursor<'_>) -> Read<Fleet>) -> Read<Fleets> {
    let mut page = Fleets::default();
    xml::document(body, |name, cursor| {
        match name {
            b"nextToken" => page.next_token = cursor.some_text()?,
            name if name == list => page.fleets = cursor.items(read)?,
            _ => {}
        }
        Ok(())
    })?;
    Ok(page)
}

fn fleet(cursor: &mut Cursor<'_>) -> Read<Fleet> {
    let mut it = Fleet::default();
    cursor.children(|name, cursor| {
        match name {
            b"fleetId" => it.id = cursor.text()?,
            b"fleetState" => it.state = cursor.text()?,
            b"type" => it.kind = cursor.some_text()?,
            b"launchTemplateConfigs" => it.templates = templates(cursor)?,
            b"tagSet" => it.tags = tags::read(cursor)?,
            _ => {}
        }
        Ok(())
    })?;
    Ok(it)
}

fn spot_fleet(cursor: &mut Cursor<'_>) -> Read<Fleet> {
    let mut it = Fleet::default();
    cursor.children(|name, cursor| {
        match name {
            b"spotFleetRequestId" => it.id = cursor.text()?,
            b"spotFleetRequestState" => it.state = cursor.text()?,
            b"tagSet" => it.tags = tags::read(cursor)?,
            b"spotFleetRequestConfig" => cursor.children(|name, cursor| {
                match name {
                    b"launchSpecifications" => it.bare = cursor.items(|_| Ok(()))?.len(),
                    b"launchTemplateConfigs" => it.templates = templates(cursor)?,
                    _ => {}
                }
                Ok(())
            })?,
            _ => {}
        }
        Ok(())
    })?;
    Ok(it)
}

fn templates(cursor: &mut Cursor<'_>) -> Read<Vec<FleetTemplate>> {
    let named = cursor.items(|cursor| {
        let mut found = None;
        cursor.children(|name, cursor| {
            if name == b"launchTemplateSpecification" {
                found = Some(template(cursor)?);
            }
            Ok(())
        })?;
        Ok(found)
    })?;
    Ok(named.into_iter().flatten().collect())
}

fn template(cursor: &mut Cursor<'_>) -> Read<FleetTemplate> {
    let mut it = FleetTemplate::default();
    cursor.children(|name, cursor| {
        match name {
            b"launchTemplateId" => it.id = cursor.some_text()?,
            b"launchTemplateName" => it.name = cursor.some_text()?,
            b"version" => it.version = cursor.some_text()?,
            _ => {}
        }
        Ok(())
    })?;
    Ok(it)
}
