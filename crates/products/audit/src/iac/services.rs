//! Services and tools with a switch of their own instead of metadata options.
//!
//! | resource | switch | left out |
//! |---|---|---|
//! | SageMaker notebook | minimum version `1` or `2` | `1` |
//! | EMR security configuration | the same, inside JSON | IMDSv1 stays |
//! | EMR cluster | that of its security configuration | not to be known |
//! | Elastic Beanstalk environment | `DisableIMDSv1` | by platform: not to be known |
//! | Karpenter node class | metadata options | required, hop limit 1 |
//! | eksctl node group | `disableIMDSv1`, or a launch template of its own | true |
//! | AppStream fleet or builder | `DisableIMDSV1` | not to be known |
//! | ParallelCluster | `Imds/ImdsSupport` | `v2.0` since 3.7.0 |
//! | Packer builder | metadata options of the build host | the builder sends `optional` |

use super::block::{Block, Field, truth};
use super::kinds;
use super::options::{self, CAMEL, SNAKE, Written, written};
use crate::rules;
use onehop_code::{Kind, Language, Resource, Span, Value};
use onehop_posture::{Field as Option_, Level, Setting, Switch, Text, Tokens, Verdict, Why};
use onehop_report::Rule;

/// What a service comes out as.
#[derive(Clone, Debug)]
pub(super) struct Service {
    /// What it is, for people.
    pub words: &'static str,
    /// What it comes out as.
    pub verdict: Verdict,
    /// Why, in words.
    pub because: String,
    /// Where.
    pub span: Option<Span>,
    /// The rule that it breaks.
    pub rule: Option<&'static Rule>,
}

/// Judges a resource that is such a service; `all` are the resources that it may refer to.
pub(super) fn judge(resource: &Resource, all: &[Resource]) -> Option<Service> {
    let kind = &*kinds::plain(resource.language, &resource.kind);
    Some(match (resource.language, kind) {
        (Language::Kubernetes, "EC2NodeClass" | "AWSNodeTemplate") => karpenter(resource),
        (Language::Eksctl, _) => eksctl(resource),
        (Language::ParallelCluster, _) => parallel_cluster(resource),
        (Language::Packer, _) if kind.contains("amazon") => packer(resource),
        (_, "aws_sagemaker_notebook_instance") => notebook(
            resource,
            &["instance_metadata_service_configuration"],
            "minimum_instance_metadata_service_version",
        ),
        (_, "AWS::SageMaker::NotebookInstance") => notebook(
            resource,
            &["InstanceMetadataServiceConfiguration"],
            "MinimumInstanceMetadataServiceVersion",
        ),
        (_, "aws:sagemaker:NotebookInstance") => notebook(
            resource,
            &["instanceMetadataServiceConfiguration"],
            "minimumInstanceMetadataServiceVersion",
        ),
        (_, "aws_elastic_beanstalk_environment" | "aws_elastic_beanstalk_configuration_template") => {
            beanstalk(resource, "setting", ["namespace", "name", "value"])
        }
        (_, "AWS::ElasticBeanstalk::Environment" | "AWS::ElasticBeanstalk::ConfigurationTemplate") => {
            beanstalk(resource, "OptionSettings", ["Namespace", "OptionName", "Value"])
        }
        (_, "aws:elasticbeanstalk:Environment" | "aws:elasticbeanstalk:ConfigurationTemplate") => {
            beanstalk(resource, "settings", ["namespace", "name", "value"])
        }
        (_, "aws_emr_cluster" | "AWS::EMR::Cluster" | "aws:emr:Cluster") => emr_cluster(resource, all),
        (_, "AWS::AppStream::Fleet" | "AWS::AppStream::ImageBuilder" | "AWS::AppStream::AppBlockBuilder") => {
            stream(resource)
        }
        _ => emr(resource, emr_content(resource)?),
    })
}

/// What a switch says.
enum Said {
    /// Version 2 only.
    Required,
    /// Both versions.
    Optional,
    /// The service does not answer at all.
    Disabled,
    /// Nothing.
    Nothing,
    /// Not to be known.
    Unknown(String),
}

