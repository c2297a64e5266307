"""Installs what the tests need and what cannot be a Python package in ``.venv``.

That is a browser and PostgreSQL (Debian's chromium and postgresql), the compiled half of the SDK if there was no
compiler so far, the published AgentOps clients, and libraries whose calls the SDK captures, each in a virtual
environment of its own under ``.venvs/``. Everything that is there already is left alone, so a second run takes no time.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CLIENT_VERSIONS = ("0.4.21", "0.3.26", "0.2.6")
FRAMEWORKS = ("openai", "anthropic", "langchain", "openai_agents", "pydantic_ai")
"""Libraries of `tests/frameworks` that every test run has; ``make matrix`` has all of them."""
BROWSER = Path("/usr/bin/chromium")
POSTGRES = Path("/usr/lib/postgresql")
POSTGRES_PACKAGES = ("postgresql",)
COMPILER_PACKAGES = ("gcc", "libc6-dev", "python3-dev")
BROWSER_PACKAGES = ("chromium", "fonts-dejavu-core")  # without a font, text has no size and counts as invisible


class ProvisionError(Exception):
    """Something is missing that this program may not or cannot install; the message says the command."""


def find_postgres() -> Path | None:
    """The folder with ``initdb`` and ``postgres`` of the newest version that is installed."""
    found = [folder for folder in POSTGRES.glob("*/bin") if (folder / "postgres").exists()]
    return max(found, key=lambda folder: float(folder.parent.name), default=None)


def client_python(version: str) -> Path:
    """The interpreter of the virtual environment with this version of the published client."""
    return ROOT / ".venvs" / f"agentops-{version}" / "bin" / "python"


def frameworks_python(library: str) -> Path:
    """The interpreter of the virtual environment with a library whose calls the SDK captures."""
    return ROOT / ".venvs" / f"frameworks-{library}" / "bin" / "python"


def provision_client(version: str) -> None:
    check = f"import agentops, importlib.metadata as m; assert m.version('agentops') == {version!r}"
    provision_environment(
        f"the published client agentops {version}",
        client_python(version),
        ROOT / "tests" / "compat" / f"requirements-{version}.txt",
        check,
    )


def provision_framework(library: str) -> None:
    requirements = ROOT / "tests" / "frameworks" / "requirements" / f"{library}.txt"
    provision_environment(f"the library {library}", frameworks_python(library), requirements, "import orjson")


def provision_environment(title: str, python: Path, requirements: Path, check: str) -> None:
    """A virtual environment with hashed requirements, in which a line of Python must run."""
    folder = python.parent.parent
    stamp = folder / "requirements.sha256"
    wanted = hashlib.sha256(requirements.read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    print(f"Installing {title} into {folder.relative_to(ROOT)}", flush=True)
    venv.create(folder, clear=True, with_pip=True)
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "--no-deps", "--require-hashes", "-r", str(requirements)], check=True)
    subprocess.run([str(python), "-c", check], check=True)
    stamp.write_text(wanted)


def provision_browser() -> None:
    if not BROWSER.exists():
        install("The browser tests", BROWSER_PACKAGES)
    if not BROWSER.exists():
        raise ProvisionError(f"apt-get installed chromium, but there is no {BROWSER}.")


def provision_postgres() -> None:
    if find_postgres() is None:
        install("The tests of the control store on PostgreSQL", POSTGRES_PACKAGES)
    if find_postgres() is None:
        raise ProvisionError(f"apt-get installed postgresql, but its programs are not below {POSTGRES}.")


def provision_compiled() -> None:
    """Build what the SDK has compiled. `make setup-dev` has, where it found a compiler."""
    check = [sys.executable, "-c", "import agentops._native"]
    if subprocess.run(check, capture_output=True, check=False).returncode == 0:
        return
    install("The tests of what the SDK has compiled", COMPILER_PACKAGES)
    build = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
    subprocess.run([*build, "--no-build-isolation", "--no-index", "-e", str(ROOT / "sdk")], check=True)
    if subprocess.run(check, check=False).returncode:
        raise ProvisionError("There is a compiler, but it does not build the SDK: pip install -v -e sdk says why.")


def install(what: str, packages: Sequence[str]) -> None:
    """Install Debian's packages; `what` needs them."""
    by_hand = f"apt-get update && apt-get install -y {' '.join(packages)}"
    if shutil.which("apt-get") is None:
        raise ProvisionError(f"{what} need Debian's {packages[0]}, or the same from elsewhere: {by_hand}")
    prefix = privilege()
    if prefix is None:
        raise ProvisionError(f"{what} need Debian's {packages[0]}. Run as root: {by_hand}")
    print(f"Installing Debian's {packages[0]}", flush=True)
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["update"], ["install", "--yes", "--no-install-recommends", *packages]):
        subprocess.run([*prefix, "apt-get", "-qq", *arguments], env=env, stdout=subprocess.DEVNULL, check=True)


def privilege() -> list[str] | None:
    """What to put before a command so that it runs as root; None when there is no way without asking for a password."""
    if os.geteuid() == 0:
        return []
    if (
        shutil.which("sudo")
        and subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode == 0
    ):
        return ["sudo", "-n"]
    return None


def main() -> int:
    try:
        provision_browser()
        provision_postgres()
        provision_compiled()
        for version in CLIENT_VERSIONS:
            provision_client(version)
        for library in FRAMEWORKS:
            provision_framework(library)
        subprocess.run([sys.executable, str(ROOT / "dashboard" / "build.py"), "--install"], check=True)  # axe
    except ProvisionError as error:
        print(error, file=sys.stderr)
        return 1
    except subprocess.CalledProcessError as error:
        print(f"Provisioning stopped: {' '.join(map(str, error.cmd))} ended with {error.returncode}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
