"""An application with a tracer provider of its own and agents that can trace themselves, first silent, then traced."""

import json

from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

import agentops
from tests.frameworks.programs.asking import ASKED, MODELS, import_before_init
from tests.frameworks.programs.orders import CLERK, MODEL, look_up_order

import_before_init("pydantic_ai")
exporter = InMemorySpanExporter()
provider = TracerProvider()
provider.add_span_processor(SimpleSpanProcessor(exporter))
trace.set_tracer_provider(provider)


def ask() -> str:
    """The id of a session in which an agent was asked."""
    session = agentops.init()
    assert session is not None
    from pydantic_ai import Agent
    from pydantic_ai.models.openai import OpenAIChatModel
    from pydantic_ai.providers.openai import OpenAIProvider

    chat = OpenAIChatModel(MODEL, provider=OpenAIProvider(base_url=f"{MODELS}/v1", api_key="none"))
    Agent(chat, name=CLERK, tools=[look_up_order]).run_sync(ASKED)
    session.end_session("Success")
    return str(session.session_id)


def main() -> None:
    silent = ask()
    spans = [span.name for span in exporter.get_finished_spans()]
    agentops.stop_instrumenting()
    from pydantic_ai import Agent, InstrumentationSettings

    Agent.instrument_all(InstrumentationSettings(tracer_provider=provider))
    traced = ask()
    agentops.stop_instrumenting()
    ask()
    agentops.flush(60)
    own_spans = [span.name for span in exporter.get_finished_spans()]
    print(json.dumps({"sessions": [silent, traced], "spans": spans, "own_spans": own_spans}))


main()
