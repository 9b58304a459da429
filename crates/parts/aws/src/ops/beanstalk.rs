//! Elastic Beanstalk environments.

use crate::action::Action;
use crate::client::{Operation, Paged};
use crate::error::Unreadable;
use crate::request::{Form, Request};
use crate::xml::{self, Cursor, Read};

/// `DescribeEnvironments`.
#[derive(Clone, Debug, Default)]
pub struct DescribeEnvironments {
    /// Which page.
    pub next_token: Option<String>,
}

/// A page of environments.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Environments {
    /// The environments.
    pub environments: Vec<Environment>,
    /// The page after this one.
    pub next_token: Option<String>,
}

/// An environment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Environment {
    /// `e-…`.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its application.
    pub application: String,
    /// Its platform.
    pub platform: Option<String>,
    /// `Ready`, `Terminated`, …
    pub status: String,
}

impl Operation for DescribeEnvironments {
    type Output = Environments;
    const ACTION: Action = Action::DescribeEnvironments;

    fn request(&self) -> Request {
        Form::of(Self::ACTION)
            .put("IncludeDeleted", "false")
            .put_some("NextToken", self.next_token.as_deref())
            .finish()
    }

    fn parse(body: &[u8]) -> Result<Environments, Unreadable> {
        let mut page = Environments::default();
        xml::document(body, |name, cursor| {
            match name {
                b"Environments" => page.environments = cursor.items(environment)?,
                b"NextToken" => page.next_token = cursor.some_text()?,
                _ => {}
            }
            Ok(())
        })?;
        Ok(page)
    }
}

impl Paged for DescribeEnvironments {
    fn next(output: &Environments) -> Option<&str> {
        output.next_token.as_deref()
    }

    fn at(&mut self, token: String) {
        self.next_token = Some(token);
    }
}

fn environment(cursor: &mut Cursor<'_>) -> Read<Environment> {
    let mut it = Environment::default();
    cursor.children(|name, cursor| {
        match name {
            b"EnvironmentId" => it.id = cursor.text()?,
            b"EnvironmentName" => it.name = cursor.text()?,
            b"ApplicationName" => it.application = cursor.text()?,
            b"SolutionStackName" => it.platform = cursor.some_text()?,
            b"Status" => it.status = cursor.text()?,
            _ => {}
        }
        Ok(())
    })?;
    Ok(it)
}

/// `DescribeConfigurationSettings` of an environment.
#[derive(Clone, Debug, Default)]
pub struct DescribeConfigurationSettings {
    /// Its application.
    pub application: String,
    /// Its name.
    pub environment: String,
}

/// One option.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OptionSetting {
    /// E.g. `aws:autoscaling:launchconfiguration`.
    pub namespace: String,
    /// E.g. `DisableIMDSv1`.
    pub name: String,
    /// Its value.
    pub value: Option<String>,
}

impl Operation for DescribeConfigurationSettings {
    type Output = Vec<OptionSetting>;
    const ACTION: Action = Action::DescribeConfigurationSettings;

    fn request(&self) -> Request {
        Form::of(Self::ACTION)
            .put("ApplicationName", &self.application)
            .put("EnvironmentName", &self.environment)
            .finish()
    }

    fn parse(body: &[u8]) -> Result<Vec<OptionSetting>, Unreadable> {
        let mut found = Vec::new();
        xml::document(body, |name, cursor| {
            if name == b"ConfigurationSettings" {
                cursor.items(|cursor| settings(cursor, &mut found))?;
            }
            Ok(())
        })?;
        Ok(found)
    }
}

fn settings(cursor: &mut Cursor<'_>, to: &mut Vec<OptionSetting>) -> Read<()> {
    cursor.children(|name, cursor| {
        if name == b"OptionSettings" {
            to.append(&mut cursor.items(option)?);
        }
        Ok(())
    })
}

fn option(cursor: &mut Cursor<'_>) -> Read<OptionSetting> {
    let mut it = OptionSetting::default();
    cursor.children(|name, cursor| {
        match name {
            b"Namespace" => it.namespace = cursor.text()?,
            b"OptionName" => it.name = cursor.text()?,
            b"Value" => it.value = cursor.some_text()?,
            _ => {}
        }
        Ok(())
    })?;
    Ok(it)
}
