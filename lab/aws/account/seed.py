"""Puts things into moto's account with boto3, and says by which ids they go."""

import json
from datetime import datetime, timedelta, timezone

import boto3

REGIONS = ("us-east-1", "eu-west-1")


def client(url, service, region):
    keys = {"aws_access_key_id": "AKIDEXAMPLE", "aws_secret_access_key": "not-a-real-key"}
    return boto3.client(service, region_name=region, endpoint_url=url, **keys)


def seed(url):
    """Returns ids by what they are."""
    made = {}
    for region in REGIONS:
        made[region] = seed_region(url, region)
    made["role"] = seed_role(url)
    return made


def seed_region(url, region):
    ec2 = client(url, "ec2", region)
    image = ec2.describe_images()["Images"][0]["ImageId"]
    instances = {}
    for tokens, hops in (("optional", 1), ("required", 2)):
        options = {"HttpTokens": tokens, "HttpPutResponseHopLimit": hops, "HttpEndpoint": "enabled"}
        tags = [{"ResourceType": "instance", "Tags": [{"Key": "Name", "Value": f"{tokens} & <hops>"}]}]
        run = ec2.run_instances(
            ImageId=image, MinCount=3, MaxCount=3, MetadataOptions=options, TagSpecifications=tags
        )
        instances[tokens] = sorted(one["InstanceId"] for one in run["Instances"])
    ec2.stop_instances(InstanceIds=instances["optional"][:1])
    template = seed_template(ec2, image)
    seed_groups(url, region, image, template)
    seed_metrics(url, region, instances["optional"][1])
    group = ec2.create_security_group(GroupName="open", Description="open")["GroupId"]
    world = {"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
    ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[world])
    return {"instances": instances, "image": image, "template": template, "open": group}


def seed_template(ec2, image):
    data = {"ImageId": image, "InstanceType": "t3.micro"}
    made = ec2.create_launch_template(
        LaunchTemplateName="web", LaunchTemplateData={**data, "MetadataOptions": {"HttpTokens": "optional"}}
    )
    template = made["LaunchTemplate"]["LaunchTemplateId"]
    for tokens in ("required", "required"):
        ec2.create_launch_template_version(
            LaunchTemplateId=template,
            LaunchTemplateData={**data, "MetadataOptions": {"HttpTokens": tokens, "HttpPutResponseHopLimit": 2}},
        )
    ec2.modify_launch_template(LaunchTemplateId=template, DefaultVersion="2")
    return template


def seed_groups(url, region, image, template):
    scaling = client(url, "autoscaling", region)
    scaling.create_launch_configuration(
        LaunchConfigurationName="old",
        ImageId=image,
        InstanceType="t3.micro",
        MetadataOptions={"HttpTokens": "optional", "HttpPutResponseHopLimit": 1},
        UserData="#!/bin/sh\ntrue\n",
    )
    size = {"MinSize": 0, "MaxSize": 0, "AvailabilityZones": [f"{region}a"]}
    scaling.create_auto_scaling_group(
        AutoScalingGroupName="pinned",
        LaunchTemplate={"LaunchTemplateId": template, "Version": "1"},
        **size,
    )
    scaling.create_auto_scaling_group(
        AutoScalingGroupName="configured", LaunchConfigurationName="old", **size
    )
    specification = {"LaunchTemplateId": template, "Version": "$Latest"}
    scaling.create_auto_scaling_group(
        AutoScalingGroupName="mixed",
        MixedInstancesPolicy={
            "LaunchTemplate": {
                "LaunchTemplateSpecification": specification,
                "Overrides": [{"InstanceType": "t3.small"}],
            }
        },
        **size,
    )


def seed_metrics(url, region, instance):
    watch = client(url, "cloudwatch", region)
    now = datetime.now(timezone.utc)
    for hours, value in ((2, 4), (5, 3)):
        watch.put_metric_data(
            Namespace="AWS/EC2",
            MetricData=[
                {
                    "MetricName": "MetadataNoToken",
                    "Dimensions": [{"Name": "InstanceId", "Value": instance}],
                    "Timestamp": now - timedelta(hours=hours),
                    "Value": value,
                }
            ],
        )


def seed_role(url):
    iam = client(url, "iam", "us-east-1")
    trust = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}]}
    role = iam.create_role(RoleName="web", AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
    iam.create_instance_profile(InstanceProfileName="web")
    iam.add_role_to_instance_profile(InstanceProfileName="web", RoleName="web")
    policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
    iam.put_role_policy(RoleName="web", PolicyName="all", PolicyDocument=json.dumps(policy))
    return role
