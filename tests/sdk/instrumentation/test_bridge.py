"""Spans of OpenTelemetry as they are sent: where they belong, and which of several that tell the same."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.trace import StatusCode, Tracer, set_span_in_context

import agentops
from agentops import Session
from agentops._client import Client
from agentops.instrumentation._bridge import Bridge
from agentops.testing import capture
from tests.sdk.recording_server import RecordingServer

CALL: dict[str, str | int] = {"gen_ai.operation.name": "chat"}
TOLD: dict[str, str | int] = {**CALL, "gen_ai.usage.input_tokens": 1}


class Traced:
    """A session and a tracer whose spans are fed to it."""

    def __init__(self, session: Session, server: RecordingServer) -> None:
        self.session = session
        self._server = server
        self.processor = agentops.span_processor()
        self.provider = TracerProvider(shutdown_on_exit=False)
        self.provider.add_span_processor(self.processor)
        self.tracer: Tracer = self.provider.get_tracer("shop")

    def spans(self) -> dict[str, dict[str, Any]]:
        """What was sent, by name."""
        assert agentops.flush()
        bodies = [request.body for request in self._server.requests if request.path == "/v1/traces"]
        scopes = [scope for body in bodies for resource in body["resourceSpans"] for scope in resource["scopeSpans"]]
        return {span["name"]: span for scope in scopes for span in scope["spans"]}

    def parents(self) -> dict[str, str | None]:
        """By name, the name of the span above; None for none, "?" for one that was not sent."""
        spans = self.spans()
        names = {span["spanId"]: name for name, span in spans.items()}
        return {
            name: names.get(span["parentSpanId"], "?") if "parentSpanId" in span else None
            for name, span in spans.items()
        }


@pytest.fixture
def traced(start: Callable[..., Session], server: RecordingServer) -> Traced:
    return Traced(start(instrument_llm_calls=False), server)


def attributes_of(span: dict[str, Any]) -> dict[str, Any]:
    return {each["key"]: next(iter(each["value"].values())) for each in span["attributes"]}


def test_spans_keep_their_parents(traced: Traced) -> None:
    with traced.tracer.start_as_current_span("agent"), traced.tracer.start_as_current_span("tool"):
        pass
    assert traced.parents() == {"tool": "agent", "agent": None}


def test_a_span_that_ends_after_its_parent_keeps_it(traced: Traced) -> None:
    with traced.tracer.start_as_current_span("agent"):
        stream = traced.tracer.start_span("stream", attributes=TOLD)
    stream.end()
    assert traced.parents() == {"stream": "agent", "agent": None}


def test_of_a_call_that_is_told_twice_the_inner_one_is_sent(traced: Traced) -> None:
    with (
        traced.tracer.start_as_current_span("agent"),
        traced.tracer.start_as_current_span("framework", attributes=TOLD),
        traced.tracer.start_as_current_span("proxy", attributes=TOLD),
        traced.tracer.start_as_current_span("provider", attributes=TOLD),
    ):
        pass
    assert traced.parents() == {"provider": "agent", "agent": None}


def test_a_call_that_tells_nothing_stays_inside_the_one_that_does(traced: Traced) -> None:
    with (
        traced.tracer.start_as_current_span("framework", attributes=TOLD),
        traced.tracer.start_as_current_span("provider", attributes=CALL),
    ):
        pass
    assert traced.parents() == {"provider": "framework", "framework": None}


def test_a_refused_call_is_sent_once(traced: Traced) -> None:
    with traced.tracer.start_as_current_span("framework", attributes=CALL) as outer:
        with traced.tracer.start_as_current_span("provider", attributes=CALL) as inner:
            inner.set_status(StatusCode.ERROR, "refused")
        outer.set_status(StatusCode.ERROR, "refused")
    assert list(traced.spans()) == ["provider"]


def test_a_call_that_was_refused_and_then_answered_elsewhere_is_two(traced: Traced) -> None:
    with (
        traced.tracer.start_as_current_span("framework", attributes=TOLD),
        traced.tracer.start_as_current_span("provider", attributes=CALL) as inner,
    ):
        inner.set_status(StatusCode.ERROR, "refused")
    assert traced.parents() == {"provider": None, "framework": None}


def test_what_a_call_does_beside_is_sent_beside_it(traced: Traced) -> None:
    with (
        traced.tracer.start_as_current_span("agent"),
        traced.tracer.start_as_current_span("framework", attributes=TOLD),
    ):
        with traced.tracer.start_as_current_span("tool", attributes={"gen_ai.operation.name": "execute_tool"}):
            pass
        with traced.tracer.start_as_current_span("provider", attributes=TOLD):
            pass
    assert traced.parents() == {"tool": "agent", "provider": "agent", "agent": None}


def test_a_model_called_by_a_tool_is_a_call_of_its_own(traced: Traced) -> None:
    with (
        traced.tracer.start_as_current_span("agent"),
        traced.tracer.start_as_current_span("tool", attributes={"gen_ai.operation.name": "execute_tool"}),
        traced.tracer.start_as_current_span("provider", attributes=TOLD),
    ):
        pass
    assert traced.parents() == {"provider": "tool", "tool": "agent", "agent": None}


def test_a_report_of_what_was_told_is_not_sent(traced: Traced) -> None:
    with traced.tracer.start_as_current_span("provider", attributes=TOLD):
        pass
    traced.tracer.start_span("record_usage", attributes={"ag2.span.type": "usage"}).end()
    made = {"gen_ai.system": "autogen", "gen_ai.operation.name": "create_agent"}
    traced.tracer.start_span("create_agent clerk", attributes=made).end()
    assert list(traced.spans()) == ["provider"]


def test_a_span_in_a_recorded_function_belongs_to_it(traced: Traced) -> None:
    @agentops.record_action("answer")
    def answer() -> None:
        with traced.tracer.start_as_current_span("framework", attributes=TOLD):
            traced.tracer.start_span("provider", attributes=TOLD).end()

    answer()
    told = attributes_of(traced.spans()["provider"])
    assert uuid.UUID(told["agentops.parent.id"]).version == 7
    assert int(told["agentops.sequence"]) > 0


def test_a_span_outside_any_session_is_named_once(
    client: Client, server: RecordingServer, warnings: Callable[[], list[str]]
) -> None:
    agentops.init(api_key=server.key, endpoint=server.endpoint, auto_start_session=False, env_data_opt_out=True)
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(agentops.span_processor())
    for _ in range(2):
        provider.get_tracer("shop").start_span("lost").end()
    assert len([said for said in warnings() if "lost" in said]) == 1
    assert client is not None


def test_captured_calls_are_there_for_the_tests_of_a_program(swallowed: list[Exception]) -> None:
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(agentops.span_processor())
    with capture() as captured:
        agentops.init(api_key=str(uuid.uuid4()), instrument_llm_calls=False)
        provider.get_tracer("shop").start_span("chat gpt-4o", attributes=TOLD).end()
    (span,) = captured.sessions[0].spans
    assert (span["name"], attributes_of(span)["gen_ai.operation.name"]) == ("chat gpt-4o", "chat")
    assert swallowed == []


def test_retries_are_those_of_the_call_that_goes_on_whether_or_not_it_is_current(traced: Traced) -> None:
    bridge, tracer, native = traced.processor, traced.tracer, traced.provider.get_tracer("com.anthropic.sdk.python")
    assert isinstance(bridge, Bridge)

    def retry() -> None:
        if (retries := bridge.find_retries()) is not None:
            retries.count += 1

    retry()
    with tracer.start_as_current_span("plan"):
        call = tracer.start_span("chat")
        retry()
        native.start_span("the same", set_span_in_context(call), attributes=CALL).end()
        with native.start_as_current_span("the same", set_span_in_context(call), attributes=CALL):
            retry()
        call.set_attributes(TOLD)
        call.end()
        retry()
    retry()
    told = {name: attributes_of(span).get("agentops.retries") for name, span in traced.spans().items()}
    assert told == {"chat": "2", "plan": None}
