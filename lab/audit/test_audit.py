#!/usr/bin/env python3
"""That the comparison fails when it should. No other tool, no network: `python3 lab/audit/test_audit.py`."""

import contextlib
import io
import json
import sys
import tempfile
import unittest
import unittest.mock
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent))

from truth import cases, judge, main, ours, page, peers  # noqa: E402


def case(*rows: dict, rules: tuple = (), files: tuple = ("main.tf",)) -> cases.Case:
    told = {"want": list(rows), "rules": list(rules), "files": dict.fromkeys(files, ""), "why": "made up"}
    return cases.Case("group", "name", told)


def said(*found: tuple[str, str, str]) -> peers.Said:
    return peers.Said(tuple(peers.Found(*entry) for entry in found))


def row(verdict: str, line: int | None = 1, resource: str = "aws_instance.web") -> dict:
    return {"resource": resource, "verdict": verdict, **({"line": line} if line else {})}


class Judging(unittest.TestCase):
    def test_an_answer_is_right_or_has_a_word(self) -> None:
        fail, good = ("A", "fail", "aws_instance.web"), ("A", "pass", "aws_instance.web")
        for name, verdict, answers, word in [
            ("an open one fails", "optional-explicit", [fail], "right"),
            ("an open one passes", "optional-inherited", [good], "missed"),
            ("an open one is not seen", "optional-explicit", [], "not looked at"),
            ("a closed one fails", "required-inherited", [fail], "false alarm"),
            ("a closed one passes", "required", [good], "right"),
            ("a closed one is not seen", "disabled", [], "right"),
            ("an unknown one fails", "unresolved", [fail], "right"),
            ("an unknown one passes", "unresolved", [good], "passed"),
            ("an unknown one is not seen", "unresolved", [], "not looked at"),
            ("a failure wins", "required", [good, fail], "false alarm"),
            ("a hop limit alone", "required", [good, (peers.HOP_CHECK, "fail", "aws_instance.web")], "false alarm"),
        ]:
            with self.subTest(name):
                self.assertEqual(judge.judge(case(row(verdict)), said(*answers)).word, word)

    def test_what_its_template_tells_need_not_be_told_again(self) -> None:
        self.assertTrue(judge.judge(case(row("optional-explicit", line=None)), said()).is_right)

    def test_a_case_without_verdicts(self) -> None:
        fail = ("A", "fail", "anything")
        for rules, answers, word in [((), [], "right"), ((), [fail], "false alarm"), (("R",), [], "not looked at")]:
            with self.subTest(word):
                self.assertEqual(judge.judge(case(rules=rules), said(*answers)).word, word)

    def test_resources_by_the_names_of_other_tools(self) -> None:
        for wanted, theirs, same in [
            ("aws_instance.web", "aws_instance.web", True),
            ('aws_instance.web["a"]', 'aws_instance.web["a"]', True),
            ('aws_instance.web["a"]', "aws_instance.web", True),
            ('aws_instance.web["a"]', 'aws_instance.web["b"]', False),
            ('module.web["a"].aws_instance.this', 'module.web["a"]', True),
            ('module.web["a"].aws_instance.this', 'module.web["b"]', False),
            ("Web", "AWS::EC2::Instance.Web", True),
            ("Hosts/Web", "AWS::EC2::Instance.Web", True),
            ("Web", "AWS::EC2::Instance.Other", False),
            ("aws_instance.web", "aws_instance.webs", False),
        ]:
            with self.subTest(f"{wanted} {theirs}"):
                self.assertEqual(judge.is_same(wanted, theirs), same)


    def test_what_policies_do_not_find_has_passed(self) -> None:
        rows = [row("optional-explicit", resource=name) for name in ("module.a.aws_instance.this", "aws_ec2_fleet.burst", "Web")]
        self.assertEqual([found.resource for found in peers.looked_at(case(*rows))], ["module.a.aws_instance.this"])


