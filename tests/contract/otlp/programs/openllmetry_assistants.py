import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from exporting import MODEL, MODELS, make_provider
from openai import AsyncOpenAI, OpenAI
from opentelemetry.instrumentation.openai import OpenAIInstrumentor

provider = make_provider()
OpenAIInstrumentor().instrument(tracer_provider=provider)
tracer = provider.get_tracer("shop")
OPTIONS: dict[str, Any] = {"base_url": f"{MODELS}/v1", "api_key": "none", "max_retries": 0}
client = OpenAI(**OPTIONS)


def prepare() -> dict[str, str]:
    assistant = client.beta.assistants.create(model=MODEL, instructions="You are terse.")
    thread = client.beta.threads.create(messages=[{"role": "user", "content": "Where is order 1042?"}])
    return {"thread_id": thread.id, "assistant_id": assistant.id}


def poll(made: dict[str, str], **more: str) -> None:
    client.beta.threads.runs.create_and_poll(**made, **more)


def list_messages(made: dict[str, str]) -> None:
    client.beta.threads.messages.list(thread_id=made["thread_id"])


@contextmanager
def step(name: str) -> Iterator[None]:
    """A span of the program around what it does, with what that has raised."""
    with tracer.start_as_current_span(name) as span:
        try:
            yield
        except TypeError as error:
            span.set_attribute("raised", str(error))


with step("polled without instructions"):
    made = prepare()
    poll(made)
    list_messages(made)
with step("listed twice"):
    made = prepare()
    poll(made, instructions="Be polite.")
    list_messages(made)
    list_messages(made)
with step("not listed"):
    poll(prepare(), instructions="Be polite.")
with step("streamed"), client.beta.threads.runs.stream(**prepare()) as events:
    events.until_done()


async def ask() -> None:
    later = AsyncOpenAI(**OPTIONS)
    made = prepare()
    await later.beta.threads.runs.create_and_poll(**made, instructions="Be polite.")
    await later.beta.threads.messages.list(made["thread_id"])


with step("asynchronous"):
    asyncio.run(ask())
provider.force_flush()
