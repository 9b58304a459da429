"""The page `docs/benign-urls.md`."""

from .judge import Outcome

EXAMPLES = 3
TEXT_MAX = 70

HEAD = """# URLs that people use

<!-- Written by `lab/benign/run`; do not edit. -->

A check that refuses what people use gets switched off. These URLs are in use, or the Web platform's own tests call them
valid, and name public hosts. `--compat` allows every one of them, or refuses it for a reason that is listed here;
`lab/benign/run --check` fails otherwise. The figures are those of the day on which this page was written.
"""


def render(outcomes: list[Outcome]) -> str:
    """The whole page."""
    parts = [HEAD, summary(outcomes), "## Refused by compat mode too", reasons(outcomes)]
    for outcome in outcomes:
        parts += [f"## Refused by strict mode: {outcome.corpus.name}", strict(outcome)]
    return "\n".join(part.strip("\n") + "\n" for part in parts)


def summary(outcomes: list[Outcome]) -> str:
    """One row a corpus."""
    lines = ["| corpus | from | URLs | strict allows | compat allows |", "|---|---|---|---|---|"]
    for outcome in outcomes:
        total = len(outcome.corpus.urls)
        allowed = [total - outcome.strict.total(), total - outcome.compat_refused]
        figures = " | ".join(f"{count:,} ({share(count, total)})" for count in allowed)
        lines.append(f"| {outcome.corpus.name} | {outcome.corpus.source} | {total:,} | {figures} |")
    return "\n".join(lines) + "\n"


def share(part: int, whole: int) -> str:
    """Per cent, never rounded up to all."""
    return "100 %" if part == whole else f"{min(part / whole * 100, 99.99):.2f} %"


def reasons(outcomes: list[Outcome]) -> str:
    """One row a reason, with the URLs of all corpora."""
    lines = ["| reason | code | URLs | such as | why |", "|---|---|---|---|---|"]
    rows: dict = {}
    for outcome in outcomes:
        for reason, urls in outcome.reasoned.items():
            rows.setdefault(reason, []).extend(urls)
    for reason, urls in rows.items():
        lines.append(f"| {reason.name} | `{reason.code}` | {len(urls)} | {examples(urls, 1)} | {reason.why} |")
    return "\n".join(lines) + "\n"


def strict(outcome: Outcome) -> str:
    """One row a code, with what only strict mode refuses."""
    if not outcome.strict:
        return "None.\n"
    lines = ["| code | URLs | refused by strict mode alone | such as |", "|---|---|---|---|"]
    for code, count in sorted(outcome.strict.items(), key=lambda item: (-item[1], item[0])):
        alone = outcome.exceptions.get(code, [])
        lines.append(f"| `{code}` | {count} | {len(alone)} | {examples(alone, EXAMPLES)} |")
    return "\n".join(lines) + "\n"


def examples(urls: list[bytes], count: int) -> str:
    """Some URLs as code, cut where they are long."""
    return ", ".join(shown(url) for url in sorted(urls, key=lambda url: (len(url), url))[:count])


def shown(url: bytes) -> str:
    """A URL in a cell of a table: no control character, no bar, no backtick."""
    text = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in url.decode())
    text = text if len(text) <= TEXT_MAX else text[: TEXT_MAX - 1] + "…"
    fence = "``" if "`" in text else "`"
    space = " " if "`" in text else ""
    return fence + space + text.replace("|", "\\|") + space + fence
