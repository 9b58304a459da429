"""`onehop scan` over whole files: beside ripgrep, beside bare decoding, with one thread and with two.

Every file is read once before each run, so that it comes from the page cache. Each thing is scanned once with its summary read
and its memory watched, then in rounds with the findings sent to `/dev/null`. One thread is judged by processor time,
which other work on the machine moves least; two threads by the clock, which is what they are for. Processors may share a core,
so two processes at once, with one thread each, say what two threads could reach. A ratio is the median of the rounds; a
rate is that of the best round.

| what goes in                | what has to come out, or the row is invalid      |
|-----------------------------|--------------------------------------------------|
| a text of so many bytes     | as many bytes scanned, by the summary            |
| ordinary lines              | no finding                                       |
| lines that nearly matter    | no finding                                       |
| attempts, calls that matter | a finding for nine attempts in ten; one at least |
"""

from __future__ import annotations

import json
import resource
import statistics
import subprocess
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from . import load, logs
from .build import build_example
from .children import Child, ChildError
from .footprint import kibibytes
from .logs import Text, Texts
from .rows import Bar, Row, mebibytes
from .run_context import Run

# Runs are short: so many for each round of the pace, but no more than fit into a time, and never fewer than two.
TURNS = 2
COMPARISON_SECONDS_MAX = 40.0
TURNS_MIN = 2
LITERALS = ("169.254.169.254", "2852039166", "0xa9fea9fe", "fd00:ec2::254", "metadata.google.internal", "169.254.170.2")
RIPGREP_BAR = Bar(True, 1.2)
THREADS_BAR = Bar(True, 1.8)
DECODING_BAR = Bar(True, 0.9)
TRAIL_BAR = Bar(True, 0.6, unit="GB/s")
HOSTILE_BAR = Bar(True, 150, unit="MB/s")
MEMORY_BAR = Bar(False, 64, unit="MiB")
# What ripgrep ends with when no line matches.
NO_MATCH = 1
FOUND_SHARE_MIN = 0.9
WATCH_SECONDS = 0.001
TAIL_BYTES = 1 << 16


@dataclass(frozen=True)
class Spent:
    """One run of a program: seconds by the clock and of all its threads, and its largest size in bytes."""

    seconds: float
    cpu: float
    peak: int


@dataclass(frozen=True)
class Watched:
    """What a run said of itself, its largest size in bytes, and the seconds of its busiest thread."""

    summary: dict
    peak: int
    busiest: float


@dataclass(frozen=True)
class Work:
    """One thing to scan, and with how many threads. `wanted` are the fewest findings that are right, and the most."""

    name: str
    text: Text
    threads: int = 1
    wanted: tuple[float, float] = (0, 0)

    def argv(self, run: Run) -> list[str]:
        """The command: no file of this machine decides."""
        flags = ["scan", "--format", "json", "--threads", str(self.threads), str(self.text.path)]
        return [str(run.binary), "--config", "/dev/null", *flags]

    def fault(self, summary: dict) -> str:
        """In words what the summary lacks; empty when it is right."""
        scanned, findings = summary.get("facts", {}).get("bytes"), summary.get("findings", -1)
        if scanned != self.text.size:
            return f"{scanned} of {self.text.size} bytes scanned"
        least, most = self.wanted
        return "" if least <= findings <= most else f"{findings} findings, between {least:.0f} and {most:.0f} expected"


@dataclass(frozen=True)
class Measured:
    """A work with its watched run and its rounds."""

    work: Work
    watched: Watched
    spent: list[Spent]

    @property
    def fault(self) -> str:
        """Why the figures are worth nothing; empty when they are good."""
        return self.work.fault(self.watched.summary)

    def rate(self, figure: str) -> float:
        """Bytes of text for each second of the best round."""
        return self.work.text.size / best(self.spent, figure)

    def by_clock(self) -> str:
        """The rate by the clock, for a note."""
        return f"{per_second(self.rate('seconds'))} by the clock"


def scan_logs(run: Run) -> list[Row]:
    """All rows. The files are made first, if they are not there."""
    bare = build_example("onehop-input", "bare")
    texts = logs.find(bare)
    parts = [*plain_rows(run, texts), *packed_rows(run, texts, bare), many_rows(run, texts), *lone_rows(run, texts)]
    floor = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10
    memory = [memory_row(measured, floor) for _, part in parts for measured in part]
    return [*(row for rows, _ in parts for row in rows), *memory]


Part = tuple[list[Row], list[Measured]]


def plain_rows(run: Run, texts: Texts) -> list[Part]:
    """One big file, as the page cache holds it when a server has written it and when it was read from a disk."""
    with logs.appended(texts.plain) as written:
        parts = [plain_part(run, "plain", written)]
    logs.read_ahead(texts.plain)
    return [*parts, plain_part(run, "plain, read ahead", texts.plain)]


