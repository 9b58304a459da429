"""The command: reads the corpora, asks `onehop check`, judges, writes the page or only checks.

Exit 0 when compat mode allows every URL or has a listed reason, and `scan` finds nothing in a log of them; 1 when not; 2 when nothing could be asked. The last
line of standard output is `N passed, N failed`, and `, N skipped` for corpora that are not on this machine, which are
named on stderr and in CI count as failures.
"""

import argparse
import os
import sys
from pathlib import Path

from . import corpora, logs, page
from .ask import MODES, AskError, ask
from .judge import Outcome, judge

PAGE = corpora.ROOT / "docs" / "benign-urls.md"
CORPORA = {"packages": corpora.packages, "platform": corpora.platform}


def main(words=None) -> int:
    options = arguments(words)
    if not options.check_binary.is_file():
        return fail(f"`{options.check_binary}` is not there", "cargo build -p onehop, or give --check-binary PATH")
    outcomes, absent, alarms = [], [], []
    for name, read in CORPORA.items():
        try:
            corpus = read()
            verdicts = {mode: ask(options.check_binary, mode, corpus.urls) for mode in MODES}
            alarms += logs.alarms(options.check_binary, corpus)
        except corpora.Absent as error:
            absent.append(f"{name}: {error}")
        except AskError as error:
            return fail(str(error), "build `onehop` with the feature `check`")
        else:
            outcomes.append(judge(corpus, verdicts["strict"], verdicts["compat"]))
    if not options.check:
        if absent:
            return fail(f"no page without {'; '.join(absent)}", "use --check for what is there")
        PAGE.write_text(page.render(outcomes), encoding="utf-8")
    return conclude(outcomes, absent, alarms)


def arguments(words) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="run", description=__doc__.split("\n\n")[0])
    parser.add_argument("--check", action="store_true", help="write no page")
    parser.add_argument("--check-binary", type=Path, default=target() / "debug/onehop", help="the `onehop` to ask")
    return parser.parse_args(words)


def target() -> Path:
    """Where cargo puts its results."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return Path(os.environ.get("CARGO_TARGET_DIR") or cache / "onehop/target")


def conclude(outcomes: list[Outcome], absent: list[str], alarms: list[logs.Alarm]) -> int:
    """Tells what was found, and whether that is good."""
    passed, failed = 0, len(alarms)
    for outcome in outcomes:
        total, faults = len(outcome.corpus.urls), outcome.faults
        passed, failed = passed + total - len(faults), failed + len(faults)
        reasoned = sum(map(len, outcome.reasoned.values()))
        print(
            f"{outcome.corpus.name}: {total} URLs; compat refuses {reasoned} for a listed reason, "
            f"{len(faults)} without; strict refuses {outcome.strict.total()}"
        )
        for url, why in faults:
            print(f"  refused: {page.shown(url)} {why}")
    print(f"as parameters in a log: {len(alarms)} false alarms of `scan` and `scan --deep`")
    for alarm in alarms:
        print(f"  line {alarm.line}: {page.shown(alarm.url)} is taken for {alarm.target}")
    for what in absent:
        print(f"not run: {what}", file=sys.stderr)
    failed += len(absent) if os.environ.get("CI") == "true" else 0
    skipped = f", {len(absent)} skipped" if absent else ""
    print(f"{passed} passed, {failed} failed{skipped}")
    return 1 if failed else 0


def fail(wrong: str, hint: str) -> int:
    print(f"error: {wrong}\nhint: {hint}", file=sys.stderr)
    return 2
