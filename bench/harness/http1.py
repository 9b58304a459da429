"""One HTTP/1.1 exchange over one connection, on a plain socket: nothing between the bytes and the measurement.

Fails with `OSError` when the connection does, and with `ValueError` when the answer is not HTTP.
"""

from __future__ import annotations

import socket
from dataclasses import dataclass

TIMEOUT_SECONDS = 10.0
ANSWER_BYTES_MAX = 8 << 20
Address = tuple[str, int]


@dataclass(frozen=True)
class Answer:
    """A whole answer. Header names are in lower case; `size` counts every byte received."""

    status: int
    headers: dict[str, str]
    body: bytes
    size: int


def request_bytes(method: str, path: str, headers: dict[str, str]) -> bytes:
    """A request that asks for the connection to be closed after the answer."""
    lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
    return ("\r\n".join([*lines, "Connection: close", "", ""])).encode()


def receive(address: Address, request: bytes) -> bytes:
    """Sends `request` on a connection of its own and returns every byte up to the end of the stream."""
    with socket.create_connection(address, TIMEOUT_SECONDS) as connection:
        connection.sendall(request)
        chunks = []
        size = 0
        while chunk := connection.recv(65536):
            chunks.append(chunk)
            size += len(chunk)
            if size > ANSWER_BYTES_MAX:
                raise ValueError(f"answer is longer than {ANSWER_BYTES_MAX} bytes")
    return b"".join(chunks)


def parse(raw: bytes) -> Answer:
    """Splits a whole answer into status, headers and body."""
    head, separator, body = raw.partition(b"\r\n\r\n")
    status_line, *lines = head.decode("latin-1").split("\r\n")
    words = status_line.split(" ", 2)
    if not separator or len(words) < 2 or not words[0].startswith("HTTP/1.") or not words[1].isdigit():
        raise ValueError(f"not an HTTP answer: {raw[:60]!r}")
    headers = {}
    for line in lines:
        name, _, value = line.partition(":")
        headers[name.strip().lower()] = value.strip()
    return Answer(int(words[1]), headers, body, len(raw))


def exchange(address: Address, method: str, path: str, headers: dict[str, str] | None = None) -> Answer:
    """One request, one answer, one connection. A `Host` header is added unless given."""
    host = {"Host": f"{address[0]}:{address[1]}"}
    return parse(receive(address, request_bytes(method, path, {**host, **(headers or {})})))
