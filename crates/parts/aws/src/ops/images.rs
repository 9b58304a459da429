//! Machine images.

use crate::action::Action;
use crate::client::{Operation, Paged};
use crate::error::Unreadable;
use crate::request::{Filter, Form, Request};
use crate::xml::{self, Cursor, Read};

/// `DescribeImages`.
#[derive(Clone, Debug, Default)]
pub struct DescribeImages {
    /// Only these; all if empty. An id that is not known fails the whole call.
    pub ids: Vec<String>,
    /// Only what passes all of them: an `image-id` that is not known fails nothing.
    pub filters: Vec<Filter>,
    /// Only those of these owners: `self`, `amazon`, accounts.
    pub owners: Vec<String>,
    /// Images in a page, 1 to 1000. Not together with `ids`.
    pub page_size: Option<u32>,
    /// Which page.
    pub next_token: Option<String>,
}

/// A page of images.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Images {
    /// The images.
    pub images: Vec<Image>,
    /// The page after this one.
    pub next_token: Option<String>,
}

/// An image.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Image {
    /// `ami-…`.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The account that owns it.
    pub owner_id: String,
    /// `available`, …
    pub state: Option<String>,
    /// `v2.0` or nothing.
    pub imds_support: Option<String>,
    /// ISO 8601.
    pub creation_date: Option<String>,
}

impl Operation for DescribeImages {
    type Output = Images;
    const ACTION: Action = Action::DescribeImages;

    fn request(&self) -> Request {
        Form::of(Self::ACTION)
            .list("ImageId", &self.ids)
            .filters(&self.filters)
            .list("Owner", &self.owners)
            .put_some("MaxResults", self.page_size)
            .put_some("NextToken", self.next_token.as_deref())
            .finish()
    }

    fn parse(body: &[u8]) -> Result<Images, Unreadable> {
        let mut page = Images::default();
        xml::document(body, |name, cursor| {
            match name {
                b"imagesSet" => page.images = cursor.items(image)?,
                b"nextToken" => page.next_token = cursor.some_text()?,
                _ => {}
            }
            Ok(())
        })?;
        Ok(page)
    }
}

impl Paged for DescribeImages {
    fn next(output: &Images) -> Option<&str> {
        output.next_token.as_deref()
    }

    fn at(&mut self, token: String) {
        self.next_token = Some(token);
    }
}

fn image(cursor: &mut Cursor<'_>) -> Read<Image> {
    let mut it = Image::default();
    cursor.children(|name, cursor| {
        match name {
            b"imageId" => it.id = cursor.text()?,
            b"name" => it.name = cursor.text()?,
            b"imageOwnerId" => it.owner_id = cursor.text()?,
            b"imageState" => it.state = cursor.some_text()?,
            b"imdsSupport" => it.imds_support = cursor.some_text()?,
            b"creationDate" => it.creation_date = cursor.some_text()?,
            _ => {}
        }
        Ok(())
    })?;
    Ok(it)
}

/// `ModifyImageAttribute`: marks an own image for IMDSv2. There is no way back but a new image.
#[derive(Clone, Debug, Default)]
pub struct RequireTokensOfImage {
    /// `ami-…`.
    pub image_id: String,
    /// Only ask whether it would be allowed.
    pub dry_run: bool,
}

impl Operation for RequireTokensOfImage {
    type Output = ();
    const ACTION: Action = Action::ModifyImageAttribute;

    fn request(&self) -> Request {
        Form::of(Self::ACTION)
            .put("ImageId", &self.image_id)
            .put("Attribute", "imdsSupport")
            .put("ImdsSupport.Value", "v2.0")
            .put_some("DryRun", self.dry_run.then_some(true))
            .finish()
    }

    fn parse(body: &[u8]) -> Result<(), Unreadable> {
        xml::document(body, |_, _| Ok(()))
    }
}
