"""Tries URLs with the Python client that the argument names: one URL in hex for each line of standard input, one line
of outcome each. A URL that is not UTF-8 is read as Latin-1. See lab/urls/README.md."""

import asyncio
import json
import sys

TIMEOUT = 1.0
CONNECT_TIMEOUT = 0.3


def with_urllib():
    from urllib import request

    class Stay(request.HTTPRedirectHandler):
        def redirect_request(self, *_):
            return None

    opener = request.build_opener(request.ProxyHandler({}), Stay())

    def attempt(url):
        opener.open(url, timeout=TIMEOUT).close()

    return sys.version.split()[0], attempt


def with_requests():
    import requests

    session = requests.Session()
    session.trust_env = False

    def attempt(url):
        timeouts = (CONNECT_TIMEOUT, TIMEOUT)
        session.get(url, timeout=timeouts, allow_redirects=False, headers={"Connection": "close"}).close()

    return requests.__version__, attempt


def with_httpx():
    import httpx

    limits = httpx.Limits(max_keepalive_connections=0)
    client = httpx.Client(
        trust_env=False, limits=limits, timeout=httpx.Timeout(TIMEOUT, connect=CONNECT_TIMEOUT)
    )
    return httpx.__version__, client.get


def with_aiohttp():
    import aiohttp

    loop = asyncio.new_event_loop()

    async def start():
        connector = aiohttp.TCPConnector(force_close=True, use_dns_cache=False)
        timeout = aiohttp.ClientTimeout(total=TIMEOUT, sock_connect=CONNECT_TIMEOUT)
        return aiohttp.ClientSession(connector=connector, timeout=timeout)

    async def fetch(session, url):
        async with session.get(url, allow_redirects=False):
            pass

    session = loop.run_until_complete(start())
    return aiohttp.__version__, lambda url: loop.run_until_complete(fetch(session, url))


CLIENTS = {"urllib": with_urllib, "requests": with_requests, "httpx": with_httpx, "aiohttp": with_aiohttp}


def text(line):
    raw = bytes.fromhex(line)
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def main():
    name = sys.argv[1]
    version, attempt = CLIENTS[name]()
    print(json.dumps({"client": name, "version": version}), flush=True)
    for line in sys.stdin:
        try:
            attempt(text(line))
            print("+", flush=True)
        except Exception as error:  # whatever a client raises is its outcome
            words = f"{type(error).__name__}: {error}".encode("ascii", "backslashreplace").decode()
            print("-", " ".join(words.split())[:300], flush=True)


main()
