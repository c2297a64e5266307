"""Ollama."""

import os
from contextlib import suppress
from typing import Any

from tests.frameworks.programs.asking import (
    ASKED,
    HELD,
    MODELS,
    QUESTION,
    REFUSED,
    TOOLS,
    import_before_init,
    release,
    run,
)

os.environ["OLLAMA_HOST"] = MODELS  # of the functions of the module
import_before_init("ollama")
CALL: dict[str, Any] = {"model": "llama3.2", "messages": QUESTION}


def connect(url: str = MODELS) -> Any:
    import ollama

    return ollama.Client(host=url)


def function() -> None:
    import ollama

    ollama.chat(**CALL)


def plain() -> None:
    connect().chat(**CALL, options={"temperature": 0.2})


def stream() -> None:
    chunks = connect(HELD).chat(**CALL, stream=True)
    next(iter(chunks))
    release()
    for _ in chunks:
        pass


async def asynchronous() -> None:
    import ollama

    await ollama.AsyncClient(host=MODELS).chat(**CALL)


async def asynchronous_stream() -> None:
    import ollama

    async for _ in await ollama.AsyncClient(host=MODELS).chat(**CALL, stream=True):
        pass


def tools() -> None:
    connect().chat(**CALL, tools=TOOLS)


def error() -> None:
    import ollama

    with suppress(ollama.ResponseError):
        connect().chat(model=REFUSED, messages=QUESTION)


def generated() -> None:
    connect().generate(model="llama3.2", prompt=ASKED, system="You know about orders.", options={"temperature": 0.2})


def generated_stream() -> None:
    pieces = connect(HELD).generate(model="llama3.2", prompt=ASKED, stream=True)
    next(iter(pieces))
    release()
    for _ in pieces:
        pass


def generated_by_function() -> None:
    import ollama

    ollama.generate(model="llama3.2", prompt=ASKED)


async def asynchronous_generated() -> None:
    import ollama

    client = ollama.AsyncClient(host=MODELS)
    await client.generate(model="llama3.2", prompt=ASKED)
    async for _ in await client.generate(model="llama3.2", prompt=ASKED, stream=True):
        pass


def generated_error() -> None:
    import ollama

    with suppress(ollama.ResponseError):
        connect().generate(model=REFUSED, prompt=ASKED)


async def embedding() -> None:
    import ollama

    connect().embed(model="nomic-embed-text", input=ASKED)
    ollama.embed(model="nomic-embed-text", input=[ASKED])
    await ollama.AsyncClient(host=MODELS).embed(model="nomic-embed-text", input=ASKED)
    connect().embeddings(model="nomic-embed-text", prompt=ASKED)


run(
    function,
    plain,
    stream,
    asynchronous,
    asynchronous_stream,
    tools,
    error,
    generated,
    generated_stream,
    generated_by_function,
    asynchronous_generated,
    generated_error,
    embedding,
)
