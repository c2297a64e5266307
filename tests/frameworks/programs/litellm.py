"""LiteLLM, whose provider is OpenAI's client: captured twice, counted once."""

import os
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

os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"  # else it looks for prices in the internet
import_before_init("litellm")
CALL: dict[str, Any] = {"model": "openai/gpt-4o", "messages": QUESTION, "api_key": "none", "max_retries": 0}
STREAMED: dict[str, Any] = {"stream": True, "stream_options": {"include_usage": True}}


def at(url: str = MODELS) -> str:
    return f"{url}/v1"


def plain() -> None:
    import litellm

    litellm.completion(**CALL, api_base=at(), temperature=0.2)


def stream() -> None:
    import litellm

    chunks = litellm.completion(**CALL, **STREAMED, api_base=at(HELD))
    next(chunk for chunk in chunks if chunk.choices[0].delta.content)
    release()
    for _ in chunks:
        pass


async def asynchronous() -> None:
    import litellm

    await litellm.acompletion(**CALL, api_base=at())


async def asynchronous_stream() -> None:
    import litellm

    is_held = True
    async for chunk in await litellm.acompletion(**CALL, **STREAMED, api_base=at(HELD)):
        if is_held and chunk.choices[0].delta.content:
            release()
            is_held = False


def tools() -> None:
    import litellm

    litellm.completion(**CALL, api_base=at(), tools=TOOLS)


def anthropic() -> None:
    import litellm

    litellm.completion(model="anthropic/claude-sonnet-4-5", messages=QUESTION, api_key="none", api_base=MODELS)


def own_client() -> None:
    import litellm
    import openai

    client = openai.OpenAI(base_url=at(), api_key="none", max_retries=0)
    litellm.completion(model="openai/gpt-4o", messages=QUESTION, client=client)


def own_stream() -> None:
    import litellm
    import openai

    client = openai.OpenAI(base_url=at(), api_key="none", max_retries=0)
    for _ in litellm.completion(model="openai/gpt-4o", messages=QUESTION, client=client, **STREAMED):
        pass


def error() -> None:
    import litellm

    with suppress(litellm.BadRequestError):
        litellm.completion(**{**CALL, "model": f"openai/{REFUSED}"}, api_base=at())


def embedding() -> None:
    import litellm

    litellm.embedding(model="openai/text-embedding-3-small", input=[ASKED], api_key="none", api_base=at())


def retried() -> None:
    import litellm

    litellm.completion(**{**CALL, "max_retries": 2}, api_base=at(BUSY))


run(
    plain,
    stream,
    asynchronous,
    asynchronous_stream,
    tools,
    anthropic,
    own_client,
    own_stream,
    error,
    embedding,
    retried,
)
