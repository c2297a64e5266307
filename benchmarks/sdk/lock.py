"""Compile the hashed requirements of the peers: ``python -m benchmarks.sdk.lock [--upgrade]``. It needs uv in .venv.

The files name versions and hashes only, never where a package comes from. That of our own SDK is compiled from what the
SDK declares, so that it is measured with its own requirements and nothing else.
"""

import subprocess
import sys
from pathlib import Path

PEERS = Path(__file__).parent / "peers"
ROOT = Path(__file__).parents[2]
SERVER_PEERS = ROOT / "benchmarks" / "server" / "peers"
COMMAND = "python -m benchmarks.sdk.lock"
OPTIONS = ("--quiet", "--generate-hashes", "--python-version", "3.11", "--custom-compile-command", COMMAND)


def main() -> None:
    sources = {source.with_suffix(".txt"): source for folder in (PEERS, SERVER_PEERS) for source in folder.glob("*.in")}
    sources[PEERS / "agentops.txt"] = ROOT / "sdk" / "pyproject.toml"
    upgrade = ["--upgrade"] if "--upgrade" in sys.argv else []
    for path, source in sources.items():
        target = path.relative_to(ROOT)
        command = [sys.executable, "-m", "uv", "pip", "compile", *OPTIONS, *upgrade, str(source.relative_to(ROOT))]
        subprocess.run([*command, "-o", str(target)], cwd=ROOT, check=True)


if __name__ == "__main__":
    main()
