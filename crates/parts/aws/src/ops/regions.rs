//! Regions of an account.

use crate::action::Action;
use crate::client::Operation;
use crate::error::Unreadable;
use crate::request::{Form, Request};
use crate::xml;

/// `DescribeRegions`: those that are enabled for the account.
#[derive(Clone, Debug, Default)]
pub struct DescribeRegions;

impl Operation for DescribeRegions {
    type Output = Vec<String>;
    const ACTION: Action = Action::DescribeRegions;

    fn request(&self) -> Request {
        Form::of(Self::ACTION).finish()
    }

    fn parse(body: &[u8]) -> Result<Vec<String>, Unreadable> {
        let mut regions = Vec::new();
        xml::document(body, |name, cursor| {
            if name == b"regionInfo" {
                regions = cursor.items(|cursor| {
                    let mut region = String::new();
                    cursor.children(|name, cursor| {
                        if name == b"regionName" {
                            region = cursor.text()?;
                        }
                        Ok(())
                    })?;
                    Ok(region)
                })?;
            }
            Ok(())
        })?;
        regions.retain(|region| !region.is_empty());
        Ok(regions)
    }
}
