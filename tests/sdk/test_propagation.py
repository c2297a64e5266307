"""A session that spans services: what headers carry, and what happens with those that cannot be read."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen
from uuid import UUID

import pytest
from opentelemetry import baggage, propagate, trace
from opentelemetry.sdk.trace import TracerProvider

import agentops
from agentops import ActionEvent, Caller, Client, Session
from agentops.testing import Capture, capture
from agentops_server.domain.tracing import event_id_of

from . import program
from .recording_server import RecordingServer

Start = Callable[..., Session]
Warnings = Callable[[], list[str]]
SESSION = UUID("01900000-0000-7000-8000-00000000abcd")
PARENT = UUID("01900000-0000-7000-8000-0000000000ef")
OURS = {"baggage": f"agentops.session.id={SESSION},agentops.parent.id={PARENT}"}


@pytest.fixture
def captured() -> Iterator[Capture]:
    with capture() as captured:
        agentops.init("a-key", auto_start_session=False)
        yield captured


def running() -> Session:
    session = agentops.start_session()
    assert session is not None
    return session


def test_headers_name_the_session_and_the_event(captured: Capture) -> None:
    session = running()

    @agentops.operation
    def call() -> dict[str, str]:
        return agentops.inject_headers()

    headers, outside = call(), agentops.inject_headers({"accept": "x"})
    (event,) = captured.events
    assert headers == {
        "baggage": f"agentops.session.id={session.session_id},agentops.parent.id={event['id']}",
        "traceparent": f"00-{session.session_id.hex}-{UUID(event['id']).hex[16:]}-01",
    }
    assert outside["accept"] == "x"
    assert outside["baggage"] == f"agentops.session.id={session.session_id}"
    assert agentops.extract_headers(headers) == Caller(session.session_id, UUID(event["id"]))
    assert agentops.extract_headers(outside) == Caller(session.session_id, None)


def test_what_was_there_before_stays(captured: Capture) -> None:
    session = running()
    own = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00"
    headers = {"TraceParent": own, "Baggage": "user=x;p=1, agentops.session.id=older"}
    assert agentops.inject_headers(headers) is headers
    assert headers == {"TraceParent": own, "Baggage": f"user=x;p=1,agentops.session.id={session.session_id}"}
    broken = agentops.inject_headers({"traceparent": "what"})
    assert broken["traceparent"].startswith(f"00-{session.session_id.hex}-")


def test_without_a_session_headers_stay_as_they_are(captured: Capture, warnings: Warnings) -> None:
    assert agentops.inject_headers({"a": "b"}) == {"a": "b"}
    assert [warning for warning in warnings() if "inject_headers() does nothing" in warning] == warnings()


@pytest.mark.parametrize(
    "headers",
    [
        OURS,
        {"BAGGAGE": OURS["baggage"]},
        {"Baggage": f"a=b , agentops.parent.id = {PARENT} ;x=1,agentops.session.id={SESSION.hex}"},
        [("Baggage", OURS["baggage"])],
        [(b"baggage", OURS["baggage"].encode())],
        [("baggage", f"agentops.session.id={SESSION}"), ("baggage", f"agentops.parent.id={PARENT}")],
        {"HTTP_BAGGAGE": OURS["baggage"], "wsgi.input": object()},
        {"baggage": [OURS["baggage"]]},
        {"baggage": OURS["baggage"].replace("-", "%2D"), "traceparent": "00-" + "1" * 32 + "-" + "2" * 16 + "-01"},
    ],
)
def test_headers_of_any_letter_case_and_kind(headers: Any) -> None:
    assert agentops.extract_headers(headers) == Caller(SESSION, PARENT)


@pytest.mark.parametrize(
    "headers",
    [
        {"traceparent": "what"},
        {"traceparent": "00-" + "0" * 32 + "-b7ad6b7169203331-01"},
        {"traceparent": "00-0af7651916cd43dd8448eb211c80319c-" + "0" * 16 + "-01"},
        {"traceparent": "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"},
        {"traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more"},
        {"traceparent": "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01"},
        {"traceparent": b"\xff\xfe"},
        {"baggage": "agentops.session.id=;=;,,agentops.parent.id=5"},
        {"baggage": "agentops.session.id=not-an-id", "traceparent": "00"},
        "text",
        7,
    ],
)
def test_malformed_headers_are_warned_about_once(captured: Capture, headers: Any, warnings: Warnings) -> None:
    with agentops.continue_session(headers, name="own") as session:
        agentops.record(ActionEvent("inside"))
    assert len(warnings()) == 1
    assert (session.is_inherited, captured.sessions[0].end_state) == (False, "Success")
    assert captured.sessions[0].facts["name"] == "own"


@pytest.mark.parametrize("headers", [None, {}, [], {"accept": "x", "baggage": "user=x"}, [5, "x", ("a",)]])
def test_headers_that_say_nothing_begin_a_session(captured: Capture, headers: Any, warnings: Warnings) -> None:
    assert agentops.extract_headers(headers) is None
    with pytest.raises(ValueError, match="no"), agentops.continue_session(headers):
        raise ValueError("no")
    assert warnings() == []
    assert captured.sessions[0].end_state == "Failure"


def test_what_happens_in_the_block_hangs_below_the_caller(captured: Capture) -> None:
    own = running()

    @agentops.task
    def work() -> None:
        agentops.record(ActionEvent("deep"))

    with own:
        with agentops.continue_session(OURS, tags=["b"]) as session:
            assert session.session_id == SESSION
            work()
        agentops.record(ActionEvent("own"))
    _, joined = captured.sessions
    deep, task = joined.events
    assert (task["parent_id"], deep["parent_id"]) == (str(PARENT), task["id"])
    assert joined.tags == ["b"]
    assert joined.facts["end_is_implicit"] is True, "how it ends is for the caller to say"
    assert not session.is_running
    assert [event["event_type"] for event in captured.sessions[0].events] == ["own"]


def test_joining_needs_no_init() -> None:
    with capture() as captured:
        with agentops.continue_session(OURS):
            agentops.record(ActionEvent("inside"))
        assert Client().instrumentation.is_active
    assert captured.events[0]["parent_id"] == str(PARENT)


def test_an_error_in_the_block_is_recorded_and_goes_on(captured: Capture) -> None:
    with pytest.raises(ValueError, match="no"), agentops.continue_session(OURS):
        raise ValueError("no")
    (session,) = captured.sessions
    (error,) = session.events
    assert (error["error_type"], error["parent_id"]) == ("ValueError", str(PARENT))
    assert session.end_state == "Indeterminate"


def test_requests_of_one_session_at_the_same_time_share_it(captured: Capture) -> None:
    async def serve(number: int) -> Session:
        async with agentops.continue_session(OURS) as session:
            await asyncio.sleep(0.01 * number)
            agentops.record(ActionEvent(f"of {number}"))
            assert session.is_running
            return session

    async def main() -> set[Session]:
        return set(await asyncio.gather(*(serve(number) for number in range(5))))

    (session,) = asyncio.run(main())
    assert not session.is_running
    assert not Client().has_sessions
    assert len(captured.events) == 5
    with agentops.continue_session(OURS):  # and a later request is welcome
        agentops.record(ActionEvent("later"))
    assert len(captured.events) == 6


def test_a_session_of_this_process_goes_on_after_the_block(captured: Capture) -> None:
    session = running()
    with agentops.continue_session(agentops.inject_headers()) as same:
        assert same is session
    assert session.is_running


def test_an_id_may_be_joined_by_hand(captured: Capture) -> None:
    caller = agentops.extract_headers(OURS)
    assert caller is not None
    session = agentops.start_session(inherited_session_id=caller.session_id)
    assert session is not None
    assert session.session_id == SESSION


def test_a_foreign_caller_is_joined_by_its_trace(captured: Capture) -> None:
    tracer = TracerProvider().get_tracer("foreign")
    headers: dict[str, str] = {}
    with tracer.start_as_current_span("call") as span:
        propagate.inject(headers)
        ids = span.get_span_context()
    trace_id, span_id = trace.format_trace_id(ids.trace_id), trace.format_span_id(ids.span_id)
    expected = Caller(UUID(hex=trace_id), event_id_of(trace_id, span_id), is_foreign=True)
    assert agentops.extract_headers(headers) == expected
    with agentops.continue_session(headers):
        agentops.record(ActionEvent("inside"))
    (session,) = captured.sessions
    assert session.session_id == UUID(hex=trace_id)
    assert session.events[0]["parent_id"] == str(expected.parent_id)


def test_opentelemetry_in_between_passes_it_on(captured: Capture) -> None:
    session = running()
    headers = agentops.inject_headers()
    context = propagate.extract(headers)
    assert trace.get_current_span(context).get_span_context().trace_id == session.session_id.int
    assert baggage.get_baggage("agentops.session.id", context) == str(session.session_id)
    tracer = TracerProvider().get_tracer("in between")
    onward: dict[str, str] = {}
    with tracer.start_as_current_span("hop", context=context) as span:
        propagate.inject(onward, trace.set_span_in_context(span, context))
    assert onward["traceparent"] != headers["traceparent"]
    assert agentops.extract_headers(onward) == Caller(session.session_id)


def test_a_session_spans_two_processes_over_http(start: Start, server: RecordingServer, spool_dir: Path) -> None:
    source = """
