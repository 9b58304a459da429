//! What roles may do.

use crate::action::Action;
use crate::client::{Operation, Paged};
use crate::error::Unreadable;
use crate::ops::instances::inner;
use crate::request::{Form, Request};
use crate::xml::{self, Cursor, Read};
use percent_encoding::percent_decode_str;

/// `GetAccountAuthorizationDetails` of roles and the policies of the account.
#[derive(Clone, Debug, Default)]
pub struct GetAccountAuthorizationDetails {
    /// Things in a page, 1 to 1000.
    pub page_size: Option<u32>,
    /// Which page.
    pub marker: Option<String>,
}

/// A page of roles and policies.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuthorizationDetails {
    /// Roles.
    pub roles: Vec<Role>,
    /// Managed policies that roles may have attached.
    pub policies: Vec<ManagedPolicy>,
    /// The page after this one.
    pub marker: Option<String>,
}

/// A role.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Role {
    /// Its name.
    pub name: String,
    /// Its ARN.
    pub arn: String,
    /// ARNs of instance profiles that hold it.
    pub instance_profiles: Vec<String>,
    /// ARNs of attached policies.
    pub attached: Vec<String>,
    /// JSON documents of its own policies.
    pub inline: Vec<String>,
    /// The ARN of its permissions boundary.
    pub boundary: Option<String>,
}

/// A managed policy with its default version.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ManagedPolicy {
    /// Its ARN.
    pub arn: String,
    /// Its JSON document; empty if the answer does not have it.
    pub document: String,
}

impl Operation for GetAccountAuthorizationDetails {
    type Output = AuthorizationDetails;
    const ACTION: Action = Action::GetAccountAuthorizationDetails;

    fn request(&self) -> Request {
        Form::of(Self::ACTION)
            .list("Filter.member", &["Role", "LocalManagedPolicy", "AWSManagedPolicy"])
            .put_some("MaxItems", self.page_size)
            .put_some("Marker", self.marker.as_deref())
            .finish()
    }

    fn parse(body: &[u8]) -> Result<AuthorizationDetails, Unreadable> {
        let mut page = AuthorizationDetails::default();
        xml::document(body, |name, cursor| {
            match name {
                b"RoleDetailList" => page.roles = cursor.items(role)?,
                b"Policies" => page.policies = cursor.items(policy)?,
                b"Marker" => page.marker = cursor.some_text()?,
                _ => {}
            }
            Ok(())
        })?;
        Ok(page)
    }
}

impl Paged for GetAccountAuthorizationDetails {
    fn next(output: &AuthorizationDetails) -> Option<&str> {
        output.marker.as_deref()
    }

    fn at(&mut self, token: String) {
        self.marker = Some(token);
    }
}

fn role(cursor: &mut Cursor<'_>) -> Read<Role> {
    let mut it = Role::default();
    cursor.children(|name, cursor| {
        match name {
            b"RoleName" => it.name = cursor.text()?,
            b"Arn" => it.arn = cursor.text()?,
            b"InstanceProfileList" => it.instance_profiles = each(cursor, b"Arn")?,
            b"AttachedManagedPolicies" => it.attached = each(cursor, b"PolicyArn")?,
            b"RolePolicyList" => {
                it.inline = each(cursor, b"PolicyDocument")?.iter().map(|text| decoded(text)).collect();
            }
            b"PermissionsBoundary" => it.boundary = inner(cursor, b"PermissionsBoundaryArn")?,
            _ => {}
        }
        Ok(())
    })?;
    Ok(it)
}

fn each(cursor: &mut Cursor<'_>, wanted: &[u8]) -> Read<Vec<String>> {
    Ok(cursor.items(|cursor| inner(cursor, wanted))?.into_iter().flatten().collect())
}

fn policy(cursor: &mut Cursor<'_>) -> Read<ManagedPolicy> {
    let mut it = ManagedPolicy::default();
    cursor.children(|name, cursor| {
        match name {
            b"Arn" => it.arn = cursor.text()?,
            b"PolicyVersionList" => {
                let documents = cursor.items(default_document)?;
                it.document = documents.into_iter().flatten().next().unwrap_or_default();
            }
            _ => {}
        }
        Ok(())
    })?;
    Ok(it)
}

fn default_document(cursor: &mut Cursor<'_>) -> Read<Option<String>> {
    let (mut document, mut is_default) = (None, false);
    cursor.children(|name, cursor| {
        match name {
            b"Document" => document = cursor.some_text()?,
            b"IsDefaultVersion" => is_default = cursor.flag()?,
            _ => {}
        }
        Ok(())
    })?;
    Ok(document.filter(|_| is_default).map(|text| decoded(&text)))
}

/// Documents are percent-encoded (RFC 3986).
fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}
