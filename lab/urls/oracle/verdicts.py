"""What `onehop check` says of every URL, in strict and in compat mode.

A URL with a line end goes as an argument, the others as lines of standard input. Fails with `CheckError` when the
command fails, or does not answer one line for each URL.
"""

import json
import subprocess
from dataclasses import dataclass

MODES = ("strict", "compat")
ARGUMENTS_MAX = 500
SECONDS = 300


class CheckError(Exception):
    pass


@dataclass(frozen=True)
class Verdict:
    allowed: bool
    code: str | None


def ask(binary, mode, urls):
    """The verdicts in the order of the URLs (bytes)."""
    lines = [url for url in urls if not _has_line_end(url)]
    others = [url for url in urls if _has_line_end(url)]
    found = dict(
        zip(lines, _run(binary, mode, ["-"], lines, b"".join(line + b"\n" for line in lines)), strict=True)
    )
    for at in range(0, len(others), ARGUMENTS_MAX):
        some = others[at : at + ARGUMENTS_MAX]
        found.update(zip(some, _run(binary, mode, ["--", *some], some, b""), strict=True))
    return [found[url] for url in urls]


def _has_line_end(url):
    return b"\n" in url or b"\r" in url


def _run(binary, mode, words, urls, given):
    if not urls:
        return []
    command = [binary, "check", f"--{mode}", "--format", "json", *words]
    done = subprocess.run(command, input=given, capture_output=True, timeout=SECONDS, check=False)
    if done.returncode not in (0, 1):
        raise CheckError(
            f"`check --{mode}` ended with {done.returncode}: {done.stderr.decode(errors='replace')[-400:]}"
        )
    answers = [json.loads(line) for line in done.stdout.split(b"\n") if line]
    answers = [answer for answer in answers if answer.get("type") == "check"]
    if len(answers) != len(urls):
        raise CheckError(f"`check --{mode}` answered {len(answers)} lines for {len(urls)} URLs")
    return [Verdict(answer["verdict"] == "allow", answer["code"]) for answer in answers]