/// What holds when the switch says nothing.
enum Otherwise {
    /// Version 2 only.
    Required,
    /// Both versions.
    Optional,
    /// It depends; on what, in words.
    Depends(&'static str),
}

fn service(
    resource: &Resource,
    words: &'static str,
    switch: &str,
    said: Said,
    otherwise: &Otherwise,
    span: Option<Span>,
) -> Service {
    let unresolved = |level, reason: Text| Verdict::Unresolved(Why { field: Option_::Tokens, level, reason });
    let (verdict, because) = match (said, otherwise) {
        (Said::Required, _) => (Verdict::Required, format!("{switch} requires tokens")),
        (Said::Disabled, _) => (Verdict::Disabled, "the metadata service is off".to_owned()),
        (Said::Optional, _) => (Verdict::OptionalExplicit, format!("{switch} allows IMDSv1")),
        (Said::Unknown(reason), _) => {
            let because = format!("{switch} cannot be known, because {reason}");
            (unresolved(Level::Request, reason.into()), because)
        }
        (Said::Nothing, Otherwise::Required) => (
            Verdict::RequiredInherited(Level::BuiltIn),
            format!("{switch} is left out, and the default requires tokens"),
        ),
        (Said::Nothing, Otherwise::Optional) => (
            Verdict::OptionalInherited(Level::BuiltIn),
            format!("{switch} is left out, and the default allows IMDSv1"),
        ),
        (Said::Nothing, Otherwise::Depends(on)) => {
            (unresolved(Level::BuiltIn, Text::Borrowed(on)), format!("{switch} is left out, and {on}"))
        }
    };
    let rule: Option<&'static Rule> = match &verdict {
        Verdict::OptionalExplicit | Verdict::OptionalInherited(_) => Some(&rules::SERVICE_V1),
        Verdict::Unresolved(why) if why.level == Level::BuiltIn => Some(&rules::TOKENS_UNSET),
        Verdict::Unresolved(_) => Some(&rules::TOKENS_UNRESOLVED),
        _ => None,
    };
    Service { words, verdict, because, span: span.or(resource.span), rule }
}

/// A field that names the lowest version that is answered.
fn minimum(field: Field<'_>) -> Said {
    match written(field) {
        Written::Absent => Said::Nothing,
        Written::Text(text) => match text.trim() {
            "2" | "v2" | "v2.0" => Said::Required,
            "1" | "v1" | "v1.0" => Said::Optional,
            other => Said::Unknown(format!("`{other}` is no version of the service")),
        },
        Written::Unknown(reason) => Said::Unknown(reason),
    }
}

fn span_of(field: Field<'_>) -> Option<Span> {
    field.value().and_then(|value| value.span)
}

fn notebook(resource: &Resource, block: &[&str], name: &str) -> Service {
    let field = Block::at(&resource.body, block).field(name);
    service(resource, "notebook", &format!("`{name}`"), minimum(field), &Otherwise::Optional, span_of(field))
}

fn beanstalk(resource: &Resource, list: &str, [namespace, name, value]: [&str; 3]) -> Service {
    const DEPENDS: &str = "the platform of the environment decides";
    let settings = resource.body.get(list);
    let is_switch = |setting: &&Value| {
        let text = |key: &str| setting.get(key).and_then(Value::as_str);
        text(name) == Some("DisableIMDSv1")
            && text(namespace).is_none_or(|space| space == "aws:autoscaling:launchconfiguration")
    };
    let found = settings.map_or(&[][..], Value::items).iter().rev().find(is_switch);
    let field = found.and_then(|setting| setting.get(value)).map_or(Field::Absent, Field::of);
    let any_unknown = settings.is_some_and(|all| {
        all.why_unknown().is_some() || all.items().iter().any(|item| item.why_unknown().is_some())
    });
    let said = match field {
        Field::Absent if any_unknown => {
            Said::Unknown("not all settings of the environment are known".to_owned())
        }
        Field::Absent => Said::Nothing,
        Field::Unknown(unknown) => Said::Unknown(unknown.to_string()),
        Field::Written(value) => match truth(value) {
            Some(true) => Said::Required,
            Some(false) => Said::Optional,
            None => Said::Unknown("its value is neither true nor false".to_owned()),
        },
    };
    service(resource, "environment", "`DisableIMDSv1`", said, &Otherwise::Depends(DEPENDS), span_of(field))
}

/// The attribute of a security configuration that has its JSON; none for other resources.
fn emr_content(resource: &Resource) -> Option<&'static str> {
    Some(match &*kinds::plain(resource.language, &resource.kind) {
        "aws_emr_security_configuration" | "aws:emr:SecurityConfiguration" => "configuration",
        "AWS::EMR::SecurityConfiguration" => "SecurityConfiguration",
        _ => return None,
    })
}

/// A cluster is what its security configuration is, which is told itself where the code has it.
fn emr_cluster(resource: &Resource, all: &[Resource]) -> Service {
    const SWITCH: &str = "its security configuration";
    const DEPENDS: &str = "the account, the image and EC2 decide";
    let names = ["security_configuration", "SecurityConfiguration", "securityConfiguration"];
    let field = names.iter().find_map(|name| resource.body.get(name)).map_or(Field::Absent, Field::of);
    let is_named = |other: &&Resource, named: &Value| match &named.kind {
        Kind::Reference(reference) => other.address == reference.address,
        Kind::String(name) => {
            ["name", "Name"].iter().any(|key| other.body.get(key).and_then(Value::as_str) == Some(name))
        }
        _ => false,
    };
    let found = field.value().and_then(|named| {
        let mut near = all.iter().filter(|other| other.scope == resource.scope);
        let found = near.find(|other| emr_content(other).is_some() && is_named(other, named))?;
        Some((found, emr(found, emr_content(found)?)))
    });
    if let Some((configuration, found)) = found {
        let because = format!("`{}`: {}", configuration.address, found.because);
        return Service {
            words: "cluster",
            because,
            span: span_of(field).or(resource.span),
            rule: None,
            ..found
        };
    }
    let said = match field {
        Field::Absent => Said::Nothing,
        Field::Unknown(unknown) => Said::Unknown(unknown.to_string()),
        Field::Written(_) => Said::Unknown("it is not in this code".to_owned()),
    };
    service(resource, "cluster", SWITCH, said, &Otherwise::Depends(DEPENDS), span_of(field))
}

