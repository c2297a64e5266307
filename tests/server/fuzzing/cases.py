"""Requests of which one item is odd and its two neighbours are not."""

import json
import random
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue
from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from agentops_server.wire.v2.shape import WireEvent
from tests.contract.otlp.outline import body_of, is_traces, read_requests, sample_names
from tests.server.fuzzing.values import NAMES, ODD_NUMBERS, WORDS, broken, tree
from tests.server.making import NOON_NS

PROTOBUF, JSON = "application/x-protobuf", "application/json"
_FIELDS = WireEvent.__struct_fields__
_KINDS = ("llms", "tools", "actions", "errors", "chain")
_SPAN_KEYS = ("traceId", "spanId", "parentSpanId", "name", "kind", "startTimeUnixNano", "endTimeUnixNano", "attributes")
_MORE_SPAN_KEYS = (*_SPAN_KEYS, "events", "links", "status", "trace_id", "span_id", "start_time_unix_nano")


@dataclass(frozen=True)
class Case:
    """A request. `good` are the ids of its items that must be taken; `items` how many it has, None if nobody knows."""

    path: str
    content_type: str
    body: bytes
    good: tuple[str, ...] = ()
    items: int | None = None


class Cases:
    """Makes cases. Those of one seed are the same ones, always."""

    def __init__(self, seed: int) -> None:
        self._maker = random.Random(seed)
        self._spans = list_sample_spans()
        self._ways: tuple[Callable[[], Case], ...] = (
            *(self._odd_attributes, self._odd_attributes, self._broken_span, self._broken_span),
            *(
                self._odd_json_span,
                self._odd_record,
                self._odd_json_record,
                self._odd_event,
                self._broken_body,
                self._broken_events,
            ),
        )

    def next(self) -> Case:
        return self._maker.choice(self._ways)()

    def _id(self) -> bytes:
        return self._maker.randbytes(7) + b"\x01"

    def _good_span(self, trace_id: bytes) -> tuple[str, bytes]:
        span_id = self._id()
        span = Span(trace_id=trace_id, span_id=span_id, name="good", start_time_unix_nano=NOON_NS)
        return span_id.hex(), span.SerializeToString()

    def _between(self, odd: bytes, trace_id: bytes) -> Case:
        (first, before), (last, after) = self._good_span(trace_id), self._good_span(trace_id)
        scoped = b"".join(_field(2, item) for item in (before, odd, after))
        return Case("/v1/traces", PROTOBUF, _field(1, _field(2, scoped)), (first, last), 3)

    def _broken_span(self) -> Case:
        """A span of a published library, damaged."""
        return self._between(broken(self._maker, self._maker.choice(self._spans)), self._id() * 2)

    def _odd_attributes(self) -> Case:
        """Attributes that dialects look for, with anything in them."""
        trace_id = self._id() * 2
        span = Span(trace_id=trace_id, span_id=self._id(), name=self._maker.choice(WORDS))
        span.start_time_unix_nano = self._maker.choice((0, 1, NOON_NS, (1 << 64) - 1))
        span.end_time_unix_nano = self._maker.choice((0, NOON_NS, NOON_NS + 1, (1 << 63)))
        span.status.code = self._maker.randrange(4)
        for _ in range(self._maker.randrange(7)):
            self._fill(span.attributes.add(key=self._maker.choice(NAMES)).value)
        for _ in range(self._maker.randrange(3)):
            moment = span.events.add(name=self._maker.choice(("exception", "gen_ai.choice", "gen_ai.user.message", "")))
            self._fill(moment.attributes.add(key=self._maker.choice(NAMES)).value)
        return self._between(span.SerializeToString(), trace_id)

    def _fill(self, value: AnyValue, depth: int = 2) -> None:
        way = self._maker.randrange(6 if depth else 4)
        if way == 0:
            value.string_value = str(tree(self._maker))
        elif way == 1:
            value.string_value = json.dumps(tree(self._maker))
        elif way == 2:
            value.double_value = float(self._maker.choice(ODD_NUMBERS))
        elif way == 3:
            value.bytes_value = self._maker.randbytes(3)
        elif way == 4:
            for _ in range(self._maker.randrange(3)):
                self._fill(value.array_value.values.add(), depth - 1)
        else:
            for _ in range(self._maker.randrange(3)):
                pair = value.kvlist_value.values.add(key=self._maker.choice(NAMES))
                self._fill(pair.value, depth - 1)

    def _odd_json_span(self) -> Case:
        trace_id = (self._id() * 2).hex()
        good = [
            {"traceId": trace_id, "spanId": self._id().hex(), "name": "good", "startTimeUnixNano": "1"} for _ in "ab"
        ]
        odd: Any = {key: tree(self._maker) for key in self._maker.sample(_MORE_SPAN_KEYS, self._maker.randrange(6))}
        if self._maker.random() < 0.6:
            odd = {**good[0], "spanId": self._maker.choice((self._id().hex(), "z" * 16)), **odd}
        elif self._maker.random() < 0.3:
            odd = tree(self._maker)
        items = [good[0], odd, good[1]]
        body = json.dumps({"resourceSpans": [{"scopeSpans": [{"spans": items}]}]}).encode()
        return Case("/v1/traces", JSON, body, tuple(each["spanId"] for each in good), 3)

    def _odd_record(self) -> Case:
        """A log record, by itself: it may be damaged, or about no session."""
        record = LogRecord(trace_id=self._id() * 2, span_id=self._id(), time_unix_nano=NOON_NS)
        record.event_name = self._maker.choice(("gen_ai.user.message", "gen_ai.choice", "other", ""))
        self._fill(record.body)
        for _ in range(self._maker.randrange(4)):
            self._fill(record.attributes.add(key=self._maker.choice(NAMES)).value)
        item = record.SerializeToString()
        if self._maker.random() < 0.5:
            item = broken(self._maker, item)
        return Case("/v1/logs", PROTOBUF, _field(1, _field(2, _field(2, item))), (), 1)

    def _odd_json_record(self) -> Case:
        keys = ("traceId", "spanId", "eventName", "timeUnixNano", "body", "attributes", "severityText")
        odd: Any = {key: tree(self._maker) for key in self._maker.sample(keys, self._maker.randrange(6))}
        if self._maker.random() < 0.5:
            odd["traceId"] = self._maker.choice(
                ((self._id() * 2).hex(), "z" * 32, "-" * 32, "AAAAAAAAAAAAAAAAAAAAAQ==")
            )
        body = json.dumps({"resourceLogs": [{"scopeLogs": [{"logRecords": [odd]}]}]}).encode()
        return Case("/v1/logs", JSON, body, (), 1)

    def _event(self) -> dict[str, Any]:
        event_id = str(uuid.UUID(int=self._maker.getrandbits(128)))
        return {"id": event_id, "event_type": self._maker.choice(_KINDS), "prompt": [{"role": "user", "content": "x"}]}

    def _odd_event(self) -> Case:
        good = [self._event(), self._event()]
        odd: Any = self._event() if self._maker.random() < 0.7 else {}
        odd |= {key: tree(self._maker) for key in self._maker.sample(_FIELDS, self._maker.randrange(6))}
        items = [good[0], odd if self._maker.random() < 0.9 else tree(self._maker), good[1]]
        body = json.dumps({"events": items}).encode()
        return Case("/v2/create_events", JSON, body, tuple(each["id"] for each in good), 3)

    def _broken_body(self) -> Case:
        """An export that is damaged wherever chance wants: nothing can be expected of it."""
        whole = self._between(self._maker.choice(self._spans), self._id() * 2)
        return Case(whole.path, whole.content_type, broken(self._maker, whole.body))

    def _broken_events(self) -> Case:
        body = json.dumps({"events": [self._event(), self._event()]}).encode()
        return Case("/v2/create_events", JSON, broken(self._maker, body))


def list_sample_spans() -> list[bytes]:
    """Spans of the published libraries, as they were recorded."""
    spans = []
    for name in sample_names():
        for request in filter(is_traces, read_requests(name)):
            if "protobuf" in str(request["headers"]):
                export = ExportTraceServiceRequest.FromString(body_of(request))
                parts = (scoped for resource in export.resource_spans for scoped in resource.scope_spans)
                spans += [span.SerializeToString() for scoped in parts for span in scoped.spans]
    return [span for span in spans if len(span) < 8000]


def _field(number: int, content: bytes) -> bytes:
    length, size = bytearray(), len(content)
    while size > 0x7F:
        length.append(size & 0x7F | 0x80)
        size >>= 7
    return bytes([number << 3 | 2, *length, size]) + content
