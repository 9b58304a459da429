#!/usr/bin/env python3
"""That the check of benign URLs fails when it should. No network, no package lists: `python3 lab/benign/test_benign.py`."""

import contextlib
import io
import json
import subprocess
import sys
import tempfile
import unittest
import unittest.mock
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent))

from truth import ask, corpora, judge, logs, main, page, reasons  # noqa: E402

ALLOWED = ask.Verdict(None, None)
DENIED = ask.Verdict("ADDR-PRIVATE", "made up")
SCHEME = ask.Verdict("URL-SCHEME", "made up")


def judged(url: bytes, strict: ask.Verdict, compat: ask.Verdict) -> judge.Outcome:
    return judge.judge(corpora.Corpus("made up", "a test", [url]), [strict], [compat])


class Judging(unittest.TestCase):
    def test_a_refusal_needs_a_reason(self) -> None:
        web, ftp = b"https://example.com/", b"ftp://example.com/"
        for name, outcome, faults, reasoned in [
            ("allowed by both", judged(web, ALLOWED, ALLOWED), 0, 0),
            ("refused by strict alone", judged(web, DENIED, ALLOWED), 0, 0),
            ("refused without a reason", judged(web, DENIED, DENIED), 1, 0),
            ("refused for a listed reason", judged(ftp, SCHEME, SCHEME), 0, 1),
            ("the code of the reason, but not its form", judged(web, SCHEME, SCHEME), 1, 0),
            ("the form of the reason, but not its code", judged(ftp, DENIED, DENIED), 1, 0),
            ("strict is laxer than compat", judged(ftp, ALLOWED, SCHEME), 1, 0),
        ]:
            with self.subTest(name):
                self.assertEqual((len(outcome.faults), outcome.compat_refused - len(outcome.faults)), (faults, reasoned))

    def test_each_reason_fits_its_own(self) -> None:
        for url, code, want in [
            (b"gopher://example.com/", "URL-SCHEME", "another scheme"),
            (b"HTTP://example.com/", "URL-SCHEME", None),
            (b"example.com", "URL-SCHEME", None),
            (b"http://http://example.com/", "NAME-SINGLE-LABEL", "the scheme twice"),
            (b"http://https/", "NAME-SINGLE-LABEL", None),
            (b"http:/example.com/", "URL-SLASHES", "other than two slashes"),
            (b" http:\\\\example.com", "URL-SLASHES", "other than two slashes"),
            (b"http:///example.com", "URL-SLASHES", "other than two slashes"),
            (b"http://example.com//", "URL-SLASHES", None),
            (b"http://10.0.0.xN--pokxncvks", "URL-MALFORMED", "a label that does not decode"),
            (b"http://xn--bcher-kva.example", "URL-MALFORMED", None),
        ]:
            with self.subTest(url):
                found = reasons.reason(url, code)
                self.assertEqual(found and found.name, want)

    def test_the_exit_follows_the_faults(self) -> None:
        allowed, alarm = judged(b"https://a.example/", ALLOWED, ALLOWED), logs.Alarm(1, b"x", "y")
        for outcome, absent, alarms, ci, want in [
            (allowed, [], [], "", (0, "1 passed, 0 failed")),
            (judged(b"https://a.example/", DENIED, DENIED), [], [], "", (1, "0 passed, 1 failed")),
            (allowed, [], [alarm], "", (1, "1 passed, 1 failed")),
            (allowed, ["x"], [], "", (0, "1 passed, 0 failed, 1 skipped")),
            (allowed, ["x"], [], "true", (1, "1 passed, 1 failed, 1 skipped")),
        ]:
            out = io.StringIO()
            with self.subTest(want), contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
                with unittest.mock.patch.dict(main.os.environ, {"CI": ci}):
                    status = main.conclude([outcome], absent, alarms)
            self.assertEqual((status, out.getvalue().splitlines()[-1]), want)


