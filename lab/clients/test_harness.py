#!/usr/bin/env python3
"""The harness itself: that it fails when it should. `python3 lab/clients/test_harness.py`; no network, no clients."""

import sys
import tempfile
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
here = Path(__file__).resolve().parent
sys.path[:0] = [str(here), str(here.parent)]

from harness import cell as one  # noqa: E402
from harness import expected, page  # noqa: E402
from harness.cases import CASES, CLIENTS, Cell, cells  # noqa: E402

ENTRY = """[[exception]]
clients = ["curl"]
cases = ["required"]
fronts = ["serve"]
outcome = "refused"
reason = "because"
source = "somewhere"
"""


def cell(client, case, front):
    (found,) = [c for c in cells() if c.name == f"{front}/{case}/{client}"]
    return found


def table(text):
    with tempfile.NamedTemporaryFile("w", suffix=".toml") as file:
        file.write(text)
        file.flush()
        return expected.read(file.name, cells())


class Counted:
    """A service whose counters say what a test wants."""

    def __init__(self, serve=None, guard=None, reads=1):
        self._counters = {"serve": serve or {}, "guard": guard or {}}
        self._reads = reads

    def counters(self, who):
        return self._counters[who]

    def reads(self):
        return self._reads


class Table(unittest.TestCase):
    def test_an_entry_is_for_its_cells_alone(self):
        found = table(ENTRY)
        self.assertEqual(found.outcome(cell("curl", "required", "serve")), "refused")
        self.assertEqual(found.outcome(cell("curl", "required", "guard")), "pass")

    def test_what_is_wrong_with_a_table_is_refused(self):
        for name, text in {
            "two entries for one cell": ENTRY + ENTRY,
            "an entry for no cell": ENTRY.replace('"required"', '"not-granted"'),
            "an unknown client": ENTRY.replace('"curl"', '"wget"'),
            "an unknown case": ENTRY.replace('"required"', '"nothing"'),
            "an unknown key": ENTRY + 'note = "x"\n',
            "no reason": ENTRY.replace('"because"', '" "'),
            "no source": ENTRY.replace('source = "somewhere"\n', ""),
            "a pass with an entry": ENTRY.replace('"refused"', '"pass"'),
        }.items():
            with self.subTest(name), self.assertRaises(expected.TableError):
                table(text)

    def test_the_table_of_the_lab_is_sound(self):
        expected.read(Path(__file__).parent / "expected.toml", cells())


class Rules(unittest.TestCase):
    good = {"ok": True, "access_key": "ASIAONEHOPV2AAAAAAAA"}

    def broken(self, where, answers, **counters):
        return list(one.rules_broken(where, answers, Counted(**counters)))

    def test_an_answered_imdsv1_request_breaks_a_cell(self):
        counted = {"MetadataNoToken": 1.0}
        self.assertTrue(self.broken(cell("curl", "required", "serve"), [self.good], serve=counted))
        self.assertTrue(self.broken(cell("curl", "optional", "guard"), [self.good], serve=counted))
        self.assertFalse(self.broken(cell("curl", "optional", "serve"), [self.good], serve=counted))

    def test_a_client_that_the_guard_makes_fall_back_breaks_a_cell(self):
        counted = {'onehop_guard_requests_total{version="v1",class="role-credentials"}': 1.0}
        self.assertTrue(self.broken(cell("js", "remote-denied", "guard"), [], guard=counted))
        self.assertFalse(self.broken(cell("curl-v1", "remote-denied", "guard"), [], guard=counted))
        self.assertFalse(self.broken(cell("js", "hop-1", "guard"), [], guard=counted))

    def test_credentials_of_somebody_else_break_a_cell(self):
        other = {"ok": True, "access_key": "ASIAEXAMPLE"}
        self.assertTrue(self.broken(cell("curl", "required", "serve"), [other]))
        self.assertFalse(self.broken(cell("curl", "required", "serve"), [self.good]))

    def test_the_same_keys_after_a_rotation_break_a_cell(self):
        where = cell("curl", "rotating", "serve")
        self.assertTrue(self.broken(where, [self.good, self.good]))
        self.assertFalse(self.broken(where, [self.good, {**self.good, "access_key": "ASIAONEHOPV2BBBBBBBB"}]))

    def test_a_refusal_that_no_counter_shows_breaks_a_cell(self):
        refused = {"ok": False, "kind": "refused"}
        where = cell("curl-v1", "required", "guard")
        counter = 'onehop_guard_decisions_total{decision="deny",code="IMDS-V1"}'
        self.assertTrue(self.broken(where, [refused]))
        self.assertFalse(self.broken(where, [refused], guard={counter: 1.0}))
        where = cell("curl-v1", "required", "serve")
        self.assertTrue(self.broken(where, [refused]))
        self.assertFalse(self.broken(where, [refused], serve={"MetadataNoTokenRejected": 1.0}))

    def test_a_forwarded_request_that_gets_through_breaks_a_cell(self):
        where = cell("curl-forwarded", "required", "serve")
        for statuses, wrong in [
            (["PUT:403", "GET:403", "tokenless GET:401"], False),
            (["PUT:200", "GET:403", "tokenless GET:401"], True),
            (["PUT:403", "GET:404", "tokenless GET:401"], True),
        ]:
            answer = {"ok": False, "kind": "refused", "statuses": statuses}
            self.assertEqual(bool(self.broken(where, [answer])), wrong, statuses)


class Outcomes(unittest.TestCase):
    good = {"ok": True, "access_key": "ASIAONEHOPV2AAAAAAAA"}

    def test_the_counters_correct_the_client(self):
        for name, where, answers, service, want in [
            ("a token", cell("go", "optional", "serve"), [self.good], Counted(), "pass"),
            (
                "no token",
                cell("go", "optional", "serve"),
                [self.good],
                Counted({"MetadataNoToken": 1.0}),
                "v1",
            ),
            ("kept", cell("rust", "restart", "serve"), [self.good] * 2, Counted(reads=0), "kept"),
            ("fetched again", cell("rust", "restart", "serve"), [self.good] * 2, Counted(), "pass"),
            ("no second fetch", cell("rust", "restart", "serve"), [self.good], Counted(), "broken"),
        ]:
            with self.subTest(name):
                self.assertEqual(one._outcome(where, answers, service), want)


class Page(unittest.TestCase):
    def test_every_cell_has_its_mark(self):
        found = table(ENTRY)
        results = [one.Result(c, found.outcome(c), "1.0") for c in cells()]
        text = page.render(results, found)
        self.assertEqual(text, page.render(list(reversed(results)), found))
        self.assertEqual(text.count("refused [1](#reasons)"), 1)
        columns = {
            line.count("|") for line in text.splitlines() if line.startswith("| tokens required | pass")
        }
        self.assertEqual(columns, {len(CLIENTS) + 2})

    def test_names_are_unique(self):
        for known in (CASES, CLIENTS):
            names = [each.name for each in known]
            self.assertEqual(len(names), len(set(names)))
        self.assertEqual(len({Cell.name.fget(c) for c in cells()}), len(cells()))


if __name__ == "__main__":
    unittest.main()
