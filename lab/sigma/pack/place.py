"""Where things are, and how to call sigma-cli so that it fetches nothing."""

import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parents[1]
ROOT = HERE.parents[1]
RULES = ROOT / "sigma" / "rules"
PIPELINES = ROOT / "sigma" / "pipelines"
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "onehop/lab/sigma-cache"

# Nothing listens there: whatever would be fetched fails at once, loudly.
NOWHERE = "http://127.0.0.1:9"

# sigma-cli with the techniques of attack.json in place of a download.
OFFLINE = """
from sigma.data import mitre_attack
mitre_attack.set_cache_dir({cache!r})
mitre_attack.set_url({attack!r})
mitre_attack.clear_cache()
from sigma.cli.main import main
main()
"""


def sigma(*words) -> subprocess.CompletedProcess:
    """Runs sigma-cli with these arguments."""
    CACHE.mkdir(parents=True, exist_ok=True)
    program = OFFLINE.format(cache=str(CACHE), attack=str(HERE / "attack.json"))
    environment = os.environ | dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"), NOWHERE)
    return subprocess.run(
        [sys.executable, "-c", program, *map(str, words)],
        capture_output=True, text=True, timeout=300, env=environment, check=False,
    )
