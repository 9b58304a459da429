"""Starts the measured programs and ends them, by process id, whatever happens.

Every child is in a session of its own, so that a Ctrl-C on the terminal reaches the harness alone and the children are
ended in order; and is told by the kernel to end when the harness disappears.

Fails with `ChildError`, which carries the last lines of the child's stderr.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import socket
import subprocess
import time
from pathlib import Path
from typing import IO

START_SECONDS_MAX = 10.0
STOP_SECONDS_MAX = 5.0
PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None, use_errno=True)


class ChildError(Exception):
    """A program did not start, or ended by itself."""


class Child:
    """One running program."""

    def __init__(self, name: str, process: subprocess.Popen[bytes], stderr: Path) -> None:
        self.name = name
        self.process = process
        self.stderr = stderr

    @property
    def pid(self) -> int:
        """The process that was started; programs with workers are its children."""
        return self.process.pid

    def pids(self) -> list[int]:
        """The program's processes: the one started here and all below it."""
        found = [self.pid]
        for pid in found:
            found += map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())
        return found

    def cpu_nanoseconds(self) -> int:
        """Processor time of all threads of all processes so far, as the scheduler counts it."""
        files = [file for pid in self.pids() for file in Path(f"/proc/{pid}/task").glob("*/schedstat")]
        return sum(int(file.read_text().split()[0]) for file in files)

    def finish(self) -> tuple[int, int]:
        """Waits for a program that ends by itself. Its exit status, and its processor time in nanoseconds."""
        os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOWAIT)
        spent = self.cpu_nanoseconds()
        return self.process.wait(), spent

    def usage(self) -> tuple[int, resource.struct_rusage]:
        """Waits for a program that ends by itself. Its exit status, and what all its threads used."""
        _, status, used = os.wait4(self.pid, 0)
        self.process.returncode = os.waitstatus_to_exitcode(status)
        return self.process.returncode, used

    def has_ended(self) -> bool:
        """True if the program has ended and nobody has waited for it."""
        return os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOWAIT | os.WNOHANG) is not None

    def complaint(self) -> str:
        """The end of what the program wrote to stderr."""
        return self.stderr.read_text(errors="replace").strip()[-600:]

    def stop(self) -> None:
        """Ends the program: SIGTERM, then SIGKILL to the session that was made for it."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(STOP_SECONDS_MAX)
            except subprocess.TimeoutExpired:
                os.killpg(self.pid, signal.SIGKILL)
                self.process.wait()
        for stream in (self.process.stdin, self.process.stdout):
            if stream:
                stream.close()


class Children:
    """All programs of one run. A context manager: leaving it ends them, the last started first."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.running: list[Child] = []
        self.started = 0

    def __enter__(self) -> Children:
        return self

    def __exit__(self, *_: object) -> None:
        for child in reversed(self.running):
            child.stop()
        self.running.clear()

    def start(
        self,
        name: str,
        argv: list[str],
        env: dict[str, str] | None = None,
        stdin: int | IO[bytes] = subprocess.DEVNULL,
        stdout: int | IO[bytes] = subprocess.PIPE,
    ) -> Child:
        """Starts a program with stdout on a pipe, unless told otherwise, and stderr in a file of the run's directory.

        The user's `ONEHOP_` settings are withheld: they would change what is measured.
        """
        self.started += 1
        stderr = self.directory / f"{self.started:02}-{name}.stderr"
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("ONEHOP_")}
        with stderr.open("wb") as sink:
            process = subprocess.Popen(
                argv,
                stdin=stdin,
                stdout=stdout,
                stderr=sink,
                env={**inherited, **(env or {})},
                start_new_session=True,
                preexec_fn=end_with_parent,
            )
        child = Child(name, process, stderr)
        self.running.append(child)
        return child

    def stop(self, child: Child) -> None:
        """Ends one program before the others."""
        child.stop()
        self.running.remove(child)


def end_with_parent() -> None:
    """Asks the kernel for a SIGTERM when the harness dies. Runs in the child, before `exec`."""
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def wait_for_port(child: Child, address: tuple[str, int]) -> None:
    """Returns when `address` accepts connections."""
    deadline = time.monotonic() + START_SECONDS_MAX
    while time.monotonic() < deadline:
        if child.process.poll() is not None:
            break
        try:
            socket.create_connection(address, timeout=1).close()
            return
        except OSError:
            time.sleep(0.02)
    raise ChildError(f"{child.name} does not listen on {address[0]}:{address[1]}: {child.complaint()}")


def free_port() -> int:
    """A port of 127.0.0.1 that was free a moment ago, for programs that cannot report the one they took."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
