"""Networks that nothing leaves: namespaces with the metadata addresses and no route out.

A space is one namespace, or three in a row for a client behind a router. All names carry the process id, so that
what an ended run left behind can be told from what another run is using, and removed.

Fails with `CalledProcessError` when the machine gives no namespaces; nothing stays behind then.
"""

import itertools
import os
import subprocess
import threading

PREFIX = "onehop-lab"
IPV4, IPV6 = "169.254.169.254", "fd00:ec2::254"
_numbers = itertools.count(1)
# The kernel serialises these anyway; one at a time keeps a busy machine from timing out.
_lock = threading.Lock()


class Space:
    """The namespace of the service (`service`) and of the client (`client`); the same one unless routed."""

    def __init__(self, routed):
        self.routed = routed
        self.names = []
        self.service = self.client = None

    def __enter__(self):
        try:
            with _lock:
                self._build()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        with _lock:
            for name in self.names:
                ip("netns", "delete", name, check=False)
        self.names = []

    def _build(self):
        self.service = self._namespace("service")
        self.client = self._namespace("client") if self.routed else self.service
        ip("-n", self.service, "address", "add", f"{IPV4}/32", "dev", "lo")
        ip("-n", self.service, "-6", "address", "add", f"{IPV6}/128", "dev", "lo", "nodad")
        if self.routed:
            self._route(self._namespace("router"))

    def _namespace(self, role):
        name = f"{PREFIX}-{os.getpid()}-{next(_numbers)}-{role}"
        ip("netns", "add", name)
        self.names.append(name)
        ip("-n", name, "link", "set", "lo", "up")
        return name

    def _route(self, router):
        """Client 192.0.2.2 - 192.0.2.1 router 198.51.100.1 - 198.51.100.2 service (RFC 5737 addresses)."""
        _wire(self.client, "192.0.2.2/30", router, "192.0.2.1/30", "toclient")
        _wire(self.service, "198.51.100.2/30", router, "198.51.100.1/30", "toservice")
        ip("-n", self.client, "route", "add", IPV4, "via", "192.0.2.1")
        ip("-n", router, "route", "add", IPV4, "via", "198.51.100.2")
        ip("-n", self.service, "route", "add", "192.0.2.0/30", "via", "198.51.100.1")
        forward = "echo 1 > /proc/sys/net/ipv4/ip_forward"
        subprocess.run([*enter(router), "sh", "-c", forward], check=True, capture_output=True, text=True)


def enter(name):
    """The words before a command that put it into a namespace; `ip netns exec` would remount /sys."""
    return ["nsenter", f"--net=/run/netns/{name}", "--"]


def _wire(end, end_address, router, router_address, port):
    ip("link", "add", "up0", "netns", end, "type", "veth", "peer", "name", port, "netns", router)
    for name, link, address in ((end, "up0", end_address), (router, port, router_address)):
        ip("-n", name, "address", "add", address, "dev", link)
        ip("-n", name, "link", "set", link, "up")


def ip(*words, check=True):
    subprocess.run(["ip", *words], check=check, capture_output=True, text=True, timeout=30)


def why_not():
    """Why no space can be made here, or None."""
    if os.geteuid() != 0:
        return "network namespaces need root"
    try:
        with Space(routed=True):
            return None
    except (OSError, subprocess.SubprocessError) as error:
        return f"network namespaces cannot be made: {getattr(error, 'stderr', None) or error}"


def sweep():
    """Removes the namespaces of runs whose process is gone."""
    listed = subprocess.run(["ip", "netns", "list"], capture_output=True, text=True, check=False).stdout
    for line in listed.splitlines():
        name = line.split()[0]
        words = name.removeprefix(PREFIX + "-").split("-")
        if name.startswith(PREFIX + "-") and words[0].isdigit() and not os.path.exists(f"/proc/{words[0]}"):
            ip("netns", "delete", name, check=False)
