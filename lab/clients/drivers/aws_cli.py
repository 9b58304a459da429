"""The AWS CLI: every fetch is another run of `aws configure export-credentials`, which asks nobody else.

The command comes from Debian packages unpacked into a folder (the first argument), so it runs as a module with
that folder's packages in front.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

from driver import Failed, endpoint, serve

PACKAGES = Path(sys.argv[1]) / "usr/lib/python3/dist-packages"
RUN_SECONDS = 15


def version():
    (info,) = PACKAGES.glob("awscli-*.dist-info")
    return info.name.removeprefix("awscli-").removesuffix(".dist-info")


def fetch():
    command = ["/usr/bin/python3", "-m", "awscli", "configure", "export-credentials"]
    environment = {**os.environ, "PYTHONPATH": str(PACKAGES)}
    if endpoint() is not None:
        # 2.9 joins its paths to the endpoint as it is.
        environment["AWS_EC2_METADATA_SERVICE_ENDPOINT"] = endpoint() + "/"
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=RUN_SECONDS)
    if done.returncode == 0:
        return {"access_key": json.loads(done.stdout)["AccessKeyId"]}
    error = " ".join(done.stderr.split())
    raise Failed("no-credentials" if "Unable to retrieve credentials" in error else "refused", error)


serve("aws-cli", version(), fetch)
