"""Finds the foreign programs: `wrk`, `nginx` and ripgrep's `rg`.

A program on PATH is used as it is. Otherwise the Debian package is downloaded and unpacked under the user's cache
directory; it is never installed, so no service starts and no file outside the cache changes.

Fails with `ToolError`, which names the package and the way out, when neither works.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

# What Debian's `wrk` links beside libraries that every installation has.
PACKAGES = {"wrk": ["wrk", "libluajit-5.1-2"], "nginx": ["nginx"], "rg": ["ripgrep"]}
# What makes a program tell its version, where that is not `-v`.
VERSION_FLAGS = {"rg": "--version"}
DOWNLOAD_SECONDS_MAX = 120


class ToolError(Exception):
    """A needed program is neither installed nor obtainable."""


@dataclass(frozen=True)
class Tool:
    """A program that was found: its path, the environment it needs and its version."""

    path: Path
    env: dict[str, str]
    version: str


def cache_directory() -> Path:
    """Where unpacked packages and copies of measured binaries live between runs."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "onehop" / "bench"


def find(name: str) -> Tool:
    """Finds one of `PACKAGES`, unpacking the Debian package when it is not on PATH."""
    installed = shutil.which(name)
    if installed:
        return describe(name, Path(installed), {})
    root = cache_directory() / "root"
    path = first_existing(root, name)
    if path is None:
        unpack(name, root)
        path = first_existing(root, name)
    if path is None:
        raise ToolError(f"package `{name}` holds no program `{name}`")
    return describe(name, path, library_path(root))


def first_existing(root: Path, name: str) -> Path | None:
    """The unpacked program, if it is there and complete."""
    candidates = [root / "usr/bin" / name, root / "usr/sbin" / name]
    return next((path for path in candidates if path.is_file()), None)


def unpack(name: str, root: Path) -> None:
    """Downloads the packages of one program and extracts them below `root`."""
    downloads = cache_directory() / "packages"
    downloads.mkdir(parents=True, exist_ok=True)
    root.mkdir(parents=True, exist_ok=True)
    for package in PACKAGES[name]:
        run(["apt-get", "download", package], downloads, name)
        archives = sorted(downloads.glob(f"{package}_*.deb"), key=lambda path: path.stat().st_mtime)
        if not archives:
            raise ToolError(f"package `{package}` was not downloaded")
        run(["dpkg", "-x", str(archives[-1]), str(root)], downloads, name)


def run(argv: list[str], directory: Path, wanted: str) -> None:
    """Runs one package command; its own words are shown only when it fails."""
    try:
        subprocess.run(argv, cwd=directory, check=True, capture_output=True, text=True, timeout=DOWNLOAD_SECONDS_MAX)
    except FileNotFoundError as error:
        raise ToolError(f"`{wanted}` is not on PATH and `{argv[0]}` is not available to fetch it") from error
    except subprocess.CalledProcessError as error:
        raise ToolError(f"`{' '.join(argv)}` failed: {error.stderr.strip()[-300:]}") from error
    except subprocess.TimeoutExpired as error:
        raise ToolError(f"`{' '.join(argv)}` took more than {DOWNLOAD_SECONDS_MAX} s") from error


def library_path(root: Path) -> dict[str, str]:
    """The variable that lets an unpacked program find its unpacked libraries."""
    directories = [str(path) for path in root.glob("usr/lib/*-linux-gnu*")]
    return {"LD_LIBRARY_PATH": ":".join(directories)} if directories else {}


def describe(name: str, path: Path, env: dict[str, str]) -> Tool:
    """Runs the program for its version, which also proves that it starts."""
    try:
        argv = [str(path), VERSION_FLAGS.get(name, "-v")]
        answer = subprocess.run(
            argv, env={**os.environ, **env}, capture_output=True, text=True, timeout=10, check=False
        )
    except OSError as error:
        raise ToolError(f"`{path}` does not start: {error}") from error
    lines = (answer.stdout + answer.stderr).strip().splitlines()
    if not lines or "error while loading" in lines[0]:
        raise ToolError(f"`{path}` does not start: {lines[0] if lines else 'no output'}")
    words = lines[0].removeprefix("nginx version: ").split("Copyright")[0].split("[")[0]
    return Tool(path, env, words.strip() or name)
