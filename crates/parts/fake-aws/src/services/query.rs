//! STS, IAM, CloudWatch, Elastic Beanstalk, Elastic Load Balancing.

use super::{profile_arn, query_answer, unknown};
use crate::answer::{Answer, Done, Fault, Xml};
use crate::fleet::Instance;
use crate::request::{Asked, Service};
use crate::scenario::IamRole;
use crate::world::Scene;
use onehop_posture::Tokens;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

pub(super) fn answer(scene: &Scene<'_>) -> Done<Answer> {
    match (scene.asked.service, scene.asked.operation.as_str()) {
        (Service::Sts, "GetCallerIdentity") => Ok(identity(scene)),
        (Service::Sts, "AssumeRole") => assume(scene),
        (Service::Iam, "GetAccountAuthorizationDetails") => authorization(scene),
        (Service::CloudWatch, "GetMetricData") => metrics(scene),
        (Service::LoadBalancing, "DescribeLoadBalancers") => balancers(scene),
        (Service::LoadBalancing, "DescribeTargetGroups") => target_groups(scene),
        (Service::LoadBalancing, "DescribeTargetHealth") => target_health(scene),
        (Service::Beanstalk, "DescribeEnvironments") => environments(scene),
        (Service::Beanstalk, "DescribeConfigurationSettings") => settings(scene),
        _ => Err(unknown(scene)),
    }
}

fn identity(scene: &Scene<'_>) -> Answer {
    query_answer(scene, |xml| {
        xml.leaf("Arn", &scene.session.arn)
            .leaf("UserId", "AIDAEXAMPLE")
            .leaf("Account", &scene.session.account);
    })
}

fn assume(scene: &Scene<'_>) -> Done<Answer> {
    let arn = scene.asked.need("RoleArn")?;
    let denied = || {
        let words = format!("{} is not authorized to perform: sts:AssumeRole on {arn}", scene.session.arn);
        Fault::new(403, "AccessDenied", words)
    };
    let (account, role) = arn
        .splitn(6, ':')
        .collect::<Vec<_>>()
        .as_slice()
        .get(4..6)
        .and_then(|parts| Some((parts[0].to_owned(), parts[1].strip_prefix("role/")?.to_owned())))
        .ok_or_else(denied)?;
    let target = &scene.world.accounts.get(&account).ok_or_else(denied)?.about;
    let is_trusted = target.roles.contains(&role)
        && (target.external_id.is_none() || target.external_id.as_deref() == scene.asked.get("ExternalId"));
    if !is_trusted {
        return Err(denied());
    }
    let name = scene.asked.need("RoleSessionName")?;
    let (id, secret, token) = scene.world.assume(&account, &role, name);
    Ok(query_answer(scene, |xml| {
        xml.open("Credentials").leaf("AccessKeyId", &id).leaf("SecretAccessKey", &secret);
        xml.leaf("SessionToken", &token).leaf("Expiration", "2099-01-01T00:00:00Z").close("Credentials");
    }))
}

fn policy_arn(account: &str, name: &str) -> String {
    match name.strip_prefix("aws/") {
        Some(name) => format!("arn:aws:iam::aws:policy/{name}"),
        None => format!("arn:aws:iam::{account}:policy/{name}"),
    }
}

fn encoded(document: &serde_json::Value) -> String {
    utf8_percent_encode(&document.to_string(), NON_ALPHANUMERIC).to_string()
}

fn authorization(scene: &Scene<'_>) -> Done<Answer> {
    let about = &scene.account.about;
    let (part, next) =
        scene.part(&about.iam_roles, scene.asked.get("Marker"), scene.asked.get("MaxItems"), 1000)?;
    Ok(query_answer(scene, |xml| {
        xml.number("IsTruncated", next.is_some());
        xml.list("RoleDetailList", "member", part, |xml, it| role(xml, it, &about.id));
        if next.is_none() {
            xml.list("Policies", "member", &about.iam_policies, |xml, (name, document)| {
                xml.leaf("Arn", &policy_arn(&about.id, name)).leaf("DefaultVersionId", "v1");
                xml.list("PolicyVersionList", "member", [document], |xml, document| {
                    xml.leaf("Document", &encoded(document)).leaf("IsDefaultVersion", "true");
                });
            });
        }
        xml.some("Marker", next.as_deref());
    }))
}

