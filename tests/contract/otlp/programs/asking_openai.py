"""Asks with OpenAI's client: a call that calls a tool, its result, the same streamed, a call that is refused."""

from contextlib import suppress
from typing import Any

import openai
from exporting import MODEL, MODELS, QUESTION, RESULT, TOOL
from opentelemetry.sdk.trace import TracerProvider


def ask_everything(provider: TracerProvider, client: Any = None) -> None:
    client = client or openai.OpenAI(base_url=f"{MODELS}/v1", api_key="none", max_retries=0)
    with provider.get_tracer("shop").start_as_current_span("answer a customer"):
        first = client.chat.completions.create(model=MODEL, messages=QUESTION, tools=[TOOL], temperature=0.5)
        call = first.choices[0].message.tool_calls[0].model_dump()
        result = {"role": "tool", "tool_call_id": call["id"], "content": RESULT}
        messages = [*QUESTION, {"role": "assistant", "content": None, "tool_calls": [call]}, result]
        stream = client.chat.completions.create(
            model=MODEL, messages=messages, stream=True, stream_options={"include_usage": True}
        )
        for _ in stream:
            pass
        with suppress(openai.BadRequestError):
            client.chat.completions.create(model="refused", messages=QUESTION)
    provider.force_flush()
