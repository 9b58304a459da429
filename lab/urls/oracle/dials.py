"""Records what a client dials: every first packet of a connection that leaves a socket of this namespace.

A packet socket on `lo` sees a packet while the call that sends it is still running, so what a client dialled for a URL
is here by the time that the client says it is done. A kernel filter keeps the first packets of TCP connections and
all UDP packets but those of DNS.
"""

import ctypes
import ipaddress
import socket
import struct

ETH_P_ALL = 3
SO_ATTACH_FILTER = 26
TCP, UDP = 6, 17
#: Filter words: load byte/half absolute, load byte/half indexed, load IPv4 header length, mask, jump if equal, return.
LDB, LDH, LDB_X, LDH_X, IHL, AND, JEQ, RET = 0x30, 0x28, 0x50, 0x48, 0xB1, 0x54, 0x15, 0x06
PACKET_TYPE, OUTGOING = 0xFFFFF004, 4
#: Instructions as (label, word, operand, jump if true, jump if false); a jump is a label or None for the next line.
FILTER = [
    ("", LDB, PACKET_TYPE, None, None),
    ("", JEQ, OUTGOING, None, "drop"),
    ("", LDB, 0, None, None),
    ("", AND, 0xF0, None, None),
    ("", JEQ, 0x60, "v6", None),
    ("", JEQ, 0x40, None, "drop"),
    ("", IHL, 0, None, None),
    ("", LDB, 9, None, None),
    ("", JEQ, TCP, "tcp4", None),
    ("", JEQ, UDP, None, "drop"),
    ("", LDH_X, 2, None, None),
    ("", JEQ, 53, "drop", None),
    ("", LDH_X, 0, None, None),
    ("", JEQ, 53, "drop", "keep"),
    ("tcp4", LDB_X, 13, None, None),
    ("", AND, 0x12, None, None),
    ("", JEQ, 0x02, "keep", "drop"),
    ("v6", LDB, 6, None, None),
    ("", JEQ, TCP, "tcp6", None),
    ("", JEQ, UDP, None, "drop"),
    ("", LDH, 42, None, None),
    ("", JEQ, 53, "drop", None),
    ("", LDH, 40, None, None),
    ("", JEQ, 53, "drop", "keep"),
    ("tcp6", LDB, 53, None, None),
    ("", AND, 0x12, None, None),
    ("", JEQ, 0x02, "keep", "drop"),
    ("keep", RET, 128, None, None),
    ("drop", RET, 0, None, None),
]


class Dials:
    """What has been dialled since the last `drain`."""

    def __init__(self):
        self._socket = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, 0)
        program = assemble(FILTER)
        self._code = ctypes.create_string_buffer(program)
        head = struct.pack("HL", len(program) // 8, ctypes.addressof(self._code))
        self._socket.setsockopt(socket.SOL_SOCKET, SO_ATTACH_FILTER, head)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        self._socket.setblocking(False)
        self._socket.bind(("lo", ETH_P_ALL))

    def drain(self):
        """Distinct `(address, port)` in the order in which they were dialled."""
        found = {}
        while True:
            try:
                found[target(self._socket.recv(128))] = None
            except BlockingIOError:
                return list(found)


def target(packet):
    """Destination of an IP packet with a TCP or UDP header."""
    if packet[0] >> 4 == 4:
        head = 4 * (packet[0] & 0x0F)
        address = packet[16:20]
    else:
        head = 40
        address = packet[24:40]
    return str(ipaddress.ip_address(address)), int.from_bytes(packet[head + 2 : head + 4], "big")


def assemble(lines):
    """Classic BPF: eight bytes an instruction."""
    places = {label: at for at, (label, *_) in enumerate(lines) if label}
    words = b""
    for at, (_, word, operand, yes, no) in enumerate(lines):
        jumps = [places[label] - at - 1 if label else 0 for label in (yes, no)]
        words += struct.pack("HBBI", word, *jumps, operand)
    return words