fn role(xml: &mut Xml, it: &IamRole, account: &str) {
    xml.leaf("RoleName", &it.name).leaf("Arn", &format!("arn:aws:iam::{account}:role/{}", it.name));
    xml.list("InstanceProfileList", "member", [&it.name], |xml, name| {
        xml.leaf("InstanceProfileName", name).leaf("Arn", &profile_arn(account, name));
    });
    xml.list("AttachedManagedPolicies", "member", &it.attached, |xml, name| {
        xml.leaf("PolicyName", name).leaf("PolicyArn", &policy_arn(account, name));
    });
    xml.list("RolePolicyList", "member", &it.inline, |xml, document| {
        xml.leaf("PolicyName", "inline").leaf("PolicyDocument", &encoded(document));
    });
}

fn metrics(scene: &Scene<'_>) -> Done<Answer> {
    let asked = &scene.asked;
    let place = scene.place()?;
    let end = moment(asked.need("EndTime")?)?;
    let start = moment(asked.need("StartTime")?)?;
    let mut results = Vec::new();
    for index in 1.. {
        let at = format!("MetricDataQueries.member.{index}.");
        let Some(id) = asked.get(&format!("{at}Id")) else { break };
        if index > 500 {
            return Err(Fault::bad("ValidationError", "at most 500 metrics can be asked for"));
        }
        let number = place.fleet.find(dimension(asked, &at));
        let sums = number.and_then(|number| sums(&place.fleet.get(number)?, asked, &at)).unwrap_or_default();
        let period: i64 = asked.need(&format!("{at}MetricStat.Period"))?.parse().unwrap_or(3600).max(60);
        let points: Vec<_> = (1..)
            .zip(sums)
            .map(|(back, sum)| (end - back * period, sum))
            .take_while(|(at, _)| *at >= start)
            .collect();
        results.push((id.to_owned(), points));
    }
    let (part, next) = scene.part(&results, asked.get("NextToken"), None, 500)?;
    Ok(query_answer(scene, |xml| {
        xml.list("MetricDataResults", "member", part, |xml, (id, points)| {
            xml.leaf("Id", id).leaf("StatusCode", "Complete");
            xml.open("Timestamps");
            for (at, _) in points {
                xml.leaf("member", &written(*at));
            }
            xml.close("Timestamps").open("Values");
            for (_, sum) in points {
                xml.number("member", sum);
            }
            xml.close("Values");
        });
        xml.some("NextToken", next.as_deref());
    }))
}

fn dimension<'a>(asked: &'a Asked, at: &str) -> &'a str {
    asked.get(&format!("{at}MetricStat.Metric.Dimensions.member.1.Value")).unwrap_or_default()
}

/// The two metrics exclude each other: once tokens are required, the same requests count as rejected, and what was
/// counted before is gone.
fn sums(instance: &Instance, asked: &Asked, at: &str) -> Option<Vec<f64>> {
    let calls = instance.v1_calls.as_ref()?;
    let zeros = || vec![0.0; calls.len()];
    match (asked.get(&format!("{at}MetricStat.Metric.MetricName"))?, instance.options.tokens) {
        ("MetadataNoToken", Tokens::Optional) | ("MetadataNoTokenRejected", Tokens::Required) => {
            Some(calls.to_vec())
        }
        ("MetadataNoToken" | "MetadataNoTokenRejected", _) => Some(zeros()),
        _ => None,
    }
}

fn moment(text: &str) -> Done<i64> {
    let parsed = OffsetDateTime::parse(text, &Rfc3339).map(OffsetDateTime::unix_timestamp).ok();
    parsed.or_else(|| text.parse().ok()).ok_or_else(|| Fault::bad("ValidationError", "a time cannot be read"))
}

fn written(seconds: i64) -> String {
    let moment = OffsetDateTime::from_unix_timestamp(seconds).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    moment.format(&Rfc3339).unwrap_or_default()
}

