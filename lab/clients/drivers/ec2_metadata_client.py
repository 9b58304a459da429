"""The PyPI package `ec2-metadata`: role credentials, with one object and its token for the whole process.

It reads the role's name from the instance profile, so the lab's profile bears the name of its role. Retries are
off: they are urllib3's default, not the package's, and turn one time-out of five seconds into four.
"""

from importlib.metadata import version

import urllib3
from ec2_metadata import EC2Metadata

from driver import Failed, endpoint, serve, wants_ipv6

METADATA = EC2Metadata(urllib3.PoolManager(retries=False))


def use_endpoint(base):
    METADATA.service_url = f"{base}/latest/"
    METADATA.dynamic_url = f"{METADATA.service_url}dynamic/"
    METADATA.metadata_url = f"{METADATA.service_url}meta-data/"
    METADATA.userdata_url = f"{METADATA.service_url}user-data/"


def fetch():
    try:
        found = METADATA.iam_security_credentials
    except urllib3.exceptions.TimeoutError as error:
        raise Failed("times-out", str(error)) from error
    except urllib3.exceptions.HTTPError as error:
        # The profile can be there and its credentials hidden: that is 404, not a refusal.
        kind = "no-credentials" if str(error).startswith("HTTP 404:") else "refused"
        raise Failed(kind, str(error)) from error
    if found is None:
        raise Failed("no-credentials", "the instance has no profile")
    return {"access_key": found["AccessKeyId"]}


if endpoint() is not None:
    use_endpoint(endpoint())
elif wants_ipv6():
    use_endpoint("http://[fd00:ec2::254]")
serve("ec2-metadata", version("ec2-metadata"), fetch)
