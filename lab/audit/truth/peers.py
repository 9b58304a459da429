"""What checkov and c7n-left say of the cases, each from its own environment, a process for each case.

Answers are kept in the cache by what they follow from: the tool, how it is asked, and the files of the case.
"""

import hashlib
import json
import os
import re
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from .cases import ROOT, Case

HERE = ROOT / "lab" / "audit"
# Every check of checkov about the metadata service of EC2 (`checkov --list`).
CHECKS = "CKV_AWS_79,CKV_AWS_341,CKV_AWS_371"
HOP_CHECK = "CKV_AWS_341"
SECONDS_MAX = 3600


class PeerError(Exception):
    """A tool did not answer."""


@dataclass(frozen=True)
class Found:
    """One answer: which check, `pass` or `fail`, of which resource as the tool calls it."""

    check: str
    result: str
    resource: str


@dataclass(frozen=True)
class Said:
    """All answers about one case; none if the tool does not look at anything of it."""

    found: tuple[Found, ...]
    error: str = ""


def environments() -> Path:
    """Where the tools are installed."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "onehop" / "lab" / "audit"


def version(tool: str, package: str) -> str:
    """What is installed, for the page."""
    pins = (HERE / f"requirements-{tool}.txt").read_text().splitlines()
    return next(line.split("==")[1] for line in pins if line.replace("_", "-").startswith(f"{package}=="))


def checkov(cases: list[Case], folder: Path) -> list[Said]:
    """checkov over every case."""
    return drive("checkov", CHECKS, cases, folder)


def c7n(cases: list[Case], folder: Path) -> list[Said]:
    """c7n-left over the cases that it reads: Terraform. It needs a directory with such files."""
    mine = [case for case in cases if "terraform" in case.languages]
    answers = zip(mine, drive("c7n", "policies", mine, folder), strict=True)
    said = {case.path: Said(answer.found + looked_at(case), answer.error) for case, answer in answers}
    return [said.get(case.path, Said(())) for case in cases]


def looked_at(case: Case) -> tuple[Found, ...]:
    """c7n-left tells what a policy found alone: of the kinds of its policies, the others have passed."""
    kinds = re.findall(r"terraform\.(\w+)", (HERE / "policies" / "imdsv1.yaml").read_text())
    return tuple(Found("policy", "pass", name) for name in case.verdicts if kind_of(name) in kinds)


def kind_of(address: str) -> str:
    """`aws_instance` of `module.web.aws_instance.this[0]`."""
    return next((part for part in address.split(".") if part.startswith("aws_")), "")


def drive(tool: str, argument: str, cases: list[Case], folder: Path) -> list[Said]:
    """Answers in the order of the cases: those that are kept, and one run of the driver for the others."""
    store = environments() / f"answers-{tool}.json"
    kept = json.loads(store.read_text()) if store.is_file() else {}
    keys = [key(tool, argument, case) for case in cases]
    missing = [case for case, name in zip(cases, keys, strict=True) if name not in kept]
    if missing:
        fresh = run(tool, argument, missing, folder)
        kept |= {key(tool, argument, case): answer for case, answer in zip(missing, fresh, strict=True)}
        store.write_text(json.dumps({name: kept[name] for name in keys}))
    return [said(kept[name]) for name in keys]


def key(tool: str, argument: str, case: Case) -> str:
    """A digest of all that an answer follows from."""
    parts = [(HERE / f"requirements-{tool}.txt").read_text(), (HERE / f"drive-{tool}").read_text(), argument]
    parts += [file.read_text() for file in sorted((HERE / "policies").glob("*.yaml"))]
    parts += [case.path, json.dumps(case.told["files"]), json.dumps(case.told.get("var_files", []))]
    return hashlib.sha256("\0".join(parts).encode(errors="surrogatepass")).hexdigest()


def run(tool: str, argument: str, cases: list[Case], folder: Path) -> list[dict]:
    """One run of the driver."""
    python = environments() / tool / "bin" / "python3"
    if not python.is_file():
        raise PeerError(f"`{python}` is not there; `lab/audit/install` fetches it")
    lines = ["\t".join([str(folder / c.path), *(str(folder / c.path / n) for n in c.told.get("var_files", []))]) for c in cases]
    with tempfile.TemporaryDirectory(prefix="onehop-audit-") as inner:
        output = Path(inner) / "answers"
        command = [python, "-B", HERE / f"drive-{tool}", argument, output]
        given = "".join(f"{line}\n" for line in lines).encode()
        subprocess.run(command, input=given, timeout=SECONDS_MAX, check=True, capture_output=True)
        answers = {a["directory"]: a for a in map(json.loads, output.read_text().splitlines())}
    if len(answers) != len(cases):
        raise PeerError(f"{tool} answered {len(answers)} of {len(cases)} cases")
    return [answers[str(folder / case.path)] for case in cases]


def said(answer: dict) -> Said:
    """One line of a driver."""
    found = {(f["id"], f["result"], f["resource"]) for f in answer["found"]}
    return Said(tuple(Found(*entry) for entry in sorted(found)), answer.get("error", ""))
