"""What every measurement is given: the programs, the children of this run and how long to measure."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from .children import Children
from .tools import Tool


@dataclass(frozen=True)
class Pace:
    """How much is measured. Times in seconds of load."""

    rounds: int
    seconds: int
    guard_seconds: int
    token_seconds: int
    crawl_seconds: float
    connections: int
    tokens: int
    upstream_seconds: int


FULL = Pace(5, 4, 3, 3, 1.0, 10_000, 200_000, 5)
QUICK = Pace(3, 1, 1, 1, 0.2, 10_000, 50_000, 2)


@dataclass(frozen=True)
class Run:
    """One run of the harness. The pace's fields are reachable here directly. Parts that need no tool have none."""

    children: Children
    binary: Path
    wrk: Tool | None
    nginx: Tool | None
    pace: Pace
    rg: Tool | None = None

    def __getattr__(self, name: str) -> int | float:
        return getattr(self.pace, name)
