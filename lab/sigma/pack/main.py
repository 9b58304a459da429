"""The command: `sigma check`, conversions, and every rule on events.

Exit 0 when all is well, 1 when something is not, 2 when the pack could not be read. The last line of standard output is
`N passed, N failed`.
"""

import argparse
import json
import sys

from sigma.collection import SigmaCollection

from . import page, spellings
from .match import Matcher
from .place import HERE, ROOT, RULES
from .steps import Step, check, convert

PAGE = ROOT / "docs" / "sigma.md"


def main() -> int:
    parser = argparse.ArgumentParser(prog="lab/sigma/run", description=__doc__.split("\n\n", maxsplit=1)[0])
    parser.add_argument("--check", action="store_true", help="write no page; fail if docs/sigma.md is another one")
    options = parser.parse_args()
    if not RULES.is_dir():
        print("error: `sigma/rules` is not there\nhint: ONEHOP_WRITE_DOCS=1 cargo test -p onehop-scan --test rules", file=sys.stderr)
        return 2
    matcher = read()
    steps = [check(), *convert(), *tried(matcher), spellings.step(matcher)]
    text = page.render(steps)
    if options.check:
        there = PAGE.read_text(encoding="utf-8") if PAGE.is_file() else ""
        steps.append(Step("docs/sigma.md", there == text, "as it is" if there == text else "another one: run lab/sigma/run"))
    else:
        PAGE.write_text(text, encoding="utf-8")
    return conclude(steps)


def read() -> Matcher:
    """The pack as pySigma reads it; any error is raised."""
    collection = SigmaCollection.load_ruleset([str(RULES)], recursion_pattern="**/*.yml")
    return Matcher({rule.name: rule for rule in collection.rules})


def tried(matcher: Matcher) -> list[Step]:
    """Each rule on the events of `events.json`: it has to match some, and to leave others alone."""
    events = json.loads((HERE / "events.json").read_text(encoding="utf-8"))
    strange = sorted(set(events) - set(matcher.rules))
    steps = [Step(f"rule {name}", False, "has events but is not in the pack") for name in strange]
    for name in sorted(matcher.rules):
        cases = events.get(name, {})
        hits, misses = cases.get("hit", []), cases.get("miss", [])
        words = [f"not matched: {json.dumps(case)}" for case in hits if not matcher.matches(name, case)]
        words += [f"matched: {json.dumps(case)}" for case in misses if matcher.matches(name, case)]
        good = bool(hits and misses) and not words
        steps.append(Step(f"rule {name}", good, f"{len(hits)} matched, {len(misses)} left alone", words))
    return steps


def conclude(steps: list[Step]) -> int:
    for step in steps:
        print(f"{'ok' if step.good else 'FAILED'}: {step.name}: {step.figures}")
        for word in step.words:
            print(f"  {word}")
    failed = sum(not step.good for step in steps)
    print(f"{len(steps) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
