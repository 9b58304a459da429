"""Why compat mode may refuse a URL that people use. Each reason is a code and a test of its own on the bytes.

A refusal without a reason is a fault of `check`, or a reason that is missing here: look before adding one.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

SCHEME = re.compile(rb"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
WEB = (b"http", b"https")
# What the standard drops before it reads.
DROPPED = bytes(range(0x21))


@dataclass(frozen=True)
class Reason:
    """One reason: the code of the denial, what the URL must look like, and why that is right."""

    name: str
    code: str
    fits: Callable[[bytes], bool]
    why: str


def scheme(url: bytes) -> bytes:
    """The scheme in small letters; empty if there is none."""
    found = SCHEME.match(url.strip(DROPPED))
    return found[1].lower() if found else b""


def after_scheme(url: bytes) -> bytes:
    """What follows the colon."""
    return url.strip(DROPPED).partition(b":")[2]


REASONS = (
    Reason(
        "another scheme",
        "URL-SCHEME",
        lambda url: scheme(url) not in (b"", *WEB),
        "`check` is about what an HTTP client fetches",
    ),
    Reason(
        "the scheme twice",
        "NAME-SINGLE-LABEL",
        lambda url: re.match(rb"https?://https?://", url) is not None,
        "broken: clients look for a host that is called `http`",
    ),
    Reason(
        "other than two slashes",
        "URL-SLASHES",
        lambda url: scheme(url) in WEB and not re.match(rb"//[^/\\]", after_scheme(url)),
        "older clients see no host there and dial the machine itself, as docs/clients-urls.md shows",
    ),
    Reason(
        "a label that does not decode",
        "URL-MALFORMED",
        lambda url: b"xn--pokxncvks" in url.lower(),
        "the crate `url`, with which a client connects, refuses what newer test data allows",
    ),
)


def reason(url: bytes, code: str) -> Reason | None:
    """The reason for a denial, if one is listed."""
    return next((each for each in REASONS if each.code == code and each.fits(url)), None)
