//! The operations of each service.

mod app_stream;
mod autoscaling;
mod defaults;
mod ecs;
mod fleets;
mod instances;
mod json;
mod organizations;
mod query;
mod reports;
mod rest;
mod templates;

pub(crate) use reports::Report;

use crate::answer::{Answer, Done, Fault, REQUEST_ID, Xml};
use crate::request::Service;
use crate::world::Scene;

/// Answers a request that was let through.
pub(crate) fn answer(scene: &Scene<'_>) -> Done<Answer> {
    match scene.asked.service {
        Service::Ec2 => ec2(scene),
        Service::AutoScaling => autoscaling::answer(scene),
        Service::Sts | Service::Iam | Service::CloudWatch | Service::Beanstalk | Service::LoadBalancing => {
            query::answer(scene)
        }
        Service::Eks | Service::ImageBuilder | Service::Batch => rest::answer(scene),
        _ => json::answer(scene),
    }
}

fn ec2(scene: &Scene<'_>) -> Done<Answer> {
    // The permission was looked at before: a dry run that comes this far would have been allowed.
    if scene.asked.is_dry_run() {
        return Err(Fault::new(
            412,
            "DryRunOperation",
            "Request would have succeeded, but DryRun flag is set.",
        ));
    }
    match scene.asked.operation.as_str() {
        "DescribeRegions" => Ok(defaults::regions(scene)),
        "GetInstanceMetadataDefaults" => defaults::get(scene),
        "ModifyInstanceMetadataDefaults" => defaults::modify(scene),
        "DescribeInstances" => instances::describe(scene),
        "ModifyInstanceMetadataOptions" => instances::modify(scene),
        "RunInstances" => instances::run(scene),
        "DescribeLaunchTemplates" => templates::describe(scene),
        "DescribeLaunchTemplateVersions" => templates::versions(scene),
        "CreateLaunchTemplateVersion" => templates::create_version(scene),
        "ModifyLaunchTemplate" => templates::modify(scene),
        "DescribeImages" => defaults::images(scene),
        "ModifyImageAttribute" => defaults::modify_image(scene),
        "DescribeSecurityGroups" => defaults::security_groups(scene),
        "DescribeFleets" => fleets::fleets(scene),
        "DescribeSpotFleetRequests" => fleets::spot_fleets(scene),
        "StartDeclarativePoliciesReport" => reports::start(scene),
        "DescribeDeclarativePoliciesReports" => reports::describe(scene),
        "GetDeclarativePoliciesReportSummary" => reports::summary(scene),
        _ => Err(unknown(scene)),
    }
}

fn unknown(scene: &Scene<'_>) -> Fault {
    let words = format!("the operation `{}` is not known here", scene.asked.permission());
    Fault::bad("InvalidAction", words)
}

/// An answer of EC2: the operation's name and `Response`.
fn ec2_answer(scene: &Scene<'_>, write: impl FnOnce(&mut Xml)) -> Answer {
    let root = format!("{}Response", scene.asked.operation);
    let mut xml = Xml::new();
    xml.open(&root).leaf("requestId", REQUEST_ID);
    write(&mut xml);
    xml.close(&root);
    xml.answer()
}

/// An answer of the other services that speak XML: with a `Result`.
fn query_answer(scene: &Scene<'_>, write: impl FnOnce(&mut Xml)) -> Answer {
    let operation = &scene.asked.operation;
    let (root, result) = (format!("{operation}Response"), format!("{operation}Result"));
    let mut xml = Xml::new();
    xml.open(&root).open(&result);
    write(&mut xml);
    xml.close(&result)
        .open("ResponseMetadata")
        .leaf("RequestId", REQUEST_ID)
        .close("ResponseMetadata")
        .close(&root);
    xml.answer()
}

/// The ARN of an instance profile.
fn profile_arn(account: &str, name: &str) -> String {
    format!("arn:aws:iam::{account}:instance-profile/{name}")
}

/// The same name with a capital.
fn capital(name: &str) -> String {
    let (first, rest) = name.split_at(1);
    format!("{}{rest}", first.to_ascii_uppercase())
}

/// The name as it is.
fn plain(name: &str) -> String {
    name.to_owned()
}
