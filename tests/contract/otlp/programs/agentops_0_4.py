import os
from contextlib import suppress

from exporting_0_4 import MODELS, SINK

import agentops
from agentops.sdk.decorators import agent, operation, tool

agentops.init(
    os.environ["AGENTOPS_API_KEY"],
    endpoint=SINK,
    exporter_endpoint=f"{SINK}/v1/traces",
    auto_start_session=False,
    instrument_llm_calls=True,
)
import openai  # noqa: E402 - after init(), as its documentation says

client = openai.OpenAI(base_url=f"{MODELS}/v1", api_key="none", max_retries=0)


@tool
def lookup_order(order_id: str) -> str:
    return "shipped on Monday"


@agent(name="clerk")
class Clerk:
    @operation
    def answer(self, question: str) -> str:
        lookup_order("1042")
        messages = [{"role": "system", "content": "You are terse."}, {"role": "user", "content": question}]
        done = client.chat.completions.create(model="gpt-4o", messages=messages, temperature=0.5)
        with suppress(openai.BadRequestError):
            client.chat.completions.create(model="refused", messages=messages)
        return str(done.choices[0].message.content)


trace = agentops.start_trace("answer a customer", tags=["shop", "test"])
print("a line that the program prints")
Clerk().answer("Where is order 1042?")
agentops.end_trace(trace, "Success")
