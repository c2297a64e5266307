"""Names of SDK 0.3 and 0.4 under their paths there, and the ones that are not to clash."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module

import pytest

import agentops
from agentops import _steps
from agentops.testing import capture
from tests.serving import Server

PATHS = {
    "agentops.sdk": "agent operation session task workflow",
    "agentops.sdk.decorators": "agent guardrail operation session task tool trace track_endpoint workflow",
    "agentops.sdk.core": "TraceContext",
    "agentops.legacy": "ActionEvent ErrorEvent LLMEvent Session ToolEvent end_all_sessions end_session record "
    "start_session track_agent track_tool",
    "agentops.legacy.event": "ActionEvent ErrorEvent Event EventType LLMEvent ToolEvent",
    "agentops.enums": "ERROR SUCCESS UNSET EndState EventType TraceState",
    "agentops.validation": "ValidationError print_validation_summary validate_trace_spans",
    "agentops.config": "Configuration",
    "agentops.client": "Client",
    "agentops.event": "ActionEvent ErrorEvent Event EventType LLMEvent ToolEvent",
    "agentops.decorators": "record_action record_function record_tool track_agent",
    "agentops.session": "EndState Session",
}


@pytest.mark.parametrize("path", PATHS)
def test_a_path_has_the_same_things(path: str) -> None:
    module = import_module(path)
    for name in PATHS[path].split():
        known = _steps.session if name == "session" else getattr(agentops, name)  # which may be a module by now
        assert getattr(module, name) is known


def test_the_configuration_of_0_4_is_ours() -> None:
    assert agentops.config.Config is agentops.Configuration  # type: ignore[attr-defined]


def test_session_is_a_decorator_and_a_module() -> None:
    program = """
import agentops
decorator = agentops.session
from agentops.session import Session
assert agentops.session is not decorator and agentops.session.Session is Session is agentops.Session
@agentops.session
def bare(): return 1
@agentops.session(name="x")
def named(): return 2
assert (bare.__wrapped__(), named.__wrapped__()) == (1, 2)
import agentops.legacy, agentops.sdk.decorators
assert agentops.sdk.decorators.session is decorator
try: agentops.nothing
except AttributeError as error: assert "no attribute 'nothing'" in str(error)
else: raise SystemExit("it has everything")
"""
    subprocess.run([sys.executable, "-W", "error", "-c", program], check=True, timeout=60)


def test_rooms_are_there_once_they_are_asked_for() -> None:
    program = """
import sys, agentops
assert not [name for name in sys.modules if name.startswith(("agentops.legacy", "agentops.sdk", "agentops.partners"))]
agentops.legacy.start_session, agentops.sdk.decorators, agentops.enums.TraceState, agentops.partners
"""
    subprocess.run([sys.executable, "-c", program.replace("agentops.sdk.decorators,", "agentops.sdk,")], check=True)


def test_the_client_can_set_up_as_in_0_4() -> None:
    with capture() as captured:
        session = agentops.get_client().init("a-key", tags=["t"])
        assert isinstance(session, agentops.Session)
    assert captured.sessions[0].tags == ["t"]


def test_legacy_functions_act_on_the_same_sessions() -> None:
    legacy = import_module("agentops.legacy")
    with capture() as captured:
        session = legacy.start_session(tags=["old"])
        legacy.record(agentops.ActionEvent("walk"))
        legacy.end_session(session, end_state="Success", end_state_reason="done", is_auto_end=False)
        legacy.start_session()
        legacy.end_session("Fail")
        legacy.start_session()
        legacy.end_all_sessions()
    assert [found.end_state for found in captured.sessions] == ["Success", "Failure", "Indeterminate"]
    assert (captured.sessions[0].tags, captured.sessions[0].end_state_reason) == (["old"], "done")


@pytest.fixture(scope="module")
def real_server(tmp_path_factory: pytest.TempPathFactory) -> object:
    server = Server(tmp_path_factory.mktemp("server"))
    server.start()
    yield server
    server.stop()


@pytest.mark.usefixtures("client", "spool_dir")
def test_a_trace_is_validated_on_the_server(real_server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    agentops.init(real_server.api_key, endpoint=real_server.url, auto_start_session=False, env_data_opt_out=True)
    trace = agentops.start_trace("checked")
    assert trace is not None
    agentops.record(agentops.LLMEvent(model="gpt-4o", prompt_tokens=10, completion_tokens=5))
    result = agentops.validate_trace_spans(retry_delay=0.1)
    assert (result["span_count"], result["has_llm_spans"], result["llm_span_names"]) == (1, True, ["gpt-4o"])
    assert result["metrics"]["prompt_tokens"] == 10
    agentops.end_trace(trace)
    assert agentops.validate_trace_spans(trace_context=trace, retry_delay=0.1)["trace_id"] == trace.trace_id
    assert agentops.validate_trace_spans(trace_id=trace.trace_id, retry_delay=0.1)["span_count"] == 1
    agentops.print_validation_summary(result)
    assert "calls of models: gpt-4o" in capsys.readouterr().out
    with pytest.raises(agentops.ValidationError, match="1 of 5 events arrived"):
        agentops.validate_trace_spans(trace_context=trace, min_spans=5, max_retries=2, retry_delay=0.01)
    with agentops.start_trace("empty") as empty:  # type: ignore[union-attr]
        agentops.record(agentops.ActionEvent("walk"))
    with pytest.raises(agentops.ValidationError, match="none of its 1 events is a call of a model"):
        agentops.validate_trace_spans(trace_context=empty, max_retries=2, retry_delay=0.01)
    assert agentops.validate_trace_spans(trace_context=empty, check_llm=False)["span_count"] == 1
    with pytest.raises(ValueError, match="no such trace"):
        agentops.validate_trace_spans()
