"""LlamaIndex: an agent that calls a tool, streamed or not, and a model that is asked without one; what fails."""

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

import_before_init("llama_index.core", "llama_index.core.agent.workflow", "llama_index.llms.openai_like")


def connect(model: str = MODEL, *, streaming: bool = False) -> Any:
    from llama_index.llms.openai_like import OpenAILike

    return OpenAILike(
        model=model,
        api_base=f"{MODELS}/v1",
        api_key="none",
        max_retries=0,
        temperature=0.2,
        is_chat_model=True,
        is_function_calling_model=True,
        additional_kwargs={"stream_options": {"include_usage": True}} if streaming else {},
    )


def build(name: str = CLERK, function: Any = None, model: str = MODEL, *, streaming: bool = False) -> Any:
    from llama_index.core.agent.workflow import FunctionAgent

    chat = connect(model, streaming=streaming)
    tools = [function] if function else []
    return FunctionAgent(name=name, system_prompt=INSTRUCTIONS, tools=tools, llm=chat, streaming=streaming)


def plain() -> None:
    from llama_index.core.llms import ChatMessage

    connect().chat([ChatMessage(role="user", content=ASKED)])


async def stream() -> None:
    handler = build(streaming=True).run(user_msg=ASKED)
    async for _ in handler.stream_events():
        pass
    await handler


async def asynchronous() -> None:
    await build().run(user_msg=ASKED)


async def tools() -> None:
    await build(CLERK, look_up_order).run(user_msg=ASKED)


async def streamed_tools() -> None:
    handler = build(CLERK, look_up_order, streaming=True).run(user_msg=ASKED)
    async for _ in handler.stream_events():
        pass
    await handler


async def tool_error() -> None:
    with failing:
        await build(CANCELLER, cancel_order).run(user_msg=ASKED)


async def error() -> None:
    with failing:
        await build(STRANGER, look_up_order, REFUSED).run(user_msg=ASKED)


async def asynchronous_stream() -> None:
    from llama_index.core.llms import ChatMessage

    async for _ in await connect(streaming=True).astream_chat([ChatMessage(role="user", content=ASKED)]):
        pass


run(plain, stream, asynchronous, tools, streamed_tools, tool_error, error, asynchronous_stream)
