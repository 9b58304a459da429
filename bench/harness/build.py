"""Builds the measured binaries with the `dist` profile and keeps a copy of each.

The two feature sets leave their result under the same name, hence the copies. Building is not part of the measured time.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from .tools import ToolError, cache_directory

WORKSPACE = Path(__file__).parent.parent.parent
PROFILE = "dist"
FEATURE_SETS = {
    "serve and guard only": ["--no-default-features", "--features", "serve,guard"],
    "default features": [],
}
MEASURED = "default features"


def target_directory() -> Path:
    """Where cargo puts its results: the variable that the Makefile exports, or its default."""
    given = os.environ.get("CARGO_TARGET_DIR")
    return Path(given) if given else cache_directory().parent / "target"


def build_all(only_measured: bool) -> dict[str, Path]:
    """Builds every feature set, or the one that is measured; returns the stripped binaries by name."""
    copies = cache_directory() / "bin"
    copies.mkdir(parents=True, exist_ok=True)
    chosen = [MEASURED] if only_measured else list(FEATURE_SETS)
    return {name: build(FEATURE_SETS[name], copies / name.replace(" ", "-")) for name in chosen}


def build(flags: list[str], copy: Path) -> Path:
    """Builds one feature set and copies the result."""
    cargo(["-p", "onehop", *flags])
    shutil.copy2(target_directory() / PROFILE / "onehop", copy)
    return copy


def build_example(package: str, name: str) -> Path:
    """Builds a small program that a crate has among its examples, with the profile of what it stands beside."""
    cargo(["-p", package, "--example", name])
    return target_directory() / PROFILE / "examples" / name


def cargo(flags: list[str]) -> None:
    """Runs one build."""
    argv = ["cargo", "build", "--quiet", "--profile", PROFILE, *flags]
    env = {**os.environ, "CARGO_TARGET_DIR": str(target_directory())}
    try:
        subprocess.run(argv, cwd=WORKSPACE, check=True, env=env)
    except (OSError, subprocess.CalledProcessError) as error:
        raise ToolError(f"`{' '.join(argv)}` failed: {error}") from error
