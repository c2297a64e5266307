"""Groq."""

from contextlib import suppress
from typing import Any

from tests.frameworks.programs.asking import (
    BUSY,
    HELD,
    MODELS,
    QUESTION,
    REFUSED,
    TOOLS,
    import_before_init,
    release,
    run,
)

import_before_init("groq")
CALL: dict[str, Any] = {"model": "llama-3.3-70b-versatile", "messages": QUESTION}


def connect(url: str = MODELS, retries: int = 0) -> Any:
    import groq

    return groq.Groq(base_url=url, api_key="none", max_retries=retries)


def connect_async() -> Any:
    import groq

    return groq.AsyncGroq(base_url=MODELS, api_key="none", max_retries=0)


def plain() -> None:
    connect().chat.completions.create(**CALL, temperature=0.2)


def stream() -> None:
    chunks = connect(HELD).chat.completions.create(**CALL, stream=True)
    next(chunk for chunk in chunks if chunk.choices[0].delta.content)
    release()
    for _ in chunks:
        pass


async def asynchronous() -> None:
    async with connect_async() as client:
        await client.chat.completions.create(**CALL)


async def asynchronous_stream() -> None:
    async with connect_async() as client:
        async for _ in await client.chat.completions.create(**CALL, stream=True):
            pass


def tools() -> None:
    connect().chat.completions.create(**CALL, tools=TOOLS)


def retried() -> None:
    connect(BUSY, retries=2).chat.completions.create(**CALL)


def error() -> None:
    import groq

    with suppress(groq.BadRequestError):
        connect().chat.completions.create(model=REFUSED, messages=QUESTION)


run(plain, stream, asynchronous, asynchronous_stream, tools, retried, error)
