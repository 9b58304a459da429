"""A log that is made to be slow to scan: every line has places that look like a metadata service and are none.

| near miss           | what it nearly is                                             |
|---------------------|---------------------------------------------------------------|
| `169.254.1.9`       | an address of the same network                                |
| `a9fe0102`          | the same in hexadecimal, alone or in an identifier            |
| `0xa9.254.3.4`      | a first part in hexadecimal                                   |
| `2852039199`        | one number, a few beyond                                      |
| `%31%36%39`         | digits in percent signs that are no address                   |
| `/metadata/feed`    | a word in a path of somebody's own                            |
| `168.63.2`          | a version                                                     |
| `xn--…`             | a name in another script                                      |
| `１６９.２５４`     | full-width digits that stop halfway                           |

Each line has one in percent signs or in full-width digits, which have to be taken off before anything can be said, in one
layer and perhaps in two. So a scanner cannot skip a line and finds nothing in it. The same seed gives the same bytes.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

LINES_AT_ONCE = 4096
MISSES = (2, 5)
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
WORDS = ("offers", "cart", "status", "images", "feed", "account", "search", "report")
AGENTS = (
    "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36",
    "python-requests/2.32.3",
    "curl/8.5.0",
)


def write(out: Path, lines: int, seed: int) -> int:
    """Writes so many lines, and says how many bytes they are."""
    source = random.Random(seed)
    size = 0
    with out.open("wb") as sink:
        for first in range(0, lines, LINES_AT_ONCE):
            block = "".join(line(source, number) for number in range(first, min(lines, first + LINES_AT_ONCE)))
            size += sink.write(block.encode())
    return size


def line(source: random.Random, number: int) -> str:
    """A line of a combined log."""
    misses = [source.choice(SURE)(source)]
    misses += [source.choice(ALL)(source) for _ in range(source.randint(*MISSES) - 1)]
    source.shuffle(misses)
    query = "&".join(f"{source.choice(WORDS)}={miss}" for miss in misses[:-1])
    second = number % 60
    return (
        f"203.0.113.{source.randint(1, 254)} - - [04/Mar/2026:09:{number // 60 % 60:02}:{second:02} +0000] "
        f'"GET /{source.choice(WORDS)}/{source.randint(1000, 9999)}?{query} HTTP/1.1" '
        f'{source.choice((200, 200, 302, 404))} {source.randint(100, 99999)} '
        f'"https://www.example.com/{misses[-1]}" "{source.choice(AGENTS)}"\n'
    )


def address(source: random.Random) -> str:
    """An address of the same network, in parts."""
    return f"169.254.{source.randint(24, 40)}.{source.randint(50, 99)}"


def digits(source: random.Random) -> str:
    """The same in eight hexadecimal digits, alone or at the end of an identifier."""
    value = f"a9fe{source.randint(0x0100, 0x1FFF):04x}"
    return source.choice((value, f"{source.getrandbits(64):016x}-{value}"))


def part(source: random.Random) -> str:
    """A first part in hexadecimal, or in octal."""
    return f"{source.choice(('0xa9', '0251'))}.254.{source.randint(24, 40)}.{source.randint(50, 99)}"


def number(source: random.Random) -> str:
    """One number, beyond the address."""
    return str(2852039166 + source.randint(600, 9_000))


def escaped(source: random.Random) -> str:
    """Something in percent signs, once or twice, in which nothing is."""
    text = source.choice((f"169{source.randint(10, 99)}", f"{source.randint(10**6, 10**7)}", source.choice(WORDS)))
    sign = source.choice(("%", "%", "%25"))
    return "".join(f"{sign}{ord(letter):02x}" for letter in text)


def word(source: random.Random) -> str:
    """A path with the word in it."""
    ends = ("metadata/feed", "meta-data.html", "latest/metadata", "instance-data-sheet", "docs/metadata-server-guide")
    return f"{source.choice(WORDS)}/{source.choice(ends)}"


def version(source: random.Random) -> str:
    """A version that begins like an address."""
    return f"v{source.choice((168, 169, 100, 192))}.{source.randint(1, 62)}.{source.randint(0, 9)}"


def international(source: random.Random) -> str:
    """A name in another script."""
    return f"xn--{source.choice(('bcher-kva', 'mnchen-3ya', 'fsq169b'))}.example"


def wide(source: random.Random) -> str:
    """Full-width digits that stop halfway."""
    return f"169.254.{source.randint(24, 40)}".translate(FULL_WIDTH)


Miss = Callable[[random.Random], str]
# What no scanner can tell before it is decoded, and what it may.
SURE: tuple[Miss, ...] = (escaped, wide)
ALL: tuple[Miss, ...] = (*SURE, address, part, digits, number, word, version, international)
