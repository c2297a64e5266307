from __future__ import annotations

import os
import sys
import types

import pytest

from agentops import _environment
from agentops._environment import gather_environment


def test_the_shape_is_that_of_sdk_0_3() -> None:
    found = gather_environment()
    assert found["Project Working Directory"] == {"Project Working Directory": os.getcwd()}
    sdk = found["SDK"]
    assert isinstance(sdk, dict)
    assert set(sdk) == {"AgentOps SDK Version", "Python Version", "System Packages"}
    assert set(found["OS"]) == {"Hostname", "OS", "OS Version", "OS Release"}  # type: ignore[call-overload]
    assert set(found["CPU"]) == {"Physical cores", "Total cores", "CPU Usage"}  # type: ignore[call-overload]
    assert set(found["RAM"]) == {"Total", "Available", "Used", "Percentage"}  # type: ignore[call-overload]


def test_a_part_that_cannot_be_told_is_empty(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> object:
        raise OSError("not here")

    monkeypatch.setattr(_environment, "_cpu", fail)
    found = gather_environment()
    assert found["CPU"] == {}
    assert found["OS"] != {}


def test_lazy_modules_are_not_loaded_by_asking_for_their_version(monkeypatch: pytest.MonkeyPatch) -> None:
    class Lazy(types.ModuleType):
        def __getattr__(self, name: str) -> object:
            raise AssertionError(f"asked for {name}")

    monkeypatch.setitem(sys.modules, "lazy_module", Lazy("lazy_module"))
    assert gather_environment()["SDK"] != {}
