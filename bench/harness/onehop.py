"""`onehop serve` and `onehop guard` as running programs: address, control port, token, counters.

Fails with `ChildError` when the program does not print its ready line in time or answers otherwise than documented.
"""

from __future__ import annotations

import json
import re
import select
from pathlib import Path

from .children import START_SECONDS_MAX, Child, ChildError, Children
from .http1 import Address, exchange

WORKERS = 2
TOKEN_PATH = "/latest/api/token"
TOKEN_HEADER = "X-aws-ec2-metadata-token"
TTL_HEADER = "X-aws-ec2-metadata-token-ttl-seconds"
TTL_SECONDS = "21600"
METRIC = re.compile(r"^([A-Za-z_:][\w:]*)(\{[^}]*\})?\s+([0-9.eE+-]+)$")


class Onehop:
    """A running `onehop` product, on ports of its own choice."""

    def __init__(self, children: Children, binary: Path, product: str, *options: str) -> None:
        argv = [str(binary), product, "--listen", "127.0.0.1:0", "--control", "127.0.0.1:0"]
        self.child: Child = children.start(product, [*argv, "--workers", str(WORKERS), *options])
        ready = read_ready(self.child)
        self.address: Address = address_of(ready["listen"][0])
        self.control: Address = address_of(ready["control"])

    @property
    def url(self) -> str:
        """The base address, as `--upstream` takes it."""
        return f"http://{self.address[0]}:{self.address[1]}"

    def token(self) -> str:
        """A session token from this program."""
        answer = exchange(self.address, "PUT", TOKEN_PATH, {TTL_HEADER: TTL_SECONDS})
        if answer.status != 200:
            raise ChildError(f"{self.child.name} answered {answer.status} to a token request: {self.child.complaint()}")
        return answer.body.decode()

    def counters(self) -> dict[str, float]:
        """Every sample of `/metrics`, keyed by name and labels as printed."""
        answer = exchange(self.control, "GET", "/metrics")
        if answer.status != 200:
            raise ChildError(f"{self.child.name} answered {answer.status} to /metrics")
        return parse_metrics(dechunk(answer.body, answer.headers))


def read_ready(child: Child) -> dict:
    """The one line that a product prints when it listens."""
    stdout = child.process.stdout
    readable, _, _ = select.select([stdout], [], [], START_SECONDS_MAX)
    line = stdout.readline() if readable else b""
    try:
        ready = json.loads(line)
    except ValueError as error:
        raise ChildError(f"{child.name} printed no ready line: {line!r} {child.complaint()}") from error
    if ready.get("type") != "ready":
        raise ChildError(f"{child.name} printed `{line.decode().strip()}` instead of a ready line")
    return ready


def address_of(text: str) -> Address:
    """`127.0.0.1:1340` as an address."""
    host, _, port = text.rpartition(":")
    return host.strip("[]"), int(port)


def parse_metrics(text: str) -> dict[str, float]:
    """Prometheus text as a table; comments and lines that are not samples are left out."""
    matches = (METRIC.match(line.strip()) for line in text.splitlines())
    return {match[1] + (match[2] or ""): float(match[3]) for match in matches if match}


def dechunk(body: bytes, headers: dict[str, str]) -> str:
    """The text of a body that may be sent in chunks."""
    if headers.get("transfer-encoding", "").lower() != "chunked":
        return body.decode()
    parts = []
    while body:
        size, _, rest = body.partition(b"\r\n")
        length = int(size.split(b";")[0], 16)
        if length == 0:
            break
        parts.append(rest[:length])
        body = rest[length + 2 :]
    return b"".join(parts).decode()
