"""DSPy told by a callback handler that the program gives it, without automatic capture."""

from tests.frameworks.programs.asking import ASKED, REFUSED, import_before_init, run
from tests.frameworks.programs.dspy import build, connect
from tests.frameworks.programs.orders import cancel_order, failing, look_up_order

import_before_init("dspy")


def handler() -> list[object]:
    from agentops.integration.callbacks.dspy import DSPyCallbackHandler

    return [DSPyCallbackHandler(cache=False)]


def tools() -> None:
    import dspy

    with dspy.context(lm=connect(), callbacks=handler()):
        build(look_up_order)(question=ASKED)


async def asynchronous() -> None:
    import dspy

    with dspy.context(lm=connect(), callbacks=handler()):
        await build(look_up_order).acall(question=ASKED)


def tool_error() -> None:
    import dspy

    with dspy.context(lm=connect(), callbacks=handler()), failing:
        build(cancel_order)(question=ASKED)


def error() -> None:
    import dspy

    with dspy.context(lm=connect(REFUSED), callbacks=handler()), failing:
        dspy.Predict("question -> answer")(question=ASKED)


run(tools, asynchronous, tool_error, error, captures=False)
