"""Haystack: an agent in a pipeline that calls a tool, asked at once, streamed and asynchronously; what fails."""

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

import_before_init("haystack", "haystack.components.agents", "haystack.components.generators.chat")


def build(name: str = CLERK, function: Any = None, model: str = MODEL, callback: Any = None) -> Any:
    from haystack import Pipeline
    from haystack.components.agents import Agent
    from haystack.components.generators.chat import OpenAIChatGenerator
    from haystack.tools import create_tool_from_function
    from haystack.utils import Secret

    options: dict[str, Any] = {"temperature": 0.2}
    if callback is not None:
        options["stream_options"] = {"include_usage": True}
    chat = OpenAIChatGenerator(
        api_key=Secret.from_token("none"),
        model=model,
        api_base_url=f"{MODELS}/v1",
        max_retries=0,
        streaming_callback=callback,
        generation_kwargs=options,
    )
    agent = Agent(
        chat_generator=chat,
        tools=[create_tool_from_function(function)] if function else None,
        system_prompt=INSTRUCTIONS,
        raise_on_tool_invocation_failure=True,
    )
    pipeline = Pipeline()
    pipeline.add_component(name, agent)
    return pipeline


def asked(name: str = CLERK) -> Any:
    from haystack.dataclasses import ChatMessage

    return {name: {"messages": [ChatMessage.from_user(ASKED)]}}


def plain() -> None:
    build().run(asked())


def tools() -> None:
    build(CLERK, look_up_order).run(asked())


def stream() -> None:
    build(callback=lambda chunk: None).run(asked())


async def asynchronous() -> None:
    await build().run_async(asked())


async def asynchronous_tools() -> None:
    await build(CLERK, look_up_order).run_async(asked())


def streamed_tools() -> None:
    build(CLERK, look_up_order, callback=lambda chunk: None).run(asked())


def tool_error() -> None:
    with failing:
        build(CANCELLER, cancel_order).run(asked(CANCELLER))


def error() -> None:
    with failing:
        build(STRANGER, look_up_order, REFUSED).run(asked(STRANGER))


async def note_chunk(chunk: Any) -> None:
    """What is done with each piece."""


async def asynchronous_stream() -> None:
    await build(callback=note_chunk).run_async(asked())


run(plain, stream, asynchronous, tools, streamed_tools, asynchronous_tools, tool_error, error, asynchronous_stream)
