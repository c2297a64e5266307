"""Compile the hashed requirements of the libraries: ``python -m tests.frameworks.lock [--upgrade] [library ...]``.

It needs uv in the interpreter that runs it. Each library gets what somebody has who installs it beside
``agentops[all]``: the SDK's own requirements are compiled with it, so a conflict between the two shows here. The files
name versions and hashes only, never where a package comes from.
"""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
REQUIREMENTS = Path(__file__).parent / "requirements"
COMMAND = "python -m tests.frameworks.lock"
OPTIONS = ("--quiet", "--generate-hashes", "--no-annotate", "--python-version", "3.11")


def main(words: list[str]) -> None:
    upgrade = ["--upgrade"] if "--upgrade" in words else []
    names = [word for word in words if word != "--upgrade"] or [path.stem for path in REQUIREMENTS.glob("*.in")]
    for name in sorted(names):
        source = (REQUIREMENTS / f"{name}.in").relative_to(ROOT)
        command = [sys.executable, "-m", "uv", "pip", "compile", *OPTIONS, "--custom-compile-command", COMMAND]
        files = [str(source), "sdk/pyproject.toml", "--extra", "all", "-o", str(source.with_suffix(".txt"))]
        subprocess.run([*command, *upgrade, *files], cwd=ROOT, check=True)


if __name__ == "__main__":
    main(sys.argv[1:])
