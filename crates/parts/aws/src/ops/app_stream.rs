//! Fleets and builders of `AppStream`, which have a switch of their own.

use crate::action::Action;
use crate::client::{Operation, Paged};
use crate::error::Unreadable;
use crate::ops::json;
use crate::request::Request;
use serde::Deserialize;
use serde_json::json as object;

/// A page of what one of the three listings tells.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct Streams {
    /// Each listing has a name of its own for the things in it.
    #[serde(alias = "Fleets", alias = "ImageBuilders", alias = "AppBlockBuilders")]
    pub streams: Vec<Stream>,
    /// The page after this one.
    pub next_token: Option<String>,
}

/// A fleet, an image builder or an app block builder.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct Stream {
    /// Its name.
    pub name: String,
    /// Whether IMDSv1 is off; left out where nobody said.
    #[serde(rename = "DisableIMDSV1")]
    pub disable_imdsv1: Option<bool>,
}

macro_rules! listings {
    ($($(#[doc = $doc:literal])+ $name:ident)+) => {$(
        $(#[doc = $doc])+
        #[derive(Clone, Debug, Default)]
        pub struct $name {
            /// Which page.
            pub next_token: Option<String>,
        }

        impl Operation for $name {
            type Output = Streams;
            const ACTION: Action = Action::$name;

            fn request(&self) -> Request {
                Request::json(&object!({"NextToken": self.next_token}))
            }

            fn parse(body: &[u8]) -> Result<Streams, Unreadable> {
                json(body)
            }
        }

        impl Paged for $name {
            fn next(output: &Streams) -> Option<&str> {
                output.next_token.as_deref()
            }

            fn at(&mut self, token: String) {
                self.next_token = Some(token);
            }
        }
    )+};
}

listings! {
    /// `DescribeFleets` of `AppStream`.
    DescribeStreamFleets
    /// `DescribeImageBuilders`.
    DescribeImageBuilders
    /// `DescribeAppBlockBuilders`.
    DescribeAppBlockBuilders
}
