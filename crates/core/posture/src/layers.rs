//! What all levels say.

use crate::options::Options;
use crate::setting::{Setting, Text};
use serde::{Deserialize, Serialize};

/// What the image says (`ImdsSupport`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ImageSupport {
    /// `v2.0`: tokens are required and the hop limit is 2, unless a level above says otherwise.
    V2,
    /// The image is known, and says nothing.
    #[default]
    Legacy,
    /// No image is named here; the launch names one. Not the same as an image that is named and not known.
    Unnamed,
    /// An image is named, and what it says cannot be known. The reason in words.
    Unknown(Text),
}

impl ImageSupport {
    /// From the attribute of an image that was looked up.
    pub fn of(attribute: Option<&str>) -> ImageSupport {
        match attribute {
            None | Some("") => ImageSupport::Legacy,
            Some("v2.0") => ImageSupport::V2,
            Some(other) => {
                let shown: String = other.chars().take(40).collect();
                ImageSupport::Unknown(format!("`{shown}` is no value of ImdsSupport that is known").into())
            }
        }
    }

    /// Why what it says is not known, if so.
    pub fn reason(&self) -> Option<Text> {
        match self {
            ImageSupport::V2 | ImageSupport::Legacy => None,
            ImageSupport::Unnamed => Some(Text::Borrowed("no image is named here: the launch names one")),
            ImageSupport::Unknown(reason) => Some(reason.clone()),
        }
    }
}

/// What all levels say. The default is a launch about which everybody says nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct Layers {
    /// The launch request.
    pub request: Options,
    /// The launch template that it names: the version that it really uses.
    pub template: Options,
    /// The defaults of account and region. Its `ipv6` is not looked at: there is no such default.
    pub account: Options,
    /// The image.
    pub image: ImageSupport,
    /// Whether the account refuses launches that do not require tokens (`HttpTokensEnforced`).
    pub enforced: Setting<bool>,
}

impl Layers {
    /// Layers of code that is looked at without an account: what account and image say is unknown.
    pub fn without_account(reason: impl Into<Text>) -> Layers {
        let reason = reason.into();
        Layers {
            account: Options::unknown(reason.clone()),
            enforced: Setting::Unknown(reason),
            image: ImageSupport::Unnamed,
            ..Layers::default()
        }
    }
}
