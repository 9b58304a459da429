"""One namespace for one client at a time: every address there is local, and nothing leaves.

A route makes every IPv4 and IPv6 address one of this host's, on `lo`, so that whatever a client dials is answered and
recorded here. `resolv.conf`, `hosts` and `nsswitch.conf` are other files for the processes inside (mount namespace).
Fails with `CalledProcessError` when there are no namespaces, and with `Silent` when the worker does not start.
"""

import json
import os
import shutil
import sys
import tempfile
from pathlib import Path

from shared.child import Child
from shared.space import Space, enter, ip

from . import names

URLS = Path(__file__).resolve().parent.parent
READY_SECONDS = 30
JOB_SECONDS = 1800
FILES = {
    "/etc/resolv.conf": f"nameserver 127.0.0.53\nsearch {names.SEARCH}\noptions timeout:1 attempts:1\n",
    "/etc/hosts": names.HOSTS,
    "/etc/nsswitch.conf": "passwd: files\ngroup: files\nhosts: files dns\nservices: files\nprotocols: files\n",
}
#: Tens of thousands of short connections to one address and port need the ports again soon.
SETTINGS = {"ipv4/tcp_max_tw_buckets": "512", "ipv4/ip_local_port_range": "10000 65000"}


class Place:
    """Runs jobs (see `worker.py`), one after another."""

    def __enter__(self):
        self._space = Space(routed=False)
        self._folder = tempfile.mkdtemp(prefix="onehop-urls-")
        self._worker = None
        try:
            self._space.__enter__()
            self._fit_out()
            self._start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        if self._worker:
            self._worker.end()
        self._space.__exit__()
        shutil.rmtree(self._folder, ignore_errors=True)

    def run(self, job):
        self._worker.say(json.dumps(job))
        return json.loads(self._worker.hear(JOB_SECONDS))

    def _fit_out(self):
        name = self._space.client
        ip("-n", name, "route", "add", "local", "0.0.0.0/0", "dev", "lo")
        ip("-n", name, "-6", "route", "add", "local", "::/0", "dev", "lo")
        for address in (names.HARMLESS + "/32", names.HARMLESS6 + "/128"):
            ip("-n", name, "address", "add", address, "dev", "lo")

    def _start(self):
        words = ["set -e", "echo lab > /proc/sys/kernel/hostname"]
        for number, (path, text) in enumerate(FILES.items()):
            own = os.path.join(self._folder, str(number))
            Path(own).write_text(text)
            words.append(f'mount --bind {own} "$(readlink -f {path})"')
        words += [f'echo "{value}" > /proc/sys/net/{name}' for name, value in SETTINGS.items()]
        words.append('exec "$@"')
        inside = [sys.executable, "-B", "-m", "oracle.worker"]
        mounts = [
            "unshare",
            "--uts",
            "--mount",
            "--propagation",
            "private",
            "--",
            "sh",
            "-c",
            "; ".join(words),
            "sh",
        ]
        environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": f"{URLS}:{URLS.parent}",
            "TMPDIR": self._folder,  # removed here, since the worker is ended without being asked
        }
        self._worker = Child([*enter(self._space.client), *mounts, *inside], environment, self._folder)
        self._worker.hear(READY_SECONDS)
