"""OTLP in its protobuf encoding.

An export is parsed as a whole. Where that fails, its spans are cut out of it and parsed each for itself, so that one
name which is not UTF-8 costs no other span.
"""

from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from google.protobuf.message import DecodeError  # type: ignore[import-untyped]
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import InstrumentationScope
from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord as LogMessage
from opentelemetry.proto.resource.v1.resource_pb2 import Resource
from opentelemetry.proto.trace.v1.trace_pb2 import Span as SpanMessage

from agentops_server.errors import BadRequest
from agentops_server.wire.otlp.checks import UnreadableError, check_ids, check_time
from agentops_server.wire.otlp.model import Export, LogRecord, Moment, Source, Span, Values
from agentops_server.wire.otlp.splitting import split_export

_Item = tuple[Source, Any]


def decode_traces(body: bytes) -> Export:
    """The spans of an ExportTraceServiceRequest.

    Raises:
        BadRequest: The body is not one.
    """
    return _decode(body, ExportTraceServiceRequest, _spans_of, SpanMessage, _add_span)


def decode_logs(body: bytes) -> Export:
    """The records of an ExportLogsServiceRequest; raises `BadRequest` when the body is not one."""
    return _decode(body, ExportLogsServiceRequest, _records_of, LogMessage, _add_record)


def count_points(body: bytes) -> int:
    """How many data points an ExportMetricsServiceRequest has; raises `BadRequest` when the body is not one."""
    try:
        request = ExportMetricsServiceRequest.FromString(body)
    except DecodeError as error:
        raise _not_otlp(error) from None
    metrics = (m for r in request.resource_metrics for scope in r.scope_metrics for m in scope.metrics)
    return sum(len(getattr(metric, metric.WhichOneof("data") or "gauge").data_points) for metric in metrics)


def _decode(
    body: bytes,
    request_type: Any,
    items_of: Callable[[Any], Iterator[_Item]],
    item_type: Any,
    add: Callable[[Export, Source, Any], None],
) -> Export:
    export = Export()
    try:
        items: Iterable[_Item] = items_of(request_type.FromString(body))
    except DecodeError as error:
        items = _salvage(body, item_type, export, error)
    for source, message in items:
        try:
            add(export, source, message)
        except (UnreadableError, RecursionError) as error:
            export.rejections.append(str(error))
    return export


def _salvage(body: bytes, item_type: Any, export: Export, error: DecodeError) -> Iterator[_Item]:
    try:
        parts = split_export(body)
    except ValueError:
        raise _not_otlp(error) from None
    for part in parts:
        try:
            resource, scope = Resource.FromString(part.resource), InstrumentationScope.FromString(part.scope)
            message = item_type.FromString(part.item)
        except DecodeError as reason:
            export.rejections.append(f"not a valid message: {reason}")
            continue
        yield Source(read_attributes(resource.attributes), scope.name, scope.version), message


def _not_otlp(error: DecodeError) -> BadRequest:
    return BadRequest(f"the body is not an OTLP export request in protobuf: {error}")


def _spans_of(request: Any) -> Iterator[_Item]:
    for part in request.resource_spans:
        resource = read_attributes(part.resource.attributes)
        for scoped in part.scope_spans:
            source = Source(resource, scoped.scope.name, scoped.scope.version)
            for span in scoped.spans:
                yield source, span


def _records_of(request: Any) -> Iterator[_Item]:
    for part in request.resource_logs:
        resource = read_attributes(part.resource.attributes)
        for scoped in part.scope_logs:
            source = Source(resource, scoped.scope.name, scoped.scope.version)
            for record in scoped.log_records:
                yield source, record


def _add_span(export: Export, source: Source, message: Any) -> None:
    trace_id, span_id = message.trace_id.hex(), message.span_id.hex()
    check_ids(trace_id, span_id)
    parent_id = message.parent_span_id.hex()
    status, status_message = 0, ""
    if message.HasField("status"):
        status, status_message = message.status.code, message.status.message
    span = Span(
        trace_id,
        span_id,
        parent_id if len(parent_id) == 16 and parent_id.strip("0") else "",
        message.name,
        message.kind,
        check_time(message.start_time_unix_nano, "start_time_unix_nano"),
        check_time(message.end_time_unix_nano, "end_time_unix_nano"),
        read_attributes(message.attributes),
        source,
        [Moment(each.name, each.time_unix_nano, read_attributes(each.attributes)) for each in message.events],
        [_read_link(link) for link in message.links],
        status,
        status_message,
    )
    export.spans.append(span)


def _read_link(link: Any) -> Values:
    ids = {"trace_id": link.trace_id.hex(), "span_id": link.span_id.hex()}
    return {**ids, **read_attributes(link.attributes)}


def _add_record(export: Export, source: Source, message: Any) -> None:
    export.records.append(
        LogRecord(
            trace_id=message.trace_id.hex(),
            span_id=message.span_id.hex(),
            event_name=message.event_name,
            at_ns=check_time(message.time_unix_nano or message.observed_time_unix_nano, "time_unix_nano"),
            severity=message.severity_text,
            body=_value(message.body),
            attributes=read_attributes(message.attributes),
            source=source,
        )
    )


def read_attributes(pairs: Iterable[Any]) -> Values:
    """Key-value pairs as a dictionary; of a key that is there twice the last one stands."""
    # Most values are text; asking for the text of one that is not gives "".
    return {pair.key: (value := pair.value).string_value or _value(value) for pair in pairs}


def _value(value: Any) -> Any:
    kind = value.WhichOneof("value")
    if kind is None:
        return None
    if kind == "array_value":
        return [_value(each) for each in value.array_value.values]
    if kind == "kvlist_value":
        return read_attributes(value.kvlist_value.values)
    if kind == "bytes_value":
        return b64encode(value.bytes_value).decode()
    return getattr(value, kind)