fn environments(scene: &Scene<'_>) -> Done<Answer> {
    let place = scene.place()?;
    let (part, next) = scene.part(&place.about.environments, scene.asked.get("NextToken"), None, 1000)?;
    Ok(query_answer(scene, |xml| {
        xml.list("Environments", "member", part, |xml, it| {
            xml.leaf("EnvironmentId", &format!("e-{}", it.name)).leaf("EnvironmentName", &it.name);
            xml.leaf("ApplicationName", &it.application).leaf("SolutionStackName", &it.platform);
            xml.leaf("Status", "Ready");
        });
        xml.some("NextToken", next.as_deref());
    }))
}

fn settings(scene: &Scene<'_>) -> Done<Answer> {
    let place = scene.place()?;
    let name = scene.asked.need("EnvironmentName")?;
    let found = place.about.environments.iter().find(|it| it.name == name);
    let it = found
        .ok_or_else(|| Fault::bad("InvalidParameterValue", format!("No Environment found for '{name}'")))?;
    let options = [("DisableIMDSv1", &it.disable_imdsv1), ("IamInstanceProfile", &it.instance_profile)];
    Ok(query_answer(scene, |xml| {
        xml.list("ConfigurationSettings", "member", [it], |xml, it| {
            xml.leaf("ApplicationName", &it.application).leaf("EnvironmentName", &it.name);
            let said = options.iter().filter_map(|(name, value)| Some((name, value.as_deref()?)));
            xml.list("OptionSettings", "member", said, |xml, (name, value)| {
                xml.leaf("Namespace", "aws:autoscaling:launchconfiguration");
                xml.leaf("OptionName", name).leaf("Value", value);
            });
        });
    }))
}

fn balancer_arn(scene: &Scene<'_>, kind: &str, name: &str) -> String {
    let (region, account) = (&scene.asked.region, &scene.session.account);
    format!("arn:aws:elasticloadbalancing:{region}:{account}:{kind}/{name}/0000000000000001")
}

fn balancers(scene: &Scene<'_>) -> Done<Answer> {
    let place = scene.place()?;
    let (part, next) = scene.part(&place.about.load_balancers, scene.asked.get("Marker"), None, 400)?;
    Ok(query_answer(scene, |xml| {
        xml.list("LoadBalancers", "member", part, |xml, it| {
            xml.leaf("LoadBalancerArn", &balancer_arn(scene, "loadbalancer/app", &it.name));
            xml.leaf("LoadBalancerName", &it.name);
            xml.leaf("Scheme", if it.internal { "internal" } else { "internet-facing" });
        });
        xml.some("NextMarker", next.as_deref());
    }))
}

fn target_groups(scene: &Scene<'_>) -> Done<Answer> {
    let place = scene.place()?;
    let (part, next) = scene.part(&place.about.load_balancers, scene.asked.get("Marker"), None, 400)?;
    Ok(query_answer(scene, |xml| {
        xml.list("TargetGroups", "member", part, |xml, it| {
            xml.leaf("TargetGroupArn", &balancer_arn(scene, "targetgroup", &it.name))
                .leaf("TargetType", "instance");
            xml.open("LoadBalancerArns").leaf("member", &balancer_arn(scene, "loadbalancer/app", &it.name));
            xml.close("LoadBalancerArns");
        });
        xml.some("NextMarker", next.as_deref());
    }))
}

fn target_health(scene: &Scene<'_>) -> Done<Answer> {
    let place = scene.place()?;
    let wanted = scene.asked.need("TargetGroupArn")?;
    let balancers = &place.about.load_balancers;
    let found = balancers.iter().find(|it| balancer_arn(scene, "targetgroup", &it.name) == wanted);
    let it = found.ok_or_else(|| Fault::bad("TargetGroupNotFound", "One or more target groups not found"))?;
    Ok(query_answer(scene, |xml| {
        xml.list("TargetHealthDescriptions", "member", &it.targets, |xml, id| {
            xml.open("Target").leaf("Id", id).leaf("Port", "80").close("Target");
        });
    }))
}
