"""The OpenAI Agents SDK: an agent that calls a tool, asked at once, streamed and asynchronously; what fails."""

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

import_before_init("agents")


def build(name: str = CLERK, function: Any = None, model: str = MODEL) -> Any:
    from agents import Agent, ModelSettings, OpenAIChatCompletionsModel, function_tool
    from openai import AsyncOpenAI

    client = AsyncOpenAI(base_url=f"{MODELS}/v1", api_key="none", max_retries=0)
    chat = OpenAIChatCompletionsModel(model=model, openai_client=client)
    tools = [function_tool(function, failure_error_function=None)] if function else []
    settings = ModelSettings(include_usage=True, temperature=0.2)
    return Agent(name=name, instructions=INSTRUCTIONS, tools=tools, model=chat, model_settings=settings)


def plain() -> None:
    from agents import Runner

    Runner.run_sync(build(), ASKED)


def tools() -> None:
    from agents import Runner

    Runner.run_sync(build(CLERK, look_up_order), ASKED)


async def stream() -> None:
    from agents import Runner

    async for _ in Runner.run_streamed(build(), ASKED).stream_events():
        pass


async def asynchronous() -> None:
    from agents import Runner

    await Runner.run(build(), ASKED)


async def streamed_tools() -> None:
    from agents import Runner

    async for _ in Runner.run_streamed(build(CLERK, look_up_order), ASKED).stream_events():
        pass


async def tool_error() -> None:
    from agents import Runner

    with failing:
        await Runner.run(build(CANCELLER, cancel_order), ASKED)


async def error() -> None:
    from agents import Runner

    with failing:
        await Runner.run(build(STRANGER, look_up_order, REFUSED), ASKED)


async def asynchronous_stream() -> None:
    from agents import Runner

    async for _ in Runner.run_streamed(build(), ASKED).stream_events():
        pass


run(plain, stream, asynchronous, tools, streamed_tools, tool_error, error, asynchronous_stream)
