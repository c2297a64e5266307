"""Cohere: its second interface."""

from contextlib import suppress
from typing import Any

from tests.frameworks.programs.asking import (
    ASKED,
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

import_before_init("cohere")
CALL: dict[str, Any] = {"model": "command-a-03-2025", "messages": QUESTION}


def connect(url: str = MODELS) -> Any:
    import cohere

    return cohere.ClientV2(api_key="none", base_url=url)


def connect_async() -> Any:
    import cohere

    return cohere.AsyncClientV2(api_key="none", base_url=MODELS)


def plain() -> None:
    connect().chat(**CALL, temperature=0.2)


def stream() -> None:
    events = iter(connect(HELD).chat_stream(**CALL))
    next(event for event in events if event.type == "content-delta")
    release()
    for _ in events:
        pass


async def asynchronous() -> None:
    await connect_async().chat(**CALL)


async def asynchronous_stream() -> None:
    async for _ in connect_async().chat_stream(**CALL):
        pass


def tools() -> None:
    connect().chat(**CALL, tools=TOOLS)


def error() -> None:
    import cohere

    with suppress(cohere.BadRequestError):
        connect().chat(model=REFUSED, messages=QUESTION)


def embedding() -> None:
    connect().embed(model="embed-v4.0", texts=[ASKED], input_type="search_query", embedding_types=["float"])


def reranking() -> None:
    connect().rerank(model="rerank-v3.5", query=ASKED, documents=["one", "two"])


def retried() -> None:
    connect(BUSY).chat(**CALL, request_options={"max_retries": 2})


run(plain, stream, asynchronous, asynchronous_stream, tools, error, embedding, reranking, retried)
