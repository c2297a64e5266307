"""`track_endpoint`: handlers of Flask, and of anything else."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from flask import Flask, Response, jsonify, request

import agentops
from agentops.testing import Capture, capture

SESSION, PARENT = UUID(int=(7 << 76) | (2 << 62) | 5), UUID(int=(7 << 76) | (2 << 62) | 6)


@pytest.fixture
def captured() -> Iterator[Capture]:
    with capture() as captured:
        agentops.init("a-key", auto_start_session=False)
        yield captured


@pytest.fixture
def site() -> Any:
    app = Flask("site")

    @app.post("/answer")
    @agentops.track_endpoint(name="answer", tags=["web"])
    def answer() -> Response:
        agentops.record(agentops.LLMEvent(model="gpt-4o"))
        return jsonify(got=request.get_json())

    @app.get("/fail")
    @agentops.track_endpoint
    def fail() -> tuple[str, int]:
        raise ValueError("broken")

    @app.get("/short")
    @agentops.track_endpoint(capture_request=False)
    def short() -> tuple[str, int]:
        return "made", 201

    return app.test_client()


def test_a_request_is_a_trace_with_what_was_asked_and_answered(captured: Capture, site: Any) -> None:
    answer = site.post("/answer?x=1", json={"q": 1}, headers={"Authorization": "Bearer secret"})
    assert answer.json == {"got": {"q": 1}}
    (session,) = captured.sessions
    assert (session.facts["name"], session.tags, session.end_state) == ("answer", ["web"], "Success")
    call, http = session.events
    assert (http["event_type"], call["parent_id"]) == ("http", http["id"])
    params = http["params"]
    assert (params["method"], params["url"], params["body"]) == ("POST", "http://localhost/answer?x=1", {"q": 1})
    assert params["headers"]["Authorization"] == "[hidden]"
    assert http["returns"]["status_code"] == 200
    assert '"q":1' in http["returns"]["body"]


def test_a_handler_that_fails_is_a_failure(captured: Capture, site: Any) -> None:
    assert site.get("/fail").status_code == 500
    (session,) = captured.sessions
    http, error = session.events
    assert (session.end_state, error["trigger_event_id"]) == ("Failure", http["id"])


def test_what_is_not_wanted_is_not_kept(captured: Capture, site: Any) -> None:
    assert site.get("/short").status_code == 201
    (http,) = captured.events
    assert (http["params"], http["returns"]) == (None, {"status_code": 201, "body": "made"})


def test_a_request_of_another_service_joins_its_session(captured: Capture, site: Any) -> None:
    header = f"agentops.session.id={SESSION},agentops.parent.id={PARENT}"
    site.post("/answer", json={}, headers={"Baggage": header})
    (session,) = captured.sessions
    call, http = session.events
    assert (session.session_id, http["parent_id"], call["parent_id"]) == (SESSION, str(PARENT), http["id"])
    assert session.facts["end_is_implicit"] is True


def test_a_handler_outside_of_flask_has_its_arguments(captured: Capture) -> None:
    @agentops.track_endpoint
    async def handle(path: str) -> str:
        await asyncio.sleep(0)
        return path

    assert asyncio.run(handle("/x")) == "/x"
    (http,) = captured.events
    assert (http["params"], http["returns"]) == ({"path": "/x"}, {"body": "/x"})
