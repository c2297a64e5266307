"""IBM's watsonx.ai. Its client insists on TLS, which the scripted endpoint does not speak."""

from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

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

import_before_init("ibm_watsonx_ai.foundation_models")


def connect(model: str = "ibm/granite-3-8b-instruct", url: str = MODELS) -> Any:
    import httpx
    from ibm_watsonx_ai import APIClient, Credentials
    from ibm_watsonx_ai.foundation_models import ModelInference

    place = urlsplit(url)

    def find(asked: httpx.URL) -> httpx.URL:
        return asked.copy_with(scheme="http", raw_path=place.path.encode() + asked.raw_path)

    class Plain(httpx.HTTPTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            request.url = find(request.url)
            return super().handle_request(request)

    class AsyncPlain(httpx.AsyncHTTPTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            request.url = find(request.url)
            return await super().handle_async_request(request)

    client = APIClient(
        Credentials(url=f"https://{place.netloc}", token="none", version="5.2"),
        project_id="p",
        httpx_client=httpx.Client(transport=Plain()),
        async_httpx_client=httpx.AsyncClient(transport=AsyncPlain()),
    )
    return ModelInference(model_id=model, api_client=client, validate=False)


def stream() -> None:
    chunks = connect(url=HELD).chat_stream(messages=QUESTION)
    next(chunk for chunk in chunks if chunk["choices"][0]["delta"].get("content"))
    release()
    for _ in chunks:
        pass


def plain() -> None:
    connect().chat(messages=QUESTION, params={"temperature": 0.2})


async def asynchronous() -> None:
    await connect().achat(messages=QUESTION)


async def asynchronous_stream() -> None:
    async for _ in await connect().achat_stream(messages=QUESTION):
        pass


def tools() -> None:
    connect().chat(messages=QUESTION, tools=TOOLS)


def generated() -> None:
    assert "1042" in connect().generate_text(prompt=ASKED)


def generated_stream() -> None:
    assert "".join(connect().generate_text_stream(prompt=ASKED)).endswith("on its way.")


def error() -> None:
    with suppress(Exception):
        connect(REFUSED).chat(messages=QUESTION)


run(plain, stream, asynchronous, asynchronous_stream, tools, generated, generated_stream, error)
