"""What import-linter cannot see of the architecture: sizes, mirrors, and words that must not be in the repository."""

import re
import subprocess
from pathlib import Path

import pytest

from tests.provision import ROOT

MOST_LINES = 400
SERVER = ROOT / "server/src/agentops_server"
TESTED_THROUGH_HTTP = {"queries", "dashboard"}

# Where packages and models come from is the installer's business: a mirror must do as well. The brackets keep the
# pattern from naming one itself.
HOSTS = re.compile(
    r"\b(?:p[y]pi|python[h]osted|ana[c]onda|proxy\.golang)\.org\b|\b(?:n[p]mjs|yarn[p]kg)\.(?:com|org)\b"
    r"|\b(?:crates|docker)\.io\b|\bhuggingface\.co\b"
)
# Folders of a machine that someone works on. Ada is nobody: the golden samples are hers.
FOLDERS = re.compile(r"(?<![\w.:/}])/(?:home/(?!ada\b)\w+|Users/\w+|root/|work/)")


def source_files() -> list[Path]:
    return [path for part in ("sdk/src", "server/src") for path in (ROOT / part).rglob("*.py")]


def repository_texts() -> list[tuple[Path, str]]:
    """Every text file that is, or would be, committed."""
    listed = subprocess.run(
        ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        capture_output=True,
        check=True,
    ).stdout
    paths = [ROOT / name.decode() for name in listed.split(b"\0") if name]
    contents = ((path, path.read_bytes()) for path in paths if path.is_file())
    return [(path.relative_to(ROOT), data.decode("utf-8", "replace")) for path, data in contents if b"\0" not in data]


@pytest.fixture(scope="module")
def texts() -> list[tuple[Path, str]]:
    if not (ROOT / ".git").exists():
        pytest.skip("not a clone: nobody knows which files are the repository's")
    return repository_texts()


def test_no_source_file_is_longer_than_one_can_oversee() -> None:
    lengths = {path: len(path.read_text("utf-8").splitlines()) for path in source_files()}
    assert len(lengths) > 50
    assert {str(path): length for path, length in lengths.items() if length > MOST_LINES} == {}


def test_no_module_is_called_after_nothing() -> None:
    nothing = {"utils", "util", "common", "misc", "helpers", "helper", "base", "manager"}
    assert [path for path in source_files() if path.stem.strip("_") in nothing] == []


def test_every_room_of_the_server_has_tests() -> None:
    rooms = {path.parent.name for path in SERVER.rglob("*.py") if path.name != "__init__.py"}
    rooms -= {SERVER.name, "storage", "v2", "migrations", "versions"} | TESTED_THROUGH_HTTP
    tested = {path.parent.name for path in (ROOT / "tests/server").rglob("test_*.py")}
    assert rooms - tested == set()
    assert rooms >= {"cli", "http", "wire", "ingest", "auth", "pricing", "domain", "control", "warehouse"}


def test_nothing_names_a_registry(texts: list[tuple[Path, str]]) -> None:
    assert len(texts) > 200
    named = [(str(path), match[0]) for path, text in texts for match in HOSTS.finditer(text)]
    assert named == []


def test_nothing_names_a_folder_of_somebodys_machine(texts: list[tuple[Path, str]]) -> None:
    found = [(str(path), match[0]) for path, text in texts for match in FOLDERS.finditer(text)]
    assert found == []


@pytest.mark.parametrize("parts", [("py", "pi.org"), ("registry.np", "mjs.org"), ("files.python", "hosted.org")])
def test_a_registry_would_be_found(parts: tuple[str, str]) -> None:
    assert HOSTS.search(f"pip install --index-url https://{''.join(parts)}/simple")


@pytest.mark.parametrize("parts", [("home", "eve", "x"), ("Users", "eve"), ("work", "main"), ("root", ".cache")])
def test_a_folder_would_be_found(parts: tuple[str, ...]) -> None:
    assert FOLDERS.search(f"see /{'/'.join(parts)}")
