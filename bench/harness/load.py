"""Load from wrk, and the alternation that cancels the machine's noise.

All contenders of one comparison are measured one after the other in every round, each round in another order. A ratio is
taken inside a round, where both sides saw the same machine; the median of the rounds' ratios is reported with the
smallest and the largest.

Any answer other than 2xx or 3xx, and any failed connection, makes a sample faulty: a fast refusal is not speed.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from .children import Child, ChildError
from .http1 import Address
from .tools import Tool

SCRIPT = Path(__file__).parent.parent / "load.lua"
WRK_THREADS = 2
ERROR_KINDS = ("connect", "read", "write", "status", "timeout")


@dataclass(frozen=True)
class Sample:
    """One run of wrk. Times in microseconds, counted from the request written to the answer read.

    `cpu` is the server's own processor time for each request.
    """

    rate: float
    p50: float
    p99: float
    requests: int
    errors: dict[str, int]
    cpu: float = 0.0


@dataclass(frozen=True)
class Load:
    """What is sent: one connection per request, `connections` at a time."""

    server: Child
    address: Address
    path: str
    headers: dict[str, str] = field(default_factory=dict)
    method: str = "GET"
    connections: int = 64
    paths: tuple[str, ...] = ()


@dataclass(frozen=True)
class Ratios:
    """The rounds' ratios of one figure."""

    median: float
    low: float
    high: float


def parse_sample(output: str) -> Sample:
    """Reads the line that `load.lua` writes."""
    lines = [line for line in output.splitlines() if line.startswith("{")]
    if not lines:
        raise ChildError(f"wrk printed no result: {output.strip()[-300:]}")
    result = json.loads(lines[-1])
    seconds = result["duration"] / 1e6
    errors = {kind: result[kind] for kind in ERROR_KINDS if result[kind]}
    return Sample(result["requests"] / seconds, result["p50"], result["p99"], result["requests"], errors)


def drive(tool: Tool, load: Load, seconds: int) -> Sample:
    """Runs wrk once."""
    headers = {"Connection": "close", **load.headers}
    argv = [str(tool.path), f"-t{WRK_THREADS}", f"-c{load.connections}", f"-d{seconds}s", "-s", str(SCRIPT)]
    for name, value in headers.items():
        argv += ["-H", f"{name}: {value}"]
    argv.append(f"http://{load.address[0]}:{load.address[1]}{load.path}")
    settings = {"ONEHOP_BENCH_METHOD": load.method, "ONEHOP_BENCH_PATHS": " ".join(load.paths)}
    env = {**os.environ, **tool.env, **{name: value for name, value in settings.items() if value}}
    spent = load.server.cpu_nanoseconds()
    answer = subprocess.run(argv, env=env, capture_output=True, text=True, timeout=seconds + 30, check=False)
    if answer.returncode != 0:
        raise ChildError(f"wrk failed: {(answer.stdout + answer.stderr).strip()[-300:]}")
    spent = load.server.cpu_nanoseconds() - spent
    sample = parse_sample(answer.stdout)
    return replace(sample, cpu=spent / 1000 / max(sample.requests, 1))


def rounds(measures: dict[str, Callable[[], Sample]], count: int) -> dict[str, list[Sample]]:
    """Takes every measure once a round, starting each round with the next one."""
    names = list(measures)
    samples: dict[str, list[Sample]] = {name: [] for name in names}
    for turn in range(count):
        shift = turn % len(names)
        for name in names[shift:] + names[:shift]:
            samples[name].append(measures[name]())
    return samples


def compare(tool: Tool, loads: dict[str, Load], count: int, seconds: int) -> dict[str, list[Sample]]:
    """Rounds of wrk over several targets, after one second of warm-up for each."""
    for load in loads.values():
        drive(tool, load, 1)
    return rounds({name: lambda load=load: drive(tool, load, seconds) for name, load in loads.items()}, count)


def ratios(ours: list[Sample], peer: list[Sample], figure: str) -> Ratios:
    """Ours divided by the peer's, round by round."""
    values = [getattr(a, figure) / max(getattr(b, figure), 1e-9) for a, b in zip(ours, peer, strict=True)]
    return Ratios(statistics.median(values), min(values), max(values))


def median(samples: list[Sample], figure: str) -> float:
    """The median of one figure."""
    return statistics.median(getattr(sample, figure) for sample in samples)


def faults(*groups: list[Sample]) -> str:
    """The errors of all samples in words; empty when there were none."""
    totals: dict[str, int] = {}
    for sample in (sample for group in groups for sample in group):
        for kind, number in sample.errors.items():
            totals[kind] = totals.get(kind, 0) + number
    return ", ".join(f"{number} {kind} errors" for kind, number in sorted(totals.items()))
