"""A CloudTrail file as an account writes it: one `{"Records":[…]}` without line ends. Seeded, and made up throughout.

Most records are reads of objects, keys and descriptions by roles and services. About three in a hundred matter to the
rules: calls with credentials of instances, launches, and changes of metadata options. A few more hold a name that the
rules look for and turn out not to matter. Accounts, keys and addresses are of the ranges for documentation.
"""

from __future__ import annotations

import json
import random
from dataclasses import dataclass
from pathlib import Path

SEED = 20_260_823
INSTANCE_SHARE = 0.025
WATCHED_SHARE = 0.005
LOOKALIKE_SHARE = 0.005
ACCOUNT = "123456789012"
REGIONS = ("eu-west-1", "us-east-1")
ROLES = ("deploy", "reporting", "etl-nightly", "orders-api", "thumbnailer", "audit-reader")
INSTANCES = 200
# Event, service, whether it reads only, the weight of it among the others.
ORDINARY = (
    ("GetObject", "s3", True, 30),
    ("PutObject", "s3", False, 8),
    ("HeadObject", "s3", True, 6),
    ("ListObjects", "s3", True, 5),
    ("Decrypt", "kms", True, 14),
    ("GenerateDataKey", "kms", True, 6),
    ("AssumeRole", "sts", True, 10),
    ("DescribeInstances", "ec2", True, 6),
    ("DescribeVolumes", "ec2", True, 3),
    ("DescribeTargetHealth", "elasticloadbalancing", True, 3),
    ("CreateLogStream", "logs", False, 3),
    ("GetSecretValue", "secretsmanager", True, 2),
    ("ListTagsForResource", "lambda", True, 2),
    ("ReceiveMessage", "sqs", True, 2),
)
WEIGHTS = [weight for *_, weight in ORDINARY]
OF_INSTANCES = ("GetObject", "PutObject", "GetParameter", "UpdateInstanceInformation", "ListBuckets", "Decrypt")
SERVICES = {"GetParameter": "ssm", "UpdateInstanceInformation": "ssm", "Decrypt": "kms"}
AGENTS = (
    "aws-sdk-java/2.25.11 Linux/5.10.214 OpenJDK_64-Bit_Server_VM/17.0.10 Java/17.0.10 vendor/Eclipse_Adoptium io/sync",
    "Boto3/1.34.84 md/Botocore#1.34.84 ua/2.0 os/linux#6.1.79 md/arch#x86_64 lang/python#3.11.8 cfg/retry-mode#legacy",
    "aws-sdk-go-v2/1.26.1 os/linux lang/go#1.22.2 md/GOOS#linux md/GOARCH#amd64 api/s3#1.53.1",
    "aws-cli/2.15.38 md/awscrt#0.19.19 ua/2.0 os/linux#5.15.0 md/arch#x86_64 lang/python#3.11.8 cfg/retry-mode#standard",
)


@dataclass(frozen=True)
class Written:
    """What a file holds."""

    size: int
    records: int
    matter: int


def write(file: Path, size: int) -> Written:
    """Writes records until there are so many bytes. The same size is the same file."""
    source = random.Random(SEED)
    records = matter = 0
    with file.open("w", encoding="ascii", newline="\n") as out:
        out.write('{"Records":[')
        while out.tell() < size:
            batch = []
            for _ in range(500):
                made, does_matter = record(source, records)
                batch.append(json.dumps(made, separators=(",", ":")))
                records += 1
                matter += does_matter
            out.write(("," if records > len(batch) else "") + ",".join(batch))
        out.write("]}")
    return Written(file.stat().st_size, records, matter)


def record(source: random.Random, number: int) -> tuple[dict, bool]:
    """The record with this number, and whether it is one that matters."""
    draw = source.random()
    if draw < INSTANCE_SHARE:
        return of_instance(source, number), True
    if draw < INSTANCE_SHARE + WATCHED_SHARE:
        return watched(source, number), True
    if draw < INSTANCE_SHARE + WATCHED_SHARE + LOOKALIKE_SHARE:
        return call(source, number, "DescribeLaunchTemplates", "ec2", True), False
    name, service, reads, _ = source.choices(ORDINARY, WEIGHTS)[0]
    return call(source, number, name, service, reads), False


def call(source: random.Random, number: int, name: str, service: str, reads: bool) -> dict:
    """A call by a role, with what CloudTrail puts around every call."""
    region = source.choice(REGIONS)
    request, response = bodies(source, name, region)
    return {
        "eventVersion": "1.09",
        "userIdentity": role_identity(source, source.choice(ROLES), f"session-{source.getrandbits(32):08x}"),
        "eventTime": moment(number),
        "eventSource": f"{service}.amazonaws.com",
        "eventName": name,
        "awsRegion": region,
        "sourceIPAddress": f"198.51.100.{source.randrange(1, 255)}",
        "userAgent": f"[{source.choice(AGENTS)}]",
        "requestParameters": request,
        "responseElements": response,
        "additionalEventData": {
            "SignatureVersion": "SigV4",
            "CipherSuite": "TLS_AES_128_GCM_SHA256",
            "bytesTransferredIn": 0,
            "AuthenticationMethod": "AuthHeader",
            "x-amz-id-2": f"{source.getrandbits(256):064x}",
            "bytesTransferredOut": source.randrange(1 << 20),
        },
        "requestID": f"{source.getrandbits(64):016X}",
        "eventID": identifier(source),
        "readOnly": reads,
        "resources": [{"type": "AWS::S3::Object", "ARN": f"arn:aws:s3:::example-{service}-{source.randrange(40)}/data"}],
        "eventType": "AwsApiCall",
        "managementEvent": service != "s3",
        "recipientAccountId": ACCOUNT,
        "eventCategory": "Data" if service == "s3" else "Management",
        "tlsDetails": {
            "tlsVersion": "TLSv1.3",
            "cipherSuite": "TLS_AES_128_GCM_SHA256",
            "clientProvidedHostHeader": f"{service}.{region}.amazonaws.com",
        },
    }


