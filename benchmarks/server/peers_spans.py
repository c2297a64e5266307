"""Spans for peers, over OTLP/HTTP, which all of them take: traces of a hundred, and a large one, of 3 KB each."""

import random
import time
from collections.abc import Iterator

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from benchmarks.server.load import Events

SPANS_PER_TRACE = 100
BATCH_SPANS = 100
NS = 1_000_000_000
# One span in a thousand has it, and no other text does.
RARE_WORD = "needleneedle"


def iter_bodies(spans: int, large: int) -> Iterator[bytes]:
    """Export requests with so many spans in all, after a trace of `large` spans."""
    maker = random.Random(1)
    events, now_ns = Events(), time.time_ns()
    batch: list[Span] = []
    for trace, size in enumerate([large, *[SPANS_PER_TRACE] * ((spans - large) // SPANS_PER_TRACE)]):
        began_ns = now_ns - 6 * 86_400 * NS + trace * 6 * 86_400 * NS * SPANS_PER_TRACE // spans
        for place in range(size):
            batch.append(_span(maker, events, trace, place, began_ns))
            if len(batch) == BATCH_SPANS:
                yield _body(batch)
                batch = []
    if batch:
        yield _body(batch)


def trace_id(trace: int) -> bytes:
    """The id of a trace by its number; the large one has the first."""
    return (trace + 1).to_bytes(16, "big")


def _span(maker: random.Random, events: Events, trace: int, place: int, began_ns: int) -> Span:
    prompt, completion = events.texts()
    if (trace * SPANS_PER_TRACE + place) % 1000 == 7:
        prompt += f" {RARE_WORD}"
    start_ns = began_ns + place * 1_000_000
    return Span(
        trace_id=trace_id(trace),
        span_id=((trace << 24) + place + 1).to_bytes(8, "big"),
        parent_span_id=b"" if place == 0 else ((trace << 24) + 1).to_bytes(8, "big"),
        name="agent" if place == 0 else "llm",
        start_time_unix_nano=start_ns,
        end_time_unix_nano=start_ns + maker.randrange(NS // 10, 4 * NS),
        attributes=[
            _text("openinference.span.kind", "AGENT" if place == 0 else "LLM"),
            _text("session.id", f"session-{trace}"),
            _text("llm.model_name", "gpt-4o"),
            _text("input.value", prompt),
            _text("output.value", completion),
            KeyValue(key="llm.token_count.prompt", value=AnyValue(int_value=500 + place)),
            KeyValue(key="llm.token_count.completion", value=AnyValue(int_value=250)),
        ],
    )


def _text(key: str, value: str) -> KeyValue:
    return KeyValue(key=key, value=AnyValue(string_value=value))


def _body(spans: list[Span]) -> bytes:
    request = ExportTraceServiceRequest()
    request.resource_spans.add().scope_spans.add().spans.extend(spans)
    return request.SerializeToString()