fn emr(resource: &Resource, name: &str) -> Service {
    const SWITCH: &str = "`MinimumInstanceMetadataServiceVersion`";
    let whole = resource.body.get(name).map_or(Field::Absent, Field::of);
    let said = match whole {
        Field::Absent => Said::Nothing,
        Field::Unknown(unknown) => Said::Unknown(unknown.to_string()),
        Field::Written(value) => match value.as_str() {
            Some(text) => in_json(text),
            None => minimum(
                Block::at(value, &["InstanceMetadataServiceConfiguration"])
                    .field("MinimumInstanceMetadataServiceVersion"),
            ),
        },
    };
    service(resource, "security configuration", SWITCH, said, &Otherwise::Optional, span_of(whole))
}

fn in_json(text: &str) -> Said {
    let Ok(json) = serde_json::from_str::<serde_json::Value>(text) else {
        return Said::Unknown("it is no JSON".to_owned());
    };
    let version = &json["InstanceMetadataServiceConfiguration"]["MinimumInstanceMetadataServiceVersion"];
    match version.as_i64().or_else(|| version.as_str()?.parse().ok()) {
        Some(2) => Said::Required,
        Some(1) => Said::Optional,
        Some(other) => Said::Unknown(format!("`{other}` is no version of the service")),
        None => Said::Nothing,
    }
}

/// What options of the usual names say, and where.
fn of_options(block: Block<'_>, names: &'static options::Names) -> (Said, Option<Span>) {
    let read = options::read(block, names);
    let said = match (&read.endpoint, &read.tokens) {
        (Setting::Set(Switch::Disabled), _) => Said::Disabled,
        (_, Setting::Set(Tokens::Required)) => Said::Required,
        (_, Setting::Set(Tokens::Optional)) => Said::Optional,
        (_, Setting::Unset) => Said::Nothing,
        (_, Setting::Unknown(reason)) => Said::Unknown(reason.to_string()),
    };
    let span = options::tokens_span(block, names).or_else(|| block.value().and_then(|value| value.span));
    (said, span)
}

fn karpenter(resource: &Resource) -> Service {
    let (said, span) = of_options(Block::at(&resource.body, &["spec", "metadataOptions"]), &CAMEL);
    service(resource, "node class", "`metadataOptions.httpTokens`", said, &Otherwise::Required, span)
}

fn packer(resource: &Resource) -> Service {
    let (said, span) = of_options(Block::at(&resource.body, &["metadata_options"]), &SNAKE);
    let mut found =
        service(resource, "build host", "`metadata_options.http_tokens`", said, &Otherwise::Optional, span);
    if let Verdict::OptionalInherited(_) = found.verdict {
        "`metadata_options.http_tokens` is left out, and the builder then asks for `optional`, whatever the \
                         account says; where tokens are enforced the build fails"
            .clone_into(&mut found.because);
    }
    found
}

fn eksctl(resource: &Resource) -> Service {
    if let Some(template) = resource.body.get("launchTemplate").filter(|value| !value.is_null()) {
        // eksctl makes no template then, and its own switches are refused.
        let said =
            Said::Unknown("a launch template of its own decides, which is not in this file".to_owned());
        let span = template.get("id").and_then(|id| id.span).or(template.span);
        return service(resource, "node group", "its launch template", said, &Otherwise::Required, span);
    }
    let field = resource.body.get("disableIMDSv1").map_or(Field::Absent, Field::of);
    service(resource, "node group", "`disableIMDSv1`", closed(field), &Otherwise::Required, span_of(field))
}

/// A switch that closes version 1.
fn closed(field: Field<'_>) -> Said {
    match field {
        Field::Absent => Said::Nothing,
        Field::Unknown(unknown) => Said::Unknown(unknown.to_string()),
        Field::Written(value) => match truth(value) {
            Some(true) => Said::Required,
            Some(false) => Said::Optional,
            None => Said::Unknown("its value is neither true nor false".to_owned()),
        },
    }
}

fn stream(resource: &Resource) -> Service {
    const DEPENDS: &str = "AppStream does not say what holds then";
    let field = resource.body.get("DisableIMDSV1").map_or(Field::Absent, Field::of);
    service(
        resource,
        "streaming instance",
        "`DisableIMDSV1`",
        closed(field),
        &Otherwise::Depends(DEPENDS),
        span_of(field),
    )
}

fn parallel_cluster(resource: &Resource) -> Service {
    let field = Block::at(&resource.body, &["Imds"]).field("ImdsSupport");
    service(resource, "cluster", "`Imds/ImdsSupport`", minimum(field), &Otherwise::Required, span_of(field))
}
