"""Semantic Kernel: an agent that calls a function of a plugin, streamed or not; a function and a model that fail."""

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

import_before_init("semantic_kernel", "semantic_kernel.agents", "semantic_kernel.connectors.ai.open_ai")


def build(name: str = CLERK, function: Any = None, model: str = MODEL) -> Any:
    from openai import AsyncOpenAI
    from semantic_kernel.agents import ChatCompletionAgent
    from semantic_kernel.connectors.ai.open_ai import OpenAIChatCompletion, OpenAIChatPromptExecutionSettings
    from semantic_kernel.functions import KernelArguments, KernelFunctionFromMethod, KernelPlugin, kernel_function

    client = AsyncOpenAI(base_url=f"{MODELS}/v1", api_key="none", max_retries=0)
    service = OpenAIChatCompletion(ai_model_id=model, async_client=client)
    plugins = []
    if function is not None:
        method = KernelFunctionFromMethod(kernel_function(function), plugin_name="shop")
        plugins.append(KernelPlugin(name="shop", functions=[method]))
    settings = OpenAIChatPromptExecutionSettings(temperature=0.2)
    return ChatCompletionAgent(
        service=service,
        name=name,
        instructions=INSTRUCTIONS,
        plugins=plugins,
        arguments=KernelArguments(settings=settings),
    )


async def plain() -> None:
    await build().get_response(ASKED)


async def tools() -> None:
    await build(CLERK, look_up_order).get_response(ASKED)


async def stream() -> None:
    async for _ in build().invoke_stream(ASKED):
        pass


async def streamed_tools() -> None:
    async for _ in build(CLERK, look_up_order).invoke_stream(ASKED):
        pass


async def tool_error() -> None:
    with failing:
        await build(CANCELLER, cancel_order).get_response(ASKED)


async def error() -> None:
    with failing:
        await build(STRANGER, look_up_order, REFUSED).get_response(ASKED)


async def asynchronous() -> None:
    await build().get_response(ASKED)


async def asynchronous_stream() -> None:
    async for _ in build().invoke_stream(ASKED):
        pass


run(plain, stream, tools, streamed_tools, tool_error, error, asynchronous, asynchronous_stream)
