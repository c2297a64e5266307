import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from stat import S_IMODE
from uuid import UUID

import pytest

from agentops_server.auth.keys import Keys
from agentops_server.errors import Unauthorized
from agentops_server.storage.control.location import control_url
from agentops_server.storage.control.store import ControlStore

from .conftest import Command

UUID_TEXT = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)
LIST_TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def server(data_dir: Path) -> Iterator[ControlStore]:
    """A control store that stays open, as a running server keeps it."""
    data_dir.mkdir()
    store = ControlStore.open(control_url(data_dir))
    store.migrate()
    yield store
    store.close()


def test_create_prints_the_key_and_nothing_else_on_stdout(command: Command, data_dir: Path) -> None:
    outcome = command("keys", "create", "--project", "demo", "--label", "laptop", "--data-dir", data_dir)

    assert outcome.code == 0
    assert UUID_TEXT.fullmatch(outcome.out.strip())
    assert not UUID_TEXT.search(outcome.err)
    assert "project 'demo'" in outcome.err
    assert "shown only now" in outcome.err
    assert "AGENTOPS_API_KEY" in outcome.err


def test_create_before_the_first_start_makes_the_data_dir(command: Command, data_dir: Path) -> None:
    key_text = command("keys", "create", "--project", "demo", "--data-dir", data_dir / "deep").out.strip()

    assert S_IMODE((data_dir / "deep").stat().st_mode) == 0o700
    store = ControlStore.open(control_url(data_dir / "deep"))
    assert Keys(store).authenticate(key_text).key_id is not None
    store.close()


def test_create_beside_a_running_server_is_valid_at_once(
    command: Command, data_dir: Path, server: ControlStore
) -> None:
    keys = Keys(server)
    keys.create("demo")

    arguments = ["keys", "create", "--project", "demo", "--data-dir", str(data_dir)]
    program = "from agentops_server.cli import main; main()"
    created = subprocess.run(
        [sys.executable, "-c", program, *arguments], check=True, timeout=60, capture_output=True, text=True
    )

    (project,) = server.list_projects()
    assert keys.authenticate(created.stdout.strip()).project_id == project.id


