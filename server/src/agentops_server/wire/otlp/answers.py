"""What an export is answered with, in the encoding in which it was asked."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

import msgspec
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceResponse
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceResponse
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceResponse

_SHOWN_REASONS = 5


class Encoding(StrEnum):
    """The two encodings of OTLP over HTTP, by their content types."""

    PROTOBUF = "application/x-protobuf"
    JSON = "application/json"


class Signal(StrEnum):
    """What is exported, by the name that its answer counts refusals under."""

    TRACES = "rejected_spans"
    LOGS = "rejected_log_records"
    METRICS = "rejected_data_points"


_RESPONSES: dict[Signal, Any] = {
    Signal.TRACES: ExportTraceServiceResponse,
    Signal.LOGS: ExportLogsServiceResponse,
    Signal.METRICS: ExportMetricsServiceResponse,
}


def explain(reasons: Sequence[str]) -> str:
    """The reasons of refusals as one text: each once, with how often, and not too many."""
    counted = {reason: reasons.count(reason) for reason in list(dict.fromkeys(reasons))[:_SHOWN_REASONS]}
    texts = [reason if count == 1 else f"{reason} ({count} times)" for reason, count in counted.items()]
    left = len(set(reasons)) - len(counted)
    return "; ".join([*texts, f"and {left} other reasons"] if left else texts)


def encode_answer(signal: Signal, encoding: Encoding, rejected: int, message: str) -> bytes:
    """The answer to an export that was taken, in whole or in part."""
    if encoding is Encoding.PROTOBUF:
        response = _RESPONSES[signal]()
        if rejected or message:
            setattr(response.partial_success, signal.value, rejected)
            response.partial_success.error_message = message
        return bytes(response.SerializeToString())
    if not rejected and not message:
        return b"{}"
    first, *others = signal.value.split("_")
    name = first + "".join(word.capitalize() for word in others)
    return msgspec.json.encode({"partialSuccess": {name: str(rejected), "errorMessage": message}})


def encode_status(message: str) -> bytes:
    """A ``google.rpc.Status`` with this message in protobuf: what an export that was not taken is answered with."""
    text = message.encode(errors="replace")
    length, size = bytearray(), len(text)
    while size > 0x7F:
        length.append(size & 0x7F | 0x80)
        size >>= 7
    return b"\x12" + bytes([*length, size]) + text
