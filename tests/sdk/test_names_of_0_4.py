"""What a program for SDK 0.4 can import is here, under the same path: compared with the published client 0.4.21."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

import agentops
from agentops.testing import capture
from tests.provision import ROOT, client_python

pytestmark = pytest.mark.xdist_group("compat")
PROGRAM = Path(__file__).with_name("names_of_0_4.py")
MACHINERY = (
    "agentops.client.api",
    "agentops.client.http",
    "agentops.helpers.dashboard",
    "agentops.helpers.deprecation",
    "agentops.logging.",
    "agentops.sdk.attributes",
    "agentops.sdk.decorators.factory",
    "agentops.sdk.decorators.utility",
    "agentops.sdk.exporters",
    "agentops.sdk.processors",
)
"""Rooms of 0.4's own transport and OpenTelemetry set-up: there is nothing here that they could act on."""
NOT_HERE = {
    "agentops.client": {"ApiClient"},
    "agentops.helpers.serialization": {"model_to_dict"},
    "agentops.helpers.system": {"get_imported_libraries", "get_sys_packages"},
    "agentops.config": {"ConfigDict"},
    "agentops.logging": {"configure_logging", "setup_print_logger", "upload_logfile"},
    "agentops.sdk.core": {"TracingCore", "setup_telemetry", "tracer"},
    "agentops.validation": {
        "check_llm_spans",
        "get_jwt_token",
        "get_jwt_token_sync",
        "get_trace_details",
        "get_trace_metrics",
    },
}
"""Names of the same kind in rooms that are here."""


def names(python: str, folder: Path, **more: str) -> dict[str, Any]:
    env = {**os.environ, "AGENTOPS_LOGGING_TO_FILE": "false", **more}
    done = subprocess.run([python, str(PROGRAM)], env=env, cwd=folder, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


@pytest.fixture(scope="module")
def theirs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return names(str(client_python("0.4.21")), tmp_path_factory.mktemp("theirs"))


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return names(sys.executable, tmp_path_factory.mktemp("ours"), PYTHONPATH=str(ROOT / "sdk" / "src"))


def test_every_name_is_there(theirs: dict[str, Any]) -> None:
    missing = {
        module: lacking
        for module, listed in theirs["names"].items()
        if not module.startswith(MACHINERY) and (lacking := {name for name in listed if not is_here(module, name)})
    }
    assert missing == {module: set(listed) for module, listed in NOT_HERE.items()}
    assert len(theirs["names"]) > 40, "the published client has told its names"


def is_here(module: str, name: str) -> bool:
    try:
        return hasattr(import_module(module), name)
    except ModuleNotFoundError:
        return False


def test_attributes_are_called_the_same(ours: dict[str, Any], theirs: dict[str, Any]) -> None:
    assert ours["constants"] == theirs["constants"]
    assert theirs["constants"]["SpanAttributes"]["LLM_REQUEST_MODEL"] == "gen_ai.request.model"


def test_a_status_code_is_opentelemetrys() -> None:
    from opentelemetry.trace import StatusCode

    assert import_module("agentops.sdk").StatusCode is StatusCode


def test_helpers_say_what_they_are_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    helpers = import_module("agentops.helpers")
    monkeypatch.setenv("SHOP", "a,b")
    monkeypatch.setenv("SIZE", "12")
    monkeypatch.setenv("OPEN", "Yes")
    assert helpers.get_env_list("SHOP") == {"a", "b"}
    assert (helpers.get_env_int("SIZE", 3), helpers.get_env_int("SHOP", 3)) == (12, 3)
    assert (helpers.get_env_bool("OPEN", False), helpers.get_env_bool("SHUT", True)) == (True, True)
    told = {"id": helpers.serialize_uuid, "none": None}
    assert helpers.filter_unjsonable(told) == {"id": "", "none": None}
    assert (helpers.is_jsonable({1}), helpers.safe_serialize({"set": {1}})) == (False, '{"set": [1]}')
    assert helpers.get_agentops_version() == agentops.__version__
    assert helpers.get_host_env(opt_out=True).keys() == {"SDK"}
    assert helpers.get_os_details()["OS"]
    assert helpers.get_ISO_time().endswith("+00:00")


@pytest.mark.parametrize(
    ("given", "state"),
    [
        ("Error", "Failure"),
        ("Success", "Success"),
        ("fail", "Failure"),
        (agentops.ERROR, "Failure"),
        (agentops.UNSET, "Indeterminate"),
        ("StatusCode.OK", "Success"),
    ],
)
def test_a_session_ends_by_the_words_of_0_4(given: Any, state: str) -> None:
    with capture() as captured:
        agentops.start_session().end_session(given)  # type: ignore[union-attr]
        agentops.legacy.start_session().end_session(end_state=given, is_auto_end=True)  # type: ignore[attr-defined]
    assert [session.end_state for session in captured.sessions] == [state] * 2


def test_an_end_by_a_framework_can_be_ignored() -> None:
    with capture() as captured:
        agentops.configure(skip_auto_end_session=True)
        session = agentops.start_session()
        assert session is not None
        session.end_session("Success", is_auto_end=True)
        assert session.is_running
        session.end_session("Error", "the tool has failed", crew="a crew")
    assert [each.end_state for each in captured.sessions] == ["Failure"]
