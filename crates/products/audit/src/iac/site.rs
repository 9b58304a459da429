//! What a resource says about metadata options, in one form for all languages.

use super::block::Block;
use super::options::{self, Names};
use onehop_code::{Resource, Span, Value};
use onehop_posture::Options;

/// A resource that has to do with metadata options.
#[derive(Clone, Debug)]
pub(super) struct Site<'a> {
    /// The resource.
    pub resource: &'a Resource,
    /// What it is.
    pub role: Role,
    /// What it says itself.
    pub options: Options,
    /// Where it says so.
    pub block: Block<'a>,
    /// How it spells options.
    pub names: &'static Names,
    /// The launch templates that it names, each with a version.
    pub templates: Vec<TemplateUse<'a>>,
    /// The launch configuration that it names.
    pub configuration: Option<&'a Value>,
    /// Whether it describes instances itself, where options cannot be said.
    pub is_bare: bool,
    /// The image that it names.
    pub image: Option<&'a Value>,
    /// What runs at its first start.
    pub user_data: Option<&'a Value>,
}

/// A launch template that a resource names.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct TemplateUse<'a> {
    /// By its id or its name.
    pub template: &'a Value,
    /// The version, if one is written.
    pub version: Option<&'a Value>,
    /// The place where both are written.
    pub span: Option<Span>,
}

/// What a resource is to metadata options.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Role {
    /// An instance.
    Instance,
    /// A launch template.
    Template,
    /// A launch configuration: it cannot be changed, only replaced.
    LaunchConfiguration,
    /// Something that starts instances from a launch template or launch configuration.
    Group,
    /// A group of nodes that makes its own launch template where none is named.
    NodeGroup,
    /// A request for spot instances: its interface has no field for metadata options.
    Spot,
    /// The defaults of the account in a region.
    AccountDefaults,
    /// An image that the code makes.
    Image,
    /// The host on which an image is built.
    BuildHost,
}

impl Role {
    /// Its name for people.
    pub(super) const fn words(self) -> &'static str {
        match self {
            Role::Instance => "instance",
            Role::Template => "launch template",
            Role::LaunchConfiguration => "launch configuration",
            Role::Group => "group of instances",
            Role::NodeGroup => "node group",
            Role::Spot => "spot request",
            Role::AccountDefaults => "account default",
            Role::Image => "image",
            Role::BuildHost => "build host",
        }
    }
}

impl<'a> Site<'a> {
    /// A site with its options read, and no references yet.
    pub(super) fn new(
        resource: &'a Resource,
        role: Role,
        block: Block<'a>,
        names: &'static Names,
    ) -> Site<'a> {
        Site {
            resource,
            role,
            options: options::read(block, names),
            block,
            names,
            templates: Vec::new(),
            configuration: None,
            is_bare: false,
            image: None,
            user_data: None,
        }
    }

    /// Where a finding about tokens goes: the value, else the block, else the head of the resource.
    pub(super) fn tokens_span(&self) -> Option<Span> {
        options::tokens_span(self.block, self.names)
            .or_else(|| self.block.value().and_then(|value| value.span))
            .or(self.resource.span)
    }
}
