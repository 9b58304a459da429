"""Makes the URLs of a run: the catalogue, the committed corpus, spellings × shapes, and mutations. Seeded.

A URL is bytes. The same seed and count give the same URLs. All are distinct, none is empty, and none has both NUL and
a line end: such a one could be handed to `onehop check` neither as a line nor as an argument.
"""

import json
import random

from . import catalogue

#: Of the generated URLs, how many are spellings in shapes; the rest are mutations of these.
CROSSED = 0.6
TARGETS = [
    catalogue.METADATA,
    catalogue.LOOPBACK,
    "169.254.170.2",
    "168.63.129.16",
    "100.100.100.200",
    "127.127.0.9",
]
#: What mutations insert: delimiters, escapes, and characters that some reader folds, drops or takes for a delimiter.
PIECES = (
    [c for c in "/\\@:?#[]%.;,&=+ \t\r\n\0\x01\x1f\x7f<>{}|^`\"'!$*()~-_0x"]
    + [
        "//",
        "\\\\",
        "%00",
        "%0a",
        "%09",
        "%20",
        "%23",
        "%2e",
        "%2f",
        "%3a",
        "%40",
        "%5c",
        "%25",
        "%u002e",
        "::",
        "..",
        "@@",
    ]
    + [
        "\u00ad",
        "\u200b",
        "\u200d",
        "\u2060",
        "\ufeff",
        "\u3002",
        "\uff0e",
        "\uff0f",
        "\uff1a",
        "\uff20",
        "\uff03",
        "\u2024",
    ]
    + [
        "①",
        "ⓛ",
        "ſ",
        "K",
        "℀",
        "ß",
        "ı",
        "\u0300",
        "\u202e",
        "\u2028",
        "\u0085",
        "\u00a0",
        "xn--",
        "0x",
        "00",
        ":80",
        ":0",
    ]
    + [
        catalogue.HARMLESS,
        catalogue.LOOPBACK,
        "localhost",
        "[::1]",
        "http:",
        "http://",
        "https:",
        "ftp:",
        "file:",
    ]
)
RAW = [b"\xff", b"\xc0\xae", b"\xe3\x80", b"\x80", b"\xed\xa0\x80", b"\xfe\xff"]


def urls(seed, count, corpus=()):
    """At least `count` distinct URLs, as bytes; those of the catalogue's rows come first, then the corpus."""
    chance = random.Random(f"onehop-urls-{seed}")
    found = {}
    for text in (*(url for *_, row in catalogue.rows() for url in row), *corpus):
        _add(found, text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass"))
    fixed = len(found)
    crossed = _Crossed(chance)
    enough = fixed + int(CROSSED * max(0, count - fixed))
    while len(found) < enough:
        _add(found, crossed.next().encode())
    pool = list(found)
    while len(found) < count:
        _add(found, _mutated(chance, chance.choice(pool)))
    return list(found)


def corpus(folder):
    """The URLs of the committed corpus: lists of texts, or of cases with a `url` or an `input`. None without a folder.

    `ValueError` for a file that has none: a corpus that is not read proves nothing.
    """
    found = []
    for path in sorted(folder.glob("*.json")):
        cases = json.loads(path.read_text())
        texts = [case if isinstance(case, str) else case.get("url", case.get("input")) for case in cases]
        texts = [each for each in texts if isinstance(each, str)]
        if not texts:
            raise ValueError(f"`{path.name}` has no URL")
        found += texts
    return found


def text(url):
    """How a URL is shown, and how clients that take text read it: Latin-1 where it is not UTF-8."""
    try:
        return url.decode()
    except UnicodeDecodeError:
        return url.decode("latin-1")


def _add(found, url):
    if url and len(url) <= 2000 and not (b"\0" in url and (b"\n" in url or b"\r" in url)):
        found[url] = None


class _Crossed:
    """A spelling of a target, sometimes spelt twice, in a shape, sometimes with another port, case or path."""

    def __init__(self, chance):
        self.chance = chance
        self.fixed = [
            host for titles in catalogue.HOSTS.values() for hosts in titles.values() for host in hosts
        ]

    def next(self):
        chance = self.chance
        inside = self._host()
        harmless = chance.choice(
            [catalogue.HARMLESS, catalogue.HARMLESS, "198.51.100.7", "[2001:db8::7]", "www.example.com."]
        )
        path = chance.choice(["/", catalogue.PATH, "/a?b=c", "/latest/api/token", "/x#y"])
        if chance.random() < 0.25:
            inside += chance.choice([":80", ":8080", ":", ":443", ":0080", ":65616"])
        if chance.random() < 0.15:
            inside = chance.choice(["a@", "a:b@", "%61@", "@", ":@"]) + inside
        build = chance.choice(catalogue.SHAPES).build if chance.random() < 0.85 else catalogue.PLAIN
        url = chance.choice(build(inside, harmless, path))
        if chance.random() < 0.05:
            url = url.replace("http:", chance.choice(["HTTP:", "https:", "hTTp:", "ftp:", "ws:"]), 1)
        return url

    def _host(self):
        chance = self.chance
        if chance.random() < 0.3:
            return chance.choice(self.fixed)
        host = chance.choice(chance.choice(catalogue.SPELLINGS).build(self._target()))
        fold = chance.random()
        if fold < 0.06:
            host = host.upper()
        elif fold < 0.12:
            at = chance.randrange(len(host))
            host = host[:at] + "".join(f"%{byte:02X}" for byte in host[at].encode()) + host[at + 1 :]
        elif fold < 0.16:
            host = host.replace(".", "。", 1)
        return host

    def _target(self):
        return self.chance.choice(TARGETS) if self.chance.random() < 0.5 else self.chance.choice(TARGETS[:2])


def _mutated(chance, url):
    for _ in range(chance.choice([1, 1, 1, 2, 2, 3])):
        url = _mutated_once(chance, url)
    return url


def _mutated_once(chance, url):
    # Most of what matters stands before the path.
    end = min(len(url), chance.choice([12, 30, 30, 2000]))
    at = chance.randrange(end + 1)
    kind = chance.random()
    if kind < 0.5:
        return url[:at] + chance.choice(PIECES).encode() + url[at:]
    if kind < 0.6:
        return url[:at] + url[at + chance.choice([1, 1, 2, 4]) :]
    if kind < 0.75:
        return url[:at] + chance.choice(PIECES).encode() + url[at + 1 :]
    if kind < 0.82:
        return url[:at] + bytes([chance.randrange(256)]) + url[at + 1 :]
    if kind < 0.87:
        return url[:at] + chance.choice(RAW) + url[at:]
    if kind < 0.94:
        other = at + chance.randrange(8)
        return url[:other] + url[at:other] + url[other:]
    return url[:at] + url[at : at + 1].swapcase() + url[at + 1 :]
