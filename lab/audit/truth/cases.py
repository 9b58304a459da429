"""The cases of `fixtures/audit`, and their files on disk, a directory each."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
FIXTURES = ROOT / "fixtures" / "audit"
OPEN = ("optional-explicit", "optional-inherited")
CLOSED = ("required", "required-inherited", "disabled")


@dataclass(frozen=True)
class Case:
    """One case: what it is called, and all that its file says of it."""

    group: str
    name: str
    told: dict

    @property
    def path(self) -> str:
        """Its directory below the one for all cases."""
        return f"{self.group}/{self.name}"

    @property
    def verdicts(self) -> dict[str, str]:
        """The right verdict of every resource."""
        return {row["resource"]: row["verdict"] for row in self.told["want"]}

    @property
    def languages(self) -> set[str]:
        """What its files are, as far as other tools go by names."""
        return {language(name) for name in self.told["files"]}


def language(name: str) -> str:
    """The kind of a file by its name."""
    if name.endswith((".tf", ".tf.json")):
        return "terraform"
    return "other"


def read(folder: Path = FIXTURES) -> list[Case]:
    """All cases, in the order of their files."""
    cases = []
    for file in sorted(folder.glob("*.toml")):
        with file.open("rb") as text:
            cases += [Case(file.stem, case["name"], case) for case in tomllib.load(text)["case"]]
    return cases


def write(cases: list[Case], folder: Path) -> None:
    """The files of each case below the folder."""
    for case in cases:
        for name, text in case.told["files"].items():
            path = folder / case.path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode())
