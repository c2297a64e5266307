"""Anthropic: messages."""

from contextlib import suppress
from typing import Any

from tests.frameworks.programs.asking import (
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


def connect(url: str = MODELS) -> Any:
    import anthropic

    return anthropic.Anthropic(base_url=url, api_key="none", max_retries=0)


def plain() -> None:
    connect().messages.create(**CALL, stop_sequences=["0.2"])


def stream() -> None:
    with connect(HELD).messages.stream(**CALL) as pieces:
        texts = iter(pieces.text_stream)
        next(texts)
        release()
        for _ in texts:
            pass


async def asynchronous() -> None:
    import anthropic

    async with anthropic.AsyncAnthropic(base_url=MODELS, api_key="none", max_retries=0) as client:
        await client.messages.create(**CALL)


def tools() -> None:
    offered = {"name": TOOL, "description": DESCRIPTION, "input_schema": PARAMETERS}
    connect().messages.create(**CALL, tools=[offered])


def error() -> None:
    import anthropic

    with suppress(anthropic.BadRequestError):
        connect().messages.create(**{**CALL, "model": REFUSED})


run(plain, stream, asynchronous, tools, error)
