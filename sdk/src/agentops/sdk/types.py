"""Types of SDK 0.4, for programs that name them."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import SpanProcessor
    from opentelemetry.sdk.trace.export import SpanExporter


class TracingConfig(TypedDict, total=False):
    """Options as a mapping. Here they are those of `agentops.init`, which says what of these it does not know."""

    service_name: str | None
    exporter: SpanExporter | None
    processor: SpanProcessor | None
    exporter_endpoint: str | None
    metrics_endpoint: str | None
    api_key: str | None
    project_id: str | None
    max_queue_size: int
    max_wait_time: int
    export_flush_interval: int