def test_the_data_dir_comes_from_the_environment(
    command: Command, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AGENTOPS_DATA_DIR", str(data_dir))

    assert command("keys", "create", "--project", "demo").code == 0
    assert (data_dir / "control.sqlite").is_file()


def test_the_data_dir_is_agentops_data_otherwise(command: Command) -> None:
    assert command("keys", "create", "--project", "demo").code == 0
    assert Path("agentops-data/control.sqlite").is_file()


def test_create_without_a_project_is_a_usage_error(command: Command, data_dir: Path) -> None:
    outcome = command("keys", "create", "--data-dir", data_dir)

    assert outcome.code == 2
    assert "--project" in outcome.err


@pytest.mark.parametrize("option", ["--project", "--label"])
def test_create_refuses_control_characters(command: Command, data_dir: Path, option: str) -> None:
    outcome = command("keys", "create", "--project", "demo", option, "a\x1b[2Jb", "--data-dir", data_dir)

    assert (outcome.code, outcome.out) == (1, "")
    assert re.fullmatch(r"agentops-server: The (name|label) of a \w+ holds control characters: .*\n", outcome.err)


def test_create_where_no_directory_can_be(command: Command, tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    outcome = command("keys", "create", "--project", "demo", "--data-dir", tmp_path / "file")

    assert (outcome.code, outcome.out) == (1, "")
    assert re.fullmatch(r"agentops-server: The data directory .* cannot be made: File exists\n", outcome.err)


def test_list_shows_every_key_in_a_line(command: Command, data_dir: Path, server: ControlStore) -> None:
    keys = Keys(server)
    one, one_text = keys.create("one", "a laptop")
    two, _two_text = keys.create("a longer name")
    keys.authenticate(one_text)
    server.revoke_key(two.id)

    head, first, second = command("keys", "list", "--data-dir", data_dir).out.splitlines()

    assert head.split("  ")[0] == "id"
    start, end = f"{one.id.hex[:8]}  one            a laptop  …{one.hint}", f"{LIST_TIME}  {LIST_TIME}  -"
    assert re.fullmatch(rf"{start}\s+{end}", first)
    start, end = f"{two.id.hex[:8]}  a longer name  -         …{two.hint}", rf"{LIST_TIME}  -\s+{LIST_TIME}"
    assert re.fullmatch(rf"{start}\s+{end}", second)


def test_list_of_one_project(command: Command, data_dir: Path, server: ControlStore) -> None:
    keys = Keys(server)
    keys.create("one")
    two, _text = keys.create("two")

    lines = command("keys", "list", "--project", "two", "--data-dir", data_dir).out.splitlines()

    assert [line.split()[0] for line in lines] == ["id", two.id.hex[:8]]


def test_list_without_keys_is_its_heading(command: Command, data_dir: Path, server: ControlStore) -> None:
    outcome = command("keys", "list", "--data-dir", data_dir)

    assert (outcome.code, len(outcome.out.splitlines())) == (0, 1)


def test_list_of_an_unknown_project(command: Command, data_dir: Path, server: ControlStore) -> None:
    outcome = command("keys", "list", "--project", "nope", "--data-dir", data_dir)

    assert (outcome.code, outcome.out) == (1, "")
    assert outcome.err == f"agentops-server: There is no project 'nope' in {data_dir}\n"


@pytest.mark.parametrize("arguments", [["list"], ["revoke", "12345678"]])
def test_without_a_data_dir_nothing_is_made(command: Command, data_dir: Path, arguments: list[str]) -> None:
    outcome = command("keys", *arguments, "--data-dir", data_dir)

    assert (outcome.code, outcome.out) == (1, "")
    assert outcome.err.startswith(f"agentops-server: There is no control.sqlite in {data_dir}")
    assert outcome.err.count("\n") == 1
    assert not data_dir.exists()


@pytest.mark.parametrize("spelling", ["short", "whole", "hyphens", "upper", "key"])
def test_revoke_is_effective_at_once(command: Command, data_dir: Path, server: ControlStore, spelling: str) -> None:
    keys = Keys(server)
    key, text = keys.create("demo")
    _other, other_text = keys.create("demo")
    keys.authenticate(text)
    spellings = {
        "short": key.id.hex[:8],
        "whole": key.id.hex,
        "hyphens": str(key.id),
        "upper": str(key.id).upper(),
        "key": text,
    }

    outcome = command("keys", "revoke", spellings[spelling], "--data-dir", data_dir)

    assert outcome.code == 0
    assert outcome.out == f"The API key {key.id.hex[:8]} (ends in {key.hint}) is revoked.\n"
    with pytest.raises(Unauthorized):
        keys.authenticate(text)
    keys.authenticate(other_text)


def test_revoke_again_says_so(command: Command, data_dir: Path, server: ControlStore) -> None:
    key, _text = Keys(server).create("demo")
    command("keys", "revoke", key.id, "--data-dir", data_dir)

    outcome = command("keys", "revoke", key.id, "--data-dir", data_dir)

    assert outcome.code == 0
    assert re.search(f"was revoked already, at {LIST_TIME}", outcome.out)


@pytest.mark.parametrize(
    ("given", "problem"),
    [("00000000", "There is no API key"), ("garbage", "There is no API key"), ("abc", "too short"), ("", "too short")],
)
def test_revoke_of_no_key(command: Command, data_dir: Path, server: ControlStore, given: str, problem: str) -> None:
    outcome = command("keys", "revoke", given, "--data-dir", data_dir)

    assert (outcome.code, outcome.out) == (1, "")
    assert problem in outcome.err
    assert outcome.err.count("\n") == 1


def test_revoke_of_an_ambiguous_id_revokes_nothing(
    command: Command, data_dir: Path, server: ControlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = iter([UUID(f"12345678{digit * 24}") for digit in "ab"])
    monkeypatch.setattr("agentops_server.storage.control.store.uuid.uuid4", lambda: next(ids))
    project = server.create_project("demo")
    first = server.add_key(project.id, "6b7c1f0e-93a5-4d0c-8f57-2f6d7f3b9a1e")
    second = server.add_key(project.id, "6b7c1f0e-93a5-4d0c-8f57-2f6d7f3b9a1f")

    outcome = command("keys", "revoke", "12345678", "--data-dir", data_dir)

    assert outcome.code == 1
    assert f"could be 2 API keys ({first.id.hex}, {second.id.hex}): give more digits" in outcome.err
    assert [key.revoked_ns for key in server.list_keys()] == [0, 0]
    assert command("keys", "revoke", "12345678b", "--data-dir", data_dir).code == 0
    assert server.list_keys()[0].revoked_ns == 0
