"""Tries URLs with curl: the machine's own library (`libcurl`, which the `curl` command is a shell of), the one that
pycurl carries (`pycurl`), or the command with its globbing (`command`). Likewise `wget`. One URL in hex for each line
of standard input, one line of outcome each. See lab/urls/README.md."""

import ctypes
import io
import json
import os
import subprocess
import sys

TIMEOUT_MILLISECONDS = 1000
CONNECT_MILLISECONDS = 300
URL, NOPROXY, WRITEFUNCTION, ERRORBUFFER = 10002, 10177, 20011, 10010
TIMEOUT_MS, CONNECTTIMEOUT_MS, NOSIGNAL, FORBID_REUSE = 155, 156, 99, 75


def with_libcurl():
    library = ctypes.CDLL("libcurl.so.4")
    library.curl_version.restype = ctypes.c_char_p
    library.curl_easy_init.restype = ctypes.c_void_p
    library.curl_easy_setopt.argtypes = [ctypes.c_void_p, ctypes.c_int]
    library.curl_easy_perform.argtypes = library.curl_easy_reset.argtypes = [ctypes.c_void_p]
    handle = library.curl_easy_init()
    taken = ctypes.CFUNCTYPE(
        ctypes.c_size_t, ctypes.c_void_p, ctypes.c_size_t, ctypes.c_size_t, ctypes.c_void_p
    )
    sink = taken(lambda _, size, count, __: size * count)
    words = ctypes.create_string_buffer(256)

    def attempt(url):
        if b"\0" in url:
            raise ValueError("a C string ends at NUL")
        library.curl_easy_reset(handle)
        for option, value in (
            (URL, ctypes.c_char_p(url)),
            (NOPROXY, ctypes.c_char_p(b"*")),
            (WRITEFUNCTION, sink),
            (ERRORBUFFER, words),
            (TIMEOUT_MS, ctypes.c_long(TIMEOUT_MILLISECONDS)),
            (CONNECTTIMEOUT_MS, ctypes.c_long(CONNECT_MILLISECONDS)),
            (NOSIGNAL, ctypes.c_long(1)),
            (FORBID_REUSE, ctypes.c_long(1)),
        ):
            library.curl_easy_setopt(handle, option, value)
        status = library.curl_easy_perform(handle)
        if status:
            raise OSError(f"{status} {words.value.decode(errors='replace')}")

    return library.curl_version().decode().split()[0].removeprefix("libcurl/"), attempt


def with_pycurl():
    import pycurl

    handle = pycurl.Curl()

    def attempt(url):
        handle.reset()
        handle.setopt(pycurl.URL, url)
        handle.setopt(pycurl.NOPROXY, "*")
        handle.setopt(pycurl.WRITEDATA, io.BytesIO())
        handle.setopt(pycurl.TIMEOUT_MS, TIMEOUT_MILLISECONDS)
        handle.setopt(pycurl.CONNECTTIMEOUT_MS, CONNECT_MILLISECONDS)
        handle.setopt(pycurl.NOSIGNAL, 1)
        handle.setopt(pycurl.FORBID_REUSE, 1)
        handle.perform()

    return pycurl.version_info()[1], attempt


def with_command(command, version):
    first = subprocess.run(version, capture_output=True, text=True, check=True).stdout.split("\n")[0]

    def attempt(url):
        if b"\0" in url:
            raise ValueError("an argument ends at NUL")
        quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        status = subprocess.run([*command, url], timeout=3, **quiet).returncode
        if status:
            raise OSError(f"status {status}")

    return next(word for word in first.split() if word[0].isdigit()), attempt


CURL = [
    "curl",
    "-q",
    "-s",
    "--noproxy",
    "*",
    "--connect-timeout",
    "0.3",
    "--max-time",
    "1",
    "-o",
    "/dev/null",
    "--",
]
WGET = [
    "--no-config",
    "-q",
    "--no-proxy",
    "--no-hsts",
    "--tries=1",
    "--timeout=1",
    "--max-redirect=0",
    "-O",
    "/dev/null",
]
CLIENTS = {
    "libcurl": with_libcurl,
    "pycurl": with_pycurl,
    "command": lambda: with_command(CURL, ["curl", "--version"]),
    "wget": lambda: with_command([sys.argv[2], *WGET, "--"], [sys.argv[2], "--version"]),
}


def main():
    # A URL such as telnet:// makes the library read standard input.
    lines = os.fdopen(os.dup(0))
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    name = sys.argv[1]
    version, attempt = CLIENTS[name]()
    print(json.dumps({"client": name, "version": version}), flush=True)
    for line in lines:
        try:
            attempt(bytes.fromhex(line))
            print("+", flush=True)
        except Exception as error:  # whatever a client raises is its outcome
            words = f"{type(error).__name__}: {error}".encode("ascii", "backslashreplace").decode()
            print("-", " ".join(words.split())[:300], flush=True)


main()
