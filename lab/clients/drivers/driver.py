"""The loop that every Python driver runs: one JSON line for who it is, then one for each `fetch` line.

A driver hands in a function that returns the fields of a success or raises `Failed`. Any other exception is
reported as kind `broken`, which no table expects, so a driver's own mistake cannot pass for an outcome.
"""

import json
import os
import sys


class Failed(Exception):
    """The client ended without what it asked for; `kind` is how, in the words of the table."""

    def __init__(self, kind, error):
        super().__init__(error)
        self.kind = kind


def endpoint():
    """The base URL the client is to use, without a slash at its end, or None for its built-in one."""
    url = os.environ.get("AWS_EC2_METADATA_SERVICE_ENDPOINT")
    return url.rstrip("/") if url else None


def wants_ipv6():
    return os.environ.get("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE") == "IPv6"


def serve(client, version, fetch):
    say({"client": client, "version": version})
    for line in sys.stdin:
        if line.strip() == "fetch":
            say(attempt(fetch))


def attempt(fetch):
    try:
        return {"ok": True, **fetch()}
    except Failed as failure:
        return {"ok": False, "kind": failure.kind, "error": str(failure)}
    except Exception as error:  # the loop must answer; `broken` fails every table
        return {"ok": False, "kind": "broken", "error": f"{type(error).__name__}: {error}"}


def say(value):
    print(json.dumps(value), flush=True)
