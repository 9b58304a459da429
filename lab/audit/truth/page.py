"""The page `docs/audit-cases.md`."""

from collections import Counter

from .cases import Case
from .judge import RIGHT, WORDS, Judged

HEAD = """# Verdicts on infrastructure code, beside other tools

<!-- Written by `lab/audit/run`; do not edit. -->

{count} cases of `fixtures/audit`, each with what is right by the semantics of EC2 and of the tool whose code it is, and
the fact that decides. `onehop audit iac` has to be right in all of them: verdict of every resource, rules, files and
lines, nothing missing and nothing more; `lab/audit/run --check` fails otherwise.

checkov {checkov} was asked with all its checks about the metadata service (CKV_AWS_79, CKV_AWS_341, CKV_AWS_371),
c7n-left {c7n} (cloud-custodian {custodian}) with the policies of `lab/audit/policies`; it reads Terraform alone. Each case
is a directory and a process of its own, and gets the files of variables that the case names. Neither tool takes defaults
of an account. In their columns a letter stands for each resource in the order of the case: `F` it fails, `P` it passes,
`–` nothing is said; `hop` is a hop limit above 1 that fails, which contradicts the EC2 User Guide. A warning about what
cannot be known counts as right.
"""


def render(cases: list[Case], ours: list, peers: dict[str, list[Judged]], versions: dict[str, str]) -> str:
    """The whole page."""
    parts = [HEAD.format(count=len(cases), **versions), totals(cases, ours, peers)]
    groups = dict.fromkeys(case.group for case in cases)
    for group in groups:
        parts += [f"## {group}", table(group, cases, ours, peers)]
    return "\n".join(part.strip("\n") + "\n" for part in parts)


def totals(cases: list[Case], ours: list, peers: dict[str, list[Judged]]) -> str:
    """One row a tool; a case counts once, by its gravest fault."""
    lines = [f"| | cases | right | {' | '.join(WORDS)} |", f"|---|---|---|{'---|' * len(WORDS)}"]
    right = sum(not answer.faults for answer in ours)
    lines.append(f"| onehop | {len(cases)} | {right} | {' | '.join('0' if right == len(cases) else '?' for _ in WORDS)} |")
    for name, judged in peers.items():
        counts = Counter(one.word for one in judged)
        cells = " | ".join(str(counts[word]) for word in WORDS)
        lines.append(f"| {name} | {len(cases)} | {counts[RIGHT]} | {cells} |")
    return "\n".join(lines) + "\n"


def table(group: str, cases: list[Case], ours: list, peers: dict[str, list[Judged]]) -> str:
    """One row a case."""
    heads = [cell for name in peers for cell in (name, "")]
    lines = [f"| case | right, and why | onehop | {' | '.join(heads)} |", f"|---|---|---|{'---|' * len(heads)}"]
    for at, case in enumerate(cases):
        if case.group != group:
            continue
        verdicts = ", ".join(f"**{verdict}**" for verdict in case.verdicts.values()) or "–"
        rules = ", ".join(f"`{rule}`" for rule in case.told["rules"])
        why = f"{verdicts}{'; ' + rules if rules else ''}. {case.told['why']}".replace("|", "\\|")
        cells = [cell for judged in peers.values() for cell in (judged[at].answer, shown(judged[at]))]
        own = "right" if not ours[at].faults else "**wrong**"
        lines.append(f"| {case.name} | {why} | {own} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def shown(judged: Judged) -> str:
    """The word for a case, marked where it is wrong."""
    return judged.word if judged.is_right else f"✗ {judged.word}"
