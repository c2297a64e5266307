"""Google ADK: an agent that calls a tool, its model behind LiteLLM, streamed or not; a tool and a model that fail."""

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

import_before_init("google.adk.agents", "google.adk.runners", "google.adk.models.lite_llm")


async def ask(name: str = CLERK, function: Any = None, model: str = MODEL, *, streaming: bool = False) -> None:
    from google.adk.agents import LlmAgent, RunConfig
    from google.adk.agents.run_config import StreamingMode
    from google.adk.models.lite_llm import LiteLlm
    from google.adk.runners import InMemoryRunner
    from google.genai import types

    chat = LiteLlm(model=f"openai/{model}", api_base=f"{MODELS}/v1", api_key="none", max_retries=0, temperature=0.2)
    agent = LlmAgent(name=name, model=chat, instruction=INSTRUCTIONS, tools=[function] if function else [])
    runner = InMemoryRunner(agent=agent, app_name="shop")
    session = await runner.session_service.create_session(app_name="shop", user_id="somebody")
    message = types.Content(role="user", parts=[types.Part(text=ASKED)])
    config = RunConfig(streaming_mode=StreamingMode.SSE if streaming else StreamingMode.NONE)
    async for _ in runner.run_async(user_id="somebody", session_id=session.id, new_message=message, run_config=config):
        pass


async def plain() -> None:
    await ask()


async def tools() -> None:
    await ask(CLERK, look_up_order)


async def stream() -> None:
    await ask(streaming=True)


async def streamed_tools() -> None:
    await ask(CLERK, look_up_order, streaming=True)


async def tool_error() -> None:
    with failing:
        await ask(CANCELLER, cancel_order)


async def error() -> None:
    with failing:
        await ask(STRANGER, look_up_order, REFUSED)


async def asynchronous() -> None:
    await ask()


async def asynchronous_stream() -> None:
    await ask(streaming=True)


run(plain, stream, tools, streamed_tools, tool_error, error, asynchronous, asynchronous_stream)
