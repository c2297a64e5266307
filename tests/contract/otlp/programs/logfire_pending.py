import logfire
from exporting import MODEL, MODELS, RESULT, SINK
from pydantic_ai import Agent
from pydantic_ai.models.openai import OpenAIChatModel
from pydantic_ai.providers.openai import OpenAIProvider

# To its own backend it sends a pending span for each span that begins.
logfire.configure(token="none", console=False, service_name="shop", advanced=logfire.AdvancedOptions(base_url=SINK))
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
