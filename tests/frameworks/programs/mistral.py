"""Mistral."""

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

import_before_init("mistralai.client")
CALL: dict[str, Any] = {"model": "mistral-large-latest", "messages": QUESTION}


def connect(url: str = MODELS) -> Any:
    from mistralai.client import Mistral

    return Mistral(api_key="none", server_url=url)


def plain() -> None:
    connect().chat.complete(**CALL, temperature=0.2)


def stream() -> None:
    chunks = connect(HELD).chat.stream(**CALL)
    next(chunk for chunk in chunks if chunk.data.choices[0].delta.content)
    release()
    for _ in chunks:
        pass


async def asynchronous() -> None:
    await connect().chat.complete_async(**CALL)


async def asynchronous_stream() -> None:
    async for _ in await connect().chat.stream_async(**CALL):
        pass


def tools() -> None:
    connect().chat.complete(**CALL, tools=TOOLS)


def error() -> None:
    with suppress(Exception):
        connect().chat.complete(model=REFUSED, messages=QUESTION)


def retried() -> None:
    from mistralai.client.utils import BackoffStrategy, RetryConfig

    waits = BackoffStrategy(initial_interval=1, max_interval=10, exponent=1.5, max_elapsed_time=60_000)
    connect(BUSY).chat.complete(**CALL, retries=RetryConfig("backoff", waits, retry_connection_errors=False))


run(plain, stream, asynchronous, asynchronous_stream, tools, error, retried)
