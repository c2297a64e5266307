"""The page's types of what the server answers are written from the server's views, and are not older than they."""

import importlib.util
from types import ModuleType

import msgspec
import pytest

from agentops_server.http.overview_views import FoundIdsView
from tests.provision import ROOT


@pytest.fixture
def shapes() -> ModuleType:
    """dashboard/shapes.py, which is a program and no package."""
    spec = importlib.util.spec_from_file_location("shapes", ROOT / "dashboard" / "shapes.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_types_of_the_page_are_those_of_the_server(shapes: ModuleType) -> None:
    assert shapes.FILE.read_text() == shapes.render(), "run `python dashboard/shapes.py` and build the page"


def test_another_field_of_a_view_makes_them_old(shapes: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    fields = [("event_ids", list[str]), ("is_cut", bool), ("hint", str | None, None)]
    changed = msgspec.defstruct("FoundIdsView", fields)
    others = tuple(each for each in shapes.ANSWERS if each is not FoundIdsView)
    monkeypatch.setattr(shapes, "ANSWERS", (*others, changed))
    assert shapes.FILE.read_text() != shapes.render()
    assert "  hint: string | null;\n" in shapes.render()
