import os
from contextlib import suppress

from exporting import MODEL, MODELS, QUESTION, SINK

os.environ |= {
    "LANGFUSE_PUBLIC_KEY": "pk",
    "LANGFUSE_SECRET_KEY": "sk",
    "LANGFUSE_BASE_URL": SINK,
    "LANGFUSE_HOST": SINK,
}

import openai as plain_openai
from langfuse import get_client, observe, propagate_attributes
from langfuse.openai import openai

client = openai.OpenAI(base_url=f"{MODELS}/v1", api_key="none", max_retries=0)


@observe(as_type="tool")
def lookup_order(order_id: str) -> str:
    return "shipped on Monday"


@observe(as_type="agent", name="clerk")
def answer(question: str) -> str:
    lookup_order(order_id="1042")
    done = client.chat.completions.create(model=MODEL, messages=QUESTION, temperature=0.5)
    stream = client.chat.completions.create(
        model=MODEL, messages=QUESTION, stream=True, stream_options={"include_usage": True}
    )
    for _ in stream:
        pass
    with suppress(plain_openai.BadRequestError):
        client.chat.completions.create(model="refused", messages=QUESTION)
    return str(done.choices[0].message.content)


with propagate_attributes(session_id="conversation 7", user_id="ada", tags=["shop", "test"]):
    answer("Where is order 1042?")
get_client().flush()
