"""Pydantic AI: an agent that calls a tool, asked at once, streamed and asynchronously; a tool and a model that fail."""

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

import_before_init("pydantic_ai", "pydantic_ai.models.openai")


def build(name: str = CLERK, function: Any = None, model: str = MODEL) -> Any:
    from pydantic_ai import Agent
    from pydantic_ai.models.openai import OpenAIChatModel
    from pydantic_ai.providers.openai import OpenAIProvider

    chat = OpenAIChatModel(model, provider=OpenAIProvider(base_url=f"{MODELS}/v1", api_key="none"))
    return Agent(
        chat,
        name=name,
        instructions=INSTRUCTIONS,
        tools=[function] if function else [],
        model_settings={"temperature": 0.2},
    )


def plain() -> None:
    build().run_sync(ASKED)


def tools() -> None:
    build(CLERK, look_up_order).run_sync(ASKED)


async def stream() -> None:
    async with build().run_stream(ASKED) as answer:
        async for _ in answer.stream_text():
            pass


async def asynchronous() -> None:
    await build().run(ASKED)


async def streamed_tools() -> None:
    async with build(CLERK, look_up_order).run_stream(ASKED) as answer:
        async for _ in answer.stream_text():
            pass


async def tool_error() -> None:
    with failing:
        await build(CANCELLER, cancel_order).run(ASKED)


async def error() -> None:
    with failing:
        await build(STRANGER, look_up_order, REFUSED).run(ASKED)


async def asynchronous_stream() -> None:
    async with build().run_stream(ASKED) as answer:
        async for _ in answer.stream_text(delta=True):
            pass


run(plain, stream, asynchronous, tools, streamed_tools, tool_error, error, asynchronous_stream)
