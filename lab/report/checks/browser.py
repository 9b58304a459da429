"""Chromium without a window, without a network, over a pipe.

It runs in a network namespace of its own in which nothing is up, so a page can ask for whatever it likes.
"""

import base64
import json
import os
import select
import shutil
import signal
import subprocess
import tempfile
import time

#: How a program is run without a network: as root, else in a user namespace.
WITHOUT_NETWORK = (["unshare", "--net"], ["unshare", "--user", "--map-root-user", "--net"])
SECONDS = 60
#: Folders of its libraries, below `usr/lib`.
LIBRARIES = ("x86_64-linux-gnu", "x86_64-linux-gnu/pulseaudio", "chromium")


def _binary(cache):
    return cache / "report-chromium" / "usr" / "lib" / "chromium" / "chromium-headless-shell"


def _without_network():
    for words in WITHOUT_NETWORK:
        if shutil.which(words[0]) and subprocess.run([*words, "true"], capture_output=True, check=False).returncode == 0:
            return words
    return None


def why_not(cache):
    """Why no browser can be had, or None."""
    if not _binary(cache).is_file():
        return "Chromium is not installed; `lab/report/install` says why"
    if _without_network() is None:
        return "no network namespace can be made"
    return None


class Browser:
    """One Chromium with one page."""

    def __init__(self, cache):
        root = cache / "report-chromium" / "usr" / "lib"
        self._profile = tempfile.TemporaryDirectory(prefix="onehop-chromium-")
        self._errors = tempfile.TemporaryFile()
        ours, theirs = os.pipe(), os.pipe()
        # Chromium reads commands from descriptor 3 and writes answers to 4.
        shell = f'exec "$@" 3<&{ours[0]} 4>&{theirs[1]}'
        command = [
            *_without_network(),
            str(_binary(cache)),
            "--remote-debugging-pipe",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--disable-background-networking",
            "--disable-component-update",
            "--no-first-run",
            "--force-color-profile=srgb",
            f"--user-data-dir={self._profile.name}",
            "about:blank",
        ]
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": self._profile.name,
            "LD_LIBRARY_PATH": ":".join(str(root / folder) for folder in LIBRARIES),
        }
        self._process = subprocess.Popen(
            ["bash", "-c", shell, "chromium", *command],
            pass_fds=(ours[0], theirs[1]),
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=self._errors,
            start_new_session=True,
        )
        os.close(ours[0])
        os.close(theirs[1])
        self._out, self._in = ours[1], theirs[0]
        self._buffer = b""
        self._number = 0
        self._session = None
        #: What the browser said by itself, as (method, parameters).
        self.events = []

    def __enter__(self):
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.call(f"{domain}.enable")
        return self

    def __exit__(self, *_):
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        os.close(self._out)
        os.close(self._in)
        self._errors.close()
        self._profile.cleanup()

    def call(self, method, **parameters):
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        data = json.dumps(message).encode() + b"\0"
        while data:
            data = data[os.write(self._out, data) :]
        deadline = time.monotonic() + SECONDS
        while True:
            answer = self._next(deadline, method)
            if answer.get("id") == self._number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']['message']}")
                return answer["result"]

    def wait(self, method):
        """Until the browser says this."""
        deadline = time.monotonic() + SECONDS
        while not any(event == method for event, _ in self.events):
            self._next(deadline, method)

    def _next(self, deadline, what):
        while b"\0" not in self._buffer:
            readable, _, _ = select.select([self._in], [], [], max(0, deadline - time.monotonic()))
            piece = os.read(self._in, 1 << 20) if readable else b""
            if not piece:
                self._errors.seek(0)
                words = self._errors.read().decode(errors="replace")[-300:]
                raise TimeoutError(f"Chromium does not answer {what}: {words}")
            self._buffer += piece
        line, _, self._buffer = self._buffer.partition(b"\0")
        message = json.loads(line)
        if "method" in message:
            self.events.append((message["method"], message["params"]))
            if message["method"] == "Page.javascriptDialogOpening":
                self._number += 1
                dismiss = {"id": self._number, "method": "Page.handleJavaScriptDialog", "params": {"accept": False}}
                os.write(self._out, json.dumps({**dismiss, "sessionId": self._session}).encode() + b"\0")
        return message

    def size(self, width, height, scheme="light"):
        """The window from here on, and whether it is dark."""
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 600)
        self.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])

    def picture(self, path):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(base64.b64decode(self.call("Page.captureScreenshot", format="png")["data"]))

    def open(self, path):
        self.events.clear()
        self.call("Page.navigate", url=path.resolve().as_uri())
        self.wait("Page.loadEventFired")

    def ask(self, expression):
        """What an expression is worth in the page; what a promise brings."""
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(f"{expression}: {answer['exceptionDetails'].get('text')}")
        return answer["result"].get("value")
