"""Says whether an address that a client dialled is the machine itself or a metadata service.

Written apart from `onehop-address` on purpose: an oracle that shared its tables would share their gaps.
"""

import ipaddress

#: Metadata, credential and platform services (facts with sources: docs/commands.md, `onehop check`).
SERVICES = frozenset(
    ipaddress.ip_address(text)
    for text in (
        "169.254.169.254 169.254.169.253 169.254.169.123 169.254.169.250 169.254.169.251 169.254.169.252 "
        "169.254.170.2 169.254.170.23 169.254.42.42 169.254.0.23 168.63.129.16 100.100.100.200 192.0.0.192 "
        "fd00:ec2::254 fd00:ec2::253 fd00:ec2::123 fd00:ec2::23 fd20:ce::254 fd00:c1::a9fe:a9fe fd00:42::42 "
        "fd00:a9fe:a9fe::1 fe80::a9fe:a9fe"
    ).split()
)
#: Where RFC 6052 §2.2 puts the four bytes, by length of the prefix.
PLACES = {
    32: (4, 5, 6, 7),
    40: (5, 6, 7, 9),
    48: (6, 7, 9, 10),
    56: (7, 9, 10, 11),
    64: (9, 10, 11, 12),
    96: (12, 13, 14, 15),
}
#: Prefixes under which the last four bytes are an IPv4 address: mapped, compatible, translated, NAT64.
AT_THE_END = [
    ipaddress.ip_network(text) for text in ("::ffff:0:0/96", "::/96", "::ffff:0:0:0/96", "64:ff9b::/96")
]
LOCAL_NAT64 = ipaddress.ip_network("64:ff9b:1::/48")
ISATAP = (bytes.fromhex("00005efe"), bytes.fromhex("02005efe"))


def is_inside(text):
    """Whether a connection to this address, or to an IPv4 address that it carries, ends at home or at a service."""
    address = ipaddress.ip_address(text)
    if _at_home(address) or address in SERVICES:
        return True
    if address.version == 4:
        return False
    return any(_at_home(v4) or v4 in SERVICES for v4 in _carried(address)) or any(
        _pick(address, place) in SERVICES for place in PLACES.values()
    )


def _at_home(address):
    return address.is_loopback or address.is_unspecified


def _carried(address):
    raw = address.packed
    if any(address in network for network in AT_THE_END):
        yield _pick(address, PLACES[96])
    if address in LOCAL_NAT64:
        for length in (48, 56, 64, 96):
            yield _pick(address, PLACES[length])
    if raw[:2] == b"\x20\x02":
        yield _pick(address, (2, 3, 4, 5))
    if raw[:4] == b"\x20\x01\x00\x00":
        yield _pick(address, (4, 5, 6, 7))
        yield ipaddress.IPv4Address(bytes(byte ^ 0xFF for byte in raw[12:]))
    if raw[8:12] in ISATAP:
        yield _pick(address, PLACES[96])


def _pick(address, places):
    return ipaddress.IPv4Address(bytes(address.packed[place] for place in places))
