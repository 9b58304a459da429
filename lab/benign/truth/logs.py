"""What `onehop scan` says of a log of requests with these URLs as parameters: nothing, as none of them is an attempt.

Each URL stands in a line of the combined form twice: as it is, and percent-encoded as browsers do it. Fails with
`AskError` when the command does.
"""

import json
import subprocess
import urllib.parse
from dataclasses import dataclass
from pathlib import Path

from .ask import SECONDS_MAX, AskError
from .corpora import Corpus

LINE = (
    b'203.0.113.9 - - [10/Oct/2026:13:55:36 +0000] "GET /fetch?url=%s&w=1 HTTP/1.1" 200 5124 '
    b'"https://www.example.com/" "Mozilla/5.0"\n'
)
DEPTHS = ([], ["--deep"])


@dataclass(frozen=True)
class Alarm:
    """A line of the log, from 1, the URL in it, and what it was taken for."""

    line: int
    url: bytes
    target: str


def alarms(binary: Path, corpus: Corpus) -> list[Alarm]:
    """Everything that is found, in each depth."""
    urls = [url for url in corpus.urls if not any(byte in b'\n\r"' for byte in url)]
    forms = [form for url in urls for form in (url, urllib.parse.quote_from_bytes(url, safe="").encode())]
    log = b"".join(LINE % form for form in forms)
    found = []
    for words in DEPTHS:
        for finding in findings(binary, words, log):
            line = finding["line"]
            found.append(Alarm(line, forms[line - 1], finding.get("target") or finding["rule"]))
    return found


def findings(binary: Path, words: list, log: bytes) -> list[dict]:
    """One run of the command; no file of this machine decides. It must have read every line."""
    command = [binary, "--config", "/dev/null", "scan", *words, "--format", "json", "-"]
    try:
        done = subprocess.run(command, input=log, capture_output=True, timeout=SECONDS_MAX, check=False)
    except (OSError, subprocess.SubprocessError) as error:
        raise AskError(f"`scan`: {error}") from error
    if done.returncode not in (0, 1):
        raise AskError(f"`scan` ended with {done.returncode}: {done.stderr.decode(errors='replace')[-400:]}")
    read = [json.loads(line) for line in done.stdout.splitlines()]
    lines = [told["facts"]["lines"] for told in read if told["type"] == "summary"]
    if lines != [log.count(b"\n")]:
        raise AskError(f"`scan` read {lines} lines of {log.count(10)}")
    return [told for told in read if told["type"] == "finding"]
