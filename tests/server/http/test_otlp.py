"""OTLP over HTTP: who may send, in which encodings, and what is answered."""

import base64
import gzip
import json
import zlib
from typing import Any

import pytest
from backports import zstd
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import (
    ExportMetricsServiceRequest,
    ExportMetricsServiceResponse,
)

from .api import Api, bearer
from .spans import CALL, PROTOBUF, Tree, put, refused, send, take

pytestmark = pytest.mark.xdist_group("http-otlp")


def export(api: Api, session_id: str) -> Any:
    return api.get(f"/v2/sessions/{session_id}/export")


def as_json(tree: Tree, **given: Any) -> dict[str, Any]:
    """The first span of a trace as OTLP/JSON."""
    span = tree.spans[1]
    facts = {
        "traceId": tree.trace_id.hex(),
        "spanId": span.span_id.hex(),
        "name": span.name,
        "kind": 3,
        "startTimeUnixNano": str(span.start_time_unix_nano),
        "endTimeUnixNano": str(span.end_time_unix_nano),
        "attributes": [{"key": "gen_ai.operation.name", "value": {"stringValue": "chat"}}],
        "status": {"code": "STATUS_CODE_OK"},
    }
    return {"resourceSpans": [{"resource": {}, "scopeSpans": [{"scope": {}, "spans": [{**facts, **given}]}]}]}


def test_a_span_is_an_event_of_its_traces_session_to_the_nanosecond(api: Api) -> None:
    tree = Tree()
    tree.add(1, 0, "answer", **{"shop.customer": "ada"})
    take(api, tree.export())
    (event,) = export(api, tree.session_id)["actions"]
    assert event["init_timestamp"].endswith(f"{tree.spans[1].start_time_unix_nano % 10**9:09d}+00:00")
    assert (event["name"], event["kind"]) == ("answer", "span")
    session = api.get(f"/v2/sessions/{tree.session_id}")
    assert (session["name"], session["is_running"], session["end_state"]) == ("answer", False, "Indeterminate")


@pytest.mark.parametrize(
    "make",
    ["header", "bearer", "basic", "project token", "lower case header", "still encoded", "encoded header", "bare"],
)
def test_whoever_has_the_api_key_may_send(api: Api, make: str) -> None:
    tree = Tree()
    tree.add(1)
    basic = base64.b64encode(f"public:{api.api_key}".encode()).decode()
    headers = {
        "header": {"X-Agentops-Api-Key": api.api_key},
        "lower case header": {"x-agentops-api-key": api.api_key},
        "bearer": bearer(api.api_key),
        "basic": {"Authorization": f"Basic {basic}"},
        "still encoded": {"Authorization": f"Bearer%20{api.api_key}"},
        "encoded header": {"X-Agentops-Api-Key": api.api_key.replace("-", "%2D")},
        "bare": {"Authorization": api.api_key},
    }
    if make == "project token":
        headers[make] = bearer(api.post("/v3/auth/token", {"api_key": api.api_key})["token"])
    answer = api.ask("POST", "/v1/traces", tree.export(), {"Content-Type": PROTOBUF, **headers[make]})
    assert (answer.status, answer.body) == (200, b"")
    assert len(export(api, tree.session_id)["actions"]) == 1


@pytest.mark.parametrize(
    "authorization",
    ["", "Bearer", "Bearer nonsense", "Bearer 3d2a8c1e-5b7f-4e60-9a41-7c0d9e8f1b25", "Basic !", "Basic eA=="],
)
def test_whoever_has_not_is_refused_in_the_encoding_of_the_request(api: Api, authorization: str) -> None:
    headers = {"Authorization": authorization} if authorization else {}
    binary = api.ask("POST", "/v1/traces", b"", {"Content-Type": PROTOBUF, **headers})
    assert (binary.status, binary.headers["Content-Type"], binary.body[:1]) == (401, PROTOBUF, b"\x12")
    text = api.ask("POST", "/v1/traces", b"{}", {"Content-Type": "application/json", **headers})
    assert text.status == 401
    assert text.json()["code"] == "unauthorized"


