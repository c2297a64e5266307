"""smolagents: an agent that calls a tool and then the one with its answer, streamed or not; what fails."""

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

import_before_init("smolagents")


def build(name: str, function: Any, model: str = MODEL, *, streaming: bool = False) -> Any:
    from smolagents import OpenAIModel, ToolCallingAgent, tool

    chat = OpenAIModel(
        model_id=model, api_base=f"{MODELS}/v1", api_key="none", client_kwargs={"max_retries": 0}, temperature=0.2
    )
    return ToolCallingAgent(
        tools=[tool(function)], model=chat, name=name, description=INSTRUCTIONS, max_steps=3, stream_outputs=streaming
    )


def tools() -> None:
    build(CLERK, look_up_order).run(ASKED)


def stream() -> None:
    for _ in build(CLERK, look_up_order, streaming=True).run(ASKED, stream=True):
        pass


def tool_error() -> None:
    with failing:
        build(CANCELLER, cancel_order).run(ASKED)


def error() -> None:
    with failing:
        build(STRANGER, look_up_order, REFUSED).run(ASKED)


run(tools, stream, tool_error, error)
