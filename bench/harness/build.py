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


def build_all() -> dict[str, Path]:
    """Builds every feature set; returns the stripped binaries by name."""
    copies = cache_directory() / "bin"
    copies.mkdir(parents=True, exist_ok=True)
    return {name: build(flags, copies / name.replace(" ", "-")) for name, flags in FEATURE_SETS.items()}


def build(flags: list[str], copy: Path) -> Path:
    """Builds one feature set and copies the result."""
    target = target_directory()
    argv = ["cargo", "build", "--quiet", "--profile", PROFILE, "-p", "onehop", *flags]
    try:
        subprocess.run(argv, cwd=WORKSPACE, check=True, env={**os.environ, "CARGO_TARGET_DIR": str(target)})
    except (OSError, subprocess.CalledProcessError) as error:
        raise ToolError(f"`{' '.join(argv)}` failed: {error}") from error
    shutil.copy2(target / PROFILE / "onehop", copy)
    return copy
