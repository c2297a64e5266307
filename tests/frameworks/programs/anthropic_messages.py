"""Anthropic: an answer, a streamed answer, an asynchronous call."""

import asyncio

from tests.frameworks.programs.asking import MODELS, QUESTION, import_before_init, run

import_before_init("anthropic")


def main() -> None:
    import anthropic

    client = anthropic.Anthropic(base_url=MODELS, api_key="none", max_retries=0)
    call = {"model": "claude-sonnet-4-5", "max_tokens": 100, "messages": QUESTION}
    client.messages.create(**call)
    with client.messages.stream(**call) as stream:
        for _ in stream.text_stream:
            pass

    async def ask() -> None:
        async with anthropic.AsyncAnthropic(base_url=MODELS, api_key="none", max_retries=0) as other:
            await other.messages.create(**call)

    asyncio.run(ask())


run(main)
