"""An application that traces itself with OpenTelemetry: it gets nothing of ours, and its functions are put back."""

import json
import os

from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

import agentops
from tests.frameworks.programs.asking import MODELS, QUESTION, import_before_init

import_before_init("openai")
exporter = InMemorySpanExporter()
provider = TracerProvider()
provider.add_span_processor(SimpleSpanProcessor(exporter))
trace.set_tracer_provider(provider)


def functions() -> list[object]:
    from openai.resources.chat.completions import AsyncCompletions, Completions
    from openai.resources.embeddings import Embeddings

    return [Completions.__dict__["create"], AsyncCompletions.__dict__["create"], Embeddings.__dict__["create"]]


@agentops.record_action("answer")
def answer(client: object) -> None:
    stream = client.chat.completions.create(model="gpt-4o", messages=QUESTION, stream=True)
    next(iter(stream))
    stream.close()


def main() -> None:
    session = agentops.init()
    import openai

    client = openai.OpenAI(base_url=f"{MODELS}/v1", api_key="none", max_retries=0)
    with provider.get_tracer("app").start_as_current_span("the application's own"):
        answer(client)
    other = agentops.start_session()
    with other:
        client.chat.completions.create(model="gpt-4o", messages=QUESTION)
    agentops.stop_instrumenting()
    names = [getattr(function, "__module__", "") for function in functions()]
    client.chat.completions.create(model="gpt-4o", messages=QUESTION)
    session.end_session("Success")
    other.end_session("Success")
    spans = [span.name for span in exporter.get_finished_spans()]
    wrapped = [hasattr(function, "__wrapped__") and "agentops" in repr(function) for function in functions()]
    settings = [name for name in os.environ if name.startswith("OTEL_INSTRUMENTATION_GENAI")]
    found = {"sessions": [str(session.session_id), str(other.session_id)], "spans": spans, "modules": names}
    print(json.dumps({**found, "wrapped": wrapped, "settings": settings}))


main()
