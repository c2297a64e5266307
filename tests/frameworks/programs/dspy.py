"""DSPy: a module that reasons and calls a tool, asked at once, streamed and asynchronously; what fails."""

from typing import Any

from tests.frameworks.programs.asking import ASKED, MODELS, REFUSED, import_before_init, run
from tests.frameworks.programs.orders import (
    MODEL,
    cancel_order,
    failing,
    look_up_order,
)

import_before_init("dspy")


def connect(model: str = MODEL) -> Any:
    import dspy

    return dspy.LM(
        f"openai/{model}", api_base=f"{MODELS}/v1", api_key="none", temperature=0.2, cache=False, num_retries=0
    )


def build(function: Any) -> Any:
    import dspy

    return dspy.ReAct("question -> answer", tools=[function], max_iters=3)


def tools() -> None:
    import dspy

    with dspy.context(lm=connect()):
        build(look_up_order)(question=ASKED)


async def asynchronous() -> None:
    import dspy

    with dspy.context(lm=connect()):
        await build(look_up_order).acall(question=ASKED)


def tool_error() -> None:
    import dspy

    with dspy.context(lm=connect()), failing:
        build(cancel_order)(question=ASKED)


def error() -> None:
    import dspy

    with dspy.context(lm=connect(REFUSED)), failing:
        dspy.Predict("question -> answer")(question=ASKED)


async def stream() -> None:
    import dspy

    program = dspy.streamify(dspy.Predict("question -> answer"))
    with dspy.context(lm=connect()):
        async for _ in program(question=ASKED):
            pass


async def asynchronous_stream() -> None:
    import dspy

    program = dspy.streamify(dspy.Predict("question -> answer"), is_async_program=True)
    with dspy.context(lm=connect()):
        async for _ in program(question=ASKED):
            pass


if __name__ == "__main__":
    run(tools, stream, asynchronous, asynchronous_stream, tool_error, error)
