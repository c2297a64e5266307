"""OpenAI: chat completions."""

from contextlib import suppress
from typing import Any

from tests.frameworks.programs.asking import HELD, MODELS, QUESTION, REFUSED, TOOLS, import_before_init, release, run

import_before_init("openai")


def connect(url: str = MODELS) -> Any:
    import openai

    return openai.OpenAI(base_url=f"{url}/v1", api_key="none", max_retries=0)


def plain() -> None:
    connect().chat.completions.create(model="gpt-4o", messages=QUESTION, temperature=0.2)


def stream() -> None:
    options = {"stream": True, "stream_options": {"include_usage": True}}
    chunks = connect(HELD).chat.completions.create(model="gpt-4o", messages=QUESTION, **options)
    is_held = True
    for chunk in chunks:
        if is_held and chunk.choices and chunk.choices[0].delta.content:
            release()
            is_held = False


async def asynchronous() -> None:
    import openai

    async with openai.AsyncOpenAI(base_url=f"{MODELS}/v1", api_key="none", max_retries=0) as client:
        await client.chat.completions.create(model="gpt-4o", messages=QUESTION)


def tools() -> None:
    connect().chat.completions.create(model="gpt-4o", messages=QUESTION, tools=TOOLS)


def error() -> None:
    import openai

    with suppress(openai.BadRequestError):
        connect().chat.completions.create(model=REFUSED, messages=QUESTION)


run(plain, stream, asynchronous, tools, error)
