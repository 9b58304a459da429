"""Writes the page: two tables of outcomes, the exceptions with their reasons, and how to see it again.

The text depends on the results alone: no time, no port, no path of the machine.
"""

from .cases import CASES, CLIENTS, FRONTS, has_part

WORDS = {
    "pass": "pass",
    "v1": "IMDSv1",
    "kept": "kept",
    "refused": "refused",
    "no-credentials": "none",
    "times-out": "time-out",
}
FRONT_TITLES = {"serve": "`onehop serve`", "guard": "`onehop guard`"}

HEAD = """# Real clients

<!-- Written by `lab/clients/run`; do not edit. -->

What clients that other people wrote do against `onehop serve` and `onehop guard`. Each cell is one run of the real
client, with a service of its own, in a network namespace of its own that nothing leaves. The suite fails when a
client does anything else than this page says, also when it does better.

| word | the client |
|---|---|
| pass | got what it asked for, with a session token |
| IMDSv1 | got it without a token |
| kept | could not fetch after the restart and went on with the credentials from before |
| refused | ended with an error: an answer that refused it, or its own rule not to go on without a token |
| none | found no credentials, and said so |
| time-out | ended for want of an answer |
| – | has no part in the case |

A number leads to the reason below. Whatever a cell says, these hold in all of them, by the services' own counters:

- where a token is required, and everywhere behind the guard, no request without a token was answered;
- no refusal of the guard made a client fall back to asking without a token;
- the credentials that a client shows are those that the service made up for it (`ASIAONEHOP…`);
- a client that fetched again after a rotation has other keys.
"""

TAIL = """## See it again

```sh
make lab
```

`lab/clients/install` fetches the clients by name, pinned where their registry keeps old versions, into the cache
folder and installs nothing on the machine; `lab/clients/run` runs them and writes this page; `run --check` fails
when the page would change. It needs root for the namespaces. `run --only rust --case restart` tries one cell.
"""


def render(results, expected):
    found = {result.cell.name: result for result in results}
    versions = _versions(results)
    parts = [HEAD, _cases(), _clients(versions)]
    parts += [_matrix(front, found, expected) for front in FRONTS]
    return "\n".join([*parts, _exceptions(expected), TAIL])


def _versions(results):
    return {result.cell.client.name: result.version for result in results if result.version}


def _cases():
    rows = ["## Cases", "", "| case | | at |", "|---|---|---|"]
    rows += [f"| {case.title} | {case.what} | {' and '.join(case.fronts)} |" for case in CASES]
    return "\n".join(
        [*rows, "", "In front of the guard's service the same settings hold as for `serve` alone.", ""]
    )


def _clients(versions):
    rows = ["## Clients", "", "| client | version | how it is asked |", "|---|---|---|"]
    rows += [f"| {client.title} | {versions.get(client.name, '?')} | {client.what} |" for client in CLIENTS]
    return "\n".join([*rows, ""])


def _matrix(front, found, expected):
    """One row for a case and one column for a client: titles of clients are shorter than those of cases."""
    rows = [f"## {FRONT_TITLES[front]}", ""]
    rows.append("| | " + " | ".join(client.name for client in CLIENTS) + " |")
    rows.append("|---|" + "---|" * len(CLIENTS))
    for case in CASES:
        if front in case.fronts:
            marks = [_mark(client, case, front, found, expected) for client in CLIENTS]
            rows.append(f"| {case.title} | " + " | ".join(marks) + " |")
    return "\n".join([*rows, ""])


def _mark(client, case, front, found, expected):
    if not has_part(client, case, front):
        return "–"
    result = found[f"{front}/{case.name}/{client.name}"]
    entry = expected.entry(result.cell)
    return WORDS[result.outcome] + (f" [{entry.number}](#reasons)" if entry else "")


def _exceptions(expected):
    rows = ["## Reasons", "", "Everything that is not `pass`.", ""]
    for entry in expected.entries:
        rows.append(f"{entry.number}. {entry.reason} *{entry.source}*")
    return "\n".join([*rows, ""])
