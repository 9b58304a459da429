"""`sigma check`, and conversions for other people's log platforms."""

import re
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from .place import PIPELINES, RULES, sigma

# Checks that need what the public collection publishes on its site, or that are against what this pack wants.
LEFT_OUT = {
    "d3_fendtag": "needs a download; the pack has no such tags",
    "sigmahq_category_event_id": "needs a download; about Windows",
    "sigmahq_category_windows_provider_name": "needs a download; about Windows",
    "sigmahq_fieldname_cast": "needs a download",
    "sigmahq_fields_existence": "the pack names fields to show on purpose",
    "sigmahq_filename_prefix": "needs a download; a test of the crate has the prefixes",
    "sigmahq_invalid_fieldname": "needs a download",
    "sigmahq_logsource_unknown": "needs a download",
    "sigmahq_redundant_field": "needs a download",
    "sigmahq_unknown_field": "needs a download",
}

EVENTS = ("web", "proxy", "dns", "zeek", "cloudtrail")
RESOLVER, SPLUNK = "route53-resolver.yml", "splunk-web.yml"
# Backend, folders, pipelines: what knows correlations gets them as well.
TARGETS = (
    ("splunk", (*EVENTS, "correlation"), (SPLUNK,)),
    ("lucene", EVENTS, ()),
    ("esql", (*EVENTS, "correlation"), ()),
    ("opensearch_lucene", EVENTS, ()),
    ("opensearch_lucene", ("dns",), (RESOLVER,)),
)
# What a group of a regular expression may be called.
GROUP = re.compile(r"\(\?<([^=!>]+)>")


@dataclass
class Step:
    """What became of one step."""

    name: str
    good: bool
    figures: str
    words: list[str] = field(default_factory=list)


def check() -> Step:
    """`sigma check`: errors and issues fail."""
    exclude = [word for name in LEFT_OUT for word in ("--exclude", name)]
    done = sigma("check", "--fail-on-error", "--fail-on-issues", *exclude, RULES)
    text = done.stdout + done.stderr
    found = [line.strip() for line in text.splitlines() if line.startswith("Found ")]
    clean = done.returncode == 0 and found == ["Found 0 errors, 0 condition errors and 0 issues."]
    return Step("check", clean, found[0] if found else f"exit {done.returncode}", [] if clean else text.splitlines()[-40:])


def convert() -> list[Step]:
    """Conversions: every rule has to become a query."""
    return [converted(*target) for target in TARGETS]


def converted(target: str, folders, pipelines) -> Step:
    """One conversion, a file for each query. Halves of correlations become queries inside those that use them."""
    chosen = [word for name in pipelines for word in ("--pipeline", PIPELINES / name)] or ["--without-pipeline"]
    rules = [RULES / folder for folder in folders]
    with tempfile.TemporaryDirectory() as out:
        done = sigma("convert", "--target", target, *chosen, "--output-dir", out, *rules)
        queries = {path.stem: path.read_text(encoding="utf-8") for path in Path(out).glob("**/*.txt")}
    wanted = {path.stem for folder in rules for path in folder.glob("*.yml") if not is_half(path)}
    words = faults(wanted, queries)
    if done.returncode != 0:
        words += (done.stdout + done.stderr).splitlines()[-20:]
    size = sum(map(len, queries.values()))
    return Step(" ".join(("convert to", target, *(f"with {name}" for name in pipelines))), not words,
                f"{len(wanted & queries.keys())} of {len(wanted)} rules became queries, {size:,} characters", words)


def is_half(path: Path) -> bool:
    return path.parent.name == "correlation" and not path.stem.startswith("correlation_")


def faults(wanted: set[str], queries: dict[str, str]) -> list[str]:
    """Rules without a query, and groups of regular expressions with names that no engine takes."""
    words = [f"{name}: no query" for name in sorted(wanted) if not queries.get(name, "").strip()]
    for name, query in sorted(queries.items()):
        strange = {group for group in GROUP.findall(query) if not group.isidentifier()}
        words += [f"{name}: a group named `{group}`" for group in sorted(strange)]
    return words
