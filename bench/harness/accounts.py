"""`onehop audit aws` over a hundred thousand instances of the fake account, beside a client that only fetches.

The peer is the pace of the server: `crates/parts/aws/examples/pace.rs` sends the same requests with the same HTTP
library, as many at once, follows the same pages, and looks at nothing else. Server, audit and peer share the two cores,
so the server's own work is part of both sides. The ratio is one by the clock, from start to end of the process: with the
report written, to `/dev/null`.

| the server answers    | what that says                                                             |
|-----------------------|----------------------------------------------------------------------------|
| after 100 ms          | as services do, rather slower: whether the audit keeps up with its pages    |
| at once               | what reading, judging and writing cost beside fetching alone                |

| what goes in          | what has to come out, or the row is invalid                                |
|-----------------------|----------------------------------------------------------------------------|
| 100,000 instances     | a verdict of each, counted in the summary; as many seen by the peer        |
"""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from . import load
from .build import WORKSPACE, build_example
from .children import Child, ChildError
from .rows import Bar, Row, mebibytes
from .run_context import Run
from .scan import Spent, spend

INSTANCES = 100_000
SCENARIO = WORKSPACE / "crates" / "parts" / "fake-aws" / "scenarios" / "crowd.yaml"
LATENCIES = (100, 0)
PACE_BAR = Bar(False, 1.2)
# What a server costs that answers faster than any service does is for report.
AT_ONCE_BAR = Bar(False, 1.2, enforced=False)
MEMORY_BAR = Bar(False, 200, unit="MiB")
FINDINGS = 1
SECONDS_MAX = 120
ROUNDS = 3
TAIL_BYTES = 1 << 16


def audit_accounts(run: Run) -> list[Row]:
    """All rows."""
    pace = build_example("onehop-aws", "pace")
    rows, spent, faults = [], [], []
    for latency in LATENCIES:
        with tempfile.TemporaryDirectory(prefix="onehop-accounts-") as directory, served(run, Path(directory), latency) as server:
            row, ours = beside_pace(run, pace, server, latency)
        rows.append(row)
        spent += ours
        faults += [row.fault] if row.fault else []
    peak = max(one.peak for one in spent)
    figure = peak / (1 << 20)
    name = f"audit memory, {INSTANCES:,} instances"
    return [*rows, Row(name, mebibytes(peak), figure=figure, bar=MEMORY_BAR, fault="; ".join(faults))]


@contextmanager
def served(run: Run, directory: Path, latency: int) -> Iterator[tuple[Child, dict]]:
    """The fake account, answering so late; with its ready line."""
    scenario = directory / "crowd.yaml"
    scenario.write_text(f"latency_milliseconds: {latency}\n{SCENARIO.read_text()}")
    argv = [str(run.binary), "--config", "/dev/null", "audit", "fake-aws", "--scenario", str(scenario)]
    child = run.children.start("fake-aws", argv)
    try:
        line = child.process.stdout.readline() if child.process.stdout else b""
        if not line:
            raise ChildError(f"fake-aws is not ready: {child.complaint()}")
        yield child, json.loads(line)
    finally:
        run.children.stop(child)


def beside_pace(run: Run, pace: Path, server: tuple[Child, dict], latency: int) -> tuple[Row, list[Spent]]:
    """Rounds of both over one server."""
    child, ready = server
    url = ready["endpoint_url"]
    env = {
        "AWS_ACCESS_KEY_ID": ready["access_key_id"],
        "AWS_SECRET_ACCESS_KEY": ready["secret_access_key"],
        "AWS_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    ours = [str(run.binary), "--config", "/dev/null", "audit", "aws", "--all-regions", "--endpoint-url", url]
    ours += ["--format", "json"]
    fault = counted(ours, env) or fetched([str(pace), url])
    sides = {
        "ours": lambda: spend(run, ours, FINDINGS, env),
        "pace": lambda: spend(run, [str(pace), url]),
    }
    before = child.cpu_nanoseconds()
    count = min(run.rounds, ROUNDS)
    taken = load.rounds(sides, count)
    served_seconds = (child.cpu_nanoseconds() - before) / 1e9 / count / len(sides)
    shown = [f"{load.median(taken[side], 'seconds'):.2f} s" for side in sides]
    cpu = [f"{load.median(taken[side], 'cpu'):.2f} s" for side in sides]
    note = f"of processor time {cpu[0]} beside {cpu[1]}, and {served_seconds:.2f} s of the server for each"
    name = f"audit {INSTANCES:,} instances, answers {f'after {latency} ms' if latency else 'at once'} / bare client"
    bar = PACE_BAR if latency else AT_ONCE_BAR
    ratios = load.ratios(taken["ours"], taken["pace"], "seconds")
    return Row(name, *shown, ratios, bar=bar, fault=fault, note=note), taken["ours"]


def counted(argv: list[str], env: dict[str, str]) -> str:
    """One audit whose summary is read. What is wrong with it in words; empty when it is right."""
    status, last = ended(argv, env)
    summary = json.loads(last) if last else {}
    resources = summary.get("facts", {}).get("resources", 0)
    if status != FINDINGS or summary.get("type") != "summary":
        return f"the audit ended with {status}"
    return "" if resources >= INSTANCES else f"{resources:,} resources judged, {INSTANCES:,} instances are there"


def fetched(argv: list[str]) -> str:
    """The same for the peer."""
    status, last = ended(argv, {})
    seen = json.loads(last).get("instances") if status == 0 else None
    return "" if seen == INSTANCES else f"the bare client saw {seen} instances"


def ended(argv: list[str], env: dict[str, str]) -> tuple[int, bytes]:
    """Runs a program: its exit status and its last line. The report goes to a file, since what this process holds is
    counted as the size of programs that it starts."""
    inherited = {"PATH": "/usr/bin:/bin", "HOME": "/nonexistent"}
    with tempfile.TemporaryFile() as out:
        done = subprocess.run(
            argv, env={**inherited, **env}, stdout=out, stderr=subprocess.DEVNULL, timeout=SECONDS_MAX, check=False
        )
        out.seek(max(out.tell() - TAIL_BYTES, 0))
        lines = out.read().splitlines()
    return done.returncode, lines[-1] if lines else b""
