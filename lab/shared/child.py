"""A child process with lines in and out, each wait bounded, and an end that is certain.

Every child leads a process group of its own and is ended as a group by its id. `end_all` ends what is left when the
run is interrupted, so that no waiting thread has to run into its limit.
"""

import os
import select
import signal
import subprocess
import threading
import time

_live = set()
_lock = threading.Lock()


class Silent(Exception):
    """The child printed no line in time; or it ended (`gone`)."""

    def __init__(self, text, gone):
        super().__init__(text)
        self.gone = gone


class Child:
    def __init__(self, command, environment, folder):
        self._errors = open(os.path.join(folder, f"stderr-{id(self)}"), "w+b")
        self._buffer = b""
        self._process = subprocess.Popen(
            command,
            env=environment,
            cwd=folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            start_new_session=True,
        )
        with _lock:
            _live.add(self)

    def say(self, line):
        try:
            self._process.stdin.write(line.encode() + b"\n")
            self._process.stdin.flush()
        except BrokenPipeError as error:
            raise Silent(f"ended: {self.errors()}", gone=True) from error

    def hear(self, seconds):
        """The next line on standard output, without its end."""
        deadline = time.monotonic() + seconds
        descriptor = self._process.stdout.fileno()
        while b"\n" not in self._buffer:
            readable, _, _ = select.select([descriptor], [], [], max(0, deadline - time.monotonic()))
            if not readable:
                raise Silent(f"no answer within {seconds} s", gone=False)
            piece = os.read(descriptor, 65536)
            if not piece:
                raise Silent(f"ended: {self.errors()}", gone=True)
            self._buffer += piece
        line, _, self._buffer = self._buffer.partition(b"\n")
        return line.decode(errors="replace")

    def errors(self):
        """The last words on standard error, on one line."""
        self._errors.seek(0)
        return " ".join(self._errors.read().decode(errors="replace").split())[-600:]

    def stop(self, seconds):
        """Asks the child to end and returns whether it did in time."""
        self._process.terminate()
        try:
            self._process.wait(seconds)
            return True
        except subprocess.TimeoutExpired:
            return False
        finally:
            self.end()

    def end(self):
        with _lock:
            if self not in _live:
                return
            _live.discard(self)
        if self._process.returncode is None:  # its id is still its own
            self.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout, self._errors):
            try:
                stream.close()
            except BrokenPipeError:
                pass  # what was still unsaid has nobody to hear it

    def kill(self):
        try:
            os.killpg(self._process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass  # it and all of its group have ended


def end_all():
    with _lock:
        left = list(_live)
    for child in left:
        child.kill()
