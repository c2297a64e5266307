"""The OpenTelemetry SDK with its defaults: batch processor, OTLP over HTTP. A span per call."""

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import SpanKind, Tracer

provider: TracerProvider
tracer: Tracer


def start(url: str) -> None:
    global provider, tracer  # noqa: PLW0603 - the one provider of the program
    provider = TracerProvider(resource=Resource.create({"service.name": "benchmark"}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=f"{url}/v1/traces")))
    tracer = provider.get_tracer("benchmark")


def record(prompt: str, completion: str) -> None:
    attributes = {
        "gen_ai.operation.name": "chat",
        "gen_ai.request.model": "gpt-4o",
        "gen_ai.prompt.0.role": "user",
        "gen_ai.prompt.0.content": prompt,
    }
    span = tracer.start_span("chat gpt-4o", kind=SpanKind.CLIENT, attributes=attributes)
    span.set_attributes(
        {
            "gen_ai.completion.0.role": "assistant",
            "gen_ai.completion.0.content": completion,
            "gen_ai.usage.input_tokens": 500,
            "gen_ai.usage.output_tokens": 250,
        }
    )
    span.end()


def finish() -> None:
    provider.shutdown()
