from exporting import MODEL, MODELS, RESULT, make_provider
from pydantic_ai import Agent
from pydantic_ai.models.instrumented import InstrumentationSettings
from pydantic_ai.models.openai import OpenAIChatModel
from pydantic_ai.providers.openai import OpenAIProvider

provider = make_provider()
model = OpenAIChatModel(MODEL, provider=OpenAIProvider(base_url=f"{MODELS}/v1", api_key="none"))
Agent.instrument_all(InstrumentationSettings(tracer_provider=provider))
agent = Agent(model, name="clerk", instructions="You are terse.")


@agent.tool_plain
def lookup_order(order_id: str) -> str:
    """Finds an order."""
    return RESULT


agent.run_sync("Where is order 1042?")
provider.force_flush()
