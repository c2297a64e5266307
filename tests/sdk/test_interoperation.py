"""A session that spans this SDK and plain OpenTelemetry, both ways, on a real server."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
import urllib3
from opentelemetry import propagate
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor, SpanExporter, SpanExportResult

import agentops
from tests.serving import Reader, Server


class Exporter(SpanExporter):
    """OTLP over HTTP, as JSON."""

    def __init__(self, server: Server) -> None:
        self._url = f"{server.url}/v1/traces"
        self._headers = {"Authorization": f"Bearer {server.api_key}", "Content-Type": "application/json"}

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        body = {"resourceSpans": [{"scopeSpans": [{"spans": [to_json(span) for span in spans]}]}]}
        answer = urllib3.request("POST", self._url, body=json.dumps(body), headers=self._headers)
        return SpanExportResult.SUCCESS if answer.status == 200 else SpanExportResult.FAILURE


def to_json(span: ReadableSpan) -> dict[str, str]:
    context = span.get_span_context()
    assert context is not None
    parent = {} if span.parent is None else {"parentSpanId": format(span.parent.span_id, "016x")}
    ids = {"traceId": format(context.trace_id, "032x"), "spanId": format(context.span_id, "016x"), **parent}
    return {
        **ids,
        "name": span.name,
        "startTimeUnixNano": str(span.start_time),
        "endTimeUnixNano": str(span.end_time),
    }


@pytest.fixture(scope="module")
def real_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("server"))
    server.start()
    yield server
    server.stop()


@pytest.fixture
def provider(real_server: Server) -> Iterator[TracerProvider]:
    """Of a program that has never heard of us, and exports here."""
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(Exporter(real_server)))
    yield provider
    provider.shutdown()


@pytest.fixture
def ready(real_server: Server, client: object, spool_dir: object) -> Reader:
    del client, spool_dir
    agentops.init(real_server.api_key, endpoint=real_server.url, auto_start_session=False, env_data_opt_out=True)
    return Reader(real_server.url, real_server.api_key)


def rows_of(export: dict[str, Any]) -> dict[str, Any]:
    return {row["name"] or row["kind"]: row for kind in ("llms", "tools", "actions") for row in export[kind]}


def test_what_a_foreign_caller_calls_hangs_below_its_span(provider: TracerProvider, ready: Reader) -> None:
    @agentops.tool
    def look_up() -> None: ...

    headers: dict[str, str] = {}
    with provider.get_tracer("foreign").start_as_current_span("call"):
        propagate.inject(headers)
        with agentops.continue_session(headers) as session:
            look_up()
    assert agentops.flush(30)
    export = ready.export(str(session.session_id))
    rows = rows_of(export)
    assert rows["look_up"]["parent_id"] == rows["call"]["id"]
    assert export["stats"]["tools"] == 1


def test_what_a_service_with_plain_opentelemetry_exports_is_in_our_session(
    provider: TracerProvider, ready: Reader
) -> None:
    with agentops.start_trace("ours") as trace:  # type: ignore[union-attr]
        agentops.record(agentops.ActionEvent("call", name="call"))
        context = propagate.extract(agentops.inject_headers())
        with provider.get_tracer("foreign").start_as_current_span("serve", context=context):
            pass
    assert agentops.flush(30)
    export = ready.export(str(trace.session.session_id))
    assert set(rows_of(export)) == {"call", "serve"}
    assert export["session"]["end_state"] == "Success"
    assert export["session"]["name"] == "ours"
