"""Anthropic: messages."""

from contextlib import suppress
from typing import Any

from tests.frameworks.programs.asking import (
    BUSY,
    DESCRIPTION,
    HELD,
    MODELS,
    PARAMETERS,
    QUESTION,
    REFUSED,
    TOOL,
    import_before_init,
    release,
    run,
)

import_before_init("anthropic")
CALL: dict[str, Any] = {"model": "claude-sonnet-4-5", "max_tokens": 100, "messages": QUESTION}


OFFERED = {"name": TOOL, "description": DESCRIPTION, "input_schema": PARAMETERS}


def connect(url: str = MODELS, retries: int = 0) -> Any:
    import anthropic

    return anthropic.Anthropic(base_url=url, api_key="none", max_retries=retries)


def connect_async(url: str = MODELS) -> Any:
    import anthropic

    return anthropic.AsyncAnthropic(base_url=url, api_key="none", max_retries=0)


def plain() -> None:
    connect().messages.create(**CALL, stop_sequences=["0.2"])


def stream() -> None:
    events = connect(HELD).messages.create(**CALL, stream=True)
    next(event for event in events if event.type == "content_block_delta")
    release()
    for _ in events:
        pass


def text_stream() -> None:
    with connect(HELD).messages.stream(**CALL) as pieces:
        texts = iter(pieces.text_stream)
        next(texts)
        release()
        for _ in texts:
            pass


async def asynchronous_text_stream() -> None:
    async with connect_async(HELD) as client, client.messages.stream(**CALL) as pieces:
        is_held = True
        async for _ in pieces.text_stream:
            if is_held:
                release()
                is_held = False


async def asynchronous() -> None:
    async with connect_async() as client:
        await client.messages.create(**CALL)


async def asynchronous_stream() -> None:
    async with connect_async() as client, client.messages.stream(**CALL) as events:
        async for _ in events:
            pass


def tools() -> None:
    connect().messages.create(**CALL, tools=[OFFERED])


def streamed_tools() -> None:
    with connect().messages.stream(**CALL, tools=[OFFERED]) as events:
        for _ in events:
            pass


def raw() -> None:
    connect().messages.with_raw_response.create(**CALL).parse()


def beta() -> None:
    connect().beta.messages.create(**CALL)


def retried() -> None:
    connect(BUSY, retries=2).messages.create(**CALL)


def error() -> None:
    import anthropic

    with suppress(anthropic.BadRequestError):
        connect().messages.create(**{**CALL, "model": REFUSED})


run(
    beta,
    plain,
    stream,
    text_stream,
    asynchronous_text_stream,
    asynchronous,
    asynchronous_stream,
    tools,
    streamed_tools,
    raw,
    retried,
    error,
)
