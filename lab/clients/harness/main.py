"""The command: runs every cell in small batches, compares, and writes or checks the page.

Exit 0 when every cell is as expected (and, with `--check`, the page too), 1 when one is not, 2 when nothing could
be run. The last line of standard output is `N passed, N failed`, with `, N skipped` where something did not run;
what did not run is named on standard error, and is a failure when CI=true.
"""

import argparse
import difflib
import os
import signal
import sys
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

from shared import child, space

from . import cell as one
from . import expected, page
from .cases import CASES, CLIENTS, cells

LAB = Path(__file__).resolve().parent.parent
PAGE = LAB.parent.parent / "docs" / "clients.md"


def main(words=None):
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("error: stopped by a signal"))
    options = _options(words)
    chosen = [c for c in cells() if _wanted(c, options)]
    try:
        table = expected.read(LAB / "expected.toml", cells())
    except expected.TableError as error:
        return _fail(f"expected.toml: {error}", "every entry is described at the top of that file")
    if not options.binary.is_file():
        return _fail(f"`{options.binary}` is not there", "cargo build --release -p onehop")
    ready, absent = _sort_out(chosen, options)
    results = _run_all(ready, table, options) if ready else []
    return _conclude(results, absent, table, options, whole=len(chosen) == len(cells()))


def _options(words):
    parser = argparse.ArgumentParser(prog="run", description=__doc__.split("\n\n")[0])
    parser.add_argument(
        "--check", action="store_true", help="compare with the committed page instead of writing it"
    )
    parser.add_argument("--only", metavar="CLIENT,…", help=", ".join(client.name for client in CLIENTS))
    parser.add_argument("--case", metavar="CASE,…", help=", ".join(case.name for case in CASES))
    parser.add_argument("--front", choices=["serve", "guard"])
    parser.add_argument("--jobs", type=int, default=4, help="cells at the same time (default: 4)")
    parser.add_argument("--binary", type=Path, default=_cache() / "target/release/onehop")
    parser.add_argument(
        "--cache", type=Path, default=_cache() / "lab", help="the folder that `install` filled"
    )
    options = parser.parse_args(words)
    for given, known in ((options.only, CLIENTS), (options.case, CASES)):
        for name in (given or "").split(",") if given else ():
            if name not in [each.name for each in known]:
                parser.error(f"`{name}` is none of {', '.join(each.name for each in known)}")
    if "CARGO_TARGET_DIR" in os.environ and not any(w.startswith("--binary") for w in words or sys.argv):
        options.binary = Path(os.environ["CARGO_TARGET_DIR"]) / "release/onehop"
    return options


def _cache():
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "onehop"


def _wanted(cell, options):
    return (
        (not options.only or cell.client.name in options.only.split(","))
        and (not options.case or cell.case.name in options.case.split(","))
        and (not options.front or cell.front == options.front)
    )


def _sort_out(chosen, options):
    """The cells that can run, and the others with why not."""
    space.sweep()
    obstacle = space.why_not()
    if obstacle:
        return [], [(cell, obstacle) for cell in chosen]
    ready, absent = [], []
    for cell in chosen:
        part = cell.client.part
        if not part or (options.cache / "installed" / part).is_file():
            ready.append(cell)
        else:
            absent.append((cell, f"`install` has not provided `{part}`"))
    return ready, absent


def _run_all(ready, table, options):
    """Every result. A surprise is looked at again, alone, so that a busy machine does not decide."""
    results = _batch(ready, table, options, options.jobs)
    surprised = [result.cell for result in results if _verdict(result, table)]
    if not surprised:
        return results
    print(f"again, one by one: {len(surprised)}", file=sys.stderr)
    again = {result.cell.name: result for result in _batch(surprised, table, options, 1)}
    return [again.get(result.cell.name, result) for result in results]


def _batch(ready, table, options, jobs):
    results = []
    pool = ThreadPoolExecutor(jobs)
    try:
        started = [pool.submit(one.run, cell, options.binary, LAB, options.cache) for cell in ready]
        for done in as_completed(started):
            results.append(done.result())
            _progress(results[-1], len(results), len(ready), table)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
        child.end_all()
        pool.shutdown(wait=True)
    return results


def _progress(result, number, of, table):
    wrong = _verdict(result, table)
    print(
        f"[{number}/{of}] {result.cell.name}: {result.outcome}{' – ' + wrong if wrong else ''}",
        file=sys.stderr,
    )


def _verdict(result, table):
    """What is wrong with a result, or an empty text."""
    wrong = list(result.broken)
    if result.outcome != table.outcome(result.cell):
        wrong.append(f"expected {table.outcome(result.cell)} ({result.note})")
    return "; ".join(wrong)


def _conclude(results, absent, table, options, whole):
    failed = sorted((r.cell.name, w) for r in results if (w := _verdict(r, table)))
    for name, wrong in failed:
        print(f"error: {name}: {wrong}", file=sys.stderr)
    for cell, why in absent:
        print(f"not run: {cell.name}: {why}", file=sys.stderr)
    bad = len(failed)
    if absent and os.environ.get("CI") == "true":
        bad, absent = bad + len(absent), []
    if whole and not bad and not absent:
        bad += _settle(page.render(results, table), options.check)
    print(
        f"{len(results) - len(failed)} passed, {bad} failed" + (f", {len(absent)} skipped" if absent else "")
    )
    return 1 if bad else 0 if results else 2


def _settle(text, check):
    """Writes the page, or says how the committed one differs. Returns how many failures that is."""
    if not check:
        PAGE.write_text(text)
        return 0
    committed = PAGE.read_text() if PAGE.is_file() else ""
    difference = difflib.unified_diff(committed.splitlines(True), text.splitlines(True), "committed", "found")
    lines = list(difference)
    sys.stderr.writelines(lines)
    return 1 if lines else 0


def _fail(wrong, hint):
    print(f"error: {wrong}\nhint: {hint}", file=sys.stderr)
    return 2
