"""A program for SDK 0.4, which the published client 0.4.21 runs too. Nothing in it is of this repository."""

import asyncio
import os
import time
from contextlib import suppress

import agentops
from agentops.sdk.decorators import agent, guardrail, operation, task, tool, trace, workflow

url = os.environ["AGENTOPS_API_ENDPOINT"]
agentops.init(endpoint=url, exporter_endpoint=f"{url}/v1/traces", auto_start_session=False, fail_safe=False)
time.sleep(3)  # 0.4.21 asks for its token meanwhile, and loses what it exports before it has that


@tool(cost=0.05)
def look_up(order: str) -> str:
    return f"{order} was delivered"


@guardrail(spec="input")
async def check(text: str) -> dict[str, bool]:
    return {"ok": bool(text)}


@workflow(name="flow", version=3, tags=["w"])
def run_flow() -> list[int]:
    @task
    def step(number: int) -> int:
        return number

    return [step(number) for number in range(2)]


@task
def fail() -> None:
    raise LookupError("no such order")


@agent
class Clerk:
    def __init__(self, desk: int) -> None:
        self.desk = desk

    @operation(name="answer")
    def work(self, question: str) -> str:
        return look_up(question)


@trace(name="refund", tags=["shop", "test"])
def handle(question: str) -> str:
    asyncio.run(check(question))
    run_flow()
    with suppress(LookupError):
        fail()
    agentops.update_trace_metadata({"customer": "jane"})
    return Clerk(7).work(question)


# First: 0.4.21 leaves what an instance of a class began open behind it, and a later trace becomes a part of that.
with agentops.start_trace("by hand", tags=["hand"]):
    look_up("A-2")
assert handle("A-1") == "A-1 was delivered"
time.sleep(0.1)
