"""Messages that come as log records, before their span or after it, and other log records."""

import itertools
import json
import uuid
from typing import Any

import pytest

from .api import Answer, Api
from .spans import CALL, Tree, take

pytestmark = pytest.mark.xdist_group("http-otlp")

QUESTION = {"content": "Where is order 1042?"}
ANSWER = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "On its way."}}


def encode(value: Any) -> dict[str, Any]:
    if isinstance(value, dict):
        return {"kvlistValue": {"values": [{"key": key, "value": encode(each)} for key, each in value.items()]}}
    return {"intValue": str(value)} if isinstance(value, int) else {"stringValue": value}


def record(tree: Tree, name: str, body: Any, at: int = 0, **given: Any) -> dict[str, Any]:
    """A log record of the trace's first span."""
    facts = {
        "timeUnixNano": str(tree.start_ns + at),
        "traceId": tree.trace_id.hex(),
        "spanId": (1).to_bytes(8, "big").hex(),
        "eventName": name,
        "body": encode(body),
    }
    return {**facts, **given}


def send_logs(api: Api, *records: Any) -> Answer:
    body = {"resourceLogs": [{"resource": {}, "scopeLogs": [{"scope": {}, "logRecords": records}]}]}
    headers = {"X-Agentops-Api-Key": api.api_key, "Content-Type": "application/json"}
    return api.ask("POST", "/v1/logs", body, headers)


def take_logs(api: Api, *records: Any) -> None:
    assert send_logs(api, *records).json() == {}


@pytest.mark.parametrize("order", list(itertools.permutations(["span", "asked", "answered"])))
def test_messages_join_their_span_in_any_order(api: Api, order: tuple[str, ...]) -> None:
    tree = Tree()
    tree.add(1, 0, "chat gpt-4o", **CALL)
    steps = {
        "span": lambda: take(api, tree.export()),
        "asked": lambda: take_logs(
            api,
            record(tree, "gen_ai.user.message", QUESTION, 2),
            record(tree, "gen_ai.system.message", {"content": "You are terse."}, 1),
        ),
        "answered": lambda: take_logs(api, record(tree, "gen_ai.choice", ANSWER, 3)),
    }
    for step in order:
        steps[step]()
    take_logs(api, record(tree, "gen_ai.choice", ANSWER, 3))
    exported = api.get(f"/v2/sessions/{tree.session_id}/export")
    (call,) = exported["llms"]
    assert call["prompt"] == [
        {"role": "system", "content": "You are terse."},
        {"role": "user", "content": "Where is order 1042?"},
    ]
    assert call["completion"] == {"role": "assistant", "content": "On its way."}
    assert (call["finish_reasons"], call["prompt_tokens"], call["cost"]) == ("stop", 1000, "0.0075")
    assert exported["stats"]["events"] == 1


def test_all_details_in_one_record_are_read(api: Api) -> None:
    tree = Tree()
    tree.add(1, 0, "chat gpt-4o", **CALL)
    take(api, tree.export())
    messages = [{"role": "user", "parts": [{"type": "text", "content": "Where?"}]}]
    pairs = {"gen_ai.input.messages": json.dumps(messages), "gen_ai.output.messages": "[]"}
    attributes = [{"key": key, "value": encode(value)} for key, value in pairs.items()]
    take_logs(api, record(tree, "gen_ai.client.inference.operation.details", "", attributes=attributes))
    (call,) = api.get(f"/v2/sessions/{tree.session_id}/export")["llms"]
    assert call["prompt"] == [{"role": "user", "content": "Where?"}]


def test_messages_whose_span_never_comes_are_a_call_without_tokens(api: Api) -> None:
    tree = Tree()
    take_logs(api, record(tree, "gen_ai.user.message", QUESTION))
    exported = api.get(f"/v2/sessions/{tree.session_id}/export")
    assert exported["llms"][0]["prompt"] == [{"role": "user", "content": "Where is order 1042?"}]
    assert exported["stats"]["cost_is_lower_bound"] is True


def test_other_records_are_events_and_exceptions_are_errors(api: Api) -> None:
    tree = Tree()
    tree.add(1)
    take(api, tree.export())
    failed = [
        {"key": "exception.type", "value": encode("OSError")},
        {"key": "exception.message", "value": encode("no")},
    ]
    twice = [record(tree, "", "shipped", 5), record(tree, "", "lost", 6, attributes=failed)]
    take_logs(api, *twice)
    take_logs(api, *twice)
    exported = api.get(f"/v2/sessions/{tree.session_id}/export")
    (error,) = exported["errors"]
    step = next(event for event in exported["actions"] if event["kind"] == "span")
    assert (error["error_type"], error["details"], error["trigger_event_id"]) == ("OSError", "no", step["id"])
    assert [event["returns"] for event in exported["actions"] if event["kind"] == "log"] == ["shipped"]


@pytest.mark.parametrize("trace_id", ["", "z" * 32, "-" * 32, "00", 7])
def test_a_record_that_belongs_to_no_session_is_refused_and_the_others_are_kept(api: Api, trace_id: Any) -> None:
    tree = Tree()
    lost = record(tree, "", "where am I", traceId=trace_id, spanId="")
    answer = send_logs(api, lost, record(tree, "", "here"), 7).json()["partialSuccess"]
    assert answer["rejectedLogRecords"] == "2"
    assert "session.id" in answer["errorMessage"]
    assert len(api.get(f"/v2/sessions/{tree.session_id}/export")["actions"]) == 1


def test_a_record_may_name_its_session(own: Api) -> None:
    named = [{"key": "session.id", "value": encode(str(uuid.uuid4()))}]
    take_logs(own, record(Tree(), "claude_code.user_prompt", "hi", traceId="", spanId="", attributes=named))
    (session,) = own.get("/v2/sessions")["sessions"]
    assert session["session_id"] == named[0]["value"]["stringValue"]