class Ours(unittest.TestCase):
    FINDING = {"type": "finding", "rule": "R", "subject": "aws_instance.web", "facts": {"verdict": "v"}, "path": "/d/main.tf", "line": 1}

    def test_every_difference_is_a_fault(self) -> None:
        right = ours.Answer([("aws_instance.web", "optional-explicit")], [self.FINDING])
        wanted = case(row("optional-explicit"), rules=("R",))
        self.assertEqual(ours.faults(wanted, right, Path("/d")), [])
        for name, answer in [
            ("another verdict", ours.Answer([("aws_instance.web", "required")], right.findings)),
            ("a resource too many", ours.Answer([*right.verdicts, ("other", "required")], right.findings)),
            ("a resource twice", ours.Answer(right.verdicts * 2, right.findings)),
            ("no finding", ours.Answer(right.verdicts, [])),
            ("another line", ours.Answer(right.verdicts, [{**self.FINDING, "line": 2}])),
            ("another file", ours.Answer(right.verdicts, [{**self.FINDING, "path": "/d/other.tf"}])),
            ("another rule", ours.Answer(right.verdicts, [{**self.FINDING, "rule": "S"}])),
            ("a finding twice", ours.Answer(right.verdicts, right.findings * 2)),
        ]:
            with self.subTest(name):
                self.assertNotEqual(ours.faults(wanted, answer, Path("/d")), [])

    def test_a_command_without_a_summary_has_not_answered(self) -> None:
        with tempfile.TemporaryDirectory() as directory:
            stub = Path(directory) / "stub"
            for script in ("exit 2", "echo '{\"type\":\"verdict\",\"resource\":\"a\",\"verdict\":\"b\"}'"):
                stub.write_text(f"#!/bin/sh\n{script}\n")
                stub.chmod(0o755)
                with self.subTest(script), self.assertRaises(ours.AskError):
                    ours.ask(stub, case(), Path(directory))

    def test_flags_follow_the_case(self) -> None:
        told = {"want": [], "rules": [], "files": {"a": ""}, "why": "", "account_defaults": "{}", "vars": {"a": "b"}, "parameters": {"P": "v"}, "var_files": ["x.tfvars"]}
        with tempfile.TemporaryDirectory() as inner:
            words = ours.flags(cases.Case("g", "n", told), Path("/d"), Path(inner))
            self.assertEqual(json.loads(Path(words[words.index("--parameters") + 1]).read_text()), {"P": "v"})
        self.assertEqual(words[4:], ["--var-file", "/d/x.tfvars", "--var", "a=b"])


class Concluding(unittest.TestCase):
    def test_the_exit_follows_the_faults(self) -> None:
        good, bad = ours.Answer(), ours.Answer(faults=["made up"])
        for answers, absent, stale, ci, want in [
            ([good], [], False, "", (0, "1 passed, 0 failed")),
            ([good, bad], [], False, "", (1, "1 passed, 1 failed")),
            ([good], [], True, "", (1, "1 passed, 1 failed")),
            ([good], ["x"], False, "", (0, "1 passed, 0 failed, 1 skipped")),
            ([good], ["x"], False, "true", (1, "1 passed, 1 failed, 1 skipped")),
        ]:
            out = io.StringIO()
            with self.subTest(want), contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
                with unittest.mock.patch.dict(main.os.environ, {"CI": ci}):
                    status = main.conclude([case()] * len(answers), answers, absent, stale)
            self.assertEqual((status, out.getvalue().splitlines()[-1]), want)

    def test_the_page_counts_what_is_judged(self) -> None:
        judged = {"tool": [judge.judge(case(row("required")), said(("A", "fail", "aws_instance.web")))]}
        versions = {"checkov": "1", "c7n": "2", "custodian": "3"}
        text = page.render([case(row("required"))], [ours.Answer()], judged, versions)
        self.assertIn("| tool | 1 | 0 | 1 | 0 | 0 | 0 |", text)
        self.assertIn("✗ false alarm", text)

    def test_every_fixture_is_a_case(self) -> None:
        read = cases.read()
        self.assertGreaterEqual(len(read), 300)
        self.assertEqual(len({case.path for case in read}), len(read))


if __name__ == "__main__":
    unittest.main()
