"""CrewAI: a crew of one agent that calls a tool, asked at once and asynchronously; a tool and a model that fail."""

from typing import Any

from tests.frameworks.programs.asking import ASKED, MODELS, REFUSED, import_before_init, run
from tests.frameworks.programs.orders import (
    CANCELLER,
    CLERK,
    INSTRUCTIONS,
    MODEL,
    STRANGER,
    cancel_order,
    failing,
    look_up_order,
)

import_before_init("crewai", "crewai.tools")


def build(name: str = CLERK, function: Any = None, model: str = MODEL, *, streaming: bool = False) -> Any:
    from crewai import LLM, Agent, Crew, Task
    from crewai.tools import tool

    options = {"base_url": f"{MODELS}/v1", "api_key": "none", "max_retries": 0, "temperature": 0.2}
    chat = LLM(model=f"openai/{model}", stream=streaming, **options)
    tools = [tool(function)] if function else []
    agent = Agent(role=name, goal=INSTRUCTIONS, backstory=INSTRUCTIONS, tools=tools, llm=chat, max_retry_limit=0)
    task = Task(description=ASKED, expected_output="Where it is.", agent=agent, name="find")
    return Crew(name="shop", agents=[agent], tasks=[task], tracing=False)


def plain() -> None:
    build().kickoff()


def tools() -> None:
    build(CLERK, look_up_order).kickoff()


def stream() -> None:
    build(streaming=True).kickoff()


async def asynchronous() -> None:
    await build().kickoff_async()


def streamed_tools() -> None:
    build(CLERK, look_up_order, streaming=True).kickoff()


def tool_error() -> None:
    with failing:
        build(CANCELLER, cancel_order).kickoff()


def error() -> None:
    with failing:
        build(STRANGER, look_up_order, REFUSED).kickoff()


async def asynchronous_stream() -> None:
    await build(streaming=True).kickoff_async()


run(plain, stream, asynchronous, tools, streamed_tools, tool_error, error, asynchronous_stream)
