"""LangChain: an agent that calls a tool; its model is OpenAI's, which is captured too, once."""

from typing import Any

from tests.frameworks.programs.asking import (
    BUSY,
    HELD,
    MODELS,
    QUESTION,
    REFUSED,
    import_before_init,
    look_up,
    release,
    run,
)
from tests.frameworks.programs.orders import CANCELLER, CLERK, cancel_order, failing

import_before_init("langchain.agents", "langchain_openai")


def connect(url: str = MODELS, model: str = "gpt-4o", retries: int = 0) -> Any:
    from langchain_openai import ChatOpenAI

    return ChatOpenAI(
        model=model, base_url=f"{url}/v1", api_key="none", max_retries=retries, temperature=0.2, stream_usage=True
    )


def build_agent(model: Any, name: str = CLERK, function: Any = None) -> Any:
    from langchain.agents import create_agent
    from langchain_core.tools import tool

    @tool
    def look_up_order(order_id: str) -> str:
        """Where an order is."""
        return look_up(order_id)

    return create_agent(model, tools=[function or look_up_order], name=name)


def plain() -> None:
    connect().invoke(QUESTION)


def stream() -> None:
    is_held = True
    for chunk in connect(HELD).stream(QUESTION):
        if is_held and chunk.content:
            release()
            is_held = False


async def asynchronous() -> None:
    await connect().ainvoke(QUESTION)


def tools() -> None:
    build_agent(connect()).invoke({"messages": QUESTION})


def streamed_tools() -> None:
    for _ in build_agent(connect()).stream({"messages": QUESTION}, stream_mode="messages"):
        pass


def tool_error() -> None:
    with failing:
        build_agent(connect(), CANCELLER, cancel_order).invoke({"messages": QUESTION})


def error() -> None:
    with failing:
        connect(model=REFUSED).invoke(QUESTION)


async def asynchronous_stream() -> None:
    is_held = True
    async for chunk in connect(HELD).astream(QUESTION):
        if is_held and chunk.content:
            release()
            is_held = False


def retried() -> None:
    connect(BUSY, retries=2).invoke(QUESTION)


run(plain, stream, asynchronous, tools, streamed_tools, tool_error, error, asynchronous_stream, retried)