def test_a_sessions_token_sends_into_its_session_only(api: Api) -> None:
    run, tree = api.start(), Tree()
    tree.add(1, 0, "answer", **{"session.id": "another one"})
    answer = api.ask("POST", "/v1/traces", tree.export(), {"Content-Type": PROTOBUF, **bearer(run.token)})
    assert answer.status == 200
    assert [event["name"] for event in run.export()["actions"]] == ["answer"]
    assert api.get(run.path)["is_running"] is True
    assert api.ask("GET", f"/v2/sessions/{tree.session_id}").status == 404


@pytest.mark.parametrize(
    ("encoding", "pack"), [("gzip", gzip.compress), ("deflate", zlib.compress), ("zstd", zstd.compress)]
)
def test_bodies_may_be_compressed(api: Api, encoding: str, pack: Any) -> None:
    tree = Tree()
    tree.add(1)
    assert send(api, pack(tree.export()), Content_Encoding=encoding).status == 200
    assert len(export(api, tree.session_id)["actions"]) == 1


def test_json_is_answered_in_json(api: Api) -> None:
    tree = Tree()
    tree.add(1, 0, "chat")
    answer = api.ask(
        "POST", "/v1/traces", as_json(tree), {"X-Agentops-Api-Key": api.api_key, "Content-Type": "application/json"}
    )
    assert answer.json() == {}
    exported = export(api, tree.session_id)
    assert [event["name"] for event in exported["llms"]] == ["chat"]
    assert exported["session"]["end_state"] == "Success"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("traceId", "zz"),
        ("traceId", "0" * 32),
        ("traceId", "z" * 32),
        ("spanId", ""),
        ("spanId", "-" * 16),
        ("startTimeUnixNano", "soon"),
        ("endTimeUnixNano", "-5"),
        ("endTimeUnixNano", str(1 << 63)),
        ("attributes", [{"key": "a", "value": {"arrayValue": {"values": "no"}}}, 7, {"key": "b", "value": None}]),
    ],
)
def test_a_bad_span_in_json_is_refused_alone(api: Api, field: str, value: Any) -> None:
    tree = Tree()
    tree.add(1)
    body = as_json(tree)
    bad = as_json(tree, **{"spanId": "00000000000000ff", field: value, "name": "bad"})["resourceSpans"][0][
        "scopeSpans"
    ][0]["spans"]
    body["resourceSpans"][0]["scopeSpans"][0]["spans"] += [*bad, "no object"]
    answer = api.ask(
        "POST", "/v1/traces", body, {"X-Agentops-Api-Key": api.api_key, "Content-Type": "application/json"}
    ).json()["partialSuccess"]
    assert answer["rejectedSpans"] == ("1" if field == "attributes" else "2")
    assert "not a JSON object" in answer["errorMessage"]
    assert len(export(api, tree.session_id)["llms"]) == 1


def test_a_bad_span_in_protobuf_is_refused_alone_with_its_reason(api: Api) -> None:
    tree = Tree()
    tree.add(1)
    tree.add(2, 1).span_id = b"short"
    tree.add(3, 1).end_time_unix_nano = 1 << 63
    count, reasons = refused(send(api, tree.export()))
    assert count == 2
    assert "span_id" in reasons
    assert "end_time_unix_nano" in reasons
    assert len(export(api, tree.session_id)["actions"]) == 1


def test_a_name_that_is_not_utf_8_costs_no_neighbour(api: Api) -> None:
    tree = Tree()
    tree.add(1, 0, "fine")
    tree.add(2, 1, "bad!")
    tree.add(3, 1, "good")
    body = tree.export().replace(b"bad!", b"\xff\xfe\xfd\xfc")
    count, reason = refused(send(api, body))
    assert count == 1
    assert "UTF-8" in reason
    assert {event["name"] for event in export(api, tree.session_id)["actions"]} == {"fine", "good"}


