"""AutoGen: an assistant that calls a tool, streamed or not; a tool and a model that fail."""

from typing import Any

from tests.frameworks.programs.asking import ASKED, MODELS, REFUSED, import_before_init, run
from tests.frameworks.programs.orders import (
    CANCELLER,
    CLERK,
    INSTRUCTIONS,
    MODEL,
    STRANGER,
    cancel_order,
    failing,
    look_up_order,
)

import_before_init("autogen_agentchat.agents", "autogen_ext.models.openai")
FACTS = {
    "vision": False,
    "function_calling": True,
    "json_output": False,
    "family": "unknown",
    "structured_output": False,
}


def build(name: str = CLERK, function: Any = None, model: str = MODEL, *, streaming: bool = False) -> Any:
    from autogen_agentchat.agents import AssistantAgent
    from autogen_ext.models.openai import OpenAIChatCompletionClient

    client = OpenAIChatCompletionClient(
        model=model,
        base_url=f"{MODELS}/v1",
        api_key="none",
        max_retries=0,
        model_info=FACTS,
        temperature=0.2,
        include_name_in_message=False,
        **({"stream_options": {"include_usage": True}} if streaming else {}),
    )
    return AssistantAgent(
        name,
        model_client=client,
        tools=[function] if function else None,
        system_message=INSTRUCTIONS,
        reflect_on_tool_use=function is not None,
        model_client_stream=streaming,
    )


async def plain() -> None:
    await build().run(task=ASKED)


async def tools() -> None:
    await build(CLERK, look_up_order).run(task=ASKED)


async def stream() -> None:
    async for _ in build(streaming=True).run_stream(task=ASKED):
        pass


async def team() -> None:
    from autogen_agentchat.conditions import MaxMessageTermination
    from autogen_agentchat.teams import RoundRobinGroupChat

    await RoundRobinGroupChat([build()], termination_condition=MaxMessageTermination(2)).run(task=ASKED)


async def streamed_tools() -> None:
    async for _ in build(CLERK, look_up_order, streaming=True).run_stream(task=ASKED):
        pass


async def tool_error() -> None:
    with failing:
        await build(CANCELLER, cancel_order).run(task=ASKED)


async def error() -> None:
    with failing:
        await build(STRANGER, look_up_order, REFUSED).run(task=ASKED)


async def asynchronous() -> None:
    await build().run(task=ASKED)


async def asynchronous_stream() -> None:
    async for _ in build(streaming=True).run_stream(task=ASKED):
        pass


run(plain, stream, tools, streamed_tools, team, tool_error, error, asynchronous, asynchronous_stream)
