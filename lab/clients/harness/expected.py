"""Reads the table of what is expected.

A cell that no entry names is expected to pass. An entry names clients, cases and fronts, gives one outcome and says
why and by what source. Refused: an unknown name, an entry without a reason or source, two entries for one cell, an
entry that fits no cell, an entry that expects `pass`.
"""

import tomllib
from dataclasses import dataclass

from .cases import CASES, CLIENTS, FRONTS

OUTCOMES = ("v1", "kept", "refused", "no-credentials", "times-out")
KEYS = {"clients", "except", "cases", "fronts", "outcome", "reason", "source"}


class TableError(Exception):
    pass


@dataclass(frozen=True)
class Entry:
    number: int
    clients: tuple
    cases: tuple
    fronts: tuple
    outcome: str
    reason: str
    source: str

    def fits(self, cell):
        return cell.client.name in self.clients and cell.case.name in self.cases and cell.front in self.fronts


class Expected:
    def __init__(self, entries, cells):
        self._of = {}
        self.entries = entries
        for entry in entries:
            fitting = [cell for cell in cells if entry.fits(cell)]
            if not fitting:
                raise TableError(f"entry {entry.number} fits no cell")
            for cell in fitting:
                if cell.name in self._of:
                    raise TableError(
                        f"{cell.name} is in entries {self._of[cell.name].number} and {entry.number}"
                    )
                self._of[cell.name] = entry

    def entry(self, cell):
        """The exception for this cell, or None where it is to pass."""
        return self._of.get(cell.name)

    def outcome(self, cell):
        entry = self.entry(cell)
        return entry.outcome if entry else "pass"


def read(path, cells):
    with open(path, "rb") as file:
        rows = tomllib.load(file).get("exception", [])
    return Expected([_entry(number, row) for number, row in enumerate(rows, 1)], cells)


def _entry(number, row):
    unknown = row.keys() - KEYS
    missing = KEYS - {"except", "fronts"} - row.keys()
    if unknown or missing:
        raise TableError(f"entry {number}: unknown {sorted(unknown)}, missing {sorted(missing)}")
    if row["outcome"] not in OUTCOMES:
        raise TableError(f"entry {number}: `{row['outcome']}` is none of {OUTCOMES}")
    if not row["reason"].strip() or not row["source"].strip():
        raise TableError(f"entry {number}: reason and source are sentences, not blanks")
    names = [client.name for client in CLIENTS]
    left_out = _known(number, row.get("except", []), names)
    clients = [name for name in _known(number, row["clients"], names) if name not in left_out]
    cases = _known(number, row["cases"], [case.name for case in CASES])
    fronts = _known(number, row.get("fronts", list(FRONTS)), FRONTS)
    return Entry(
        number, tuple(clients), tuple(cases), tuple(fronts), row["outcome"], row["reason"], row["source"]
    )


def _known(number, given, names):
    """The names that are given; `*` is all of them."""
    if given == ["*"]:
        return list(names)
    for name in given:
        if name not in names:
            raise TableError(f"entry {number}: `{name}` is none of {', '.join(names)}")
    return given
