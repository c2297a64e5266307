"""Compile the hashed requirements of the peers: ``python -m benchmarks.sdk.lock [--upgrade]``. It needs uv in .venv.

The files name versions and hashes only, never where a package comes from. That of our own SDK is compiled from what the
SDK declares, so that it is measured with its own requirements and nothing else.
"""

import subprocess
import sys
from pathlib import Path

PEERS = Path(__file__).parent / "peers"
ROOT = Path(__file__).parents[2]
COMMAND = "python -m benchmarks.sdk.lock"
OPTIONS = ("--quiet", "--generate-hashes", "--python-version", "3.11", "--custom-compile-command", COMMAND)


def main() -> None:
    sources = {source.stem: source for source in PEERS.glob("*.in")} | {"agentops": ROOT / "sdk" / "pyproject.toml"}
    upgrade = ["--upgrade"] if "--upgrade" in sys.argv else []
    for name, source in sources.items():
        target = (PEERS / f"{name}.txt").relative_to(ROOT)
        command = [sys.executable, "-m", "uv", "pip", "compile", *OPTIONS, *upgrade, str(source.relative_to(ROOT))]
        subprocess.run([*command, "-o", str(target)], cwd=ROOT, check=True)


if __name__ == "__main__":
    main()
