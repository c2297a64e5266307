from contextlib import suppress

from exporting import MODEL, MODELS, RESULT, make_provider
from haystack import Pipeline, tracing
from haystack.components.agents import Agent
from haystack.components.generators.chat import OpenAIChatGenerator
from haystack.dataclasses import ChatMessage
from haystack.tools import create_tool_from_function
from haystack.utils import Secret
from haystack_integrations.components.connectors.opentelemetry import OpenTelemetryConnector

provider = make_provider(is_global=True)
tracing.tracer.is_content_tracing_enabled = True


def lookup_order(order_id: str) -> str:
    """Finds an order."""
    return RESULT


def cancel_order(order_id: str) -> str:
    """Cancels an order."""
    raise LookupError(f"order {order_id} is gone")


def make_chat(model: str = MODEL) -> OpenAIChatGenerator:
    token = Secret.from_token("none")
    return OpenAIChatGenerator(api_key=token, model=model, api_base_url=f"{MODELS}/v1", max_retries=0)


def ask(name: str, component: object) -> None:
    pipeline = Pipeline()
    pipeline.add_component("tracer", OpenTelemetryConnector())
    pipeline.add_component(name, component)
    pipeline.run({name: {"messages": [ChatMessage.from_user("Where is order 1042?")]}})


tools = [create_tool_from_function(lookup_order)]
ask("clerk", Agent(chat_generator=make_chat(), tools=tools, system_prompt="You are terse."))
ask("chat", make_chat())
Agent(chat_generator=make_chat(), tools=tools).run(messages=[ChatMessage.from_user("Where is order 1042?")])
failing = [create_tool_from_function(cancel_order)]
with suppress(Exception):
    ask("canceller", Agent(chat_generator=make_chat(), tools=failing, raise_on_tool_invocation_failure=True))
with suppress(Exception):
    ask("stranger", make_chat("refused"))
provider.force_flush()
