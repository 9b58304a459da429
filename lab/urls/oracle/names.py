"""The names of the oracle's world, as its DNS server answers them. A name that is not here does not exist.

`www.example.com` is the harmless host; everything else leads inside, as the public services and the search domains of
clouds do. Names of strangers that lead inside without showing it are no subject here: nothing but resolving can tell.
"""

import ipaddress
import re

HARMLESS = "198.51.100.7"
HARMLESS6 = "2001:db8::7"
SEARCH = "google.internal ec2.internal"
METADATA = "169.254.169.254"
LOOPBACK = "127.0.0.1"
FIXED = {
    "metadata.google.internal": METADATA,
    "metadata.goog": METADATA,
    "instance-data.ec2.internal": METADATA,
    "instance-data": METADATA,
    "metadata": METADATA,
    "metadata.azure.internal": METADATA,
    "api.metadata.cloud.ibm.com": METADATA,
    "metadata.tencentyun.com": "169.254.0.23",
    "metadata.packet.net": METADATA,
}
#: Everything below these leads to the machine itself.
LOOPBACK_ZONES = ("localhost", "localtest.me", "lvh.me", "vcap.me", "lacolhost.com", "localhost.localdomain")
#: The address stands in the name.
CARRIERS = ("nip.io", "sslip.io", "traefik.me", "backname.io")
DOTTED = re.compile(r"(?:^|[.-])(\d{1,3})[.-](\d{1,3})[.-](\d{1,3})[.-](\d{1,3})$")
HEX = re.compile(r"(?:^|[.-])([0-9a-f]{8})$")
REBINDING = re.compile(r"^([0-9a-f]{8})\.[0-9a-f]{8}\.rbndr\.us$")
SINGULARITY = re.compile(r"^make-(\d+)-(\d+)-(\d+)-(\d+)-.*rr\.1u\.ms$")
HOSTS = "127.0.0.1 localhost\n::1 localhost ip6-localhost ip6-loopback\n127.0.1.1 lab\n"


def address(name):
    """The one address of a name, or None."""
    name = name.lower().rstrip(".")
    if name in FIXED:
        return FIXED[name]
    if _below(name, "example.com"):
        return HARMLESS
    if any(_below(name, zone) for zone in LOOPBACK_ZONES):
        return LOOPBACK
    for zone in CARRIERS:
        if _below(name, zone):
            return _written(name[: -len(zone) - 1])
    if found := REBINDING.match(name):
        return _from_hex(found[1])
    if found := SINGULARITY.match(name):
        return _from_parts(found.groups())
    return None


def _below(name, zone):
    return name == zone or name.endswith("." + zone)


def _written(front):
    if found := DOTTED.search(front):
        return _from_parts(found.groups())
    if found := HEX.search(front):
        return _from_hex(found[1])
    label = front.rpartition(".")[2].replace("-", ":")
    try:
        return str(ipaddress.IPv6Address(label))
    except ValueError:
        return None


def _from_parts(parts):
    return ".".join(str(int(part)) for part in parts) if all(int(part) < 256 for part in parts) else None


def _from_hex(digits):
    return str(ipaddress.IPv4Address(int(digits, 16)))
