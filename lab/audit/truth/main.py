"""The command: writes the cases to disk, asks `onehop audit iac`, checkov and c7n-left, writes the page or only checks.

Exit 0 when ours is right in every case and, with `--check`, the page is the one that would be written; 1 when not; 2 when
nothing could be asked. The last line of standard output is `N passed, N failed`, and `, N skipped` for tools that are not
installed, which are named on stderr and in CI count as failures.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from . import cases as corpus
from . import page, peers
from .judge import judge
from .ours import AskError, ask_all

PAGE = corpus.ROOT / "docs" / "audit-cases.md"
TOOLS = {"checkov": peers.checkov, "c7n-left": peers.c7n}


def main(words=None) -> int:
    options = arguments(words)
    if not options.check_binary.is_file():
        return fail(f"`{options.check_binary}` is not there", "cargo build -p onehop, or give --check-binary PATH")
    cases = corpus.read()
    with tempfile.TemporaryDirectory(prefix="onehop-audit-") as inner:
        folder = Path(inner).resolve()
        corpus.write(cases, folder)
        try:
            ours = ask_all(options.check_binary.resolve(), cases, folder)
        except AskError as error:
            return fail(str(error), "build `onehop` with the feature `audit`")
        said, absent = ask_peers(options, cases, folder)
    stale = False
    if said is not None:
        text = page.render(cases, ours, said, versions())
        stale = options.check and (not PAGE.is_file() or PAGE.read_text(encoding="utf-8") != text)
        if not options.check:
            PAGE.write_text(text, encoding="utf-8")
    return conclude(cases, ours, absent, stale)


def ask_peers(options: argparse.Namespace, cases: list, folder: Path) -> tuple[dict | None, list[str]]:
    """What the other tools say, judged; none with what is missing if one cannot be asked."""
    said, absent = {}, []
    for name, ask in TOOLS.items():
        if options.only_ours:
            absent.append(f"{name}: left out")
            continue
        try:
            answers = ask(cases, folder)
        except (peers.PeerError, OSError, subprocess.SubprocessError) as error:
            absent.append(f"{name}: {error}")
        else:
            said[name] = [judge(case, answer) for case, answer in zip(cases, answers, strict=True)]
    return (None if absent else said), absent


def versions() -> dict[str, str]:
    """What was installed, for the head of the page."""
    return {
        "checkov": peers.version("checkov", "checkov"),
        "c7n": peers.version("c7n", "c7n-left"),
        "custodian": peers.version("c7n", "c7n"),
    }


def arguments(words) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="run", description=__doc__.split("\n\n")[0])
    parser.add_argument("--check", action="store_true", help="write no page")
    parser.add_argument("--only-ours", action="store_true", help="ask no other tool, and write no page")
    parser.add_argument("--check-binary", type=Path, default=target() / "debug/onehop", help="the `onehop` to ask")
    return parser.parse_args(words)


def target() -> Path:
    """Where cargo puts its results."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return Path(os.environ.get("CARGO_TARGET_DIR") or cache / "onehop/target")


def conclude(cases: list, ours: list, absent: list[str], stale: bool) -> int:
    """Tells what was found, and whether that is good."""
    failed = 0
    for case, answer in zip(cases, ours, strict=True):
        for fault in answer.faults:
            print(f"wrong: {case.path}: {fault}")
        failed += bool(answer.faults)
    passed = len(cases) - failed
    if stale:
        print(f"stale: {PAGE.relative_to(corpus.ROOT)} is not what `lab/audit/run` writes")
        failed += 1
    for what in absent:
        print(f"not run: {what}", file=sys.stderr)
    failed += len(absent) if os.environ.get("CI") == "true" else 0
    skipped = f", {len(absent)} skipped" if absent else ""
    print(f"{passed} passed, {failed} failed{skipped}")
    return 1 if failed else 0


def fail(wrong: str, hint: str) -> int:
    print(f"error: {wrong}\nhint: {hint}", file=sys.stderr)
    return 2
