//! What code would make.

use crate::source::Span;
use crate::value::{Unknown, Value};
use std::fmt;

/// One resource that code would make, or one document that stands for it.
#[derive(Clone, Debug, PartialEq)]
pub struct Resource {
    /// The language that it is written in.
    pub language: Language,
    /// Its kind as the language names it: `aws_instance`, `AWS::EC2::Instance`, `EC2NodeClass`.
    pub kind: String,
    /// Its full address, unique in its scope: `module.web["a"].aws_instance.this[0]`, a logical id.
    pub address: String,
    /// What addresses are unique in: the root directory, the template, the plan file. References stay inside of it.
    pub scope: String,
    /// What it says.
    pub body: Value,
    /// Where it is declared: the block's head, the logical id.
    pub span: Option<Span>,
    /// Where it is declared as a whole, so that something can be added: the block with its braces.
    pub block: Option<Span>,
    /// Who makes it.
    pub provider: Provider,
    /// Whether it is made at all.
    pub presence: Presence,
    /// Calls of modules on the way to it, outermost first: where a fix may have to go.
    pub calls: Vec<Span>,
}

/// The languages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Language {
    /// Terraform configuration, native or JSON syntax.
    Terraform,
    /// A Terraform plan as JSON.
    TerraformPlan,
    /// A Terraform state.
    TerraformState,
    /// A CloudFormation or SAM template, also one made by the CDK.
    CloudFormation,
    /// Pulumi YAML or a preview as JSON.
    Pulumi,
    /// A Kubernetes manifest (Karpenter).
    Kubernetes,
    /// An eksctl cluster file.
    Eksctl,
    /// A Packer template, HCL or JSON.
    Packer,
    /// An AWS `ParallelCluster` file.
    ParallelCluster,
    /// An Ansible playbook or task file.
    Ansible,
    /// A service control policy or declarative policy as JSON.
    Policy,
    /// A script, user data, a Dockerfile.
    Script,
}

impl Language {
    /// Its name for people.
    pub const fn name(self) -> &'static str {
        match self {
            Language::Terraform => "Terraform",
            Language::TerraformPlan => "Terraform plan",
            Language::TerraformState => "Terraform state",
            Language::CloudFormation => "CloudFormation",
            Language::Pulumi => "Pulumi",
            Language::Kubernetes => "Kubernetes",
            Language::Eksctl => "eksctl",
            Language::Packer => "Packer",
            Language::ParallelCluster => "ParallelCluster",
            Language::Ansible => "Ansible",
            Language::Policy => "policy",
            Language::Script => "script",
        }
    }
}

/// Who makes a resource.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Provider {
    /// Which of several configurations of the provider; empty for the default one.
    pub alias: String,
    /// The region it works in, if the code says so.
    pub region: Option<String>,
    /// The version that a lock file pins, e.g. `4.22.0`.
    pub locked: Option<String>,
    /// The versions that the code asks for, e.g. `~> 4.22`.
    pub constraint: Option<String>,
}

/// Whether a resource is made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Presence {
    /// It is.
    #[default]
    Sure,
    /// Its count or condition cannot be known.
    Unknown(Unknown),
}

/// What kept a reader from reading all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// What kind of thing.
    pub kind: TroubleKind,
    /// In words, with what to do if there is something.
    pub message: String,
    /// Where, if it has a place.
    pub span: Option<Span>,
    /// Which file, also if it could not be opened.
    pub path: String,
}

/// Kinds of trouble.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum TroubleKind {
    /// The text is no valid text of its language.
    Syntax,
    /// A file that the code names is not there.
    Missing,
    /// More, deeper or larger than what is looked at.
    Bound,
    /// Something leads back to itself.
    Cycle,
    /// The file could not be opened or read.
    Unreadable,
    /// A template of another language (Helm, Jinja) that makes the text only when it is rendered.
    Template,
}

impl TroubleKind {
    /// A stable name for programs.
    pub const fn name(self) -> &'static str {
        match self {
            TroubleKind::Syntax => "syntax",
            TroubleKind::Missing => "missing",
            TroubleKind::Bound => "bound",
            TroubleKind::Cycle => "cycle",
            TroubleKind::Unreadable => "unreadable",
            TroubleKind::Template => "template",
        }
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "{}: {}", self.path, self.message)
    }
}