def of_instance(source: random.Random, number: int) -> dict:
    """A call with credentials that the metadata service delivered, nearly always by version 2."""
    which = source.randrange(INSTANCES)
    name = source.choice(OF_INSTANCES)
    made = call(source, number, name, SERVICES.get(name, "s3"), name != "PutObject")
    identity = role_identity(source, ROLES[which % len(ROLES)], f"i-{0x0123456789000000 + which:017x}")
    identity["accessKeyId"] = f"ASIAEXAMPLE{which:05d}EX"
    identity["sessionContext"]["ec2RoleDelivery"] = "1.0" if which % 20 == 0 else "2.0"
    # Each instance keeps its address and its program.
    more = {"sourceIPAddress": f"203.0.113.{which}", "userAgent": f"[{AGENTS[which % len(AGENTS)]}]"}
    return {**made, **more, "userIdentity": identity}


def watched(source: random.Random, number: int) -> dict:
    """A launch, or a change of metadata options."""
    instance = f"i-{source.getrandbits(64):017x}"
    options = {"httpTokens": source.choice(("required", "required", "optional")), "httpPutResponseHopLimit": 2}
    if source.random() < 0.7:
        made = call(source, number, "RunInstances", "ec2", False)
        item = {"instanceId": instance, "imageId": "ami-0example", "metadataOptions": {"state": "pending", **options}}
        made["requestParameters"] = {"instancesSet": {"items": [{"imageId": "ami-0example", "minCount": 1}]}}
        made["responseElements"] = {"instancesSet": {"items": [item]}}
    else:
        made = call(source, number, "ModifyInstanceMetadataOptions", "ec2", False)
        made["requestParameters"] = {"ModifyInstanceMetadataOptionsRequest": {"InstanceId": instance, "HttpTokens": "required"}}
        made["responseElements"] = {"ModifyInstanceMetadataOptionsResponse": {"instanceId": instance}}
    return made


def role_identity(source: random.Random, role: str, session: str) -> dict:
    """Who made a call, as CloudTrail writes a session of a role."""
    arn = f"arn:aws:iam::{ACCOUNT}:role/{role}"
    issuer = {"type": "Role", "principalId": "AROAEXAMPLEEXAMPLE000", "arn": arn, "accountId": ACCOUNT, "userName": role}
    return {
        "type": "AssumedRole",
        "principalId": f"AROAEXAMPLEEXAMPLE000:{session}",
        "arn": f"arn:aws:sts::{ACCOUNT}:assumed-role/{role}/{session}",
        "accountId": ACCOUNT,
        "accessKeyId": f"ASIAEXAMPLE{source.getrandbits(36):09X}"[:20],
        "sessionContext": {
            "sessionIssuer": issuer,
            "attributes": {"creationDate": "2026-01-01T00:00:00Z", "mfaAuthenticated": "false"},
        },
    }


def bodies(source: random.Random, name: str, region: str) -> tuple[dict, dict | None]:
    """What was asked for, and answered."""
    text = f"{source.getrandbits(96):024x}"
    if name in ("Decrypt", "GenerateDataKey"):
        context = {"aws:s3:arn": f"arn:aws:s3:::example-{source.randrange(40)}"}
        return {"encryptionContext": context, "encryptionAlgorithm": "SYMMETRIC_DEFAULT"}, None
    if name == "AssumeRole":
        role = f"arn:aws:iam::{ACCOUNT}:role/{source.choice(ROLES)}"
        credentials = {"accessKeyId": f"ASIAEXAMPLE{text[:9].upper()}", "expiration": "Jan 1, 2026, 1:00:00 AM"}
        return {"roleArn": role, "roleSessionName": text, "durationSeconds": 3600}, {"credentials": credentials}
    if name.startswith("Describe"):
        filters = [{"name": "tag:team", "valueSet": {"items": [{"value": text[:8]}]}}]
        return {"maxResults": 1000, "filterSet": {"items": filters}}, None
    bucket = f"example-{source.randrange(40)}"
    host = f"{bucket}.s3.{region}.amazonaws.com"
    return {"bucketName": bucket, "Host": host, "key": f"2026/01/{text}/part-{source.randrange(1000):05d}.parquet"}, None


def moment(number: int) -> str:
    """The time of a record: forty a second from the beginning of a year on."""
    seconds = number // 40
    days, rest = divmod(seconds, 86_400)
    return f"2026-01-{days % 28 + 1:02d}T{rest // 3600:02d}:{rest // 60 % 60:02d}:{rest % 60:02d}Z"


def identifier(source: random.Random) -> str:
    """A random UUID."""
    text = f"{source.getrandbits(128):032x}"
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))