import sys, json, agentops
agentops.init(auto_start_session=False, env_data_opt_out=True)
with agentops.continue_session(json.loads(sys.stdin.read())) as session:
    agentops.record(agentops.LLMEvent(model="gpt-4o"))
agentops.flush(30)
"""
    env = program.environment(server, spool_dir)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            given = json.dumps(dict(self.headers.items()))
            done = subprocess.run([sys.executable, "-c", source], input=given, text=True, env=env, capture_output=True)
            self.send_response(200 if done.returncode == 0 else 500)
            self.end_headers()
            self.wfile.write(done.stderr.encode())

        def log_message(self, *arguments: object) -> None: ...

    service = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=service.serve_forever, daemon=True).start()
    session = start()

    @agentops.operation
    def call() -> bytes:
        request = Request(f"http://127.0.0.1:{service.server_port}", headers=agentops.inject_headers())
        with urlopen(request, timeout=60) as response:
            return bytes(response.read())

    assert call() == b""
    session.end_session("Success")
    service.shutdown()
    service.server_close()
    events = {event["event_type"]: event for event in server.events[str(session.session_id)].values()}
    assert events["llms"]["parent_id"] == events["operation"]["id"]
    assert events["llms"]["participant_id"] != events["operation"]["participant_id"]
    assert len(server.sessions) == 1


def test_an_unknown_argument_is_warned_about(captured: Capture, warnings: Warnings) -> None:
    with agentops.continue_session({}, colour="red"):
        pass
    assert len(warnings()) == 1
