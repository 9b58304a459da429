"""Lists of URLs as a service meets them: ordinary ones, and a share of disguises of addresses inside. Seeded.

Every ordinary URL is one that `onehop check` allows, and every disguise one that it denies, so that the number of
denials says whether the work was done.
"""

from __future__ import annotations

import random
from pathlib import Path

SEED = 20_260_822
HOSTILE_SHARE = 0.02
NAMES = ("example.com", "example.org", "example.net", "github.com", "amazonaws.com", "slack.com", "jsdelivr.net")
LABELS = ("www", "api", "cdn", "img", "hooks", "static", "docs", "eu-west-1.s3", "a1b2c3", "raw")
WORDS = ("v1", "users", "repos", "images", "assets", "2026", "webhooks", "search", "thumbnail", "items", "avatar")
ENDINGS = ("", ".png", ".json", ".html", "/", "?page=2", "?q=one+hop&lang=en", "?sig=made%2Fup#top")
# What each stands for is read by some client as an address inside; `docs/clients-urls.md` has which.
DISGUISES = (
    "http://{decimal}/latest/meta-data/",
    "http://0x{hex}/",
    "http://0{a:o}.0{b:o}.0{c:o}.0{d:o}/latest/",
    "http://{a}.{b}.{rest}/",
    "http://[::ffff:{dotted}]/",
    "http://[64:ff9b::{dotted}]/latest/user-data",
    "http://user:made-up@{dotted}/",
    "http://www.example.com:80\\@{dotted}/",
    "http://{ideographic}/",
    "http://%{percent}{tail}/",
    "http://{dotted}.nip.io/",
    "http://{dotted}/",
    "http:\\\\{dotted}\\",
    "ht\ttp://{dotted}/",
)
# Metadata services, the machine itself, private networks.
INSIDE = ((169, 254, 169, 254), (169, 254, 170, 2), (100, 100, 100, 200), (127, 0, 0, 1), (10, 1, 2, 3), (192, 168, 0, 9))


def ordinary(source: random.Random) -> str:
    """An `https` URL of 30 to 100 bytes."""
    path = "/".join(source.choices(WORDS, k=source.randrange(1, 5)))
    host = f"{source.choice(LABELS)}.{source.choice(NAMES)}"
    return f"https://{host}/{path}/{source.getrandbits(48):x}{source.choice(ENDINGS)}"


def disguise(source: random.Random) -> str:
    """A URL that leads inside, or would to some client."""
    a, b, c, d = octets = source.choice(INSIDE)
    dotted = f"{a}.{b}.{c}.{d}"
    first, tail = dotted[0], dotted[1:]
    return source.choice(DISGUISES).format(
        **dict(zip("abcd", octets, strict=True)),
        dotted=dotted,
        decimal=int.from_bytes(octets, "big"),
        hex=bytes(octets).hex(),
        rest=c << 8 | d,
        ideographic=dotted.replace(".", "\u3002"),
        percent=f"{ord(first):02x}",
        tail=tail,
    )


def write(file: Path, count: int) -> int:
    """Writes so many URLs, one a line; returns how many of them are to be denied. The same count is the same file."""
    source = random.Random(SEED)
    hostile = 0
    with file.open("w", encoding="utf-8", newline="\n") as out:
        for _ in range(count):
            is_hostile = source.random() < HOSTILE_SHARE
            hostile += is_hostile
            out.write((disguise(source) if is_hostile else ordinary(source)) + "\n")
    return hostile
