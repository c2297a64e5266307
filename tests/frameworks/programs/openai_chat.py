"""OpenAI: an answer, a streamed answer, a tool call, an asynchronous call, a refusal."""

import asyncio
from contextlib import suppress

from tests.frameworks.programs.asking import MODELS, QUESTION, REFUSED, TOOLS, import_before_init, run

import_before_init("openai")


def main() -> None:
    import openai

    client = openai.OpenAI(base_url=f"{MODELS}/v1", api_key="none", max_retries=0)
    client.chat.completions.create(model="gpt-4o", messages=QUESTION, temperature=0.2)
    options = {"stream": True, "stream_options": {"include_usage": True}}
    for _ in client.chat.completions.create(model="gpt-4o", messages=QUESTION, **options):
        pass
    client.chat.completions.create(model="gpt-4o", messages=QUESTION, tools=TOOLS)

    async def ask() -> None:
        async with openai.AsyncOpenAI(base_url=f"{MODELS}/v1", api_key="none", max_retries=0) as other:
            await other.chat.completions.create(model="gpt-4o", messages=QUESTION)

    asyncio.run(ask())
    with suppress(openai.BadRequestError):
        client.chat.completions.create(model=REFUSED, messages=QUESTION)


run(main)
