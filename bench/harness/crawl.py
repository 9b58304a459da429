"""Row 4: the whole tree, one entry after the other, each on a connection of its own, as cloud-init reads it.

The tree is discovered once; then the same list of paths is read from `serve` and from nginx in turn. The client is this
process, whose own cost is in both sides and pulls the ratio towards 1.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from .http1 import Address, exchange, parse, receive, request_bytes
from .load import Sample, faults, median, ratios, rounds
from .nginx import Nginx, same_answer
from .onehop import TOKEN_HEADER, Onehop
from .rows import Row, per_second
from .run_context import Run

ROOTS = ("/latest/meta-data/", "/latest/dynamic/")
KEYS_DIRECTORY = "/public-keys/"
ENTRIES_MAX = 5000


@dataclass(frozen=True)
class Tree:
    """The paths that answered, directories before what they list; and those that were listed but did not."""

    paths: tuple[str, ...]
    missing: tuple[str, ...]


def children_of(directory: str, listing: str) -> list[str]:
    """The paths that a listing names. `public-keys/` lists `0=name`, where the entry is the directory `0/`."""
    entries = [line for line in listing.split("\n") if line]
    if directory.endswith(KEYS_DIRECTORY):
        entries = [entry.partition("=")[0] + "/" if "=" in entry else entry for entry in entries]
    return [directory + entry for entry in entries]


def discover(address: Address, headers: dict[str, str]) -> Tree:
    """Follows every listing from the roots. Bounded by `ENTRIES_MAX`."""
    waiting = list(ROOTS)
    paths, missing = [], []
    while waiting and len(paths) < ENTRIES_MAX:
        path = waiting.pop(0)
        answer = exchange(address, "GET", path, headers)
        if answer.status != 200:
            missing.append(path)
            continue
        paths.append(path)
        if path.endswith("/"):
            waiting += children_of(path, answer.body.decode())
    return Tree(tuple(paths), tuple(missing))


def crawl(server: Onehop | Nginx, requests: list[bytes], seconds: float) -> Sample:
    """Reads the whole list again and again for `seconds`; at least once."""
    entries = refused = 0
    spent = server.child.cpu_nanoseconds()
    start = time.perf_counter()
    while (elapsed := time.perf_counter() - start) < seconds or entries == 0:
        for request in requests:
            refused += parse(receive(server.address, request)).status != 200
        entries += len(requests)
    spent = server.child.cpu_nanoseconds() - spent
    each = elapsed / entries * 1e6
    return Sample(entries / elapsed, each, each, entries, {"status": refused} if refused else {}, spent / 1000 / entries)


def crawl_beside_return(run: Run) -> list[Row]:
    """Time and entries a second of the crawl."""
    serve = Onehop(run.children, run.binary, "serve")
    headers = {"Host": "127.0.0.1", TOKEN_HEADER: serve.token()}
    tree = discover(serve.address, headers)
    answer = exchange(serve.address, "GET", "/latest/meta-data/instance-id", headers)
    peer = Nginx(run.children, run.nginx, "nginx-crawl", same_answer(answer))
    requests = [request_bytes("GET", path, headers) for path in tree.paths]
    samples = rounds(
        {
            "ours": lambda: crawl(serve, requests, run.crawl_seconds),
            "peer": lambda: crawl(peer, requests, run.crawl_seconds),
        },
        run.rounds,
    )
    run.children.stop(serve.child)
    run.children.stop(peer.child)
    return crawl_rows(tree, samples["ours"], samples["peer"])


def crawl_rows(tree: Tree, ours: list[Sample], peer: list[Sample]) -> list[Row]:
    """A tree of fewer than two levels, or a listed entry that does not answer, is a fault."""
    count = len(tree.paths)
    fault = f"listed but not answered: {' '.join(tree.missing[:5])}" if tree.missing else faults(ours, peer)
    if count <= len(ROOTS):
        fault = f"the tree has {count} entries"
    whole = [f"{count / median(side, 'rate') * 1000:.1f} ms" for side in (ours, peer)]
    note = f"{count} entries, whole crawl: ours {whole[0]}, nginx {whole[1]} (one fixed answer for every path)"
    rates = [per_second(median(side, "rate")) for side in (ours, peer)]
    spent = [f"{median(side, 'cpu'):.1f} us" for side in (ours, peer)]
    return [
        Row("serve crawl, entries", *rates, ratios(ours, peer, "rate"), fault=fault, note=note),
        Row("serve crawl, server cpu", *spent, ratios(ours, peer, "cpu"), fault=fault),
    ]
