"""The files that a scan is measured on. Made once and kept below the cache directory, for they are the same every time.

    plain      ordinary lines of a combined log, six in a hundred with a percent sign; nothing to find
    gzip, zstd the same text, compressed as logs are: gzip -6, zstd -3
    many       the beginning of it as many small gzip files, as load balancers leave them
    trail      CloudTrail records in one line
    near       lines that nearly name a service, several times each; nothing to find
    attempts   attempts alone

The folder is named for the sources of what makes the files: when those change, it is made anew and older ones go.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from . import near, trails
from .build import WORKSPACE, build_example
from .tools import ToolError, cache_directory

SEED = 7
PLAIN_BYTES = 540_000_000
MANY_FILES = 2_000
MANY_BYTES = 200_000
TRAIL_BYTES = 300_000_000
NEAR_LINES = 900_000
ATTEMPT_LINES = 900_000
GZIP_LEVEL = 6
BLOCK_BYTES = 1 << 20
# No more than a page at a time: a server writes a line.
PAGE_BYTES = 4096
CORPUS = WORKSPACE / "crates/parts/corpus"
MAKERS = (Path(__file__), Path(near.__file__), Path(trails.__file__), CORPUS / "examples/log.rs")
SOURCES = (*MAKERS, *sorted((CORPUS / "src").rglob("*.rs")))


@dataclass(frozen=True)
class Text:
    """A text: where it lies, its bytes when decoded and its lines; for records, how many matter."""

    path: Path
    size: int
    lines: int
    matter: int = 0


@dataclass(frozen=True)
class Texts:
    """All of them."""

    plain: Text
    gzip: Text
    zstd: Text
    many: Text
    trail: Text
    near: Text
    attempts: Text


def find(bare: Path) -> Texts:
    """The files, made if they are not there. `bare` is the program that writes zstd."""
    folder = cache_directory() / f"scan-{digest()}"
    for old in cache_directory().glob("scan-*"):
        if old != folder:
            shutil.rmtree(old)
    folder.mkdir(parents=True, exist_ok=True)
    plain = kept(folder, "plain.log", lambda out: write_log("plain", PLAIN_BYTES, out))
    return Texts(
        plain=plain,
        gzip=kept(folder, "plain.log.gz", lambda out: compress(plain, out)),
        zstd=kept(folder, "plain.log.zst", lambda out: pack(bare, plain, out)),
        many=kept(folder, "many", lambda out: split(plain, out)),
        trail=kept(folder, "trail.json", write_trail),
        near=kept(folder, "near.log", write_near),
        attempts=kept(folder, "attempts.log", lambda out: write_log("attempts", ATTEMPT_LINES, out)),
    )


def digest() -> str:
    """Tells the sources of the files from others."""
    total = hashlib.sha256()
    for source in SOURCES:
        total.update(source.read_bytes())
    return total.hexdigest()[:12]


def kept(folder: Path, name: str, make: Callable[[Path], Text]) -> Text:
    """A file or folder of this name. What is half made has another name, so that it is never taken for whole."""
    path, facts = folder / name, folder / f"{name}.facts"
    if path.exists() and facts.exists():
        return Text(path=path, **json.loads(facts.read_text()))
    half = folder / f"half-{name}"
    remove(half)
    remove(path)
    made = make(half)
    half.rename(path)
    facts.write_text(json.dumps({"size": made.size, "lines": made.lines, "matter": made.matter}))
    return Text(path, made.size, made.lines, made.matter)


def remove(path: Path) -> None:
    """Whatever it is, also nothing."""
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def write_log(kind: str, size: int, out: Path) -> Text:
    """A log by the generator of the corpus."""
    generator = build_example("onehop-corpus", "log")
    with out.open("wb") as sink:
        command([str(generator), kind, str(SEED), str(size)], stdout=sink)
    with out.open("rb") as read:
        lines = sum(block.count(b"\n") for block in iter(lambda: read.read(BLOCK_BYTES), b""))
    return Text(out, out.stat().st_size, lines)


def write_trail(out: Path) -> Text:
    """CloudTrail records; the one line has no end."""
    made = trails.write(out, TRAIL_BYTES)
    return Text(out, made.size, 1, made.matter)


def write_near(out: Path) -> Text:
    """Lines that nearly name a service."""
    return Text(out, near.write(out, NEAR_LINES, SEED), NEAR_LINES)


def compress(text: Text, out: Path) -> Text:
    """As `gzip -6` does."""
    with text.path.open("rb") as read, gzip.open(out, "wb", GZIP_LEVEL) as sink:
        shutil.copyfileobj(read, sink, BLOCK_BYTES)
    return Text(out, text.size, text.lines)


def pack(bare: Path, text: Text, out: Path) -> Text:
    """As `zstd -3` does."""
    command([str(bare), "pack", str(text.path), str(out)], stdout=subprocess.DEVNULL)
    return Text(out, text.size, text.lines)


def split(text: Text, out: Path) -> Text:
    """Small files of whole lines."""
    out.mkdir()
    size = lines = 0
    with text.path.open("rb") as read:
        for number in range(MANY_FILES):
            part = read.read(MANY_BYTES) + read.readline()
            (out / f"access-{number:04}.log.gz").write_bytes(gzip.compress(part, GZIP_LEVEL, mtime=0))
            size += len(part)
            lines += part.count(b"\n")
    return Text(out, size, lines)


def command(argv: list[str], stdout: object) -> None:
    """Runs a program that makes a file."""
    try:
        subprocess.run(argv, stdout=stdout, stderr=subprocess.PIPE, check=True, text=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise ToolError(f"`{' '.join(argv)}` failed: {getattr(error, 'stderr', '') or error}") from error


@contextmanager
def appended(text: Text) -> Iterator[Text]:
    """A copy that lies in the page cache page by page, as a log does that a server has written line by line."""
    out = text.path.with_name("appended.log")
    try:
        with text.path.open("rb", buffering=0) as read, out.open("wb", buffering=0) as sink:
            while page := read.read(PAGE_BYTES):
                sink.write(page)
            os.fdatasync(sink.fileno())
        yield replace(text, path=out)
    finally:
        remove(out)


def read_ahead(text: Text) -> None:
    """Has the file lie in the page cache as reading it from a disk leaves it there: in large pieces."""
    with text.path.open("rb") as file:
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    warm(text)


def warm(text: Text) -> int:
    """Reads every byte once, so that it lies in the page cache. How many there were."""
    files = sorted(text.path.iterdir()) if text.path.is_dir() else [text.path]
    total = 0
    for file in files:
        with file.open("rb", buffering=0) as read:
            buffer = bytearray(BLOCK_BYTES)
            while count := read.readinto(buffer):
                total += count
    return total
