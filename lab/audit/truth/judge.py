"""Whether an answer of another tool is right.

| right verdict | fail | pass | nothing |
|---|---|---|---|
| open: optional | right | missed | not looked at |
| closed: required, disabled | false alarm | right | right |
| not to be known | right: somebody has to look | passed | not looked at |

Tools have no word for "not to be known", so a warning counts as right. A resource that our own report does not repeat
because its template has the finding (`want` without a line) is nothing that another tool has to tell either. Where a
case has no verdict, a tool is right if it says nothing where nothing is wrong; what it has no check for is not looked at.
"""

import re
from dataclasses import dataclass

from .cases import CLOSED, OPEN, Case
from .peers import HOP_CHECK, Found, Said

RIGHT = "right"
WORDS = ("false alarm", "missed", "passed", "not looked at")
# Rules that say the same as a check of a hop limit above 1 would have to: none does.
INDEX = re.compile(r"\[[^]]*]")


@dataclass(frozen=True)
class Judged:
    """One case: what the tool said in a word for each resource, and how it was wrong."""

    answer: str
    faults: tuple[str, ...]

    @property
    def is_right(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults

    @property
    def word(self) -> str:
        """The gravest fault, or `right`."""
        return next((word for word in WORDS if word in self.faults), RIGHT)


def judge(case: Case, said: Said) -> Judged:
    """One case."""
    faults, words = [], []
    for row in case.told["want"]:
        result = result_of(row["resource"], said.found)
        words.append({"pass": "P", "fail": "F", None: "–"}[result])
        is_told = "line" in row
        fault = fault_of(row["verdict"], result, is_told)
        if fault:
            faults.append(fault)
    if any(found.check == HOP_CHECK and found.result == "fail" for found in said.found):
        words.append("hop")
        faults.append("false alarm")
    if not case.told["want"]:
        is_said = any(found.result == "fail" for found in said.found)
        words.append("F" if is_said else "–")
        if is_said and not case.told["rules"]:
            faults.append("false alarm")
        elif case.told["rules"] and not is_said:
            faults.append("not looked at")
    return Judged(" ".join(words), tuple(faults))


def fault_of(verdict: str, result: str | None, is_told: bool) -> str:
    """The table of this module's head; empty if it is right."""
    if verdict in CLOSED:
        return "false alarm" if result == "fail" else ""
    if result == "fail" or (result is None and not is_told):
        return ""
    if result is None:
        return "not looked at"
    return "missed" if verdict in OPEN else "passed"


def result_of(resource: str, found: tuple[Found, ...]) -> str | None:
    """What is said of a resource: a failure if there is one, apart from the hop limit."""
    results = {f.result for f in found if f.check != HOP_CHECK and is_same(resource, f.resource)}
    return "fail" if "fail" in results else "pass" if results else None


def is_same(ours: str, theirs: str) -> bool:
    """Tools leave out indexes, prefix the type or the task, or name a module alone."""
    plain = INDEX.sub("", ours)
    if theirs in (ours, plain) or ours.startswith(f"{theirs}."):
        return True
    last = plain.rsplit("/", 1)[-1]
    return INDEX.sub("", theirs).endswith((f".{last}", f"/{last}")) and "[" not in theirs