@pytest.mark.parametrize("body", [b"\xff" * 50, b"\x0a\xff\xff\xff\xff\x0f", b"not otlp at all"])
def test_what_is_no_export_is_a_bad_request(api: Api, body: bytes) -> None:
    assert send(api, body).status == 400
    assert send(api, b"{", Content_Type="application/json").status == 400
    assert send(api, b"[" * 100_000, Content_Type="application/json").status == 400


def test_another_content_type_is_not_supported(api: Api) -> None:
    assert send(api, b"", Content_Type="text/plain").status == 415


def test_an_empty_export_is_taken(api: Api) -> None:
    assert refused(send(api, b"")) == (0, "")
    assert send(api, b"{}", Content_Type="application/json").json() == {}


def test_metrics_are_refused_honestly(api: Api) -> None:
    request = ExportMetricsServiceRequest()
    metric = request.resource_metrics.add().scope_metrics.add().metrics.add(name="tokens")
    metric.sum.data_points.add(as_int=1)
    metric.sum.data_points.add(as_int=2)
    answer = send(api, request.SerializeToString(), "/v1/metrics")
    partial = ExportMetricsServiceResponse.FromString(answer.body).partial_success
    assert (answer.status, partial.rejected_data_points) == (200, 2)
    assert "no metrics" in partial.error_message
    points = {"resourceMetrics": [{"scopeMetrics": [{"metrics": [{"name": "t", "gauge": {"dataPoints": [{}]}}]}]}]}
    told = send(api, json.dumps(points).encode(), "/v1/metrics", Content_Type="application/json").json()
    assert told["partialSuccess"]["rejectedDataPoints"] == "1"


def test_a_repeated_export_changes_nothing(api: Api) -> None:
    tree = Tree()
    tree.add(1)
    tree.add(2, 1, "chat", **CALL)
    tree.fail(2, "no")
    take(api, tree.export())
    before = export(api, tree.session_id)
    take(api, tree.export())
    take(api, tree.export(2))
    assert export(api, tree.session_id) == before


def test_a_session_id_that_is_no_uuid_is_one_session_of_the_project(api: Api, own: Api) -> None:
    first, second = Tree(), Tree()
    for tree in (first, second):
        tree.add(1, 0, "turn", **{"session.id": "conversation 7"})
        take(own, tree.export())
    (session,) = own.get("/v2/sessions")["sessions"]
    assert session["stats"]["events"] == 2
    assert session["external_id"] == "conversation 7"
    take(api, first.export())
    assert len(own.get("/v2/sessions")["sessions"]) == 1


def test_a_session_runs_until_its_root_ends_and_late_spans_count(api: Api) -> None:
    tree = Tree()
    tree.add(1, 0, "root")
    tree.add(2, 1)
    tree.add(3, 1)
    tree.fail(1, "it broke")
    take(api, tree.export(2))
    assert api.get(f"/v2/sessions/{tree.session_id}")["is_running"] is True
    take(api, tree.export(1))
    take(api, tree.export(3))
    session = api.get(f"/v2/sessions/{tree.session_id}")
    assert (session["is_running"], session["end_state"], session["end_state_reason"]) == (False, "Failure", "it broke")
    assert session["stats"]["events"] == 4


def test_what_is_not_understood_is_kept_and_can_be_searched(api: Api) -> None:
    tree = Tree()
    tree.add(1, 0, "chat", **CALL, **{"shop.shelf": f"B {tree.start_ns}"})
    put(tree.spans[1].events.add(name="cache miss"), {"key": "x"})
    take(api, tree.export())
    (event,) = export(api, tree.session_id)["llms"]
    whole = api.get(f"/v2/sessions/{tree.session_id}/events/{event['id']}")
    assert f"B {tree.start_ns}" in json.dumps(whole)
    assert "cache miss" in json.dumps(whole)
    for wanted in (f"shop.shelf=B%20{tree.start_ns}", f"otel.trace_id={tree.trace_id.hex()}"):
        assert [row["event_id"] for row in api.get(f"/v2/search?attribute={wanted}")["events"]] == [event["id"]]