def plain_part(run: Run, name: str, text: Text) -> Part:
    """One thread beside ripgrep, two beside one."""
    works = [Work(name, text), Work(f"{name}, two threads", text, 2)]
    patterns = [flag for literal in LITERALS for flag in ("-e", literal)]
    rg = run.rg
    argv = [str(rg.path), "--no-config", "-c", "-F", "-j1", *patterns, str(text.path)]
    others = {"rg": lambda: spend(run, argv, NO_MATCH, rg.env), "pair": lambda: spend_pair(run, works[0])}
    (one, two), taken = measure(run, works, others)
    beside_rg = beside(one, taken["rg"], "rg -c -F -j1, six literals", RIPGREP_BAR)
    return [beside_rg, beside_one_thread(two, one, taken["pair"], THREADS_BAR)], [one, two]


def packed_rows(run: Run, texts: Texts, bare: Path) -> list[Part]:
    """Compressed files beside the library that decodes them."""
    parts = []
    for name, kind, text in (("gzip -6", "gzip", texts.gzip), ("zstd -3", "zstd", texts.zstd)):
        argv = [str(bare), kind, str(text.path)]
        [ours], taken = measure(run, [Work(name, text)], {"bare": lambda argv=argv: spend(run, argv)})
        parts.append(([beside(ours, taken["bare"], "bare decoding by the same library", DECODING_BAR)], [ours]))
    return parts


def many_rows(run: Run, texts: Texts) -> Part:
    """Many small files, two threads beside one."""
    name = f"{logs.MANY_FILES:,} gzip files"
    works = [Work(name, texts.many), Work(f"{name}, two threads", texts.many, 2)]
    (one, two), taken = measure(run, works, {"pair": lambda: spend_pair(run, works[0])})
    return [beside_one_thread(two, one, taken["pair"], None)], [one, two]


def lone_rows(run: Run, texts: Texts) -> list[Part]:
    """What has no peer: CloudTrail, lines that nearly name a service, and attempts alone: both have to be decoded."""
    trail = Work("CloudTrail", texts.trail, wanted=(1, texts.trail.matter))
    lines = texts.attempts.lines
    attempts = Work("attempts alone", texts.attempts, wanted=(FOUND_SHARE_MIN * lines, 2 * lines))
    hostile = Work("hostile", texts.near)
    parts = []
    for work, bar, scale in ((trail, TRAIL_BAR, 1e9), (hostile, HOSTILE_BAR, 1e6), (attempts, HOSTILE_BAR, 1e6)):
        [ours], _ = measure(run, [work], {})
        rate = ours.rate("cpu")
        note = f"{ours.watched.summary.get('findings')} findings; {ours.by_clock()}"
        figure = rate / scale
        row = Row(f"scan {work.name}", per_second(rate), figure=figure, bar=bar, fault=ours.fault, note=note)
        parts.append(([row], [ours]))
    return parts


def measure(
    run: Run, works: list[Work], others: dict[str, Callable[[], Spent]]
) -> tuple[list[Measured], dict[str, list[Spent]]]:
    """Watches each work once, then takes all of them and the others in turn."""
    start = time.monotonic()
    watched = [watch(run, work) for work in works]
    count = turns(run, time.monotonic() - start)
    statuses = [0 if seen.summary.get("findings") == 0 else 1 for seen in watched]
    sides = {
        work.name: lambda work=work, status=status: warmed(work, lambda: spend(run, work.argv(run), status))
        for work, status in zip(works, statuses, strict=True)
    }
    sides |= {name: lambda other=other: warmed(works[0], other) for name, other in others.items()}
    taken = load.rounds(sides, count)
    ours = [Measured(work, seen, taken[work.name]) for work, seen in zip(works, watched, strict=True)]
    return ours, taken


def turns(run: Run, seconds: float) -> int:
    """How many rounds fit, when one takes so many seconds."""
    return max(TURNS_MIN, min(run.rounds * TURNS, int(COMPARISON_SECONDS_MAX / max(seconds, 1e-9))))


def warmed(work: Work, measured: Callable[[], Spent]) -> Spent:
    """Reads the file before the run: other programs may have pushed it out of the page cache."""
    logs.warm(work.text)
    return measured()


def spend(run: Run, argv: list[str], status: int = 0, env: dict[str, str] | None = None) -> Spent:
    """Runs a program to its end, with its output dropped. It has to end with this exit status."""
    child = run.children.start(Path(argv[0]).name, argv, env=env, stdout=subprocess.DEVNULL)
    start = time.monotonic()
    ended, used = child.usage()
    seconds = time.monotonic() - start
    run.children.stop(child)
    if ended != status:
        raise ChildError(f"{child.name} ended with {ended}: {child.complaint()}")
    return Spent(seconds, used.ru_utime + used.ru_stime, used.ru_maxrss << 10)


