//! Who the keys are of, and roles.

use crate::action::Action;
use crate::client::Operation;
use crate::error::Unreadable;
use crate::request::{Form, Request};
use crate::xml;
use onehop_verdict::Secret;
use std::time::SystemTime;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// `GetCallerIdentity`.
#[derive(Clone, Debug, Default)]
pub struct GetCallerIdentity;

/// Who signs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CallerIdentity {
    /// The account.
    pub account: String,
    /// The user or the session of a role.
    pub arn: String,
}

impl Operation for GetCallerIdentity {
    type Output = CallerIdentity;
    const ACTION: Action = Action::GetCallerIdentity;

    fn request(&self) -> Request {
        Form::of(Self::ACTION).finish()
    }

    fn parse(body: &[u8]) -> Result<CallerIdentity, Unreadable> {
        let mut it = CallerIdentity::default();
        xml::document(body, |name, cursor| {
            match name {
                b"Account" => it.account = cursor.text()?,
                b"Arn" => it.arn = cursor.text()?,
                _ => {}
            }
            Ok(())
        })?;
        Ok(it)
    }
}

/// `AssumeRole`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AssumeRole {
    /// `arn:aws:iam::111122223333:role/name`.
    pub role_arn: String,
    /// What logs call the session.
    pub session_name: String,
    /// What the trust of the role may ask for.
    pub external_id: Option<String>,
}

/// Credentials of a role.
#[derive(Clone, Debug)]
pub struct AssumedRole {
    /// Not secret.
    pub access_key_id: String,
    /// Secret.
    pub secret_access_key: Secret<String>,
    /// Secret.
    pub session_token: Secret<String>,
    /// Until when they are good.
    pub expiration: Option<SystemTime>,
}

impl Operation for AssumeRole {
    type Output = AssumedRole;
    const ACTION: Action = Action::AssumeRole;

    fn request(&self) -> Request {
        Form::of(Self::ACTION)
            .put("RoleArn", &self.role_arn)
            .put("RoleSessionName", &self.session_name)
            .put_some("ExternalId", self.external_id.as_deref())
            .finish()
    }

    fn parse(body: &[u8]) -> Result<AssumedRole, Unreadable> {
        let (mut id, mut expiration) = (String::new(), None);
        let (mut key, mut token) = (Secret::new(String::new()), Secret::new(String::new()));
        xml::document(body, |name, cursor| match name {
            b"Credentials" => cursor.children(|name, cursor| {
                match name {
                    b"AccessKeyId" => id = cursor.text()?,
                    b"SecretAccessKey" => key = Secret::new(cursor.text()?),
                    b"SessionToken" => token = Secret::new(cursor.text()?),
                    b"Expiration" => {
                        expiration =
                            OffsetDateTime::parse(&cursor.text()?, &Rfc3339).ok().map(SystemTime::from);
                    }
                    _ => {}
                }
                Ok(())
            }),
            _ => Ok(()),
        })?;
        if id.is_empty() || key.expose().is_empty() {
            return Err(Unreadable("it has no credentials".to_owned()));
        }
        Ok(AssumedRole { access_key_id: id, secret_access_key: key, session_token: token, expiration })
    }
}
