"""Has every client try the URLs, in as many places as told, and keeps what each dialled.

URLs are cut into jobs; the slowest start first. The record is one file for each client, one line for each URL,
`[index, [[address, port], …], word, milliseconds]`, so that `check` can be asked again without a client.
"""

import json
import queue
import random
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path

from shared import child

from . import clients as known
from .place import Place

JOB_SECONDS = 12
STOP_SECONDS = 5
LAB = Path(__file__).resolve().parent.parent


@dataclass
class Record:
    """What one client did: dialled addresses by index of the URL."""

    client: known.Client
    version: str = "?"
    dialled: dict = field(default_factory=dict)
    words: dict = field(default_factory=dict)
    silent: int = 0
    late: int = 0
    errors: list = field(default_factory=list)


def indices(client, fixed, count, seed, among=None):
    """Which URLs a client tries: all of the catalogue, and of the others all or its sample. `among`: of these alone."""
    wanted = range(count) if among is None else sorted(among)
    others = [index for index in wanted if index >= fixed]
    if client.sample is not None and client.sample < len(others):
        others = sorted(random.Random(f"{seed}-{client.name}").sample(others, client.sample))
    return [*(index for index in wanted if index < fixed), *others]


def run(clients, urls, chosen, folder, cache, workers):
    """The records by name. `chosen(client)` says which URLs, by index. Progress goes to standard error."""
    jobs = []
    for client in clients:
        wanted = chosen(client)
        length = max(300, client.pace * JOB_SECONDS)
        jobs += [(client, wanted[at : at + length]) for at in range(0, len(wanted), length)]
    jobs.sort(key=lambda job: -len(job[1]) / job[0].pace)
    waiting = queue.SimpleQueue()
    for number, job in enumerate(jobs):
        waiting.put((number, *job))
    records = {client.name: Record(client) for client in clients}
    board = _Board(records, len(jobs))
    threads = [
        threading.Thread(target=_work, args=(waiting, urls, folder, cache, board), daemon=True)
        for _ in range(min(workers, len(jobs)))
    ]
    for thread in threads:
        thread.start()
    try:
        for thread in threads:
            thread.join()
    except BaseException:
        child.end_all()
        for thread in threads:
            thread.join(STOP_SECONDS)
        raise
    board.settle(waiting)
    return records


class _Board:
    """Where workers write what came of their jobs."""

    def __init__(self, records, count):
        self.records, self.count, self.done = records, count, 0
        self.lock = threading.Lock()

    def note(self, client, wanted, result, lines):
        record = self.records[client.name]
        with self.lock:
            self.done += 1
            print(f"[{self.done}/{self.count}] {client.name}: {len(wanted)} URLs", file=sys.stderr)
            if "error" in result:
                record.errors.append(result["error"])
                return
            record.version = (result["hello"] or {}).get("version", "?")
            record.silent += result["silent"]
            record.late += result["late"]
            for index, (dialled, word, took) in zip(wanted, lines, strict=True):
                record.dialled[index] = [tuple(each) for each in dialled]
                record.words[index] = word, took

    def settle(self, waiting):
        while not waiting.empty():
            _, client, wanted = waiting.get()
            self.records[client.name].errors.append(f"{len(wanted)} URLs were not tried")


def _work(waiting, urls, folder, cache, board):
    with Place() as place:
        while True:
            try:
                number, client, wanted = waiting.get_nowait()
            except queue.Empty:
                return
            asked, answered = folder / f"job-{number}.urls", folder / f"job-{number}.out"
            asked.write_text("".join(urls[index].hex() + "\n" for index in wanted))
            job = {
                "command": known.command(client, LAB, cache),
                "environment": known.environment(),
                "urls": str(asked),
                "out": str(answered),
            }
            try:
                result = place.run(job)
                lines = [json.loads(line) for line in answered.read_text().splitlines()]
                board.note(client, wanted, result, lines)
            except Exception as error:
                board.note(client, wanted, {"error": f"{type(error).__name__}: {error}"}, [])
                return  # this place is of no further use; the others go on
            finally:
                asked.unlink(missing_ok=True)
                answered.unlink(missing_ok=True)


def save(records, urls, folder):
    (folder / "urls.hex").write_text("".join(url.hex() + "\n" for url in urls))
    for record in records.values():
        head = {"client": record.client.name, "version": record.version}
        lines = [json.dumps({**head, "silent": record.silent, "late": record.late, "errors": record.errors})]
        lines += [json.dumps([i, record.dialled[i], *record.words[i]]) for i in sorted(record.dialled)]
        (folder / f"{_file(record.client)}.jsonl").write_text("\n".join(lines) + "\n")


def load(clients, folder):
    """The records and URLs of an earlier run. `FileNotFoundError` when there was none."""
    urls = [bytes.fromhex(line) for line in (folder / "urls.hex").read_text().split()]
    records = {}
    for client in clients:
        head, *lines = (folder / f"{_file(client)}.jsonl").read_text().splitlines()
        record = Record(client)
        for name, value in json.loads(head).items():
            if name != "client":
                setattr(record, name, value)
        for line in lines:
            index, dialled, word, took = json.loads(line)
            record.dialled[index], record.words[index] = [tuple(each) for each in dialled], (word, took)
        records[client.name] = record
    return records, urls


def _file(client):
    return "".join(c if c.isalnum() else "-" for c in client.name)
