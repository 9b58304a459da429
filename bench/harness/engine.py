"""The functions behind `check`: the benches of `onehop-url` and `onehop-address`, with bars on what they print.

They are built by `cargo bench` and print one line for each measure, each the best of many short rounds in one process.
A measure that is not printed is a fault, so that a bench that changes its words is not passed over.
"""

from __future__ import annotations

import os
import re
import subprocess

from .build import WORKSPACE, target_directory
from .load import Ratios
from .rows import Bar, Row
from .run_context import Run
from .tools import ToolError

BENCH_SECONDS_MAX = 900
VERDICT = re.compile(r"^(?P<name>.+?) +(?P<ours>[\d.]+) ns +(?P<peer>[\d.]+) ns +[\d.]+ \(budget [\d.]+\)$")
CLASSIFY = re.compile(r"^classify +(?P<name>.+?)(?: \(budget \d+\))? +(?P<ours>[\d.]+) ns$")
NANOSECONDS = Bar(False, 10, unit="ns")
# The name of the bench, ours, the bar.
VERDICTS = {
    "ordinary, beside Url::parse": ("verdict on ordinary URLs / Url::parse", 1.0),
    "hostile, beside Url::parse": ("verdict on hostile URLs / Url::parse", 3.0),
    "10,000 host rules, beside ten": ("10,000 host rules / ten", 2.0),
    "100,000 networks, beside ten": ("100,000 networks / ten", 2.0),
}
CLASSES = {
    "ordinary IPv4": NANOSECONDS,
    "special IPv4": NANOSECONDS,
    "ordinary IPv6": NANOSECONDS,
    # Half of these carry an IPv4 address, which is decoded and judged too.
    "special IPv6": None,
}


def engine_functions(_: Run) -> list[Row]:
    """Both benches."""
    return [*class_rows(bench("onehop-address", "classify")), *verdict_rows(bench("onehop-url", "verdict"))]


def bench(package: str, name: str) -> str:
    """What a bench prints."""
    argv = ["cargo", "bench", "--quiet", "-p", package, "--bench", name]
    env = {**os.environ, "CARGO_TARGET_DIR": str(target_directory())}
    try:
        answer = subprocess.run(
            argv, cwd=WORKSPACE, env=env, capture_output=True, text=True, timeout=BENCH_SECONDS_MAX, check=True
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ToolError(f"`{' '.join(argv)}` failed: {error}") from error
    except subprocess.CalledProcessError as error:
        raise ToolError(f"`{' '.join(argv)}` failed: {error.stderr.strip()[-600:]}") from error
    return answer.stdout


def class_rows(printed: str) -> list[Row]:
    """Nanoseconds for the class of an address."""
    found = {match["name"]: float(match["ours"]) for match in map(CLASSIFY.match, printed.splitlines()) if match}
    rows = []
    for name, bar in CLASSES.items():
        figure = found.get(name)
        ours, fault = (f"{figure:.1f} ns", "") if figure is not None else ("", "not printed by the bench")
        rows.append(Row(f"class of an address, {name}", ours, figure=figure, bar=bar, fault=fault))
    return rows


def verdict_rows(printed: str) -> list[Row]:
    """A verdict beside its peer, both in nanoseconds."""
    found = {match["name"]: match for match in map(VERDICT.match, printed.splitlines()) if match}
    rows = []
    for name, (shown, limit) in VERDICTS.items():
        bar = Bar(False, limit)
        if name not in found:
            rows.append(Row(shown, "", bar=bar, fault="not printed by the bench"))
            continue
        ours, peer = (float(found[name][side]) for side in ("ours", "peer"))
        ratio = ours / max(peer, 1e-9)
        rows.append(Row(shown, f"{ours:.1f} ns", f"{peer:.1f} ns", Ratios(ratio, ratio, ratio), bar=bar))
    return rows
