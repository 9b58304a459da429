"""The rows of the result: what was measured, for us and for the peer, and the word that follows from the bar.

| bar        | figure        | word                                             |
|------------|---------------|--------------------------------------------------|
| none       | any           | `-`                                              |
| any        | faulty sample | `invalid`, which `--enforce` counts as missed     |
| enforced   | holds / not   | `pass` / `miss`                                  |
| for report | holds / not   | `pass` / `over`, which `--enforce` does not count |
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from .load import Ratios

HEADINGS = ("measure", "ours", "peer", "ratio", "min-max", "bar", "")
NOTE_INDENT = "    "


@dataclass(frozen=True)
class Bar:
    """A limit: `at_least` or, if not, at most `value`."""

    at_least: bool
    value: float
    enforced: bool = True
    unit: str = ""

    def holds(self, figure: float) -> bool:
        """True if the figure is on the right side; the limit itself is."""
        return figure >= self.value if self.at_least else figure <= self.value

    def render(self) -> str:
        """The limit for people."""
        sign = ">=" if self.at_least else "<="
        value = f"{self.value:.2f}" if not self.unit else f"{self.value:g} {self.unit}"
        return f"{sign} {value}" + ("" if self.enforced else " report")


@dataclass(frozen=True)
class Row:
    """One measured thing. The bar judges `ratios.median`, or `figure` where there is no peer."""

    name: str
    ours: str
    peer: str = ""
    ratios: Ratios | None = None
    figure: float | None = None
    bar: Bar | None = None
    fault: str = ""
    note: str = ""

    @property
    def verdict(self) -> str:
        """The word of the table in this module's head."""
        if self.fault:
            return "invalid"
        if self.bar is None:
            return "-"
        judged = self.ratios.median if self.ratios else self.figure
        if judged is not None and self.bar.holds(judged):
            return "pass"
        return "miss" if self.bar.enforced else "over"

    @property
    def missed(self) -> bool:
        """True if `--enforce` has to fail because of this row."""
        return self.verdict in ("miss", "invalid")

    def cells(self) -> tuple[str, ...]:
        """The row as text, in the order of `HEADINGS`."""
        ratio = f"{self.ratios.median:.2f}" if self.ratios else ""
        spread = f"{self.ratios.low:.2f}-{self.ratios.high:.2f}" if self.ratios else ""
        bar = self.bar.render() if self.bar else ""
        return self.name, self.ours, self.peer, ratio, spread, bar, self.verdict

    def to_json(self) -> str:
        """The row as one line of JSON."""
        ratio = vars(self.ratios) if self.ratios else None
        bar = vars(self.bar) if self.bar else None
        fields = {name: getattr(self, name) for name in ("name", "ours", "peer", "figure", "verdict", "fault", "note")}
        return json.dumps({"type": "bench", "v": 1, **fields, "ratio": ratio, "bar": bar})


def render(sections: list[tuple[str, list[Row]]]) -> str:
    """The table for people. Column widths follow the widest cell."""
    everything = [HEADINGS, *(row.cells() for _, rows in sections for row in rows)]
    widths = [max(len(cells[column]) for cells in everything) for column in range(len(HEADINGS))]
    lines = [align(HEADINGS, widths), "-" * (sum(widths) + 2 * len(widths) - 2)]
    for title, rows in sections:
        lines.append(title)
        for row in rows:
            lines.append(align(row.cells(), widths))
            lines += [NOTE_INDENT + text for text in (row.fault, row.note) if text]
    return "\n".join(lines)


def align(cells: tuple[str, ...], widths: list[int]) -> str:
    """Names to the left, figures to the right."""
    name, *figures, verdict = cells
    padded = [figure.rjust(width) for figure, width in zip(figures, widths[1:-1], strict=True)]
    return "  ".join([name.ljust(widths[0]), *padded, verdict]).rstrip()


def per_second(value: float) -> str:
    """`41.4 k/s`."""
    return f"{value / 1000:.1f} k/s" if value >= 1000 else f"{value:.0f} /s"


def millis(microseconds: float) -> str:
    """`1.25 ms`."""
    return f"{microseconds / 1000:.2f} ms"


def mebibytes(size: float) -> str:
    """`3.2 MiB`."""
    return f"{size / (1 << 20):.1f} MiB"
