"""The command: makes URLs, has every client try them, asks `onehop check`, compares, writes or checks the page.

Exit 0 when `check` denies, in both modes, every URL that a client turned into a connection inside (and, with
`--check`, the page is as committed); 1 when not; 2 when nothing could be run. The last line of standard output is
`N passed, N failed`: distinct URLs that `check` judged rightly, and those that it did not plus whatever else failed.

Only a run of every client over the default number of URLs, denied ones with them, has a page.
"""

import argparse
import difflib
import os
import signal
import sys
import tempfile
import time
from pathlib import Path

from shared import child, space

from . import compare, generate, page, record, verdicts
from .clients import CLIENTS, missing

ROOT = Path(__file__).resolve().parents[3]
PAGE = ROOT / "docs" / "clients-urls.md"
CORPUS = ROOT / "fixtures" / "url"
#: URLs of a run that has a page.
COUNT = 20_000


def main(words=None):
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("error: stopped by a signal"))
    options = _options(words)
    obstacle = _obstacle(options)
    if obstacle:
        return _fail(*obstacle)
    folder = options.cache / "urls" / f"{options.seed}-{options.count}"
    try:
        records, urls, asked, absent = _records(options, folder)
    except (FileNotFoundError, verdicts.CheckError) as error:
        return _fail(str(error), "build `onehop`, run `lab/urls/install`, or leave out --replay")
    finally:
        child.end_all()
    return _conclude(options, records, urls, asked, absent)


def _options(words):
    parser = argparse.ArgumentParser(prog="run", description=__doc__.split("\n\n")[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=COUNT, help=f"distinct URLs (default: {COUNT})")
    parser.add_argument(
        "--check-binary", type=Path, default=_target() / "release/onehop", help="the `onehop` to ask"
    )
    parser.add_argument(
        "--check", action="store_true", help="compare with the committed page instead of writing it"
    )
    parser.add_argument(
        "--allowed", action="store_true", help="try only what a mode allows: every miss is among it; no page"
    )
    parser.add_argument("--only", metavar="CLIENT,…", help=", ".join(client.name for client in CLIENTS))
    parser.add_argument(
        "--replay", action="store_true", help="what the last such run recorded; no client runs"
    )
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="clients at the same time")
    parser.add_argument(
        "--cache", type=Path, default=_cache() / "lab", help="the folder that `install` filled"
    )
    options = parser.parse_args(words)
    if options.allowed and options.replay:
        parser.error("--replay needs what a run without --allowed recorded")
    names = [client.name for client in CLIENTS]
    for name in (options.only or "").split(",") if options.only else ():
        if name not in names:
            parser.error(f"`{name}` is none of {', '.join(names)}")
    return options


def _cache():
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "onehop"


def _target():
    return Path(os.environ.get("CARGO_TARGET_DIR") or _cache() / "target")


def _obstacle(options):
    if not options.check_binary.is_file():
        return f"`{options.check_binary}` is not there", "cargo build --release -p onehop"
    if not options.replay:
        space.sweep()
        why = space.why_not()
        return why and (why, "run as root, or use --replay")
    return None


def _records(options, folder):
    chosen = [c for c in CLIENTS if not options.only or c.name in options.only.split(",")]
    absent = {c.name: why for c in chosen if (why := missing(c, options.cache))}
    present = [c for c in chosen if c.name not in absent]
    if options.replay:
        records, urls = record.load(present, folder)
        return records, urls, _ask(options, urls), absent
    urls = generate.urls(options.seed, options.count, generate.corpus(CORPUS))
    asked = _ask(options, urls)
    fixed = len(generate.urls(options.seed, 0))
    among = _allowed(asked) if options.allowed else None
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="onehop-urls-") as jobs:
        records = record.run(
            present,
            urls,
            lambda client: record.indices(client, fixed, len(urls), options.seed, among),
            Path(jobs),
            options.cache,
            options.jobs,
        )
    print(f"{len(urls)} URLs, {len(present)} clients, {time.monotonic() - started:.0f} s", file=sys.stderr)
    if not options.allowed:
        folder.mkdir(parents=True, exist_ok=True)
        record.save(records, urls, folder)
    return records, urls, asked, absent


def _ask(options, urls):
    return {mode: verdicts.ask(options.check_binary, mode, urls) for mode in verdicts.MODES}


def _allowed(asked):
    """Places of the URLs that a mode allows, and of the first, by which it shows that clients are seen at all."""
    return {0}.union(*({i for i, one in enumerate(found) if one.allowed} for found in asked.values()))


def _conclude(options, records, urls, asked, absent):
    found = compare.Comparison(records, urls, asked)
    misses = found.misses()
    if misses and not options.replay:
        misses = found.confirmed(misses, options)
    sys.stdout.writelines(line + "\n" for line in found.report(misses))
    missed = len({index for _, index, _ in misses})
    broken = [(one.client.name, error) for one in records.values() for error in one.errors]
    blind = found.blind()
    bad = missed + len(broken) + len(blind) + (len(absent) if os.environ.get("CI") == "true" else 0)
    for name, error in broken:
        print(f"error: {name}: {error}", file=sys.stderr)
    for name in blind:
        print(f"error: {name}: not seen to dial the plain address", file=sys.stderr)
    for name, why in absent.items():
        print(f"not run: {name}: {why}", file=sys.stderr)
    is_full = options.count == COUNT and not options.allowed and not options.only
    if is_full and not broken and not absent:
        places = {url: index for index, url in enumerate(urls)}
        bad += _settle(page.render(records, places, asked["compat"]), options.check)
    skipped = f", {len(absent)} skipped" if absent else ""
    print(f"{len(urls) - missed} passed, {bad} failed{skipped}")
    return 1 if bad else 0


def _settle(text, check):
    """Writes the page, or says how the committed one differs. Returns how many failures that is."""
    if not check:
        PAGE.write_text(text)
        return 0
    committed = PAGE.read_text() if PAGE.is_file() else ""
    lines = list(
        difflib.unified_diff(committed.splitlines(True), text.splitlines(True), "committed", "found")
    )
    sys.stderr.writelines(lines)
    return 1 if lines else 0


def _fail(wrong, hint):
    print(f"error: {wrong}\nhint: {hint}", file=sys.stderr)
    return 2
