//! What a request asks for: who, where, which operation, with what.

use crate::answer::{Done, Fault};
use percent_encoding::percent_decode_str;
use serde_json::Value;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// A service, by the name in signatures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Service {
    Ec2,
    AutoScaling,
    Sts,
    CloudWatch,
    Iam,
    Organizations,
    Beanstalk,
    SageMaker,
    Emr,
    Lightsail,
    Eks,
    Ecs,
    ImageBuilder,
    LoadBalancing,
    Ssm,
    AppStream,
    Batch,
}

impl Service {
    pub(crate) fn of(name: &str) -> Option<Service> {
        Some(match name {
            "ec2" => Service::Ec2,
            "autoscaling" => Service::AutoScaling,
            "sts" => Service::Sts,
            "monitoring" => Service::CloudWatch,
            "iam" => Service::Iam,
            "organizations" => Service::Organizations,
            "elasticbeanstalk" => Service::Beanstalk,
            "sagemaker" => Service::SageMaker,
            "elasticmapreduce" => Service::Emr,
            "lightsail" => Service::Lightsail,
            "eks" => Service::Eks,
            "ecs" => Service::Ecs,
            "imagebuilder" => Service::ImageBuilder,
            "elasticloadbalancing" => Service::LoadBalancing,
            "ssm" => Service::Ssm,
            "appstream" => Service::AppStream,
            "batch" => Service::Batch,
            _ => return None,
        })
    }

    pub(crate) const fn speaks_json(self) -> bool {
        matches!(
            self,
            Service::Organizations
                | Service::SageMaker
                | Service::Emr
                | Service::Lightsail
                | Service::Eks
                | Service::Ecs
                | Service::ImageBuilder
                | Service::Ssm
                | Service::AppStream
                | Service::Batch
        )
    }

    /// The prefix of its permissions.
    pub(crate) const fn prefix(self) -> &'static str {
        match self {
            Service::Ec2 => "ec2",
            Service::AutoScaling => "autoscaling",
            Service::Sts => "sts",
            Service::CloudWatch => "cloudwatch",
            Service::Iam => "iam",
            Service::Organizations => "organizations",
            Service::Beanstalk => "elasticbeanstalk",
            Service::SageMaker => "sagemaker",
            Service::Emr => "elasticmapreduce",
            Service::Lightsail => "lightsail",
            Service::Eks => "eks",
            Service::Ecs => "ecs",
            Service::ImageBuilder => "imagebuilder",
            Service::LoadBalancing => "elasticloadbalancing",
            Service::Ssm => "ssm",
            Service::AppStream => "appstream",
            Service::Batch => "batch",
        }
    }
}

/// An operation with its parameters.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) service: Service,
    pub(crate) operation: String,
    pub(crate) region: String,
    /// Parameters of a form, of a query; segments of a path as `path.0`, ….
    pub(crate) parameters: BTreeMap<String, String>,
    pub(crate) json: Value,
}

impl Asked {
    /// Reads the operation from path, headers and body.
    pub(crate) fn read(
        service: Service,
        region: &str,
        target: Option<&str>,
        method: &str,
        uri: &http::Uri,
        body: &[u8],
    ) -> Done<Asked> {
        let mut parameters: BTreeMap<String, String> = pairs(uri.query().unwrap_or_default());
        let mut json = Value::Null;
        let operation = if service.speaks_json() {
            if !body.is_empty() {
                json = serde_json::from_slice(body)
                    .map_err(|_| Fault::bad("SerializationException", "the body is no JSON"))?;
            }
            match target {
                Some(target) => target.rsplit('.').next().unwrap_or_default().to_owned(),
                None => of_path(method, uri.path(), &mut parameters)?,
            }
        } else {
            let form =
                std::str::from_utf8(body).map_err(|_| Fault::bad("MalformedQueryString", "not UTF-8"))?;
            parameters.append(&mut pairs(form));
            parameters.get("Action").cloned().unwrap_or_default()
        };
        Ok(Asked { service, operation, region: region.to_owned(), parameters, json })
    }

    /// As IAM names it.
    pub(crate) fn permission(&self) -> String {
        format!("{}:{}", self.service.prefix(), self.operation)
    }

    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.parameters.get(name).map(String::as_str)
    }

    pub(crate) fn need(&self, name: &str) -> Done<&str> {
        self.get(name).ok_or_else(|| {
            Fault::bad("MissingParameter", format!("the request must contain the parameter {name}"))
        })
    }

    /// `name.1`, `name.2`, …
    pub(crate) fn list(&self, name: &str) -> Vec<&str> {
        (1..).map_while(|index| self.get(&format!("{name}.{index}"))).collect()
    }

    /// A text of the JSON body.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.json.get(name).and_then(Value::as_str)
    }

    pub(crate) fn is_dry_run(&self) -> bool {
        self.get("DryRun") == Some("true")
    }
}

fn of_path(method: &str, path: &str, parameters: &mut BTreeMap<String, String>) -> Done<String> {
    let segments: Vec<Cow<'_, str>> =
        path.split('/').skip(1).map(|segment| percent_decode_str(segment).decode_utf8_lossy()).collect();
    for (index, segment) in segments.iter().enumerate() {
        parameters.insert(format!("path.{index}"), segment.to_string());
    }
    let segments: Vec<&str> = segments.iter().map(AsRef::as_ref).collect();
    Ok(match (method, segments.as_slice()) {
        ("GET", ["clusters"]) => "ListClusters",
        ("GET", ["clusters", _, "node-groups"]) => "ListNodegroups",
        ("GET", ["clusters", _, "node-groups", _]) => "DescribeNodegroup",
        ("POST", ["ListInfrastructureConfigurations"]) => "ListInfrastructureConfigurations",
        ("POST", ["v1", "describecomputeenvironments"]) => "DescribeComputeEnvironments",
        ("GET", ["GetInfrastructureConfiguration"]) => "GetInfrastructureConfiguration",
        _ => return Err(Fault::new(404, "UnknownOperationException", "no operation has this path")),
    }
    .to_owned())
}

fn pairs(text: &str) -> BTreeMap<String, String> {
    let decoded = |text: &str| percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned();
    text.split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (decoded(name), decoded(value)))
        .collect()
}
