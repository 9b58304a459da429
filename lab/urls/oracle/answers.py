"""The other end of the oracle's world: a DNS server on 127.0.0.53 and an HTTP server on every address.

Runs inside the namespace only, where every address is local. Prints one line when it listens. Any request gets the
same short answer and the end of the connection, no request soon the end alone; nothing of it is kept.
"""

import ipaddress
import selectors
import socket
import struct
import sys
import time

from . import names

PORTS = (80, 443, 8080)
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\nok"
#: How long a client may be silent.
PATIENCE_SECONDS = 0.03
A, AAAA = 1, 28
NAME_ERROR = 3
_waiting = {}


def main():
    loop = selectors.DefaultSelector()
    for port in PORTS:
        loop.register(_listener(port), selectors.EVENT_READ, _accept)
    dns = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    dns.bind(("127.0.0.53", 53))
    loop.register(dns, selectors.EVENT_READ, _resolve)
    loop.register(sys.stdin, selectors.EVENT_READ, _end)
    print("ready", flush=True)
    while True:
        for key, _ in loop.select(PATIENCE_SECONDS if _waiting else None):
            key.data(loop, key.fileobj)
        _hang_up(loop)


def _listener(port):
    listener = socket.socket(socket.AF_INET6, socket.SOCK_STREAM)
    listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("::", port))
    listener.listen(1024)
    listener.setblocking(False)
    return listener


def _accept(loop, listener):
    try:
        connection, _ = listener.accept()
    except OSError:
        return  # it went away before it was accepted
    connection.setblocking(False)
    _waiting[connection] = time.monotonic() + PATIENCE_SECONDS
    loop.register(connection, selectors.EVENT_READ, _answer)


def _answer(loop, connection):
    try:
        if connection.recv(65536):
            connection.send(ANSWER)
    except OSError:
        pass  # the client has hung up: it was recorded when it dialled
    _close(loop, connection)


def _hang_up(loop):
    """Ends connections of clients that wait for a greeting, as those of FTP and mail do."""
    due = time.monotonic()
    for connection in [each for each, deadline in _waiting.items() if deadline <= due]:
        _close(loop, connection)


def _close(loop, connection):
    del _waiting[connection]
    loop.unregister(connection)
    connection.close()


def _end(*_):
    if not sys.stdin.readline():
        sys.exit()


def _resolve(_, dns):
    query, sender = dns.recvfrom(4096)
    reply = answer(query)
    if reply:
        dns.sendto(reply, sender)


def answer(query):
    """The reply to a query of one question, or None for what is not one."""
    try:
        name, end = _name(query, 12)
        kind, _ = struct.unpack_from(">HH", query, end)
    except (IndexError, struct.error):
        return None
    question = query[12 : end + 4]
    found = names.address(name)
    records = b""
    if found:
        raw = ipaddress.ip_address(found).packed
        if kind == (A if len(raw) == 4 else AAAA):
            records = struct.pack(">HHHIH", 0xC00C, kind, 1, 60, len(raw)) + raw
    flags = 0x8580 | (0 if found else NAME_ERROR)
    return query[:2] + struct.pack(">HHHHH", flags, 1, bool(records), 0, 0) + question + records


def _name(query, at):
    labels = []
    while length := query[at]:
        labels.append(query[at + 1 : at + 1 + length].decode("latin-1"))
        at += 1 + length
    return ".".join(labels), at + 1


if __name__ == "__main__":
    main()
