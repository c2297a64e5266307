"""Installs what the tests need and what cannot be a Python package in ``.venv``.

That is a browser (Debian's chromium) and the published AgentOps clients, each in a virtual environment of its own under
``.venvs/``. Everything that is there already is left alone, so a second run takes no time.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CLIENT_VERSIONS = ("0.4.21", "0.3.26", "0.2.6")
BROWSER = Path("/usr/bin/chromium")
BROWSER_PACKAGES = ("chromium", "fonts-dejavu-core")  # without a font, text has no size and counts as invisible


class ProvisionError(Exception):
    """Something is missing that this program may not or cannot install; the message says the command."""


def client_python(version: str) -> Path:
    """The interpreter of the virtual environment with this version of the published client."""
    return ROOT / ".venvs" / f"agentops-{version}" / "bin" / "python"


def provision_client(version: str) -> None:
    requirements = ROOT / "tests" / "compat" / f"requirements-{version}.txt"
    folder = ROOT / ".venvs" / f"agentops-{version}"
    stamp = folder / "requirements.sha256"
    wanted = hashlib.sha256(requirements.read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    print(f"Installing the published client agentops {version} into {folder.relative_to(ROOT)}", flush=True)
    venv.create(folder, clear=True, with_pip=True)
    pip = [str(client_python(version)), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "--no-deps", "--require-hashes", "-r", str(requirements)], check=True)
    check = f"import agentops, importlib.metadata as m; assert m.version('agentops') == {version!r}"
    subprocess.run([str(client_python(version)), "-c", check], check=True)
    stamp.write_text(wanted)


def provision_browser() -> None:
    if BROWSER.exists():
        return
    by_hand = f"apt-get update && apt-get install -y {' '.join(BROWSER_PACKAGES)}"
    if shutil.which("apt-get") is None:
        raise ProvisionError(f"The browser tests need {BROWSER}, Debian's package chromium: {by_hand}")
    prefix = privilege()
    if prefix is None:
        raise ProvisionError(f"The browser tests need Debian's chromium. Run as root: {by_hand}")
    print("Installing Debian's chromium", flush=True)
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["update"], ["install", "--yes", "--no-install-recommends", *BROWSER_PACKAGES]):
        subprocess.run([*prefix, "apt-get", "-qq", *arguments], env=env, stdout=subprocess.DEVNULL, check=True)
    if not BROWSER.exists():
        raise ProvisionError(f"apt-get installed chromium, but there is no {BROWSER}.")


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
        for version in CLIENT_VERSIONS:
            provision_client(version)
    except ProvisionError as error:
        print(error, file=sys.stderr)
        return 1
    except subprocess.CalledProcessError as error:
        print(f"Provisioning stopped: {' '.join(map(str, error.cmd))} ended with {error.returncode}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
