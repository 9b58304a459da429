"""What `onehop audit iac` says of a case, and whether that is right: verdicts, rules and lines, none too many."""

import json
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from .cases import Case

SECONDS_MAX = 60
THREADS = 2


class AskError(Exception):
    """The command failed."""


@dataclass
class Answer:
    """Verdicts by resource, findings that count, and what is wrong with them in words."""

    verdicts: list[tuple[str, str]] = field(default_factory=list)
    findings: list[dict] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


def ask_all(binary: Path, cases: list[Case], folder: Path) -> list[Answer]:
    """Answers in the order of the cases, whose files are below the folder."""
    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(lambda case: ask(binary, case, folder / case.path), cases))


def ask(binary: Path, case: Case, directory: Path) -> Answer:
    """One case; no file of this machine decides."""
    with tempfile.TemporaryDirectory(prefix="onehop-audit-") as inner:
        words = [*flags(case, directory, Path(inner)), str(directory)]
        command = [binary, "--config", "/dev/null", "audit", "iac", "--all", "--format", "json", *words]
        try:
            done = subprocess.run(command, capture_output=True, timeout=SECONDS_MAX, check=False)
        except (OSError, subprocess.SubprocessError) as error:
            raise AskError(f"{case.path}: {error}") from error
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    if not lines or lines[-1].get("type") != "summary":
        raise AskError(f"{case.path}: ended with {done.returncode}: {done.stderr.decode(errors='replace')[-300:]}")
    answer = Answer(
        [(line["resource"], line["verdict"]) for line in lines if line["type"] == "verdict"],
        [line for line in lines if line["type"] == "finding" and not line.get("suppressed")],
    )
    answer.faults = faults(case, answer, directory)
    return answer


def flags(case: Case, directory: Path, inner: Path) -> list[str]:
    """What the case gives beside its files."""
    told, words = case.told, []
    for key, flag in (("account_defaults", "--account-defaults"), ("parameters", "--parameters")):
        if key in told:
            file = inner / f"{key}.json"
            file.write_text(told[key] if isinstance(told[key], str) else json.dumps(told[key]))
            words += [flag, str(file)]
    for name in told.get("var_files", []):
        words += ["--var-file", str(directory / name)]
    for name, value in told.get("vars", {}).items():
        words += ["--var", f"{name}={value}"]
    return words


def faults(case: Case, answer: Answer, directory: Path) -> list[str]:
    """What differs from what is right."""
    told, wrong = case.told, []
    want = sorted((row["resource"], row["verdict"]) for row in told["want"])
    if sorted(answer.verdicts) != want:
        wrong.append(f"verdicts {sorted(answer.verdicts)}, wanted {want}")
    rules = sorted({finding["rule"] for finding in answer.findings})
    if rules != sorted(told["rules"]):
        wrong.append(f"rules {rules}, wanted {told['rules']}")
    only = next(iter(told["files"]))
    for row in told["want"]:
        about = [f for f in answer.findings if f.get("subject") == row["resource"] and "verdict" in f.get("facts", {})]
        places = [place(finding, directory) for finding in about]
        wanted = [(row.get("file", only), row["line"])] if "line" in row else []
        if places != wanted:
            wrong.append(f"`{row['resource']}` is told at {places}, wanted {wanted}")
    for row in told.get("also", []):
        places = [place(finding, directory) for finding in answer.findings if finding["rule"] == row["rule"]]
        if (row.get("file", only), row["line"]) not in places:
            wrong.append(f"{row['rule']} is told at {places}, wanted line {row['line']}")
    return wrong


def place(finding: dict, directory: Path) -> tuple[str, int]:
    """File and line below the directory of the case."""
    return (finding["path"] or "").removeprefix(f"{directory}/"), finding["line"] or 0
