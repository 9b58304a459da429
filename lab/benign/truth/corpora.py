"""Where URLs that people really use come from, and which of them the truth is about.

| corpus | URLs | from |
|---|---|---|
| packages | every distinct home page of a package | Debian's package lists, as `apt-get update` left them |
| platform | valid `http` and `https` rows that name a public host | the URL test data of the Web platform |

The test data is `urltestdata.json` in the folder that `ONEHOP_WPT` names, or in `../shared/data/wpt` beside the
workspace, or the copy that the crate `url` carries, which is older. A corpus that cannot be read is an `Absent` with
the reason.
"""

import ipaddress
import json
import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
WPT_FILE = "urltestdata.json"
LIST_SECONDS_MAX = 120
# Fewer are no distribution: the lists were never fetched, or hold some other archive.
PACKAGES_MIN = 10_000
ROWS_MIN = 40
WEB = ("http:", "https:")
NAME = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)+\.?")
# Written apart from `onehop-address` on purpose.
NOT_PUBLIC = {"localhost", "local", "internal", "test", "invalid", "onion", "alt", "home", "corp", "lan", "arpa"}
GLOBAL_UNICAST = ipaddress.ip_network("2000::/3")


class Absent(Exception):
    """A corpus is not on this machine."""


@dataclass(frozen=True)
class Corpus:
    """Distinct URLs as bytes, and a line that says where they come from."""

    name: str
    source: str
    urls: list[bytes]


def packages() -> Corpus:
    """The home pages."""
    try:
        done = subprocess.run(
            ["apt-cache", "dumpavail"], capture_output=True, check=True, timeout=LIST_SECONDS_MAX
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise Absent(f"`apt-cache dumpavail`: {error}") from error
    urls = homepages(done.stdout)
    if len(urls) < PACKAGES_MIN:
        raise Absent(f"the package lists have {len(urls)} home pages; run `apt-get update`")
    return Corpus("packages", f"home pages in the package lists of {release()}", urls)


def homepages(lists: bytes) -> list[bytes]:
    """The distinct values of `Homepage:`, sorted."""
    field = b"Homepage: "
    return sorted({line[len(field) :].strip() for line in lists.split(b"\n") if line.startswith(field)})


def release() -> str:
    """The distribution in words."""
    try:
        lines = Path("/etc/os-release").read_text(encoding="utf-8").splitlines()
    except OSError:
        return "this machine"
    names = [line.partition("=")[2].strip('"') for line in lines if line.startswith("PRETTY_NAME=")]
    return names[0] if names else "this machine"


def platform() -> Corpus:
    """The rows of the test data."""
    file, source = test_data()
    rows = json.loads(file.read_text(encoding="utf-8"))
    urls = sorted({row["input"].encode() for row in rows if isinstance(row, dict) and is_public_row(row)})
    if len(urls) < ROWS_MIN:
        raise Absent(f"`{file}` has {len(urls)} rows that name a public host")
    return Corpus("platform", source, urls)


def test_data() -> tuple[Path, str]:
    """The first copy that is there, and what it is."""
    folder = Path(os.environ.get("ONEHOP_WPT") or ROOT.parent / "shared/data/wpt")
    if (folder / WPT_FILE).is_file():
        return folder / WPT_FILE, "`urltestdata.json` of the Web platform's tests"
    cargo = Path(os.environ.get("CARGO_HOME") or Path.home() / ".cargo")
    carried = sorted(cargo.glob(f"registry/src/*/url-2.*/tests/{WPT_FILE}"))
    if carried:
        crate = carried[-1].parents[1].name
        return carried[-1], f"`urltestdata.json` of the Web platform's tests, as `{crate}` carries it"
    raise Absent(f"`{WPT_FILE}`; set ONEHOP_WPT to its folder, or fetch the crate `url`")


def is_public_row(row: dict) -> bool:
    """A row that is a whole `http` URL by itself, which the standard reads and whose host anybody may fetch from."""
    text = row["input"]
    if row.get("failure") or row.get("protocol") not in WEB or not can_be_asked(text):
        return False
    by_itself = text.strip().lower().startswith(WEB) and (row.get("base") is None or "://" in text)
    return by_itself and is_public(row["hostname"])


def can_be_asked(text: str) -> bool:
    """Half a surrogate pair has no UTF-8, and NUL has no place in an argument."""
    try:
        return b"\0" not in text.encode()
    except UnicodeEncodeError:
        return False


def is_public(hostname: str) -> bool:
    """Whether a host, as the standard writes it, is one that anybody may fetch from."""
    try:
        address = ipaddress.ip_address(hostname.strip("[]"))
    except ValueError:
        last = hostname.rstrip(".").rpartition(".")[2]
        return bool(NAME.fullmatch(hostname)) and last not in NOT_PUBLIC
    return address.is_global and (address.version == 4 or address in GLOBAL_UNICAST)
