import logfire
from exporting import MODEL, MODELS, RESULT, SINK
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from pydantic_ai import Agent
from pydantic_ai.models.openai import OpenAIChatModel
from pydantic_ai.providers.openai import OpenAIProvider

exporter = OTLPSpanExporter(f"{SINK}/v1/traces")
logfire.configure(
    send_to_logfire=False, console=False, service_name="shop", additional_span_processors=[BatchSpanProcessor(exporter)]
)
logfire.instrument_pydantic_ai()
model = OpenAIChatModel(MODEL, provider=OpenAIProvider(base_url=f"{MODELS}/v1", api_key="none"))
agent = Agent(model, name="clerk", instructions="You are terse.")


@agent.tool_plain
def lookup_order(order_id: str) -> str:
    """Finds an order."""
    return RESULT


with logfire.span("answer a customer"):
    agent.run_sync("Where is order 1042?")
logfire.force_flush()
