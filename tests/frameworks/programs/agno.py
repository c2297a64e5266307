"""Agno: an agent that calls a tool, asked at once, streamed and asynchronously; a tool and a model that fail."""

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

import_before_init("agno.agent", "agno.models.openai")


def build(name: str = CLERK, function: Any = None, model: str = MODEL) -> Any:
    from agno.agent import Agent
    from agno.models.openai import OpenAIChat

    chat = OpenAIChat(id=model, base_url=f"{MODELS}/v1", api_key="none", max_retries=0, temperature=0.2)
    return Agent(
        name=name, model=chat, instructions=INSTRUCTIONS, tools=[function] if function else None, telemetry=False
    )


def plain() -> None:
    build().run(ASKED)


def tools() -> None:
    build(CLERK, look_up_order).run(ASKED)


def stream() -> None:
    for _ in build().run(ASKED, stream=True):
        pass


async def asynchronous() -> None:
    await build().arun(ASKED)


def streamed_tools() -> None:
    for _ in build(CLERK, look_up_order).run(ASKED, stream=True):
        pass


def tool_error() -> None:
    with failing:
        build(CANCELLER, cancel_order).run(ASKED)


def error() -> None:
    with failing:
        build(STRANGER, look_up_order, REFUSED).run(ASKED)


async def asynchronous_stream() -> None:
    async for _ in build().arun(ASKED, stream=True):
        pass


run(plain, stream, asynchronous, tools, streamed_tools, tool_error, error, asynchronous_stream)
