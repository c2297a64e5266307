"""What is remembered of the control store is never older than its file, whoever changed that."""

import os
import time
from pathlib import Path

import pytest

from agentops_server.storage.control import remembered
from agentops_server.storage.control.location import FILE_NAME, control_url
from agentops_server.storage.control.remembered import MOST_ANSWERS, SETTLED_NS, Remembered, find_stamp
from agentops_server.storage.control.store import ControlStore

AGO_S = 60


@pytest.fixture
def place(tmp_path: Path) -> object:
    return control_url(tmp_path)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file that was written a while ago."""
    path = tmp_path / "file"
    path.write_text("first")
    age(path)
    return path


def age(path: Path) -> None:
    then = time.time() - AGO_S
    os.utime(path, (then, then))


def test_an_answer_is_kept_until_the_file_changes(file: Path) -> None:
    answers = iter(range(10))
    kept: Remembered[str, int] = Remembered(file)
    assert [kept.find("a", lambda: next(answers)) for _ in range(3)] == [0, 0, 0]
    assert kept.find("b", lambda: next(answers)) == 1
    file.write_text("second")
    age(file)
    assert kept.find("a", lambda: next(answers)) == 2


def test_an_answer_is_kept_until_the_log_of_the_file_changes(file: Path) -> None:
    answers = iter(range(10))
    kept: Remembered[str, int] = Remembered(file)
    assert kept.find("a", lambda: next(answers)) == 0
    log = Path(f"{file}-wal")
    log.write_text("x")
    age(log)
    assert kept.find("a", lambda: next(answers)) == 1
    assert kept.find("a", lambda: next(answers)) == 1


def test_nothing_is_kept_right_after_a_change_or_of_what_is_no_file(file: Path) -> None:
    file.write_text("just now")
    assert find_stamp(file) is None
    assert find_stamp(None) is None
    assert find_stamp(file.with_name("none")) is None
    answers = iter(range(10))
    kept: Remembered[str, int] = Remembered(file)
    assert [kept.find("a", lambda: next(answers)) for _ in range(2)] == [0, 1]


def test_so_much_is_kept_and_no_more(file: Path) -> None:
    kept: Remembered[int, int] = Remembered(file)
    for number in range(MOST_ANSWERS + 5):
        kept.find(number, lambda: 1)
    assert len(kept._answers) <= MOST_ANSWERS


def test_what_another_connection_does_is_seen_at_once(control: ControlStore, tmp_path: Path) -> None:
    project = control.ensure_project("demo")
    text = "018f2b6e-0000-4000-8000-000000000001"
    key = control.add_key(project.id, text, "")
    time.sleep(3 * SETTLED_NS / 1e9)
    assert control.find_key(text) == control.find_key_by_id(key.id) == key
    assert find_stamp(tmp_path / FILE_NAME) is not None
    other = ControlStore.open(control_url(tmp_path))
    other.revoke_key(key.id)
    for found in (control.find_key(text), control.find_key_by_id(key.id)):
        assert found is not None
        assert found.revoked_ns
    other.close()


def test_a_repeated_question_asks_the_database_once(control: ControlStore, monkeypatch: pytest.MonkeyPatch) -> None:
    project = control.ensure_project("demo")
    monkeypatch.setattr(remembered, "SETTLED_NS", 0)
    asked: list[object] = []
    find_key = control._find_key
    monkeypatch.setattr(control, "_find_key", lambda condition: (asked.append(condition), find_key(condition))[1])
    for _ in range(3):
        control.find_key_by_id(project.id)  # type: ignore[arg-type]
    assert len(asked) == 1
