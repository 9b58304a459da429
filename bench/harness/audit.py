"""`onehop audit iac` over code on disk: beside checkov on the same directories, and alone over ten thousand files;
and `onehop audit aws` (`accounts.py`).

checkov is asked with its checks about the metadata service alone, and starts once for all directories: its best case.
Both read from the page cache, and write JSON to `/dev/null`. The ratio is one by the clock, the median of the rounds.

| what goes in                   | what has to come out, or the row is invalid  |
|--------------------------------|----------------------------------------------|
| generated roots                | so many verdicts as resources were written   |
| the cases of `fixtures/audit`  | a verdict for every resource of the fixtures |
"""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
import time
import tomllib
from dataclasses import dataclass
from pathlib import Path

from . import accounts, code, load
from .build import WORKSPACE
from .rows import Bar, Row, mebibytes
from .run_context import Run
from .scan import Spent, spend
from .tools import ToolError, cache_directory

FILES = 10_000
# What checkov is compared on: it needs minutes for as many as above.
FILES_COMPARED = 200
ROUNDS = 5
CHECKS = "CKV_AWS_79,CKV_AWS_341,CKV_AWS_371"
FINDINGS = 1
# checkov does not come to an end with it: it expands aliases of aliases.
LEFT_OUT = {"alias-bomb"}
# Broken files of the fixtures are told, and end with this.
STATUSES = (FINDINGS, 2)
CHECKOV_BAR = Bar(True, 200)
SECONDS_BAR = Bar(False, 2.0, unit="s")
MEMORY_BAR = Bar(False, 512, unit="MiB")
SECONDS_MAX = 300


@dataclass(frozen=True)
class Work:
    """A directory, and how many verdicts are right for it."""

    name: str
    path: Path
    judged: int


def audit_all(run: Run) -> list[Row]:
    """All rows. The code is made first, if it is not there."""
    program = checkov()
    rows = []
    with tempfile.TemporaryDirectory(prefix="onehop-audit-") as directory:
        small = code.find(cache_directory(), FILES_COMPARED)
        works = [
            Work(f"{small.files} Terraform files", small.path, small.judged),
            Work("the cases of fixtures/audit", Path(directory), fixtures(Path(directory))),
        ]
        rows += [beside_checkov(run, work, program) for work in works]
    return [*rows, *alone(run), *accounts.audit_accounts(run)]


def checkov() -> Path:
    """The program, from the environment of the lab."""
    base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    path = base / "onehop" / "lab" / "audit" / "checkov" / "bin" / "checkov"
    if not path.is_file():
        raise ToolError(f"`{path}` is not there; `lab/audit/install` fetches it")
    return path


def fixtures(folder: Path) -> int:
    """Writes the cases, a directory each; how many verdicts they have without what is given beside the files."""
    judged = 0
    for file in sorted((WORKSPACE / "fixtures" / "audit").glob("*.toml")):
        cases = tomllib.loads(file.read_text())["case"]
        for case in (case for case in cases if case["name"] not in LEFT_OUT):
            judged += len(case["want"])
            for name, text in case["files"].items():
                path = folder / file.stem / case["name"] / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(text.encode())
    return judged


def argv(run: Run, work: Work, *flags: str) -> list[str]:
    """The command: no file of this machine decides."""
    return [str(run.binary), "--config", "/dev/null", "audit", "iac", "--format", "json", *flags, str(work.path)]


def beside_checkov(run: Run, work: Work, program: Path) -> Row:
    """Both by the clock."""
    status, fault, _ = watched(run, work)
    theirs = [str(program), "-d", str(work.path), "--check", CHECKS, "-o", "json", "--compact", "--skip-download", "--soft-fail"]
    sides = {
        "ours": lambda: spend(run, argv(run, work), status),
        "checkov": lambda: spend(run, theirs),
    }
    taken = load.rounds(sides, 1 if run.rounds < ROUNDS else 2)
    ratios = load.ratios(taken["checkov"], taken["ours"], "seconds")
    cpu = load.ratios(taken["checkov"], taken["ours"], "cpu")
    note = f"by processor time {cpu.median:.0f}; by the clock, two cores"
    shown = [f"{load.median(taken[side], 'seconds'):.3f} s" for side in sides]
    return Row(f"audit {work.name} / checkov", *shown, ratios, bar=CHECKOV_BAR, fault=fault, note=note)


def alone(run: Run) -> list[Row]:
    """Ten thousand files: time and memory."""
    tree = code.find(cache_directory(), FILES)
    work = Work(f"{tree.files:,} Terraform files", tree.path, tree.judged)
    status, fault, _ = watched(run, work)
    spent = [spend(run, argv(run, work), status) for _ in range(run.rounds)]
    best = min(spent, key=lambda one: one.seconds)
    note = f"{mebibytes(tree.size)} of code, {tree.judged:,} resources judged; {best.cpu:.2f} s of processor time"
    return [
        Row(f"audit {work.name}", f"{best.seconds:.2f} s", figure=best.seconds, bar=SECONDS_BAR, fault=fault, note=note),
        memory(work, spent, fault),
    ]


def memory(work: Work, spent: list[Spent], fault: str) -> Row:
    """The largest size of all runs."""
    peak = max(one.peak for one in spent)
    return Row(f"audit memory, {work.name}", mebibytes(peak), figure=peak / (1 << 20), bar=MEMORY_BAR, fault=fault)


def watched(run: Run, work: Work) -> tuple[int, str, float]:
    """One run whose verdicts are counted: its exit status, what is wrong in words, its seconds."""
    start = time.monotonic()
    done = subprocess.run(argv(run, work, "--all"), capture_output=True, timeout=SECONDS_MAX, check=False)
    seconds = time.monotonic() - start
    kinds = [json.loads(line)["type"] for line in done.stdout.splitlines()]
    fault = "" if kinds.count("verdict") == work.judged else f"{kinds.count('verdict')} verdicts for {work.judged} resources"
    if done.returncode not in STATUSES or not kinds or kinds[-1] != "summary":
        fault = f"it ended with {done.returncode}"
    return done.returncode, fault, seconds
