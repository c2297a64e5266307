"""The import hook and the gates, on small modules made for it."""

from __future__ import annotations

import importlib
import logging
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from agentops import Session
from agentops._importing import ImportHook
from agentops.instrumentation._gates import Gates
from agentops.instrumentation._libraries import LIBRARIES, Library, find_library

SOURCE = """
class Door:
    def call(self, number):
        return ["plain", number]

    @classmethod
    def make(cls, number):
        return ["made", number]

    @staticmethod
    def free(number):
        return ["free", number]
"""


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    (tmp_path / "agentops_test_house.py").write_text(SOURCE)
    monkeypatch.syspath_prepend(str(tmp_path))
    yield "agentops_test_house"
    sys.modules.pop("agentops_test_house", None)


def library_of(house: str) -> Library:
    return Library("House", house, (), tuple(f"{house}:Door.{name}" for name in ("call", "make", "free")))


def test_an_import_is_told_once_and_leaves_no_trace(house: str) -> None:
    told: list[str] = []
    hook = ImportHook(told.append)
    hook.install({house})
    try:
        module = importlib.import_module(house)
        importlib.import_module(house)
    finally:
        hook.uninstall()
    assert told == [house]
    assert hook not in sys.meta_path
    assert module.__spec__ is not None
    assert type(module.__spec__.loader) is type(module.__loader__) is importlib.machinery.SourceFileLoader


def test_an_error_of_ours_is_none_of_the_imports(house: str) -> None:
    def fail(name: str) -> None:
        raise RuntimeError(name)

    hook = ImportHook(fail)
    hook.install({house})
    try:
        assert importlib.import_module(house).Door().call(1) == ["plain", 1]
    finally:
        hook.uninstall()


def test_a_module_that_is_not_there_stays_an_import_error() -> None:
    hook = ImportHook(lambda name: None)
    hook.install({"agentops_test_nowhere"})
    try:
        with pytest.raises(ModuleNotFoundError, match="agentops_test_nowhere"):
            importlib.import_module("agentops_test_nowhere")
    finally:
        hook.uninstall()


@pytest.mark.parametrize("is_imported", [True, False])
def test_the_first_call_begins_anew_under_what_it_loaded(house: str, is_imported: bool) -> None:
    loaded: list[str] = []

    def load(library: Library) -> None:
        if loaded:
            return
        loaded.append(library.title)
        door = sys.modules[house].Door
        inner = door.call
        door.call = lambda self, number: ["wrapped", inner(self, number)]

    if is_imported:
        importlib.import_module(house)
    gates = Gates(load)
    missing = gates.close(library_of(house))
    assert missing == (set() if is_imported else {house})
    door = importlib.import_module(house).Door
    gates.note_import(house)
    assert loaded == []
    assert door().call(1) == ["wrapped", ["plain", 1]]
    assert door().call(2) == ["wrapped", ["plain", 2]]
    assert (door.make(3), door.free(4)) == (["made", 3], ["free", 4])
    assert loaded == ["House"]


def test_gates_are_taken_away_again(house: str) -> None:
    door = importlib.import_module(house).Door
    before = dict(door.__dict__)
    gates = Gates(lambda library: None)
    gates.close(library_of(house))
    assert door.__dict__["call"] is not before["call"]
    gates.remove()
    assert {name: door.__dict__[name] for name in ("call", "make", "free")} == {
        name: before[name] for name in ("call", "make", "free")
    }


def test_a_library_that_cannot_be_captured_is_named_once_with_the_remedy(
    start: Callable[..., Session], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "groq.py").write_text("")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "groq", raising=False)
    with caplog.at_level(logging.WARNING, "agentops"):
        start(instrument_llm_calls=True)
        importlib.import_module("groq")
    # Not by monkeypatch, whose undoing puts back what it takes away: the next test would find this module imported.
    del sys.modules["groq"]
    (said,) = [record.getMessage() for record in caplog.records if "Groq" in record.getMessage()]
    assert "agentops[all]" in said


@pytest.mark.parametrize("wanted", [True, False])
def test_nothing_is_hooked_unless_it_is_wanted(start: Callable[..., Session], client: Any, wanted: bool) -> None:
    start(instrument_llm_calls=wanted)
    assert any(isinstance(finder, ImportHook) for finder in sys.meta_path) is wanted
    client.close()
    assert not any(isinstance(finder, ImportHook) for finder in sys.meta_path)


def test_no_opentelemetry_before_a_known_library_is_there(spool_dir: Path) -> None:
    source = (
        "import agentops, sys; agentops.init(api_key='01900000-0000-7000-8000-000000000000', max_wait_time=1);"
        "assert not [name for name in sys.modules if name.startswith(('opentelemetry', 'wrapt'))]"
    )
    done = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr


def test_the_table_names_each_library_once() -> None:
    assert len({library.module for library in LIBRARIES}) == len({library.title for library in LIBRARIES})
    assert find_library("openai") is LIBRARIES[0]
    assert find_library("json") is None
