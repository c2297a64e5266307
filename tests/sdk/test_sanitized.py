"""The compiled half, built so that whatever it reads or writes beside what is its own ends the process."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import agentops

ROOT = Path(__file__).parents[2]

SANITIZERS = ("-g", "-O1", "-fsanitize=address,undefined", "-fno-sanitize-recover=all", "-fno-omit-frame-pointer")
TESTS = (
    "test_acceleration.py",
    "test_native_method.py",
    "test_native_sources.py",
    "test_native_values.py",
    "test_stamp.py",
    "test_mapping.py",
)


def build(folder: Path) -> dict[str, str]:
    """A copy of the package with the sanitized module; the environment in which it is imported."""
    package = folder / "agentops"
    shutil.copytree(Path(agentops.__file__).parent, package, ignore=shutil.ignore_patterns("*.so", "__pycache__"))
    target = package / f"_native{sysconfig.get_config_var('EXT_SUFFIX')}"
    include = f"-I{sysconfig.get_path('include')}"
    source = str(ROOT / "sdk" / "native" / "module.c")
    subprocess.run(["gcc", *SANITIZERS, "-fPIC", "-shared", include, source, "-o", str(target)], check=True)
    libraries = [
        subprocess.run(["gcc", f"-print-file-name={name}"], capture_output=True, text=True, check=True).stdout.strip()
        for name in ("libasan.so", "libubsan.so")
    ]
    # The interpreter keeps what it allocates until its end; blocks of malloc are what is watched.
    options = {"ASAN_OPTIONS": "detect_leaks=0", "PYTHONMALLOC": "malloc", "LD_PRELOAD": " ".join(libraries)}
    return os.environ | options | {"PYTHONPATH": str(folder)}


def test_it_touches_nothing_but_its_own(tmp_path: Path) -> None:
    env = build(tmp_path)
    program = "import agentops._native as native; print(native.__file__)"
    where = subprocess.run([sys.executable, "-c", program], env=env, capture_output=True, text=True, check=True)
    assert Path(where.stdout.strip()).is_relative_to(tmp_path)
    tests = [str(Path(__file__).with_name(name)) for name in TESTS]
    command = [sys.executable, "-m", "pytest", "-q", "-n0", "-p", "no:cacheprovider", *tests]
    done = subprocess.run(command, env=env, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-5000:]
