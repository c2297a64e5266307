"""What the recorded programs share: a tracer provider whose spans go to the sink, and the questions that they ask.

It runs in the environments of the libraries that are recorded, and imports nothing of this repository.
"""

import os

from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

MODELS = os.environ["SCRIPTED_MODELS"]
SINK = os.environ["OTLP_SINK"]
MODEL = "gpt-4o"
QUESTION = [
    {"role": "system", "content": "You are terse."},
    {"role": "user", "content": "Where is order 1042?"},
]
PARAMETERS = {"type": "object", "properties": {"order_id": {"type": "string"}}, "required": ["order_id"]}
TOOL = {
    "type": "function",
    "function": {"name": "lookup_order", "description": "Finds an order.", "parameters": PARAMETERS},
}
RESULT = "shipped on Monday"


def make_provider(is_global: bool = False) -> TracerProvider:
    provider = TracerProvider(resource=Resource.create({"service.name": "shop", "service.instance.id": "shop-1"}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(f"{SINK}/v1/traces")))
    if is_global:
        trace.set_tracer_provider(provider)
    return provider
