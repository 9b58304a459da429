"""Works inside one namespace: gives a client its URLs one by one and notes what it dialled for each.

Reads one job a line on standard input, `{"command":[…],"environment":{…},"urls":FILE,"out":FILE}`, and prints one
line when it is done, `{"hello":{…},"late":N,"silent":N}`. The first file has one URL in hex a line; the second gets
one JSON line for each, `[[["169.254.169.254",80]],"+",3]`: what was dialled, the driver's line, milliseconds. A client
that says nothing in time is started again, and that URL is `"silent"`.
"""

import json
import os
import sys
import tempfile
import time

from shared.child import Child, Silent

from .dials import Dials

HELLO_SECONDS = 30
URL_SECONDS = 5
SETTLE_SECONDS = 0.4
SILENT_MAX = 40


def main():
    here = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    with tempfile.TemporaryDirectory(prefix="onehop-urls-") as folder:
        environment = {"PATH": os.environ["PATH"], "PYTHONPATH": ":".join([here, os.path.dirname(here)])}
        answers = Child([sys.executable, "-B", "-m", "oracle.answers"], environment, folder)
        try:
            answers.hear(HELLO_SECONDS)
            dials = Dials()
            print("ready", flush=True)
            for line in sys.stdin:
                print(json.dumps(_job(json.loads(line), dials, folder)), flush=True)
        finally:
            answers.end()


def _job(job, dials, folder):
    with open(job["urls"]) as file:
        urls = file.read().split()
    home = tempfile.mkdtemp(dir=folder)
    attempts = Attempts(job["command"], {**job["environment"], "HOME": home}, home)
    try:
        with open(job["out"], "w") as out:
            for url in urls:
                began = time.monotonic()
                word = attempts.attempt(url)
                out.write(json.dumps([dials.drain(), word, round(1000 * (time.monotonic() - began))]) + "\n")
        time.sleep(SETTLE_SECONDS)  # what a client dials after it said that it is done belongs to no URL
        return {"hello": attempts.hello, "late": len(dials.drain()), "silent": attempts.silent}
    except (Silent, json.JSONDecodeError) as error:
        return {"error": str(error)}
    finally:
        attempts.end()


class Attempts:
    """One client process after another."""

    def __init__(self, command, environment, folder):
        self._start = lambda: Child(command, environment, folder)
        self.hello = None
        self.silent = 0
        self._child = None

    def attempt(self, url):
        child = self._running()
        try:
            child.say(url)
            return child.hear(URL_SECONDS)[:200]
        except Silent:
            self.silent += 1
            if self.silent > SILENT_MAX:
                raise
            self.end()
            return "silent"

    def end(self):
        if self._child:
            self._child.end()
            self._child = None

    def _running(self):
        if not self._child:
            self._child = self._start()
            self.hello = json.loads(self._child.hear(HELLO_SECONDS))
        return self._child


if __name__ == "__main__":
    main()