class Scanning(unittest.TestCase):
    def test_alarms_name_the_url_in_their_line(self) -> None:
        finding = {"type": "finding", "line": 4, "target": "169.254.169.254", "rule": "IMDS-URL"}
        told = [finding, {"type": "summary", "facts": {"lines": 4}}]
        done = subprocess.CompletedProcess([], 1, "\n".join(map(json.dumps, told)).encode(), b"")
        corpus = corpora.Corpus("made up", "a test", [b"https://a.example/", b"https://b.example/"])
        with unittest.mock.patch.object(logs.subprocess, "run", return_value=done) as run:
            found = logs.alarms(Path("onehop"), corpus)
        self.assertEqual(found, 2 * [logs.Alarm(4, b"https%3A%2F%2Fb.example%2F", "169.254.169.254")])
        self.assertIn(b"url=https://b.example/&w=1 HTTP", run.call_args.kwargs["input"])
        done.stdout = b'{"type":"summary","facts":{"lines":3}}'
        with unittest.mock.patch.object(logs.subprocess, "run", return_value=done), self.assertRaises(ask.AskError):
            logs.alarms(Path("onehop"), corpus)


class Reading(unittest.TestCase):
    def test_home_pages_are_distinct(self) -> None:
        lists = b"Package: a\nHomepage: https://b.example/\n\nPackage: b\nHomepage: https://a.example/ \n\nHomepage: https://b.example/\n"
        self.assertEqual(corpora.homepages(lists), [b"https://a.example/", b"https://b.example/"])

    def test_public_hosts(self) -> None:
        for host, want in [
            ("example.com", True),
            ("xn--fa-hia.example.", True),
            ("1.2.3.4", True),
            ("[2606:4700::1]", True),
            ("localhost", False),
            ("a.localhost.", False),
            ("printer.local", False),
            ("host", False),
            ("", False),
            ("..", False),
            ("127.0.0.1", False),
            ("[::1]", False),
            ("[::8.8.8.8]", False),
        ]:
            with self.subTest(host):
                self.assertEqual(corpora.is_public(host), want)

    def test_rows_of_the_platform(self) -> None:
        row = {"input": "http://example.com/", "base": None, "protocol": "http:", "hostname": "example.com"}
        for change, want in [
            ({}, True),
            ({"input": " HTTP://example.com\t/\n"}, True),
            ({"failure": True}, False),
            ({"protocol": "ftp:"}, False),
            ({"hostname": "10.0.0.1"}, False),
            ({"input": "/path", "base": "http://example.com/"}, False),
            ({"input": "http:path", "base": "http://example.com/"}, False),
            ({"input": "http://example.com/\ud800"}, False),
            ({"input": "http://example.com/\0"}, False),
        ]:
            with self.subTest(change):
                self.assertEqual(corpora.is_public_row({**row, **change}), want)

    def test_answers_must_be_one_for_each_url(self) -> None:
        with tempfile.TemporaryDirectory() as directory:
            stub = Path(directory) / "stub"
            for script, error in [("exit 2", "ended with 2"), ("cat >/dev/null", "0 lines for 1 URLs")]:
                stub.write_text(f"#!/bin/sh\n{script}\n")
                stub.chmod(0o755)
                with self.subTest(script), self.assertRaisesRegex(ask.AskError, error):
                    ask.ask(stub, "compat", [b"https://example.com/"])

    def test_a_cell_holds_any_url(self) -> None:
        for url, want in [
            (b"http://a/|`", "`` http://a/\\|` ``"),
            (b"http://a\n", "`http://a\\n`"),
            ("http://\u202ea".encode(), "`http://\\u202ea`"),
            (b"http://" + b"a" * 90, "`http://" + "a" * 62 + "…`"),
        ]:
            with self.subTest(url):
                self.assertEqual(page.shown(url), want)


if __name__ == "__main__":
    unittest.main()
