"""Row 8: how many packets a busy guard sends to the metadata service.

The real service takes 1,024 packets a second from an interface, shared with DNS and NTP, and drops the rest in silence.
200 clients read the same five paths; what leaves for the upstream is counted by the kernel: a packet socket on the
loopback device with a filter for the upstream's port, whose statistics are read without reading a packet. Without the
right to open one (CAP_NET_RAW) the upstream's own request counter is multiplied by six packets a request.
"""

from __future__ import annotations

import ctypes
import socket
import struct
import time

from .load import Load, drive, faults
from .onehop import TOKEN_HEADER, Onehop
from .rates import start_guard
from .rows import Bar, Row, per_second
from .run_context import Run

PATHS = (
    "/latest/meta-data/instance-id",
    "/latest/meta-data/placement/region",
    "/latest/meta-data/local-ipv4",
    "/latest/dynamic/instance-identity/document",
    "/latest/meta-data/iam/security-credentials/onehop-demo-role",
)
CLIENTS = 200
PACKETS_PER_SECOND_MAX = 1024
# SYN, ACK, request, ACK of the answer, FIN, ACK of the peer's FIN.
PACKETS_PER_REQUEST = 6
ETH_P_IP = 0x0800
SO_ATTACH_FILTER = 26
SOL_PACKET = 263
PACKET_STATISTICS = 6


def port_filter(port: int) -> bytes:
    """A classic BPF program: IPv4, TCP, destination port `port`; offsets count from the IP header."""
    program = [
        (0x30, 0, 0, 9),  # load the protocol
        (0x15, 0, 4, 6),  # not TCP: refuse
        (0xB1, 0, 0, 0),  # length of the IP header
        (0x48, 0, 0, 2),  # load the destination port
        (0x15, 0, 1, port),
        (0x06, 0, 0, 64),
        (0x06, 0, 0, 0),
    ]
    return b"".join(struct.pack("HBBI", *step) for step in program)


class PacketCounter:
    """Counts the TCP packets that the loopback device delivers to one port."""

    def __init__(self, port: int) -> None:
        self.socket = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, 0)
        steps = ctypes.create_string_buffer(port_filter(port))
        program = struct.pack("HP", 7, ctypes.addressof(steps))
        self.socket.setsockopt(socket.SOL_SOCKET, SO_ATTACH_FILTER, program)
        self.socket.bind(("lo", ETH_P_IP))
        self.take()

    def take(self) -> int:
        """Packets since the last call, those that found no room in the socket's buffer included."""
        statistics = self.socket.getsockopt(SOL_PACKET, PACKET_STATISTICS, 8)
        return int(struct.unpack("II", statistics)[0])

    def close(self) -> None:
        """Gives the socket back."""
        self.socket.close()


def open_counter(port: int) -> PacketCounter | None:
    """A counter, or nothing where packet sockets are not allowed."""
    try:
        return PacketCounter(port)
    except (PermissionError, OSError):
        return None


def requests_counted(counters: dict[str, float]) -> float:
    """The upstream's own count: each connection carries one request."""
    return counters["onehop_serve_connections_total"]


def upstream_packets(run: Run) -> list[Row]:
    """Load through a guard in its default settings, from a cold cache."""
    serve = Onehop(run.children, run.binary, "serve")
    guard = start_guard(run, serve, "guard-upstream")
    load = Load(guard.child, guard.address, PATHS[0], {TOKEN_HEADER: guard.token()}, connections=CLIENTS, paths=PATHS)
    counter = open_counter(serve.address[1])
    before = requests_counted(serve.counters())
    start = time.monotonic()
    sample = drive(run.wrk, load, run.upstream_seconds)
    seconds = time.monotonic() - start
    packets = counter.take() if counter else None
    requests = requests_counted(serve.counters()) - before
    if counter:
        counter.close()
    run.children.stop(guard.child)
    run.children.stop(serve.child)
    return [packet_row(sample, seconds, requests, packets)]


def packet_row(sample, seconds: float, requests: float, packets: int | None) -> Row:
    """The packet rate against the budget. No upstream traffic at all means that nothing was measured."""
    counted = packets if packets is not None else requests * PACKETS_PER_REQUEST
    rate = counted / seconds
    how = "packets counted by the kernel" if packets is not None else "packets estimated, six a request"
    note = (
        f"{CLIENTS} clients, {len(PATHS)} paths, {per_second(sample.rate)} answered from {requests / seconds:.1f} "
        f"requests/s upstream ({counted:.0f} packets in {seconds:.1f} s, {how})"
    )
    fault = faults([sample]) or ("" if counted else "no packet reached the upstream")
    bar = Bar(False, PACKETS_PER_SECOND_MAX, unit="/s")
    return Row("guard upstream packets", f"{rate:.0f} /s", figure=rate, bar=bar, fault=fault, note=note)