def spend_pair(run: Run, work: Work) -> Spent:
    """Does a work that finds nothing twice at once, until both have ended."""
    start = time.monotonic()
    children = [run.children.start("scan", work.argv(run), stdout=subprocess.DEVNULL) for _ in range(2)]
    ended = [child.usage() for child in children]
    seconds = time.monotonic() - start
    for child in children:
        run.children.stop(child)
    for child, (status, _) in zip(children, ended, strict=True):
        if status:
            raise ChildError(f"{child.name} ended with {status}: {child.complaint()}")
    cpu = sum(used.ru_utime + used.ru_stime for _, used in ended)
    return Spent(seconds, cpu, max(used.ru_maxrss << 10 for _, used in ended))


def watch(run: Run, work: Work) -> Watched:
    """Scans once; reads the summary, and looks at memory and threads all the while."""
    child = run.children.start("scan", work.argv(run))
    tail = bytearray()
    drain = threading.Thread(target=keep_tail, args=(child.process.stdout, tail))
    drain.start()
    peak, threads = 0, {}
    while not child.has_ended():
        peak = max(peak, resident(child))
        threads |= busy(child)
        time.sleep(WATCH_SECONDS)
    status, _ = child.usage()
    drain.join()
    run.children.stop(child)
    lines = bytes(tail).splitlines()
    if status not in (0, 1) or not lines:
        raise ChildError(f"scan ended with {status}: {child.complaint()}")
    return Watched(json.loads(lines[-1]), peak, max(threads.values(), default=0) / 1e9)


def keep_tail(source: IO[bytes], tail: bytearray) -> None:
    """Reads to the end and keeps the last bytes."""
    while block := source.read1(1 << 20):
        tail += block
        del tail[:-TAIL_BYTES]


def resident(child: Child) -> int:
    """The largest size so far, in bytes; 0 once the program has ended."""
    try:
        return kibibytes(Path(f"/proc/{child.pid}/status"), "VmHWM:")
    except (StopIteration, OSError):
        return 0


def busy(child: Child) -> dict[str, int]:
    """Nanoseconds of each thread so far."""
    found = {}
    for task in Path(f"/proc/{child.pid}/task").glob("*/schedstat"):
        try:
            found[task.parent.name] = int(task.read_text().split()[0])
        except (OSError, IndexError):
            continue
    return found


def beside(ours: Measured, peer: list[Spent], what: str, bar: Bar) -> Row:
    """One thread of ours beside a peer, by processor time."""
    ratios, clock = (load.ratios(peer, ours.spent, figure) for figure in ("cpu", "seconds"))
    theirs = ours.work.text.size / best(peer, "cpu")
    note = f"{what}; by the clock {clock.median:.2f}, {ours.by_clock()}"
    sides = [per_second(ours.rate("cpu")), per_second(theirs)]
    return Row(f"scan {ours.work.name}", *sides, ratios, bar=bar, fault=ours.fault, note=note)


def beside_one_thread(two: Measured, one: Measured, pair: list[Spent], bar: Bar | None) -> Row:
    """Two threads beside one, by the clock; in words what two processes do."""
    ratios, cpu = load.ratios(one.spent, two.spent, "seconds"), load.ratios(two.spent, one.spent, "cpu")
    share = two.watched.busiest / max(statistics.median(spent.cpu for spent in two.spent), 1e-9)
    reach = 2 * load.ratios(one.spent, pair, "seconds").median
    note = (
        f"{cpu.median:.2f} of the processor time of one; the busiest thread has {share:.0%} of it; "
        f"two processes at once reach {reach:.2f}"
    )
    sides = [per_second(two.rate("seconds")), per_second(one.rate("seconds"))]
    fault = two.fault or one.fault
    return Row(f"scan {two.work.name} / one", *sides, ratios, bar=bar, fault=fault, note=note)


def memory_row(measured: Measured, floor: int) -> Row:
    """The largest size of all runs. The kernel's figure at the end counts the moment before `exec` too, when a program
    is still a copy of the harness: up to `floor`, the most that the harness had, it tells nothing.
    """
    told = [spent.peak for spent in measured.spent if spent.peak > floor]
    peak = max([measured.watched.peak, *told])
    figure = peak / (1 << 20)
    fault = "" if peak else "no size was seen"
    return Row(f"scan memory, {measured.work.name}", mebibytes(peak), figure=figure, bar=MEMORY_BAR, fault=fault)


def best(spent: list[Spent], figure: str) -> float:
    """The shortest of all rounds."""
    return max(min(getattr(one, figure) for one in spent), 1e-9)


def per_second(rate: float) -> str:
    """`4.31 GB/s` or `187 MB/s`, in powers of ten."""
    return f"{rate / 1e9:.2f} GB/s" if rate >= 1e9 else f"{rate / 1e6:.0f} MB/s"
