//! What an account and region default to, and enforce.

use crate::action::Action;
use crate::client::Operation;
use crate::error::Unreadable;
use crate::request::{Form, Request};
use crate::xml::{self, Cursor, Read};

/// `GetInstanceMetadataDefaults`.
#[derive(Clone, Debug, Default)]
pub struct GetInstanceMetadataDefaults;

/// Defaults of an account in a region. What is `None` is no preference, which is not `optional`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MetadataDefaults {
    /// `optional` or `required`.
    pub http_tokens: Option<String>,
    /// 1 to 64.
    pub http_put_response_hop_limit: Option<i64>,
    /// `enabled` or `disabled`.
    pub http_endpoint: Option<String>,
    /// `enabled` or `disabled`.
    pub instance_metadata_tags: Option<String>,
    /// `enabled` or `disabled`: launches that would allow IMDSv1 fail.
    pub http_tokens_enforced: Option<String>,
    /// `account` or `declarative-policy`.
    pub managed_by: Option<String>,
    /// What the declarative policy tells people who try to change it.
    pub managed_exception_message: Option<String>,
}

impl Operation for GetInstanceMetadataDefaults {
    type Output = MetadataDefaults;
    const ACTION: Action = Action::GetInstanceMetadataDefaults;

    fn request(&self) -> Request {
        Form::of(Self::ACTION).finish()
    }

    fn parse(body: &[u8]) -> Result<MetadataDefaults, Unreadable> {
        let mut defaults = MetadataDefaults::default();
        xml::document(body, |name, cursor| {
            if name == b"accountLevel" {
                defaults = account_level(cursor)?;
            }
            Ok(())
        })?;
        Ok(defaults)
    }
}

fn account_level(cursor: &mut Cursor<'_>) -> Read<MetadataDefaults> {
    let mut it = MetadataDefaults::default();
    cursor.children(|name, cursor| {
        match name {
            b"httpTokens" => it.http_tokens = cursor.some_text()?,
            b"httpPutResponseHopLimit" => it.http_put_response_hop_limit = cursor.parsed()?,
            b"httpEndpoint" => it.http_endpoint = cursor.some_text()?,
            b"instanceMetadataTags" => it.instance_metadata_tags = cursor.some_text()?,
            b"httpTokensEnforced" => it.http_tokens_enforced = cursor.some_text()?,
            b"managedBy" => it.managed_by = cursor.some_text()?,
            b"managedExceptionMessage" => it.managed_exception_message = cursor.some_text()?,
            _ => {}
        }
        Ok(())
    })?;
    Ok(it)
}

/// `ModifyInstanceMetadataDefaults`. What is left out keeps its value.
#[derive(Clone, Debug, Default)]
pub struct ModifyInstanceMetadataDefaults {
    /// `optional`, `required` or `no-preference`.
    pub http_tokens: Option<String>,
    /// 1 to 64, or -1 for no preference.
    pub http_put_response_hop_limit: Option<i64>,
    /// `enabled`, `disabled` or `no-preference`.
    pub http_endpoint: Option<String>,
    /// `enabled`, `disabled` or `no-preference`.
    pub instance_metadata_tags: Option<String>,
    /// `enabled`, `disabled` or `no-preference`.
    pub http_tokens_enforced: Option<String>,
    /// Only ask whether it would be allowed.
    pub dry_run: bool,
}

impl Operation for ModifyInstanceMetadataDefaults {
    type Output = ();
    const ACTION: Action = Action::ModifyInstanceMetadataDefaults;

    fn request(&self) -> Request {
        Form::of(Self::ACTION)
            .put_some("HttpTokens", self.http_tokens.as_deref())
            .put_some("HttpPutResponseHopLimit", self.http_put_response_hop_limit)
            .put_some("HttpEndpoint", self.http_endpoint.as_deref())
            .put_some("InstanceMetadataTags", self.instance_metadata_tags.as_deref())
            .put_some("HttpTokensEnforced", self.http_tokens_enforced.as_deref())
            .put_some("DryRun", self.dry_run.then_some(true))
            .finish()
    }

    fn parse(body: &[u8]) -> Result<(), Unreadable> {
        let mut done = false;
        xml::document(body, |name, cursor| {
            if name == b"return" {
                done = cursor.flag()?;
            }
            Ok(())
        })?;
        if done { Ok(()) } else { Err(Unreadable("it does not say that it was done".to_owned())) }
    }
}
