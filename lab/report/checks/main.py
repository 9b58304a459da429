"""The command: has every format written, checks each, and each check against something that must not pass it; then the
reports of the auditor itself.

Exit 0 when everything passed; 1 when something did not, or, with `CI=true`, could not be run; 2 when nothing could be
run. The last line of standard output is `N passed, N failed`.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from checks import audit, browser, page, schemas, viewer  # noqa: E402


def main(words=None):
    options = _options(words)
    for program, package in ((options.samples, "onehop-report --example report-samples"), (options.onehop, "onehop")):
        if not program.is_file():
            print(f"error: `{program}` is not there", file=sys.stderr)
            print(f"hint: cargo build -p {package}", file=sys.stderr)
            return 2
    outcomes, absent = [], []
    with tempfile.TemporaryDirectory(prefix="onehop-report-") as folder:
        folder = Path(folder)
        for name, count in (("few", 0), ("many", options.count)):
            subprocess.run([options.samples, folder / name, str(count)], check=True, timeout=300)
        outcomes += schemas.check(folder / "few")
        why = browser.why_not(options.cache)
        if why:
            absent.append(f"the page in a browser: {why}")
        else:
            pictures = None if options.check else options.cache / "report-pictures"
            outcomes += page.check(options.cache, folder, pictures)
            reports = audit.write(options.onehop, folder)
            with browser.Browser(options.cache) as one:
                outcomes += audit.check(one, reports, pictures)
                outcomes += viewer.check(one, options.cache, reports, pictures)
        absent += viewer.missing(options.cache)
    for name, faults in outcomes:
        print(f"{'ok    ' if not faults else 'FAILED'} {name}")
        for fault in faults[:5]:
            print(f"       {fault}")
    for what in absent:
        print(f"not run: {what}", file=sys.stderr)
    bad = sum(bool(faults) for _, faults in outcomes)
    missing = len(absent) if os.environ.get("CI") == "true" else 0
    print(f"{len(outcomes) - bad} passed, {bad + missing} failed")
    return 1 if bad or missing else 0


def _options(words):
    parser = argparse.ArgumentParser(prog="run", description=__doc__.split("\n\n")[0])
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "onehop"
    target = Path(os.environ.get("CARGO_TARGET_DIR") or cache / "target")
    parser.add_argument(
        "--samples", type=Path, default=target / "debug/examples/report-samples", help="what writes the reports"
    )
    parser.add_argument("--onehop", type=Path, default=target / "debug/onehop", help="what audits")
    parser.add_argument("--check", action="store_true", help="take no pictures")
    parser.add_argument("--count", type=int, default=1_500, help="findings of the large page (default: 1500)")
    parser.add_argument("--cache", type=Path, default=cache / "lab", help="the folder that `install` filled")
    return parser.parse_args(words)


if __name__ == "__main__":
    sys.exit(main())
