//! The services: how each is addressed, signed for and spoken to.

use std::fmt;

/// A service of AWS that is called here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Service {
    /// Elastic Compute Cloud.
    Ec2,
    /// EC2 Auto Scaling.
    AutoScaling,
    /// Security Token Service.
    Sts,
    /// CloudWatch metrics.
    CloudWatch,
    /// Identity and Access Management.
    Iam,
    /// Organizations.
    Organizations,
    /// Elastic Beanstalk.
    Beanstalk,
    /// `SageMaker`.
    SageMaker,
    /// EMR.
    Emr,
    /// Lightsail.
    Lightsail,
    /// Elastic Kubernetes Service.
    Eks,
    /// Elastic Container Service.
    Ecs,
    /// EC2 Image Builder.
    ImageBuilder,
    /// Elastic Load Balancing.
    LoadBalancing,
    /// Systems Manager.
    Ssm,
    /// `AppStream` 2.0, which is named `WorkSpaces Applications` as well.
    AppStream,
    /// Batch.
    Batch,
}

/// How a service writes requests and answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    /// A form in, XML out. The version of the API.
    Query(&'static str),
    /// JSON 1.1 in and out. The prefix of `X-Amz-Target`.
    Json(&'static str),
    /// Paths, JSON out.
    Rest,
}

/// Words about a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct About {
    /// A stable name, which signatures and IAM use unless told otherwise.
    name: &'static str,
    host: &'static str,
    protocol: Protocol,
    is_global: bool,
}

impl Service {
    /// Every service, in the order of the enum.
    pub const ALL: [Service; 17] = [
        Service::Ec2,
        Service::AutoScaling,
        Service::Sts,
        Service::CloudWatch,
        Service::Iam,
        Service::Organizations,
        Service::Beanstalk,
        Service::SageMaker,
        Service::Emr,
        Service::Lightsail,
        Service::Eks,
        Service::Ecs,
        Service::ImageBuilder,
        Service::LoadBalancing,
        Service::Ssm,
        Service::AppStream,
        Service::Batch,
    ];

    const fn about(self) -> About {
        let (name, host, protocol) = match self {
            Service::Ec2 => ("ec2", "ec2", Protocol::Query("2016-11-15")),
            Service::AutoScaling => ("autoscaling", "autoscaling", Protocol::Query("2011-01-01")),
            Service::Sts => ("sts", "sts", Protocol::Query("2011-06-15")),
            Service::CloudWatch => ("monitoring", "monitoring", Protocol::Query("2010-08-01")),
            Service::Iam => ("iam", "iam", Protocol::Query("2010-05-08")),
            Service::Organizations => {
                ("organizations", "organizations", Protocol::Json("AWSOrganizationsV20161128"))
            }
            Service::Beanstalk => ("elasticbeanstalk", "elasticbeanstalk", Protocol::Query("2010-12-01")),
            Service::SageMaker => ("sagemaker", "api.sagemaker", Protocol::Json("SageMaker")),
            Service::Emr => ("elasticmapreduce", "elasticmapreduce", Protocol::Json("ElasticMapReduce")),
            Service::Lightsail => ("lightsail", "lightsail", Protocol::Json("Lightsail_20161128")),
            Service::Eks => ("eks", "eks", Protocol::Rest),
            Service::Ecs => ("ecs", "ecs", Protocol::Json("AmazonEC2ContainerServiceV20141113")),
            Service::ImageBuilder => ("imagebuilder", "imagebuilder", Protocol::Rest),
            Service::LoadBalancing => {
                ("elasticloadbalancing", "elasticloadbalancing", Protocol::Query("2015-12-01"))
            }
            Service::Ssm => ("ssm", "ssm", Protocol::Json("AmazonSSM")),
            Service::AppStream => ("appstream", "appstream2", Protocol::Json("PhotonAdminProxyService")),
            Service::Batch => ("batch", "batch", Protocol::Rest),
        };
        About { name, host, protocol, is_global: matches!(self, Service::Iam | Service::Organizations) }
    }

    /// The name in signatures, e.g. `monitoring`.
    pub const fn signing_name(self) -> &'static str {
        self.about().name
    }

    /// The service of a name in a signature.
    pub fn of_signing_name(name: &str) -> Option<Service> {
        Service::ALL.into_iter().find(|service| service.signing_name() == name)
    }

    /// How it is spoken to.
    pub const fn protocol(self) -> Protocol {
        self.about().protocol
    }

    /// Whether it has one endpoint for all regions.
    pub const fn is_global(self) -> bool {
        self.about().is_global
    }

    /// The region that signatures name, which for a global service is the home of the partition.
    pub fn signing_region(self, region: &str) -> &str {
        if self.is_global() { Partition::of(region).home() } else { region }
    }

    /// Its address for a region, without a path.
    pub(crate) fn endpoint(self, region: &str) -> String {
        let partition = Partition::of(region);
        let (host, suffix) = (self.about().host, partition.suffix());
        match (self, partition) {
            (Service::Iam, Partition::Commercial) => format!("https://iam.{suffix}"),
            (Service::Iam, Partition::Government) => format!("https://iam.us-gov.{suffix}"),
            _ => format!("https://{host}.{}.{suffix}", self.signing_region(region)),
        }
    }
}

impl fmt::Display for Service {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(self.signing_name())
    }
}

/// A part of AWS with its own accounts and names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Partition {
    /// `aws`.
    Commercial,
    /// `aws-cn`.
    China,
    /// `aws-us-gov`.
    Government,
}

impl Partition {
    /// The partition that a region is in, by its name.
    pub fn of(region: &str) -> Partition {
        if region.starts_with("cn-") {
            Partition::China
        } else if region.starts_with("us-gov-") {
            Partition::Government
        } else {
            Partition::Commercial
        }
    }

    /// The name in ARNs.
    pub const fn name(self) -> &'static str {
        match self {
            Partition::Commercial => "aws",
            Partition::China => "aws-cn",
            Partition::Government => "aws-us-gov",
        }
    }

    const fn home(self) -> &'static str {
        match self {
            Partition::Commercial => "us-east-1",
            Partition::China => "cn-northwest-1",
            Partition::Government => "us-gov-west-1",
        }
    }

    const fn suffix(self) -> &'static str {
        match self {
            Partition::Commercial | Partition::Government => "amazonaws.com",
            Partition::China => "amazonaws.com.cn",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Service;

    #[test]
    fn addresses_of_services() {
        let cases = [
            (Service::Ec2, "eu-west-1", "https://ec2.eu-west-1.amazonaws.com", "eu-west-1"),
            (Service::Ec2, "cn-north-1", "https://ec2.cn-north-1.amazonaws.com.cn", "cn-north-1"),
            (Service::Iam, "eu-west-1", "https://iam.amazonaws.com", "us-east-1"),
            (Service::Iam, "us-gov-east-1", "https://iam.us-gov.amazonaws.com", "us-gov-west-1"),
            (
                Service::Organizations,
                "eu-west-1",
                "https://organizations.us-east-1.amazonaws.com",
                "us-east-1",
            ),
            (Service::SageMaker, "eu-west-1", "https://api.sagemaker.eu-west-1.amazonaws.com", "eu-west-1"),
            (Service::CloudWatch, "eu-west-1", "https://monitoring.eu-west-1.amazonaws.com", "eu-west-1"),
        ];
        for (service, region, endpoint, signed) in cases {
            assert_eq!(service.endpoint(region), endpoint);
            assert_eq!(service.signing_region(region), signed);
            assert_eq!(Service::of_signing_name(service.signing_name()), Some(service));
        }
    }
}
