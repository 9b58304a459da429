"""Writes the page: who dialled what, by evasion and client. It depends on the catalogue's URLs and the clients alone:
no seed, no time, no path of the machine."""

from itertools import groupby

from . import catalogue
from .inside import is_inside

INSIDE, ELSEWHERE, NOTHING = "●", "○", "–"
HEAD = """# Which spelling reaches what

<!-- Written by `lab/urls/run`; do not edit. -->

What real clients dial when they are given a URL that hides the metadata service or the machine itself. They ran in a
network namespace in which every address is local and which nothing leaves, and what they dialled was recorded from
the packets that they sent.

| mark | one URL of the row or more |
|---|---|
| ● | opened a connection to a metadata service or to the machine itself |
| ○ | opened one to another host, and none inside |
| – | opened none |

The last column has the reason codes with which `onehop check --compat` denies the URLs of the row; `allow` stands
there for URLs that lead nowhere inside. `lab/urls/run` goes beyond this page: it crosses these spellings and shapes
and mutates them, 20,000 distinct URLs and more, and fails when `check` allows one, in strict or in compat mode, that
any client turned into a connection inside.
"""
TAIL = """## See it again

```sh
lab/urls/install
lab/urls/run
```

`install` fetches the clients into the cache folder and installs nothing on the machine; `run` tries them and writes
this page; `run --check` fails when the page would change. It needs root for the namespaces.
"""


def mark(dials):
    """The mark for lists of `(address, port)`."""
    addresses = {address for each in dials for address, _ in each}
    if any(is_inside(address) for address in addresses):
        return INSIDE
    return ELSEWHERE if addresses else NOTHING


def render(records, places, compat):
    """`places` has the index of each URL (bytes); `compat` its verdict by index."""
    parts = [HEAD, _clients(records)]
    for group, rows in groupby(catalogue.rows(), key=lambda row: row[0]):
        parts.append(_matrix(group, _merged(rows), records, places, compat))
    return "\n".join([*parts, TAIL])


def _merged(rows):
    return [(title, urls) for _, title, urls in rows]


def _clients(records):
    lines = ["## Clients", "", "| client | column | language | version | |", "|---|---|---|---|---|"]
    for record in records.values():
        client = record.client
        lines.append(
            f"| {client.name} | {client.short} | {client.language} | {record.version} | {client.what} |"
        )
    return "\n".join([*lines, ""])


def _matrix(group, rows, records, places, compat):
    heads = [record.client.short for record in records.values()]
    lines = [
        f"## {group}",
        "",
        "| | " + " | ".join(heads) + " | `check` |",
        "|---|" + "---|" * (len(heads) + 1),
    ]
    for title, urls in rows:
        found = [places[url.encode("utf-8", "surrogatepass")] for url in urls]
        marks = [mark(record.dialled[i] for i in found if i in record.dialled) for record in records.values()]
        codes = sorted({f"`{compat[i].code}`" for i in found if not compat[i].allowed})
        codes += ["allow"] if any(compat[i].allowed for i in found) else []
        lines.append(
            f"| {title}: {_example(urls[0])} | " + " | ".join(marks) + " | " + ", ".join(codes) + " |"
        )
    return "\n".join([*lines, ""])


def _example(url):
    """The first URL of the row, as a JSON-like text in which nothing is invisible and no table breaks."""
    shown = "".join(
        c if c.isprintable() and c not in "|`" else _escape(c) for c in url.replace(catalogue.PATH, "/")
    )
    return f"`{shown}`"


def _escape(c):
    return f"\\x{ord(c):02x}" if ord(c) < 0x100 else f"\\u{ord(c):04x}"
