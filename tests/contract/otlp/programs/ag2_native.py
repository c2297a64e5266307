import asyncio
from collections.abc import Callable
from contextlib import suppress

from ag2 import Agent
from ag2.config import OpenAIConfig
from ag2.middleware.builtin.telemetry import TelemetryMiddleware
from exporting import MODEL, MODELS, RESULT, make_provider

provider = make_provider()


def lookup_order(order_id: str) -> str:
    """Finds an order."""
    return RESULT


def cancel_order(order_id: str) -> str:
    """Cancels an order."""
    raise LookupError(f"order {order_id} is gone")


async def ask(name: str, function: Callable[[str], str], model: str = MODEL) -> None:
    chat = OpenAIConfig(model=model, base_url=f"{MODELS}/v1", api_key="none", max_retries=0, temperature=0.2)
    traced = TelemetryMiddleware(tracer_provider=provider, agent_name=name, provider_name="openai", model_name=model)
    agent = Agent(name, "You are terse.", config=chat, tools=[function], middleware=[traced])
    await agent.ask("Where is order 1042?")


asyncio.run(ask("clerk", lookup_order))
with suppress(Exception):
    asyncio.run(ask("canceller", cancel_order))
with suppress(Exception):
    asyncio.run(ask("stranger", lookup_order, "refused"))
provider.force_flush()
