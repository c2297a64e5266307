"""OTLP in its JSON encoding: ids in hexadecimal, 64-bit numbers as text, enums as numbers or names.

Read field by field and with tolerance, because every sender's encoder differs: snake_case names are taken as well, and
ids in base64, which is what a protobuf library's own JSON has.
"""

from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from agentops_server.wire.body import decode_body
from agentops_server.wire.otlp.checks import UnreadableError, check_ids, check_time
from agentops_server.wire.otlp.model import Export, LogRecord, Moment, Source, Span, Values

_DEEPEST = 100
_LONGEST_NUMBER = 40
_HEX = frozenset("0123456789abcdefABCDEF")


def decode_traces(body: bytes) -> Export:
    """The spans of an ExportTraceServiceRequest.

    Raises:
        BadRequest: The body is not one.
    """
    return _decode(_parts(body, "resourceSpans"), ("scopeSpans", "spans"), _add_span)


def decode_logs(body: bytes) -> Export:
    """The records of an ExportLogsServiceRequest; raises `BadRequest` when the body is not one."""
    return _decode(_parts(body, "resourceLogs"), ("scopeLogs", "logRecords"), _add_record)


def count_points(body: bytes) -> int:
    """How many data points an ExportMetricsServiceRequest has; raises `BadRequest` when the body is not one."""
    metrics = (metric for _, metric in _items(_parts(body, "resourceMetrics"), ("scopeMetrics", "metrics")))
    data = (each for metric in metrics if isinstance(metric, dict) for each in metric.values())
    return sum(len(_list(each, "dataPoints")) for each in data if isinstance(each, dict))


def _parts(body: bytes, name: str) -> list[Any]:
    return _list(decode_body(body, dict[str, Any]), name)


def _decode(parts: list[Any], names: tuple[str, str], add: Callable[[Export, Source, Any], None]) -> Export:
    export = Export()
    for source, item in _items(parts, names):
        try:
            if not isinstance(item, dict):
                raise UnreadableError("not a JSON object")  # noqa: TRY301 - counted with the others
            add(export, source, item)
        except UnreadableError as error:
            export.rejections.append(str(error))
    return export


def _items(parts: list[Any], names: tuple[str, str]) -> Iterator[tuple[Source, Any]]:
    for part in parts:
        if not isinstance(part, dict):
            continue
        resource = _attributes(_find(part, "resource"))
        for scoped in _list(part, names[0]):
            if isinstance(scoped, dict):
                scope = _find(scoped, "scope")
                source = Source(resource, _text(scope, "name"), _text(scope, "version"))
                for item in _list(scoped, names[1]):
                    yield source, item


def _add_span(export: Export, source: Source, item: Any) -> None:
    trace_id, span_id = _id(item, "traceId", 16), _id(item, "spanId", 8)
    check_ids(trace_id, span_id)
    if not _HEX.issuperset(trace_id + span_id):
        raise UnreadableError(f"trace_id {trace_id!r} or span_id {span_id!r} is not hexadecimal")
    parent_id = _find_id(item, "parentSpanId", 8)
    status = _find(item, "status")
    span = Span(
        trace_id=trace_id,
        span_id=span_id,
        parent_id=parent_id if parent_id.strip("0") else "",
        name=_text(item, "name"),
        kind=_enum(item, "kind", "SPAN_KIND_", ("UNSPECIFIED", "INTERNAL", "SERVER", "CLIENT", "PRODUCER", "CONSUMER")),
        start_ns=_time(item, "startTimeUnixNano"),
        end_ns=_time(item, "endTimeUnixNano"),
        attributes=_attributes(item),
        source=source,
        status=_enum(status, "code", "STATUS_CODE_", ("UNSET", "OK", "ERROR")),
        status_message=_text(status, "message"),
    )
    for event in _list(item, "events"):
        if isinstance(event, dict):
            span.moments.append(Moment(_text(event, "name"), _time(event, "timeUnixNano"), _attributes(event)))
    for link in _list(item, "links"):
        if isinstance(link, dict):
            ids = {"trace_id": _id(link, "traceId", 16), "span_id": _id(link, "spanId", 8)}
            span.links.append({**ids, **_attributes(link)})
    export.spans.append(span)


def _add_record(export: Export, source: Source, item: Any) -> None:
    export.records.append(
        LogRecord(
            trace_id=_find_id(item, "traceId", 16),
            span_id=_find_id(item, "spanId", 8),
            event_name=_text(item, "eventName"),
            at_ns=_time(item, "timeUnixNano") or _time(item, "observedTimeUnixNano"),
            severity=_text(item, "severityText"),
            body=_value(_find(item, "body"), 0),
            attributes=_attributes(item),
            source=source,
        )
    )


def _find(item: Any, name: str) -> Any:
    """A field by its JSON name, or by its name in the .proto file."""
    if not isinstance(item, dict):
        return None
    if name in item:
        return item[name]
    return item.get(_snake_case(name))


@cache
def _snake_case(name: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)


def _list(item: Any, name: str) -> list[Any]:
    value = _find(item, name)
    return value if isinstance(value, list) else []


def _text(item: Any, name: str) -> str:
    value = _find(item, name)
    return value if isinstance(value, str) else ""


def _find_id(item: Any, name: str, size_bytes: int) -> str:
    """The id in hexadecimal; "" where there is none, or what is there is none."""
    text = _id(item, name, size_bytes)
    return text if len(text) == 2 * size_bytes and _HEX.issuperset(text) else ""


def _id(item: Any, name: str, size_bytes: int) -> str:
    text = _text(item, name)
    if len(text) == 2 * size_bytes and _HEX.issuperset(text):
        return text.lower()
    try:
        decoded = b64decode(text, validate=True)
    except (Base64Error, ValueError):
        return text
    return decoded.hex() if len(decoded) == size_bytes else text


def _enum(item: Any, name: str, prefix: str, names: tuple[str, ...]) -> int:
    value = _find(item, name)
    if isinstance(value, str):
        value = value.removeprefix(prefix)
        return names.index(value) if value in names else 0
    return value if isinstance(value, int) and 0 <= value < len(names) else 0


def _time(item: Any, name: str) -> int:
    value = _find(item, name)
    number = _number(value)
    if number is None and value is not None:
        raise UnreadableError(f"{name} {str(value)[:40]!r} is not a whole number of nanoseconds since 1970")
    return check_time(number or 0, name)


def _number(value: Any) -> int | None:
    if isinstance(value, str) and len(value) <= _LONGEST_NUMBER and value.lstrip("-").isdecimal() and value.isascii():
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _attributes(item: Any, depth: int = 0, name: str = "attributes") -> Values:
    pairs = (pair for pair in _list(item, name) if isinstance(pair, dict))
    return {_text(pair, "key"): _value(_find(pair, "value"), depth) for pair in pairs}


def _value(value: Any, depth: int) -> Any:
    if depth > _DEEPEST:
        raise UnreadableError(f"an attribute is nested deeper than {_DEEPEST} levels")
    if not isinstance(value, dict):
        return None
    if "intValue" in value or "int_value" in value:
        raw = _find(value, "intValue")
        number = _number(raw)
        return number if number is not None else raw
    for name in ("stringValue", "boolValue", "doubleValue", "bytesValue"):
        if (found := _find(value, name)) is not None:
            return found
    if (inner := _find(value, "arrayValue")) is not None:
        return [_value(each, depth + 1) for each in _list(inner, "values")]
    if (inner := _find(value, "kvlistValue")) is not None:
        return _attributes(inner, depth + 1, "values")
    return None
