"""The virtual environments of the targets, under ``.venvs``. Made when missing, or when their requirements changed."""

import hashlib
import subprocess
import sys
import tempfile
import venv
from functools import cache
from pathlib import Path

from benchmarks.sdk.targets import ROOT, Target

_PIP = ("-m", "pip", "install", "-qq", "--disable-pip-version-check", "--no-deps")


def provide(target: Target) -> None:
    """See to it that the target's virtual environment holds what its requirements name, compiled."""
    stamp = target.folder / "requirements.sha256"
    wanted = sys.version + _digest([target.requirements, *_sources(target)])
    if stamp.exists() and stamp.read_text() == wanted:
        return
    print(f"Installing {target.title} into {target.folder.relative_to(ROOT)}", file=sys.stderr, flush=True)
    venv.create(target.folder, clear=True, with_pip=True)
    subprocess.run([target.python, *_PIP, "--require-hashes", "-r", target.requirements], check=True)
    if target.is_ours:
        _install_working_tree(target)
    stamp.write_text(wanted)


def _install_working_tree(target: Target) -> None:
    """Our SDK as a user gets it, a wheel, but of the source as it is here. The tools that build it are in .venv."""
    with tempfile.TemporaryDirectory() as folder:
        build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--disable-pip-version-check", "--no-deps"]
        subprocess.run([*build, "--no-build-isolation", "--no-index", "-w", folder, ROOT / "sdk"], check=True)
        subprocess.run([target.python, *_PIP, "--no-index", *Path(folder).glob("*.whl")], check=True)


def _sources(target: Target) -> list[Path]:
    if not target.is_ours:
        return []
    sources = [*(ROOT / "sdk" / "src").rglob("*.py"), *(ROOT / "sdk" / "native").iterdir()]
    return [ROOT / "sdk" / "pyproject.toml", *sorted(sources)]


def _digest(files: list[Path]) -> str:
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.relative_to(ROOT).as_posix().encode() + file.read_bytes())
    return digest.hexdigest()


@cache
def find_version(target: Target) -> str:
    """The version that is installed."""
    program = "import importlib.metadata, sys; print(importlib.metadata.version(sys.argv[1]))"
    command = [str(target.python), "-c", program, target.package]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def describe(target: Target) -> str:
    """Its name and version, as tables show them."""
    return f"{target.title} {find_version(target)}"
