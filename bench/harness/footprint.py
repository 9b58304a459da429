"""Rows 5 to 7: resident memory idle, under 10,000 idle connections and after them; memory per token; size on disk.

Ours is `VmRSS` of the one process. nginx is several processes which share pages, so its figure is the sum of `Pss`,
where a page shared by two counts half for each.
"""

from __future__ import annotations

import os
import resource
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .children import Child
from .http1 import Address
from .load import Load, Ratios, Sample, drive, faults
from .nginx import Nginx, same_answer
from .onehop import TOKEN_PATH, TTL_HEADER, TTL_SECONDS, Onehop
from .rates import fetch, read, start_guard
from .rows import Bar, Row, mebibytes
from .run_context import Run

SOURCES = 8
SETTLE_SECONDS_MAX = 5.0
SPARE_FILES = 256
# A connection of the start-up probe may still be open when files are counted first.
OPEN_SHARE_MIN = 0.99
# To know a token again takes at least the 8 bytes that tell it from others; half of that is the allocator's noise.
TOKEN_BYTES_MAX = 4.0
TOKEN_BATCHES_MAX = 20
IP_BIND_ADDRESS_NO_PORT = 24


def resident(pid: int) -> int:
    """`VmRSS` in bytes."""
    return kibibytes(Path(f"/proc/{pid}/status"), "VmRSS:")


def proportional(child: Child) -> int:
    """The sum of `Pss` over a program's processes, in bytes."""
    return sum(kibibytes(Path(f"/proc/{pid}/smaps_rollup"), "Pss:") for pid in child.pids())


def kibibytes(file: Path, label: str) -> int:
    """The field `label` of a proc file, in bytes."""
    line = next(line for line in file.read_text().splitlines() if line.startswith(label))
    return int(line.split()[1]) * 1024


def open_files(child: Child) -> int:
    """How many files a program has open in all its processes."""
    return sum(len(os.listdir(f"/proc/{pid}/fd")) for pid in child.pids())


def allow_files(wanted: int) -> int:
    """Raises the limit of open files for this process and its later children; returns how many are allowed."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted), max(hard, wanted)))
    except (ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return resource.getrlimit(resource.RLIMIT_NOFILE)[0]


@contextmanager
def held(address: Address, count: int) -> Iterator[None]:
    """Keeps `count` silent connections open, spread over source addresses so that ports suffice."""
    connections = []
    try:
        for number in range(count):
            connection = socket.socket()
            connections.append(connection)
            connection.setsockopt(socket.IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1)
            connection.bind((f"127.0.0.{2 + number % SOURCES}", 0))
            connection.connect(address)
        yield
    finally:
        for connection in connections:
            connection.close()


def settle(child: Child, wanted: int, rising: bool) -> int:
    """Waits, within bounds, until the program's open files reach `wanted`; returns how many there are."""
    deadline = time.monotonic() + SETTLE_SECONDS_MAX
    while True:
        now = open_files(child)
        if (now >= wanted if rising else now <= wanted) or time.monotonic() > deadline:
            return now
        time.sleep(0.02)


def stages(child: Child, address: Address, count: int, measure) -> tuple[list[int], int]:
    """Memory idle, with `count` connections open and after closing them; and how many really were open."""
    files = open_files(child)
    idle = measure()
    with held(address, count):
        accepted = settle(child, files + count, rising=True) - files
        loaded = measure()
    settle(child, files, rising=False)
    return [idle, loaded, measure()], accepted


def memory(run: Run) -> list[Row]:
    """Row 5, for `serve` and for `guard`, each beside the same nginx."""
    count = min(run.connections, allow_files(run.connections + SPARE_FILES) - SPARE_FILES)
    serve = Onehop(run.children, run.binary, "serve")
    guard = start_guard(run, serve, "guard-memory")
    answer = fetch(read(serve, serve.token()))
    guard.token()
    nginx = Nginx(run.children, run.nginx, "nginx-memory", same_answer(answer))
    peer, peer_open = stages(nginx.child, nginx.address, count, lambda: proportional(nginx.child))
    rows = []
    for name, product in (("serve", serve), ("guard", guard)):
        pid = product.child.pid
        ours, ours_open = stages(product.child, product.address, count, lambda pid=pid: resident(pid))
        enough = min(ours_open, peer_open) >= count * OPEN_SHARE_MIN
        fault = "" if enough else f"open: ours {ours_open}, nginx {peer_open} of {count}"
        rows += memory_rows(name, ours, peer, count, fault)
    for child in (guard.child, serve.child, nginx.child):
        run.children.stop(child)
    return rows


def memory_rows(name: str, ours: list[int], peer: list[int], count: int, fault: str) -> list[Row]:
    """Three stages of one program."""
    each = [(side[1] - side[0]) / count for side in (ours, peer)]
    notes = ["", f"bytes for each connection: ours {each[0]:.0f}, nginx {each[1]:.0f}", ""]
    titles = ("idle", f"{count} idle connections", "after closing them")
    return [
        Row(f"{name} memory, {title}", mebibytes(a), mebibytes(b), Ratios(a / b, a / b, a / b), fault=fault, note=note)
        for title, a, b, note in zip(titles, ours, peer, notes, strict=True)
    ]


def token_memory(run: Run) -> list[Row]:
    """Row 6: resident memory before and after issuing many tokens, after a first batch has warmed the allocator."""
    serve = Onehop(run.children, run.binary, "serve")
    load = Load(serve.child, serve.address, TOKEN_PATH, {TTL_HEADER: TTL_SECONDS}, method="PUT")
    drive(run.wrk, load, 2)
    before = resident(serve.child.pid)
    samples: list[Sample] = []
    while sum(sample.requests for sample in samples) < run.tokens and len(samples) < TOKEN_BATCHES_MAX:
        samples.append(drive(run.wrk, load, 2))
    after = resident(serve.child.pid)
    run.children.stop(serve.child)
    issued = sum(sample.requests for sample in samples)
    fault = faults(samples) or ("" if issued >= run.tokens else f"only {issued} tokens were issued")
    each = (after - before) / max(issued, 1)
    note = f"{issued} tokens; resident {mebibytes(before)} before, {mebibytes(after)} after"
    bar = Bar(False, TOKEN_BYTES_MAX, unit="bytes")
    return [Row("serve memory per token", f"{each:.2f} bytes", figure=each, bar=bar, fault=fault, note=note)]


def sizes(binaries: dict[str, Path]) -> list[Row]:
    """Row 7: the stripped binaries."""
    return [Row(f"binary, {name}", mebibytes(path.stat().st_size)) for name, path in binaries.items()]
