"""Starts `onehop serve`, or `onehop guard` in front of one, inside a namespace, and reads their counters.

Ports are fixed because every service has a namespace to itself. Fails with `NotReady` when a service does not
print its ready line, and with `SlowStop` when one outlives the two seconds that it has to end.
"""

import json
import re
import subprocess
from pathlib import Path

from shared.child import Child, Silent
from shared.space import IPV4, IPV6, enter

from .cases import LOOPBACK

READY_SECONDS = 10
STOP_SECONDS = 2
ROLE = "onehop-demo-role"
#: Life of a key set where it is to change while the client looks on; the others never see theirs end.
ROTATING_LIFE_SECONDS = 4
LOCAL = ["127.0.0.1:1340"]
LINK_LOCAL = [f"{IPV4}:80", f"[{IPV6}]:80"]
CONTROL = {"serve": "127.0.0.1:1341", "guard": "127.0.0.1:1339"}
BEHIND = "127.0.0.1:1342"
DECISIONS = "onehop_guard_decisions_total{"


class NotReady(Exception):
    pass


class SlowStop(Exception):
    pass


class Service:
    """What stands at the address that the client asks."""

    def __init__(self, binary, cell, space, folder):
        self.binary, self.cell, self.space, self.folder = binary, cell, space, Path(folder)
        self.key = 0
        self.children = {}

    def __enter__(self):
        try:
            self._start("serve")
            if self.cell.front == "guard":
                self._start("guard")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        for child in self.children.values():
            child.end()
        self.children = {}

    def restart(self, fresh_key):
        """Restarts the front, with its key file or another one."""
        self.key += fresh_key
        if not self.children.pop(self.cell.front).stop(STOP_SECONDS):
            raise SlowStop(f"{self.cell.front} did not stop within {STOP_SECONDS} s")
        self._start(self.cell.front)

    def counters(self, who):
        """The counters of `serve` or `guard`, as text to value; labels are part of the name."""
        found = {}
        for line in self._ask(f"http://{CONTROL[who]}/metrics").splitlines():
            name, _, value = line.rpartition(" ")
            if name and not line.startswith("#"):
                found[name] = float(value)
        return found

    def reads(self):
        """Reads with a token that the front has answered since it was started."""
        counters = self.counters(self.cell.front)
        if self.cell.front == "serve":
            return total(counters, "onehop_serve_reads_with_token_total")
        allowed = sum(n for name, n in counters.items() if DECISIONS in name and 'decision="allow"' in name)
        return allowed - total(counters, "onehop_guard_tokens_total")

    def access_key(self):
        """The access key that the front hands out at the moment, asked with a token."""
        base = f"http://{self._listen(self.cell.front)[0]}/latest"
        token = self._ask("-X", "PUT", "-H", "X-aws-ec2-metadata-token-ttl-seconds: 60", f"{base}/api/token")
        document = self._ask(
            "-H", f"X-aws-ec2-metadata-token: {token}", f"{base}/meta-data/iam/security-credentials/{ROLE}"
        )
        found = re.search(r'"AccessKeyId"\s*:\s*"([A-Z0-9]+)"', document)
        return found and found.group(1)

    def _start(self, who):
        command = [*enter(self.space.service), str(self.binary), who, *self._arguments(who)]
        child = Child(command, {"HOME": str(self.folder), "PATH": "/usr/bin:/bin"}, self.folder)
        self.children[who] = child
        try:
            ready = json.loads(child.hear(READY_SECONDS))
        except (Silent, json.JSONDecodeError) as error:
            raise NotReady(f"{who}: {error}") from error
        if ready.get("type") != "ready":
            raise NotReady(f"{who} said {ready}")

    def _arguments(self, who):
        words = [word for address in self._listen(who) for word in ("--listen", address)]
        words += ["--control", CONTROL[who], "--workers", "1"]
        words += ["--key-file", str(self.folder / f"{who}-{self.key if who == self.cell.front else 0}.key")]
        return words + (self._serve_arguments() if who == "serve" else self._guard_arguments())

    def _listen(self, who):
        if who != self.cell.front:
            return [BEHIND]
        return LINK_LOCAL if self.cell.case.place != LOOPBACK else LOCAL

    def _serve_arguments(self):
        case = self.cell.case
        words = ["--tokens", case.tokens, "--hop-limit", str(case.hop_limit), "--role", ROLE]
        words += ["--credentials", "generated" if case.role else "none"]
        if case.between == "rotate":
            words += ["--credentials-life", str(ROTATING_LIFE_SECONDS)]
        return words

    def _guard_arguments(self):
        case = self.cell.case
        words = ["--upstream", f"http://{BEHIND}", "--hop-limit", str(case.hop_limit)]
        if case.granted:
            words += ["--credentials-for", "remote:0.0.0.0/0" if case.remote else "any"]
        if case.remote:
            words += ["--remote-callers", "allow"]
        return words

    def _ask(self, *words):
        command = [
            *enter(self.space.service),
            "curl",
            "-sS",
            "-g",
            "--noproxy",
            "*",
            "--max-time",
            "5",
            *words,
        ]
        return subprocess.run(command, capture_output=True, text=True, check=True, timeout=10).stdout


def total(counters, name):
    """The sum of a counter over its labels."""
    return sum(value for key, value in counters.items() if key.split("{")[0] == name)


def endpoint(case):
    """The endpoint to set in the client, or None where it is to use its own."""
    return f"http://{LOCAL[0]}" if case.place == LOOPBACK else None
