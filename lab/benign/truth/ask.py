"""What `onehop check` says of URLs. Fails with `AskError` when it does not answer one line for each."""

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path

MODES = ("strict", "compat")
ARGUMENTS_MAX = 500
SECONDS_MAX = 300


class AskError(Exception):
    """The command failed."""


@dataclass(frozen=True)
class Verdict:
    """The code of a denial, or none, and its words."""

    code: str | None
    detail: str | None


def ask(binary: Path, mode: str, urls: list[bytes]) -> list[Verdict]:
    """Verdicts in the order of the URLs. A URL with a line end goes as an argument, the others as lines."""
    lines = [url for url in urls if b"\n" not in url]
    found = dict(zip(lines, answers(binary, mode, ["-"], lines, b"".join(line + b"\n" for line in lines)), strict=True))
    others = [url for url in urls if b"\n" in url]
    for at in range(0, len(others), ARGUMENTS_MAX):
        some = others[at : at + ARGUMENTS_MAX]
        found.update(zip(some, answers(binary, mode, ["--", *some], some, b""), strict=True))
    return [found[url] for url in urls]


def answers(binary: Path, mode: str, words: list, urls: list[bytes], given: bytes) -> list[Verdict]:
    """One run of the command; no file of this machine decides."""
    if not urls:
        return []
    command = [binary, "--config", "/dev/null", "check", f"--{mode}", "--format", "json", *words]
    try:
        done = subprocess.run(command, input=given, capture_output=True, timeout=SECONDS_MAX, check=False)
    except (OSError, subprocess.SubprocessError) as error:
        raise AskError(f"`check --{mode}`: {error}") from error
    if done.returncode not in (0, 1):
        raise AskError(f"`check --{mode}` ended with {done.returncode}: {done.stderr.decode(errors='replace')[-400:]}")
    read = [json.loads(line) for line in done.stdout.splitlines()]
    if len(read) != len(urls):
        raise AskError(f"`check --{mode}` answered {len(read)} lines for {len(urls)} URLs")
    return [Verdict(line["code"] if line["verdict"] == "deny" else None, line["detail"]) for line in read]
