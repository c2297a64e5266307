"""OpenAI: chat completions, responses, embeddings."""

from contextlib import suppress
from typing import Any

from tests.frameworks.programs.asking import (
    ASKED,
    BUSY,
    DESCRIPTION,
    HELD,
    MODELS,
    PARAMETERS,
    QUESTION,
    REFUSED,
    TOOL,
    TOOLS,
    import_before_init,
    release,
    run,
)

import_before_init("openai")
CALL: dict[str, Any] = {"model": "gpt-4o", "messages": QUESTION}
STREAMED: dict[str, Any] = {"stream": True, "stream_options": {"include_usage": True}}


def connect(url: str = MODELS, retries: int = 0) -> Any:
    import openai

    return openai.OpenAI(base_url=f"{url}/v1", api_key="none", max_retries=retries)


def connect_async(url: str = MODELS) -> Any:
    import openai

    return openai.AsyncOpenAI(base_url=f"{url}/v1", api_key="none", max_retries=0)


def text_of(chunk: Any) -> Any:
    return chunk.choices and chunk.choices[0].delta.content


def plain() -> None:
    connect().chat.completions.create(**CALL, temperature=0.2)


def stream() -> None:
    chunks = connect(HELD).chat.completions.create(**CALL, **STREAMED)
    next(chunk for chunk in chunks if text_of(chunk))
    release()
    for _ in chunks:
        pass


async def asynchronous() -> None:
    async with connect_async() as client:
        await client.chat.completions.create(**CALL)


async def asynchronous_stream() -> None:
    async with connect_async(HELD) as client:
        chunks = await client.chat.completions.create(**CALL, **STREAMED)
        is_held = True
        async for chunk in chunks:
            if is_held and text_of(chunk):
                release()
                is_held = False


def tools() -> None:
    connect().chat.completions.create(**CALL, tools=TOOLS)


def streamed_tools() -> None:
    for _ in connect().chat.completions.create(**CALL, **STREAMED, tools=TOOLS):
        pass


def stream_manager() -> None:
    with connect().chat.completions.stream(**CALL, stream_options={"include_usage": True}) as events:
        for _ in events:
            pass


def parsed() -> None:
    from pydantic import BaseModel

    class Found(BaseModel):
        order: str

    answer = connect().chat.completions.parse(**CALL, response_format=Found)
    assert answer.choices[0].message.parsed.order


def responses_parsed() -> None:
    from pydantic import BaseModel

    class Found(BaseModel):
        order: str

    answer = connect().responses.parse(model="gpt-4o", input=ASKED, text_format=Found)
    assert answer.output_parsed.order


def raw() -> None:
    connect().chat.completions.with_raw_response.create(**CALL).parse()


def retried() -> None:
    connect(BUSY, retries=2).chat.completions.create(**CALL)


def error() -> None:
    import openai

    with suppress(openai.BadRequestError):
        connect().chat.completions.create(model=REFUSED, messages=QUESTION)


def embedding() -> None:
    connect().embeddings.create(model="text-embedding-3-small", input=ASKED)


def responses() -> None:
    connect().responses.create(model="gpt-4o", input=ASKED, temperature=0.2)


def responses_stream() -> None:
    events = connect(HELD).responses.create(model="gpt-4o", input=ASKED, stream=True)
    next(event for event in events if event.type == "response.output_text.delta")
    release()
    for _ in events:
        pass


async def asynchronous_responses() -> None:
    async with connect_async() as client:
        await client.responses.create(model="gpt-4o", input=ASKED)
        async with client.responses.stream(model="gpt-4o", input=ASKED) as events:
            async for _ in events:
                pass


def responses_tools() -> None:
    offered = {"type": "function", "name": TOOL, "description": DESCRIPTION, "parameters": PARAMETERS, "strict": False}
    connect().responses.create(model="gpt-4o", input=ASKED, tools=[offered])


def responses_error() -> None:
    import openai

    with suppress(openai.BadRequestError):
        connect().responses.create(model=REFUSED, input=ASKED)


def abandoned() -> None:
    chunks = connect().chat.completions.create(**CALL, **STREAMED)
    next(chunk for chunk in chunks if text_of(chunk))
    chunks.close()


if __name__ == "__main__":
    run(
        responses_parsed,
        plain,
        stream,
        asynchronous,
        asynchronous_stream,
        tools,
        streamed_tools,
        stream_manager,
        parsed,
        raw,
        retried,
        error,
        embedding,
        responses,
        responses_stream,
        asynchronous_responses,
        responses_tools,
        responses_error,
        abandoned,
    )
