"""Reads moto's account with onehop and compares with what was put there."""

import json
import os
import subprocess
import sys

from account.seed import REGIONS, seed
from account.server import moto

# What moto does not implement. One that answers all the same is a difference: the list is kept true.
LACKS = {
    "appstream:DescribeAppBlockBuilders",
    "appstream:DescribeFleets",
    "appstream:DescribeImageBuilders",
    "ec2:GetInstanceMetadataDefaults",
    "elasticmapreduce:ListSecurityConfigurations",
    "imagebuilder:ListInfrastructureConfigurations",
    "lightsail:GetInstances",
    "organizations:DescribeEffectivePolicy",
}
# What it implements in some regions only.
LACKS_IN_SOME = {"elasticbeanstalk:DescribeEnvironments"}
READ_SECONDS_MAX = 300


def main():
    with moto() as url:
        made = seed(url)
        answer = subprocess.run(
            [os.environ["ONEHOP"], "audit", "snapshot", "-", "--all-regions", "--keep-going", "--endpoint-url", url],
            capture_output=True,
            text=True,
            timeout=READ_SECONDS_MAX,
        )
    if answer.returncode != 0:
        print(answer.stderr, file=sys.stderr)
        return 2
    lines = [json.loads(line) for line in answer.stdout.splitlines()]
    if "--print" in sys.argv:
        print(answer.stdout)
    problems = list(differences(lines, made))
    for problem in problems:
        print(f"error: {problem}", file=sys.stderr)
    print(f"{len(lines)} lines, {len(problems)} differences")
    return 1 if problems else 0


def differences(lines, made):
    yield from different_calls(lines)
    for region in REGIONS:
        here = [line for line in lines if line.get("region") == region]
        for name, got, want in compared(here, made[region]):
            if got != want:
                yield f"{region}: {name}: {got!r} and not {want!r}"
    roles = [(role["arn"], role["power"]) for line in lines for role in line["value"].get("roles", [])]
    if roles != [(made["role"], "admin")]:
        yield f"roles: {roles!r}"


def different_calls(lines):
    failed, done = set(), set()
    for line in lines:
        for call in line["value"].get("calls", []):
            outcome = call["outcome"]
            if "failed" in outcome:
                failed.add(call["operation"])
                if outcome["failed"]["code"] != "not-implemented":
                    yield f"{call['operation']} failed: {outcome['failed']}"
            elif "done" in outcome:
                done.add(call["operation"])
    for operation in sorted(failed - LACKS - LACKS_IN_SOME):
        yield f"{operation} failed"
    for operation in sorted(LACKS - failed):
        yield f"{operation} is listed as lacking, and did not fail"
    if not done:
        yield "nothing was answered"


def compared(lines, made):
    """Names, what was read, what was put there."""

    def values(kind):
        return [line["value"] for line in lines if line["type"] == kind]

    def options(value):
        read = value["metadata"]
        return (read.get("http_tokens"), read.get("http_put_response_hop_limit"))

    for tokens, hops in (("optional", 1), ("required", 2)):
        found = [one for one in values("instance") if options(one) == (tokens, hops)]
        yield f"instances with {tokens}", sorted(one["id"] for one in found), made["instances"][tokens]
        names = {one["tags"].get("Name") for one in found}
        yield "names", names, {f"{tokens} & <hops>"}
    by_id = {one["id"]: one for one in values("instance")}
    stopped, called, quiet = (by_id.get(id, {}) for id in made["instances"]["optional"])
    yield "state", stopped.get("state"), "stopped"
    yield "sum of requests", called.get("no_token", {}).get("sum"), 7.0
    yield "points without data", quiet.get("no_token", {}).get("points", 0), 0
    versions = [(one["version"], options(one)[0]) for value in values("template") for one in value["versions"]]
    yield "versions", versions, [(1, "optional"), (2, "required"), (3, "required")]
    sources = {one["name"]: one["source"] for one in values("group")}
    yield "pinned", sources.get("pinned", {}).get("template", {}).get("version"), "1"
    yield "configured", sources.get("configured"), {"configuration": "old"}
    mixed = sources.get("mixed", {}).get("mixed", {})
    yield "mixed", mixed.get("template", {}).get("version"), "$Latest"
    yield "overrides", [one.get("instance_type") for one in mixed.get("overrides", [])], ["t3.small"]
    yield "configurations", [options(one) for one in values("configuration")], [("optional", 1)]
    yield "images", [one["id"] for one in values("image")], [made["image"]]
    groups = [group["id"] for one in values("region") for group in one.get("security_groups", [])]
    yield "open groups", groups, [made["open"]]


if __name__ == "__main__":
    sys.exit(main())
