"""A program for the published client agentops 0.4.21: one scenario, whose report it prints as one line of JSON.

The key and the server's address come from AGENTOPS_API_KEY and AGENTOPS_API_ENDPOINT; SCRIPTED_MODELS is the address of
a model endpoint with fixed answers.
"""

import json
import os
import sys
from contextlib import suppress
from typing import Any

import agentops
from agentops.sdk.decorators import agent, operation, tool

QUESTION = [{"role": "system", "content": "You are terse."}, {"role": "user", "content": "Where is order 1042?"}]


def start() -> Any:
    """The client, and OpenAI's, which it captures when it is imported afterwards."""
    url = os.environ["AGENTOPS_API_ENDPOINT"]
    agentops.init(endpoint=url, exporter_endpoint=f"{url}/v1/traces", auto_start_session=False, fail_safe=False)
    import openai

    return openai


def whole() -> dict[str, Any]:
    """A trace with an agent, a tool, a call, a call that is refused, tags and a printed line; it ends as a success."""
    openai = start()
    client = openai.OpenAI(base_url=f"{os.environ['SCRIPTED_MODELS']}/v1", api_key="none", max_retries=0)

    @tool
    def lookup_order(order_id: str) -> str:
        return "shipped on Monday"

    @agent(name="clerk")
    class Clerk:
        @operation
        def answer(self) -> Any:
            lookup_order("1042")
            with suppress(openai.BadRequestError):
                client.chat.completions.create(model="refused", messages=QUESTION)
            done = client.chat.completions.create(model="gpt-4o", messages=QUESTION)
            return done.choices[0].message.content

    trace = agentops.start_trace("answer a customer", tags=["shop", "test"])
    print("a line that the program prints")
    Clerk().answer()
    trace_id = format(trace.span.get_span_context().trace_id, "032x")
    agentops.end_trace(trace, "Success")
    return {"trace_id": trace_id}


def failing() -> dict[str, Any]:
    """A trace whose program says that it failed."""
    start()
    trace = agentops.start_trace("fails")
    agentops.end_trace(trace, "Error")
    return {"trace_id": format(trace.span.get_span_context().trace_id, "032x")}


if __name__ == "__main__":
    print(json.dumps({"whole": whole, "failing": failing}[sys.argv[1]]()), flush=True)
