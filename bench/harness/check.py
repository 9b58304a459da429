"""`onehop check -` over long lists of URLs: rate for each format, and memory that does not grow with the list.

The rate is URLs for each second of the program's own processor time, start included, which other work on the machine
hardly moves. Answers go to `/dev/null`, so that nobody who reads them is measured; one run before is read and counted.
"""

from __future__ import annotations

import fcntl
import shutil
import statistics
import struct
import subprocess
import termios
import time
from dataclasses import dataclass
from pathlib import Path

from . import urls
from .children import Child, ChildError
from .footprint import kibibytes
from .load import Ratios
from .rows import Bar, Row, mebibytes
from .run_context import Run

COUNTS = (100_000, 1_000_000)
FORMATS = ("text", "json")
# In millions for each second of one core; the machine that it was written on, while busy, did twice that with JSON.
RATE_BAR = Bar(True, 1, unit="M/s")
MEMORY_BAR = Bar(False, 1.10)
DENIED = 1
SETTLE_SECONDS_MAX = 10.0
DENIALS = {"text": b"deny  ", "json": b'"verdict":"deny"'}


@dataclass(frozen=True)
class UrlList:
    """A file of URLs, one a line, of which so many are to be denied."""

    file: Path
    count: int
    hostile: int


def check_lists(run: Run) -> list[Row]:
    """Rates and memory for the lists of each length."""
    lists = []
    for count in COUNTS:
        file = run.children.directory / f"urls-{count}.txt"
        lists.append(UrlList(file, count, urls.write(file, count)))
    rows = [rate_row(run, form, given) for form in FORMATS for given in lists]
    peaks = [peak_memory(run, given) for given in lists]
    return [*rows, memory_row(peaks, lists)]


def argv(run: Run, form: str) -> list[str]:
    """The command: no file of this machine decides."""
    return [str(run.binary), "--config", "/dev/null", "check", "--format", form, "-"]


def rate_row(run: Run, form: str, given: UrlList) -> Row:
    """The median rate over the rounds."""
    fault = miscounted(run, form, given)
    spent = [timed(run, form, given) for _ in range(run.rounds)]
    rate = statistics.median(given.count / cpu for cpu, _ in spent) / 1e6
    wall = statistics.median(seconds for _, seconds in spent)
    note = f"{given.hostile} disguises among them, all denied; {wall:.2f} s by the clock" if not fault else ""
    name = f"check - --format {form}, {given.count:,} URLs"
    return Row(name, f"{rate:.2f} M/s", figure=rate, bar=RATE_BAR, fault=fault, note=note)


def timed(run: Run, form: str, given: UrlList) -> tuple[float, float]:
    """Seconds of processor time and by the clock of one run."""
    start = time.monotonic()
    with given.file.open("rb") as stdin:
        child = run.children.start(f"check-{form}", argv(run, form), stdin=stdin, stdout=subprocess.DEVNULL)
        status, spent = child.finish()
    run.children.stop(child)
    if status != DENIED:
        raise ChildError(f"check ended with {status}: {child.complaint()}")
    return spent / 1e9, time.monotonic() - start


def miscounted(run: Run, form: str, given: UrlList) -> str:
    """What is wrong with the answers, counted in one run; empty when each URL has its line and each disguise its denial."""
    answers = run.children.directory / "answers"
    with given.file.open("rb") as stdin, answers.open("wb") as stdout:
        child = run.children.start(f"check-{form}", argv(run, form), stdin=stdin, stdout=stdout)
        child.finish()
    run.children.stop(child)
    lines = denials = 0
    with answers.open("rb") as read:
        for line in read:
            lines += 1
            denials += DENIALS[form] in line
    answers.unlink()
    return count_fault(given, lines, denials)


def count_fault(given: UrlList, lines: int, denials: int) -> str:
    """In words what does not add up."""
    if (lines, denials) == (given.count, given.hostile):
        return ""
    return f"{lines} answers with {denials} denials, for {given.count} URLs with {given.hostile} disguises"


def peak_memory(run: Run, given: UrlList) -> int:
    """`VmHWM` after the whole list has been answered, read while the program waits for more."""
    command = argv(run, "json")
    child = run.children.start("check-memory", command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
    pipe = child.process.stdin
    if pipe is None:
        raise ChildError("no pipe to the program")
    with given.file.open("rb") as source:
        shutil.copyfileobj(source, pipe, 1 << 16)
    pipe.flush()
    settle(child, pipe.fileno())
    peak = kibibytes(Path(f"/proc/{child.pid}/status"), "VmHWM:")
    pipe.close()
    child.finish()
    run.children.stop(child)
    return peak


def settle(child: Child, pipe: int) -> None:
    """Waits, within bounds, until the pipe is empty and the program sleeps."""
    deadline = time.monotonic() + SETTLE_SECONDS_MAX
    while time.monotonic() < deadline:
        waiting = struct.unpack("i", fcntl.ioctl(pipe, termios.FIONREAD, b"\0" * 4))[0]
        state = Path(f"/proc/{child.pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
        if waiting == 0 and state == "S":
            return
        time.sleep(0.001)
    raise ChildError(f"check did not come to rest: {child.complaint()}")


def memory_row(peaks: list[int], lists: list[UrlList]) -> Row:
    """The longest list beside the shortest."""
    ratio = peaks[-1] / peaks[0]
    note = f"peak resident memory over {lists[-1].count:,} URLs beside {lists[0].count:,}"
    sizes = [mebibytes(peaks[-1]), mebibytes(peaks[0])]
    return Row("check - memory", *sizes, Ratios(ratio, ratio, ratio), bar=MEMORY_BAR, note=note)
