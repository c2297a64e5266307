"""OTLP over gRPC, with the exporter that OpenTelemetry publishes, and with what no exporter would send."""

import gzip
import re
import time
from collections.abc import Iterator
from typing import Any

import grpc
import pytest
from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.logs.v1.logs_service_pb2_grpc import LogsServiceStub
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2_grpc import MetricsServiceStub
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)
from opentelemetry.proto.collector.trace.v1.trace_service_pb2_grpc import TraceServiceStub
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor

from tests.serving import Server

from .api import Api
from .spans import CALL, Tree

pytestmark = pytest.mark.xdist_group("http-otlp-grpc")

BODY_LIMIT = 1 << 20
EXPORT = "/opentelemetry.proto.collector.trace.v1.TraceService/Export"


@pytest.fixture(scope="module")
def grpc_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    env = {"AGENTOPS_GRPC_PORT": "0", "AGENTOPS_MAX_BODY_BYTES": str(BODY_LIMIT)}
    server = Server(tmp_path_factory.mktemp("grpc"), env=env)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def address(grpc_server: Server) -> str:
    deadline = time.monotonic() + 60
    while (found := re.search(r"gRPC +http://(\S+)", "".join(grpc_server.printed))) is None:
        assert time.monotonic() < deadline, grpc_server.printed
        time.sleep(0.01)
    return found[1]


@pytest.fixture
def channel(address: str) -> Iterator[grpc.Channel]:
    with grpc.insecure_channel(address) as opened:
        yield opened


@pytest.fixture
def api(grpc_server: Server) -> Api:
    return Api(grpc_server.url, grpc_server.api_key)


def key_of(api: Api) -> list[tuple[str, str]]:
    return [("x-agentops-api-key", api.api_key)]


def request_of(tree: Tree) -> ExportTraceServiceRequest:
    return ExportTraceServiceRequest.FromString(tree.export())


def refusal_of(call: Any) -> tuple[str, str]:
    with pytest.raises(grpc.RpcError) as caught:
        call()
    return caught.value.code().name, caught.value.details()


@pytest.mark.parametrize("compression", [grpc.Compression.NoCompression, grpc.Compression.Gzip])
@pytest.mark.parametrize("headers", ["x-agentops-api-key={}", "authorization=Bearer%20{}"])
def test_the_published_exporter_is_understood(
    api: Api, address: str, compression: Any, headers: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_HEADERS", headers.format(api.api_key))
    provider = TracerProvider(resource=Resource.create({"service.name": "shop"}))
    exporter = OTLPSpanExporter(endpoint=f"http://{address}", compression=compression)
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    with provider.get_tracer("test").start_as_current_span("chat gpt-4o", attributes=CALL) as span:
        trace_id = span.get_span_context().trace_id
    provider.shutdown()
    session = api.get(f"/v2/sessions/{trace_id:032x}/export")
    (call,) = session["llms"]
    assert call["model"] == CALL["gen_ai.request.model"]


def test_what_is_answered_is_stored_and_its_refusals_are_counted(api: Api, channel: grpc.Channel) -> None:
    tree = Tree()
    tree.add(1)
    request = request_of(tree)
    bad = request.resource_spans[0].scope_spans[0].spans.add()
    bad.name = "without ids"
    answer = TraceServiceStub(channel).Export(request, metadata=key_of(api))
    assert isinstance(answer, ExportTraceServiceResponse)
    assert answer.partial_success.rejected_spans == 1
    assert "trace" in answer.partial_success.error_message
    assert len(api.get(f"/v2/sessions/{tree.session_id}/export")["actions"]) == 1


def test_logs_are_stored_and_metrics_are_told_that_they_are_not(api: Api, channel: grpc.Channel) -> None:
    logs = ExportLogsServiceRequest()
    record = logs.resource_logs.add().scope_logs.add().log_records.add()
    record.trace_id, record.span_id, record.time_unix_nano = bytes(15) + b"\7", bytes(7) + b"\1", time.time_ns()
    record.event_name = "device.app.crash"
    assert not LogsServiceStub(channel).Export(logs, metadata=key_of(api)).HasField("partial_success")
    assert len(api.get(f"/v2/sessions/{record.trace_id.hex()}/export")["actions"]) == 1
    metrics = ExportMetricsServiceRequest()
    metric = metrics.resource_metrics.add().scope_metrics.add().metrics.add()
    metric.gauge.data_points.add().as_int = 1
    answer = MetricsServiceStub(channel).Export(metrics, metadata=key_of(api))
    assert answer.partial_success.rejected_data_points == 1
    assert "OTEL_METRICS_EXPORTER=none" in answer.partial_success.error_message


def test_who_has_no_key_is_told_how_to_send_one(channel: grpc.Channel) -> None:
    code, message = refusal_of(lambda: TraceServiceStub(channel).Export(ExportTraceServiceRequest()))
    assert code == "UNAUTHENTICATED"
    assert "X-Agentops-Api-Key" in message


def test_bytes_that_are_no_export_are_refused(api: Api, channel: grpc.Channel) -> None:
    send = channel.unary_unary(EXPORT)
    code, message = refusal_of(lambda: send(b"\xff" * 40, metadata=key_of(api)))
    assert code == "INVALID_ARGUMENT"
    assert message


def test_a_body_over_the_limit_is_refused_even_where_it_is_small_while_compressed(
    api: Api, address: str, channel: grpc.Channel
) -> None:
    tree = Tree()
    tree.add(1, text="x" * 2 * BODY_LIMIT)
    export = TraceServiceStub(channel).Export
    assert len(gzip.compress(tree.export())) < BODY_LIMIT / 10
    for compression in (grpc.Compression.NoCompression, grpc.Compression.Gzip):
        code, _ = refusal_of(
            lambda compression=compression: export(request_of(tree), metadata=key_of(api), compression=compression)
        )
        assert code == "RESOURCE_EXHAUSTED"
    small = Tree()
    small.add(1)
    export(request_of(small), metadata=key_of(api))


def test_an_export_that_was_answered_survives_a_kill(grpc_server: Server, api: Api, address: str) -> None:
    tree = Tree()
    tree.add(1)
    with grpc.insecure_channel(address) as channel:
        TraceServiceStub(channel).Export(request_of(tree), metadata=key_of(api))
    grpc_server.kill9()
    grpc_server.start()
    assert len(api.get(f"/v2/sessions/{tree.session_id}/export")["actions"]) == 1
