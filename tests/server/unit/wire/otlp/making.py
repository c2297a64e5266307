"""Spans for tests of what they become."""

from typing import Any

from agentops_server.domain.ids import ProjectId
from agentops_server.domain.tracing import SpanRecord
from agentops_server.wire.otlp.decoding import decode_export
from agentops_server.wire.otlp.model import Export, Moment, Source, Span
from agentops_server.wire.otlp.origins import Sender
from tests.server.making import NOON_NS, make_origin

SENDER = Sender(ProjectId(make_origin().project_id), NOON_NS)
TRACE_ID = "0af7651916cd43dd8448eb211c80319c"


def make_span(attributes: dict[str, Any], number: int = 1, **given: Any) -> Span:
    facts: dict[str, Any] = {
        "trace_id": TRACE_ID,
        "span_id": f"{number:016x}",
        "parent_id": "",
        "name": "step",
        "kind": 1,
        "start_ns": NOON_NS,
        "end_ns": NOON_NS + 1_000_000,
        "source": Source({"service.name": "shop"}, given.pop("scope", "")),
    }
    return Span(attributes=attributes, **{**facts, **given})


def read_span(attributes: dict[str, Any], *moments: tuple[str, dict[str, Any]], **given: Any) -> SpanRecord:
    """What a span with these attributes and span events becomes."""
    listed = [Moment(name, NOON_NS + 1000 * number, held) for number, (name, held) in enumerate(moments, 1)]
    return decode_export(Export([make_span(attributes, moments=listed, **given)]), SENDER).spans[0]
