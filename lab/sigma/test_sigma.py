#!/usr/bin/env python3
"""That the trial of the Sigma pack fails when it should. Runs itself in the environment that `install` makes."""

import os
import sys
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
here = Path(__file__).resolve().parent
sys.path.insert(0, str(here))
cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
PYTHON = cache / "onehop/lab/sigma/bin/python3"

if PYTHON.is_file() and Path(sys.prefix) != PYTHON.parents[1]:
    os.execv(PYTHON, [str(PYTHON), __file__, *sys.argv[1:]])
if not PYTHON.is_file():
    print(f"error: `{PYTHON}` is not there\nhint: lab/sigma/install", file=sys.stderr)
    sys.exit(2)

from pack import main, match, steps  # noqa: E402
from sigma.collection import SigmaCollection  # noqa: E402

RULE = """
title: Made Up
name: made_up
logsource: {{category: webserver}}
detection:
    selection:
        {term}
    filter:
        b: y
    condition: selection and not filter
"""
TOGETHER = """
title: Together
name: together
correlation:
    type: value_count
    rules: [made_up]
    group-by: [who]
    timespan: 10s
    condition: {field: b, gte: 2}
"""


def matcher(term: str, more: str = "") -> match.Matcher:
    documents = RULE.format(term=term) + (f"\n---\n{more}" if more else "")
    return match.Matcher({rule.name: rule for rule in SigmaCollection.from_yaml(documents).rules})


class Matching(unittest.TestCase):
    def test_values(self):
        cases = [
            ("a: x", {"a": "X"}, True),
            ("a: x", {"a": "xy"}, False),
            ("a: x", {}, False),
            ("a: x", {"a": "x", "b": "Y"}, False),
            ("a|contains: x", {"a": "yXy"}, True),
            ("a|endswith: x", {"a": "xy"}, False),
            ("a|re: 'x+'", {"a": "yxxy"}, True),
            ("a|re: 'x+'", {"a": "X"}, False),
            ("a: 3", {"a": "3"}, True),
            ("a|gt: 3", {"a": 3}, False),
            ("a|gt: 3", {"a": "4"}, True),
            ("a|cidr: 10.0.0.0/8", {"a": "10.1.2.3"}, True),
            ("a|cidr: 10.0.0.0/8", {"a": "made up"}, False),
            ("a: null", {"c": 1}, True),
            ("a: null", {"a": 1}, False),
            ("a.d: x", {"a": [{"d": "z"}, {"d": "x"}]}, True),
            ("a.d: x", {"a": {"d": None}}, False),
            ("a.d: x", {"a.d": "x"}, True),
        ]
        for term, event, want in cases:
            with self.subTest(term=term, event=event):
                self.assertEqual(matcher(term).matches("made_up", event), want)

    def test_what_is_not_known_is_an_error(self):
        with self.assertRaises(match.Unknown):
            matcher("a|exists: true").matches("made_up", {"a": 1})

    def test_distinct_values_of_one_group_within_the_time(self):
        one, two = {"@time": 0, "who": "w", "a": "x", "b": "1"}, {"@time": 5, "who": "w", "a": "x", "b": "2"}
        together = matcher("a: x", TOGETHER)
        for events, want in [
            ([one, two], True),
            ([one, two | {"b": "1"}], False),
            ([one, two | {"@time": 11}], False),
            ([one, two | {"who": "v"}], False),
            ([one, two | {"a": "z"}], False),
        ]:
            with self.subTest(events=events):
                self.assertEqual(together.matches("together", events), want)


class Judging(unittest.TestCase):
    def test_a_rule_without_events_fails(self):
        self.assertFalse(all(step.good for step in main.tried(matcher("a: x"))))

    def test_a_rule_without_a_query_fails(self):
        self.assertEqual(steps.faults({"one", "two"}, {"one": "a=1", "two": " "}), ["two: no query"])

    def test_a_group_with_a_dash_fails(self):
        self.assertEqual(steps.faults({"one"}, {"one": '(?<a-bMatch>x) (?<aMatch>x) (?<=y)'}), ["one: a group named `a-bMatch`"])


if __name__ == "__main__":
    unittest.main()
