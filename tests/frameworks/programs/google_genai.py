"""Google GenAI."""

from contextlib import suppress
from typing import Any

from tests.frameworks.programs.asking import (
    ASKED,
    BUSY,
    DESCRIPTION,
    HELD,
    MODELS,
    PARAMETERS,
    REFUSED,
    TOOL,
    import_before_init,
    release,
    run,
)

import_before_init("google.genai")
CALL: dict[str, Any] = {"model": "gemini-2.5-flash", "contents": ASKED}


def connect(url: str = MODELS) -> Any:
    from google import genai

    return genai.Client(api_key="none", http_options={"base_url": url})


def plain() -> None:
    client = connect()
    client.models.generate_content(**CALL, config={"temperature": 0.2})


def stream() -> None:
    client = connect(HELD)
    chunks = iter(client.models.generate_content_stream(**CALL))
    next(chunks)
    release()
    for _ in chunks:
        pass


async def asynchronous() -> None:
    client = connect()
    await client.aio.models.generate_content(**CALL)


async def asynchronous_stream() -> None:
    client = connect()
    async for _ in await client.aio.models.generate_content_stream(**CALL):
        pass


def tools() -> None:
    offered = {"function_declarations": [{"name": TOOL, "description": DESCRIPTION, "parameters": PARAMETERS}]}
    client = connect()
    client.models.generate_content(**CALL, config={"tools": [offered]})


def chat() -> None:
    client = connect()
    client.chats.create(model="gemini-2.5-flash").send_message(ASKED)


def error() -> None:
    from google.genai import errors

    client = connect()
    with suppress(errors.ClientError):
        client.models.generate_content(model=REFUSED, contents=ASKED)


def embedding() -> None:
    client = connect()
    client.models.embed_content(model="gemini-embedding-001", contents=ASKED)


def retried() -> None:
    from google import genai

    waits = {"attempts": 3, "initial_delay": 0.01}
    client = genai.Client(api_key="none", http_options={"base_url": BUSY, "retry_options": waits})
    client.models.generate_content(**CALL)


run(plain, stream, asynchronous, asynchronous_stream, tools, chat, error, embedding, retried)
