"""Instrumentors that fail, or that do not know a library's version: told once, and no harm done."""

from __future__ import annotations

import importlib
import logging
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from agentops import Session
from agentops.instrumentation import _libraries
from agentops.instrumentation._libraries import Instrumentor, Library

LIBRARY = "agentops_test_models"
INSTRUMENTORS = """
from opentelemetry.instrumentation.instrumentor import BaseInstrumentor

class Failing(BaseInstrumentor):
    def instrumentation_dependencies(self):
        return ()

    def _instrument(self, **options):
        raise RuntimeError("this version is not mine")

    def _uninstrument(self, **options):
        pass

class Older(Failing):
    def instrumentation_dependencies(self):
        return ("pytest < 1",)
"""


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    (tmp_path / f"{LIBRARY}.py").write_text("def ask(number):\n    return ['answer', number]\n")
    (tmp_path / "agentops_test_instrumentors.py").write_text(INSTRUMENTORS)
    monkeypatch.syspath_prepend(str(tmp_path))
    yield LIBRARY
    for name in (LIBRARY, "agentops_test_instrumentors"):
        sys.modules.pop(name, None)


def offer(monkeypatch: pytest.MonkeyPatch, *classes: str, doors: tuple[str, ...] = ()) -> None:
    """The library is in the table, with instrumentors that come with a distribution which is there."""
    choices = tuple(Instrumentor("pytest", "agentops_test_instrumentors", name) for name in classes)
    made = Library("Models", LIBRARY, choices, doors)
    monkeypatch.setattr("agentops.instrumentation.LIBRARIES", (made,))
    monkeypatch.setattr(_libraries, "_BY_MODULE", {LIBRARY: made})


@pytest.mark.parametrize(
    ("names", "reason"),
    [(["Failing"], "this version is not mine"), (["Older"], "pytest < 1"), (["Older", "Failing"], "; ")],
)
@pytest.mark.parametrize("is_imported", [True, False])
def test_an_instrumentor_that_cannot_is_reported_once_and_harms_nothing(
    start: Callable[..., Session],
    library: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    names: list[str],
    reason: str,
    is_imported: bool,
) -> None:
    offer(monkeypatch, *names, doors=(f"{library}:ask",))
    if is_imported:
        importlib.import_module(library)
    with caplog.at_level(logging.WARNING, "agentops"):
        start(instrument_llm_calls=True)
        module = importlib.import_module(library)
        assert [module.ask(1), module.ask(2)] == [["answer", 1], ["answer", 2]]
        start(instrument_llm_calls=True)
        module.ask(3)
    (said,) = [record.getMessage() for record in caplog.records if "Models" in record.getMessage()]
    assert reason in said
    assert "Everything else is recorded" in said


def test_a_function_of_a_module_is_a_door_like_a_method(
    start: Callable[..., Session], client: object, library: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    offer(monkeypatch, "Failing", doors=(f"{library}:ask",))
    module = importlib.import_module(library)
    before = module.ask
    start(instrument_llm_calls=True)
    assert module.ask is not before
    assert "agentops_test_instrumentors" not in sys.modules, "nothing is loaded before a call"
    assert module.ask(1) == ["answer", 1]
    assert "agentops_test_instrumentors" in sys.modules
    client.close()  # type: ignore[attr-defined]
    assert module.ask is before
