"""AG2: an agent that calls a tool, streamed or not; a tool and a model that fail."""

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

import_before_init("ag2", "ag2.config")


def build(name: str = CLERK, function: Any = None, model: str = MODEL, *, streaming: bool = False) -> Any:
    from ag2 import Agent
    from ag2.config import OpenAIConfig

    chat = OpenAIConfig(
        model=model, base_url=f"{MODELS}/v1", api_key="none", max_retries=0, temperature=0.2, streaming=streaming
    )
    return Agent(name, INSTRUCTIONS, config=chat, tools=[function] if function else [])


async def plain() -> None:
    await build().ask(ASKED)


async def stream() -> None:
    await build(streaming=True).ask(ASKED)


async def tools() -> None:
    await build(CLERK, look_up_order).ask(ASKED)


async def streamed_tools() -> None:
    async with build(CLERK, look_up_order, streaming=True).run(ASKED) as running:
        await running.result()


async def tool_error() -> None:
    with failing:
        await build(CANCELLER, cancel_order).ask(ASKED)


async def error() -> None:
    with failing:
        await build(STRANGER, look_up_order, REFUSED).ask(ASKED)


async def asynchronous() -> None:
    await build().ask(ASKED)


async def asynchronous_stream() -> None:
    await build(streaming=True).ask(ASKED)


run(plain, stream, tools, streamed_tools, tool_error, error, asynchronous, asynchronous_stream)
