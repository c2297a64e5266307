"""Compile the hashed requirements files. They name versions and hashes only, never where a package comes from.

chdb-core declares pandas and pyarrow (with numpy, python-dateutil, six), which are needed only for data frames: 380 MB
that this project does not use, so they are left out and the files are installed with ``--no-deps``.
"""

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
UNUSED = {"runtime.txt": ("pandas", "pyarrow", "numpy", "python-dateutil", "six"), "dev.txt": ()}
OPTIONS = ("--generate-hashes", "--universal", "--python-version", "3.11", "--custom-compile-command", "make lock")
FILES = {
    "runtime.txt": ["sdk/pyproject.toml", "server/pyproject.toml", "requirements/build.in", "--extra", "embedded"],
    "dev.txt": ["requirements/dev.in"],
}


def main() -> None:
    upgrade = ["--upgrade"] if "--upgrade" in sys.argv else []
    for target, sources in FILES.items():
        left_out = [word for name in UNUSED[target] for word in ("--no-emit-package", name)]
        command = [sys.executable, "-m", "uv", "pip", "compile", "--quiet", *OPTIONS, *left_out, *upgrade]
        subprocess.run([*command, *sources, "-o", str(HERE / target)], cwd=HERE.parent, check=True)


if __name__ == "__main__":
    main()
