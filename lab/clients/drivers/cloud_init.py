"""cloud-init: the EC2 data source itself, crawling the whole tree as at the first boot of an instance.

The machine's hardware identity is replaced by that of an EC2 instance, so the data source goes the way it goes
there: always with a token. cloud-init asks for no credentials; a success is the instance id and the identity
document, which it has only when every listed entry could be read.
"""

import logging
import sys
import tempfile
from pathlib import Path

PACKAGES = Path(sys.argv[1]) / "usr/lib/python3/dist-packages"
sys.path.append(str(PACKAGES))

from cloudinit import helpers, util  # noqa: E402
from cloudinit.sources import DataSourceEc2 as ec2  # noqa: E402
from driver import Failed, endpoint, serve, wants_ipv6  # noqa: E402

EC2_HARDWARE = {
    "uuid": "ec200000-0000-4000-8000-000000000000",
    "uuid_source": "dmi",
    "serial": "ec200000-0000-4000-8000-000000000000",
    "asset_tag": "",
    "vendor": "amazon ec2",
    "product_name": "",
}


class Notes(logging.Handler):
    """Keeps what cloud-init logs: its only account of why a crawl failed."""

    def __init__(self):
        super().__init__(logging.WARNING)
        self.lines = []

    def emit(self, record):
        self.lines.append(record.getMessage())


def data_source(folder):
    # One attempt of three seconds: the wait is over when it has failed. A second attempt would get what is left of
    # the wait as its time-out, and 22.4 takes less than a second for none at all.
    settings = {"strict_id": False, "max_wait": 2, "timeout": 3}
    if endpoint() is not None:
        settings["metadata_urls"] = [endpoint()]
    elif wants_ipv6():
        settings["metadata_urls"] = ["http://[fd00:ec2::254]"]
    ec2._collect_platform_data = lambda: EC2_HARDWARE
    # cloud-init looks up names that do not exist to learn whether the resolver invents answers; there is no
    # resolver here, and what it would learn is empty.
    util._DNS_REDIRECT_IP = set()
    paths = helpers.Paths({"cloud_dir": folder, "run_dir": folder})
    return ec2.DataSourceEc2({"datasource": {"Ec2": settings}}, None, paths)


def fetch():
    NOTES.lines.clear()
    complete = SOURCE._get_data() and SOURCE.metadata and SOURCE.identity
    if not complete:
        raise Failed(kind(), "; ".join(NOTES.lines[-3:]) or "no data source")
    return {"instance_id": SOURCE.metadata["instance-id"], "version": SOURCE.get_metadata_api_version()}


def kind():
    text = " ".join(NOTES.lines).lower()
    if "fatal error" in text or "returned a 403" in text or "client error" in text:
        return "refused"
    return "times-out" if "timed out" in text or "timeout" in text else "no-credentials"


NOTES = Notes()
logging.getLogger().addHandler(NOTES)
with tempfile.TemporaryDirectory() as scratch:
    SOURCE = data_source(scratch)
    (egg,) = PACKAGES.glob("cloud_init-*-info")
    serve("cloud-init", egg.name.split("-")[1].removesuffix(".egg"), fetch)
